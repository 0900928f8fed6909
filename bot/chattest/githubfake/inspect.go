package githubfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// resources are what GitHub calls what a body would make, where it says that it would not.
var resources = map[string]string{
	"comment": "IssueComment", "issue": "Issue", "pull": "PullRequest", "pull update": "PullRequest", "release": "Release", "release update": "Release",
	"deployment": "Deployment", "deployment status": "DeploymentStatus",
}

// inspect reads a body and holds it to what its kind may have.
func inspect(kind string, body []byte) (reply, refusal) {
	if len(body) == 0 {
		body = []byte("{}")
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil || !utf8.Valid(body) {
		return nil, refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	in, ok := v.(map[string]any)
	if !ok {
		return nil, refuse(http.StatusBadRequest, "Body should be a JSON object")
	}
	fields := kinds[kind]
	for _, name := range slices.Sorted(maps.Keys(in)) {
		f, known := fields[name]
		if !known {
			return nil, unprocessable(fmt.Sprintf("Invalid request.\n\n%q is not a permitted key.", name))
		}
		if why := f.wrong(in[name]); why != "" {
			return nil, unprocessable(fmt.Sprintf("Invalid request.\n\nFor 'properties/%s', %s.", name, why))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name].needs && in[name] == nil {
			return nil, unprocessable(fmt.Sprintf("Invalid request.\n\n%q wasn't supplied.", name))
		}
	}
	for _, l := range Limits {
		if x, there := in[l.Field]; l.Of == kind && there && x != nil {
			if no := l.exceeded(x); no.given() {
				return nil, no
			}
		}
	}
	return in, refusal{}
}

// wrong says what is wrong with a value, "" if nothing is.
func (f field) wrong(v any) string {
	shown := string(marshal(v))
	s, isString := v.(string)
	switch f.is {
	case isTextOrNull:
		if v == nil {
			return ""
		}
	case isTruth:
		if _, ok := v.(bool); !ok {
			return shown + " is not a boolean"
		}
		return ""
	case isObject:
		if _, ok := v.(map[string]any); !ok {
			return shown + " is not an object"
		}
		return ""
	case isTextOrObject:
		if _, ok := v.(map[string]any); ok {
			return ""
		}
	case isList, isObjects, isNumbers:
		return f.wrongList(v, shown)
	}
	switch {
	case !isString:
		return shown + " is not a string"
	case f.one != nil && !slices.Contains(f.one, s):
		return shown + " is not a member of [" + strings.Join(f.one, ", ") + "]"
	}
	return ""
}

func (f field) wrongList(v any, shown string) string {
	all, ok := v.([]any)
	if !ok {
		return shown + " is not an array"
	}
	for _, x := range all {
		good := false
		switch f.is {
		case isList:
			_, good = x.(string)
		case isObjects:
			_, good = x.(map[string]any)
		default:
			_, good = x.(float64)
		}
		if !good {
			return string(marshal(x)) + " is not of the right type"
		}
	}
	return ""
}

// exceeded says that a field is too long or too short, if it is.
func (l Limit) exceeded(v any) refusal {
	n := 0
	switch v := v.(type) {
	case string:
		n = utf8.RuneCountInString(v)
	case []any:
		n = len(v)
	case map[string]any:
		n = len(v)
	}
	switch {
	case n > l.Max && l.Field == "inputs":
		return unprocessable(fmt.Sprintf("you may only define up to %d `inputs` for a `workflow_dispatch` event", l.Max))
	case n > l.Max:
		return invalid(resources[l.Of], l.Field, "custom", fmt.Sprintf("%s is too long (maximum is %d characters)", l.Field, l.Max))
	case n < l.Min:
		return invalid(resources[l.Of], l.Field, "missing_field", "")
	}
	return refusal{}
}
