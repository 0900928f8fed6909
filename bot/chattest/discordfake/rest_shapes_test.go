package discordfake_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// since are names that Discord's examples lack and its reference has, by the part of the name behind the last dot.
var since = []string{
	"components", "flags", "global_name", "public_flags", "position", "thread_metadata.create_timestamp", "default_auto_archive_duration",
	"rate_limit_per_user", "bot",
}

// lacking are names of examples that the fake never has cause to send: reactions, what came from another channel.
var lacking = []string{"reactions", "mention_channels", "message_reference"}

// fieldsIn are the names of fields in a payload, with those around them, and the types of their values.
func fieldsIn(v any, at string, out map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			name := strings.TrimPrefix(at+"."+k, ".")
			out[name] = typeOf(x)
			fieldsIn(x, name, out)
		}
	case []any:
		for _, x := range v {
			fieldsIn(x, at+"[]", out)
		}
	}
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case []any:
		return "list"
	}
	return "object"
}

// examples reads which fields Discord's own examples bear.
func examples(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	kind := ""
	for l := range strings.Lines(string(text)) {
		l = strings.TrimSpace(l)
		name, is := strings.CutPrefix(l, "-- ")
		field, sort, two := strings.Cut(l, " ")
		switch {
		case is:
			kind = strings.TrimSuffix(name, " --")
			all[kind] = map[string]string{}
		case two && kind != "":
			all[kind][field] = sort
		}
	}
	return all
}

// among reports whether a name, or what it stands in, is one of these.
func among(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return name == n || strings.HasSuffix(name, "."+n) || strings.HasPrefix(name, n+".") || strings.HasPrefix(name, n+"[]")
	})
}

// TestRESTShapes holds what the fake sends to what Discord's examples bear, name by name and type by type: an app that goes by
// a name of our own making would work here alone, and one that goes by a name that is missing here would not.
func TestRESTShapes(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	a.SetApplication(func(app *discordfake.Application) { app.Content = true })
	category := a.AddChannel(discordfake.Channel{Name: "team", Type: discordfake.Category})
	a.SetChannel(discordfake.General, func(c *discordfake.Channel) { c.Topic, c.Parent = "all", category })
	a.SetChannel(a.news, func(c *discordfake.Channel) { c.Topic, c.Parent = "news", category })
	id := a.post(t, discordfake.General, "Supa Hot").id()
	published := a.post(t, a.news, "Big news!").id()
	a.post(t, a.DM(a.ana), "hello")
	sent := map[string]got{
		"message":              a.do(t.Context(), t, "GET", messages+"/"+id, ""),
		"crossposted message":  a.do(t.Context(), t, "POST", "/channels/"+a.news+"/messages/"+published+"/crosspost", ""),
		"text channel":         a.do(t.Context(), t, "GET", "/channels/"+discordfake.General, ""),
		"announcement channel": a.do(t.Context(), t, "GET", "/channels/"+a.news, ""),
		"direct messages":      a.do(t.Context(), t, "GET", "/channels/"+a.DM(a.ana), ""),
	}
	a.do(t.Context(), t, "POST", messages+"/"+id+"/threads", `{"name":"t"}`)
	a.post(t, id, "in it")
	sent["thread"] = a.do(t.Context(), t, "GET", "/channels/"+id, "")

	known := examples(t)
	if len(known) != len(sent) {
		t.Errorf("%d kinds are known, %d sent", len(known), len(sent))
	}
	for _, kind := range slices.Sorted(maps.Keys(known)) {
		var v any
		if err := json.Unmarshal(sent[kind].text, &v); err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		fieldsIn(v, "", names)
		for _, n := range slices.Sorted(maps.Keys(names)) {
			want, there := known[kind][n]
			switch {
			case !there && !among(since, n):
				t.Errorf("%s: Discord sends no %s", kind, n)
			case there && names[n] != want && !strings.HasSuffix(n, "avatar"):
				t.Errorf("%s: %s is a %s, not a %s", kind, n, want, names[n])
			}
		}
		for _, n := range slices.Sorted(maps.Keys(known[kind])) {
			if _, there := names[n]; !there && !among(lacking, n) {
				t.Errorf("%s: Discord sends %s", kind, n)
			}
		}
	}
}
