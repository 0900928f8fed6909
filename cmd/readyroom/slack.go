package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/team"
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

// slackSecrets reads Slack's secrets where chats are wanted, and notes whether Slack is on. What is half set up is refused:
// it would look as if it worked.
func (r *running) slackSecrets() (slack.Secrets, error) {
	if !r.chats {
		return slack.Secrets{}, nil
	}
	secrets, err := readSlackSecrets()
	switch {
	case err != nil:
		return secrets, err
	case !wantsSlack(secrets):
		return secrets, nil
	case secrets.BotToken == "":
		return secrets, fmt.Errorf("slack is half set up: %s is not set, so nothing could be answered → readyroom doctor", slackBot)
	case secrets.AppToken == "" && len(secrets.Signing) == 0:
		return secrets, fmt.Errorf("slack is half set up: neither %s nor %s is set, so nobody could be heard → readyroom doctor", slackApp, slackSigning)
	}
	if err := secrets.Misplaced(); err != nil {
		return secrets, err
	}
	r.slackOn = true
	return secrets, nil
}

// openSlack makes Slack a chat of the bot, if it is on.
func (r *running) openSlack(cfg config.Config, secrets slack.Secrets) {
	if !r.slackOn {
		return
	}
	o := slackOptions(secrets, cfg, r.clock.Now)
	o.Still = r.clock.Simulated()
	o.Handle, o.Home, o.Log = r.handle, commands.Home(owned{r.desk, r.hasOwner}, r.log), r.log
	o.Person, o.Roster = r.personOf, r.roster
	o.Groups = func() []string { return slackGroups(*r.cfg.Load()) }
	s := slack.New(o)
	r.slack = s
	if r.bot != nil {
		r.bot.Senders[slack.Platform] = s
	}
	r.metrics.Unheard(slack.Platform, func() map[string]int {
		c := s.Counts()
		return map[string]int{"refused": c.Refused, "foreign": c.Foreign, "ignored": c.Ignored, "repeated": c.Repeats, "busy": c.Busy, "slowed": c.Slowed, "limited": c.Limited}
	})
}

// reloadSlack takes the secrets as they stand now; those that Slack refuses leave the former ones in force. To turn Slack
// on or off takes a restart.
func (r *running) reloadSlack(ctx context.Context) error {
	if r.slack == nil {
		return nil
	}
	secrets, err := readSlackSecrets()
	if err != nil {
		return err
	}
	return r.slack.Reload(ctx, secrets)
}

// slackChecks are what must be so for Slack to be reached and heard.
func (r *running) slackChecks() []web.Check {
	if r.slack == nil {
		return nil
	}
	return []web.Check{{Name: "slack", Err: r.slack.Health}, {Name: "slack (to look at)", Warn: true, Err: r.slack.HealthWarnings}}
}

// slackRoutes are where Slack sends requests. They are there also without a signing secret, which a reload may bring, and
// refuse everything until then.
func (r *running) slackRoutes() map[string]http.Handler {
	if r.slack == nil {
		return nil
	}
	return r.slack.Routes()
}

// personOf is the id by which people write whoever an account belongs to.
func (r *running) personOf(ctx context.Context, h workflows.Handle) (workflows.PersonID, bool) {
	v, err := r.desk.Who(ctx, h)
	if err != nil || !v.Known {
		return "", false
	}
	return v.Person.ID, true
}

// roster hands in who is in a user group, as Slack said it at a time.
func (r *running) roster(ctx context.Context, group string, members []workflows.Handle, names map[workflows.Handle]string, asOf time.Time) error {
	arrived := team.Roster{Platform: slack.Platform, Group: group, AsOf: asOf}
	for _, h := range members {
		arrived.Members = append(arrived.Members, team.Member{Handle: h, Name: names[h]})
	}
	_, err := r.desk.Do(ctx, workflows.Ask{ID: "roster/slack/" + group + "/" + asOf.UTC().Format(time.RFC3339Nano), Bot: slack.Platform, When: r.clock.Now(), Wish: arrived})
	return err
}

// slackGroups are the user groups of Slack that hold roles.
func slackGroups(cfg config.Config) []string {
	var out []string
	for _, m := range cfg.Roles {
		for _, g := range m.Groups {
			if name, ok := strings.CutPrefix(g, slack.Platform+"/"); ok && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// slackSubjects is what the configuration names in Slack.
func slackSubjects(cfg config.Config) slack.Subjects {
	on := slack.Subjects{Accounts: map[workflows.PersonID]workflows.Handle{}, Places: map[workflows.Place]string{}, Groups: slackGroups(cfg)}
	for id, p := range cfg.People {
		for _, h := range p.Handles {
			if h.Platform() == slack.Platform {
				on.Accounts[id] = h
			}
		}
	}
	for channel, what := range cfg.Named() {
		if p := place(channel); p.Platform() == slack.Platform {
			on.Places[p] = what
		}
	}
	return on
}

// finishSlack lets what was taken be answered, for as long as a delivery under way has.
func (r *running) finishSlack(ctx context.Context) {
	if r.slack == nil {
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), web.Grace)
	defer cancel()
	if err := r.slack.Drain(last); err != nil {
		r.log.WarnContext(ctx, "not everything that was asked in slack could be answered before the end", "error", err)
	}
}

// slackHello says whether Slack is on, and how it is turned on.
func (r *running) slackHello(ctx context.Context) {
	if !r.slackOn {
		r.log.InfoContext(ctx, "platform is off", "platform", slack.Platform, "why", "none of its secrets is set",
			"next", "make the app from deploy/slack-manifest.yaml, set "+slackBot+" and "+slackApp+", then: readyroom doctor")
		return
	}
	var how []string
	secrets, _ := readSlackSecrets() // they were read a moment ago
	if secrets.AppToken != "" {
		how = append(how, "socket mode")
	}
	if len(secrets.Signing) > 0 {
		how = append(how, "http: /slack/commands, /slack/interactions, /slack/events")
	}
	r.log.InfoContext(ctx, "platform is on", "platform", slack.Platform, "hears", strings.Join(how, "; "), "try", "readyroom doctor")
}
