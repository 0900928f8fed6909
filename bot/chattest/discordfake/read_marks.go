package discordfake

import (
	"regexp"
	"strings"
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
