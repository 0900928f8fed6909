package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack"
)

// maxSecret is how long a file with a secret may be, in bytes.
const maxSecret = 16 << 10

// secret reads what a variable holds, or what stands in the file that NAME_FILE names, without the white space around it.
// Errors name the variable and never what is in it or in the file; nor the file, before it turned out to be one: it may be
// the secret, in the wrong variable.
func secret(name string) (chat.Secret, error) {
	value, path := os.Getenv(name), os.Getenv(name+"_FILE")
	switch {
	case value != "" && path != "":
		return "", fmt.Errorf("%s and %s_FILE are both set: which one is meant? → unset one", name, name)
	case path == "":
		return chat.Secret(strings.TrimSpace(value)), nil
	}
	text, err := beginning(path, maxSecret+1)
	if at := new(fs.PathError); errors.As(err, &at) {
		err = at.Err
	}
	if err != nil {
		return "", fmt.Errorf("%s_FILE: what it names cannot be read as a file: %w", name, err)
	}
	if len(text) > maxSecret {
		return "", fmt.Errorf("%s_FILE: %s is no secret: it is longer than %d bytes", name, path, maxSecret)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return "", fmt.Errorf("%s_FILE: %s is empty", name, path)
	}
	return chat.Secret(strings.TrimSpace(string(text))), nil
}

// beginning is what a file holds, up to a size: a device may have no end.
func beginning(path string, size int64) (text []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, size))
}

// The variables that turn Slack on.
const (
	slackBot     = "SLACK_BOT_TOKEN"
	slackApp     = "SLACK_APP_TOKEN"
	slackSigning = "SLACK_SIGNING_SECRET"
	slackURL     = "SLACK_API_URL"
)

// readSlackSecrets reads those of Slack. Two signing secrets, with white space between them, are both taken: one of them is
// being replaced.
func readSlackSecrets() (s slack.Secrets, err error) {
	var signing chat.Secret
	var errs [3]error
	s.BotToken, errs[0] = secret(slackBot)
	s.AppToken, errs[1] = secret(slackApp)
	signing, errs[2] = secret(slackSigning)
	for _, one := range strings.Fields(signing.Reveal()) {
		s.Signing = append(s.Signing, chat.Secret(one))
	}
	return s, errors.Join(errs[:]...)
}
