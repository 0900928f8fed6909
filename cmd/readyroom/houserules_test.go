package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// impure are the packages of the standard library with which a room would reach outside itself: files, network, logs,
// programs, chance. What only computes is let through by name.
var (
	impure   = []string{"crypto/rand", "database/sql", "io/fs", "io/ioutil", "log", "math/rand", "net", "os", "syscall"}
	harmless = []string{"net/mail", "net/netip", "net/url"}
)

// source is one Go file that is not a test.
type source struct {
	pkg, file string
	tree      *ast.File
}

// complaints reads every Go file below fsys and says what breaks the rules of the house.
func complaints(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if base := d.Name(); name != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) != ".go":
			return nil
		}
		found, err := inspect(fsys, name)
		all = append(all, found...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func inspect(fsys fs.FS, name string) ([]string, error) {
	pkg := path.Dir(name)
	if pkg == "." {
		return []string{name + ": no Go file at the root"}, nil
	}
	if _, ok := house[pkg]; !ok {
		return []string{pkg + " has no row in the import table"}, nil
	}
	if strings.HasSuffix(name, "_test.go") {
		return nil, nil
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := source{pkg: pkg, file: name, tree: tree}
	found := s.imports()
	if s.approves() {
		found = append(found, name+": only a fold of an approval makes text public with workflows.Approved")
	}
	return found, nil
}

// imports says which imports the package's row, or what its kind may know, does not allow.
func (s source) imports() (found []string) {
	say := func(format string, args ...any) { found = append(found, s.file+": "+fmt.Sprintf(format, args...)) }
	room := strings.HasPrefix(s.pkg+"/", "workflows/") && s.pkg != "workflows/desk"
	for _, spec := range s.tree.Imports {
		full, _ := strconv.Unquote(spec.Path.Value)
		ours, isOurs := strings.CutPrefix(full, module+"/")
		switch {
		case isOurs && !mayImport(s.pkg, ours):
			say("%s may not import %s", s.pkg, ours)
		case room && within(full, impure) && !within(full, harmless):
			say("a room may not import %s", full)
		case full == "os/exec" && s.pkg != "bot/git" && s.pkg != "bot/git/gittest" && s.pkg != "cmd/readyroom/child":
			say("only bot/git and cmd/readyroom/child run programs")
		}
	}
	return found
}

func mayImport(pkg, ours string) bool {
	if slices.Equal(house[pkg], everything) {
		return !slices.Contains(kits, ours)
	}
	return slices.Contains(house[pkg], ours)
}

func within(pkg string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") })
}

// approves reports whether the file speaks of workflows.Approved where no approval is folded: a value of the function
// counts like a call, and so does a dot import, which would hide one.
func (s source) approves() bool {
	if s.pkg == "workflows/notes" {
		return false
	}
	local := ""
	for _, spec := range s.tree.Imports {
		if spec.Path.Value == strconv.Quote(module+"/workflows") {
			local = "workflows"
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	found := local == "."
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			found = found || ok && n.Sel.Name == "Approved" && x.Name == local
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.Ident)
			found = found || ok && s.pkg == "workflows" && f.Name == "Approved"
		}
		return true
	})
	return found
}
