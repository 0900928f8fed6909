package discordfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// inspection is one object taken apart, with what is wrong with it.
type inspection struct {
	wrong
	strange []string // fields that Discord does not know
	seen    map[string]bool
}

// inspect takes a JSON object of a kind apart. at is where errors say that it stands: "" or "data".
func inspect(kind, at string, body []byte) (map[string]any, *inspection) {
	in := &inspection{seen: map[string]bool{}}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if len(body) == 0 {
		v = map[string]any{}
	} else if err := d.Decode(&v); err != nil {
		in.at(at, "BASE_TYPE_DICT", "Only dictionaries may be used in a DictType")
		return nil, in
	}
	in.object(kind, at, v)
	o, _ := v.(map[string]any)
	return o, in
}

// below is the path of a field.
func below(at, field string) string { return strings.TrimPrefix(at+"."+field, ".") }

// object looks at one object, and at all within it.
func (in *inspection) object(kind, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		in.at(at, "BASE_TYPE_DICT", "Only dictionaries may be used in a DictType")
		return
	}
	fields := kinds[kind]
	for _, name := range slices.Sorted(maps.Keys(o)) {
		f, known := fields[name]
		switch _, component := types[kind]; {
		case component && (name == "type" || name == "id"):
		case !known:
			in.strange = append(in.strange, below(at, name))
			in.at(below(at, name), "UNKNOWN_FIELD", "Discord does not document this field of a "+kind)
		case o[name] == nil && f.null:
		default:
			in.field(kind, name, f, below(at, name), o[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, there := o[name]; fields[name].needs && !there {
			in.at(below(at, name), "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
	if more := rules[kind]; more != nil {
		more(in, at, o)
	}
}

// field looks at one field.
func (in *inspection) field(kind, name string, f field, at string, v any) {
	switch f.is {
	case isSkipped:
	case isObject:
		in.one(f.of, at, v)
	case isList:
		all, ok := v.([]any)
		if !ok {
			in.at(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
			return
		}
		in.length(kind, name, at, len(all), true)
		for i, x := range all {
			in.one(f.of, below(at, strconv.Itoa(i)), x)
		}
	case isIds, isWords:
		in.plainList(kind, name, f, at, v)
	case isInteger:
		in.integer(kind, name, f, at, v)
	case isBoolean:
		if _, ok := v.(bool); !ok {
			in.at(at, "BASE_TYPE_BOOLEAN", "Must be either true or false.")
		}
	default:
		in.word(kind, name, f, at, v)
	}
}

// one looks at an object that may be of several kinds.
func (in *inspection) one(of []string, at string, v any) {
	o, ok := v.(map[string]any)
	if _, component := types[of[0]]; !component || !ok {
		in.object(of[0], at, v)
		return
	}
	t, _ := o["type"].(json.Number)
	var numbers []string
	for _, kind := range of {
		if t.String() == strconv.Itoa(types[kind]) {
			in.object(kind, at, o)
			return
		}
		numbers = append(numbers, strconv.Itoa(types[kind]))
	}
	if o["type"] == nil {
		in.at(below(at, "type"), "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	in.at(below(at, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of ("+strings.Join(numbers, ", ")+").")
}

func (in *inspection) plainList(kind, name string, f field, at string, v any) {
	all, ok := v.([]any)
	if !ok {
		in.at(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return
	}
	in.length(kind, name, at, len(all), true)
	for i, x := range all {
		s, ok := x.(string)
		if at := below(at, strconv.Itoa(i)); !ok || f.is == isIds && !numeric(s) {
			in.at(at, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not snowflake.", x))
		}
	}
}

func (in *inspection) integer(kind, name string, f field, at string, v any) {
	n, ok := v.(json.Number)
	i, err := strconv.Atoi(n.String())
	if !ok || err != nil {
		in.at(at, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not int.", v))
		return
	}
	if f.one != nil && !slices.Contains(f.one, i) {
		in.at(at, "BASE_TYPE_CHOICES", fmt.Sprintf("Value must be one of %v.", f.one))
	}
	l, ok := limitOf(limited(kind), name)
	switch {
	case ok && i < l.Min:
		in.at(at, "NUMBER_TYPE_MIN", fmt.Sprintf("int value should be greater than or equal to %d.", l.Min))
	case ok && i > l.Max:
		in.at(at, "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be less than or equal to %d.", l.Max))
	}
}
