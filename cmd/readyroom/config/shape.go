package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// shape says what one place of the file may hold. It is written once: the reader holds the file to it, the defaults
// are taken from it, and the schema tells editors of it.
type shape struct {
	about    string // for the person who hovers over it in an editor
	kind     kind
	fields   []field // of a map with known keys
	keys     *shape  // of a map whose keys people choose
	each     *shape  // the values of such a map, or the items of a list
	apart    bool    // such keys may not look alike: people type them
	full     bool    // the list has one item at least
	word     string  // that may stand instead of the list
	pattern  *regexp.Regexp
	oneOf    []string
	never    []string
	unit     bool                                 // a bare number is told that its unit is missing
	wrong    func(text string) (why, next string) // of text that does not fit, and of a list that lacks its items
	parse    func(text string) error              // of text: what no pattern can say; the schema is silent on it
	fallback any                                  // what holds where it is left out
	examples []any
}

type field struct {
	key string
	*shape
}

// fits reports whether a text is what the schema allows here.
func (s *shape) fits(text string) bool {
	return (s.pattern == nil || s.pattern.MatchString(text)) && (s.oneOf == nil || slices.Contains(s.oneOf, text)) &&
		!slices.Contains(s.never, text)
}

// shaped holds a value to its shape, and gives what is sound of it with the defaults of what was left out; nil stands
// for nothing. What is not sound is reported and missing, so that one mistake hides no other.
func (r *reader) shaped(n *node, s *shape, path string) *node {
	switch {
	case s.fields != nil:
		return r.fixed(n, s, path)
	case n == nil:
		return written(s.fallback)
	case s.kind == isMap:
		return r.chosen(n, s, path)
	case s.kind == isList && n.kind == isText && s.word != "":
		if n.text == s.word {
			return n
		}
		why, next := s.wrong(n.text)
		r.wrong(n, path, why, next)
	case s.kind == isList:
		return r.list(n, s, path)
	case s.kind == isTruth && n.kind == isTruth, s.kind == isText && r.fit(n, s, path):
		return n
	case s.kind == isTruth:
		r.wrong(n, path, "true or false is meant", "write true or false, without quotes")
	}
	return nil
}

// fixed reads a map that may hold the known keys only.
func (r *reader) fixed(n *node, s *shape, path string) *node {
	var known []string
	for _, f := range s.fields {
		known = append(known, f.key)
	}
	values := map[string]*node{}
	for _, p := range r.entries(n, path) {
		if slices.Contains(known, p.key.text) {
			values[p.key.text] = p.value
			continue
		}
		next := ""
		if !r.beyond() {
			next = nearest(p.key.text, slices.Clone(known))
		}
		if next == "" {
			next = "known here: " + strings.Join(known, ", ")
		}
		r.wrong(p.key, at(path, p.key.text), "unknown key", next)
	}
	out := &node{kind: isMap}
	for _, f := range s.fields {
		if value := r.shaped(values[f.key], f.shape, at(path, f.key)); value != nil {
			out.pairs = append(out.pairs, pair{&node{kind: isText, text: f.key}, value})
		}
	}
	return out
}

// chosen reads a map whose keys people choose. A key stays even where its value is not sound: others may name it.
func (r *reader) chosen(n *node, s *shape, path string) *node {
	out := &node{kind: isMap}
	looks := map[string]*node{}
	for _, p := range r.entries(n, path) {
		here := at(path, p.key.text)
		if !r.fit(p.key, s.keys, here) {
			continue
		}
		fold := workflows.ReleaseID(p.key.text).LookAlike()
		if other := looks[fold]; other != nil && s.apart {
			r.wrong(p.key, here, fmt.Sprintf("it looks like %s in line %d", other.text, other.line), "choose another id")
			continue
		}
		looks[fold] = p.key
		out.pairs = append(out.pairs, pair{p.key, r.shaped(p.value, s.each, here)})
	}
	return out
}

func (r *reader) list(n *node, s *shape, path string) *node {
	out := &node{kind: isList}
	for _, item := range r.texts(n, path) {
		if r.fit(item, s.each, path) {
			out.items = append(out.items, item)
		}
	}
	if s.full && n.kind == isList && len(n.items) == 0 {
		_, next := s.wrong("")
		r.wrong(n, path, "the list is empty", next)
	}
	return out
}

// fit reports whether a value is text of a shape.
func (r *reader) fit(n *node, s *shape, path string) bool {
	bare := s.unit && n.kind == isOther
	if !bare && !r.text(n, path) {
		return false
	}
	if bare || !s.fits(n.text) {
		why, next := s.wrong(n.text)
		r.wrong(n, path, why, next)
		return false
	}
	if s.parse == nil {
		return true
	}
	err := s.parse(n.text)
	if err != nil {
		r.refused(n, path, err)
	}
	return err == nil
}

// written is a default as if it stood in the file, at no line of it.
func written(value any) *node {
	switch value := value.(type) {
	case string:
		return &node{kind: isText, text: value}
	case []string:
		n := &node{kind: isList}
		for _, text := range value {
			n.items = append(n.items, written(text))
		}
		return n
	}
	return nil
}

// get is the value of a key; nil where there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.pairs {
		if p.key.text == key {
			return p.value
		}
	}
	return nil
}

// says is the text of a key; empty where there is none.
func (n *node) says(key string) string {
	if value := n.get(key); value != nil {
		return value.text
	}
	return ""
}

// entries and list give what a map or a list holds, also one that is not there.
func (n *node) entries() []pair {
	if n == nil {
		return nil
	}
	return n.pairs
}

func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}
