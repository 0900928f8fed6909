package tree

import (
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// hint is where a text tells people to type a command: at the beginning, or behind the marks that cards put before one.
// What people say in their own words stays as it is.
var hint = regexp.MustCompile(`(?:^|^e\.g\. |→ |· |: )/` + root + ` `)

// Spell gives what writes the commands that a text tells people to type as they are typed here.
func Spell(rows []chat.Command) func(string) string {
	return func(text string) string {
		var b strings.Builder
		for {
			at := hint.FindStringIndex(text)
			if at == nil {
				b.WriteString(text)
				return b.String()
			}
			from := at[1] - len("/"+root+" ")
			to := from + extent(text[from:])
			line, begins := text[from:to], from == 0 && b.Len() == 0
			spelled := SpellLine(rows, line)
			if begins && strings.HasPrefix(text[to:], " · ") && strings.Count(line, " ") == 1 {
				if noun, ok := heads(rows, line); ok {
					spelled = noun // the heading of its verbs
				}
			}
			b.WriteString(text[:from] + spelled)
			text = text[to:] // it begins with what ended the command
		}
	}
}

// SpellLine writes a line of the grammar, with /release in front, as it is typed here: "/release flag set invoices 10%" is
// "/flag set flag:invoices to:10%". Words that are still to be filled in stay, in brackets what may be left out, and so
// does "…". Where the words cannot be told apart, they stay behind a command that is named as it is here; where it is no
// command of the rows, the line stays.
func SpellLine(rows []chat.Command, line string) string {
	said, ok := strings.CutPrefix(line, "/"+root+" ")
	if !ok {
		return line
	}
	row, at, behind, ok := named(rows, said)
	if !ok {
		if noun, ok := heads(rows, line); ok {
			_, rest, _ := strings.Cut(said, " ")
			return strings.TrimRight(noun+" "+rest, " ")
		}
		return line
	}
	if written, ok := written(row, behind); ok {
		behind = written
	}
	return strings.TrimRight("/"+strings.Join(at.path(), " ")+" "+behind, " ")
}

// path is a spot as it is typed.
func (s spot) path() []string {
	out := []string{s.top}
	if s.group != "" {
		out = append(out, s.group)
	}
	return append(out, s.verb)
}

// named finds the row that a line names, and what stands behind its name. A noun alone, or with the release, is its first
// verb.
func named(rows []chat.Command, said string) (row chat.Command, at spot, behind string, ok bool) {
	for _, r := range rows {
		rest, is := strings.CutPrefix(said+" ", strings.Join(r.Path, " ")+" ")
		drawn, has := placed(r.Path)
		if is && has {
			return r, drawn, strings.TrimSpace(rest), true
		}
	}
	noun, rest, _ := strings.Cut(said, " ")
	if rest != "" && !release.MatchString(rest) {
		return row, at, behind, false
	}
	for _, r := range rows {
		if drawn, has := placed(r.Path); has && len(r.Path) == 2 && r.Path[0] == noun {
			return r, drawn, rest, true
		}
	}
	return row, at, behind, false
}

// heads gives the noun that a line begins with as a heading of its verbs: "/notes", "/release item".
func heads(rows []chat.Command, line string) (string, bool) {
	noun, _, _ := strings.Cut(strings.TrimPrefix(line, "/"+root+" "), " ")
	for _, r := range rows {
		switch at, ok := placed(r.Path); {
		case !ok || len(r.Path) < 2 || r.Path[0] != noun:
		case at.group != "":
			return "/" + at.top + " " + at.group, true
		default:
			return "/" + at.top, true
		}
	}
	return "", false
}

// ends are what stands between a command and what a sentence goes on with.
var ends = regexp.MustCompile(`^(?: [·—→] | \(|[.,;:)]+(?: |$))`)

// extent is how far the command at the beginning of a text reaches. What stands in quotes or brackets does not end it.
func extent(text string) int {
	for at := 0; at < len(text); {
		if ends.MatchString(text[at:]) {
			return at
		}
		if at > 0 && text[at-1] == ' ' {
			if n := enclosed(text[at:]); n > 0 {
				at += n
				continue
			}
		}
		at++
	}
	return len(text)
}

// enclosed is how long the quoted or bracketed word at the beginning of a text is; 0: there is none.
func enclosed(text string) int {
	switch text[0] {
	case '"':
		if end := strings.IndexByte(text[1:], '"'); end >= 0 {
			return end + 2
		}
	case '[':
		for i, depth := 0, 0; i < len(text); i++ {
			switch text[i] {
			case '[':
				depth++
			case ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	return 0
}
