// Package golden compares what a test draws, words or prints with files that a person has read. With the flag -update the
// files become what was drawn, for that person to read the difference. Only tests import it; it knows nothing of ours.
package golden

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "accept what is drawn, worded or printed as golden")

// Update is whether the files are to become what was drawn.
func Update() bool { return *update }

// Equal compares with a file, line by line. A space in the file's own name is a dash there.
func Equal(t testing.TB, path, got string) {
	t.Helper()
	dir, name := filepath.Split(path)
	path = dir + strings.ReplaceAll(name, " ", "-")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got; the flag -update accepts):\n%s", path, diff)
	}
}

// JSON is a value as goldens show it: indented, as it is read.
func JSON(t testing.TB, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
