package tree

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// stored gives commands as Discord gives them back: with ids, versions and all it fills in.
func stored(t interface{ Fatal(...any) }, all []Command) []Command {
	var out []Command
	for i, c := range all {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(text, &fields); err != nil {
			t.Fatal(err)
		}
		fields["id"], fields["version"], fields["application_id"], fields["guild_id"] = fmt.Sprint(100+i), "847194950382780532", "1", "2"
		fields["dm_permission"], fields["default_permission"], fields["contexts"], fields["integration_types"] = true, true, nil, []int{0, 1}
		if c.Type != discordgo.ChatApplicationCommand {
			fields["description"] = ""
		}
		fill(fields["options"])
		text, err = json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		var back Command
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		out = append(out, back)
	}
	return out
}

func fill(options any) {
	all, _ := options.([]any)
	for _, o := range all {
		o := o.(map[string]any)
		o["name_localizations"], o["description_localizations"] = nil, map[string]string{}
		for _, list := range []string{"choices", "options"} {
			if o[list] == nil {
				o[list] = []any{}
			}
		}
		fill(o["options"])
	}
}

func TestDiff(t *testing.T) {
	want := Commands(rows(), Options{})
	names := func(all []Command) string {
		var out []string
		for _, c := range all {
			out = append(out, c.Name+":"+c.ID)
		}
		return strings.Join(out, " ")
	}
	for name, c := range map[string]struct {
		change                func([]Command) []Command // what is there
		create, changed, gone string
		same                  int
	}{
		"nothing is there":     {func([]Command) []Command { return nil }, "release: flag: Add to release: Acknowledge:", "", "", 0},
		"all is there":         {func(a []Command) []Command { return a }, "", "", "", 4},
		"in another order":     {func(a []Command) []Command { slices.Reverse(a); return a }, "", "", "", 4},
		"one was renamed":      {func(a []Command) []Command { a[1].Name = "flags"; return a }, "flag:", "", "flags:101", 3},
		"an option is other":   {func(a []Command) []Command { a[1].Options[1].Options[0].Required = false; return a }, "", "flag:101", "", 3},
		"a choice is other":    {func(a []Command) []Command { a[0].Options[1].Options[1].Choices[0].Value = 7.0; return a }, "", "release:100", "", 3},
		"options swapped":      {func(a []Command) []Command { slices.Reverse(a[1].Options); return a }, "", "flag:101", "", 3},
		"shown to everybody":   {func(a []Command) []Command { a[2].Permissions = nil; return a }, "", "Add to release:102", "", 3},
		"for adults":           {func(a []Command) []Command { a[0].NSFW = true; return a }, "", "release:100", "", 3},
		"in another language":  {func(a []Command) []Command { a[0].Names = map[string]string{"de": "freigabe"}; return a }, "", "release:100", "", 3},
		"a namesake of a menu": {func(a []Command) []Command { a[3].Type = discordgo.UserApplicationCommand; return a }, "Acknowledge:", "", "Acknowledge:103", 3},
		"no type is typed":     {func(a []Command) []Command { a[0].Type = 0; return a }, "", "", "", 4},
	} {
		got := Diff(c.change(stored(t, want)), want)
		if names(got.Create) != c.create || names(got.Change) != c.changed || names(got.Remove) != c.gone || got.Same != c.same {
			t.Errorf("%s: create %q, change %q, remove %q, %d the same", name, names(got.Create), names(got.Change), names(got.Remove), got.Same)
		}
		if got.None() != (c.same == 4) {
			t.Errorf("%s: nothing to write: %v", name, got.None())
		}
	}
}

// TestWrittenThereIsNothingToWrite: whatever is there, what Diff says, carried out, leaves what was wanted, and a second
// time there is nothing left to do.
func TestWrittenThereIsNothingToWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string) []Command {
			all := Commands(rows(), Options{Everyone: rapid.Bool().Draw(t, label+" everyone")})
			all = slices.DeleteFunc(all, func(Command) bool { return rapid.Bool().Draw(t, label+" less") })
			for i := range all {
				if n := len(all[i].Options); n > 0 && rapid.Bool().Draw(t, label+" shorter") {
					all[i].Options = all[i].Options[:n-1]
				}
			}
			return all
		}
		have, want := stored(t, some("have")), some("want")
		d := Diff(have, want)
		if d.Same+len(d.Change)+len(d.Create) != len(want) || d.Same+len(d.Change)+len(d.Remove) != len(have) {
			t.Errorf("%d are there, %d wanted, and the difference is %+v", len(have), len(want), d)
		}
		var now []Command
		for _, h := range have {
			if !slices.ContainsFunc(d.Remove, func(r Command) bool { return r.ID == h.ID }) {
				if i := slices.IndexFunc(d.Change, func(c Command) bool { return c.ID == h.ID }); i >= 0 {
					h = d.Change[i]
				}
				now = append(now, h)
			}
		}
		now = append(now, d.Create...)
		if again := Diff(stored(t, now), want); !again.None() || again.Same != len(want) {
			t.Errorf("written, there is still: %s", cmp.Diff(Changes{}, again))
		}
	})
}
