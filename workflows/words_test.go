package workflows_test

import (
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

func among(r rune, also string) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(also, r)
}

// FuzzIDs holds ids to their shape, said in another way: 1 to 32 small letters, digits and . _ -, the first no mark;
// versions may have capitals and + too. No id holds a separator, so joined names come apart again.
func FuzzIDs(f *testing.F) {
	for _, s := range []string{"", "app", "-a", "a b", "a@b", "a/b", "A", "a+b", "é", strings.Repeat("a", 33), "a\n", "1.0", ".", "a_b"} {
		f.Add(s, "1.0.0")
	}
	f.Fuzz(func(t *testing.T, id, version string) {
		fits := func(s, also string) bool {
			if s == "" || len(s) > 32 || strings.ContainsRune("._-+", rune(s[0])) {
				return false
			}
			return !strings.ContainsFunc(s, func(r rune) bool { return !among(r, also) })
		}
		const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		if got, want := workflows.ValidID(id), fits(id, "._-"); got != want {
			t.Errorf("ValidID(%q) = %v", id, got)
		}
		if got, want := workflows.ValidVersion(version), fits(version, "._-+"+capitals); got != want {
			t.Errorf("ValidVersion(%q) = %v", version, got)
		}
		if !workflows.ValidID(id) || !workflows.ValidVersion(version) {
			return
		}
		r := workflows.NewReleaseID(workflows.Product(id), version)
		s := workflows.StreamOf("release", string(r))
		if string(r.Product()) != id || r.Version() != version || s.Room() != "release" || s.ID() != string(r) {
			t.Errorf("%q does not come apart: %q %q %q %q", r, r.Product(), r.Version(), s.Room(), s.ID())
		}
		if r.Name() != id+" "+version {
			t.Errorf("%q is called %q", r, r.Name())
		}
		digit := strings.TrimPrefix(version, "v")
		if feature := digit == "" || !unicode.IsDigit(rune(digit[0])); r.IsFeature() != feature {
			t.Errorf("%q is a feature: %v", r, r.IsFeature())
		}
	})
}

func TestLookAlike(t *testing.T) {
	same := [][]workflows.ReleaseID{{"app@1.0", "app@1.O", "app@l.0", "app@I.o", "app@i.0"}, {"app@modern", "app@modem", "app@MODERN"},
		{"app@vvide", "app@wide"}, {"app@a_b", "app@a-b"}}
	for _, group := range same {
		for _, r := range group {
			if r.LookAlike() != group[0].LookAlike() {
				t.Errorf("%s and %s read alike", r, group[0])
			}
		}
	}
	for _, pair := range [][2]workflows.ReleaseID{{"app@1.0", "app@1.00"}, {"app@2.0", "app@1.0"}, {"web@1.0", "app@1.0"}, {"app@a.b", "app@a-b"}} {
		if pair[0].LookAlike() == pair[1].LookAlike() {
			t.Errorf("%s and %s do not read alike", pair[0], pair[1])
		}
	}
}

func TestHandlesAndPlaces(t *testing.T) {
	h := workflows.Handle("slack/T1/U1")
	if h.Platform() != "slack" || h.Name() != "T1/U1" || workflows.Direct(h) != "slack/@T1/U1" || !workflows.Direct(h).IsDirect() {
		t.Errorf("%q: %q %q %q", h, h.Platform(), h.Name(), workflows.Direct(h))
	}
	p := workflows.Place("console/#general")
	if p.Platform() != "console" || p.Channel() != "#general" || p.IsDirect() {
		t.Errorf("%q: %q %q", p, p.Platform(), p.Channel())
	}
	if (workflows.Actor{Machine: "clock"}).At() != "clock" || (workflows.Actor{Person: "ana"}).At() != "@ana" {
		t.Error("an actor is written wrongly")
	}
}

// FuzzDisplay: whatever comes in, what comes out is text that no terminal obeys, in one line, within the limit; and
// plain text comes out as it was.
func FuzzDisplay(f *testing.F) {
	for _, s := range []string{"", "plain", "a\x1b[2Jb", "\u202e\U000e0041x", "\xff\xfe", "two\nlines\t.", "👩\u200d🚒", strings.Repeat("é", 99), "\u2028\u00ad", `\u202e`} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = max(0, min(limit, 1000))
		one, text := workflows.Display(s, limit), workflows.DisplayText(s)
		for _, r := range one + strings.ReplaceAll(text, "\n", "") {
			if workflows.Steers(r) {
				t.Errorf("%q leads to %U", s, r)
			}
		}
		if !utf8.ValidString(one) || !utf8.ValidString(text) {
			t.Errorf("%q leads to no text: %q", s, one)
		}
		if strings.Count(text, "\n") != strings.Count(s, "\n") {
			t.Errorf("%q has other lines: %q", s, text)
		}
		if n := utf8.RuneCountInString(one); n > limit*len(`\U000e0041`)+1 {
			t.Errorf("%q is %d long, the limit is %d", s, n, limit)
		}
		plain := utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return workflows.Steers(r) })
		if plain && utf8.RuneCountInString(s) <= limit && one != s {
			t.Errorf("Display(%q) = %q", s, one)
		}
	})
}

func TestDisplay(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[2J": `a\u001b[2J`, "\u202ex": `\u202ex`, "\U000e0041bc": `\U000e0041bc`, "\xffa": `\xffa`, "a\nb\tc": "a b c", "a\rb": `a\u000db`,
		"abcdef": "abcde…", "abcde": "abcde", "ab\u200dc": "ab\u200dc",
	} {
		if got := workflows.Display(in, 5); got != want && workflows.Display(in, 9) != want {
			t.Errorf("Display(%q) = %q, want %q", in, got, want)
		}
	}
	if got := workflows.DisplayText("a\x1b\nb\u202e\n\n"); got != "a\\u001b\nb\\u202e\n\n" {
		t.Errorf("DisplayText: %q", got)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"tests", "changelog", "way-back", "test-plan", "alerts", "tests"}
	for word, want := range map[string]string{"chnagelog": "changelog", "tset": "tests", "TESTS": "tests", "test": "tests", "": "", "zzzzzz": "", "waybakc": "way-back",
		strings.Repeat("a", 100): ""} {
		if got := strings.Join(workflows.Nearest(word, names, 2), ","); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := workflows.Nearest("a", []string{"b", "c", "d"}, 2); len(got) != 2 {
		t.Errorf("the limit is two: %v", got)
	}
}

// TestNeedsAreWalked: the list of needs is every constant of the type, so that who walks it misses none.
func TestNeedsAreWalked(t *testing.T) {
	pkg := load(t, "package p; import w \"github.com/readyroom/readyroom/workflows\"; var _ w.Need")
	var declared []string
	scope := pkg.Imports()[0].Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && strings.HasSuffix(c.Type().String(), "workflows.Need") {
			declared = append(declared, strings.Trim(c.Val().ExactString(), `"`))
		}
	}
	var walked []string
	for _, n := range workflows.Needs() {
		walked = append(walked, string(n))
	}
	slices.Sort(walked)
	slices.Sort(declared)
	if len(declared) < 7 || !slices.Equal(walked, declared) {
		t.Errorf("walked %v, declared %v", walked, declared)
	}
}

func load(t *testing.T, source string) *types.Package {
	t.Helper()
	pkg, err := typeCheck(source)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

var (
	files   = token.NewFileSet()
	sources = importer.ForCompiler(files, "source", nil) // reads each package once
)

func typeCheck(source string) (*types.Package, error) {
	file, err := parser.ParseFile(files, "p.go", source, 0)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: sources}
	return conf.Check("p", files, []*ast.File{file}, nil)
}

// TestInternalTextCannotBecomePublic asks the compiler: from a string that is known at run time only, there is no way
// to public text but an approval.
func TestInternalTextCannotBecomePublic(t *testing.T) {
	for body, compiles := range map[string]bool{
		`w.Say("%s is out", w.ReleaseID("app@1"))`: true,
		`w.Say("plain")`:                 true,
		`w.Say("%s", w.Say("nested"))`:   true,
		`w.Approved(s)`:                  true, // held to its callers by another test
		`w.Say("%s", w.Hash(s))`:         true, // and what is none is not shown
		`w.Say("%s", w.Address(s))`:      true,
		`w.Readable(w.Say("a b"), s)[0]`: true, // and gives nothing that is not public already
		`w.Unmarked(s, s)[0]`:            false,
		`w.Say(s)`:                       false,
		`w.Say("%s", s)`:                 false,
		`w.Say("%s", w.PersonID("ana"))`: false,
		`w.Say("%s", w.Role("sre"))`:     false,
		`w.Public(s)`:                    false,
		`w.Public{s}`:                    false,
		`w.Public{text: s}`:              false,
	} {
		_, err := typeCheck("package p; import w \"github.com/readyroom/readyroom/workflows\"; func f(s string) w.Public { return " + body + " }")
		if (err == nil) != compiles {
			t.Errorf("%s: compiles %v: %v", body, err == nil, err)
		}
	}
}

func TestPublicText(t *testing.T) {
	whole := workflows.Approved("New\n- invoices")
	got := workflows.Say("%s: %s, %s", workflows.ReleaseID("app@1"), workflows.Preview, whole)
	if want := "app 1: tech preview, New\n- invoices"; got.String() != want {
		t.Errorf("says %q, want %q", got, want)
	}
	data, err := json.Marshal(whole)
	var back workflows.Public
	if err != nil || json.Unmarshal(data, &back) != nil || back != whole {
		t.Errorf("public text comes back as %q", back)
	}
}

// What is no commit and no link is not shown, in a text that anybody may read.
func TestPublicValues(t *testing.T) {
	say := func(v workflows.Publishable) string { return workflows.Say("%s", v).String() }
	for in, want := range map[string]string{"4f9c2d1a6b3e": "4f9c2d1", "4f9c2d1": "4f9c2d1", "4f9c2d": "", "": "", "@everyone": "", "4F9C2D1A": "", "4f9c2d1a\n": ""} {
		if got := say(workflows.Hash(in)); got != want {
			t.Errorf("the commit %q: %q", in, got)
		}
	}
	for in, shown := range map[string]bool{"https://github.com/acme/app/releases/tag/v1.0.0": true, "http://127.0.0.1:80/a?b=c&d=%20#e": true, "https://x.example": true,
		"": false, "x.example": false, "javascript:alert(1)": false, "https://": false, "https://ana@x.example/": false, "https://x.example/a b": false,
		"https://x.example/a)b": false, "https://x.example/`": false, "https://x.example/<b>": false, "https://x.example/\n": false, "https://x.example/é": false,
		"https://x.example/a*b": false, "https://x.example/@ana": false} {
		if got := say(workflows.Address(in)); got != "" && got != in || (got == in) != shown && in != "" {
			t.Errorf("the link %q: %q", in, got)
		}
	}
}
