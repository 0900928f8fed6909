package commands

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

func newLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// wellAnswered is what every answer owes, whatever was typed: something to read, a refusal with its reason and why (or
// the nearest names), lines to type that the grammar knows, and nothing that steers a terminal.
func wellAnswered(t checker, o *office, text string, r chat.Reply) {
	t.Helper()
	if r.Message == nil && r.Form == nil && !r.Posted {
		t.Errorf("%q is answered with nothing: %+v", text, r)
	}
	if m := r.Message; m != nil {
		parts := append([]string{m.Title, m.Small}, m.Lines...)
		for _, b := range m.Buttons {
			parts = append(parts, b.Label, b.Value())
			if len(b.Value()) > chat.MaxLine {
				t.Errorf("%q draws a button that does not fit: %s", text, b.Value())
			}
		}
		for _, p := range parts {
			if strings.ContainsFunc(p, func(r rune) bool { return workflows.Steers(r) && r != '\n' && r != '\t' }) {
				t.Errorf("%q is answered with what steers: %q", text, p)
			}
		}
	}
	ref := r.Refusal
	if ref == nil {
		return
	}
	if ref.Reason == "fault" {
		t.Errorf("%q breaks something: %s", text, o.log.String())
	}
	if ref.Reason == "" || ref.Why == "" && len(ref.Nearest) == 0 || len(ref.Why) > 2000 {
		t.Errorf("%q is refused without a why: %+v", text, ref)
	}
	if len(ref.Next)+len(ref.Choices)+len(ref.Who) == 0 {
		t.Errorf("%q is refused, and nothing says who can or what to type next: %v", text, ref)
	}
	for _, next := range ref.Next {
		if !strings.HasPrefix(next, root) {
			continue // a line of the configuration, or a person
		}
		var unknown *workflows.Refusal
		if _, err := All.Parse(next, at()); errors.As(err, &unknown) && unknown.Reason == workflows.UnknownCommand {
			t.Errorf("%q is told to type %q, which is no command", text, next)
		}
	}
}

// pieces are what lines are made of: the grammar's words, what they may be given, and what nobody should type.
func pieces() []string {
	all := []string{"app@1.0.0", "app@invoices", "app", "1", "tests", "tests,changelog", "way-back", "ga.ready/tests", "docs", "ok", "block", "needs-work", "na", "withdraw",
		"next", "HEAD", "nothing", "invoices", "10%", "on", "off", "101%", "never", "friday", "2020-01-01", "@ana", "@nobody", "@support", "--", "-- because",
		"-- \u202eesrever", "-- two\nlines \x1b", "--dry-run", "--as sre", "--as nobody", "--rel app@1.0.0", "--rel", "--env staging", "--here", "--cancelled", "--public", "--for user-1",
		"--template feature", "--template none", "--risk normal", "--title 'a b'", "--target 3d", "--changes x", "--help y", "--from 3f2a9c1", "https://x.org", "no", "k1234567", "ga", "closed", "~3f2a9c1.0"}
	for _, c := range All {
		all = append(all, c.Path[len(c.Path)-1])
	}
	return all
}

// TestAnyLineIsWellAnswered types lines made of the grammar's pieces, one after another, into one office: what the
// first ones did is what the later ones meet. Buttons of the answers are pressed too.
func TestAnyLineIsWellAnswered(t *testing.T) {
	words := pieces()
	rapid.Check(t, func(t *rapid.T) {
		o := open(t)
		var offered []chat.Button
		o.check = func(text string, r chat.Reply) {
			wellAnswered(t, o, text, r)
			if r.Message != nil {
				offered = append(offered, r.Message.Buttons...)
			}
		}
		if rapid.Bool().Draw(t, "begun") {
			o.types("ana", "new app@1.0.0")
			o.types("ana", "flag new invoices")
		}
		for range rapid.IntRange(1, 40).Draw(t, "lines") {
			by := rapid.SampledFrom([]string{"ana", "ana", "ben", "mia", "rob", "stranger"}).Draw(t, "by")
			where := rapid.SampledFrom([]workflows.Place{general, general, random, "console/@ana"}).Draw(t, "at")
			o.now = o.now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "minutes")) * time.Minute)
			if len(offered) > 0 && rapid.Bool().Draw(t, "press") {
				o.request(by, where, rapid.SampledFrom(offered).Draw(t, "button").Value(), true, nil)
				continue
			}
			row := rapid.SampledFrom(All).Draw(t, "row")
			line := append([]string{rapid.SampledFrom(append(row.Examples, row.Name())).Draw(t, "begins")}, rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(t, "words")...)
			o.request(by, where, strings.Join(line, " "), false, nil)
		}
	})
}

// FuzzHandler gives any text, any value and any handle to an office where something is going on.
func FuzzHandler(f *testing.F) {
	for _, s := range []string{"", "status", "hold -- \u202ex", "hold -- \u202ex --dry-run", "sign tests -- \u202ex", "new app@\u0430pp", "hold -- \xff", "confirm k1 no", "flag set invoices 100%", strings.Repeat("a", 5000),
		"set --title 'x\u2066y'", "todo @ana\u200b", "advance ~", "help \x1b[2J", "notes edit -- \u202e", "candidate set --upload-pack=x", "list 1.0.0@"} {
		f.Add(s, "ana", "title", "x", false)
		f.Add(s, "stra\u202enger", "item", "tests\x00", true)
	}
	f.Fuzz(func(t *testing.T, text, by, key, val string, press bool) {
		o := open(t)
		o.does("ana", "new app@1.0.0", "flag new invoices")
		o.check = func(text string, r chat.Reply) { wellAnswered(t, o, text, r) }
		values := map[string]string{key: val}
		if key == "" {
			values = nil
		}
		o.request(by, general, text, press, values)
		o.request("ana", general, text, press, nil)
		o.request("ana", general, "status", false, nil)
	})
}
