package githubfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// sample is a good body of each kind, as small as it can be.
func sample(kind string) reply {
	out := reply{}
	for name, f := range kinds[kind] {
		switch {
		case !f.needs:
		case f.is == isObjects:
			out[name] = []any{}
		case f.one != nil:
			out[name] = f.one[0]
		default:
			out[name] = "x"
		}
	}
	if kind == "pull" {
		out["title"] = "x"
	}
	return out
}

// sized gives a field the length n, in the way that it is written.
func sized(f field, n int) any {
	switch f.is {
	case isList:
		return slices.Repeat([]string{"x"}, n)
	case isObject:
		out := reply{}
		for i := range n {
			out[fmt.Sprint("k", i)] = "v"
		}
		return out
	}
	return strings.Repeat("é", n) // two bytes, one character
}

// TestLimits walks the table: what is as long as can be is taken, one more is refused, and so is one less than the least.
func TestLimits(t *testing.T) {
	for _, l := range Limits {
		t.Run(l.Of+"."+l.Field, func(t *testing.T) {
			f, ok := kinds[l.Of][l.Field]
			if !ok {
				t.Fatal("there is no such field")
			}
			refused := func(n int) bool {
				o := sample(l.Of)
				o[l.Field] = sized(f, n)
				_, no := inspect(l.Of, marshal(o))
				if no.given() && no.status != 422 {
					t.Errorf("%d: %d %s", n, no.status, no.message)
				}
				return no.given()
			}
			if refused(l.Max) {
				t.Errorf("%d is refused", l.Max)
			}
			if refused(max(l.Min, 1)) {
				t.Errorf("%d is refused", l.Min)
			}
			if !refused(l.Max + 1) {
				t.Errorf("%d is taken", l.Max+1)
			}
			if l.Min > 0 && !refused(l.Min-1) {
				t.Errorf("%d is taken", l.Min-1)
			}
		})
	}
}

// wrongs are values of another type than a field has.
func wrongs(f field) []any {
	all := []any{7, []any{7}}
	switch f.is {
	case isTruth:
		all = append(all, "true", nil)
	case isText:
		all = append(all, true, nil, reply{})
	case isTextOrNull:
		all = append(all, true)
	case isObject, isNumbers, isObjects, isList:
		all = []any{7, "x", nil}
	case isTextOrObject:
		all = append(all, true)
	}
	if f.one != nil {
		all = append(all, "none of them", strings.ToUpper(f.one[0]))
	}
	return all
}

// TestFields leaves out each field that must be there, gives each one a value of another type, and adds one that nobody
// knows.
func TestFields(t *testing.T) {
	refused := func(kind string, o reply, want string) {
		t.Helper()
		if _, no := inspect(kind, marshal(o)); no.status != 422 || !strings.Contains(no.message, want) {
			t.Errorf("%s %v: %d %q, want 422 with %q", kind, o, no.status, no.message, want)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if _, no := inspect(kind, marshal(sample(kind))); no.given() {
			t.Errorf("%s whole: %s", kind, no.message)
		}
		o := sample(kind)
		o["colour"] = "red"
		refused(kind, o, `"colour" is not a permitted key`)
		for name, f := range kinds[kind] {
			for _, v := range wrongs(f) {
				o := sample(kind)
				o[name] = v
				refused(kind, o, name)
			}
			if f.needs {
				o := sample(kind)
				delete(o, name)
				refused(kind, o, fmt.Sprintf("%q wasn't supplied", name))
			}
		}
	}
	for body, want := range map[string]int{"{": 400, "[]": 400, "null": 400, "7": 400, "{}": 422, "": 422} {
		if _, no := inspect("comment", []byte(body)); no.status != want {
			t.Errorf("%q is answered with %d, want %d", body, no.status, want)
		}
	}
}

// TestKindsAreServed: no kind of body is left that no route takes.
func TestKindsAreServed(t *testing.T) {
	served := map[string]bool{}
	for _, r := range Routes() {
		served[r.Takes] = true
		if r.Takes != "" && kinds[r.Takes] == nil {
			t.Errorf("%s takes a %s, which nobody knows", r.Name, r.Takes)
		}
	}
	for kind := range kinds {
		if !served[kind] {
			t.Errorf("nothing takes a %s", kind)
		}
	}
}
