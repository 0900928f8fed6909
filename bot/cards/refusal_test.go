package cards_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// reasons reads every reason code that the domain declares out of its source, so that none is forgotten.
func reasons(t *testing.T) map[string]workflows.Reason {
	t.Helper()
	found := map[string]workflows.Reason{}
	root := filepath.Join("..", "..", "workflows")
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 || !isReason(v.Type, filepath.Dir(path) == root) {
				return true
			}
			if lit, ok := v.Values[0].(*ast.BasicLit); ok {
				code, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[v.Names[0].Name] = workflows.Reason(code)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// isReason tells workflows.Reason, which its own package calls Reason.
func isReason(e ast.Expr, own bool) bool {
	if s, ok := e.(*ast.SelectorExpr); ok {
		return s.Sel.Name == "Reason"
	}
	id, ok := e.(*ast.Ident)
	return ok && own && id.Name == "Reason"
}

// TestRefusals holds every reason there is to the same shape: the code, why, who can, what to type.
func TestRefusals(t *testing.T) {
	all := reasons(t)
	if all["NotReady"] != workflows.NotReady || all["NoBriefing"] != "no_briefing" || len(all) < 40 {
		t.Fatalf("read only %v", all)
	}
	for name, reason := range all {
		got := cards.Refusal(workflows.Refuse(reason, "why it is so").By("@ana", "sre").Type("/release a", "/release b")).Title
		if want := string(reason) + ": why it is so · can: @ana, sre → /release a · /release b"; got != want {
			t.Errorf("%s reads\n%s\nwant\n%s", name, got, want)
		}
		if strings.ContainsFunc(string(reason), func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' }) {
			t.Errorf("%s is %q: a code is small letters and underscores", name, reason)
		}
	}
}

// TestItemReasons holds every reason of an item to words of its own on its line.
func TestItemReasons(t *testing.T) {
	p := begin(t, team())
	p.do("ana", release.New{ID: "app@1.0.0"})
	s := p.check().Items[0]
	seen := map[string]workflows.Reason{}
	for name, reason := range reasons(t) {
		if !strings.HasPrefix(name, "Item") || reason == workflows.ItemQuorum || reason == workflows.ItemSoak { // of a gate, with their own words
			continue
		}
		s.Reason = reason
		text := cards.ItemLine(p.rel, s, p.view())
		reads(t, name, text)
		if strings.Contains(text, "tests ·  ·") || seen[text] != "" {
			t.Errorf("%s and %s read the same: %s", reason, seen[text], text)
		}
		seen[text] = reason
	}
}

// TestWhatIsQuotedCannotSteer puts what people may write into a refusal.
func TestWhatIsQuotedCannotSteer(t *testing.T) {
	ref := workflows.Refuse(workflows.OnHold, "@ana put it on hold: \x1b[2J\u202eevil\nsecond")
	reads(t, "a refusal", cards.Refusal(ref).Title)
	if got := cards.Fault("r1").Title; !strings.Contains(got, "reference r1") {
		t.Error(got)
	}
}
