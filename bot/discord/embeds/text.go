package embeds

import (
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/bot/lines"
)

// begins finds what Discord reads as more than letters at the beginning of a line: headings, lists, quotes, small print.
var begins = regexp.MustCompile(`^[\s\x{00a0}]*(?:[-#>+]|[0-9]+[.)])`)

// special reports whether Discord reads the letter at a place of a line as more than a letter, wherever it stands: emphasis,
// code, spoilers, everything in angle brackets, links under another name, addresses, emoji by name, calls to everybody,
// invitations. A backslash in front of it makes it a letter.
func special(line string, at int) bool {
	switch rest := line[at+1:]; line[at] {
	case '\\', '*', '_', '~', '|', '<', '[', '`':
		return true
	case ':':
		end := strings.IndexAny(rest, ": \t")
		return strings.HasPrefix(rest, "/") || end > 0 && rest[end] == ':'
	case '@':
		return begun(rest, "everyone") || begun(rest, "here")
	case '.':
		return begun(rest, "gg/") || begun(rest, "com/") || begun(rest, "gift/") || begun(rest, "new/")
	}
	return false
}

// begun reports whether text begins with a word, in whatever case.
func begun(text, word string) bool {
	return len(text) >= len(word) && strings.EqualFold(text[:len(word)], word)
}

// worst is how long text may become at most, in the units in which Discord counts.
func worst(s string) int {
	n := lines.Units(s)
	for i := range len(s) {
		if c := s[i]; c > ' ' && c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z' && c < 0x80 {
			n++
		}
	}
	return n
}

// channelName is a channel as places have it: the server's id and its own; or as the configuration writes it, with
// "discord/" in front. Discord shows the id as the channel's name to whoever may see it, and calls nobody. Or it is an
// account, as handles and lines have it: "discord/1", "@discord.1". Discord shows that by its name to everybody, and since
// no message may ring anybody, nobody is rung.
var channelName = regexp.MustCompile(`(?:(?:discord/[1-9][0-9]{0,19}|[1-9][0-9]{15,19})/|discord/|@discord\.)([1-9][0-9]{0,19})`)

// leastAccount is how long an account's id is at least: shorter numbers are something else.
const leastAccount = 16

// nameFor is what Discord shows as the name of a channel or an account; empty for what is neither.
func nameFor(p lines.Part) string {
	before := strings.TrimSuffix(p.Text, p.Channel)
	switch {
	case p.Channel == "":
		return ""
	case before != "discord/" && before != "@discord.":
		return "<#" + p.Channel + ">"
	case len(p.Channel) < leastAccount:
		return ""
	}
	return "<@" + p.Channel + ">"
}

// plainEnd is what an address may end in so that Discord takes it for its end.
var plainEnd = regexp.MustCompile(`[A-Za-z0-9/_=&#%~$@+-]$`)

// link is an address as Discord links it, and nothing behind it. bare says that nothing stands behind it in the line.
func link(address string, bare bool) string {
	if bare && plainEnd.MatchString(address) {
		return address
	}
	return "<" + address + ">"
}

// pen writes a line so that Discord shows it letter by letter, with the links and names that are meant.
type pen struct {
	strings.Builder
	line  string
	first int  // the place of what would make the line a heading, a list or the like; -1: there is none
	begun bool // the line goes on from somewhere else: what stands at its beginning may be half of something
	goes  bool // the line goes on somewhere else: what stands at its end may be half of something
	close bool // every address stands in brackets, in which Discord shows no preview
}

func newPen(line string) *pen {
	w := &pen{line: line, first: -1}
	if at := begins.FindStringIndex(line); at != nil {
		w.first = at[1] - 1 // what makes it one is the last of it
	}
	return w
}

// write writes the part of the line between two places. Links are only looked for where there may be any.
func (w *pen) write(from, to int, links bool) {
	all := []lines.Part{{Text: w.line[from:to]}}
	if links {
		all = lines.Linked(w.line[from:to])
	}
	for _, p := range all {
		end := from + len(p.Text)
		if p.Link && w.whole(from, end) {
			w.WriteString(link(p.Text, !w.close && (end == len(w.line) || w.line[end] == ' ')))
			from = end
			continue
		}
		for _, c := range lines.Channels(p.Text, channelName) {
			end := from + len(c.Text)
			if name := nameFor(c); name != "" && w.whole(from, end) {
				w.WriteString(name)
			} else {
				w.letters(from, end)
			}
			from = end
		}
	}
}

// whole reports whether what stands between two places of the line is no half of something.
func (w *pen) whole(from, to int) bool {
	return (!w.begun || from > 0) && (!w.goes || to < len(w.line))
}

func (w *pen) letters(from, to int) {
	for i := from; i < to; i++ {
		if i == w.first || special(w.line, i) {
			w.WriteByte('\\')
		}
		w.WriteByte(w.line[i])
	}
}

// plainly is a line without any emphasis, and with addresses that show no preview.
func plainly(line string) string {
	w := newPen(line)
	w.close = true
	w.write(0, len(line), true)
	return w.String()
}
