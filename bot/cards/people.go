package cards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/todo"
)

// account is a handle as people read it.
func account(h workflows.Handle) string { return workflows.Display(string(h), 80) }

// Linked answers `admin link`, and a code that was typed: whose the account is now, and who that made one.
func Linked(e people.Linked, before *policy.Book) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("%s is %s's from now on", account(e.Handle), e.Person.At())}
	if e.ByCode {
		m.Title = fmt.Sprintf("you are %s here: %s is yours from now on", e.Person.At(), account(e.Handle))
	}
	if own, ok := before.Resolve(e.Handle); ok {
		m.Lines = append(m.Lines, fmt.Sprintf("what %s did before counts as done by %s", own.ID.At(), e.Person.At()))
	}
	return m
}

// Unlinked answers `admin unlink`.
func Unlinked(e people.Unlinked) chat.Message {
	return chat.Message{Title: fmt.Sprintf("%s is %s's no longer", account(e.Handle), e.Person.At())}
}

// Code answers `admin code`. An empty one was shown before, and cannot be shown again.
func Code(code string, until time.Time, v View) chat.Message {
	if code == "" {
		return chat.Message{Title: "that code was shown before", Lines: []string{"for another: /release admin code"}}
	}
	return chat.Message{Title: "your code, until " + stamp(v, until) + ": " + code, Lines: []string{
		"type with your other account: /release admin claim " + code,
		"it is good once, and whoever types it is you from then on: show it to nobody"}}
}

// Claimed answers whoever became the owner.
func Claimed(e people.Owned) chat.Message {
	return chat.Message{Title: "you own this bot now, as " + e.Person.At(),
		Lines: []string{"it holds as long as readyroom.yaml names no owners; the code is good no more", "next: name yourself and the others in readyroom.yaml, then: readyroom reload"}}
}

// Left answers `remind away`.
func Left(e people.Left, v View) chat.Message {
	m := chat.Message{Title: "you are away until " + day(v.in(e.Until)) + " · nobody signs for you"}
	if e.Deputy != "" {
		m.Title = fmt.Sprintf("you are away until %s · %s signs for you", day(v.in(e.Until)), e.Deputy.At())
	}
	m.Lines = []string{"your digest pauses; back earlier: /release remind away off"}
	return m
}

// Returned answers `remind away off`.
func Returned(e people.Returned) chat.Message {
	if e.Deputy == "" {
		return chat.Message{Title: "you are back"}
	}
	return chat.Message{Title: "you are back · " + e.Deputy.At() + " no longer signs for you"}
}

// Personal is what somebody is told by direct message about themselves.
func Personal(what string, e workflows.Recorded, v View) chat.Message {
	data := map[string]any{"By": e.By.At()}
	switch e := e.Event.(type) {
	case people.Linked:
		data["Account"], data["ByCode"] = account(e.Handle), e.ByCode
		data["Unlink"] = fmt.Sprintf("/release admin unlink %s %s %s", e.Person.At(), e.Handle.Platform(), workflows.Display(e.Handle.Name(), 80))
	case people.Unlinked:
		data["Account"] = account(e.Handle)
	case people.Left:
		data["Until"], data["Another"] = day(v.in(e.Until)), what == people.ToldReturned
	}
	return say(what, data)
}

// Persons are the lines of `admin roles` about what the configuration does not say: who is away, whose further accounts
// were linked, who claimed ownership.
func Persons(all []people.State, b *policy.Book, v View) []string {
	var away, linked, claimed []string
	for _, p := range all {
		if p.IsAway(v.Now) {
			line := fmt.Sprintf("away · %s until %s", b.Canon(p.Person).At(), stamp(v, p.Until))
			if p.Deputy != "" {
				line += ", deputy " + b.Canon(p.Deputy).At()
			}
			away = append(away, line)
		}
		for _, h := range p.Accounts {
			linked = append(linked, fmt.Sprintf("linked · %s: %s", b.Canon(p.Person).At(), account(h)))
		}
		if h := p.Owner.Handle; h != "" && b.IsOwner(p.Owner.Person) {
			claimed = append(claimed, fmt.Sprintf("claimed · %s owns this bot by its code, as %s", b.Canon(p.Owner.Person).At(), account(h)))
		}
	}
	return slices.Concat(away, linked, claimed)
}

// Settings answers `admin config`: what is in force, and what falls to the owners.
func Settings(s todo.Settings, b *policy.Book) chat.Message {
	from := s.From
	if from == "" {
		from = "no readyroom.yaml: built in"
	}
	m := chat.Message{Title: fmt.Sprintf("configuration · %s · %.12s", from, s.Hash)}
	add := func(what string, parts []string, otherwise string) {
		if len(parts) == 0 {
			parts = []string{otherwise}
		}
		m.Lines = append(m.Lines, what+" · "+strings.Join(parts, ", "))
	}
	add("owners", policy.Names(b.Owners), "nobody")
	add("fall to the owners", orphans(b), "none of the roles")
	add("products", listed(s.Products), "the one that the first release names")
	templates := make([]string, len(s.Templates))
	for i, t := range s.Templates {
		if templates[i] = t; t == s.Default {
			templates[i] += " (default)"
		}
	}
	add("templates", templates, "none")
	add("audiences", audiences(b), "none: nobody is briefed by name, nothing public is posted")
	schedules := []string{"digests " + s.Digest, "channels " + s.Readiness}
	if s.Anchor != "" {
		schedules = append(schedules, "the ledger's tip "+s.Anchor)
	}
	add("schedules", schedules, "")
	return m
}

func listed[S ~string](all []S) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

// orphans are the roles that nobody is named for.
func orphans(b *policy.Book) []string {
	if all := b.Roles[workflows.EveryRole]; len(all.People)+len(all.Groups) > 0 {
		return nil
	}
	var out []string
	for _, role := range b.AllRoles() {
		if m := b.Roles[role]; len(m.People)+len(m.Groups) == 0 {
			out = append(out, string(role))
		}
	}
	return out
}

func audiences(b *policy.Book) []string {
	var out []string
	for _, a := range b.Audiences {
		who := persons(len(a.People)) + fmt.Sprintf(", quota %d %%", a.Quota)
		if a.Public {
			who = "public"
		}
		if a.Place != "" {
			who += ", " + a.Place.Channel()
		}
		out = append(out, fmt.Sprintf("%s (%s)", a.Name, who))
	}
	return out
}
