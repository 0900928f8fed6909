package console

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "console.history")
	h := openHistory(path)
	for _, line := range []string{"status", "status", "", "  ", " admin claim secret", "list", "a\x1b[2Jb", "tab\there", "sign dócs", "status"} {
		h.Add(line)
	}
	want := []string{"status", "sign dócs", "list", "status"}
	for range 2 {
		var got []string
		for i := range h.Len() {
			got = append(got, h.At(i))
		}
		if diff := cmp.Diff(want, got); diff != "" || h.trouble() != "" {
			t.Errorf("recalled (-want +got):\n%s", diff)
		}
		h = openHistory(path)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestHistoryIsBounded in the file too, while it grows and when it is found too long.
func TestHistoryIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "console.history")
	h := openHistory(path)
	lines := func() []string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	}
	for i := range maxHistory + 3 {
		h.Add(fmt.Sprint("line ", i))
		if n := len(lines()); n > maxHistory {
			t.Fatalf("%d lines are kept", n)
		}
	}
	if got := lines(); len(got) != maxHistory || got[0] != "line 3" || got[maxHistory-1] != fmt.Sprint("line ", maxHistory+2) {
		t.Errorf("%d lines, from %s to %s", len(got), got[0], got[len(got)-1])
	}
	long := strings.Repeat("one\ntwo\n", maxHistory) + "\x1b[2J\nlast"
	if err := os.WriteFile(path, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	if h = openHistory(path); h.Len() != maxHistory || h.At(0) != "last" || h.At(1) != "two" || len(lines()) != maxHistory {
		t.Errorf("%d lines are recalled, %d kept, the last is %q", h.Len(), len(lines()), h.At(0))
	}
	h.Add("more")
	if got := lines(); got[len(got)-1] != "more" || got[len(got)-2] != "last" {
		t.Errorf("behind a line without its end stands %q", got[len(got)-2:])
	}
}

// TestHistoryWithoutAFile still recalls, and says once what is not kept.
func TestHistoryWithoutAFile(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "no", "such", "folder")
	for name, h := range map[string]*history{"none wanted": openHistory(""), "not to be made": openHistory(gone), "not to be read": openHistory(t.TempDir())} {
		h.Add("status")
		h.Add("list")
		if h.Len() != 2 || h.At(0) != "list" || h.At(1) != "status" {
			t.Errorf("%s: %d are recalled", name, h.Len())
		}
		if said := h.trouble(); (said == "") != (name == "none wanted") || h.trouble() != "" {
			t.Errorf("%s: said is %q", name, said)
		}
	}
	if _, err := os.Stat(gone); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
