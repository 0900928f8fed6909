package config_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"sync"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

// object is a schema, or a part of one, as it is printed.
type object = map[string]any

// schema is the one that is printed; nobody changes it.
var schema = sync.OnceValue(func() object {
	var s object
	if err := json.Unmarshal(config.Schema(), &s); err != nil {
		panic("the schema is no JSON: " + err.Error())
	}
	return s
})

// read gives a file as an editor's YAML library would; ok is false where that cannot read it, or where it is empty.
func read(text string) (value any, ok bool) {
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err == nil && value != nil
}

// invalid says what is wrong with a value, empty where nothing is. It knows the words of JSON Schema that ours uses,
// and panics at any other.
func invalid(s object, value any, path string) (wrong string) {
	for word, wants := range s {
		rule := rules[word]
		if rule == nil {
			panic("the validator does not know " + word)
		}
		if why := rule(s, wants, value, path); why != "" {
			wrong = why
		}
	}
	return wrong
}

type rule = func(s object, wants, value any, path string) string

var rules map[string]rule

func init() {
	silent := func(object, any, any, string) string { return "" }
	rules = map[string]rule{
		"$schema": silent, "title": silent, "description": silent, "default": silent, "examples": silent, "additionalProperties": silent,
		"type": func(_ object, wants, value any, path string) string {
			got := "number"
			switch value.(type) {
			case nil:
				got = "null"
			case string:
				got = "string"
			case bool:
				got = "boolean"
			case []any:
				got = "array"
			case object:
				got = "object"
			}
			return unless(got == wants, "%s: %s, not %s", path, got, wants)
		},
		"const": func(_ object, wants, value any, path string) string {
			return unless(value == wants, "%s: not %s", path, wants)
		},
		"enum": func(_ object, wants, value any, path string) string {
			for _, one := range wants.([]any) {
				if reflect.DeepEqual(one, value) {
					return ""
				}
			}
			return path + ": none of those"
		},
		"not": func(_ object, wants, value any, path string) string {
			return unless(invalid(wants.(object), value, path) != "", "%s: that is excluded", path)
		},
		"anyOf": func(_ object, wants, value any, path string) (why string) {
			for _, one := range wants.([]any) {
				if why = invalid(one.(object), value, path); why == "" {
					return ""
				}
			}
			return why
		},
		"pattern": func(_ object, wants, value any, path string) string {
			text, is := value.(string)
			return unless(!is || compiled(wants.(string)).MatchString(text), "%s: not as %s", path, wants)
		},
		"maxLength": func(_ object, wants, value any, path string) string {
			text, _ := value.(string)
			return unless(float64(utf8.RuneCountInString(text)) <= wants.(float64), "%s: too long", path)
		},
	}
	rules["items"], rules["minItems"], rules["uniqueItems"] = items, minItems, uniqueItems
	rules["required"] = required
	rules["properties"], rules["propertyNames"] = properties, propertyNames
}

var patterns sync.Map // the schema has few, and they are asked often

func compiled(pattern string) *regexp.Regexp {
	if p, ok := patterns.Load(pattern); ok {
		return p.(*regexp.Regexp)
	}
	p := regexp.MustCompile(pattern)
	patterns.Store(pattern, p)
	return p
}

func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func items(_ object, wants, value any, path string) string {
	list, _ := value.([]any)
	for i, one := range list {
		if why := invalid(wants.(object), one, fmt.Sprintf("%s[%d]", path, i)); why != "" {
			return why
		}
	}
	return ""
}

func minItems(_ object, wants, value any, path string) string {
	list, is := value.([]any)
	return unless(!is || float64(len(list)) >= wants.(float64), "%s: too few", path)
}

func uniqueItems(_ object, _, value any, path string) string {
	list, _ := value.([]any)
	for i := range list {
		for j := range i {
			if reflect.DeepEqual(list[i], list[j]) {
				return path + ": twice the same"
			}
		}
	}
	return ""
}

func properties(s object, wants, value any, path string) string {
	known := wants.(object)
	fields, _ := value.(object)
	for key, one := range fields {
		if _, ok := known[key]; !ok && s["additionalProperties"] == false {
			return path + "." + key + ": unknown"
		} else if ok {
			if why := invalid(known[key].(object), one, path+"."+key); why != "" {
				return why
			}
		}
	}
	return ""
}

func required(_ object, wants, value any, path string) string {
	fields, is := value.(object)
	for _, key := range wants.([]any) {
		if _, ok := fields[key.(string)]; is && !ok {
			return fmt.Sprintf("%s.%s: missing", path, key)
		}
	}
	return ""
}

// propertyNames holds the keys that people choose and what stands there: ours always say both.
func propertyNames(s object, wants, value any, path string) string {
	fields, _ := value.(object)
	for key, one := range fields {
		why := invalid(wants.(object), key, path+"."+key)
		if why == "" {
			why = invalid(s["additionalProperties"].(object), one, path+"."+key)
		}
		if why != "" {
			return why
		}
	}
	return ""
}
