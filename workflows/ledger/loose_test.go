package ledger_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Whatever is an event in this package is in its list, or nobody would read it.
func TestLooseIsWhole(t *testing.T) {
	var want, got []string
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Kind" {
				want = append(want, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	for _, e := range ledger.Loose() {
		got = append(got, reflect.TypeOf(e).Name())
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-declared +listed):\n%s", diff)
	}
}

// The names of these events and of what they hold are for ever, and each is read back as it was.
func TestLooseForEver(t *testing.T) {
	kinds := ledger.KindsOf(ledger.Loose()...)
	people := []workflows.PersonID{"ana"}
	seen := map[string]bool{}
	for want, e := range map[string]workflows.Event{
		`desk.refused {"line":"","reason":""}`: ledger.Refused{},
		`desk.refused {"line":"advance app@1","at":"chat/#app","release":"app@1","reason":"not_ready","why":"two items are open"}`: ledger.Refused{
			Line: "advance app@1", At: "chat/#app", Release: "app@1", Reason: "not_ready", Why: "two items are open"},
		`desk.policy {"hash":""}`: ledger.Policy{},
		`desk.policy {"hash":"p1","owners":["ana"],"roles":{"qa":{"people":["ana"],"groups":["chat/crew"]},"sre":{}},` +
			`"audiences":{"news":{"public":true},"support":{"people":["ana"],"quota":50}},` +
			`"people":{"ana":{"code":"known"},"ben":{"code":"unknown"},"mia":{"code":"none"}},"accounts":{"chat.g7":"ana"}}`: ledger.Policy{
			Hash: "p1", Owners: people, Roles: map[workflows.Role]ledger.Holders{"qa": {People: people, Groups: []string{"chat/crew"}}, "sre": {}},
			Audiences: map[workflows.Audience]ledger.Listeners{"news": {Public: true}, "support": {People: people, Quota: 50}},
			People:    map[workflows.PersonID]ledger.Author{"ana": {Code: ledger.CodeKnown}, "ben": {Code: ledger.CodeUnknown}, "mia": {Code: ledger.CodeNone}},
			Accounts:  map[workflows.PersonID]workflows.PersonID{"chat.g7": "ana"}},
		`desk.anchored {"size":7,"hash":"/wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","place":"chat/#audit"}`: ledger.Anchored{
			Size: 7, Hash: tlog.Hash{255}, Place: "chat/#audit"},
		`desk.anchored {"size":7,"hash":"/wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","tag":"readyroom-ledger-7","product":"app"}`: ledger.Anchored{
			Size: 7, Hash: tlog.Hash{255}, Tag: "readyroom-ledger-7", Product: "app"},
		`store.restored {"from":{"instance":"one","size":7,"hash":"/wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"by":"root","aside":"old.db"}`: ledger.Restored{
			From: ledger.Tip{Instance: "one", Size: 7, Hash: tlog.Hash{255}}, By: "root", Kept: "old.db"},
		`desk.settled {"delivery":"ab-7","what":"published","about":"notes/app@1","place":"chat/#news","word":"sent","by":"root"}`: ledger.Settled{
			Delivery: "ab-7", What: "published", Stream: "notes/app@1", Place: "chat/#news", Word: ledger.WordSent, By: "root"},
	} {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, e.Kind()+" "+string(data)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		back, err := kinds[e.Kind()](data)
		if diff := cmp.Diff(e, back); err != nil || diff != "" {
			t.Errorf("%v, read back (-want +got):\n%s", err, diff)
		}
		seen[e.Kind()] = true
	}
	for kind, read := range kinds {
		if _, err := read(json.RawMessage(`7`)); err == nil || !seen[kind] {
			t.Errorf("%s: 7 is read, or the test has none", kind)
		}
	}
}
