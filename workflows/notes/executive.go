package notes

import (
	"cmp"
	"fmt"
	"strings"
)

// executive is a few lines: how much of what, what breaks and what is new by name, since when, and who.
func (n Notes) executive() string {
	_, all := n.known()
	named, other := map[string][]string{}, 0
	for _, e := range all {
		if !e.Shown() || heads(e.Text) || !isItem(e.Text) {
			continue
		}
		switch title := e.kind(); title {
		case breaking, added, fixed, security:
			line, _, _ := strings.Cut(listItem(e.Text), "\n")
			named[title] = append(named[title], line[len("- "):])
		default:
			other++
		}
	}
	var counts []string
	for _, c := range []struct {
		n    int
		word string
	}{{len(named[breaking]), "breaking"}, {len(named[added]), "new"}, {len(named[fixed]), "fixed"}, {len(named[security]), "for security"}, {other, "other"}} {
		if c.n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if len(counts) == 1 && other > 0 { // of none is known what it is
		counts[0] = counted(other)
	}
	lines := []string{fmt.Sprintf("%s: %s, since %s.", plain(n.Release.Name()), cmp.Or(strings.Join(counts, ", "), "nothing that users see"),
		plain(cmp.Or(n.SinceAs, "the beginning")))}
	for _, title := range []string{breaking, security, added} {
		if all := named[title]; len(all) > 0 {
			lines = append(lines, fmt.Sprintf("%s: %s.", title, strings.TrimSuffix(listedBy(all, "; ", maxTraced), ".")))
		}
	}
	if names := people(all); len(names) > 0 {
		lines = append(lines, "By "+listed(names, maxTraced)+".")
	}
	return strings.Join(lines, "\n\n")
}

func counted(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}

// kind is the title of the room's own that an entry stands under, or was drafted under.
func (e Entry) kind() string {
	if e.Breaking { // also in a list without titles
		return breaking
	}
	for _, title := range []string{e.Section, e.From} {
		if at := rank(title); at >= 0 {
			return titles[at]
		}
	}
	return changed
}
