package discord

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/commands"
)

func TestSpelled(t *testing.T) {
	spell := tree.Spell(commands.All.Typed())
	yes, undo := chat.Button{Label: "Yes", Line: "confirm k3f9"}, chat.Button{Label: "Undo", Line: "undo k3f9"}
	const typed, until = "typed: confirm k3f9 · or: confirm k3f9 no", "typed: undo k3f9, until 09:02"
	tests := []struct{ name, title, small, wantTitle, wantSmall, byName, smallByName string }{
		{"a hint", "GO → /release notes draft", "", "GO → /notes draft", "", "GO → @readyroom notes draft", ""},
		{"with options", "off → /release flag set invoices 10%", "", "off → /flag set flag:invoices to:10%", "", "off → @readyroom flag set invoices 10%", ""},
		{"what to follow", "→ /release feedback follow app@1.0.0 off", "", "→ /feedback follow rel:app@1.0.0 what:off", "", "→ @readyroom feedback follow app@1.0.0 off", ""},
		{"a reason", "→ /release rollback start -- why", "", "→ /rollback start reason:why", "", "→ @readyroom rollback start -- why", ""},
		{"somebody's words", "say /release notes draft", "", "say /release notes draft", "", "say /release notes draft", ""},
		{"an example", "e.g. /release set --here", "", "e.g. /release set here:True", "", "e.g. @readyroom set --here", ""},
		{"a question", "Go?", typed, "Go?", "", "Go?", ""},
		{"with a version", "Go?", "typed: confirm k3f9 app@1.0.0 · or: confirm k3f9 no", "Go?", "", "Go?", ""},
		{"a way back", "done", until, "done", "undo: until 09:02", "done", "undo: until 09:02"},
		{"lines in small print", "heard", "plan one: /release feedback plan N @owner --due friday · settle one: /release feedback done N -- how", "heard",
			"plan one: /feedback plan n:N who:@owner due:friday · settle one: /feedback done n:N what:how", "heard",
			"plan one: @readyroom feedback plan N @owner --due friday · settle one: @readyroom feedback done N -- how"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := chat.Message{Title: tt.title, Lines: []string{tt.title}, Small: tt.small, Buttons: []chat.Button{yes, undo}}
			want := chat.Message{Title: tt.wantTitle, Lines: []string{tt.wantTitle}, Small: tt.wantSmall, Buttons: m.Buttons}
			if diff := cmp.Diff(want, spelled(m, spell)); diff != "" {
				t.Errorf("spelled (-want +got):\n%s", diff)
			}
			want = chat.Message{Title: tt.byName, Lines: []string{tt.byName}, Small: tt.smallByName, Buttons: m.Buttons}
			if diff := cmp.Diff(want, spelled(lines.SaidByName(m), spell)); diff != "" { // it is posted like any other
				t.Errorf("said by name (-want +got):\n%s", diff)
			}
		})
	}
	if got := spelled(chat.Message{Title: "Go?", Small: typed}, spell).Small; got != typed {
		t.Errorf("without its buttons a question says %q", got)
	}
}

// TestSpelledOnce: an answer that goes into direct messages is spelled when it is posted there.
func TestSpelledOnce(t *testing.T) {
	const said, want = "→ /release sign app@1.0.0 tests", "→ /release sign rel:app@1.0.0 item:tests"
	w := drawn(chat.Reply{Message: &chat.Message{Title: said}}, nil, tree.Spell(commands.All.Typed()))
	if w.message.Title != said || w.pages[0].Content() != want {
		t.Errorf("posted %q, shown %q", w.message.Title, w.pages[0].Content())
	}
}
