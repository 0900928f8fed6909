package config_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/workflows"
)

func TestTheSchemaTakesWhatWeWrite(t *testing.T) {
	ana := workflows.Person{Name: "Ana", Code: []string{"ana@example.org"}}
	files := map[string]string{"alone": string(config.Init(ana, false)), "a team": string(config.Init(ana, true)),
		"no code": string(config.Init(workflows.Person{NoCode: true}, true))}
	paths, err := filepath.Glob("../../../deploy/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no worked examples: %v", err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "-manifest.yaml") {
			continue // it is a chat's, not ours
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = string(text)
	}
	for name, text := range files {
		value, ok := read(text)
		if why := invalid(schema(), value, ""); !ok || why != "" {
			t.Errorf("%s: %s", name, why)
		}
	}
}

// beyond are the mistakes that a schema cannot see.
var beyond = map[string][]string{
	"YAML itself is not read, or its comments": {"not YAML", "reserved", "hidden in comment", "control character", "not UTF-8", "many lines", "tabs", "merge bomb", "reserved marks", "deep", "two documents", "many beside", "check, bare login"},
	"how the same value is written":            {"anchor", "tag", "number as id", "date", "exponent", "duplicate key", "duplicate person", "template twice", "item key twice"},
	"one value against another": {"unknown owner", "unknown in role", "unknown manager", "deploys nowhere", "deploys elsewhere", "opens nothing", "unknown told", "look-alike", "role look-alike", "shared address", "shared handle",
		"tag of nothing", "tag of no product", "template", "own template", "template of nothing", "template of itself", "built-in name", "template look-alike", "drop of nothing", "drop of two", "move of nothing",
		"move onto", "item twice", "item look-alike", "item look-alike of another's", "item without text", "item without role", "soak", "vote", "made weaker", "item too long", "too many items",
		"too many templates", "too many rules", "rule of nothing", "told twice"},
	"characters that are not shown": {"bidirectional", "line break", "item hidden"},
	"what another room reads":       {"zone", "zone in capitals", "no zone", "zone Local", "audit when", "pattern", "pattern outside"},
}

// A mistake in the shape of a file is one for the schema as well.
func TestTheSchemaSeesMistakes(t *testing.T) {
	unseen := slices.Concat(slices.Collect(maps.Values(beyond))...)
	for _, name := range unseen {
		if _, known := mistakes[name]; !known {
			t.Errorf("no mistake is called %s", name)
		}
	}
	for name, c := range mistakes {
		value, ok := read(c.text)
		seen := ok && invalid(schema(), value, "") != ""
		if seen == slices.Contains(unseen, name) {
			t.Errorf("%s: seen by the schema: %t", name, seen)
		}
	}
}

// ground is a configuration with something to name: each place of the schema is tried in it.
func ground() object {
	item := object{"key": "own", "text": "it is so", "role": "sre"}
	return object{"people": object{"ana": object{}, "ben": object{}}, "products": object{"app": object{}},
		"audiences": object{"all": object{}}, "roles": object{"sre": []any{}}, "audit": object{"channel": "#tip"}, "channels": object{"#app": "thread"},
		"templates": object{"team": object{"risk": "high", "move": object{"changelog": "ga.done"}, "add": object{"preview.ready": []any{item}, "preview.done": []any{item}, "ga.ready": []any{item}, "ga.done": []any{item}}}},
		"risk":      object{"raise": []any{object{"paths": []any{"x"}, "labels": []any{"x"}, "to": "normal"}}}}
}

// chosen is the key that stands for those that people choose, below each map.
var chosen = map[string]string{"people": "ana", "products": "app", "audiences": "all", "roles": "sre", "templates": "team", "move": "changelog", "channels": "#app", "deploy": "production"}

// first is the key that stands for the first item of a list.
const first = "[]"

// places gives each place of a schema by its keys, those in lists of maps included.
func places(s object, path []string) map[string]object {
	out := map[string]object{strings.Join(path, " "): s}
	below := func(key string, s any) { maps.Copy(out, places(s.(object), append(slices.Clone(path), key))) }
	within(s, below)
	either, _ := s["anyOf"].([]any)
	for _, one := range either {
		within(one.(object), below)
	}
	if each, ok := s["items"].(object); ok && (each["type"] == "object" || each["anyOf"] != nil) {
		below(first, each)
	}
	if one, ok := s["additionalProperties"].(object); ok {
		below(chosen[path[len(path)-1]], one)
	}
	return out
}

func within(s object, below func(string, any)) {
	fields, _ := s["properties"].(object)
	for key, one := range fields {
		below(key, one)
	}
}

// grounded is what the ground has at a place; nil where it has nothing.
func grounded(place string) any {
	var in any = ground()
	for key := range strings.SplitSeq(place, " ") {
		switch at := in.(type) {
		case object:
			in = at[key]
		case []any:
			in = at[0]
		default:
			return nil
		}
	}
	return in
}

// with puts a value at a place of the ground.
func with(t *testing.T, place string, value any) (text string, whole any) {
	t.Helper()
	root := ground()
	keys := strings.Split(place, " ")
	var in any = root
	for _, key := range keys[:len(keys)-1] {
		if key == first {
			in = in.([]any)[0]
			continue
		}
		next, ok := in.(object)[key]
		if !ok {
			next = object{}
			in.(object)[key] = next
		}
		in = next
	}
	if last := keys[len(keys)-1]; last == first {
		in.([]any)[0] = value
	} else {
		in.(object)[last] = value
	}
	out, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	whole, _ = read(string(out))
	return string(out), whole
}

// Every place of the schema is explained; its examples are read and change something, and its default changes nothing.
func TestEveryPlaceOfTheSchemaIsRead(t *testing.T) {
	plain, _ := with(t, "audit channel", "#tip")
	base := parse(t, plain)
	base.Hash = ""
	for place, s := range places(schema(), nil) {
		if text, _ := s["description"].(string); len(text) < 5 || !strings.HasSuffix(text, ".") {
			t.Errorf("%s: the description is %q", place, text)
		}
		if s["type"] == "object" || strings.HasSuffix(place, first) {
			continue
		}
		examples, _ := s["examples"].([]any)
		if enum, ok := s["enum"].([]any); ok {
			examples = slices.DeleteFunc(slices.Clone(enum), func(v any) bool { return v == s["default"] || v == grounded(place) })
		}
		if len(examples) == 0 {
			t.Errorf("%s: no example", place)
		}
		for _, example := range examples {
			if c := tried(t, place, example); cmp.Diff(base, c, same) == "" {
				t.Errorf("%s: %v changes nothing", place, example)
			}
		}
		if s["default"] != nil {
			if diff := cmp.Diff(base, tried(t, place, s["default"]), same); diff != "" {
				t.Errorf("%s: the default changes %s", place, diff)
			}
		}
	}
}

func tried(t *testing.T, place string, value any) config.Config {
	t.Helper()
	text, whole := with(t, place, value)
	if why := invalid(schema(), whole, ""); why != "" {
		t.Errorf("%s: %v: %s", place, value, why)
	}
	c := parse(t, text)
	c.Hash = ""
	return c
}

// At every place, what is of the wrong kind is refused by both or by neither; odd text is never refused by the schema
// alone.
func TestSchemaAndReaderRefuseTheSame(t *testing.T) {
	kinds := []any{1, 1.5, true, nil, "", " ", strings.Repeat("x", 501), []any{}, []any{1}, []any{""}, []any{"ana", "ana"}, []any{[]any{}}, object{}, object{"xyzzy": 1}, object{"": object{}}}
	odd := []any{"x", "#", "none", "ga", "0", "100%", "101%", "7d", "-1d", "a b", "@", "ana", "Ana", "group:slack/T1/S1", "T1/U1", "*", "..", "é", "18:00", []any{"ana"}, []any{"*"}, []any{"a@b"},
		object{"ga": object{}}, object{"*": []any{}}, object{"x": object{}}, object{"A": object{}}}
	for place := range places(schema(), nil) {
		for _, value := range slices.Concat(kinds, odd) {
			if place == "" {
				continue
			}
			text, whole := with(t, place, value)
			_, err := config.Parse("f", []byte(text))
			why := invalid(schema(), whole, "")
			must := slices.ContainsFunc(kinds, func(k any) bool { return cmp.Equal(k, value) })
			if why != "" && err == nil || must && why == "" && err != nil {
				t.Errorf("%s: %v: the schema says %q, the reader %v", place, value, why, err)
			}
		}
	}
}

// Patterns mean the same to Go and to the JavaScript of editors, and ids are what the rest of the program takes for one.
func TestPatternsAreReadAlike(t *testing.T) {
	both := regexp.MustCompile(`\\[S.*\\\[]`)
	for _, found := range regexp.MustCompile(`"pattern": (".*")`).FindAllSubmatch(config.Schema(), -1) {
		var pattern string
		err := json.Unmarshal(found[1], &pattern)
		if rest := both.ReplaceAllString(pattern, "x"); err != nil || strings.ContainsRune(rest, '\\') || strings.Contains(rest, "(?") {
			t.Errorf("%s: %v", found[1], err)
		}
	}
	id := places(schema(), nil)["people"]["propertyNames"].(object)
	for a := range rune(128) {
		for _, text := range []string{string(a), "a" + string(a), string(a) + "a", strings.Repeat("a", int(a))} {
			if (invalid(id, text, "") == "") != workflows.ValidID(text) {
				t.Errorf("%q", text)
			}
		}
	}
}
