package console

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// maxName bounds how much of a mistyped name is shown again.
const maxName = 80

// blanks separate words. Other white space of Unicode belongs to the words, as text that the handler judges.
const blanks = " \t\r"

// line is one line of input taken apart: [@person] [#channel] rest.
type line struct {
	skip    bool   // blank, or a comment
	named   bool   // a person was named, be it by a bare @
	person  string // without its @
	channel string // with its #
	rest    string
}

// parseLine takes a line apart. It knows no wrong lines: who and what is named is for others to judge.
func parseLine(text string) line {
	text = strings.Trim(text, blanks)
	if text == "" || text == "#" || strings.HasPrefix(text, "# ") || strings.HasPrefix(text, "#\t") {
		return line{skip: true}
	}
	var l line
	l.rest = text
	if word, rest := cutWord(l.rest); strings.HasPrefix(word, "@") {
		l.named, l.person, l.rest = true, word[1:], rest
	}
	if word, rest := cutWord(l.rest); strings.HasPrefix(word, "#") && word != "#" {
		l.channel, l.rest = word, rest
	}
	return l
}

// cutWord gives the first word and what follows it, without the blanks between.
func cutWord(s string) (word, rest string) {
	i := strings.IndexAny(s, blanks)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], blanks)
}

// validChannel reports whether a channel can have this name.
func validChannel(c string) bool {
	name, ok := strings.CutPrefix(c, "#")
	if !ok || name == "" || utf8.RuneCountInString(name) > maxName {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	})
}

// parseFill reads key=value …, where a value with blanks or quotes stands in double quotes, with \n, \t, \" and \\
// inside them.
func parseFill(text string) (map[string]string, error) {
	values := map[string]string{}
	for text = strings.Trim(text, blanks); text != ""; text = strings.TrimLeft(text, blanks) {
		key, after, ok := strings.Cut(text, "=")
		if !ok || key == "" || strings.ContainsAny(key, blanks+`"`) {
			word, _ := cutWord(text)
			return nil, wrongFill(workflows.Display(word, maxName) + " is not key=value")
		}
		if _, twice := values[key]; twice {
			return nil, wrongFill(workflows.Display(key, maxName) + " is given twice")
		}
		value, rest, ok := cutValue(after)
		if !ok {
			return nil, wrongFill("the quotes of " + workflows.Display(key, maxName) + " do not end with its value")
		}
		values[key], text = value, rest
	}
	return values, nil
}

func wrongFill(why string) error {
	return workflows.Refuse(workflows.Invalid, why).Type(`!fill key=word other="several words"`)
}

// cutValue reads a bare or quoted value from the beginning of s. It fails if the quotes do not end, or end inside a word.
func cutValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value, rest = cutWord(s)
		return value, rest, true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			rest = s[i+1:]
			return b.String(), rest, rest == "" || strings.ContainsRune(blanks, rune(rest[0]))
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteString(unescape(s[i]))
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

// unescape says what a backslash and c stand for; unknown ones stand for themselves, so that C:\x needs no care.
func unescape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case '"', '\\':
		return string(rune(c))
	}
	return `\` + string([]byte{c})
}

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)

// quote writes a value as parseFill reads it.
func quote(value string) string {
	if value != "" && !strings.ContainsAny(value, blanks+"\n\"") {
		return value
	}
	return `"` + quoting.Replace(value) + `"`
}

// parseWait reads a duration ahead: 26h, 90m, 3d, 1d12h.
func parseWait(text string) (time.Duration, error) {
	var total time.Duration
	rest := text
	if days, after, ok := strings.Cut(rest, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, wrongWait(text)
		}
		total, rest = time.Duration(n)*24*time.Hour, after
	}
	if rest != "" || total == 0 {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 || d > maxWait {
			return 0, wrongWait(text)
		}
		total += d
	}
	if total <= 0 || total > maxWait {
		return 0, wrongWait(text)
	}
	return total, nil
}

func wrongWait(text string) error {
	return workflows.Refuse(workflows.Invalid, `how long to wait is like 26h or 3d, up to ten years, not "`+
		workflows.Display(text, maxName)+`"`).Type("!wait 26h", "!wait 3d")
}
