package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord"
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
		return "", unreadable(name, path, err)
	}
	if len(text) > maxSecret {
		return "", fmt.Errorf("%s_FILE: %s is no secret: it is longer than %d bytes → name the file that holds the secret alone", name, path, maxSecret)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return "", fmt.Errorf("%s_FILE: %s is empty → write the secret into it, or unset %s_FILE", name, path, name)
	}
	return chat.Secret(strings.TrimSpace(string(text))), nil
}

// unreadable says why a file could not be read. What is in no folder may be the secret itself, set in the wrong place, and
// is not repeated.
func unreadable(name, path string, err error) error {
	if !strings.ContainsRune(path, os.PathSeparator) {
		return fmt.Errorf("%s_FILE names no file here → write a file's whole path, as /run/secrets/%s; the secret itself goes into %s", name, strings.ToLower(strings.SplitN(name, "_", 2)[0]), name)
	}
	why := errors.New("it could not be read")
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		why = at.Err
	}
	next := "whoever readyroom runs as must be able to read it"
	if errors.Is(err, fs.ErrNotExist) {
		next = "write the secret into it, or its right path into " + name + "_FILE"
	}
	return fmt.Errorf("%s_FILE: %s: %w → %s", name, path, why, next)
}

// The variables that turn Slack on.
const (
	slackBot     = "SLACK_BOT_TOKEN"
	slackApp     = "SLACK_APP_TOKEN"
	slackSigning = "SLACK_SIGNING_SECRET"
	slackURL     = "SLACK_API_URL"
)

// readDiscordSecrets reads those of Discord.
func readDiscordSecrets() (s discord.Secrets, err error) {
	var errs [3]error
	var key, app chat.Secret
	s.BotToken, errs[0] = secret(discordBot)
	key, errs[1] = secret(discordKey)
	app, errs[2] = secret(discordApp)
	s.PublicKey, s.AppID = key.Reveal(), app.Reveal() // neither is a secret; they are given like one
	return s, errors.Join(errs[:]...)
}

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
