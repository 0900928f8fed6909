package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEditor edits the notes at a terminal in the program that EDITOR names: what it leaves is sent, and the terminal is
// given back. VISUAL comes first; one that fails sends nothing; without either the form waits for !fill.
func TestEditor(t *testing.T) {
	inWorktree(t)
	seen := filepath.Join(t.TempDir(), "seen")
	script := filepath.Join(t.TempDir(), "my editor")
	const program = `#!/bin/sh
# it sees the text, has the terminal, and leaves another text
[ "$1" = -w ] && shift
[ -t 0 ] && [ -t 1 ] || exit 3
printf '%s\n' "$1" > "$SEEN"
cat "$1" >> "$SEEN"
ls -l "$1" | cut -c1-10 >> "$SEEN"
[ -n "$FAILS" ] && exit 7
printf '# app 1.0.0\n\n- Edited at the terminal\n' > "$1.new"
mv "$1.new" "$1"
`
	if err := os.WriteFile(script, []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "ed") // words are parted by blanks
	if err := os.Symlink(script, link); err != nil {
		t.Fatal(err)
	}
	s := sit(t, 200, "readyroom", []string{"VISUAL=" + link + " -w", "EDITOR=false", "SEEN=" + seen}, "console")
	s.types("new app@1.0.0\r")
	s.sees("  [Sign…] [Why not?] [Notes] [Briefing] [Hold]", ">")
	s.types("notes draft\r")
	s.sees("  [Edit…] [Approve]", ">")
	s.types("notes edit\r")
	s.sees("  • Edited at the terminal", "  [Edit…] [Approve]", ">")
	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	path, rest, _ := strings.Cut(string(text), "\n")
	if filepath.Base(path) != "release-notes-app-1.0.0.md" || !strings.HasPrefix(rest, "# app 1.0.0\n") || !strings.HasSuffix(rest, "-rw-------\n") {
		t.Errorf("the editor saw %q", text)
	}
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Errorf("%s is left behind: %v", path, err)
	}
	s.types(ctrlD)
	s.ends(0)

	s = sit(t, 200, "readyroom", []string{"VISUAL=", "EDITOR=" + link, "SEEN=" + seen, "FAILS=1"}, "console")
	s.types("notes edit\r")
	s.sees(s.answer("unedited: the editor failed: "+link+": exit status 7: nothing was sent"), ">")
	s.types("!fill text=again\r")
	s.sees("  again", "  [Edit…] [Approve]", ">")
	s.types(ctrlD)
	s.ends(0)

	s = sit(t, 200, "readyroom", []string{"VISUAL=", "EDITOR="}, "console")
	s.types("notes edit\r")
	s.sees("  answer with: !fill key=value …", ">")
	s.types(ctrlD)
	s.ends(0)
}
