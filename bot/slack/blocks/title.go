package blocks

import (
	"strings"

	"github.com/readyroom/readyroom/bot/lines"
)

// setTitle lays the title out. above says whether anything stands below it.
func (s *sheet) setTitle(text string, above bool) {
	switch {
	case strings.TrimSpace(text) == "":
		return
	case !above:
		s.AddLine(text, false, ruler)
		return
	case size(text) > maxTitle:
		s.AddBold(text, len(text), false, ruler)
		return
	}
	s.title = text
	before, after := lines.Parted(text)
	switch {
	case after == "":
		s.header = before
	case before == "":
		s.header = lines.Sign(after) + after
	default:
		s.header = before
	}
	if units(s.header) > maxHeader || namesChannel(s.header) { // a header shows no names of channels
		s.header = ""
		if before == "" {
			text = lines.Sign(after) + text
		}
		s.AddBold(text, len(text), true, ruler)
		return
	}
	if before != "" && after != "" {
		s.AddBold(lines.Sign(after)+after, len(lines.Sign(after)+after), true, ruler)
	}
}
