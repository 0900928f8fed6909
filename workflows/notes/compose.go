package notes

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// reserve is kept free for the line that says what did not fit.
const reserve = 100

const (
	nothing  = "Nothing that users see has changed."
	beware   = "**Read these before you upgrade.**"
	breakage = "Breaking changes"
)

// sheet is a text in the making that stays within MaxText.
type sheet struct {
	strings.Builder
	size  int
	lines map[string]bool // each line stands once
	added int
	cut   int
}

func (s *sheet) put(text string) {
	s.WriteString(text)
	s.size += utf8.RuneCountInString(text)
}

// list writes lines, and before the first of them the lead.
func (s *sheet) list(lead string, lines []string) {
	for _, l := range lines {
		if s.lines[l] {
			continue
		}
		s.lines[l] = true
		if s.size+utf8.RuneCountInString(lead+l)+1 > MaxText-reserve {
			s.cut++
			continue
		}
		s.put(lead + l + "\n")
		lead = ""
		s.added++
	}
}

func (s *sheet) end() (string, int) {
	switch {
	case s.cut == 1:
		s.put("\nAnd one further change.\n")
	case s.cut > 1:
		s.put(fmt.Sprintf("\nAnd %d further changes.\n", s.cut))
	}
	return strings.TrimSpace(s.String()), s.added
}

// composed is the whole text of a first draft, and how many changes it lists. Older is how many commits lie before the
// ones read.
func (c changes) composed(heading string, older int) (string, int) {
	s := &sheet{lines: map[string]bool{}, cut: older}
	s.put(heading + "\n")
	s.list(fmt.Sprintf("\n## %s\n\n%s\n\n", breakage, beware), c.breaking)
	rest := c.breaking != nil || c.sorted
	for at, lines := range c.lines {
		lead := "\n"
		if rest {
			lead = fmt.Sprintf("\n## %s\n\n", titles[at])
		}
		s.list(lead, lines)
	}
	if s.added+s.cut == 0 {
		s.put("\n" + nothing + "\n")
	}
	return s.end()
}

// continued is people's text with the changes that it does not list yet at its end.
func (c changes) continued(text string) (string, int) {
	s := &sheet{lines: map[string]bool{}}
	was := strings.Split(text, "\n")
	for _, l := range was {
		s.lines[l] = true
	}
	s.put(text + "\n")
	lead := "\n"
	if last := was[len(was)-1]; strings.HasPrefix(last, "- ") {
		lead = ""
	}
	for _, l := range c.breaking {
		s.list(lead, []string{"- **Breaking:** " + strings.TrimPrefix(l, "- ")})
		lead = ""
	}
	for _, lines := range c.lines {
		s.list(lead, lines)
		if s.added > 0 {
			lead = ""
		}
	}
	if s.added+s.cut == 0 {
		return text, 0
	}
	return s.end()
}
