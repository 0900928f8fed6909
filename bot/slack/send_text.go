package slack

import (
	"strings"
	"unicode/utf8"
)

// maxUpdateText is how many bytes the text of an edit may have, escaped; a longer one is refused, not cut.
const maxUpdateText = 4000

// withinBytes cuts a text that Slack would count as longer: at the end of a line where there is one, and never inside a
// character, an escape or a link.
func withinBytes(text string, limit int) string {
	if counted(text) <= limit {
		return text
	}
	const more = "…"
	size, end := len(more), 0
	for i, r := range text { // the longest beginning that fits
		if size += counted(string(r)); size > limit {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	cut := text[:end]
	if i := strings.LastIndexByte(cut, '\n'); i > len(cut)/2 {
		return cut[:i+1] + more
	}
	if i := strings.LastIndexByte(cut, '<'); i >= 0 && !strings.Contains(cut[i:], ">") {
		cut = cut[:i]
	}
	if i := strings.LastIndexByte(cut, '&'); i >= 0 && !strings.Contains(cut[i:], ";") {
		cut = cut[:i]
	}
	return cut + more
}

// counted is how many bytes Slack counts of a text at most: a < or > that marks a link or a mention counts as if it were
// escaped, and an & that begins an escape is one already.
func counted(text string) int {
	return len(text) + 3*(strings.Count(text, "<")+strings.Count(text, ">")) + 4*(strings.Count(text, "&")-escapes(text))
}

func escapes(text string) int {
	return strings.Count(text, "&amp;") + strings.Count(text, "&lt;") + strings.Count(text, "&gt;")
}
