package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
)

func handing(files ...chat.File) func(*rig) {
	return func(r *rig) {
		answers["hand"] = func(*bot, chat.Request, string) chat.Reply {
			return chat.Reply{Message: &chat.Message{Title: "here you are"}, Files: files}
		}
		r.opts.Folder = filepath.Dir(r.memory.journal.file.Name())
	}
}

func within(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != "c" {
			out[e.Name()] = string(text)
		}
	}
	return out
}

// TestFilesAreWritten, under one number where a name is taken, and over nothing.
func TestFilesAreWritten(t *testing.T) {
	folder := t.TempDir()
	r := newRig(t, filepath.Join(folder, "c"))
	handing(chat.File{Name: "app@1.0.0.evidence.json", Data: []byte("{}")}, chat.File{Name: "app@1.0.0.evidence.md", Data: []byte("# app")})(r)
	if err := os.WriteFile(filepath.Join(folder, "app@1.0.0.evidence.md"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := "here you are\n  wrote app@1.0.0.evidence-2.json (2 bytes)\n  wrote app@1.0.0.evidence-2.md (5 bytes)\n" +
		"here you are\n  wrote app@1.0.0.evidence-3.json (2 bytes)\n  wrote app@1.0.0.evidence-3.md (5 bytes)\n"
	if got := r.run(t, "hand\nhand\n"); got != want {
		t.Error(cmp.Diff(want, got))
	}
	if diff := cmp.Diff(map[string]string{"app@1.0.0.evidence.md": "mine", "app@1.0.0.evidence-2.json": "{}", "app@1.0.0.evidence-2.md": "# app",
		"app@1.0.0.evidence-3.json": "{}", "app@1.0.0.evidence-3.md": "# app"}, within(t, folder)); diff != "" {
		t.Error(diff)
	}
}

// TestFilesStayInTheFolder, whatever their names say; what cannot be written is said.
func TestFilesStayInTheFolder(t *testing.T) {
	folder := t.TempDir()
	r := newRig(t, filepath.Join(folder, "c"))
	handing(chat.File{Name: "../../up.json", Data: []byte("x")}, chat.File{Name: strings.Repeat("w", 300), Data: []byte("y")})(r)
	r.opts.JSON = true
	got := r.run(t, "hand\n")
	if !strings.Contains(got, `"files":[{"name":"up.json","size":1},{"name":"`+strings.Repeat("w", 300)+`","size":1,"error":"`) {
		t.Error(got)
	}
	if diff := cmp.Diff(map[string]string{"up.json": "x"}, within(t, folder)); diff != "" {
		t.Error(diff)
	}
}

// TestFilesWithoutAFolder are named, and written nowhere.
func TestFilesWithoutAFolder(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	handing(chat.File{Name: "a.json", Data: []byte("x")})(r)
	r.opts.Folder = ""
	if got, want := r.run(t, "hand\n"), "here you are\n  not written: a.json (1 byte): no folder to write to here → readyroom evidence RELEASE writes it where you are\n"; got != want {
		t.Error(got)
	}
}
