package lines

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

func TestRefusalIsReadInLines(t *testing.T) {
	tests := []struct {
		name string
		said string // as cards say it
		no   *workflows.Refusal
		want chat.Message
	}{
		{"why, who, next", "not_allowed: tests is signed by engineering · can: @ana, @ben → /release item show tests",
			workflows.Refuse(workflows.NotAllowed, "tests is signed by engineering").By("@ana", "@ben").Type("/release item show tests"),
			chat.Message{Lines: []string{"not_allowed: tests is signed by engineering", "can: @ana, @ben", "→ /release item show tests"},
				Buttons: []chat.Button{{Label: "Item show tests", Line: "item show tests"}}}},
		{"several to show", "unknown_command: there is none → /release status gateway@3.1.0 · /release list",
			workflows.Refuse(workflows.UnknownCommand, "there is none").Type("/release status gateway@3.1.0", "/release list"),
			chat.Message{Lines: []string{"unknown_command: there is none", "→ /release status gateway@3.1.0 · /release list"},
				Buttons: []chat.Button{{Label: "Status gateway@3.1.0", Line: "status gateway@3.1.0"}, {Label: "List", Line: "list"}}}},
		{"what acts is not pressed by mistake", "needs_reason: say why → /release advance --break-glass -- why",
			workflows.Refuse(workflows.NeedsReason, "say why").Type("/release advance --break-glass -- why"),
			chat.Message{Lines: []string{"needs_reason: say why", "→ /release advance --break-glass -- why"}}},
		{"what is to be filled in is no button", "invalid: which → /release list PRODUCT · /release check … · /release help [WORD] · /release status --here",
			workflows.Refuse(workflows.Invalid, "which").Type("/release list PRODUCT", "/release check …", "/release help [WORD]", "/release status --here"),
			chat.Message{Lines: []string{"invalid: which", "→ /release list PRODUCT · /release check … · /release help [WORD] · /release status --here"}}},
		{"nothing but why", "invalid: a → b · can: c",
			workflows.Refuse(workflows.Invalid, "a → b · can: c"), chat.Message{Title: "invalid: a → b · can: c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := chat.Message{Title: tt.said}
			got, ok := Answer(chat.Reply{Message: &m, Refusal: tt.no})
			if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
				t.Errorf("ok %v (-want +got):\n%s", ok, diff)
			}
		})
	}
}

func TestChoicesComeBeforeSteps(t *testing.T) {
	no := workflows.Refuse(workflows.Invalid, "which release?").Type("/release check")
	m := chat.Message{Title: "which release?"}
	got, _ := Answer(chat.Reply{Message: &m, Refusal: no, Choices: []workflows.Choice{{Label: "app 1.0.0", Line: "check app@1.0.0"}}})
	if diff := cmp.Diff([]chat.Button{{Label: "app 1.0.0", Line: "check app@1.0.0"}}, got.Buttons); diff != "" {
		t.Error(diff)
	}
}

// In a thread a line is said to the bot; what people wrote stays as they wrote it.
func TestHintsByName(t *testing.T) {
	got := SaidByName(chat.Message{Title: "GO 7/7 → /release advance", Lines: []string{"/release help · What you may do", "look: /release check · then: /release sign x", "see https://x.example/release and a/release"}})
	want := chat.Message{Title: "GO 7/7 → @readyroom advance", Lines: []string{"@readyroom help · What you may do", "look: @readyroom check · then: @readyroom sign x", "see https://x.example/release and a/release"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	approved := chat.Message{Title: "notes → /release notes edit", Lines: []string{"→ /release notes"}, Small: "e.g. /release check", Verbatim: true}
	want = chat.Message{Title: "notes → @readyroom notes edit", Lines: approved.Lines, Small: "e.g. @readyroom check", Verbatim: true}
	if diff := cmp.Diff(want, SaidByName(approved)); diff != "" {
		t.Errorf("word for word: %s", diff)
	}
}
