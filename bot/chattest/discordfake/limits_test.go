package discordfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// raw is an object as it is sent.
type raw = map[string]any

func times[T any](n int, one func(int) T) []any {
	all := []any{}
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

func button(i int) raw {
	return raw{"type": 2, "style": 1, "label": "b", "custom_id": fmt.Sprint("b", i)}
}

func choice(i int) raw { return raw{"label": fmt.Sprint("l", i), "value": fmt.Sprint("v", i)} }

// sample is a good object of each kind, as small as it can be.
func sample(kind string) raw {
	switch kind {
	case "embed":
		return raw{"description": "d"}
	case "embed field":
		return raw{"name": "n", "value": "v"}
	case "embed footer":
		return raw{"text": "t"}
	case "embed author":
		return raw{"name": "n"}
	case "embed image":
		return raw{"url": "https://a.example/i.png"}
	case "action row":
		return raw{"type": 1, "components": []any{button(0)}}
	case "button":
		return button(0)
	case "string select", "modal string select":
		return raw{"type": 3, "custom_id": "s", "options": times(25, choice)}
	case "user select", "modal user select":
		return raw{"type": 5, "custom_id": "s"}
	case "role select":
		return raw{"type": 6, "custom_id": "s"}
	case "default value":
		return raw{"id": Owner, "type": "user"}
	case "option":
		return choice(0)
	case "modal":
		return raw{"custom_id": "m", "title": "t", "components": []any{sample("label")}}
	case "label":
		return raw{"type": 18, "label": "l", "component": sample("text input")}
	case "text display":
		return raw{"type": 10, "content": "c"}
	case "text input":
		return raw{"type": 4, "custom_id": "t", "style": 1}
	case "legacy row":
		return raw{"type": 1, "components": []any{sample("legacy input")}}
	case "legacy input":
		return raw{"type": 4, "custom_id": "t", "style": 1, "label": "l"}
	case "attachment":
		return raw{"id": 0}
	case "message_reference":
		return raw{"message_id": Server}
	case "thread":
		return raw{"name": "n"}
	case "direct":
		return raw{"recipient_id": Owner}
	}
	return raw{}
}

// within wraps an object into one that can be sent.
func within(kind string, o raw) (string, raw) {
	message := func(field string, v any) (string, raw) { return "message", raw{field: v} }
	row := func(c raw) (string, raw) { return message("components", []any{raw{"type": 1, "components": []any{c}}}) }
	modal := func(c raw) (string, raw) { return "modal", raw{"custom_id": "m", "title": "t", "components": []any{c}} }
	switch kind {
	case "embed":
		return message("embeds", []any{o})
	case "embed field":
		return within("embed", raw{"fields": []any{o}})
	case "embed footer", "embed author", "embed image":
		return within("embed", raw{"description": "d", strings.TrimPrefix(kind, "embed "): o})
	case "action row":
		return message("components", []any{o})
	case "button", "string select", "user select", "role select":
		return row(o)
	case "option":
		return row(raw{"type": 3, "custom_id": "s", "options": []any{o}})
	case "default value":
		return row(raw{"type": 5, "custom_id": "s", "default_values": []any{o}})
	case "label", "text display", "legacy row":
		return modal(o)
	case "legacy input":
		return modal(raw{"type": 1, "components": []any{o}})
	case "text input", "modal string select", "modal user select":
		return modal(raw{"type": 18, "label": "l", "component": o})
	case "emoji":
		return row(raw{"type": 2, "style": 1, "custom_id": "e", "emoji": o})
	case "attachment":
		return message("attachments", []any{o})
	case "allowed_mentions", "message_reference":
		return message(kind, o)
	}
	return kind, o
}

// problems are the paths that are refused.
func problems(t *testing.T, kind string, o raw) []string {
	t.Helper()
	kind, o = within(kind, o)
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	_, in := inspect(kind, "", text)
	return flat(in.errors, "")
}

// flat is a tree of errors as lines: "embeds.0.title BASE_TYPE_REQUIRED".
func flat(errors reply, at string) (all []string) {
	for k, v := range errors {
		switch v := v.(type) {
		case reply:
			all = append(all, flat(v, below(at, k))...)
		case []reply:
			for _, e := range v {
				all = append(all, fmt.Sprint(at, " ", e["code"]))
			}
		}
	}
	slices.Sort(all)
	return all
}

// sized gives a field the length n, in the way that it is written.
func sized(l Limit, n int) any {
	f := kinds[l.Of][l.Field]
	switch {
	case f.is == isInteger:
		return n
	case f.is == isIds:
		return times(n, func(i int) string { return fmt.Sprint(1100000000000000000 + i) })
	case f.is == isWeb:
		return "https://a.example/" + strings.Repeat("u", max(0, n-18))
	case l.Field == "options":
		return times(n, choice)
	case l.Field == "components" && l.Of == "action row":
		return times(n, button)
	case l.Field == "components" && l.Of == "modal":
		return times(n, func(i int) raw {
			return raw{"type": 18, "label": "l", "component": raw{"type": 4, "custom_id": fmt.Sprint("t", i), "style": 1}}
		})
	case l.Field == "components" && l.Of == "legacy row":
		return times(n, func(int) raw { return sample("legacy input") })
	case l.Field == "components":
		return times(n, func(i int) raw { return raw{"type": 1, "components": []any{button(i)}} })
	case f.is == isList:
		return times(n, func(int) raw { return sample(f.of[0]) })
	}
	return strings.Repeat("é", n) // two bytes, one character
}

// TestLimits walks the table: what is as long as can be is taken, one more is refused, and so is one less than the least.
func TestLimits(t *testing.T) {
	for _, l := range Limits {
		t.Run(l.Of+"."+l.Field, func(t *testing.T) {
			if _, there := kinds[l.Of][l.Field]; !there {
				t.Fatal("there is no such field")
			}
			try := func(n int) []string {
				o := sample(l.Of)
				o[l.Field] = sized(l, n)
				switch {
				case l.Of == "button" && l.Field == "url":
					delete(o, "custom_id")
					o["style"] = 5
				case l.Field == "min_values":
					o["max_values"] = 25
				}
				return problems(t, l.Of, o)
			}
			if p := try(l.Max); len(p) > 0 {
				t.Errorf("%d is refused: %q", l.Max, p)
			}
			if p := try(max(l.Min, min(1, l.Max))); len(p) > 0 {
				t.Errorf("%d is refused: %q", l.Min, p)
			}
			if len(try(l.Max+1)) == 0 {
				t.Errorf("%d is taken", l.Max+1)
			}
			if l.Min > 0 && len(try(l.Min-1)) == 0 {
				t.Errorf("%d is taken", l.Min-1)
			}
		})
	}
}

// TestLimited has a limit for everything that people's text can grow in.
func TestLimited(t *testing.T) {
	unlimited := []string{"embed.type", "default value.type", "emoji.name", "attachment.filename", "attachment.title"}
	for of, fields := range kinds {
		for name, f := range fields {
			_, ok := limitOf(limited(of), name)
			if !ok && f.is == isText && !slices.Contains(unlimited, of+"."+name) {
				t.Errorf("%s.%s may be as long as anybody wants", of, name)
			}
		}
	}
}

// TestNeeds leaves out each field that must be there.
func TestNeeds(t *testing.T) {
	for kind, fields := range kinds {
		if p := problems(t, kind, sample(kind)); len(p) > 0 && kind != "emoji" {
			t.Errorf("%s whole: %q", kind, p)
		}
		for name, f := range fields {
			if !f.needs {
				continue
			}
			o := sample(kind)
			delete(o, name)
			if p := problems(t, kind, o); len(p) == 0 {
				t.Errorf("%s without %s is taken", kind, name)
			}
		}
	}
}

// TestTogether counts the characters of all embeds: what is looked at is the sum.
func TestTogether(t *testing.T) {
	message := func(more int) raw {
		half := raw{
			"title": strings.Repeat("é", 100), "description": strings.Repeat("é", 2500), "footer": raw{"text": strings.Repeat("é", 200)},
			"author": raw{"name": "  " + strings.Repeat("é", 100) + "  "}, "fields": []any{raw{"name": strings.Repeat("é", 50), "value": strings.Repeat("é", 50)}},
		}
		return raw{"embeds": []any{half, half, raw{"description": strings.Repeat("é", more), "url": "https://a.example/not/counted"}}}
	}
	delete(message(0), "embeds")
	three := message(0)["embeds"].([]any)[:2]
	if p := problems(t, "message", raw{"embeds": three}); len(p) > 0 {
		t.Errorf("6000 are refused: %q", p)
	}
	if p := problems(t, "message", message(1)); len(p) != 1 || p[0] != "embeds MAX_EMBED_SIZE_EXCEEDED" {
		t.Errorf("6001: %q", p)
	}
}
