package cards

import (
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// DryRun says what would follow, and that nothing did.
func DryRun(would chat.Message, told []workflows.Told) chat.Message {
	parts := []string{"DRY RUN " + would.Title}
	if s := Would(told); s != "" {
		parts = append(parts, "would "+s)
	}
	would.Title = strings.Join(append(parts, "nothing changed, nobody told"), " · ")
	would.Buttons, would.Small, would.Whole = nil, "", ""
	return would
}

// Would is whom an act tells, as a dry run says it.
func Would(told []workflows.Told) string {
	var out []string
	for _, t := range told {
		switch {
		case t.Edit:
			out = append(out, "edit the "+t.What+" in "+t.In())
		case t.N > 0 || t.Place.IsDirect():
			out = append(out, "tell "+t.In())
		default:
			out = append(out, "post in "+t.In())
		}
	}
	return strings.Join(out, ", ")
}

// Tells is whom an act tells, as its confirmation says it: places that hear something new.
func Tells(told []workflows.Told) string {
	var out []string
	seen := map[workflows.Place]bool{}
	for _, t := range told {
		if !t.Edit && !seen[t.Place] {
			seen[t.Place] = true
			out = append(out, t.In())
		}
	}
	if len(out) > 0 {
		return "tells " + strings.Join(out, ", ")
	}
	for _, t := range told {
		if t.Edit && !seen[t.Place] && t.What != "card" {
			seen[t.Place] = true
			out = append(out, t.In())
		}
	}
	if len(out) > 0 {
		return "edits what stands in " + strings.Join(out, ", ")
	}
	return "tells nobody"
}
