package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// FormCallback is the callback_id of a form.
const FormCallback = "rr:form"

const (
	maxViewTitle  = 24 // characters of a view's title and of the labels on its buttons
	maxInputLabel = 2000
	maxHint       = 2000
	closeLabel    = "Cancel"
	product       = "Readyroom"
)

// Modal draws a form. private comes back with its submission, and is at most 3,000 characters long.
//
// Fields have different keys, of up to 255 bytes and without a slash; what a field was given comes back from values,
// whole. A text longer than an input takes is spread over several, and one that no form could hold is left out, with a
// line that says so: a draft is never cut in silence.
func Modal(f chat.Form, private string) slack.ModalViewRequest {
	title, about := headed(lines.OneLine(f.Title))
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: FormCallback, PrivateMetadata: private,
		Title: plain(short(title, product)), Submit: plain(short(lines.OneLine(f.Submit), "Submit")), Close: plain(closeLabel),
	}
	if short(title, product) != title && strings.TrimSpace(title) != "" {
		v.Blocks.BlockSet = written(cut(title, maxInputLabel))
	}
	if about != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, written(cut(about, maxInputLabel))...)
	}
	for _, field := range f.Fields {
		blocks := inputs(field, len(v.Blocks.BlockSet))
		if rest := view.blocks - 1 - len(v.Blocks.BlockSet); len(blocks) > rest || weigh(blocks)+weigh(v.Blocks.BlockSet) > formBytes {
			blocks = tooLong(field)
			if rest < 1 {
				continue
			}
		}
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, blocks...)
	}
	if len(v.Blocks.BlockSet) == 0 {
		v.Blocks.BlockSet = written(short(title, product))
	}
	return v
}

// headed takes a title that is too long for a view's head apart: "Add to the scope · app 1.0.0" is said in two lines.
func headed(title string) (head, about string) {
	head, about, _ = strings.Cut(title, " · ")
	if short(title, product) == title || short(head, product) != head {
		return title, ""
	}
	return head, about
}

// formBytes is how much a form may hold; Slack names no limit.
const formBytes = 150_000

// short is a title as a view's head has room for it.
func short(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return cut(s, maxViewTitle)
}

// tooLong stands in place of a field that no form could hold.
func tooLong(f chat.Field) []slack.Block {
	return written(fmt.Sprintf("%s: with its %d characters it is too long for a form here; it stays as it is, whatever else is sent", cut(fieldLabel(f), maxViewTitle*4), len([]rune(f.Value))))
}

func fieldLabel(f chat.Field) string {
	if s := lines.OneLine(f.Label); strings.TrimSpace(s) != "" {
		return cut(s, maxInputLabel)
	}
	return cut(lines.OneLine(f.Key), maxInputLabel)
}

// inputs draws a field: a picker where Slack has one that can hold what the field holds, else a text. n numbers its
// elements.
func inputs(f chat.Field, n int) []slack.Block {
	id := fmt.Sprintf("%sin:%d", ours, n)
	if e := picker(f, id); e != nil {
		return []slack.Block{input(f.Key, fieldLabel(f), lines.OneLine(f.Hint), !f.Required, e)}
	}
	parts := lines.Spread(f.Value, maxInput, maxInputs)
	if parts == nil {
		return tooLong(f)
	}
	var out []slack.Block
	for i, p := range parts {
		e := slack.NewPlainTextInputBlockElement(nil, fmt.Sprintf("%s:%d", id, i))
		e.InitialValue, e.MaxLength = p.Text, maxInput
		e.Multiline = f.Long || len(parts) > 1 || strings.Contains(p.Text, "\n")
		label, hint := fieldLabel(f), lines.Hinted(f)
		if len(parts) > 1 {
			label = fmt.Sprintf("%s (%d/%d)", cut(fieldLabel(f), maxInputLabel-20), i+1, len(parts))
		}
		if i > 0 {
			hint = ""
		}
		out = append(out, input(lines.PartID(f.Key, i, p.Breaks), label, hint, !f.Required || i > 0, e))
	}
	return out
}

func input(id, label, hint string, optional bool, e slack.BlockElement) slack.Block {
	b := slack.NewInputBlock(id, plain(label), nil, e)
	if strings.TrimSpace(hint) != "" {
		b.Hint = plain(cut(hint, maxHint))
	}
	b.Optional = optional
	return b
}
