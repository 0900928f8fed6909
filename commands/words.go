package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// A line is words, options and at most one note, which runs to its end. Phones and word processors replace dashes and
// quotes; the scanner takes theirs for what was meant.

type wordKind int

const (
	atEnd wordKind = iota
	plainWord
	optionWord
	noteWord
)

type word struct {
	kind   wordKind
	text   string // of a plain word or a note; an option's name in lower case
	value  string // of --name=value
	valued bool
	quoted bool // began with a quote: never a command, a release selector or one of several items
}

type scanner struct {
	text string
	at   int
}

// next reads one word. known says which names stand for options after a long dash, where any other word begins a note.
func (s *scanner) next(known func(name string) bool) (word, error) {
	s.at += len(s.text[s.at:]) - len(strings.TrimLeftFunc(s.text[s.at:], unicode.IsSpace))
	if s.at == len(s.text) {
		return word{kind: atEnd}, nil
	}
	after, short, long := cutDashes(s.text[s.at:])
	body := after
	if end := strings.IndexFunc(after, unicode.IsSpace); end >= 0 {
		body = after[:end]
	}
	name, _, valued := strings.Cut(body, "=")
	folded := strings.ToLower(strings.Map(foldDash, name))
	switch {
	case !long && short == 1 && body != "":
		return word{}, workflows.Refuse(workflows.Invalid, "-"+workflows.Display(body, maxShown)+
			" begins with one dash: an option has two, and anything else that begins with a dash is quoted")
	case !long && short < 2:
		return s.plain()
	case body == "" || long && (known == nil || !known(folded)):
		s.at = len(s.text)
		return word{kind: noteWord, text: strings.TrimSpace(after)}, nil
	}
	s.at = len(s.text) - len(after) + len(name)
	w := word{kind: optionWord, text: folded, valued: valued}
	if valued {
		s.at++
		v, err := s.plain()
		w.value = v.text
		return w, err
	}
	return w, nil
}

// plain reads quoted and bare pieces up to the next space. A quote opens at the beginning of a word or right after
// another, so an apostrophe inside a word is one.
func (s *scanner) plain() (word, error) {
	w := word{kind: plainWord}
	var b strings.Builder
	for first, opens := true, true; s.at < len(s.text); first = false {
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if unicode.IsSpace(r) {
			break
		}
		if closers := quotes[r]; opens && closers != "" {
			piece, ok := s.quoted(size, closers)
			if !ok {
				return w, workflows.Refuse(workflows.Invalid, "a quote is not closed: "+workflows.Display(s.text[s.at:], maxShown))
			}
			b.WriteString(piece)
			w.quoted = w.quoted || first
			continue
		}
		opens = false
		b.WriteRune(foldDash(r))
		s.at += size
	}
	w.text = b.String()
	if why := steering(w.text); why != "" {
		return w, workflows.Refuse(workflows.Invalid, why)
	}
	return w, nil
}

// quotes gives what closes each opening quote.
var quotes = map[rune]string{
	'"': `"`, '“': "”“", '”': "”“", '„': "“”", '‟': "”“", '«': "»", '»': "«»",
	'\'': `'`, '‘': "’‘", '’': "’‘", '‚': "‘’", '‛': "’‘", '‹': "›", '›': "‹›",
}

const apostrophes = "'‘’"

// quoted reads a quoted piece whose opening quote is size bytes long. What may be an apostrophe closes only where a
// word can end.
func (s *scanner) quoted(size int, closers string) (string, bool) {
	inside := s.text[s.at+size:]
	for i, r := range inside {
		if !strings.ContainsRune(closers, r) {
			continue
		}
		behind := inside[i+utf8.RuneLen(r):]
		next, _ := utf8.DecodeRuneInString(behind)
		if strings.ContainsRune(apostrophes, r) && behind != "" && next != ',' && !unicode.IsSpace(next) && quotes[next] == "" {
			continue
		}
		s.at = len(s.text) - len(behind)
		return inside[:i], true
	}
	return "", false
}

// cutDashes takes the dashes off the beginning of s: how many short ones there were, and whether one was long.
func cutDashes(s string) (after string, short int, long bool) {
	for i, r := range s {
		switch {
		case isLongDash(r):
			long = true
		case foldDash(r) == '-':
			short++
		default:
			return s[i:], short, long
		}
	}
	return "", short, long
}

// isLongDash tells the dashes that stand for two: en dash, em dash and what looks like them.
func isLongDash(r rune) bool {
	return r >= '\u2013' && r <= '\u2015' || r == '\u2e3a' || r == '\u2e3b' || r == '\ufe58'
}

// foldDash makes a hyphen of what looks like one inside a bare word: hyphens, minus and en dash.
func foldDash(r rune) rune {
	switch r {
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2212', '\ufe63', '\uff0d':
		return '-'
	}
	return r
}

// quote writes text so that the scanner reads it back as one word. Where it must not be taken for anything else, all
// that is not plainly a word is quoted.
func quote(text string) string {
	if bareable(text) {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `"'"'"`) + `"`
}

func bareable(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	if text == "" || quotes[first] != "" || isLongDash(first) || strings.ContainsRune("-~/", first) ||
		first == ',' {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || foldDash(r) != r })
}
