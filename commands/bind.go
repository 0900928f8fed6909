package commands

import (
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// args understands what was given. Values stand above the line, because a form's fields are what the person saw last.
func (in *input) args() (Args, []string, error) {
	if err := in.merge(); err != nil {
		return Args{}, nil, err
	}
	a := Args{values: map[string]value{}}
	for _, p := range in.c.Takes() {
		raw, given := in.raw[p.Name]
		if !given {
			continue
		}
		v, why := read(p, raw, in.ctx)
		if why != "" {
			return Args{}, nil, wrong(p, workflows.Invalid, "%s", why)
		}
		if err := in.reserved(p, v); err != nil {
			return Args{}, nil, err
		}
		if v.text != "" {
			in.assign(&a, p, v)
		}
	}
	missing, err := in.missing(a)
	if err != nil {
		return Args{}, nil, err
	}
	a.Line = in.line(a)
	return a, missing, nil
}

// merge lays the typed options or a form's fields over what the line said.
func (in *input) merge() error {
	for _, name := range slices.Sorted(maps.Keys(in.ctx.Values)) {
		p, ok := in.c.param(name)
		if !ok {
			return workflows.Refuse(workflows.Invalid, in.c.Name()+" has no parameter "+workflows.Display(name, maxShown))
		}
		text, why := clean("it", in.ctx.Values[name], maxValue)
		if why != "" {
			return wrong(p, workflows.Invalid, "%s", why)
		}
		if text = strings.TrimSpace(text); text != "" {
			in.raw[name] = text
		}
	}
	return nil
}

// reserved keeps a new product from bearing a word of the grammar.
func (in *input) reserved(p chat.Param, v value) error {
	if product := workflows.ReleaseID(v.text).Product(); p.Kind == chat.KindNew && in.table.Reserved(string(product)) {
		return wrong(p, workflows.Invalid, "%s is a word of the commands and cannot name a product", product)
	}
	return nil
}

func (in *input) assign(a *Args, p chat.Param, v value) {
	switch {
	case p.Name == relName:
		a.On.Release = v.text
		return
	case p.Name == dryName:
		a.Dry = true
		return
	case p.Name == asName && p.Kind == chat.KindRole:
		a.As = workflows.Role(v.text)
	case p.Name == publicName && p.Kind == chat.KindSwitch:
		a.Public = true
	case p.Kind == chat.KindRest:
		a.Note = v.text
	case p.Kind == chat.KindFlag && !p.Option && a.On.Flag == "":
		a.On.Flag = v.text
	}
	a.values[p.Name] = v
}

// missing lists the required parameters that were not given; without a form to ask for them it refuses.
func (in *input) missing(a Args) ([]string, error) {
	var names []string
	for _, p := range in.c.Params {
		switch {
		case !p.Required || a.Has(p.Name):
		case in.c.Form != nil:
			names = append(names, p.Name)
		case p.Kind == chat.KindRest:
			return nil, wrong(p, workflows.NeedsReason, "%s needs one after --", in.c.Name())
		default:
			return nil, wrong(p, workflows.Invalid, "is missing")
		}
	}
	return names, nil
}

// line writes the canonical line. Positional parameters stand in order as long as none before them is left out, the
// others are named; what could be read as a release stands behind --rel or in quotes.
func (in *input) line(a Args) string {
	parts := slices.Clone(in.c.Path)
	places := in.c.positionals()
	byName := false
	if strings.Contains(a.On.Release, "@") && !in.ofItself(places, a) {
		parts = append(parts, a.On.Release)
	} else if a.On.Release != "" {
		parts = append(parts, "--"+relName, a.On.Release)
	}
	for i, p := range places {
		switch text := a.Text(p.Name); {
		case text == "":
			byName = true
		case byName:
			parts = append(parts, "--"+p.Name, quote(text))
		default:
			parts = append(parts, in.spell(i, p, text))
		}
	}
	for _, p := range in.c.Params {
		switch text := a.Text(p.Name); {
		case text == "" || !p.Option:
		case p.Kind == chat.KindSwitch:
			parts = append(parts, "--"+p.Name)
		default:
			parts = append(parts, "--"+p.Name, quote(text))
		}
	}
	if a.Dry {
		parts = append(parts, "--"+dryName)
	}
	if a.Note != "" {
		parts = append(parts, "-- "+a.Note)
	}
	return wrap(strings.Join(parts, " "))
}

// ofItself reports whether a release in front would be read as the first positional parameter: where that is one itself, or
// is left out and may be a feature.
func (in *input) ofItself(places []chat.Param, a Args) bool {
	return len(places) > 0 && (places[0].Kind == chat.KindRelease || places[0].Kind == chat.KindPlanned && !a.Has(places[0].Name))
}

// spell writes the positional parameter at a place. The first one is quoted where a bare word would be read as a
// release.
func (in *input) spell(place int, p chat.Param, text string) string {
	written := quote(text)
	if place > 0 || written != text || p.Kind == chat.KindNew || p.Kind == chat.KindRelease {
		return written
	}
	if in.ctx.names(word{kind: plainWord, text: text}) || numberPattern.MatchString(text) {
		return `"` + text + `"`
	}
	return written
}
