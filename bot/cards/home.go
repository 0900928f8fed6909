package cards

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// maxHome is how many entries a section of somebody's own page shows: what a phone does.
const maxHome = 10

// Page is what stands on one person's own page.
type Page struct {
	Who     workflows.PersonID
	Book    *policy.Book
	Entries []todo.Entry
	Open    []todo.Wait // the open releases, each with what the person waits for in it
	Makes   bool        // whether they may open a release
}

// Home draws one person's own page, a message a section: what waits for them, what is coming, what they wait for.
func Home(p Page, v View) []chat.Message {
	out := []chat.Message{p.todo(v), p.coming(v)}
	if m := p.waiting(v); len(m.Lines) > 0 {
		out = append(out, m)
	}
	return out
}

// todo is what waits for them, numbered, with a button each that leads on.
func (p Page) todo(v View) chat.Message {
	if len(p.Entries) == 0 {
		return chat.Message{Title: "Nothing waits for you"}
	}
	m := chat.Message{Title: fmt.Sprintf("My to-do · %d", len(p.Entries)), Whole: "todo"}
	for i, e := range p.Entries[:min(len(p.Entries), maxHome)] {
		e.Line, e.Items = "", fewer(e.Items)
		m.Lines = append(m.Lines, fmt.Sprintf("%d. %s", i+1, entryLines([]todo.Entry{e}, v)[0]))
		if n := p.number(e.Release); n > 0 { // it may have been opened since
			b := leadsOn(p.Entries[i], n)
			b.Label = fmt.Sprintf("%d. %s", i+1, b.Label)
			m.Buttons = append(m.Buttons, b)
		}
	}
	return rest(m, len(p.Entries), "todo")
}

// number is the short number of an open release.
func (p Page) number(id workflows.ReleaseID) uint64 {
	for _, w := range p.Open {
		if w.Release.ID == id {
			return w.Release.Number
		}
	}
	return 0
}

// leadsOn is the button of an entry. None acts at once: what is signed, sent or passed is shown first.
func leadsOn(e todo.Entry, number uint64) chat.Button {
	n := fmt.Sprint(number)
	words := strings.Fields(e.Line)
	full := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, "/") })
	verb := strings.Join(words[:min(len(words), 2)], " ")
	switch {
	case full >= 0:
		return chat.Button{Label: "Open", Line: "item show " + n + " " + words[full]}
	case e.Kind == todo.Sign:
		return chat.Button{Label: "Sign…", Line: "sign " + n}
	case verb == "candidate set":
		return chat.Button{Label: "Candidate…", Line: "candidate set --rel " + n}
	case verb == "brief draft":
		return chat.Button{Label: "Draft…", Line: "brief draft " + n}
	case e.Kind == todo.Acknowledge:
		return chat.Button{Label: "Read", Line: "brief show " + n}
	case e.Kind == todo.Brief:
		return chat.Button{Label: "Briefing", Line: "brief show " + n}
	case e.Kind == todo.Approve:
		return chat.Button{Label: "Notes", Line: "notes show " + n}
	case e.Kind == todo.Advance, e.Kind == todo.Chase:
		return chat.Button{Label: "Check", Line: "check " + n}
	}
	return chat.Button{Label: "Open", Line: "status " + n}
}

// fewer names some of many.
func fewer(items []string) []string {
	if more := len(items) - fewItems; more > 1 {
		return append(slices.Clone(items[:fewItems]), fmt.Sprintf("%d more", more))
	}
	return items
}

// rest says how many entries are left out, and what shows them.
func rest(m chat.Message, of int, line string) chat.Message {
	if more := of - maxHome; more > 0 {
		m.Lines = append(m.Lines, fmt.Sprintf("… and %d more → /release %s", more, line))
	}
	return m
}

// coming are the open releases, the soonest first, those without a target last.
func (p Page) coming(v View) chat.Message {
	all := slices.Clone(p.Open)
	slices.SortStableFunc(all, func(a, b todo.Wait) int {
		x, y := a.Release, b.Release
		switch {
		case x.Target.IsZero() != y.Target.IsZero():
			return map[bool]int{true: 1, false: -1}[x.Target.IsZero()]
		case x.Target.IsZero():
			return cmp.Compare(y.Number, x.Number)
		}
		return x.Target.Compare(y.Target)
	})
	m := chat.Message{Title: fmt.Sprintf("Coming · %d", len(all)), Whole: "list open"}
	if len(all) == 0 {
		m = chat.Message{Title: "No release is open"}
	}
	for _, w := range all[:min(len(all), maxHome)] {
		r := w.Release
		parts := []string{r.ID.Name(), r.Where()}
		if s := verdict(r, release.Check(r, p.Book, v.Now)); s != "" {
			parts = append(parts, s)
		}
		if !r.Target.IsZero() {
			parts = append(parts, "target "+r.Target.Format("Mon ")+target(r.Target)+overdue(r, v))
		}
		if r.Title != "" {
			parts = append(parts, workflows.Display(r.Title, maxTitled))
		}
		m.Lines = append(m.Lines, strings.Join(parts, " · "))
		m.Buttons = append(m.Buttons, chat.Button{Label: r.ID.Name(), Line: fmt.Sprintf("status %d", r.Number)})
	}
	if p.Makes {
		m.Buttons = append(m.Buttons, chat.Button{Label: "New release…", Line: "new"})
	}
	return rest(m, len(all), "list open")
}

// maxTitled is how much of what people call something stands beside its name.
const maxTitled = 60

// waiting is whose turn it is in what the person waits for, the longest wait first, then what is planned for them.
func (p Page) waiting(v View) chat.Message {
	type line struct {
		text  string
		since int64
	}
	var items []line
	var scope []string
	for _, w := range p.Open {
		r := w.Release
		for _, s := range w.Items {
			items = append(items, line{r.ID.Name() + " · " + s.Item.Key + " · " + waitsFor(r, s, v), s.Since.Unix()})
		}
		for _, e := range w.Scope {
			scope = append(scope, r.ID.Name()+" · "+workflows.Display(e.Name(), maxTitled)+" · "+r.Where())
		}
	}
	slices.SortStableFunc(items, func(a, b line) int { return cmp.Compare(a.since, b.since) })
	m := chat.Message{Title: fmt.Sprintf("Waiting for others · %d", len(items)+len(scope)), Whole: "list mine"}
	for _, l := range items {
		m.Lines = append(m.Lines, l.text)
	}
	m.Lines = append(m.Lines, scope...)
	of := len(m.Lines)
	m.Lines = m.Lines[:min(of, maxHome)]
	return rest(m, of, "check")
}

// PublicHome is the page of somebody who sees what anyone may: the releases, and how one comes to see more.
func PublicHome(rows []release.Row, join []string) []chat.Message {
	return []chat.Message{rest(PublicPage(rows).Message(), len(rows), "list"), {Title: "You see what anyone may", Lines: join}}
}

// Stranger says to whoever is not known here, or has no role, how that may change.
func Stranger(v todo.Viewer, h workflows.Handle) []string {
	if v.Known {
		return []string{v.Person.ID.At() + " has no role here and belongs to no audience: an owner gives one"}
	}
	return []string{"nobody here has the account " + account(h) + ": an owner adds it → " + v.Join,
		"known here by another account? Type there: /release admin code, and here: /release admin claim CODE"}
}

// Joined is a page as one message, for where there are no pages.
func Joined(sections []chat.Message) chat.Message {
	var m chat.Message
	for i, s := range sections {
		if i == 0 {
			m.Title = s.Title
		} else {
			m.Lines = append(m.Lines, s.Title)
		}
		for _, l := range s.Lines {
			m.Lines = append(m.Lines, map[bool]string{true: "", false: "  "}[i == 0]+l)
		}
		m.Buttons = append(m.Buttons, s.Buttons...)
	}
	return m
}
