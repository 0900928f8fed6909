package cards

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// maxRows is how many releases a list shows before it says how many more there are.
const maxRows = 40

// List answers `list`: one line a release, the newest first.
func List(which string, rows []release.Row) chat.Message {
	all := "list " + which
	if which == "mine" {
		which = "yours"
	}
	if len(rows) == 0 {
		return chat.Message{Title: "no release is " + which + map[bool]string{true: " → /release new PRODUCT@VERSION", false: " → /release list"}[which == "open"]}
	}
	m := chat.Message{Title: count(len(rows), "release") + " · " + which, Whole: all}
	for _, r := range rows[:min(len(rows), maxRows)] {
		parts := []string{string(r.ID), r.Where, workflows.ShortID(r.Candidate), r.Template + ", risk " + string(r.Risk)}
		if r.Held {
			parts = append(parts, "on hold")
		}
		if !r.Target.IsZero() {
			parts = append(parts, "target "+target(r.Target))
		}
		if r.Title != "" {
			parts = append(parts, workflows.Display(r.Title, maxText))
		}
		m.Lines = append(m.Lines, strings.Join(append(parts, r.Manager.At()), " · "))
	}
	if more := len(rows) - maxRows; more > 0 {
		m.Lines = append(m.Lines, fmt.Sprintf("… and %d more: /release list PRODUCT", more))
	}
	return m
}

// day is a date in full as it was meant: where it was typed, with the time if it named one.
func day(t time.Time) string {
	if h, m, _ := t.Clock(); h == 0 && m == 0 {
		return t.Format("Monday 2006-01-02")
	}
	return t.Format("Monday 2006-01-02 15:04 ") + zone(t)
}

// Set answers `set`.
func Set(receipt workflows.Receipt) chat.Message {
	before, _ := receipt.Before.(release.Release)
	r, _ := receipt.After.(release.Release)
	var parts []string
	for _, e := range receipt.Events {
		switch e := e.Event.(type) {
		case release.Bound:
			parts = append(parts, "bound to "+e.Place.Channel())
		case release.Cancelled:
			parts = append(parts, "cancelled: "+workflows.Display(e.Why, maxText))
		case release.Changed:
			parts = append(parts, changes(e)...)
		case release.RiskSet:
			parts = append(parts, fmt.Sprintf("risk %s → %s", e.From, e.To))
		case release.Adopted:
			parts = append(parts, "goes by "+e.Template+" as it stands now")
		}
	}
	if d := release.Between(before, r); before.Exists() && !d.Empty() {
		parts = append(parts, d.String())
	}
	return chat.Message{Title: r.ID.Name() + " · " + strings.Join(parts, " · ")}
}

// changes words what a release says of itself now.
func changes(e release.Changed) []string {
	var parts []string
	if e.Target != nil {
		parts = append(parts, "target "+day(*e.Target))
	}
	if e.Title != nil {
		parts = append(parts, "title “"+workflows.Display(*e.Title, maxText)+"”")
	}
	if e.Manager != "" {
		parts = append(parts, "manager "+e.Manager.At())
	}
	return append(parts, setPlan(e)...)
}

// Candidate answers `candidate show`: the commit and what votes bind to.
func Candidate(r release.Release, v View) chat.Message {
	c := r.Candidate
	m := chat.Message{Title: fmt.Sprintf("candidate of %s · %s", r.ID.Name(), c.Commit.Short())}
	add := func(format string, args ...any) { m.Lines = append(m.Lines, fmt.Sprintf(format, args...)) }
	add("%s%s", workflows.Display(c.Commit.Subject, maxText), namedAs(c.Commit))
	if !c.Commit.At.IsZero() {
		by, written := strings.Join(c.Commit.Authors, ", "), ""
		if c.Commit.Committer != "" {
			by, written = c.Commit.Committer, "written by "+workflows.Display(by, maxText)+", "
		}
		add("%scommitted %s by %s", written, stamp(v, c.Commit.At), workflows.Display(by, maxText))
	}
	for _, b := range []release.Binding{release.ToCommit, release.ToTree} {
		add("votes on the %s bind to %s", b, c.Digests[b])
	}
	for _, name := range slices.Sorted(maps.Keys(c.Builds)) {
		add("build %s %s", name, c.Builds[name])
	}
	if s := sizeLine(c); s != "" {
		add("%s", s)
	}
	if s := follows(r); s != "" {
		add("%s", s)
	}
	if c, looked := r.Checking(); looked {
		add("checks: %s%s", c.Words(), spoken(c.Link))
	}
	return warned(m, r)
}

func namedAs(c workflows.Commit) string {
	if c.Ref == "" || c.Ref == c.ID {
		return ""
	}
	return " (asked as " + workflows.Display(c.Ref, 80) + ")"
}

// maxFiles is how many files a diff names.
const maxFiles = 20

// Diff answers `candidate diff`: for each commit that votes were cast on, what lies between it and the candidate, and
// which votes that makes stale. files is by the commit of the vote.
func Diff(r release.Release, files map[string][]string) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("%s · every vote was cast on %s", r.ID.Name(), commit(r)), Whole: whole(r, "candidate diff")}
	for _, from := range slices.Sorted(maps.Keys(files)) {
		m.Title = fmt.Sprintf("%s · since the votes, up to %s", r.ID.Name(), commit(r))
		var stale, carried []string
		for _, vote := range r.Votes {
			switch {
			case vote.Commit != from || !bound(r, vote):
			case r.Fresh(vote):
				carried = append(carried, vote.Item+" by "+vote.By.At())
			default:
				stale = append(stale, vote.Item+" by "+vote.By.At())
			}
		}
		line := fmt.Sprintf("%s → %s: %s", workflows.ShortID(from), commit(r), count(len(files[from]), "file"))
		if len(stale) > 0 {
			line += " · stale: " + strings.Join(stale, ", ")
		}
		if len(carried) > 0 {
			line += " · carried: " + strings.Join(carried, ", ")
		}
		m.Lines = append(m.Lines, line)
		for _, f := range files[from][:min(len(files[from]), maxFiles)] {
			m.Lines = append(m.Lines, "  "+workflows.Display(f, maxText))
		}
	}
	return m
}

// RollbackPlan answers `rollback plan`.
func RollbackPlan(r release.Release, p release.Plan, b briefing.Briefing, v View) chat.Message {
	if p.Return.Again {
		return againPlan(r, p)
	}
	after := p.After(r)
	m := chat.Message{Title: fmt.Sprintf("rollback of %s · %s → %s, on hold", r.ID.Name(), r.Where(), after.Where())}
	if n := readers(b, v.Me); n > 0 {
		m.Lines = append(m.Lines, "1. tell "+whoRead(n)+", before anyone else")
	}
	step := len(m.Lines)
	add := func(format string, args ...any) {
		step++
		m.Lines = append(m.Lines, fmt.Sprintf("%d. %s", step, fmt.Sprintf(format, args...)))
	}
	for _, f := range p.Flags {
		add("flag %s in %s %d %% → %d %%, as it was when «%s» was passed on %s", f.Key, f.Env, f.From, f.To, p.Gate.Title(), stamp(v, p.Opening.At))
	}
	if len(r.Places) > 0 {
		add("hold the release and tell %s", channels(r.Places))
	} else {
		add("hold the release")
	}
	for _, line := range returnLines(p, v) {
		add("%s", line)
	}
	m.Buttons = []chat.Button{{Label: "Roll back", Line: fmt.Sprintf("rollback start --rel %d", r.Number)}}
	return m
}

// readers counts who acknowledged the briefing, but for whoever asks: nobody is told of their own act.
func readers(b briefing.Briefing, but workflows.PersonID) int {
	seen := map[workflows.PersonID]bool{but: true}
	for _, a := range b.Acks {
		seen[a.Person] = true
	}
	return len(seen) - 1
}

func whoRead(n int) string {
	if n == 1 {
		return "the one person who read the briefing"
	}
	return fmt.Sprintf("the %d who read the briefing", n)
}

// RolledBack answers `rollback start`.
func RolledBack(r workflows.Receipt) chat.Message {
	after := r.After.(release.Release)
	if d, ok := r.Events[0].Event.(release.DeployBegun); ok { // once more
		return Deploying(d, after)
	}
	parts := []string{fmt.Sprintf("%s is rolled back: %s, on hold", after.ID.Name(), after.Whereabouts())}
	told := 0
	for _, t := range r.Told {
		if t.What == "counter-briefing" {
			told++
		}
	}
	if told > 0 {
		parts = append(parts, "told first: "+whoRead(told))
	}
	for _, e := range r.Follows {
		if e.Event.Kind() == "flag.reverted" {
			parts = append(parts, "flag "+e.Stream.ID()+" is back")
		}
	}
	for _, e := range r.Events {
		if d, ok := e.Event.(release.DeployBegun); ok {
			parts = append(parts, fmt.Sprintf("%s is on its way back to %s", commitOf(d), d.Env))
		}
	}
	return chat.Message{Title: strings.Join(parts, " · ")}
}

// NotesApproved answers `notes approve`: the text is vouched for, and what followed.
func NotesApproved(r workflows.Receipt, rel release.Release, b *policy.Book, v View) chat.Message {
	s := "approved, word for word"
	judged := release.Check(rel, b, v.Now)
	for _, e := range r.Follows {
		if signed, ok := e.Event.(release.Signed); ok {
			s += " · ok " + signed.Vote.Item + notYet(judged, signed.Vote.Item)
		}
	}
	switch word := verdict(rel, judged); {
	case rel.Held != nil:
		s += " · " + word
	case word != "":
		s += " · " + judged.Gate.Title() + ": " + word
	}
	return chat.Message{Title: s}
}

// BriefingProgress answers a sent or acknowledged briefing.
func BriefingProgress(lead string, all []briefing.AudienceProgress) chat.Message {
	return chat.Message{Title: lead + " · read by " + progress(all)}
}

// Reminders answers `remind list`.
func Reminders(all []todo.Reminder, v View) chat.Message {
	m := chat.Message{Title: count(len(all), "reminder")}
	for _, r := range all {
		what := "your morning: what waits for you; nothing when there is nothing"
		switch r.Schedule.Kind {
		case calendar.Readiness:
			what = "channels of releases with a target: what blocks within its lead time"
		case calendar.Anchor:
			what = "the ledger's tip, published outside; nothing when nothing happened"
		}
		m.Lines = append(m.Lines, fmt.Sprintf("%s (%s) · next %s · %s", r.Schedule.Spec, r.Schedule.Zone, v.in(r.Next).Format("Mon 2006-01-02 15:04"), what))
	}
	return m
}
