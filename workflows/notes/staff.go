package notes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// maxTraced is how many commits, or names, stand beside one entry.
const maxTraced = 5

// staff is all there is, for those who work on it: what users see, with who wrote it and where; and what they do not see,
// and why.
func (n Notes) staff() string {
	head, all := n.known()
	p := page{}
	p.WriteString(head)
	for _, e := range all {
		if e.Shown() && e.Key != thanksKey && !heads(e.Text) {
			p.under(cmp.Or(e.Section, changed), e.traced())
		}
	}
	for _, e := range all {
		if e.Internal {
			p.under(internal, e.traced())
		}
	}
	for _, e := range all {
		if why := e.unseen(); why != "" && !e.Gone && e.change() {
			p.under("Not shown", e.traced()+" · "+why)
		}
	}
	if names := people(all); len(names) > 0 {
		p.under(thanks, listed(names, maxNames))
	}
	return strings.TrimSpace(p.String())
}

// page is a text of sections.
type page struct {
	strings.Builder
	title string
	item  bool // the last line is one of a list
}

// under writes a line below a title.
func (p *page) under(title, line string) {
	if title != p.title {
		p.WriteString("\n\n## " + title)
		p.title, p.item = title, false
	}
	item := isItem(line)
	if !p.item || !item {
		p.WriteString("\n")
	}
	p.WriteString("\n" + line)
	p.item = item
}

// unseen says why users do not see an entry; empty: they do, or it is not for them.
func (e Entry) unseen() string {
	switch {
	case e.Into != "":
		return "merged into " + shortKey(e.Into)
	case e.Hidden:
		return "hidden"
	case e.Cut:
		return "no room"
	}
	return ""
}

// shortKey is a key for people.
func shortKey(key string) string {
	switch {
	case strings.HasPrefix(key, "#"):
		return key
	case strings.HasPrefix(key, ownPrefix):
		return "a line of people's own"
	}
	return workflows.ShortID(key)
}

// traced is the entry with where it comes from, at the end of its first line.
func (e Entry) traced() string {
	if !e.change() {
		return e.Text
	}
	var from []string
	for _, ref := range e.Refs {
		if !slices.Contains(mentions(e.Text), ref) {
			from = append(from, plain("x" + ref)[1:]) // it stands in a line
		}
	}
	for _, id := range e.Commits[:min(len(e.Commits), maxTraced)] {
		from = append(from, workflows.ShortID(id))
	}
	if more := len(e.Commits) - maxTraced; more > 0 {
		from = append(from, fmt.Sprintf("%d more", more))
	}
	parts := []string{"", strings.Join(from, ", ")}
	if names := people([]Entry{e}); len(names) > 0 {
		parts = append(parts, listed(names, maxTraced))
	}
	if e.Gone {
		parts = append(parts, "no longer in the range")
	}
	line, rest, several := strings.Cut(e.Text, "\n")
	if several {
		rest = "\n" + rest
	}
	return line + strings.Join(parts, " · ") + rest
}
