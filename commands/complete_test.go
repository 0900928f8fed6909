package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/workflows"
	rollout "github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// settled is an office with two open releases, one over, and a flag; app@1.0.0 is #general's.
func settled(t tester) *office {
	o := open(t)
	o.does("ana", "new app@0.9.0", "sign tests,changelog,way-back -- looked", "advance", "sign announced,healthy -- looked", "advance",
		"new app@1.0.0", `set --title "Faster export"`, "sign tests -- go test")
	if r := o.request("ben", random, "new app@invoices --template feature --target friday", false, nil); r.Refusal != nil {
		t.Fatalf("%v", r.Refusal)
	}
	o.does("ana", "flag new app@invoices export-csv")
	return o
}

func (o *office) completes(by, text string) []chat.Completion {
	return Completer(o.desk)(context.Background(), chat.Request{By: workflows.Handle("console/" + by), At: general, Text: text, When: o.now})
}

func texts(all []chat.Completion) []string {
	out := []string{}
	for _, c := range all {
		out = append(out, c.Text)
	}
	return out
}

// typed are lines up to the cursor, each with who types it.
var typed = []string{
	"ana ", "mia ", "stranger ", "rob ",
	"ana s", "ana /s", "ana /release s", "ana /", "ana un", "ana ca", "ana app", "ana app@", "ana --", "ana confirm ", "ana conf",
	"ana flag ", "ana /flag s", "mia flag ", "ana flag set ", "ana flag set app ", "ana flag set app@invoices ", "ana flag kill e", "ana flag --",
	"ana flag expire export-csv ", "ana flag expire export-csv 2", "ana flag new x --expires=to",
	"ana sign ", "ana sign docs", "ana sign ch", "ana sign tests,", "ana sign tests,ch", "ana sign tests, ch", "ana sign ga.ready/t", "ana sign app@1.0.0 ",
	"ana sign app@invoices doc", "ana sign app@invoices alerts,docs", "ana sign app ok", "ana sign tests n", "ana sign tests ok ", "ana sign tests -", "ana sign tests --a", "ana sign tests —a",
	"ana sign tests --as ", "mia sign tests --as ", "ana sign tests --as sre --", "ana sign tests -- o", "ana unsign tests ", `ana sign "te`, `ana sign "te sts`,
	"ana new ", "ana new a", "ana new app@1.1 --risk ", "ana new app@1.1 --target ", "ana new app@1.1 --target 4", "ana new app@1.1 --paths ", "ana new app@1.1 --target=tom",
	"ana set --", "ana set --target friday --t", "ana set --target", "ana hold ", "ana hold app ", "mia resume ", "stranger hold ",
	"ana check ", "ana check app@1.0.0 p", "ana list ", "ana list s", "ana list shipped --rel ", "stranger list ", "stranger status ", "stranger status app@",
	"ana status a", "ana status inv", "ana todo ", "ana todo @m", "ana todo mi", "stranger todo ", "ana item show ", "ana item show app@invoices ",
	"ana help ", "ana help fl", "ana help flag s", "stranger help ", "ana nonsense ", "ana audit export --", "ana sign tests --nonsense x ",
	"ana set --title \x1b", "ana set --rel app@1.0.0 --rel ", "ana new x@1 --template ", "ana item add ", "ana item add ga", "ana item move tests ", "ana item waive tests @", "ana scope add x --for ", "ana scope add x --for @ana,", "ana set --after ", "ana set --after=app@1.0.0,app@0", "ana advance --b", "ben advance --b",
	"ana status app@1.0.0 --rel ", "ana status app@1.0.0 --rel=",
}

func TestCompletions(t *testing.T) {
	o := settled(t)
	var b strings.Builder
	for _, line := range typed {
		who, text, _ := strings.Cut(line, " ")
		fmt.Fprintf(&b, "@%s %s|\n", who, workflows.Display(text, 80))
		for _, c := range o.completes(who, text) {
			more := ""
			if c.More {
				more = "…"
			}
			fmt.Fprintf(&b, "    %s%s · %s\n", c.Text, more, c.Short)
		}
	}
	golden.Equal(t, "testdata/complete.txt", b.String())
}

// TestExamplesCanBeCompleted types every example of the grammar letter by letter: wherever its next word is one that the
// grammar declares (a verb, an option, a choice, the dashes before a note), that word is among what is offered.
func TestExamplesCanBeCompleted(t *testing.T) {
	o := settled(t)
	words := 0
	for _, c := range All {
		if c.Hidden {
			continue
		}
		for _, e := range c.Examples {
			for i := range len(e) + 1 {
				word := strings.Fields(e[strings.LastIndex(e[:i], " ")+1:] + " ")
				if i > 0 && strings.Contains(e[:i], "-- ") || len(word) == 0 || !fixed(c, e[:i], word[0]) {
					continue
				}
				words++
				if got := texts(o.completes("ana", e[:i])); !slices.Contains(got, word[0]) {
					t.Errorf("%q goes on with %s, offered are %q", e[:i], word[0], got)
				}
			}
		}
	}
	if words < 500 {
		t.Errorf("only %d beginnings of words were tried", words)
	}
}

// fixed reports whether the grammar declares a word where it stands behind what was typed.
func fixed(c Command, before, word string) bool {
	n := strings.Count(before, " ")
	switch {
	case n < len(c.Path):
		return c.Path[n] == word
	case strings.HasPrefix(word, "--"):
		return !strings.Contains(word, "=")
	}
	for _, p := range c.Params {
		if p.Kind == chat.KindChoice && slices.Contains(p.Choices, word) || p.Kind == chat.KindWord {
			return true
		}
	}
	return false
}

// TestNobodyIsOfferedWhatIsForOthers: what completion names is what help lists, for everyone.
func TestNobodyIsOfferedWhatIsForOthers(t *testing.T) {
	o := settled(t)
	for _, who := range []string{"ana", "ben", "mia", "rob", "stranger"} {
		listed := answered(o.types(who, "help"))
		for _, c := range All {
			before, last := strings.Join(c.Path[:len(c.Path)-1], " "), c.Path[len(c.Path)-1]
			if before != "" {
				before += " "
			}
			offered := slices.Contains(texts(o.completes(who, before)), last)
			help := o.types(who, "help "+c.Name())
			if allowed := help.Refusal == nil; offered != allowed {
				t.Errorf("@%s is offered %s: %v, and may ask for help on it: %v\n%s", who, c.Name(), offered, allowed, listed)
			}
			if beyond := o.completes(who, c.Name()+" "); !offered && len(c.Path) == 1 && len(beyond) > 0 {
				t.Errorf("@%s is offered %q behind %s, which is for others", who, texts(beyond), c.Name())
			}
		}
	}
}

// TestStrangersSeeWhatIsPublic: whatever they type, no name of a person, item or flag is completed for whoever has no
// role, nor a title.
func TestStrangersSeeWhatIsPublic(t *testing.T) {
	o := settled(t)
	inner := []string{"@ana", "@ben", "changelog", "way-back", "export-csv", "Faster", "preliminary-docs"}
	for _, line := range typed {
		_, text, _ := strings.Cut(line, " ")
		for _, who := range []string{"rob", "stranger"} {
			for _, c := range o.completes(who, text) {
				for _, name := range inner {
					if strings.Contains(c.Text+c.Short, name) {
						t.Errorf("@%s types %q and is offered %s · %s", who, text, c.Text, c.Short)
					}
				}
			}
		}
	}
}

// TestKindsAndTheirOrder completes a grammar made for it: rows for anyone keep the team's names from strangers, a
// required word is not passed over, and options of every kind are completed.
func TestKindsAndTheirOrder(t *testing.T) {
	ask := showing(row("ask", must(place("how", chat.KindChoice, "softly", "aloud")), place("who", chat.KindPerson), option("item", chat.KindItem),
		option("flag", chat.KindFlag), option("role", chat.KindRole), option("since", chat.KindSince), option("after", chat.KindRelease)))
	ask.Needs = workflows.Anyone
	o := settled(t)
	for line, want := range map[string][]string{
		"ana ask ":  {"softly", "aloud", "app@1.0.0", "app@invoices", "--item", "--flag", "--role", "--since", "--after", "--rel"},
		"ana ask @": {}, "ana ask softly @b": {"@ben"}, "stranger ask softly @b": {}, "stranger ask softly ": {"--item", "--flag", "--role", "--since", "--after", "--rel"},
		"ana ask --item te": {"tests"}, "stranger ask --item te": {}, "ana ask --flag ": {"export-csv"}, "stranger ask --flag ": {},
		"ana ask --role su": {"support"}, "stranger ask --role su": {}, "ana ask --since ": {"7d", "30d", "90d"}, "ana ask --since 1": {"1d", "1h"},
		"ana ask --after app@0": {"app@0.9.0"}, "stranger ask --after app@0": {"app@0.9.0"}, "ana ask --item=ga.ready/ch": {"--item=ga.ready/changelog"},
		"ana ask --item tests --item=": {}, "ana ask app@0.9.0 --item ga": {"ga.ready/tests", "ga.ready/changelog", "ga.ready/way-back", "ga.done/announced", "ga.done/healthy"},
	} {
		who, text, _ := strings.Cut(line, " ")
		got := texts(Table{ask}.Complete(t.Context(), o.desk, chat.Request{By: workflows.Handle("console/" + who), At: general, Text: text, When: o.now}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s| (-want +got):\n%s", line, diff)
		}
	}
}

// blind is an office in which nothing can be read but who asks.
type blind struct{ Around }

var errBlind = errors.New("it cannot be read")

func (blind) IsProduct(context.Context, string) (bool, error)     { return false, errBlind }
func (blind) Rows(context.Context, string) ([]release.Row, error) { return nil, errBlind }
func (blind) Flags(context.Context, workflows.ReleaseID) ([]rollout.Flag, error) {
	return nil, errBlind
}
func (blind) Release(context.Context, workflows.Selectors, workflows.Place) (release.Release, error) {
	return release.Release{}, errBlind
}

// deaf is one in which nobody can be told from anybody.
type deaf struct{ Around }

func (deaf) Who(context.Context, workflows.Handle) (todo.Viewer, error) {
	return todo.Viewer{}, errBlind
}

// TestWhatCannotBeReadIsNotOffered, and the rest is.
func TestWhatCannotBeReadIsNotOffered(t *testing.T) {
	o := settled(t)
	ask := func(a Around, text string) []string {
		return texts(Completer(a)(t.Context(), chat.Request{By: "console/ana", At: general, Text: text, When: o.now}))
	}
	for text, want := range map[string][]string{
		"sign ": {"--", "--as", "--rel", "--dry-run"}, "flag set --rel app@1.0.0 ": {"--", "--env", "--dry-run"}, "new a": {}, "todo @a": {"@ana"},
	} {
		if diff := cmp.Diff(want, ask(blind{o.desk}, text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if got := ask(deaf{o.desk}, text); len(got) > 0 {
			t.Errorf("%q of nobody knows whom is completed: %q", text, got)
		}
	}
}

// TestNoMoreThanFit: of many things the first are offered, the newest release first.
func TestNoMoreThanFit(t *testing.T) {
	o := open(t)
	for i := range 2 * chat.MaxCompletions {
		o.does("ana", fmt.Sprintf("new app@1.%d", i))
	}
	got := texts(o.completes("ana", "status "))
	if len(got) != chat.MaxCompletions || got[0] != "app@1.0" || got[1] != "app@1.49" {
		t.Errorf("%d are offered: %q", len(got), got)
	}
	if got := texts(o.completes("ana", "status app@1.3")); len(got) != 11 || got[0] != "app@1.39" {
		t.Errorf("of those that begin so: %q", got)
	}
}

// FuzzComplete: whatever stands before the cursor, completion offers no more than fits, each text once and fit to be
// shown; and where the line was understood up to the word at the cursor, it is with each that is offered.
func FuzzComplete(f *testing.F) {
	for _, line := range typed {
		_, text, _ := strings.Cut(line, " ")
		f.Add(text)
	}
	for _, text := range []string{"sign tests , ch", "sign tests,,", "sign ,", "flag set app app", "set --title don't --target ", "sign tests —as=", "/release /flag ",
		"release release ", "sign --item te", "brief send @", "sign tests --as=e", "rollback start --to ", "sign &amp; ", "flag expire --flag ex"} {
		f.Add(text)
	}
	o := settled(f)
	f.Fuzz(func(t *testing.T, text string) {
		offered := o.completes("ana", text)
		if len(offered) > chat.MaxCompletions {
			t.Errorf("%q: %d are offered", text, len(offered))
		}
		head, _ := cutLast(text)
		begun := stuck(o, head) == ""
		seen := map[string]bool{}
		for _, c := range offered {
			if seen[c.Text] || c.Text == "" || strings.ContainsFunc(c.Text+c.Short, workflows.Steers) {
				t.Errorf("%q: %q · %q is offered", text, c.Text, c.Short)
			}
			seen[c.Text] = true
			if why := stuck(o, head+c.Text); begun && !c.More && why != "" {
				t.Errorf("%q: %q leads to %s", text, c.Text, why)
			}
		}
	})
}

// stuck is why no more words could make a line one that is understood; empty where they could, or where it is.
func stuck(o *office, line string) string {
	_, err := All.Parse(line, Context{Now: o.now, Products: func(name string) bool { return name == "app" }})
	var no *workflows.Refusal
	if err == nil || !errors.As(err, &no) || no.Reason == workflows.NeedsReason {
		return ""
	}
	if strings.HasSuffix(no.Why, "is missing") {
		return ""
	}
	if strings.HasSuffix(no.Why, "needs a value") { // what else is wrong shows without the option
		before, _ := cutLast(strings.TrimRightFunc(line, unicode.IsSpace))
		return stuck(o, before)
	}
	return err.Error()
}
