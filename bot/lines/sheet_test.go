package lines

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
)

var short = Ruler{Size: bytes, Row: 20}

func laidOut(all ...string) Sheet {
	var s Sheet
	s.AddLines(all, short)
	return s
}

func TestRowsAreTheLinesAgain(t *testing.T) {
	s := laidOut("gate · 1/2", "  ✓ tests · @ana as engineering", "  ○ docs", "plain")
	var got []string
	for _, r := range s.Rows {
		got = append(got, fmt.Sprintf("%s|%s deep=%v more=%v goes=%v", r.Text[:r.Bold], r.Text[r.Bold:], r.Deep, r.More, r.Goes))
	}
	want := []string{"gate · 1/2| deep=false more=false goes=false", "✓ tests| · @ana  deep=true more=false goes=true", "|as engineering deep=true more=true goes=false",
		"○ docs| deep=true more=false goes=false", "|plain deep=false more=false goes=false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := s.Lines(1); n != 3 {
		t.Errorf("%d lines from the second on", n)
	}
	if n := s.WholeLines(2); n != 1 {
		t.Errorf("the second of two parts is left out at %d", n)
	}
}

func TestDividedIsAllOfIt(t *testing.T) {
	pageOf := func(all []chat.Button) []chat.Button { return all[:min(len(all), 3)] }
	fits := func(s Sheet, _ int) bool { return len(s.Rows)+len(s.Buttons)+len(s.Small) <= 5 }
	for rows := range 14 {
		for buttons := range 8 {
			s := Sheet{Small: "x"}
			for i := range rows {
				s.Rows = append(s.Rows, Row{Text: fmt.Sprint(i)})
			}
			for i := range buttons {
				s.Buttons = append(s.Buttons, chat.Button{Line: fmt.Sprint(i)})
			}
			var whole Sheet
			for i, p := range s.Divide(pageOf, fits) {
				if !fits(p, i) || whole.Small != "" || len(whole.Buttons) > 0 && len(p.Rows) > 0 {
					t.Errorf("%d rows, %d buttons: page %d holds %+v", rows, buttons, i, p)
				}
				whole = Sheet{Rows: append(whole.Rows, p.Rows...), Buttons: append(whole.Buttons, p.Buttons...), Small: whole.Small + p.Small}
			}
			if diff := cmp.Diff(s, whole); diff != "" {
				t.Errorf("%d rows, %d buttons: %s", rows, buttons, diff)
			}
		}
	}
}

func TestCutSaysWhatIsLeftOut(t *testing.T) {
	s := laidOut("a", "b", "c", "d")
	s.Buttons = []chat.Button{{Line: "x"}, {Line: "y"}, {Line: "z"}}
	got := s.CutTo(1, func(all []chat.Button) []chat.Button { return all[:2] })
	if len(got.Rows) != 3 || got.Rows[1].Text != "… and 3 more lines" || got.Rows[2].Text != "… and 1 more button" || len(got.Buttons) != 2 {
		t.Errorf("leaves %+v", got)
	}
	if len(s.Rows) != 4 || len(s.Buttons) != 3 {
		t.Error("the sheet itself was cut")
	}
}

func TestLongest(t *testing.T) {
	for _, tt := range []struct{ n, limit, want int }{{0, 9, 0}, {1, 0, 1}, {5, 9, 5}, {100, 37, 37}, {100, 100, 100}, {100, 0, 1}} {
		if got := Longest(tt.n, func(k int) bool { return k <= tt.limit }); got != tt.want {
			t.Errorf("of %d, %d fit, and %d are taken", tt.n, tt.limit, got)
		}
	}
}

func TestVerdictOf(t *testing.T) {
	for text, want := range map[string]Verdict{"GO": Go, "GO 7/7 · x": Go, "NO-GO 3/7: tests, …": NoGo, "ON HOLD (bound to #x)": OnHold, "GO on": "", "GOOD": "", "x · GO": "", "": ""} {
		if got := VerdictOf(text); got != want || (Sign(text) == "") != (want == "") {
			t.Errorf("%q is %q, with the sign %q", text, got, Sign(text))
		}
	}
}

func TestChannelsStandAlone(t *testing.T) {
	name := regexp.MustCompile(`on/([0-9]+)`)
	for text, want := range map[string]string{"on/1": "1", "in on/1, on/2.": "1 2", "(on/3)": "3", "xon/1": "", "on/1/2": "", "on/1x": "", "<on/1>": ""} {
		var ids []string
		all := ""
		for _, p := range Channels(text, name) {
			all += p.Text
			if p.Channel != "" {
				ids = append(ids, p.Channel)
			}
		}
		if got := strings.Join(ids, " "); got != want || all != text {
			t.Errorf("%q names %q, want %q; together it is %q", text, got, want, all)
		}
	}
}

// A line that has room on a page stands on one; a longer one begins where the page before ends.
func TestDividedByWholeLines(t *testing.T) {
	s := laidOut("one", "two two two two two two two two", "three", "four four four four four four four four four four four four four four four", "five")
	var got []string
	for _, p := range s.Divide(func([]chat.Button) []chat.Button { return nil }, func(p Sheet, _ int) bool { return len(p.Rows) <= 3 }) {
		var rows []string
		for _, r := range p.Rows {
			rows = append(rows, strings.TrimSpace(r.Text))
		}
		got = append(got, strings.Join(rows, "|"))
	}
	want := []string{"one|two two two two two|two two two", "three", "four four four four|four four four four|four four four four", "four four four|five"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
