package discordfake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// plain is a text as a client shows it: marks and escapes are resolved, mentions are names; the lock is held.
func (f *Fake) plain(text string) string {
	var out strings.Builder
	for {
		from, to := fences(text)
		if to < 0 {
			break
		}
		before, after := text[:from], text[to:]
		out.WriteString(f.lined(before) + codeBlock(text[from+3:to-3]))
		// The block stands in lines of its own; the line break after it is its end.
		text = strings.TrimPrefix(after, "\n")
		if text == "" {
			return out.String()
		}
		out.WriteByte('\n')
	}
	return out.String() + f.lined(text)
}

// fences finds the first block of code, with its fences; to is negative where there is none.
func fences(text string) (from, to int) {
	for from = 0; ; from++ {
		at := strings.Index(text[from:], "```")
		if at < 0 {
			return 0, -1
		}
		from += at
		if backslashes(text[:from])%2 == 1 {
			continue
		}
		if end := strings.Index(text[from+3:], "```"); end > 0 {
			return from, from + 3 + end + 3
		}
		return 0, -1
	}
}

// backslashes are those that a text ends with.
func backslashes(text string) int { return len(text) - len(strings.TrimRight(text, `\`)) }

// lined resolves lines one by one; the lock is held.
func (f *Fake) lined(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = f.line(lines[i])
	}
	return strings.Join(lines, "\n")
}

// codeBlock is what stands in a block of code, without the name of its language.
func codeBlock(block string) string {
	if first, rest, ok := strings.Cut(block, "\n"); ok && language.MatchString(first) {
		block = rest
	}
	return strings.Trim(block, "\n")
}

var (
	language = regexp.MustCompile(`^[A-Za-z0-9+\-._]*$`)
	// front is what makes a line a heading, small print, a quotation or an item of a list.
	front = regexp.MustCompile(`^(\s*)(#{1,3} |-# |>>> |> |[-*] )`)
)

// line resolves one line; the lock is held.
func (f *Fake) line(line string) string {
	lead := ""
	for {
		m := front.FindStringSubmatch(line)
		if m == nil {
			return lead + f.inline(line)
		}
		line = line[len(m[0]):]
		switch m[2] {
		case "- ", "* ":
			return lead + m[1] + "• " + f.inline(line)
		case "> ", ">>> ":
			lead += "│ "
		default:
			return lead + f.inline(line)
		}
	}
}

// inline resolves what stands within a line; the lock is held.
func (f *Fake) inline(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		shown, n := f.resolve(text[i:], i == 0 || !inWord(text[i-1]))
		out.WriteString(shown)
		i += n
	}
	return out.String()
}

func inWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0x80
}

var (
	markEscaped = regexp.MustCompile(`^\\([!-/:-@\[-` + "`" + `{-~])`)
	markTicks   = regexp.MustCompile("^(?s)(``(.+?)``|`([^`]+)`)")
	markAddress = regexp.MustCompile(`^https?://[^\s<>]+`)
	markShown   = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
	markMasked  = regexp.MustCompile(`^\[((?:\\.|[^\[\]\\])+)\]\(<?(https?://[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?: "[^"]*")?\)`)
	markMention = regexp.MustCompile(`^<(@!?|@&|#)(\d{17,20})>`)
	markMoment  = regexp.MustCompile(`^<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>`)
	markSmiley  = regexp.MustCompile(`^<a?:(\w+):\d{17,20}>`)
	markTyped   = regexp.MustCompile(`^</([^:>]+):\d{17,20}>`)
	// pairs are the marks around a text, the longer first.
	pairs = []string{"***", "**", "__", "~~", "||", "*", "_"}
)

// resolve resolves what a text begins with, and says how much of it that is; the lock is held.
func (f *Fake) resolve(text string, fresh bool) (reads string, n int) {
	if m := markEscaped.FindStringSubmatch(text); m != nil {
		return m[1], 2
	}
	if m := markTicks.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[2] + m[3]), len(m[0])
	}
	if m := markMasked.FindStringSubmatch(text); m != nil {
		return f.inline(m[1]), len(m[0])
	}
	if m := markShown.FindStringSubmatch(text); m != nil {
		return m[1], len(m[0])
	}
	if m := markAddress.FindString(text); m != "" && fresh {
		return m, len(m)
	}
	if reads, n = f.named(text); n > 0 {
		return reads, n
	}
	for _, p := range pairs {
		if inner, ok := between(text, p, fresh); ok {
			return f.inline(inner), len(inner) + 2*len(p)
		}
	}
	return text[:1], 1
}

// between gives what stands between a pair of marks.
func between(text, pair string, fresh bool) (inner string, ok bool) {
	if !strings.HasPrefix(text, pair) || len(text) < 2*len(pair)+1 {
		return "", false
	}
	for i := len(pair); i+len(pair) <= len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], pair) && i > len(pair):
			inner = text[len(pair):i]
			after := i + len(pair)
			switch {
			case pair == "*" && (inner[0] == ' ' || inner[len(inner)-1] == ' '):
				return "", false
			case pair == "_" && (!fresh || after < len(text) && inWord(text[after])):
				continue
			case len(pair) == 1 && after < len(text) && text[after] == pair[0]:
				i++ // a longer mark stands within
				continue
			}
			return inner, true
		}
	}
	return "", false
}

// named resolves what stands for something else; the lock is held.
func (f *Fake) named(text string) (reads string, n int) {
	if m := markMention.FindStringSubmatch(text); m != nil {
		return f.nameOf(m[1], m[2]), len(m[0])
	}
	if m := markMoment.FindStringSubmatch(text); m != nil {
		seconds, _ := strconv.ParseInt(m[1], 10, 64)
		return when(time.Unix(seconds, 0).UTC(), m[2], f.o.Now()), len(m[0])
	}
	if m := markSmiley.FindStringSubmatch(text); m != nil {
		return ":" + m[1] + ":", len(m[0])
	}
	if m := markTyped.FindStringSubmatch(text); m != nil {
		return "/" + m[1], len(m[0])
	}
	return "", 0
}

// nameOf is how a mention is shown; the lock is held.
func (f *Fake) nameOf(kind, id string) string {
	switch kind {
	case "@&":
		if r := f.roles[id]; r != nil {
			return "@" + strings.TrimPrefix(r.Name, "@")
		}
		return "@deleted-role"
	case "#":
		if c := f.channels[id]; c != nil {
			return "#" + c.Name
		}
		return "#unknown"
	}
	if u := f.users[id]; u != nil {
		return "@" + u.Name
	}
	return "@unknown-user"
}

// when is how a client shows a time, in UTC.
func when(at time.Time, style string, now time.Time) string {
	if style == "R" {
		d := at.Sub(now).Round(time.Minute)
		if d < 0 {
			return fmt.Sprintf("%v ago", -d)
		}
		return fmt.Sprintf("in %v", d)
	}
	layout := map[string]string{
		"t": "15:04", "T": "15:04:05", "d": "02/01/2006", "D": "2 January 2006", "F": "Monday, 2 January 2006 15:04",
		"s": "02/01/2006, 15:04", "S": "02/01/2006, 15:04:05",
	}[style]
	if layout == "" {
		layout = "2 January 2006 15:04"
	}
	return at.Format(layout)
}
