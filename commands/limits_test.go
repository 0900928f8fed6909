package commands

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/workflows"
)

// The limits of Slack's manifest and Block Kit, and of Discord's application commands; see treelimits_test.go.
const (
	optionsACmd   = 25
	choicesAParam = 25
	description   = 100
	usageHint     = 1000
	modalTitle    = 24
	optionText    = 75
)

var treeName = regexp.MustCompile(`^[-_\p{L}\p{N}]{1,32}$`)

// CheckLimits says where a table does not fit the platforms, or does not hold together.
func CheckLimits(t Table) []string {
	var c limits
	c.tree(tree.Commands(t.Typed(), tree.Options{}))
	for _, row := range t {
		c.row(t, row)
	}
	c.paths(t)
	return c.found
}

type limits struct{ found []string }

func (l *limits) fault(format string, args ...any) {
	l.found = append(l.found, fmt.Sprintf(format, args...))
}

func (l *limits) row(t Table, c Command) {
	name := c.Name()
	if len(c.Path) < 1 || len(c.Path) > 2 {
		l.fault("%s has %d levels", name, len(c.Path))
	}
	for _, w := range c.Path {
		l.word(name, w)
	}
	l.describe(name, c.Short)
	if len(c.Takes()) > optionsACmd {
		l.fault("%s has %d parameters, more than %d", name, len(c.Takes()), optionsACmd)
	}
	if n := utf8.RuneCountInString(Usage(c)); n > usageHint {
		l.fault("the usage of %s has %d characters, more than %d", name, n, usageHint)
	}
	if n := utf8.RuneCountInString(name); n > modalTitle {
		l.fault("%s does not fit a title of %d characters", name, modalTitle)
	}
	if (c.Wish == nil) == (c.Show == nil) {
		l.fault("%s must either wish or show", name)
	}
	if !slices.Contains(workflows.Needs(), c.Needs) {
		l.fault("%s does not say who may", name)
	}
	l.params(c)
	for _, e := range c.Examples {
		if p, err := t.Parse(e, at()); err != nil || p.Command.Name() != name {
			l.fault("the example %q is not of %s: %v", e, name, err)
		}
	}
}

func (l *limits) params(c Command) {
	optionalSeen, rests, names := false, 0, map[string]bool{}
	for _, p := range c.Takes() {
		l.param(c.Name(), p)
		if names[p.Name] {
			l.fault("%s has two parameters %s", c.Name(), p.Name)
		}
		names[p.Name] = true
		if optionalSeen && p.Required {
			l.fault("%s requires %s behind an optional parameter", c.Name(), p.Name)
		}
		optionalSeen = optionalSeen || !p.Required
		if p.Kind == chat.KindRest {
			rests++
		}
	}
	if rests > 1 {
		l.fault("%s has %d notes", c.Name(), rests)
	}
	optionalSeen = false
	for _, p := range c.positionals() {
		if optionalSeen && p.Required {
			l.fault("%s cannot be typed: %s is required behind an optional word", c.Name(), p.Name)
		}
		optionalSeen = optionalSeen || !p.Required
	}
	for _, a := range c.Aliases {
		for given := range a.Given {
			if !names[given] {
				l.fault("the alias %v of %s gives %s, which it does not have", a.Path, c.Name(), given)
			}
		}
	}
}

func (l *limits) param(command string, p chat.Param) {
	where := command + " " + p.Name
	l.word(where, p.Name)
	l.describe(where, p.Short)
	if readings[p.Kind] == nil {
		l.fault("%s has the kind %q, which nothing reads", where, p.Kind)
	}
	if p.Kind == chat.KindChoice && len(p.Choices) == 0 || len(p.Choices) > choicesAParam {
		l.fault("%s has %d choices", where, len(p.Choices))
	}
	for _, c := range p.Choices {
		if n := utf8.RuneCountInString(c); n < 1 || n > optionText {
			l.fault("the choice %q of %s has %d characters", c, where, n)
		}
	}
	if p.Kind == chat.KindSwitch && (p.Required || !p.Option) {
		l.fault("%s is a switch and must be an option that may be left out", where)
	}
}

func (l *limits) word(where, w string) {
	if !treeName.MatchString(w) || strings.ToLower(w) != w {
		l.fault("%s: %q is no name", where, w)
	}
}

func (l *limits) describe(where, text string) {
	if n := utf8.RuneCountInString(text); n < 1 || n > description {
		l.fault("%s is described in %d characters, not in 1 to %d", where, n, description)
	}
}

// paths holds every path and alias to one row.
func (l *limits) paths(t Table) {
	seen := map[string]string{}
	for _, c := range t {
		all := [][]string{c.Path}
		for _, a := range c.Aliases {
			all = append(all, a.Path)
		}
		for _, p := range all {
			path := strings.Join(p, " ")
			if other, twice := seen[path]; twice {
				l.fault("%q names both %s and %s", path, other, c.Name())
			}
			if len(p) == 1 && len(t.group(p[0])) > 0 {
				l.fault("%q is a noun with verbs of its own, and names %s too", path, c.Name())
			}
			seen[path] = c.Name()
		}
	}
}
