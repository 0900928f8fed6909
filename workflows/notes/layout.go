package notes

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// reserve is kept free for the line that says what did not fit.
const reserve = 100

const (
	nothing = "Nothing that users see has changed."
	beware  = "**Read these before you upgrade.**"
)

// first lays out a draft that nobody wrote in: the sections in their order, then who took part. Older is how many commits
// lie before the ones read.
func first(head string, changes []Entry, sorted bool, older int) []Entry {
	sorted = sorted || slices.ContainsFunc(changes, func(e Entry) bool { return e.Section == breaking })
	names := thanked(changes)
	s := sheet{room: MaxText - reserve - runes(head) - cost(names, ""), sorted: sorted}
	for _, title := range titles {
		s.section(title, changes)
	}
	s.cut += older
	switch {
	case s.cut > 0:
		s.put(Entry{Key: restKey, Section: s.title, Text: further(s.cut)})
	case s.shown == 0:
		s.put(Entry{Key: nothingKey, Text: nothing})
	}
	for _, e := range changes {
		if e.Internal {
			s.put(e)
		}
	}
	return append(s.all, names...)
}

// sheet is a draft in the making.
type sheet struct {
	all    []Entry
	title  string // of the last section
	sorted bool   // there are sections
	room   int    // characters that are left
	shown  int
	cut    int
}

func (s *sheet) put(e Entry) { s.all = append(s.all, e) }

// section puts the changes of one kind; what has no room is kept out of sight.
func (s *sheet) section(title string, changes []Entry) {
	begun := false
	for _, e := range changes {
		if e.Internal || e.Section != title {
			continue
		}
		if !s.sorted {
			e.Section = ""
		}
		lines := []Entry{e}
		if !begun && title == breaking {
			lines = []Entry{{Key: bewareKey, Section: breaking, Text: beware}, e}
		}
		above := s.title
		if begun {
			above = e.Section
		}
		need := cost(lines, above)
		if need > s.room {
			e.Cut = true
			s.cut++
			s.put(e)
			continue
		}
		s.room -= need
		s.all = append(s.all, lines...)
		s.shown++
		begun, s.title = true, e.Section
	}
}

// cost is how many characters entries take below a section, at most.
func cost(all []Entry, title string) int {
	n := 0
	for _, e := range all {
		n += runes(e.Text) + 2
		if e.Section != title {
			n += runes(e.Section) + len("\n\n## ")
		}
		title = e.Section
	}
	return n
}

// thanked is the section of those who took part.
func thanked(changes []Entry) []Entry {
	names := people(changes)
	if len(names) == 0 {
		return nil
	}
	return []Entry{{Key: thanksKey, Section: thanks, Text: listed(names, maxNames)}}
}

func further(n int) string {
	if n == 1 {
		return "And one further change."
	}
	return fmt.Sprintf("And %d further changes.", n)
}

func runes(s string) int { return utf8.RuneCountInString(s) }
