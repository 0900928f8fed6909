package commands

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// offers are the values that completion knows for one parameter of a row, given the others.
func (o *office) offers(by, text, focus string, values map[string]string) []chat.Completion {
	return Completer(o.desk)(context.Background(), chat.Request{By: workflows.Handle("console/" + by), At: general, Text: text, Values: values, Typed: true, Focus: focus, When: o.now})
}

func TestOfferedForAParameter(t *testing.T) {
	o := settled(t)
	for name, c := range map[string]struct {
		by, text, focus string
		values          map[string]string
		want            []string
	}{
		"items here":             {"ana", "/release sign", "item", nil, []string{"changelog", "way-back", "announced", "healthy", "tests"}},
		"of another release":     {"ana", "/release sign", "item", map[string]string{"item": "docs", "rel": "app@invoices"}, []string{"preliminary-docs", "public-docs"}},
		"the end of a list":      {"ana", "/release sign", "item", map[string]string{"item": "tests , ch"}, []string{"tests,changelog"}},
		"a word of its last":     {"ana", "/release sign", "item", map[string]string{"item": "tests,back"}, []string{"tests,way-back"}},
		"votes":                  {"ana", "/release sign", "vote", map[string]string{"item": "tests", "vote": "n"}, []string{"needs-work", "na"}},
		"releases":               {"ana", "/release status", "rel", map[string]string{"rel": "app@"}, []string{"app@1.0.0", "app@invoices", "app@0.9.0"}},
		"those to wait for":      {"ana", "/release new", "after", map[string]string{"after": "app@0.9.0, app@i"}, []string{"app@0.9.0,app@invoices"}},
		"flags of another":       {"ana", "/release flag set", "flag", map[string]string{"rel": "app@1.0.0"}, nil},
		"flags of all":           {"ana", "/release flag set", "flag", nil, []string{"export-csv"}},
		"a date in full":         {"ana", "/release set", "target", map[string]string{"target": "2026-12-18 17:00"}, []string{"2026-12-18 17:00"}},
		"people":                 {"ana", "/release item assign", "who", map[string]string{"who": "b"}, []string{"@ben"}},
		"roles one holds":        {"mia", "/release sign", "as", nil, []string{"support"}},
		"a verb to be helped on": {"ana", "/release help", "verb", map[string]string{"topic": "candidate"}, []string{"show", "set", "diff", "deploy", "where"}},
		"a stranger's releases":  {"stranger", "/release status", "rel", nil, []string{"app@1.0.0", "app@invoices"}},
		"a stranger's items":     {"stranger", "/release sign", "item", nil, nil},
		"nor without a role":     {"rob", "/release item show", "item", nil, nil},
		"what is an owner's":     {"ben", "/release admin link", "who", nil, nil},
		"no such row":            {"ana", "/release nonsense", "item", nil, nil},
		"no such parameter":      {"ana", "/release sign", "nonsense", nil, nil},
		"words behind the row":   {"ana", "/release sign tests", "vote", nil, nil},
		"a hidden row":           {"ana", "/release confirm", "key", nil, nil},
		"what steers":            {"ana", "/release sign", "item", map[string]string{"item": "\u202ex,te"}, nil},
		"free text":              {"ana", "/release hold", "reason", map[string]string{"reason": "te"}, nil},
	} {
		got := texts(o.offers(c.by, c.text, c.focus, c.values))
		if diff := cmp.Diff(append([]string{}, c.want...), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWhatIsOfferedSaysHowItStands: who chooses sees what they need to choose, and of a release only what is theirs to see.
func TestWhatIsOfferedSaysHowItStands(t *testing.T) {
	o := settled(t)
	if r := o.request("ana", general, "hold -- wait", false, nil); r.Refusal != nil {
		t.Fatal(r.Refusal)
	}
	o.does("ana", "remind away 2026-06-01 @ben")
	for _, c := range []struct{ by, text, focus, value, short string }{
		{"ana", "sign", "item", "changelog", "unsigned · waiting for @ben (engineering) · ga.ready · "},
		{"ana", "sign", "item", "tests", "ok · ga.ready · "},
		{"ana", "item show", "item", "healthy", "passed · ga.done · "},
		{"ana", "status", "rel", "app@1.0.0", "before GA · on hold · Faster export"},
		{"stranger", "status", "rel", "app@1.0.0", "on its way"},
		{"ana", "flag set", "flag", "export-csv", "off · app@invoices"},
		{"ana", "item add", "role", "support", "you, as support"},
		{"mia", "item add", "role", "security", "@ben"},
		{"ana", "item assign", "who", "@ana", "away until 2026-06-01"},
		{"ana", "set", "target", "friday", "Friday 2026-03-06"},
	} {
		all := o.offers(c.by, c.text, c.focus, map[string]string{c.focus: c.value, "rel": map[string]string{"item show": "app@0.9.0"}[c.text]})
		i := slices.IndexFunc(all, func(x chat.Completion) bool { return x.Text == c.value })
		if i < 0 || !strings.HasPrefix(all[i].Short, c.short) {
			t.Errorf("@%s sees of %s for %s %s: %+v, not %q", c.by, c.value, c.text, c.focus, all, c.short)
		}
	}
}

// TestOfferedToWhoMayGiveIt: values of an option that needs more than its row, and of a row that is not listed.
func TestOfferedToWhoMayGiveIt(t *testing.T) {
	ask := showing(row("ask", option("flag", chat.KindFlag), option("over", chat.KindFlag)))
	ask.Needs, ask.Also = workflows.Member, map[string]workflows.Need{"over": workflows.Owner}
	kept := showing(row("kept", option("flag", chat.KindFlag)))
	kept.Hidden = true
	o := settled(t)
	for line, want := range map[string]bool{"ana ask flag": true, "ben ask flag": true, "ana ask over": true, "ben ask over": false, "ana kept flag": false} {
		w := strings.Fields(line)
		got := Table{ask, kept}.Complete(t.Context(), o.desk, chat.Request{By: workflows.Handle("console/" + w[0]), At: general, Text: w[1], Focus: w[2], When: o.now})
		if (len(got) > 0) != want {
			t.Errorf("%s: %q is offered", line, texts(got))
		}
	}
}

// TestWhatIsSaidToBeOffered: a typed tree announces completion for the parameters that have some, and for no others.
func TestWhatIsSaidToBeOffered(t *testing.T) {
	o := settled(t)
	for _, c := range All.Typed() {
		name := strings.Join(c.Path, " ")
		for _, p := range c.Params {
			values := map[string]string{}
			if p.Name == "verb" {
				values["topic"] = "flag"
			}
			if got := len(o.offers("ana", name, p.Name, values)) > 0; got != p.Offered {
				t.Errorf("%s %s is said to be completed: %v, and is: %v", name, p.Name, p.Offered, got)
			}
		}
	}
}

// TestEveryOfferedValueStands: whatever is typed into whichever option beside whatever else, each value that is offered,
// put there, is understood, and names an item, a release or a flag that is there. What the team has is offered to the
// team alone.
func TestEveryOfferedValueStands(t *testing.T) {
	o := settled(t)
	begun := []string{"", "", "t", "tests,", "tests, ", "way-back , c", "app@", "app@0.9.0,", "APP", "e", "2", "f", "@", "@m", "ga", "ga.ready/"}
	checked := 0
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SampledFrom(All.Typed()).Draw(t, "row")
		by := rapid.SampledFrom([]string{"ana", "ana", "mia", "rob", "stranger"}).Draw(t, "by")
		for _, p := range row.Params {
			values := map[string]string{p.Name: rapid.SampledFrom(begun).Draw(t, "typed")}
			if p.Name != relName && rapid.Bool().Draw(t, "named") {
				values[relName] = rapid.SampledFrom([]string{"app@invoices", "app@0.9.0", "app@1.0.0", "app@9"}).Draw(t, "release")
			}
			offered := o.offers(by, strings.Join(row.Path, " "), p.Name, values)
			if len(offered) > chat.MaxCompletions {
				t.Errorf("%d are offered", len(offered))
			}
			for _, c := range offered {
				if c.Text == "" || strings.ContainsFunc(c.Text+c.Short, workflows.Steers) || by != "ana" && by != "mia" && teams(c) {
					t.Errorf("@%s is offered %q · %q", by, c.Text, c.Short)
				}
				if !c.More {
					checked++
					o.stands(t, p, c.Text, values)
				}
			}
		}
	})
	if checked < 150 {
		t.Errorf("only %d values were tried", checked)
	}
}

// teams reports whether what is offered is the team's to know.
func teams(c chat.Completion) bool {
	return slices.ContainsFunc([]string{"@ana", "@ben", "ga.ready · ", "export-csv", "Faster", "on hold", "waiting"}, func(inner string) bool {
		return strings.Contains(c.Text+c.Short, inner)
	})
}

// stands holds a value to what its parameter takes, and to what there is: of a list, what was offered is the last.
func (o *office) stands(t interface {
	Errorf(string, ...any)
	Context() context.Context
}, p chat.Param, text string, values map[string]string) {
	v, why := read(p, text, Context{Now: o.now})
	if why != "" || v.text == "" {
		t.Errorf("%s takes no %q: %s", p.Name, text, why)
		return
	}
	word := v.text
	if n := len(v.items); n > 0 {
		word = v.items[n-1]
	}
	var err error
	switch {
	case p.Kind == chat.KindRelease, p.Kind == chat.KindItems && listsReleases(p):
		_, err = o.desk.Release(t.Context(), workflows.Selectors{Release: word}, general)
	case p.Kind == chat.KindFlag:
		_, err = o.desk.Flag(t.Context(), word)
	case p.Kind == chat.KindItem, p.Kind == chat.KindItems && !p.Option:
		var r release.Release
		if r, err = o.desk.Release(t.Context(), workflows.Selectors{Release: strings.TrimSpace(values[relName])}, general); err == nil {
			_, _, err = r.Select(word, release.Facts{}, "")
		}
	}
	if err != nil {
		t.Errorf("%q is offered for %s beside %q, and is refused: %v", text, p.Name, values, err)
	}
}

// FuzzOffered: whatever stands in whichever option, beside whatever release, completion offers no more than fits, each value
// once, and none that would then be refused.
func FuzzOffered(f *testing.F) {
	o := settled(f)
	rows := All.Typed()
	for i := range rows {
		f.Add(uint(i), uint(i), "", "")
		f.Add(uint(i), uint(i/2), "tests, ch", "app@invoices")
	}
	f.Add(uint(7), uint(0), "\u202ex,", "app")
	f.Add(uint(1), uint(6), ",,app@", "1")
	f.Fuzz(func(t *testing.T, n, m uint, typed, rel string) {
		row := rows[n%uint(len(rows))]
		p := row.Params[m%uint(len(row.Params))]
		values := map[string]string{relName: rel, p.Name: typed}
		offered := o.offers("ana", strings.Join(row.Path, " "), p.Name, values)
		if len(offered) > chat.MaxCompletions {
			t.Errorf("%d are offered", len(offered))
		}
		seen := map[string]bool{}
		for _, c := range offered {
			if seen[c.Text] || c.Text == "" || strings.ContainsFunc(c.Text+c.Short, workflows.Steers) {
				t.Errorf("%q: %q · %q is offered", typed, c.Text, c.Short)
			}
			if seen[c.Text] = true; !c.More {
				o.stands(t, p, c.Text, values)
			}
		}
	})
}
