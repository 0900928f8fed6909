package tree

import (
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// rel is the parameter that names the release; in a line, the first word may do so.
const rel = "rel"

// place gives the words their parameters, in order, with first behind the release that the first word names, and writes
// all of it. ok is false where a word finds none that it fits.
func place(row chat.Command, pieces []piece, first bool) (out []string, ok bool) {
	has := func(name string) bool {
		return slices.ContainsFunc(pieces, func(w piece) bool { return w.param == name })
	}
	open := slices.DeleteFunc(slices.Clone(row.Params), func(p chat.Param) bool {
		return p.Option || p.Kind == chat.KindRest || p.Kind == chat.KindSwitch || has(p.Name)
	})
	if _, selectable := param(row, rel); first && (!selectable || has(rel)) {
		return nil, false
	}
	for _, w := range pieces {
		switch {
		case w.asIs:
			out = append(out, w.text)
			continue
		case w.param != "":
		case first && !w.may:
			w.param, first = rel, false
		default:
			for len(open) > 0 && passes(open, w) {
				open = open[1:]
			}
			if len(open) == 0 || !fits(open[0], w.text) {
				return nil, false
			}
			w.param, open = open[0].Name, open[1:]
		}
		text := w.param + ":" + w.text
		if w.may {
			text = "[" + text + "]"
		}
		out = append(out, text)
	}
	return out, true
}

// release is how a release is written in full, or as what is still to be filled in.
var release = regexp.MustCompile(`^(?:[a-z0-9][a-z0-9-]*@\S*|RELEASE)$`)

// selects reports whether the first word looks like a release.
func selects(pieces []piece) bool {
	i := slices.IndexFunc(pieces, func(w piece) bool { return w.param == "" })
	return i >= 0 && !pieces[i].quoted && !pieces[i].may && release.MatchString(pieces[i].text)
}

// passes reports whether a word leaves the first open parameter out: it is clearly meant for a later one.
func passes(open []chat.Param, w piece) bool {
	if open[0].Required || isHint(open[0], w.text) {
		return false
	}
	fit := fits(open[0], w.text)
	return slices.ContainsFunc(open[1:], func(p chat.Param) bool {
		return isHint(p, w.text) || !fit && !free(p) && fits(p, w.text)
	})
}

// isHint reports whether a word is what usage lines write for a parameter: "ITEM[,ITEM]", "DATE|never".
func isHint(p chat.Param, text string) bool {
	if end := strings.IndexAny(text, "[|"); end > 0 {
		text = text[:end]
	}
	return text == strings.ToUpper(p.Name) || p.Hint != "" && text == p.Hint || p.Kind == chat.KindRole && text == "ROLE"
}

// free reports whether any word may be meant for a parameter.
func free(p chat.Param) bool {
	return !slices.Contains([]chat.Kind{chat.KindURL, chat.KindIssue, chat.KindPerson, chat.KindChoice, chat.KindDate, chat.KindSince, chat.KindNew}, p.Kind)
}

var dateLike = regexp.MustCompile(`^(?:DATE|[0-9]|(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b)`)

// fits reports whether a word may be meant for a parameter, by its form alone.
func fits(p chat.Param, text string) bool {
	switch {
	case free(p), isHint(p, text), strings.Contains(text, dots), slices.Contains(p.Choices, text):
		return true
	case p.Kind == chat.KindURL:
		return strings.Contains(text, "://")
	case p.Kind == chat.KindIssue:
		return strings.Contains(text, "#") || strings.Contains(text, "://")
	case p.Kind == chat.KindPerson:
		return strings.HasPrefix(text, "@")
	case p.Kind == chat.KindNew:
		return strings.Contains(text, "@")
	case p.Kind == chat.KindChoice: // what is still to be filled in: one of them
		return strings.Join(p.Choices, "|") == text
	}
	return dateLike.MatchString(text)
}
