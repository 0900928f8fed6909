package tree

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
)

func TestLine(t *testing.T) {
	for name, c := range map[string]struct {
		data   string
		text   string
		values map[string]string
		wrong  string
	}{
		"a verb":                   {`{"id":"1","name":"release","type":1,"guild_id":"2","new_field":{},"options":[{"name":"sign","type":1,"options":[{"name":"item","type":3,"value":"tests,docs"},{"name":"dry-run","type":5,"value":true}]}]}`, "/release sign", map[string]string{"item": "tests,docs", "dry-run": "true"}, ""},
		"nothing filled in":        {`{"name":"release","type":1,"options":[{"name":"status","type":1,"options":[]}]}`, "/release status", map[string]string{}, ""},
		"a group":                  {`{"name":"release","type":1,"options":[{"name":"item","type":2,"options":[{"name":"waive","type":1,"options":[{"name":"who","type":3,"value":"<@17>"}]}]}]}`, "/release item waive", map[string]string{"who": "@ana"}, ""},
		"a noun of its own":        {`{"name":"flag","type":1,"options":[{"name":"set","type":1,"options":[{"name":"flag","type":3,"value":"x"},{"name":"to","type":3,"value":""}]}]}`, "/release flag set", map[string]string{"flag": "x", "to": ""}, ""},
		"a switch off":             {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"dry-run","type":5,"value":false}]}]}`, "/release sign", map[string]string{"dry-run": "false"}, ""},
		"no command":               {`[]`, "", nil, "data of a command"},
		"a message's command":      {`{"name":"Acknowledge","type":3}`, "", nil, "of type 3 is not typed"},
		"no verb":                  {`{"name":"release","type":1}`, "", nil, "one verb of /release is wanted, not 0"},
		"two verbs":                {`{"name":"release","type":1,"options":[{"name":"sign","type":1},{"name":"status","type":1}]}`, "", nil, "not 2"},
		"an unknown command":       {`{"name":"deploy","type":1,"options":[{"name":"sign","type":1}]}`, "", nil, "there is no /deploy"},
		"an unknown verb":          {`{"name":"release","type":1,"options":[{"name":"ship","type":1}]}`, "", nil, "there is no /release"},
		"a noun under another":     {`{"name":"release","type":1,"options":[{"name":"flag","type":2,"options":[{"name":"set","type":1}]}]}`, "", nil, "there is no /release"},
		"a group as a command":     {`{"name":"item","type":1,"options":[{"name":"waive","type":1}]}`, "", nil, "there is no /item"},
		"groups in groups":         {`{"name":"release","type":1,"options":[{"name":"item","type":2,"options":[{"name":"item","type":2,"options":[{"name":"waive","type":1}]}]}]}`, "", nil, "where a verb is wanted"},
		"a nameless group":         {`{"name":"release","type":1,"options":[{"name":"","type":2,"options":[{"name":"status","type":1}]}]}`, "", nil, "where a verb is wanted"},
		"a verb in a verb":         {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":1,"options":[]}]}]}`, "", nil, "item is of type 1"},
		"too deep":                 {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":3,"value":"x","options":[{"name":"y","type":3,"value":"z"}]}]}]}`, "", nil, "item is of type 3"},
		"a verb with a value":      {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"value":"x"}]}`, "", nil, "has a value"},
		"an option of another row": {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"who","type":3,"value":"x"}]}]}`, "", nil, "was not declared"},
		"an option twice":          {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":3,"value":"x"},{"name":"item","type":3,"value":"y"}]}]}`, "", nil, "item is given twice"},
		"a number for text":        {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":3,"value":7}]}]}`, "", nil, "item is no text"},
		"a number's type":          {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":4,"value":7}]}]}`, "", nil, "item is of type 4, not 3"},
		"null for text":            {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":3,"value":null}]}]}`, "", nil, "item is no text"},
		"no value":                 {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"item","type":3}]}]}`, "", nil, "item is no text"},
		"text for a switch":        {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"dry-run","type":5,"value":"true"}]}]}`, "", nil, "neither true nor false"},
		"null for a switch":        {`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[{"name":"dry-run","type":5,"value":null}]}]}`, "", nil, "neither true nor false"},
	} {
		got, err := Line(rows(), []byte(c.data), func(s string) string { return strings.ReplaceAll(s, "<@17>", "@ana") })
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) || got.Text != "" {
				t.Errorf("%s: %+v, %v: want %q", name, got, err, c.wrong)
			}
			continue
		}
		if diff := cmp.Diff(Said{Text: c.text, Values: c.values}, got); diff != "" || err != nil {
			t.Errorf("%s (-want +got): %v\n%s", name, err, diff)
		}
	}
}

func TestFocused(t *testing.T) {
	for name, c := range map[string]struct{ options, focus, wrong string }{
		"what is typed":        {`{"name":"item","type":3,"value":"te","focused":true},{"name":"rel","type":3,"value":"app"}`, "item", ""},
		"nothing yet":          {`{"name":"rel","type":3,"value":"","focused":true}`, "rel", ""},
		"nothing is":           {`{"name":"item","type":3,"value":"te"}`, "", "0 parameters"},
		"two are":              {`{"name":"item","type":3,"value":"te","focused":true},{"name":"rel","type":3,"value":"app","focused":true}`, "", "2 parameters"},
		"a free text":          {`{"name":"note","type":3,"value":"te","focused":true}`, "", "nothing was promised"},
		"what shows all words": {`{"name":"vote","type":3,"value":"o","focused":true}`, "", "nothing was promised"},
		"a switch":             {`{"name":"dry-run","type":5,"value":true,"focused":true}`, "", "nothing was promised"},
	} {
		got, err := Focused(rows(), []byte(`{"name":"release","type":1,"options":[{"name":"sign","type":1,"options":[`+c.options+`]}]}`), nil)
		if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) || c.wrong == "" && err != nil || got.Focus != c.focus {
			t.Errorf("%s: focus %q, %v: want %q %q", name, got.Focus, err, c.focus, c.wrong)
		}
	}
	if _, err := Focused(rows(), []byte(`{"name":"release","type":1,"options":[{"name":"sign","type":1,"focused":true}]}`), nil); err == nil {
		t.Error("a verb is no parameter to complete")
	}
}

// sent is the data of a command with these values, made from what was drawn.
func sent(all []Command, at spot, values map[string]string, focus string) []byte {
	var options []map[string]any
	for _, name := range slices.Sorted(maps.Keys(values)) {
		o := map[string]any{"name": name, "type": 3, "value": values[name]}
		for _, p := range drawn(all, at).Options {
			if p.Name == name && p.Type == discordgo.ApplicationCommandOptionBoolean {
				o["type"], o["value"] = 5, values[name] == "true"
			}
		}
		if name == focus {
			o["focused"] = true
		}
		options = append(options, o)
	}
	inner := map[string]any{"name": at.verb, "type": 1, "options": options}
	if at.group != "" {
		inner = map[string]any{"name": at.group, "type": 2, "options": []any{inner}}
	}
	text, _ := json.Marshal(map[string]any{"name": at.top, "type": 1, "options": []any{inner}})
	return text
}

// drawn finds the verb at a spot.
func drawn(all []Command, at spot) Option {
	for _, c := range all {
		if c.Name != at.top {
			continue
		}
		for _, o := range c.Options {
			if at.group == "" && o.Name == at.verb {
				return o
			}
			for _, v := range o.Options {
				if o.Name == at.group && v.Name == at.verb {
					return v
				}
			}
		}
	}
	return Option{}
}

// TestValuesComeBack: whatever is filled into whichever options of a drawn command, reading gives it back, and the row.
func TestValuesComeBack(t *testing.T) {
	all := Commands(rows(), Options{})
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SampledFrom(rows()[:6]).Draw(t, "row")
		at, _ := placed(row.Path)
		want := Said{Text: "/release " + strings.Join(row.Path, " "), Values: map[string]string{}}
		var completes []string
		for _, p := range row.Params {
			switch {
			case rapid.Bool().Draw(t, "left out"):
				continue
			case p.Kind == chat.KindSwitch:
				want.Values[p.Name] = rapid.SampledFrom([]string{"true", "false"}).Draw(t, p.Name)
			default:
				want.Values[p.Name] = rapid.String().Draw(t, p.Name)
			}
			if completed(p) {
				completes = append(completes, p.Name)
			}
		}
		got, err := Line(rows(), sent(all, at, want.Values, ""), nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("(-want +got): %v\n%s", err, diff)
		}
		if len(completes) == 0 {
			return
		}
		want.Focus = rapid.SampledFrom(completes).Draw(t, "focus")
		got, err = Focused(rows(), sent(all, at, want.Values, want.Focus), nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("focused (-want +got): %v\n%s", err, diff)
		}
	})
}

// FuzzLine: whatever arrives, nothing breaks, and nothing comes of it that was not declared.
func FuzzLine(f *testing.F) {
	all := Commands(rows(), Options{})
	for _, row := range rows()[:6] {
		at, _ := placed(row.Path)
		values := map[string]string{}
		for _, p := range row.Params {
			values[p.Name] = "true"
		}
		f.Add(sent(all, at, values, "item"))
	}
	f.Add([]byte(`{"name":"release","type":1,"options":[{"name":"item","type":2,"options":[{"name":"","type":1}]}]}`))
	f.Add([]byte(`{"name":"release","type":1,"options":[null]}`))
	f.Add([]byte(`{"type":3,"name":"Acknowledge","target_id":"1","resolved":{"messages":{"1":{"author":{"id":"9"},"components":[{"type":1,"components":[{"type":2,"custom_id":"brief ack 1 ~.1"}]}]}}}}`))
	f.Add([]byte(`{"type":3,"name":"Add to release","target_id":"1","resolved":{"messages":{"1":{"content":"see (https://x.org/a_(b))."}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, read := range []func([]chat.Command, []byte, func(string) string) (Said, error){Line, Focused} {
			said, err := read(rows(), raw, nil)
			if err != nil {
				if said.Text != "" || said.Values != nil {
					t.Errorf("refused, and yet %+v", said)
				}
				continue
			}
			i := slices.IndexFunc(rows(), func(c chat.Command) bool { return "/release "+strings.Join(c.Path, " ") == said.Text })
			if i < 0 {
				t.Fatalf("%q is no row", said.Text)
			}
			for name, text := range said.Values {
				p := slices.IndexFunc(rows()[i].Params, func(p chat.Param) bool { return p.Name == name })
				if p < 0 || rows()[i].Params[p].Kind == chat.KindSwitch && text != "true" && text != "false" {
					t.Errorf("%s is given %s = %q", said.Text, name, text)
				}
			}
			if _, given := said.Values[said.Focus]; said.Focus != "" && !given {
				t.Errorf("%s is in the focus of %+v", said.Focus, said)
			}
		}
		pick, err := Picked(raw, "1", "9")
		presses := pick.Press && strings.HasPrefix(pick.Text, "brief ack")
		plans := !pick.Press && pick.Text == "/release scope add" && strings.HasPrefix(pick.Prefill["what"], "http")
		if err == nil && !presses && !plans {
			t.Errorf("picked is %+v", pick)
		}
	})
}
