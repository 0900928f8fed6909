package chattest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Scramble draws all of what v points at anew but what is kept: paths of fields, "ID" or "Gates.Stage". Of a slice with a
// field that is kept the length is, too, and of a pointer whether there is anything. A field that comes later is drawn as well, so that whoever holds a drawing to what
// it may show need not remember it. A kept path that names nothing panics.
func Scramble(dice *rand.Rand, v any, kept ...string) {
	s := scrambler{dice, kept, map[string]bool{}}
	s.into(reflect.ValueOf(v).Elem(), "", 0)
	for _, path := range kept {
		if !s.met[path] && !empty(reflect.ValueOf(v).Elem(), path) {
			panic(fmt.Sprintf("%T has no %s to keep", v, path))
		}
	}
}

type scrambler struct {
	dice *rand.Rand
	kept []string
	met  map[string]bool
}

// deep is how far a drawing goes down: types may hold themselves.
const deep = 6

// keeps says whether a path is kept, and whether something within it is.
func (s scrambler) keeps(path string) (whole, within bool) {
	s.met[path] = true
	return slices.Contains(s.kept, path), slices.ContainsFunc(s.kept, func(k string) bool { return strings.HasPrefix(k, path+".") })
}

// into draws the fields of a struct, or all of anything else.
func (s scrambler) into(v reflect.Value, path string, depth int) {
	if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
		s.draw(v, depth)
		return
	}
	if s.reads(v) {
		return
	}
	for i := range v.NumField() {
		if !v.Field(i).CanSet() {
			continue
		}
		name := strings.TrimPrefix(path+"."+v.Type().Field(i).Name, ".")
		switch whole, within := s.keeps(name); {
		case whole:
		case within && v.Field(i).Kind() == reflect.Slice:
			fresh := reflect.MakeSlice(v.Field(i).Type(), v.Field(i).Len(), v.Field(i).Len())
			reflect.Copy(fresh, v.Field(i)) // what it was drawn from stays as it was
			v.Field(i).Set(fresh)
			for n := range fresh.Len() {
				s.into(fresh.Index(n), name, depth+1)
			}
		case within && v.Field(i).Kind() == reflect.Pointer:
			if v.Field(i).IsNil() {
				continue
			}
			fresh := reflect.New(v.Field(i).Type().Elem())
			fresh.Elem().Set(v.Field(i).Elem())
			v.Field(i).Set(fresh)
			s.into(fresh.Elem(), name, depth+1)
		case within:
			s.into(v.Field(i), name, depth+1)
		default:
			s.draw(v.Field(i), depth+1)
		}
	}
}

// reads draws what only its own reader can fill: text at rest.
func (s scrambler) reads(v reflect.Value) bool {
	r, ok := v.Addr().Interface().(json.Unmarshaler)
	if !ok {
		return false
	}
	return r.UnmarshalJSON(fmt.Appendf(nil, "%q", s.text())) == nil
}

func (s scrambler) text() string {
	if s.dice.IntN(4) == 0 {
		return ""
	}
	return fmt.Sprintf("leak-%d", s.dice.IntN(1e6))
}

// draw draws all of a value.
func (s scrambler) draw(v reflect.Value, depth int) {
	if depth > deep {
		return
	}
	switch n := s.dice.IntN(4); v.Kind() {
	case reflect.String:
		v.SetString(s.text())
	case reflect.Bool:
		v.SetBool(n%2 == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(s.dice.Int64N(100))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(s.dice.Uint64N(100))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(s.dice.Float64())
	case reflect.Pointer:
		v.SetZero()
		if n > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			s.draw(v.Elem(), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			s.draw(v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			s.draw(key, depth+1)
			s.draw(value, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2020+s.dice.IntN(20), 1, 1, s.dice.IntN(1000), 0, 0, 0, time.UTC)))
			return
		}
		v.SetZero()
		s.into(v, "-", depth)
	}
}

// empty reports whether a path leads through a slice that holds nothing: what it names was never met.
func empty(v reflect.Value, path string) bool {
	name, rest, more := strings.Cut(path, ".")
	f := v.FieldByName(name)
	switch {
	case !f.IsValid() || !more:
		return false
	case f.Kind() == reflect.Slice:
		return f.Len() == 0
	case f.Kind() == reflect.Pointer:
		return f.IsNil() || empty(f.Elem(), rest)
	}
	return empty(f, rest)
}
