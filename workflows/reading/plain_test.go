package reading_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A second opinion is worth something as long as it is not the first one's: of all that the rooms can work out, the
// reading uses the names of things.
func TestReadsForItself(t *testing.T) {
	want := []string{"policy.Names", "release.Gate.Full", "release.Gate.Key", "team.PersonID"}
	files := token.NewFileSet()
	var parsed []*ast.File
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	check := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
	if _, err := check.Check("reading", files, parsed, &info); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, used := range info.Uses {
		if f, ok := used.(*types.Func); ok && f.Pkg() != nil && aRoom(f.Pkg().Path()) {
			_, name, _ := strings.Cut(f.FullName(), "workflows/")
			got = append(got, strings.Replace(name, ")", "", 1))
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("what the rooms work out (-allowed +used):\n%s", diff)
	}
}

func aRoom(path string) bool {
	_, room, ok := strings.Cut(path, "/workflows/")
	return ok && room != "ledger" // whose records are as they are for everybody
}
