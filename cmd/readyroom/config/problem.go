package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Problem is one mistake in a configuration, with its place, counted from 1, and what to write instead.
type Problem struct {
	File         string
	Line, Column int
	Path         string // the keys that lead there: "people.ana.code"
	Why          string
	Next         string // empty: the why says it all
}

// Error writes "readyroom.yaml:12:7: people.ana.zone: no such zone «Berlin»; write Europe/Berlin".
func (p Problem) Error() string {
	s := fmt.Sprintf("%s:%d:%d: ", workflows.Display(p.File, 200), p.Line, p.Column)
	if p.Path != "" {
		s += p.Path + ": "
	}
	s += p.Why
	if p.Next != "" {
		s += "; " + p.Next
	}
	return s
}

// maxProblems is how many mistakes are reported: whoever has more reads no further anyway.
const maxProblems = 100

// Problems is everything that is wrong with a configuration, in the order of the file.
type Problems []Problem

// Error writes one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

func (p Problems) inOrder() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if len(p) > maxProblems {
		last := p[maxProblems]
		last.Path, last.Why, last.Next = "", fmt.Sprintf("and %d more from here on", len(p)-maxProblems), ""
		p = append(p[:maxProblems:maxProblems], last)
	}
	return p
}

// at joins a path and a key, the key as it can be shown.
func at(path, key string) string {
	key = workflows.Display(key, 40)
	if path == "" {
		return key
	}
	return path + "." + key
}

func quoted(s string) string { return "«" + workflows.Display(s, 60) + "»" }

// nearest says which of the names may have been meant; empty when none is near.
func nearest(word string, names []string) string {
	slices.Sort(names)
	if near := workflows.Nearest(word, names, 3); len(near) > 0 {
		return "nearest: " + strings.Join(near, ", ")
	}
	return ""
}
