package console

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// A form that asks for one text opens the editor; every other waits for !fill. What is refused is kept as a file.
func TestEditor(t *testing.T) {
	long := chat.Form{Title: "Release notes · app 1.0.0", Line: "notes edit", Basis: "~.2", Fields: []chat.Field{{Key: "text", Value: "was", Long: true}}}
	two := chat.Form{Title: "Two", Line: "brief", Fields: []chat.Field{{Key: "a", Long: true}, {Key: "b"}}}
	for name, c := range map[string]struct {
		form    chat.Form
		edit    func(text string) (string, error)
		answer  chat.Reply
		sent    string // of the field
		want    []string
		written string
	}{
		"saved": {long, func(text string) (string, error) { return text + "\nand more\n", nil }, chat.Reply{Message: &chat.Message{Title: "thanks"}},
			"was\nand more", []string{"thanks"}, ""},
		"as it was":  {long, func(text string) (string, error) { return text + "\n", nil }, chat.Reply{}, "", []string{"the text is as it was: nothing was sent"}, ""},
		"not edited": {long, func(string) (string, error) { return "", workflows.Refuse(Unedited, "it fell over") }, chat.Reply{}, "", []string{"unedited: it fell over"}, ""},
		"refused": {long, func(string) (string, error) { return "mine", nil }, chat.Reply{Refusal: workflows.Refuse(workflows.Changed, "they changed since")},
			"mine", []string{"changed: they changed since", "wrote release-notes-app-1.0.0.md (5 bytes)"}, "mine\n"},
		"two fields": {two, func(string) (string, error) { t.Error("opened"); return "", nil }, chat.Reply{}, "", []string{"Two", "answer with: !fill"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, filepath.Join(t.TempDir(), "memory"))
			r.opts.Folder = t.TempDir()
			r.opts.Edit = func(_ context.Context, name, text string) (string, error) {
				if name != "release-notes-app-1.0.0.md" {
					t.Errorf("the file is called %q", name)
				}
				return c.edit(text)
			}
			sent := ""
			r.opts.Handle = func(_ context.Context, q chat.Request) chat.Reply {
				if q.Values == nil {
					return chat.Reply{Form: &c.form}
				}
				if sent = q.Values["text"]; q.Text != "notes edit ~.2" || !q.Press {
					t.Errorf("sent was %+v", q)
				}
				return c.answer
			}
			got := r.run(t, "notes edit\n")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("it lacks %q:\n%s", want, got)
				}
			}
			if sent != c.sent {
				t.Errorf("sent was %q, want %q", sent, c.sent)
			}
			if text, _ := os.ReadFile(filepath.Join(r.opts.Folder, "release-notes-app-1.0.0.md")); string(text) != c.written {
				t.Errorf("kept is %q, want %q", text, c.written)
			}
		})
	}
}
