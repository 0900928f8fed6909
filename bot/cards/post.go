package cards

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// History is the line of one event in the thread under its release's card.
func History(e workflows.Recorded, r release.Release, v View) chat.Message {
	data := happening{By: e.By.At(), ID: e.Stream.ID(), E: e.Event, view: v}
	switch ev := e.Event.(type) {
	case release.Signed:
		data.Vote = cast(ev.Vote, v)
	case release.Passed:
		data.Gate = gateTitled(r, ev.Gate)
	case release.GlassBroken:
		data.Gate, data.Lacks = gateTitled(r, ev.Glass.Gate), lacking(ev.Glass)
	case release.Changed:
		data.Changes = strings.Join(changes(ev), " and ")
	case release.Deployed:
		data.Stands = deployStands(ev)
	case flag.Reverted:
		data.Steps = steps(ev.From, ev.To)
	case notes.Published:
		data.Where = whither(ev.To, ev.Outlets())
	case notes.Corrected:
		data.Where = whither(ev.To, ev.Outlets())
	case notes.Scheduled:
		data.Where = whither(ev.To, ev.Outlets)
	case notes.Landed:
		data.What = acted(ev.What)
	case notes.Stranded:
		data.What = acted(ev.What)
	}
	return say(e.Event.Kind(), data)
}

// happening is what the template of an event gets.
type happening struct {
	By, ID            string
	Vote, Gate, Steps string // of a vote, of a passed gate, of a flag's way back
	Lacks, Changes    string // of a broken glass, of what was set
	Stands            string // of a deployment
	Where, What       string // of notes: where they go, what was made of them
	E                 workflows.Event
	view              View
}

// Day is the reader's day of a moment.
func (h happening) Day(t time.Time) string { return h.view.in(t).Format(time.DateOnly) }

// Moment is that, to the minute.
func (h happening) Moment(t time.Time) string { return stamp(h.view, t) }

// cast is a vote as it was when it was cast: what became of it since is the card's to say.
func cast(vote release.Vote, v View) string {
	parts := []string{voter(vote)}
	if vote.Digest != "" {
		parts = append(parts, workflows.ShortID(vote.Commit))
	}
	return strings.Join(append(parts, ground(vote, v)...), " · ")
}

// steps is from what to what, for each environment.
func steps(from, to map[workflows.Environment]int) string {
	var out []string
	for _, env := range slices.Sorted(maps.Keys(to)) {
		out = append(out, fmt.Sprintf("%s %d %% → %d %%", env, from[env], to[env]))
	}
	return strings.Join(out, ", ")
}

func gateTitled(r release.Release, key string) string {
	for _, g := range r.Gates {
		if g.Key() == key {
			return g.Title()
		}
	}
	return key
}

// Post is the news of an event: a gate passed, a hold, a rollback, a cancellation. The release is as it stands now,
// which may be later; what happened comes from the event.
func Post(what string, e workflows.Recorded, r release.Release, b *policy.Book, v View) chat.Message {
	data := map[string]any{"Name": r.ID.Name(), "ID": r.ID, "By": e.By.At()}
	switch ev := e.Event.(type) {
	case release.Passed:
		data["News"] = news(r.ID, ev.To)
		data["Commit"], data["Glass"] = of(ev.Commit), ""
		if ev.Glass {
			data["Glass"] = ev.Note
		}
		if next, open := r.Next(); open && r.Stage() == ev.To {
			data["Next"] = next.Title() + ": " + ahead(r, b, v)
		}
	case release.Asked:
		data["Item"], data["Note"], data["Link"] = ev.Item, ev.Asking.Note, ev.Asking.Link
	case release.Signed:
		data["Item"], data["Note"], data["Block"] = ev.Vote.Item, ev.Vote.Note, ev.Vote.Value == release.Block
	case release.Assigned:
		data["Item"], data["Due"] = ev.Item, dueBy(ev.Due)
	case release.Planned:
		data["Item"], data["Due"], data["Note"], data["Line"] = ev.Item, day(ev.Plan.Due), ev.Plan.What, ev.Plan.Line
	case release.Waived:
		data["Item"], data["Due"], data["Note"] = ev.Item, day(ev.Waiver.Until), ev.Waiver.Why
	case release.WaiverEnded:
		data["Item"] = ev.Item
	case release.GlassBroken:
		data["Gate"], data["Note"], data["Lacks"], data["Review"] = gateTitled(r, ev.Glass.Gate), ev.Glass.Why, lacking(ev.Glass), ev.Glass.Review
	case release.BranchLost:
		data["Branch"], data["Why"], data["Commit"] = ev.Branch, ev.Why, commit(r)
	case release.Held:
		data["Why"] = ev.Why
	case release.Cancelled:
		data["Why"] = ev.Why
	case release.Deployed:
		maps.Copy(data, troubled(ev, r))
	case release.RolledBack:
		data["Env"], data["Back"], data["Stays"] = ev.Env, ev.Good, ev.Stays
		data["Why"], data["From"], data["Where"], data["Good"] = ev.Why, ev.From, r.Whereabouts(), ""
		data["Held"] = r.Held != nil
		if ev.Good != ev.Commit {
			data["Good"] = ev.Good
		}
		var flags []string
		for _, key := range slices.Sorted(maps.Keys(ev.Flags)) {
			flags = append(flags, "flag "+string(key)+" went back to "+settings(ev.Flags[key]))
		}
		data["Flags"] = flags
	}
	m := say(what, data)
	m.Buttons = replies(e.Event, r, b, v)
	return m
}

func of(commit string) string {
	if commit == "" {
		return ""
	}
	return "commit " + workflows.ShortID(commit)
}

func settings(percents map[workflows.Environment]int) string {
	if len(percents) == 0 {
		return "off"
	}
	var out []string
	for _, env := range slices.Sorted(maps.Keys(percents)) {
		out = append(out, fmt.Sprintf("%s %d %%", env, percents[env]))
	}
	return strings.Join(out, ", ")
}

// news is a passed gate in one line.
func news(id workflows.ReleaseID, to workflows.Stage) string {
	switch to {
	case workflows.GA:
		return id.Name() + " is out"
	case workflows.Preview:
		return id.Name() + " is in tech preview"
	case workflows.Between:
		return id.Name() + ": the tech preview is closed"
	}
	return id.Name() + " is closed"
}

// CounterBriefing tells somebody who was briefed that a rollback undid it.
func CounterBriefing(r release.Release, why string) chat.Message {
	return say("counter-briefing", map[string]any{"Name": r.ID.Name(), "Why": why, "Where": r.Whereabouts()})
}

// Readiness is a channel's reminder: what blocks within its lead time, and whose turn it is.
func Readiness(r release.Release, missing []release.Status, v View) chat.Message {
	var lines []string
	for _, s := range missing {
		lines = append(lines, fmt.Sprintf("%s · %s · %s", s.Item.Key, reasonWord(s), waits(r, s, v)))
	}
	m := say("readiness", map[string]any{"Name": r.ID.Name(), "Target": r.Target, "Lines": lines})
	m.Whole = whole(r, "check")
	if len(missing) > 0 {
		m.Buttons = []chat.Button{{Label: "Sign…", Line: fmt.Sprintf("sign %d", r.Number)}, {Label: "Why not?", Line: fmt.Sprintf("check %d", r.Number)}}
	}
	return m
}

// Roles answers `admin roles`: who holds what, and how old the rosters are that say so.
func Roles(b *policy.Book, v View) chat.Message {
	m := chat.Message{Title: "roles · owners: " + strings.Join(policy.Names(b.Owners), ", ")}
	for _, role := range b.AllRoles() {
		m.Lines = append(m.Lines, fmt.Sprintf("%s · %s", role, holders(b, role, v)))
	}
	if all := b.Roles[workflows.EveryRole]; len(all.People)+len(all.Groups) > 0 {
		m.Lines = append(m.Lines, "every role · "+holders(b, workflows.EveryRole, v))
	}
	return m
}

func holders(b *policy.Book, role workflows.Role, v View) string {
	members := b.Roles[role]
	if len(members.People)+len(members.Groups) == 0 {
		if all := b.Roles[workflows.EveryRole]; len(all.People)+len(all.Groups) > 0 {
			return "whoever holds every role"
		}
		return "nobody: falls to the owners"
	}
	parts := policy.Names(members.People)
	for _, name := range members.Groups {
		g, arrived := b.Groups[name]
		switch {
		case !arrived:
			parts = append(parts, "group:"+name+" (not read yet: grants nothing)")
		case v.Now.Sub(g.AsOf) > policy.RosterAge:
			parts = append(parts, fmt.Sprintf("group:%s (%s, read %s: too old, grants nothing)", name, persons(len(g.Members)), stamp(v, g.AsOf)))
		default:
			parts = append(parts, fmt.Sprintf("group:%s (%s, read %s)", name, persons(len(g.Members)), stamp(v, g.AsOf)))
		}
	}
	return strings.Join(parts, ", ")
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
