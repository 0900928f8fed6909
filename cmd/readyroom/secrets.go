package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack"
)

// maxSecret is how long a file with a secret may be, in bytes.
const maxSecret = 16 << 10

// secret reads what a variable holds, or what stands in the file that NAME_FILE names, without the white space around it.
// Errors name the variable and the file, never what is in them.
func secret(name string) (chat.Secret, error) {
	value, path := os.Getenv(name), os.Getenv(name+"_FILE")
	switch {
	case value != "" && path != "":
		return "", fmt.Errorf("%s and %s_FILE are both set: which one is meant? → unset one", name, name)
	case path == "":
		return chat.Secret(strings.TrimSpace(value)), nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	if len(text) > maxSecret {
		return "", fmt.Errorf("%s_FILE: %s is no secret: it is longer than %d bytes", name, path, maxSecret)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return "", fmt.Errorf("%s_FILE: %s is empty", name, path)
	}
	return chat.Secret(strings.TrimSpace(string(text))), nil
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
