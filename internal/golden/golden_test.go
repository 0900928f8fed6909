package golden_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/internal/golden"
)

// noter is a test that may fail without failing this one.
type noter struct {
	testing.TB
	errors, fatal int
}

func (n *noter) Helper()               {}
func (n *noter) Errorf(string, ...any) { n.errors++ }
func (n *noter) Fatal(...any)          { n.fatal++; panic("fatal") }

// TestEqual: what is as the file is well, what is not is said, what has no file ends the test, and -update takes it over.
func TestEqual(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a card.txt")
	held := func(got string) (errors, fatal int) {
		n := &noter{TB: t}
		func() {
			defer func() { _ = recover() }()
			golden.Equal(n, path, got)
		}()
		return n.errors, n.fatal
	}
	updated := func(got string) {
		if err := flag.Set("update", "true"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = flag.Set("update", "false") }()
		golden.Equal(t, path, got)
	}
	if errors, fatal := held("one\n"); errors != 0 || fatal != 1 {
		t.Errorf("without a file: %d errors, %d fatal", errors, fatal)
	}
	updated("one\n")
	text, err := os.ReadFile(strings.ReplaceAll(path, " ", "-"))
	if err != nil || string(text) != "one\n" {
		t.Errorf("kept %q, %v", text, err)
	}
	for got, want := range map[string]int{"one\n": 0, "two\n": 1, "one": 1, "": 1} {
		if errors, fatal := held(got); errors != want || fatal != 0 {
			t.Errorf("%q: %d errors, %d fatal", got, errors, fatal)
		}
	}
}

func TestJSON(t *testing.T) {
	if got := golden.JSON(t, map[string]any{"b": []int{1}, "a": "<&>"}); got != "{\n  \"a\": \"<&>\",\n  \"b\": [\n    1\n  ]\n}\n" {
		t.Errorf("got %q", got)
	}
}
