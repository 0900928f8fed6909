package config

import (
	"cmp"
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
	fields   []field  // of a map with known keys
	keys     *shape   // of a map whose keys people choose
	each     *shape   // the values of such a map, or the items of a list
	apart    bool     // such keys may not look alike: people type them
	full     bool     // the list has one item at least
	once     bool     // of a list of maps: none stands in it twice, which whoever reads it looks after
	word     string   // that may stand instead of the list
	instead  *shape   // the text that may stand instead of the map
	needs    []string // keys that a map must have
	most     int      // how many entries there may be; 0: as many as the file may hold
	near     []string // what a text that does not fit may have meant
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
	case n != nil && s.instead != nil && (n.kind == isText || n.kind == isOther || n.kind == isTruth):
		return r.shaped(n, s.instead, path)
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
	for _, key := range s.needs {
		if n.kind == isMap && values[key] == nil {
			r.wrong(n, at(path, key), "it is missing", "write "+key+":")
		}
	}
	out := &node{kind: isMap}
	if n != nil {
		out.line, out.column = n.line, n.column
	}
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
	entries := r.entries(n, path)
	if s.most > 0 && len(entries) > s.most {
		r.tooMany(entries[s.most].key, s, path)
		return out
	}
	for _, p := range entries {
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
	items := r.items(n, s, path)
	if s.most > 0 && len(items) > s.most {
		r.tooMany(items[s.most], s, path)
		return out
	}
	for _, item := range items {
		before := len(r.problems)
		if sound := r.shaped(item, s.each, path); len(r.problems) == before {
			out.items = append(out.items, sound)
		}
	}
	if s.full && n.kind == isList && len(n.items) == 0 {
		_, next := s.wrong("")
		r.wrong(n, path, "the list is empty", next)
	}
	return out
}

// items gives the items of a list. Those that may be maps say themselves what they are.
func (r *reader) items(n *node, s *shape, path string) []*node {
	if s.each.kind != isMap {
		return r.texts(n, path)
	}
	if !r.is(n, path, isList) {
		return nil
	}
	return n.items
}

func (r *reader) tooMany(n *node, s *shape, path string) {
	r.wrong(n, path, fmt.Sprintf("more than %d entries", s.most), "nobody keeps more apart")
}

// fit reports whether a value is text of a shape.
func (r *reader) fit(n *node, s *shape, path string) bool {
	bare := s.unit && n.kind == isOther
	if !bare && !r.text(n, path) {
		return false
	}
	if bare || !s.fits(n.text) {
		why, next := s.wrong(n.text)
		if s.near != nil && !r.enough() {
			next = cmp.Or(nearest(n.text, slices.Clone(s.near)), next)
		}
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
