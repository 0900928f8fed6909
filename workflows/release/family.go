package release

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// ExtendAll makes the templates that a configuration has: the built-in ones, and by their names those that are made of
// them and of each other. What does not fit is told by template; one that is made of such a one is left out without a
// word of its own.
func ExtendAll(own map[string]Change) (map[string]Template, map[string]Misfits) {
	f := family{own: own, made: Templates(), wrong: map[string]Misfits{}}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		f.make(name)
	}
	return f.made, f.wrong
}

type family struct {
	own   map[string]Change
	made  map[string]Template
	wrong map[string]Misfits
}

// make makes a template and first what it is made of, from the far end of that line.
func (f family) make(name string) {
	if twin := builtinLike(name); twin != "" {
		f.misfit(name, Misfit{Part: PartName, Word: name, Why: shown(name) + " reads like " + twin + ", which is built in", Next: "choose another name"})
		return
	}
	line := f.line(name)
	slices.Reverse(line)
	for _, name := range line {
		base := f.base(name)
		t, ok := f.made[base]
		if _, done := f.made[name]; done || !ok {
			continue
		}
		if made, wrong := extend(t, name, f.own[name]); len(wrong) > 0 {
			f.wrong[name] = wrong
		} else {
			f.made[name] = made
		}
	}
}

func (f family) base(name string) string { return cmp.Or(f.own[name].Extends, DefaultTemplate) }

// line is a template and what it is made of, as far as that is the configuration's own. Its end is held to be there, and
// not in the line itself.
func (f family) line(name string) []string {
	var line []string
	for {
		line = append(line, name)
		base := f.base(name)
		if i := slices.Index(line, base); i >= 0 {
			f.circle(line[i:])
			return nil
		}
		_, own := f.own[base]
		if own && builtinLike(base) == "" {
			name = base
			continue
		}
		if _, builtin := Templates()[base]; !builtin && !own {
			names := slices.Concat(slices.Sorted(maps.Keys(Templates())), slices.Sorted(maps.Keys(f.own)))
			names = slices.DeleteFunc(names, func(n string) bool { return n == name })
			f.misfit(name, Misfit{PartExtends, "", base, "there is no template " + shown(base),
				cmp.Or(nearest(base, names), "write "+strings.Join(names[:min(len(names), 8)], ", ")+" (one of them)")})
		}
		return line
	}
}

func (f family) circle(names []string) {
	for i, name := range names {
		round := slices.Concat(names[i:], names[:i], []string{name})
		f.misfit(name, Misfit{PartExtends, "", f.base(name), "it is made of itself: " + strings.Join(round[:min(len(round), 8)], " ← "),
			"write simple, feature or hotfix for one of them"})
	}
}

func (f family) misfit(name string, m Misfit) {
	if len(f.wrong[name]) == 0 {
		f.wrong[name] = Misfits{m}
	}
}

// builtinLike is the built-in template that a name is, or is easily read for.
func builtinLike(name string) string {
	for _, builtin := range slices.Sorted(maps.Keys(Templates())) {
		if workflows.ReleaseID(name).LookAlike() == workflows.ReleaseID(builtin).LookAlike() {
			return builtin
		}
	}
	return ""
}
