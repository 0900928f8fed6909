package commands

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// The canonical line says all that was understood.
func TestParse(t *testing.T) {
	for _, c := range []struct{ typed, line string }{
		{"", "status"},
		{"/release", "status"},
		{"/release app@1.0.0", "status app@1.0.0"},
		{"app", "status --rel app"},
		{"--public", "status --public"},
		{"Status 17", "status --rel 17"},
		{"/release new app@1.0.0", "new app@1.0.0"},
		{"new app@1.0.0 --target friday", "new app@1.0.0 --target 2026-03-06"},
		{`new app@1.0.0 --title "a – b" --after=web@2`, `new app@1.0.0 --after web@2 --title "a – b"`},
		{"new <mailto:app@1.0.io|app@1.0.io>", "new app@1.0.io"},
		{"sign tests", "sign tests"},
		{"sign tests, changelog ,way ok", "sign tests,changelog,way ok"},
		{"sign tests,changelog,", "sign tests,changelog"},
		{"sign app@1 ga.ready/docs APPROVE <https://x.org/a?b=1&amp;c=2|x>", "sign app@1 ga.ready/docs ok https://x.org/a?b=1&c=2"},
		{"sign tests https://x.org", "sign tests --url https://x.org"},
		{"sign docs", `sign "docs"`},
		{"sign docs docs", `sign --rel docs "docs"`},
		{"sign 17 tests reject", "sign --rel 17 tests needs-work"},
		{"sign tests --as sre -- it's “fine” --as qa", "sign tests --as sre -- it's “fine” --as qa"},
		{"sign tests na —not for us", "sign tests na -- not for us"},
		{"sign tests – later", "sign tests -- later"},
		{"sign tests —as sre", "sign tests --as sre"},
		{"sign tests ‐‐as=sre", "sign tests --as sre"},
		{"sign tests —assured", "sign tests -- assured"},
		{"unsign tests -- wrong one", "sign tests withdraw -- wrong one"},
		{"set —target “friday 17:00” --dry-run", `set --target "2026-03-06 17:00" --dry-run`},
		{"set --target 2026–12–01 --title don't", "set --target 2026-12-01 --title don't"},
		{`set --title 'say "it's on"' --here=no`, `set --title "say "'"'"it's on"'"'""`},
		{`set --title "a‐b"`, `set --title "a‐b"`},
		{`item move tests, docs ",b,"`, `item move tests,docs ",b,"`},
		{"item waive app@1 tests @ben --until 3d -- it is late", "item waive app@1 tests @ben --until 2026-03-07 -- it is late"},
		{"item ask tests @ben https://x.org", "item ask tests --who @ben --url https://x.org"},
		{`sign "17" ok`, `sign "17" ok`},
		{"remind list app@1", "remind list app@1"},
		{"remind list --rel app@1", "remind list --rel app@1"},
		{"remind list app --stage=ga", "remind list app --stage ga"},
		{"hold -- two\nlines", "hold -- two\nlines"},
		{"/flag", "flag list"},
		{"flag app@1", "flag list app@1"},
		{"/flag set app@1 invoices 10%", "flag set app@1 invoices 10%"},
		{"flag expire invoices NEVER", "flag expire invoices never"},
		{"brief -- x", ""},
		{"brief answer 3 -- see <#C012|general> and <@U012|ana>", `brief answer "3" -- see #general and @U012`},
		{"candidate set HEAD~1", "candidate set HEAD~1"},
		{"candidate set app@1 main@{1}", "candidate set app@1 main@{1}"},
		{"audit show --since 30d --by ana", "audit show --since 2026-02-02 --by @ana"},
		{"list open other", "list open other"},
		{"sign tests Needs work — the limits", "sign tests needs-work -- the limits"},
		{"hold -- &lt;https://x.org&gt;", "hold -- &lt;https://x.org>"},
	} {
		p, err := sample().Parse(c.typed, at())
		if c.line == "" {
			if err == nil {
				t.Errorf("%q is understood as %q", c.typed, p.Args.Line)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.typed, err)
		} else if p.Args.Line != c.line {
			t.Errorf("%q is understood as\n%q, not\n%q", c.typed, p.Args.Line, c.line)
		} else {
			reparses(t, p)
		}
	}
}

// reparses holds a canonical line to its promise.
func reparses(t checker, p Parsed) {
	t.Helper()
	if len(p.Args.Line) > maxText {
		return
	}
	again, err := sample().Parse(p.Args.Line, at())
	if err != nil {
		t.Fatalf("%q does not parse again: %v", p.Args.Line, err)
	}
	p.Args.Basis = workflows.Basis{}
	if d := cmp.Diff(p.Args, again.Args, cmp.AllowUnexported(Args{}, value{}, moment{})); d != "" || again.Command.Name() != p.Command.Name() {
		t.Fatalf("%q parses again as %s with another meaning:\n%s", p.Args.Line, again.Command.Name(), d)
	}
}

func TestArgs(t *testing.T) {
	p, err := sample().Parse(`sign app@1.0.0 tests,docs needs-work --as sre --dry-run -- why`, at())
	if err != nil {
		t.Fatal(err)
	}
	a := p.Args
	if d := cmp.Diff([]string{"tests", "docs"}, a.Items("item")); d != "" {
		t.Error(d)
	}
	if a.On.Release != "app@1.0.0" || !a.Dry || a.As != workflows.SRE || a.Note != "why" || a.Text("note") != "why" ||
		a.Text("vote") != "needs-work" || a.Has("url") || !a.Has("vote") || a.Public {
		t.Errorf("%+v", a)
	}
	if p, err = sample().Parse("flag set invoices on", at()); err != nil || p.Args.On.Flag != "invoices" {
		t.Errorf("%+v %v", p.Args.On, err)
	}
	if p, err = sample().Parse("flag expire invoices never", at()); err != nil {
		t.Fatal(err)
	}
	if _, dated := p.Args.Date("date"); dated || p.Args.Text("date") != "never" {
		t.Errorf("never is a date")
	}
	if p, err = sample().Parse("set --target tomorrow", at()); err != nil {
		t.Fatal(err)
	}
	if d, ok := p.Args.Date("target"); !ok || d.Format("2006-01-02 15:04") != "2026-03-05 00:00" {
		t.Errorf("tomorrow is %v", d)
	}
}

func TestPress(t *testing.T) {
	press := at()
	press.Press = true
	p, err := sample().Parse("sign 17 tests ok ~3f2a9c1.4", press)
	if err != nil {
		t.Fatal(err)
	}
	want := workflows.Basis{Candidate: "3f2a9c1", Revision: 4, Said: true}
	if p.Args.Basis != want || p.Args.On.Release != "17" || p.Args.Text("vote") != "ok" {
		t.Errorf("%+v", p.Args)
	}
	reparses(t, p)
	if p, err = sample().Parse("check 17", press); err != nil || p.Args.On.Release != "17" || p.Args.Basis.Said {
		t.Errorf("%+v %v", p.Args, err)
	}
	if p, err = sample().Parse("check 17", at()); err != nil || p.Args.On.Release != "" || p.Args.Text("stage") != "17" {
		t.Errorf("typed: %+v %v", p.Args, err)
	}
	if _, err = sample().Parse("check ~nonsense", press); err == nil {
		t.Error("a broken basis is accepted")
	}
}

func TestValues(t *testing.T) {
	p := at()
	p.Values = map[string]string{"item": "tests, docs", "vote": "OK", "url": "", "rel": "app", "dry-run": "true", "note": " one\r\ntwo "}
	got, err := sample().Parse("sign", p)
	if err != nil {
		t.Fatal(err)
	}
	if want := "sign --rel app tests,docs ok --dry-run -- one\ntwo"; got.Args.Line != want {
		t.Errorf("%q, not %q", got.Args.Line, want)
	}
	reparses(t, got)
	p.Values = map[string]string{"product": "docs"}
	if got, err = sample().Parse("list", p); err != nil || got.Args.Line != "list --product docs" {
		t.Errorf("%q %v", got.Args.Line, err)
	}
	reparses(t, got)
	for name, v := range map[string]string{"colour": "red", "vote": "maybe", "note": "\x00", "url": "\xff", "item": ","} {
		p.Values = map[string]string{"item": "tests"}
		p.Values[name] = v
		_, err := sample().Parse("sign", p)
		var w *Wrong
		if err == nil || name != "colour" && (!errors.As(err, &w) || w.Param != name) {
			t.Errorf("%s=%q: %v", name, v, err)
		}
	}
}

func TestReserved(t *testing.T) {
	for name, want := range map[string]bool{"sign": true, "unsign": true, "flag": true, "ga": true, "ready": true, "app": false} {
		if got := sample().Reserved(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMissingAsksTheForm(t *testing.T) {
	p, err := sample().Parse("brief draft", at())
	if err != nil || len(p.Missing) != 1 || p.Missing[0] != "text" {
		t.Errorf("%v %v", p.Missing, err)
	}
}

// Every refusal: reason, why and next. The first two are as people were promised.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		typed  string
		reason workflows.Reason
		why    string // all of it, or after … a part
		next   string
	}{
		{"sttus", "unknown_command", "Nearest: status", "/release status"},
		{"kill", "unknown_command", "there is no command kill", "/release help"},
		{"waive", "unknown_command", "Nearest: item waive", "/release help item waive"},
		{"flag sett", "unknown_command", "Nearest: flag set", "/release help flag set"},
		{"flag sett invoices on", "unknown_command", "Nearest: flag set", "/release flag set invoices on"},
		{"flga set invoices on", "unknown_command", "Nearest: flag", "/release flag set invoices on"},
		{"flga", "unknown_command", "Nearest: flag", "/release help flag"},
		{"flag qwertz", "unknown_command", "there is no command flag qwertz", "/release help flag"},
		{`"sign" tests`, "unknown_command", "…", "/release sign tests"},
		{"sign", "invalid", "item: is missing", "/release sign ITEM[,ITEM] [ok|needs-work|block|na|withdraw] [URL] [--as ROLE] [-- note]"},
		{"hold", "needs_reason", "reason: hold needs one after --", "/release hold -- reason"},
		{"hold --", "needs_reason", "…", "/release hold -- reason"},
		{"new app@", "invalid", "release: app@ is not PRODUCT@VERSION", "…"},
		{"new App@1", "invalid", "…names no product: a-z", "…"},
		{"new app@1/2", "invalid", "…has no version: letters", "…"},
		{"new sign@1", "invalid", "…is a word of the commands", "…"},
		{"new аpp@1", "invalid", "…names no product", "…"}, // a Cyrillic а
		{"new a\u202epp@1", "invalid", "…U+202E", "…"},
		{"sign app@ tests", "invalid", "rel: app@ is no release: write PRODUCT@VERSION or its beginning", "…"},
		{"sign app@1 tests --rel web@1", "invalid", "rel: two releases are named", "…"},
		{"sign tests okk", "invalid", "vote: okk is none of ok, needs-work, block, na, withdraw. Nearest: ok", "…"},
		{"sign tests ok https://x.org more", "invalid", "more is one word too many: a note stands after --", "…"},
		{"sign tests --as a --as b", "invalid", "as: is given twice", "…"},
		{"sign tests --as", "invalid", "as: --as needs a value", "…"},
		{"sign tests --as --dry-run", "invalid", "as: --as needs a value", "…"},
		{"sign tests --sa sre", "invalid", "--sa is no option of sign. Nearest: --as", "…"},
		{"sign tests -as sre", "invalid", "…-as begins with one dash", "…"},
		{"sign tests --as sre — it's “fine” —dry-run", "invalid", "--dry-run stands before the reason: all that follows -- is a part of that", "/release sign tests --as sre --dry-run -- it's “fine”"},
		{"status --dry-run", "invalid", "--dry-run is no option of status", "/release status [--public]"},
		{"status -- x", "invalid", "status takes no note", "…"},
		{"set --target friday 17:00", "invalid", `17:00 stands alone: two words after an option are quoted, as in "friday 17:00"`, "…"},
		{"set --target 2026-02-30", "invalid", "…2026-02-30 is no day of the calendar; write 2026-12-01", "…"},
		{"set --title “x", "invalid", "a quote is not closed: “x", "…"},
		{"candidate set a..b", "invalid", "…is no commit, branch or tag", "…"},
		{`candidate set "--exec=x"`, "invalid", "…is no commit, branch or tag", "…"},
		{"sign tests ok ftp://x.org", "invalid", "…is no address", "…"},
		{"flag set In on", "invalid", "…is no flag", "…"},
		{"audit show --by a/b", "invalid", "…is nobody", "…"},
		{"set --here=perhaps", "invalid", "…is neither yes nor no", "…"},
		{"hold -- a\x00b", "invalid", "the line holds the control character U+0000 at character 10", "/release help"},
		{"hold -- \xff", "invalid", `the line is not valid UTF-8 at character 9: \xff`, "/release help"},
		{"hold -- " + strings.Repeat("x", 4000), "invalid", "the line is 4008 bytes long, more than 4000", "/release help"},
	} {
		_, err := sample().Parse(c.typed, at())
		var r *workflows.Refusal
		if !errors.As(err, &r) {
			t.Errorf("%q is not refused: %v", c.typed, err)
			continue
		}
		next, why := strings.Join(r.Next, " "), said(r)
		if r.Reason != c.reason || !same(why, c.why) || !same(next, c.next) || next == "" {
			t.Errorf("%q:\n%s · %s → %s, not\n%s · %s → %s", c.typed, r.Reason, why, next, c.reason, c.why, c.next)
		}
	}
}

// said is the why of a refusal with the nearest names.
func said(r *workflows.Refusal) string {
	if r.Why == "" && len(r.Nearest) > 0 {
		return nearestText(r.Nearest)
	}
	return r.Why
}

func same(got, want string) bool {
	if part, ok := strings.CutPrefix(want, "…"); ok {
		return strings.Contains(got, part)
	}
	return got == want
}
