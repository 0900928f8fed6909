package discordfake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

func options(n int, one func(i int) any) (all []any) {
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

func text(name string) j { return j{"type": 3, "name": name, "description": "d"} }

func with(o j, more j) j {
	out := j{}
	for _, m := range []j{o, more} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// TestCommandLimits: what Discord does not register is refused, at the field.
func TestCommandLimits(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	long := func(n int) string { return strings.Repeat("x", n) }
	cmd := func(more j) j { return with(j{"name": "a", "description": "d"}, more) }
	opt := func(more j) j { return cmd(j{"options": []any{with(text("o"), more)}}) }
	sub := func(kind int, inner ...any) j {
		return j{"type": kind, "name": "s", "description": "d", "options": inner}
	}
	choice := func(i int) any { return j{"name": fmt.Sprint("c", i), "value": fmt.Sprint(i)} }
	for name, c := range map[string]struct {
		cmd   any
		wrong string // the field; empty: it is well
	}{
		"well":                 {cmd(nil), ""},
		"no name":              {j{"description": "d"}, "name"},
		"name of 32":           {cmd(j{"name": long(32)}), ""},
		"name of 33":           {cmd(j{"name": long(33)}), "name"},
		"capital":              {cmd(j{"name": "Release"}), "name"},
		"space":                {cmd(j{"name": "a b"}), "name"},
		"other letters":        {cmd(j{"name": "über-größe_1"}), ""},
		"no description":       {j{"name": "a"}, "description"},
		"description of 100":   {cmd(j{"description": long(100)}), ""},
		"description of 101":   {cmd(j{"description": long(101)}), "description"},
		"type":                 {cmd(j{"type": 7}), "type"},
		"25 options":           {cmd(j{"options": options(25, func(i int) any { return text(fmt.Sprint("o", i)) })}), ""},
		"26 options":           {cmd(j{"options": options(26, func(i int) any { return text(fmt.Sprint("o", i)) })}), "options"},
		"option twice":         {cmd(j{"options": []any{text("a"), text("a")}}), "options"},
		"option's name":        {opt(j{"name": "A"}), "options.0.name"},
		"option's text":        {opt(j{"description": ""}), "options.0.description"},
		"option's type":        {opt(j{"type": 12}), "options.0.type"},
		"required last":        {cmd(j{"options": []any{text("a"), with(text("b"), j{"required": true})}}), "options.1"},
		"25 choices":           {opt(j{"choices": options(25, choice)}), ""},
		"26 choices":           {opt(j{"choices": options(26, choice)}), "options.0.choices"},
		"choice of 101":        {opt(j{"choices": []any{j{"name": "c", "value": long(101)}}}), "options.0.choices.0.value"},
		"choice without name":  {opt(j{"choices": []any{j{"name": "", "value": "v"}}}), "options.0.choices.0.name"},
		"choice of a number":   {opt(j{"choices": []any{j{"name": "c", "value": 1}}}), "options.0.choices.0.value"},
		"number of a text":     {opt(j{"type": 4, "choices": []any{j{"name": "c", "value": "x"}}}), "options.0.choices.0.value"},
		"both":                 {opt(j{"autocomplete": true, "choices": []any{choice(0)}}), "options.0"},
		"users are not chosen": {opt(j{"type": 6, "autocomplete": true}), "options.0"},
		"length":               {opt(j{"max_length": 6001}), "options.0.max_length"},
		"length of a number":   {opt(j{"type": 4, "max_length": 3}), "options.0.max_length"},
		"value of a text":      {opt(j{"max_value": 3}), "options.0"},
		"least over most":      {opt(j{"type": 4, "min_value": 3, "max_value": 2}), "options.0"},
		"mixed":                {cmd(j{"options": []any{sub(1), text("a")}}), "options.1"},
		"group of commands":    {cmd(j{"options": []any{sub(2, sub(1, text("a")))}}), ""},
		"group of options":     {cmd(j{"options": []any{sub(2, text("a"))}}), "options.0.options"},
		"group of groups":      {cmd(j{"options": []any{sub(2, sub(2, sub(1)))}}), "options.0.options.0.type"},
		"too deep":             {cmd(j{"options": []any{sub(2, sub(1, sub(1)))}}), "options.0.options.0.options"},
		"menu":                 {j{"name": "Add to release", "type": 3}, ""},
		"menu with text":       {j{"name": "Add", "type": 3, "description": "d"}, "description"},
		"menu with options":    {j{"name": "Add", "type": 3, "options": []any{text("a")}}, "options"},
		"permissions":          {cmd(j{"default_member_permissions": "32"}), ""},
		"permissions in words": {cmd(j{"default_member_permissions": "MANAGE"}), "default_member_permissions"},
		"nobody":               {cmd(j{"default_member_permissions": "0"}), ""},
		"contexts":             {cmd(j{"contexts": []int{0, 1, 2}, "integration_types": []int{0, 1}}), ""},
		"context":              {cmd(j{"contexts": []int{3}}), "contexts.0"},
		"context twice":        {cmd(j{"contexts": []int{0, 0}}), "contexts"},
		"8000":                 {cmd(j{"description": long(99), "options": options(25, fat)}), ""},
		"over 8000":            {cmd(j{"description": long(100), "options": options(25, fat)}), "_errors"},
		"translated":           {cmd(j{"name_localizations": j{"de": "Gross"}}), "name_localizations.de"},
	} {
		status, out := api(t, f, "PUT", "/applications/"+f.AppID()+"/commands", []any{c.cmd})
		switch {
		case c.wrong == "" && status != http.StatusOK:
			t.Errorf("%s: %d %v", name, status, out)
		case c.wrong != "" && (status != http.StatusBadRequest || out["code"] != 50035.0 || !at(out["errors"], "0."+c.wrong)):
			t.Errorf("%s: %d %v; want an error at %s", name, status, out, c.wrong)
		}
	}
}

// fat is an option of 316 characters in all.
func fat(i int) any {
	return j{"type": 3, "name": fmt.Sprintf("o%02d", i), "description": strings.Repeat("x", 97), "choices": []any{
		j{"name": strings.Repeat("y", 100), "value": strings.Repeat("z", 100)},
		j{"name": "a", "value": strings.Repeat("z", 15)},
	}}
}

// at reports whether an error stands at a field.
func at(errors any, path string) bool {
	node := errors
	for part := range strings.SplitSeq(path, ".") {
		o, ok := node.(j)
		if !ok {
			return false
		}
		node = o[part]
	}
	if list, ok := node.([]any); ok {
		return len(list) > 0
	}
	o, _ := node.(j)
	return o["_errors"] != nil
}

// TestCommandCounts: there are so many of each type, and none twice.
func TestCommandCounts(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	typed := func(i int) any { return j{"name": fmt.Sprint("a", i), "description": "d"} }
	menu := func(kind int) func(int) any {
		return func(i int) any { return j{"name": fmt.Sprint("A ", i), "type": kind} }
	}
	all := append(append(options(100, typed), options(15, menu(2))...), options(15, menu(3))...)
	for name, c := range map[string]struct {
		all  []any
		code any
	}{
		"full":           {all, nil},
		"101":            {options(101, typed), 30032.0},
		"16 of messages": {options(16, menu(3)), 30032.0},
		"twice":          {[]any{typed(0), typed(0)}, 50035.0},
		"both types":     {[]any{j{"name": "a", "description": "d"}, j{"name": "a", "type": 3}}, nil},
	} {
		if status, out := api(t, f, "PUT", here, c.all); out["code"] != c.code || (status == http.StatusOK) != (c.code == nil) {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	for name, c := range map[string]struct {
		path string
		code any
	}{
		"another app":    {"/applications/" + f.BotUser() + "/commands", 20012.0},
		"another server": {"/applications/" + f.AppID() + "/guilds/1100000000000000009/commands", 50001.0},
		"no such":        {here + "/1100000000000000009", 10063.0},
	} {
		if _, out := api(t, f, "GET", c.path, nil); out["code"] != c.code {
			t.Errorf("%s: %v", name, out)
		}
	}
}

// TestCommandWrites: only what changed gets a new version, and only what is new counts as created.
func TestCommandWrites(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	ids := func() map[string][2]string {
		all := map[string][2]string{}
		for _, c := range f.Commands(discordfake.Server) {
			all[c.Name] = [2]string{c.ID, c.Version}
		}
		return all
	}
	writes := func() string {
		var all []string
		for _, w := range f.Writes() {
			all = append(all, w.Kind+" "+w.Name)
		}
		return strings.Join(all, ", ")
	}
	register(t, f)
	before := ids()
	register(t, f)
	if after := ids(); len(after) != 2 || after["release"] != before["release"] || writes() != "create release, create Acknowledge" {
		t.Errorf("%v, %v: %s", before, after, writes())
	}
	changed := []any{j{"name": "release", "description": "Changed"}}
	if status, out := api(t, f, "PUT", here, changed); status != http.StatusOK {
		t.Fatal(out)
	}
	after := ids()
	if after["release"][0] != before["release"][0] || after["release"][1] == before["release"][1] || len(after) != 1 {
		t.Errorf("%v, %v", before, after)
	}
	id := here + "/" + after["release"][0]
	status, _ := api(t, f, "POST", here, j{"name": "release", "description": "Changed"})
	again, _ := api(t, f, "POST", here, j{"name": "other", "description": "d"})
	patched, out := api(t, f, "PATCH", id, j{"description": "Again"})
	gone, _ := api(t, f, "DELETE", id, nil)
	if status != 200 || again != 201 || patched != 200 || gone != 204 || out["description"] != "Again" || out["name"] != "release" {
		t.Errorf("%d %d %d %d %v", status, again, patched, gone, out)
	}
	const want = "create release, create Acknowledge, delete Acknowledge, update release, create other, update release, delete release"
	if writes() != want {
		t.Errorf("%s, want\n%s", writes(), want)
	}
}

// TestCommandCreates: 200 creates a day for each server; what is there already is none.
func TestCommandCreates(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	register(t, f)
	f.Created(discordfake.Server, discordfake.MaxCreates)
	register(t, f)
	if status, out := api(t, f, "POST", here, j{"name": "new", "description": "d"}); status != 400 || out["code"] != 30034.0 {
		t.Errorf("%d %v", status, out)
	}
	if status, out := api(t, f, "POST", "/applications/"+f.AppID()+"/commands", j{"name": "new", "description": "d"}); status != 201 {
		t.Errorf("%d %v", status, out)
	}
}

// TestCommandShown: one of a server says nothing of contexts, a global one does.
func TestCommandShown(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	body := []any{j{"name": "a", "description": "d", "contexts": []int{0}, "integration_types": []int{0}, "default_member_permissions": "32", "options": []any{
		j{"type": 3, "name": "o", "description": "d", "required": false},
	}}}
	for path, want := range map[string]string{
		here: `"default_member_permissions":"32","description":"d"`,
		"/applications/" + f.AppID() + "/commands": `"contexts":[0]`,
	} {
		_, text := apiText(t, f, "PUT", path, body)
		_, list := apiText(t, f, "GET", path, nil)
		var all []j
		if err := json.Unmarshal(list, &all); err != nil || len(all) != 1 {
			t.Fatalf("%s: %v", list, err)
		}
		_, contexts := all[0]["contexts"]
		if !strings.Contains(string(text), want) || !strings.Contains(string(list), want) || contexts == (path == here) {
			t.Errorf("%s", list)
		}
	}
}
