package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// platform is a chat that is on in this process.
type platform interface {
	chat.Sender
	Run(context.Context)             // until the context ends
	Drain(context.Context) error     // until what was taken is answered
	Health() error                   // why it is not well; nil: it is
	HealthWarnings() error           // what somebody should look at while it still works
	Routes() map[string]http.Handler // where it sends requests, by pattern
}

// connector is how one chat platform is wired.
type connector struct {
	name string
	// read reads its secrets, and reports whether it is on. What is half set up is refused: it would look as if it worked.
	read func(*running) (on bool, err error)
	open func(*running, config.Config) platform // after read said that it is on
	// reload takes the secrets as they stand now; those that the platform refuses leave the former ones in force. To turn a
	// platform on or off takes a restart.
	reload func(context.Context, *running) error
	hears  func(*running) string // how it hears, for the log
	next   string                // how it is turned on
	// examine looks at all it stands on; nil: it is off.
	examine func(context.Context, config.Config) []chat.Finding
}

// connectors are the chat platforms there are, the one that people would rather be told on first.
var connectors = []connector{slackConnector, discordConnector}

// spoken is a platform that is on.
type spoken struct {
	connector
	platform platform // nil while the bot begins
}

// readChats reads the secrets of the platforms where chats are wanted, and notes which of them are on.
func (r *running) readChats() error {
	if !r.chats {
		return nil
	}
	for _, c := range connectors {
		on, err := c.read(r)
		if err != nil {
			return err
		}
		if on {
			r.spoken = append(r.spoken, spoken{connector: c})
		}
	}
	return nil
}

// openChats makes those that are on chats of the bot.
func (r *running) openChats(cfg config.Config) {
	for i := range r.spoken {
		s := &r.spoken[i]
		s.platform = s.open(r, cfg)
		if r.bot != nil {
			r.bot.Senders[s.name] = s.platform
		}
	}
}

// platforms are the chats that are on, the one that people would rather be told on first.
func (r *running) platforms() []string {
	var all []string
	for _, s := range r.spoken {
		all = append(all, s.name)
	}
	return append(all, console.Platform)
}

// reloadChats takes the secrets of all chats as they stand now.
func (r *running) reloadChats(ctx context.Context) error {
	for _, s := range r.spoken {
		if err := s.reload(ctx, r); err != nil {
			return &keptSecrets{s.name, err}
		}
	}
	return nil
}

// chatChecks are what must be so for the chats to be reached and heard.
func (r *running) chatChecks() (all []web.Check) {
	for _, s := range r.spoken {
		all = append(all, web.Check{Name: s.name, Err: s.platform.Health}, web.Check{Name: s.name + " (to look at)", Warn: true, Err: s.platform.HealthWarnings})
	}
	return all
}

// routes are where requests come from outside.
func (r *running) routes() map[string]http.Handler {
	all := r.chatRoutes()
	maps.Copy(all, r.githubRoutes())
	return all
}

// chatRoutes are where chats send requests.
func (r *running) chatRoutes() map[string]http.Handler {
	all := map[string]http.Handler{}
	for _, s := range r.spoken {
		for pattern, h := range s.platform.Routes() {
			all[pattern] = h
		}
	}
	return all
}

// finishChats lets what was taken be answered, for as long as a delivery under way has.
func (r *running) finishChats(ctx context.Context) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), web.Grace)
	defer cancel()
	for _, s := range r.spoken {
		if err := s.platform.Drain(last); err != nil {
			r.log.WarnContext(ctx, "not everything that was asked could be answered before the end", "platform", s.name, "error", err)
		}
	}
}

// chatsHello says which chats are on, and how the others are turned on.
func (r *running) chatsHello(ctx context.Context) {
	on := map[string]spoken{}
	for _, s := range r.spoken {
		on[s.name] = s
	}
	for _, c := range connectors {
		if s, is := on[c.name]; is {
			r.log.InfoContext(ctx, "platform is on", "platform", c.name, "hears", s.hears(r), "try", "readyroom doctor")
			continue
		}
		r.log.InfoContext(ctx, "platform is off", "platform", c.name, "why", "none of its secrets is set", "next", c.next+", then: readyroom doctor")
	}
}

// personOf is the id by which people write whoever an account belongs to.
func (r *running) personOf(ctx context.Context, h workflows.Handle) (workflows.PersonID, bool) {
	v, err := r.desk.Who(ctx, h)
	if err != nil || !v.Known {
		return "", false
	}
	return v.Person.ID, true
}

// isOfTeam reports whether the team is told of releases at a place: the configuration names it, or an open release is bound
// to it. Which of them are public, the commands know.
func (r *running) isOfTeam(ctx context.Context, at workflows.Place) bool {
	if _, named := r.cfg.Load().Named()[string(at)]; named {
		return true
	}
	rows, err := r.desk.Rows(ctx, release.KeyOpen)
	return err == nil && slices.ContainsFunc(rows, func(row release.Row) bool { return slices.Contains(row.Places, at) })
}

// rosterOf gives what hands in who is in a platform's group, as the platform said it at a time.
func (r *running) rosterOf(platform string) func(context.Context, string, []workflows.Handle, map[workflows.Handle]string, time.Time) error {
	return func(ctx context.Context, group string, members []workflows.Handle, names map[workflows.Handle]string, asOf time.Time) error {
		arrived := team.Roster{Platform: platform, Group: group, AsOf: asOf}
		for _, h := range members {
			arrived.Members = append(arrived.Members, team.Member{Handle: h, Name: names[h]})
		}
		id := fmt.Sprintf("roster/%s/%s/%s", platform, group, asOf.UTC().Format(time.RFC3339Nano))
		_, err := r.desk.Do(ctx, workflows.Ask{ID: id, Bot: platform, When: r.clock.Now(), Wish: arrived})
		return err
	}
}

// groupsOf are the groups of a platform that hold roles.
func groupsOf(platform string, cfg config.Config) []string {
	var out []string
	for _, m := range cfg.Roles {
		for _, g := range m.Groups {
			if name, ok := strings.CutPrefix(g, platform+"/"); ok && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// subjectsOf is what the configuration names of a platform.
func subjectsOf(platform string, cfg config.Config) chat.Subjects {
	on := chat.Subjects{Accounts: map[workflows.PersonID]workflows.Handle{}, Places: map[workflows.Place]string{}, Groups: groupsOf(platform, cfg)}
	for id, p := range cfg.People {
		for _, h := range p.Handles {
			if h.Platform() == platform {
				on.Accounts[id] = h
			}
		}
	}
	for channel, what := range cfg.Named() {
		if p := place(channel); p.Platform() == platform {
			on.Places[p] = what
		}
	}
	for _, a := range cfg.Audiences {
		if p := place(a.Channel); a.Public && a.Channel != "" && p.Platform() == platform {
			on.Public = append(on.Public, p)
		}
	}
	return on
}
