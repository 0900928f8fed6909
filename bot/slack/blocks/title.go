package blocks

import (
	"regexp"
	"strings"
)

// verdict is the part of a title that says how things stand.
var verdict = regexp.MustCompile(`^(GO|NO-GO|ON HOLD)( \d+/\d+)?($|:| \()`)

// signs are what a verdict is seen by from afar.
var signs = map[string]string{"GO": "✅ ", "NO-GO": "⛔ ", "ON HOLD": "⏸️ "}

// setTitle lays the title out. above says whether anything stands below it.
func (s *sheet) setTitle(text string, above bool) {
	switch {
	case strings.TrimSpace(text) == "":
		return
	case !above:
		s.addLine(text, false)
		return
	case size(text) > maxTitle:
		s.addBold(text, len(text), false)
		return
	}
	s.title = text
	before, after := parted(text)
	switch {
	case after == "":
		s.header = before
	case before == "":
		s.header = sign(after) + after
	default:
		s.header = before
	}
	if units(s.header) > maxHeader || namesChannel(s.header) { // a header shows no names of channels
		s.header = ""
		if before == "" {
			text = sign(after) + text
		}
		s.addBold(text, len(text), true)
		return
	}
	if before != "" && after != "" {
		s.addBold(sign(after)+after, len(sign(after)+after), true)
	}
}

// parted takes a title apart in front of the verdict. Where two parts read like one, somebody's words do, and none is
// believed.
func parted(title string) (before, after string) {
	parts := strings.Split(title, " · ")
	at := -1
	for i, p := range parts {
		if !verdict.MatchString(p) {
			continue
		}
		if at >= 0 {
			return title, ""
		}
		at = i
	}
	if at < 0 {
		return title, ""
	}
	return strings.Join(parts[:at], " · "), strings.Join(parts[at:], " · ")
}

// sign is what the verdict at the beginning of text is seen by.
func sign(text string) string {
	first, _, _ := strings.Cut(text, " · ")
	return signs[verdict.FindStringSubmatch(first)[1]]
}
