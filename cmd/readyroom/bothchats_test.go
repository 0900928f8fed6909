package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// bothTeam has an account in each chat for two people.
const bothTeam = `owners: [ana]
people:
  ana: {name: Ana, slack: %s, discord: %s, code: none}
  ben: {name: Ben, slack: %s, discord: %s, code: none}
roles: {'*': [ana, ben]}
products: {app: {repository: ., branch: main}}
templates: {small: {extends: simple, drop: [changelog]}}
time: {zone: UTC}
`

// TestOnePersonInTwoChats: the bot is in Slack and in Discord at once. Whoever has an account in each is one person: at
// normal risk a gate that opens to users wants the votes of two, and one who votes here and there is one.
func TestOnePersonInTwoChats(t *testing.T) {
	inWorktree(t)
	o, g := newOffice(t, "http"), newGuild(t, "gateway")
	for _, id := range []string{"ana", "ben"} {
		o.comes(id)
		g.comes(id)
	}
	o.opens("app")
	g.opens("talk")
	writeFile(t, defaultConfig, fmt.Sprintf(bothTeam, o.account("ana"), g.account("ana"), o.account("ben"), g.account("ben")))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := begin(ctx, wiring{command: serveName, dir: "data", create: true, acts: true, chats: true, clock: "simulated", log: quiet(t.Output())})
	if err != nil {
		t.Fatal(err)
	}
	o.r, g.r, o.clock, g.clock = r, r, r.clock.Now, r.clock.Now
	ends := []func(){o.connect(ctx), g.connect(ctx)}
	slack, discord := &visitor{folk: o.folk, at: "app"}, &visitor{folk: g.folk, at: "talk"}
	says := func(v *visitor, person, line string) string {
		v.person = person
		v.enter(ctx, line)
		v.settle(ctx)
		all := v.reads(person, v.at)
		if len(all) == 0 {
			return ""
		}
		return all[len(all)-1]
	}
	says(slack, "ana", "new app@1.0.0 --risk normal --template small")
	says(slack, "ana", "sign tests -- go test")
	says(discord, "ana", "sign way-back,rollback-plan --rel app@1.0.0 -- read both")
	if got := says(discord, "ana", "check app@1.0.0"); !strings.Contains(got, "votes of 1 person, 2 different people are needed") {
		t.Errorf("one person in two chats opens a gate that wants two:\n%s", got)
	}
	if got := says(slack, "ana", "check"); !strings.Contains(got, "votes of 1 person, 2 different people are needed") {
		t.Errorf("one person in two chats opens a gate that wants two:\n%s", got)
	}
	says(discord, "ben", "sign tests --rel app@1.0.0 -- ran them too")
	if got := says(slack, "ben", "check"); !strings.Contains(got, "GO") || strings.Contains(got, "NO-GO") {
		t.Errorf("two people do not open it:\n%s", got)
	}
	if len(o.fake.Messages(channelOf("app"))) == 0 {
		t.Error("the card is not in Slack")
	}
	for _, end := range ends {
		end()
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	var by []string
	for _, e := range ledgerOf(t, "data", strings.NewReplacer()) {
		if e.Kind == "release.signed" {
			by = append(by, e.By)
		}
	}
	if got := strings.Join(by, " "); got != "@ana @ana @ana @ben" {
		t.Errorf("the votes are of %s", got)
	}
}
