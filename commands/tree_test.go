package commands

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/internal/golden"
)

// TestTreeAsTyped draws the whole grammar as Discord's commands: * is required, … is completed, ? is a switch.
func TestTreeAsTyped(t *testing.T) {
	var b strings.Builder
	for _, c := range tree.Commands(All.Typed(), tree.Options{}) {
		if c.Type != discordgo.ChatApplicationCommand {
			fmt.Fprintf(&b, "(message) %s\n", c.Name)
			continue
		}
		outline(&b, "/"+c.Name, c.Options)
	}
	golden.Equal(t, "testdata/tree.txt", b.String())
}

func outline(b *strings.Builder, path string, all []tree.Option) {
	for _, o := range all {
		if o.Type == discordgo.ApplicationCommandOptionSubCommandGroup {
			outline(b, path+" "+o.Name, o.Options)
			continue
		}
		fmt.Fprintf(b, "%s %s", path, o.Name)
		for _, p := range o.Options {
			fmt.Fprintf(b, " %s", p.Name)
			if p.Required {
				b.WriteString("*")
			}
			switch {
			case p.Autocomplete:
				b.WriteString("…")
			case p.Type == discordgo.ApplicationCommandOptionBoolean:
				b.WriteString("?")
			}
			var words []string
			for _, c := range p.Choices {
				words = append(words, c.Name)
			}
			if len(words) > 0 {
				b.WriteString("=" + strings.Join(words, "|"))
			}
		}
		fmt.Fprintf(b, " · %s\n", o.Description)
	}
}

// chosen is what Discord sends when somebody fills these values into the drawn command of a row.
func chosen(t *rapid.T, all []tree.Command, path []string, values map[string]string) []byte {
	for _, c := range all {
		below := path
		if c.Name == path[0] {
			below = path[1:]
		} else if c.Name != "release" {
			continue
		}
		if inner := filledIn(c.Options, below, values); inner != nil {
			text, _ := json.Marshal(map[string]any{"id": "1", "name": c.Name, "type": c.Type, "options": []any{inner}})
			return text
		}
	}
	t.Fatalf("%v is not drawn", path)
	return nil
}

func filledIn(all []tree.Option, path []string, values map[string]string) map[string]any {
	i := slices.IndexFunc(all, func(o tree.Option) bool { return o.Name == path[0] })
	if i < 0 {
		return nil
	}
	o := all[i]
	out := map[string]any{"name": o.Name, "type": o.Type}
	if len(path) > 1 {
		out["options"] = []any{filledIn(o.Options, path[1:], values)}
		return out
	}
	var options []any
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p := o.Options[slices.IndexFunc(o.Options, func(p tree.Option) bool { return p.Name == name })]
		given := map[string]any{"name": name, "type": p.Type, "value": values[name]}
		if p.Type == discordgo.ApplicationCommandOptionBoolean {
			given["value"] = values[name] == "true"
		}
		options = append(options, given)
	}
	out["options"] = options
	return out
}

// TestChosenIsTyped: for every row of the grammar and whatever of its parameters somebody fills in, what Discord's command
// comes to is what the same line comes to when it is typed.
func TestChosenIsTyped(t *testing.T) {
	typed := All.Typed()
	all := tree.Commands(typed, tree.Options{})
	understood := 0
	rapid.Check(t, func(t *rapid.T) {
		for _, row := range typed {
			values := map[string]string{}
			for _, p := range row.Params {
				if p.Required || rapid.Bool().Draw(t, p.Name) {
					values[p.Name] = rapid.SampledFrom(fit(p)).Draw(t, p.Name)
				}
			}
			said, err := tree.Line(typed, chosen(t, all, row.Path, values), nil)
			if diff := cmp.Diff(values, said.Values); diff != "" || err != nil {
				t.Fatalf("%v: the values (-filled in +read): %v\n%s", row.Path, err, diff)
			}
			ctx := at()
			ctx.Values = said.Values
			options, err := All.Parse(said.Text, ctx)
			if err != nil {
				continue // two parameters that do not go together are refused either way
			}
			understood++
			line, err := All.Parse(options.Args.Line, at())
			if err != nil || line.Args.Line != options.Args.Line || line.Args.On != options.Args.On || !cmp.Equal(line.Missing, options.Missing) {
				t.Errorf("%s %q is %q, and typed so %q: %v", said.Text, said.Values, options.Args.Line, line.Args.Line, err)
			}
			if diff := cmp.Diff(optionsOf(options), optionsOf(line)); diff != "" || line.Command.Name() != strings.Join(row.Path, " ") {
				t.Errorf("%s (-options +typed):\n%s", said.Text, diff)
			}
		}
	})
	if understood < 1000 {
		t.Errorf("only %d were understood", understood)
	}
}

// fit are values that a parameter takes.
func fit(p chat.Param) []string {
	if len(p.Choices) > 0 {
		return p.Choices
	}
	return map[chat.Kind][]string{
		chat.KindText: {"two words", "7", "app", "it's", "--x", "<@U1>", "a@b"}, chat.KindRest: {"because -- of it", "<https://x.org|y> &amp;", "--as sre"}, chat.KindNew: {"app@2.0.0"},
		chat.KindRelease: {"app@1.0.0", "app"}, chat.KindItems: {"tests", "tests,docs", "ga.ready/tests"}, chat.KindItem: {"tests", "docs", "7"},
		chat.KindTemplate: {"simple"}, chat.KindCatalogue: {"ga.ready", "runbook"}, chat.KindRole: {"sre"}, chat.KindRef: {"HEAD", "v1.0.0"},
		chat.KindDate: {"2026-12-01", "2026-12-01 17:00", "friday", "3d"}, chat.KindSince: {"30d"}, chat.KindFlag: {"invoices", "app"}, chat.KindEnv: {"staging", "production"}, chat.KindPerson: {"@ana", "ben"},
		chat.KindURL: {"https://x.org/a?b=c"}, chat.KindPlanned: {"#12", "https://x.org/7", "app@invoices"}, chat.KindIssue: {"#12", "https://github.com/acme/app/issues/7"}, chat.KindSwitch: {"true", "false"}, chat.KindWord: {"sign", "flag"},
	}[p.Kind]
}
