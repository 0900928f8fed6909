package embeds

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

const (
	maxModal  = 5    // labels and texts of a modal
	maxHead   = 45   // of a modal's title, and of a label
	maxHint   = 100  // of what stands with a label
	maxInput  = 4000 // of a text in an input
	fillInput = 3600 // of a long text in one input, so that something can be added in each
	maxInputs = 15   // over which one text is spread
	maxText   = 2000 // of a text in a modal
	product   = "Readyroom"
)

// ModalData is the data of an answer that opens a form, of type 9.
type ModalData struct {
	CustomID   string                       `json:"custom_id"`
	Title      string                       `json:"title"`
	Components []discordgo.MessageComponent `json:"components"`
	// Enough is set where the form can be sent without the ones behind it: they ask for nothing that has to be filled in.
	Enough bool `json:"-"`
}

// piece is one component of a form, before it is known which modal it stands in.
type piece struct {
	component discordgo.MessageComponent
	needed    bool // the form cannot be sent without it
}

// Modals draws a form over as many modals as it takes, each of up to five inputs. What is required comes first, if it does
// not all fit in one. The first has id for its custom id, the i-th id with "/i"; FormOf reads that back. An id has up to 90 bytes.
//
// Fields have different keys, of up to 80 bytes and without a slash; what a field was given comes back from Submitted,
// whole. A text longer than an input takes is spread over several, and one that no form
// could hold is left out, with a line that says so: a draft is never cut in silence.
func Modals(f chat.Form, id string) []ModalData {
	all := pieces(f)
	var out []ModalData
	for from := 0; from < len(all); from += maxModal {
		m := ModalData{CustomID: id, Title: heading(f)}
		if from > 0 {
			m.CustomID = fmt.Sprintf("%s/%d", id, len(out)+1)
		}
		to := min(from+maxModal, len(all))
		for _, p := range all[from:to] {
			m.Components = append(m.Components, p.component)
		}
		m.Enough = !slices.ContainsFunc(all[to:], func(p piece) bool { return p.needed })
		out = append(out, m)
	}
	return out
}

var partOf = regexp.MustCompile(`^(.+)/([2-9]|[1-9][0-9])$`)

// FormOf reads a modal's custom id back: the id that it was drawn with, and which of its modals it is, from 1 on.
func FormOf(customID string) (id string, part int) {
	g := partOf.FindStringSubmatch(customID)
	if g == nil {
		return customID, 1
	}
	_, _ = fmt.Sscan(g[2], &part)
	return g[1], part
}

func heading(f chat.Form) string {
	if s := strings.TrimSpace(lines.OneLine(f.Title)); s != "" {
		return short(s, maxHead)
	}
	return product
}

func hint(s string) string { return short(strings.TrimSpace(s), maxHint) }

func short(s string, limit int) string { return lines.Cut(s, limit, lines.Units) }

// pieces are a form's components, in order: as they come, if they fit in one modal, else what is required first.
func pieces(f chat.Form) []piece {
	var needed, rest, all []piece
	for _, field := range f.Fields {
		drawn := inputs(field)
		all = append(all, drawn...)
		if field.Required {
			needed = append(needed, drawn...)
		} else {
			rest = append(rest, drawn...)
		}
	}
	if full := strings.TrimSpace(lines.OneLine(f.Title)); full != heading(f) && full != "" && len(all) != maxModal {
		title := []piece{{component: text(full)}}
		all, needed = append(title, all...), append(title, needed...)
	}
	if len(all) == 0 {
		return []piece{{component: text(heading(f))}}
	}
	if len(all) > maxModal {
		return append(needed, rest...)
	}
	return all
}

func text(s string) discordgo.MessageComponent {
	return discordgo.TextDisplay{Content: plainly(lines.Cut(s, maxText/2, worst))}
}

func fieldLabel(f chat.Field) string {
	if s := strings.TrimSpace(lines.OneLine(f.Label)); s != "" {
		return s
	}
	return lines.OneLine(f.Key)
}

// inputs draws a field: a list where Discord has one that can hold what the field holds, else a text.
func inputs(f chat.Field) []piece {
	l := Label{Label: short(fieldLabel(f), maxHead), Description: hint(lines.OneLine(f.Hint))}
	if l.Component = picker(f); l.Component != nil {
		return []piece{{component: l, needed: f.Required && f.Value == ""}}
	}
	spread := lines.Spread(f.Value, maxInput, 1)
	if spread == nil || lines.Units(f.Value) > fillInput {
		spread = lines.Spread(f.Value, fillInput, maxInputs)
	}
	if spread == nil {
		return []piece{{component: text(fmt.Sprintf("%s: with its %d characters it is too long for a form here; it stays as it is, whatever else is sent",
			fieldLabel(f), len([]rune(f.Value))))}}
	}
	l.Description = hint(lines.Hinted(f))
	var out []piece
	for i, p := range spread {
		required := f.Required && i == 0
		in := TextInput{CustomID: lines.PartID(f.Key, i, p.Breaks), Style: discordgo.TextInputShort, Value: p.Text, Required: required, MaxLength: maxInput}
		if f.Long || len(spread) > 1 || strings.Contains(p.Text, "\n") {
			in.Style = discordgo.TextInputParagraph
		}
		if len(spread) > 1 {
			n := fmt.Sprintf(" (%d/%d)", i+1, len(spread))
			l.Label = short(fieldLabel(f), maxHead-len(n)) + n
		}
		if i > 0 {
			l.Description = ""
		}
		l.Component = in
		out = append(out, piece{component: l, needed: required && p.Text == ""})
	}
	return out
}
