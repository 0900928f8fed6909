package lines

import (
	"regexp"
	"strings"
)

// Channels finds the channels that stand alone in text: what name matches, its first group being the id by which the
// platform shows the channel's name. Somebody's own words that look so become one, too: there is nothing to gain by it.
func Channels(text string, name *regexp.Regexp) []Part {
	var out []Part
	from := 0
	for _, at := range name.FindAllStringSubmatchIndex(text, -1) {
		if !strings.HasSuffix(" "+text[:at[0]], " ") && !strings.HasSuffix(text[:at[0]], "(") || !endsAlone(text[at[1]:]) {
			continue
		}
		if at[0] > from {
			out = append(out, Part{Text: text[from:at[0]]})
		}
		out, from = append(out, Part{Text: text[at[0]:at[1]], Channel: text[at[2]:at[3]]}), at[1]
	}
	if from < len(text) {
		out = append(out, Part{Text: text[from:]})
	}
	return out
}

// endsAlone reports whether what goes on is no part of a name.
func endsAlone(after string) bool {
	after = strings.TrimLeft(after, ".,;:)")
	return after == "" || after[0] == ' ' || after[0] == '\n'
}
