package notes

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// known are the entries; of a text that was kept before there were any, its lines.
func (n Notes) known() (head string, all []Entry) {
	if n.Entries != nil || n.Head != "" || n.Text == "" {
		return n.Head, n.Entries
	}
	head, all, _ = reread(nil, n.Text)
	return head, all
}

// reread reads people's text back against the entries that it was made of: a line that stands elsewhere was moved, one
// that reads otherwise was reworded, one that is missing was taken out, or merged into the one that refers to it now. Open
// is the line of a fence that nothing closes.
func reread(was []Entry, text string) (head string, all []Entry, open int) {
	texts := map[string]bool{}
	for _, e := range was {
		if e.Shown() && !e.own() {
			texts[e.Text] = true
		}
	}
	p := parse(text, texts)
	m := match(was, p.lines)
	for m.leads() {
		p.head = m.behead(p.head)
	}
	return p.head, m.result(), p.open
}

// leads reports whether the first line is of the head after all: it looked like an entry, and is people's own.
func (m *matching) leads() bool {
	if len(m.lines) == 0 || m.of[0] >= 0 && !m.was[m.of[0]].own() {
		return false
	}
	l := m.lines[0]
	return l.Section == "" && !isItem(l.Text) && !heads(l.Text)
}

// behead puts the first line into the head.
func (m *matching) behead(head string) string {
	l := m.lines[0]
	m.lines, m.of = m.lines[1:], m.of[1:]
	if head == "" {
		return l.Text
	}
	return head + cmp.Or(l.Gap, "\n\n") + l.Text
}

// result is what the edit made of the entries: the lines in their order, and each entry that is not seen any more behind
// the one that it stood behind.
func (m *matching) result() []Entry {
	behind, next := m.unseen(), m.number()
	out := slices.Clone(behind[-1])
	for i, l := range m.lines {
		if m.of[i] < 0 {
			l.Key = ownPrefix + strconv.Itoa(next)
			next++
			out = append(out, l)
			continue
		}
		out = append(out, m.edited(i))
		out = append(out, behind[m.of[i]]...)
	}
	return m.merged(out)
}

// number is the next one for what people write.
func (m *matching) number() int {
	next := 1
	for _, e := range m.was {
		if n, err := strconv.Atoi(strings.TrimPrefix(e.Key, ownPrefix)); err == nil && e.own() {
			next = max(next, n+1)
		}
	}
	return next
}

// edited is an entry as its line has it now.
func (m *matching) edited(line int) Entry {
	l, e := m.lines[line], m.was[m.of[line]]
	e = e.worded(l.Text)
	if e.Section != l.Section {
		e = e.under(l.Section)
	}
	e.Gap, e.Hidden, e.Cut, e.Internal, e.Into = l.Gap, false, false, false, ""
	return e
}

// unseen are the entries that no line is, by the place of the one above them. What people wrote and took out again is
// gone.
func (m *matching) unseen() map[int][]Entry {
	out := map[int][]Entry{}
	above := -1
	rest := slices.ContainsFunc(m.was, func(e Entry) bool { return e.Key == restKey && e.Shown() })
	for i, e := range m.was {
		switch {
		case m.taken[i]:
			above = i
			rest = rest && e.Key != restKey
			continue
		case e.own():
			continue
		case e.Shown():
			e.Hidden = true
		}
		e.Gap = ""
		out[above] = append(out[above], e)
	}
	if !rest {
		return out
	}
	for _, all := range out { // whoever takes out the line that counts them takes them out
		for i := range all {
			all[i].Hidden, all[i].Cut = all[i].Hidden || all[i].Cut, false
		}
	}
	return out
}

// merged says of each entry that is not seen which one tells of it: one that people had refer to it.
func (m *matching) merged(all []Entry) []Entry {
	if !slices.ContainsFunc(all, func(e Entry) bool { return !e.Shown() && !e.Internal }) {
		return all
	}
	tells := map[string]string{}
	hosts := map[string]bool{}
	before := map[string]Entry{}
	for _, e := range m.was {
		before[e.Key] = e
	}
	for _, e := range all {
		if !e.Shown() {
			continue
		}
		hosts[e.Key] = true
		was := before[e.Key].Text
		if was == e.Text {
			continue
		}
		had := mentions(was)
		for _, ref := range mentions(e.Text) {
			if tells[ref] == "" && !slices.Contains(had, ref) {
				tells[ref] = e.Key
			}
		}
	}
	for i, e := range all {
		if e.Shown() || !e.change() || e.Internal {
			continue
		}
		into := ""
		for _, mark := range e.marks() {
			if into == "" {
				into = tells[mark]
			}
		}
		switch {
		case into != "" && into != e.Key:
			all[i].Into, all[i].Hidden = into, false
		case e.Into != "" && (!hosts[e.Into] || !refers(all, e.Into, e.marks())):
			all[i].Into, all[i].Hidden = "", true
		}
	}
	return all
}

// refers reports whether an entry still speaks of one of these.
func refers(all []Entry, key string, marks []string) bool {
	return slices.ContainsFunc(all, func(e Entry) bool {
		return e.Key == key && slices.ContainsFunc(mentions(e.Text), func(ref string) bool { return slices.Contains(marks, ref) })
	})
}

// unclosed refuses a text in which a fence swallows all that would stand below it.
func unclosed(line int) *workflows.Refusal {
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("the notes: the block of code that begins in line %d is not closed, and what stands below it would be part of it", line))
}
