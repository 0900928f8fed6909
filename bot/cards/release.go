package cards

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Whole is a release with all that its card shows.
type Whole struct {
	Release  release.Release
	Book     *policy.Book
	Flags    []flag.Flag
	Briefing []briefing.AudienceProgress
	Feedback feedback.Counts
	Offer    release.Diff      // what its template as it stands now would change
	Silent   workflows.Silence // nobody could look at its repository lately; only whoever asks is told, since a card is not drawn again by time
}

// Reader is where a card finds what the other rooms hold of a release.
type Reader interface {
	Told
	Flags(context.Context, workflows.ReleaseID) ([]flag.Flag, error)
	Offer(release.Release) release.Diff
}

// Told reads what staff were told of a release, and what was said about it.
type Told interface {
	Briefing(context.Context, workflows.ReleaseID) (briefing.Briefing, error)
	Feedback(context.Context, workflows.ReleaseID) (feedback.Feedback, error)
}

// Gather reads what a release's card shows.
func Gather(ctx context.Context, from Reader, r release.Release, b *policy.Book) (Whole, error) {
	w := Whole{Release: r, Book: b, Offer: from.Offer(r)}
	var err error
	if w.Flags, err = from.Flags(ctx, r.ID); err != nil {
		return w, err
	}
	brief, err := from.Briefing(ctx, r.ID)
	if err != nil {
		return w, err
	}
	w.Briefing = briefing.Progress(brief, todo.Audiences(b))
	said, err := from.Feedback(ctx, r.ID)
	w.Feedback = said.Counts()
	return w, err
}

// verdict is how a release's next gate stands, in words.
func verdict(r release.Release, v release.Verdict) string {
	switch {
	case r.Held != nil:
		return "ON HOLD"
	case v.Gate.Stage == "":
		return ""
	case v.Go && v.Gate.Opens():
		return fmt.Sprintf("GO %d/%d", v.Done(), len(v.Items))
	case v.Go:
		return "GO"
	}
	return fmt.Sprintf("NO-GO %d/%d", v.Done(), len(v.Items))
}

func keys(items []release.Status) []string {
	out := make([]string, len(items))
	for i, s := range items {
		out[i] = s.Item.Key
	}
	return out
}

// Headline is one line that says where a release stands and what it waits for.
func Headline(r release.Release, v release.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s · %s · %s", r.ID.Name(), r.Where(), commit(r))
	fmt.Fprintf(&b, " · %s, risk %s", r.Template, r.Risk)
	if r.RiskWhy != "" {
		fmt.Fprintf(&b, " (%s)", r.RiskWhy)
	}
	if s := verdict(r, v); s != "" {
		b.WriteString(" · " + s)
		switch open := v.Open(); {
		case r.Held != nil:
		case len(open) > 0:
			b.WriteString(": " + few(keys(open), fewItems))
		case len(v.Whole) > 0:
			b.WriteString(": " + v.Whole[0].Why)
		}
	}
	if len(r.Places) > 0 && !r.Over() {
		fmt.Fprintf(&b, " (bound to %s)", channels(r.Places))
	}
	return b.String()
}

// fewItems is up to how many open items a headline names.
const fewItems = 3

func commit(r release.Release) string {
	if r.Candidate == nil {
		return workflows.ShortID("")
	}
	return r.Candidate.Commit.Short()
}

func channels(places []workflows.Place) string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = p.Channel()
	}
	return strings.Join(out, ", ")
}

// Card is the release as its channels see it: posted once, edited on each change.
func Card(w Whole, v View) chat.Message {
	r := w.Release
	judged := release.Check(r, w.Book, v.Now)
	m := chat.Message{Title: Headline(r, judged)}
	add := func(format string, args ...any) { m.Lines = append(m.Lines, fmt.Sprintf(format, args...)) }
	if r.Title != "" {
		add("%s", workflows.Display(r.Title, maxText))
	}
	if r.Candidate == nil && r.Without != "" {
		add("%s; candidate set REF later", r.Without)
	}
	if s := follows(r); s != "" {
		add("the candidate %s", s)
	}
	if len(r.Places) == 0 && !r.Over() {
		add("no channel is bound to it → /release set --here, in a free one")
	}
	if r.Held != nil {
		add("on hold by %s since %s: %s", r.Held.By.At(), stamp(v, r.Held.At), workflows.Display(r.Held.Why, maxText))
	}
	if !r.Target.IsZero() {
		add("target %s%s", r.Target.Format("Mon ")+target(r.Target), overdue(r, v))
	}
	m.Lines = append(m.Lines, planLines(r, v)...)
	if s := deployLine(r, v); s != "" {
		add("%s", s)
	}
	m.Lines = append(m.Lines, silent(w, v)...)
	m.Lines = append(m.Lines, gateLines(r, w.Book, v)...)
	for _, b := range judged.Whole {
		add("✗ %s%s", b.Why, until(v, b))
	}
	m.Lines = append(m.Lines, debtLines(r, w.Book, v)...)
	if s := offered(r, w.Offer); s != "" {
		add("%s", s)
	}
	for _, f := range w.Flags {
		add("flag %s · %s", f.Key, f.Stands())
	}
	if s := progress(w.Briefing); s != "" {
		add("briefing · read by %s", s)
	}
	if s := feedbackLine(w.Feedback); s != "" {
		add("%s", s)
	}
	m.Buttons, m.Whole = cardButtons(r, judged), whole(r, "item list")
	return m
}

// whole is the line that shows all of what is drawn of a release, wherever it is typed.
func whole(r release.Release, verb string, words ...string) string {
	return strings.Join(append([]string{verb, "--rel", fmt.Sprint(r.Number)}, words...), " ")
}

// offered is what the release's template, as it stands now, asks for beside what the release asks for.
func offered(r release.Release, d release.Diff) string {
	if d.Empty() {
		return ""
	}
	return fmt.Sprintf("template %s changed: %s → /release set --template %s", r.Template, d, r.Template)
}

// overdue marks a target that has passed.
func overdue(r release.Release, v View) string {
	if !r.Over() && release.Overdue(r.Target, v.Now) {
		return " · overdue"
	}
	return ""
}

func until(v View, b release.Blocker) string {
	if b.Until.IsZero() {
		return ""
	}
	return ", until " + stamp(v, b.Until)
}

// gateLines draws the gate before which the release stands, item by item, and names the ones after it.
func gateLines(r release.Release, b *policy.Book, v View) []string {
	var out []string
	for i := r.Passed; i < len(r.Gates) && !r.Over(); i++ {
		g := r.Gates[i]
		judged := release.CheckGate(r, g, b, v.Now)
		out = append(out, fmt.Sprintf("%s · %d/%d", gateTitle(g), judged.Done(), len(judged.Items)))
		if i > r.Passed {
			continue
		}
		for _, s := range judged.Items {
			out = append(out, "  "+ItemLine(r, s, v))
		}
	}
	return out
}

func gateTitle(g release.Gate) string {
	if g.Opens() {
		return g.Title() + " (definition of ready)"
	}
	return g.Title() + " (definition of done)"
}

// cardButtons are typed commands, the next step first. Each carries what it was drawn at.
func cardButtons(r release.Release, v release.Verdict) []chat.Button {
	n := fmt.Sprint(r.Number)
	if r.Over() {
		return nil
	}
	var out []chat.Button
	switch {
	case r.Held != nil:
	case v.Go:
		out = append(out, AdvanceButton(r))
	default:
		if len(v.Open()) > 0 {
			out = append(out, chat.Button{Label: "Sign…", Line: "sign " + n})
		}
		out = append(out, chat.Button{Label: "Why not?", Line: "check " + n})
	}
	out = append(out, chat.Button{Label: "Notes", Line: "notes show " + n}, chat.Button{Label: "Briefing", Line: "brief show " + n})
	if r.Held == nil {
		return append(out, chat.Button{Label: "Hold", Line: "hold " + n})
	}
	return append(out, chat.Button{Label: "Resume", Line: "resume " + n})
}

// AdvanceButton names the act that passes the next gate.
func AdvanceButton(r release.Release) chat.Button {
	return chat.Button{Label: advanceLabel(r), Line: fmt.Sprintf("advance %d", r.Number),
		Basis: Basis(r.AdvanceBasis())}
}

func advanceLabel(r release.Release) string {
	g, _ := r.Next()
	switch {
	case g.Opens() && g.Stage == workflows.GA:
		return "Release to everyone"
	case g.Opens():
		return "Open " + g.Stage.Title()
	}
	return "Close " + g.Stage.Title()
}

// Basis writes what a button was drawn at, as the parser reads it back.
func Basis(b workflows.Basis) string { return fmt.Sprintf("~%s.%d", b.Candidate, b.Revision) }

// target is a target date as it was meant: where it was typed, with the time and its zone if it named one. Whoever reads it
// may live elsewhere.
func target(t time.Time) string {
	if h, m, _ := t.Clock(); h == 0 && m == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04 ") + zone(t)
}

// zone is what the clocks of a date go by: "EST"; of one that was kept, which has only how far that is from UTC, "UTC-05:00".
func zone(t time.Time) string {
	if name, _ := t.Zone(); name != "" && !strings.ContainsAny(name, "+-0123456789") {
		return name
	}
	return "UTC" + t.Format("-07:00")
}

// full is a moment to come in full, as the reader's clock will show it.
func full(v View, t time.Time) string {
	t = v.in(t)
	return t.Format("Monday 2006-01-02 15:04 ") + zone(t)
}

// stamp is a moment as the reader's clock showed it.
func stamp(v View, t time.Time) string { return v.in(t).Format("2006-01-02 15:04") }
