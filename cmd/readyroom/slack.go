package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/commands"
)

// wantsSlack reports whether any of Slack's secrets is set: then Slack is on, or is said to be half set up.
func wantsSlack(s slack.Secrets) bool {
	return s.BotToken != "" || s.AppToken != "" || len(s.Signing) > 0
}

// slackOptions are those that need no desk.
func slackOptions(s slack.Secrets, cfg config.Config, now func() time.Time) slack.Options {
	carry := http.DefaultTransport.(*http.Transport).Clone() // it goes through the proxy that the environment names
	return slack.Options{Secrets: s, URL: os.Getenv(slackURL), Teams: cfg.Slack.Workspaces, Transport: carry, Proxy: http.ProxyFromEnvironment, Now: now}
}

// slackConnector wires Slack.
var slackConnector = connector{
	name: slack.Platform, read: readSlack, open: openSlack, reload: reloadSlack, hears: slackHears, examine: examineSlack,
	next: "make the app from deploy/slack-manifest.yaml, set " + slackBot + " and " + slackApp,
}

func readSlack(r *running) (on bool, err error) {
	secrets, err := readSlackSecrets()
	switch {
	case err != nil, !wantsSlack(secrets):
		return false, err
	case secrets.BotToken == "":
		return false, fmt.Errorf("slack is half set up: %s is not set, so nothing could be answered → readyroom doctor", slackBot)
	case secrets.AppToken == "" && len(secrets.Signing) == 0:
		return false, fmt.Errorf("slack is half set up: neither %s nor %s is set, so nobody could be heard → readyroom doctor", slackApp, slackSigning)
	}
	r.secrets.slack = secrets
	return true, secrets.Misplaced()
}

func openSlack(r *running, cfg config.Config) platform {
	o := slackOptions(r.secrets.slack, cfg, r.clock.Now)
	o.Still = r.clock.Simulated()
	o.Handle, o.Home, o.Log = r.handle, commands.Home(owned{r.desk, r.hasOwner}, r.log), r.log
	o.Person, o.Roster = r.personOf, r.rosterOf(slack.Platform)
	o.Groups = func() []string { return groupsOf(slack.Platform, *r.cfg.Load()) }
	s := slack.New(o)
	r.slack = s
	r.metrics.Unheard(slack.Platform, func() map[string]int {
		c := s.Counts()
		return map[string]int{"refused": c.Refused, "foreign": c.Foreign, "ignored": c.Ignored, "repeated": c.Repeats, "busy": c.Busy, "slowed": c.Slowed, "limited": c.Limited}
	})
	return s
}

func reloadSlack(ctx context.Context, r *running) error {
	secrets, err := readSlackSecrets()
	if err != nil {
		return err
	}
	return r.slack.Reload(ctx, secrets)
}

// slackHears says how Slack reaches the bot.
func slackHears(r *running) string {
	var how []string
	if r.secrets.slack.AppToken != "" {
		how = append(how, "socket mode")
	}
	if len(r.secrets.slack.Signing) > 0 {
		how = append(how, "http: /slack/commands, /slack/interactions, /slack/events")
	}
	return strings.Join(how, "; ")
}
