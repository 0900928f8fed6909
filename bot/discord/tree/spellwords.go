package tree

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// dots stand for what is left out of a line.
const dots = "…"

// piece is a part of a line behind the command: a word, an option with its value, or what follows the dashes.
type piece struct {
	param  string // the parameter that it is for; empty: a word whose place tells
	text   string
	quoted bool
	may    bool // it stands in brackets: it may be left out
	asIs   bool // it is written as it stands
}

// written writes what stands behind a command by the names of its parameters. ok is false where it is not understood.
func written(row chat.Command, text string) (string, bool) {
	pieces, ok := cut(row, text)
	if !ok {
		return "", false
	}
	first := selects(pieces)
	out, ok := place(row, pieces, first)
	if !ok {
		out, ok = place(row, pieces, !first)
	}
	return strings.Join(out, " "), ok
}

// cut takes a line apart.
func cut(row chat.Command, text string) ([]piece, bool) {
	var all []piece
	for text = strings.TrimLeft(text, " "); text != ""; text = strings.TrimLeft(text, " ") {
		if inner, rest, ok := bracketed(text); ok {
			some, ok := cut(row, inner)
			if !ok || len(some) != 1 {
				return nil, false
			}
			some[0].may = true
			all, text = append(all, some[0]), rest
			continue
		}
		if note, ok := strings.CutPrefix(text, "-- "); ok {
			i := slices.IndexFunc(row.Params, func(p chat.Param) bool { return p.Kind == chat.KindRest })
			if i < 0 {
				return nil, false
			}
			return append(all, piece{param: row.Params[i].Name, text: note}), true
		}
		w, rest := word(text)
		if name, ok := strings.CutPrefix(w.text, "--"); ok && !w.quoted {
			if w, rest, ok = option(row, name, rest); !ok {
				return nil, false
			}
		}
		w.asIs = w.text == dots && w.param == ""
		all, text = append(all, w), rest
	}
	return all, true
}

// bracketed is what stands in the brackets at the beginning of a text.
func bracketed(text string) (inner, rest string, ok bool) {
	n := 0
	if text[0] == '[' {
		n = enclosed(text)
	}
	if n == 0 || n < len(text) && text[n] != ' ' {
		return "", "", false
	}
	return text[1 : n-1], text[n:], true
}

// word is the first word of a text, and what follows it.
func word(text string) (piece, string) {
	if n := enclosed(text); n > 0 && text[0] == '"' && (n == len(text) || text[n] == ' ') {
		return piece{text: text[1 : n-1], quoted: true}, text[n:]
	}
	w, rest, _ := strings.Cut(text, " ")
	return piece{text: w}, rest
}

// option is a parameter by its name, with its value.
func option(row chat.Command, name, rest string) (piece, string, bool) {
	name, value, valued := strings.Cut(name, "=")
	p, ok := param(row, name)
	switch {
	case !ok || p.Kind == chat.KindRest:
		return piece{}, "", false
	case valued:
		return piece{param: name, text: value}, rest, value != ""
	case p.Kind == chat.KindSwitch:
		return piece{param: name, text: "True"}, rest, true
	}
	rest = strings.TrimLeft(rest, " ")
	if rest == "" {
		return piece{}, "", false
	}
	w, rest := word(rest)
	w.param = name
	return w, rest, w.quoted || !strings.HasPrefix(w.text, "--")
}

func param(row chat.Command, name string) (chat.Param, bool) {
	i := slices.IndexFunc(row.Params, func(p chat.Param) bool { return p.Name == name })
	if i < 0 {
		return chat.Param{}, false
	}
	return row.Params[i], true
}
