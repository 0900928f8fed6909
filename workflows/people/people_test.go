package people

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

func facts() Facts {
	return Facts{Now: monday, Zone: time.UTC, Actor: workflows.Actor{Person: "ana", Handle: "chat/ana"}, Person: Named{Known: true}}
}

// reason is why something was refused; empty: it was not.
func reason(t testing.TB, err error) workflows.Reason {
	t.Helper()
	var no *workflows.Refusal
	if err != nil && !errors.As(err, &no) {
		t.Fatal(err)
	}
	if no == nil {
		return ""
	}
	if no.Why == "" || len(no.Next) == 0 {
		t.Errorf("refused without a why or a next line: %v", no)
	}
	return no.Reason
}

// An account is written by what cannot be borrowed.
func TestAccount(t *testing.T) {
	for typed, want := range map[[2]string]workflows.Handle{
		{"slack", "T1/U1"}: "slack/T1/U1", {"slack", "E1/T1/W1"}: "slack/E1/T1/W1", {"slack", "mia"}: "", {"slack", "t1/u1"}: "", {"slack", "T1"}: "", {"slack", "T1/U1 "}: "",
		{"discord", "80351110224678912"}: "discord/80351110224678912", {"discord", "mia#1234"}: "", {"discord", ""}: "",
		{"github", "Mia-Acme"}: "github/mia-acme", {"github", "-mia"}: "", {"github", "mia/acme"}: "",
		{"console", "mia"}: "console/mia", {"console", "Mia"}: "", {"matrix", "mia"}: "", {"", ""}: "",
	} {
		got, err := Account(typed[0], typed[1])
		if why := reason(t, err); got != want || (why == workflows.Invalid) != (want == "") {
			t.Errorf("%v is %q, %s", typed, got, why)
		}
	}
	for _, p := range Platforms() {
		if Shape(p) == "" {
			t.Errorf("accounts of %s have no shape", p)
		}
	}
	if Shape("matrix") != "" {
		t.Error("a shape of nothing")
	}
}

// A code is typed back whatever a phone makes of it, and no other code is the same.
func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for i := range 256 {
		code := CodeOf([]byte{0: byte(i), 12: 0, 31: 9})
		if len(code) != groups*each+groups-1 || strings.ToLower(code) != code || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
		for _, typed := range []string{strings.ToUpper(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " ")} {
			if Sum(typed) != Sum(code) {
				t.Errorf("%q is not %q", typed, code)
			}
		}
	}
	last := make([]byte, 32)
	last[12] = 0x10 // the hundredth bit
	if CodeOf(last) == CodeOf(make([]byte, 32)) {
		t.Error("a code has less than a hundred bits")
	}
	if same("", "") || same("", Sum("")) || same(Sum("a"), Sum("b")) || !same(Sum("a"), Sum("A")) {
		t.Error("sums are compared wrongly")
	}
}

// Who may link what: an account of nobody's, or one that made a person of its own.
func TestFree(t *testing.T) {
	for name, c := range map[string]struct {
		bearer Bearer
		want   workflows.Reason
	}{
		"nobody's":            {Bearer{}, ""},
		"its own person's":    {Bearer{Person: "slack.t1.u9"}, ""},
		"theirs already":      {Bearer{Person: "mia", Linked: true}, workflows.Unchanged},
		"theirs in the file":  {Bearer{Person: "mia", Configured: true}, workflows.Unchanged},
		"ben's in the file":   {Bearer{Person: "ben", Configured: true}, workflows.Exists},
		"linked to ben":       {Bearer{Person: "ben", Linked: true}, workflows.Exists},
		"mia's own, by group": {Bearer{Person: "mia"}, workflows.Unchanged},
	} {
		f := facts()
		f.Bearer = c.bearer
		events, err := Decide(State{}, Link{Person: "mia", Account: "slack/T1/U9"}, f)
		if why := reason(t, err); why != c.want || (len(events) == 1) != (c.want == "") {
			t.Errorf("%s: %v, %s, want %s", name, events, why, c.want)
		}
		s := State{Person: "mia", Code: OneTime{Sum: Sum("x"), Until: monday.Add(time.Minute)}}
		_, err = Decide(s, Claim{Code: "x"}, f)
		if why := reason(t, err); why != c.want {
			t.Errorf("by code, %s: %s, want %s", name, why, c.want)
		}
	}
}

// A claim is good for the code's owner alone, in time, once, and while there is no owner.
func TestClaim(t *testing.T) {
	state := State{Person: "mia", Code: OneTime{Sum: Sum("mine"), Until: monday.Add(CodeLife)}}
	for name, c := range map[string]struct {
		code   string
		change func(*State, *Facts)
		want   workflows.Reason
	}{
		"a member's":           {"mine", nil, ""},
		"another":              {"other", nil, workflows.Expired},
		"nothing":              {"", func(s *State, _ *Facts) { s.Code = OneTime{} }, workflows.Expired},
		"to the last moment":   {"mine", func(_ *State, f *Facts) { f.Now = monday.Add(CodeLife - 1) }, ""},
		"expired":              {"mine", func(_ *State, f *Facts) { f.Now = monday.Add(CodeLife) }, workflows.Expired},
		"whose maker is gone":  {"mine", func(_ *State, f *Facts) { f.Person.Known = false }, workflows.Expired},
		"the host's":           {"host", func(_ *State, f *Facts) { f.Owner = Sum("host") }, ""},
		"the host's, too late": {"host", func(_ *State, f *Facts) { f.Owner, f.Owned = Sum("host"), true }, workflows.Expired},
		"the host's, in vain":  {"host", func(_ *State, f *Facts) { f.Owner, f.Self.Person = Sum("host"), "" }, workflows.Expired},
		"the host has none":    {"host", nil, workflows.Expired},
	} {
		s, f := state, facts()
		f.Actor, f.Self = workflows.Actor{Handle: "slack/T1/U9"}, Claimant{Person: "slack.t1.u9", Handle: "slack/T1/U9"}
		if c.change != nil {
			c.change(&s, &f)
		}
		events, err := Decide(s, Claim{Code: c.code}, f)
		if why := reason(t, err); why != c.want {
			t.Errorf("%s: %s, want %s", name, why, c.want)
		}
		if c.want == "" {
			by := Does(events, f.Actor)
			if want := map[bool]workflows.PersonID{true: "slack.t1.u9", false: "mia"}[c.code == "host"]; by.Person != want || by.Handle != "slack/T1/U9" {
				t.Errorf("%s: done by %+v", name, by)
			}
		}
	}
	if said := (Claim{Code: "mine"}).Said(); strings.Contains(said, "mine") {
		t.Errorf("written down: %s", said)
	}
}

// A guest's account is nobody's, whatever is typed with it or about it.
func TestGuests(t *testing.T) {
	guest := workflows.Handle("slack/guest/T2/U9")
	s := State{Person: "mia", Code: OneTime{Sum: Sum("mine"), Until: monday.Add(CodeLife)}}
	f := facts()
	f.Actor, f.Self, f.Owner = workflows.Actor{Handle: guest}, Claimant{Person: "slack.guest.t2.u9", Handle: guest}, Sum("host")
	for _, w := range []Wish{Claim{Code: "mine"}, Claim{Code: "host"}, Claim{Code: "other"}, Link{Person: "mia", Account: guest}} {
		if events, err := Decide(s, w, f); reason(t, err) != workflows.NotAllowed || events != nil {
			t.Errorf("%#v: %v, %v", w, events, err)
		}
	}
	if h, err := Account("slack", guest.Name()); reason(t, err) != workflows.Invalid {
		t.Errorf("%s can be typed", h)
	}
	if regexp.MustCompile(Shape("slack")).MatchString(guest.Name()) {
		t.Error("a configuration can name a guest")
	}
}

// What is taken back with one press, and what is not.
func TestUndo(t *testing.T) {
	away := State{Until: monday.Add(time.Hour)}
	for _, c := range []struct {
		before State
		wish   Wish
		want   string
	}{
		{State{}, Link{Person: "mia", Account: "slack/T1/U9"}, "admin unlink @mia slack T1/U9"},
		{State{}, Unlink{Person: "mia", Account: "slack/T1/U9"}, ""},
		{State{}, Leave{Until: monday.Add(time.Hour)}, "remind away off"},
		{away, Leave{Until: monday.Add(2 * time.Hour)}, ""}, // it would not lead back to where it was
		{away, Return{}, ""}, {State{}, Code{}, ""}, {State{}, Claim{}, ""},
	} {
		if got := Undo(c.before, c.wish, monday); got != c.want {
			t.Errorf("%T: %q, want %q", c.wish, got, c.want)
		}
	}
}

// wishes are those of a random life.
func wishes(t *rapid.T) Wish {
	person := rapid.SampledFrom([]workflows.PersonID{"ana", "mia"}).Draw(t, "person")
	account := rapid.SampledFrom([]workflows.Handle{"slack/T1/U1", "slack/T1/U2", "slack/T1/U3"}).Draw(t, "account")
	until := monday.Add(time.Duration(rapid.IntRange(-2, 4).Draw(t, "hours")) * time.Hour)
	return rapid.SampledFrom([]Wish{Link{person, account}, Unlink{person, account}, Code{}, Claim{"a"}, Claim{"b"}, Leave{until, person}, Leave{Until: until}, Return{}}).Draw(t, "wish")
}

// States that were given out stay as they were, a row reads back as the state, and an account stands once.
func TestInputNeverChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := State{Person: "ana"}
		var kept []State
		var dumps []string
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			kept, dumps = append(kept, s), append(dumps, fmt.Sprintf("%+v", s))
			f := facts()
			f.Deputy = Named{Known: true, Member: true}
			f.Sum = Sum(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "code"))
			f.Actor.Handle = "slack/T1/U3"
			events, err := Decide(s, wishes(t), f)
			if err != nil {
				continue
			}
			for _, e := range events {
				s = Evolve(s, workflows.Recorded{Event: e})
			}
			if sorted := slices.Sorted(slices.Values(s.Accounts)); len(slices.Compact(sorted)) != len(s.Accounts) {
				t.Fatalf("an account stands twice: %+v", s)
			}
			var back State
			b, err := json.Marshal(Summary(s).Data)
			if err := errors.Join(err, json.Unmarshal(b, &back)); err != nil || fmt.Sprint(back.Accounts) != fmt.Sprint(s.Accounts) || !back.Until.Equal(s.Until) || back.Code.Sum != s.Code.Sum {
				t.Fatalf("the row reads back as %+v (%v), was %+v", back, err, s)
			}
		}
		for i := range kept {
			if got := fmt.Sprintf("%+v", kept[i]); got != dumps[i] {
				t.Fatalf("%d changed afterwards:\n%s\n%s", i, dumps[i], got)
			}
		}
	})
}

// A code goes when it is used, when another is made, and when an account is taken away.
func TestCodeGoes(t *testing.T) {
	with := State{Person: "mia", Accounts: []workflows.Handle{"slack/T1/U1"}, Code: OneTime{Sum: Sum("a"), Until: monday}}
	for name, c := range map[string]struct {
		event workflows.Event
		want  string
	}{
		"used":        {Linked{Person: "mia", Handle: "slack/T1/U2", ByCode: true}, ""},
		"not used":    {Linked{Person: "mia", Handle: "slack/T1/U2"}, Sum("a")},
		"taken away":  {Unlinked{Person: "mia", Handle: "slack/T1/U1"}, ""},
		"another":     {Coded{Person: "mia", Sum: Sum("b")}, Sum("b")},
		"an absence":  {Left{Person: "mia"}, Sum("a")},
		"not of here": {stranger{}, Sum("a")},
	} {
		if got := Evolve(with, workflows.Recorded{Event: c.event}).Code.Sum; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Each event reads back as it was written; who is told is who it concerns.
func TestEvents(t *testing.T) {
	full := []workflows.Event{Linked{"mia", "slack/T1/U9", true}, Unlinked{"mia", "slack/T1/U9"}, Coded{"mia", "sum", monday}, Owned{"mia", "slack/T1/U9"},
		Left{"mia", monday, "ben", "zoe"}, Returned{"mia", "ben"}}
	told := map[string]string{"people.linked": "linked mia", "people.unlinked": "unlinked mia", "people.left": "away ben, back zoe", "people.returned": "back ben"}
	var kinds []string
	for _, e := range full {
		kinds = append(kinds, e.Kind())
		var got []string
		for _, x := range Tell(State{}, workflows.Recorded{Event: e}) {
			got = append(got, x.What+" "+string(x.To.Person))
		}
		if said := strings.Join(got, ", "); said != told[e.Kind()] {
			t.Errorf("%s tells %q", e.Kind(), said)
		}
	}
	if len(Tell(State{}, workflows.Recorded{Event: Left{Person: "mia"}})) != 0 || Tell(State{}, workflows.Recorded{Event: stranger{}}) != nil {
		t.Error("nobody in particular is told")
	}
	var known []string
	for _, e := range Events() {
		known = append(known, e.Kind())
		if !strings.HasPrefix(e.Kind(), Room+".") {
			t.Errorf("kind %q", e.Kind())
		}
	}
	if diff := cmp.Diff(known, kinds); diff != "" {
		t.Error(diff)
	}
}

type stranger struct{}

func (stranger) Kind() string { return "other.thing" }
