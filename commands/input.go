package commands

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// input gathers what was given for a command, by parameter, before it is understood.
type input struct {
	table Table
	c     *Command
	ctx   Context
	raw   map[string]string
	words []word
}

// scan reads the rest of a line: options and a note at once, words when all are known.
func (in *input) scan(sc *scanner) error {
	for {
		w, err := sc.next(in.option)
		if err != nil {
			return err
		}
		switch w.kind {
		case plainWord:
			if n := len(in.words) - 1; n >= 0 && needsWork(in.words[n], w) {
				in.words[n].text = "needs-work" // a phone leaves the hyphen out
				continue
			}
			in.words = append(in.words, w)
		case optionWord:
			err = in.named(sc, w)
		case noteWord:
			if err = in.swallowed(sc.text, w.text); err == nil {
				err = in.note(w.text)
			}
		case atEnd:
			return in.place()
		}
		if err != nil {
			return err
		}
	}
}

func needsWork(a, b word) bool {
	return !a.quoted && !b.quoted && strings.EqualFold(a.text+" "+b.text, "needs work")
}

// option reports whether a name is a declared option: the only words that a long dash may begin.
func (in *input) option(name string) bool {
	p, ok := in.c.param(name)
	return ok && p.Option
}

// named takes an option, or any parameter by its name.
func (in *input) named(sc *scanner, w word) error {
	p, ok := in.c.param(w.text)
	if !ok || p.Kind == chat.KindRest {
		return in.noOption(w.text)
	}
	if _, twice := in.raw[p.Name]; twice {
		return wrong(p, workflows.Invalid, "is given twice")
	}
	text := w.value
	switch {
	case w.valued:
	case p.Kind == chat.KindSwitch:
		text = "true"
	default:
		v, err := sc.next(in.option)
		if err != nil {
			return err
		}
		text = v.text
		if v.kind != plainWord {
			text = ""
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return wrong(p, workflows.Invalid, "--%s needs a value", p.Name)
	}
	in.raw[p.Name] = text
	return nil
}

func (in *input) noOption(name string) error {
	var names []string
	for _, p := range in.c.Takes() {
		if p.Option {
			names = append(names, p.Name)
		}
	}
	why := fmt.Sprintf("--%s is no option of %s", workflows.Display(name, maxShown), in.c.Name())
	if near := workflows.Nearest(name, names, offered); len(near) > 0 {
		why += ". Nearest: --" + strings.Join(near, ", --")
	}
	return workflows.Refuse(workflows.Invalid, why)
}

// lateDry is --dry-run at the end of a note, where it would be read as a part of that.
var lateDry = regexp.MustCompile(`\s*(?:--|—|–)` + dryName + `$`)

// swallowed refuses a note that ends in --dry-run: whoever types that wants nothing to happen.
func (in *input) swallowed(line, note string) error {
	end := lateDry.FindStringIndex(note)
	if _, ok := in.c.param(dryName); !ok || end == nil {
		return nil
	}
	ref := workflows.Refuse(workflows.Invalid, "--"+dryName+" stands before the reason: all that follows -- is a part of that")
	if before, ok := strings.CutSuffix(strings.TrimRight(line, " "), note); ok && steering(line) == "" {
		before = strings.TrimRight(strings.TrimPrefix(before, root+" "), " -—–")
		ref.Type(strings.TrimSpace(fmt.Sprintf("%s %s --%s -- %s", root, before, dryName, note[:end[0]])))
	}
	return ref
}

func (in *input) note(text string) error {
	p, ok := in.c.rest()
	if !ok {
		return workflows.Refuse(workflows.Invalid, in.c.Name()+" takes no note")
	}
	if text != "" {
		in.raw[p.Name] = text
	}
	return nil
}

// place gives the words to the positional parameters in order, after a release selector.
func (in *input) place() error {
	open := in.open()
	if in.selects(open) {
		if err := in.chosen(); err != nil {
			return err
		}
	}
	_, err := in.fill(open, 0)
	return err
}

// open are the positional parameters that are not given yet.
func (in *input) open() []chat.Param {
	return slices.DeleteFunc(in.c.positionals(), func(p chat.Param) bool { return in.raw[p.Name] != "" })
}

// chosen takes the first word for the release.
func (in *input) chosen() error {
	if _, twice := in.raw[relName]; twice {
		return wrong(relParam, workflows.Invalid, "two releases are named")
	}
	in.raw[relName] = in.words[0].text
	in.words = in.words[1:]
	return nil
}

// fill gives words to the open parameters in order until no more than so many are left, and says which stay open.
func (in *input) fill(open []chat.Param, left int) ([]chat.Param, error) {
	for len(in.words) > left {
		for len(open) > 1 && in.passes(open) {
			open = open[1:]
		}
		if len(open) == 0 {
			return nil, in.tooMany()
		}
		in.raw[open[0].Name] = in.take(open[0].Kind)
		if in.raw[open[0].Name] == "" {
			return nil, wrong(open[0], workflows.Invalid, "is empty")
		}
		open = open[1:]
	}
	return open, nil
}

// passes reports whether the next word leaves the first open parameter out: it does not fit there, and is clearly
// meant for a later one (sign docs https://… has no vote). A word that fits nowhere is rather a slip in a choice than in what
// has a form of its own.
func (in *input) passes(open []chat.Param) bool {
	if fits, _ := in.fits(open[0]); fits || open[0].Required {
		return false
	}
	anywhere := slices.ContainsFunc(open[1:], func(p chat.Param) bool { fits, _ := in.fits(p); return fits })
	return slices.ContainsFunc(open[1:], func(p chat.Param) bool {
		_, clearly := in.fits(p)
		return clearly || !anywhere && p.Kind == chat.KindChoice
	})
}

// fits reports whether the next word may be meant for a parameter, and whether that is clear from its form alone.
func (in *input) fits(p chat.Param) (fits, clearly bool) {
	text := in.words[0].text
	switch p.Kind {
	case chat.KindURL:
		clearly = strings.Contains(text, "://")
	case chat.KindIssue:
		clearly = isIssue(text) || strings.Contains(text, "://")
	case chat.KindPerson:
		clearly = strings.HasPrefix(text, "@")
	case chat.KindChoice, chat.KindDate, chat.KindSince, chat.KindNew:
		_, why := read(p, text, in.ctx)
		clearly = why == ""
	default:
		return true, false
	}
	return clearly, clearly
}

// take takes the next word, or for items all the words that commas join.
func (in *input) take(kind chat.Kind) string {
	first := in.words[0]
	text := first.text
	in.words = in.words[1:]
	for kind == chat.KindItems && !first.quoted && len(in.words) > 0 && !in.words[0].quoted &&
		(strings.HasSuffix(text, ",") || strings.HasPrefix(in.words[0].text, ",")) {
		text += in.words[0].text
		in.words = in.words[1:]
	}
	return strings.TrimFunc(text, unicode.IsSpace)
}

var clockLike = regexp.MustCompile(`^\d\d?:\d\d$`)

func (in *input) tooMany() error {
	text := in.words[0].text
	why := workflows.Display(text, maxShown) + " is one word too many"
	if rest, ok := in.c.rest(); ok {
		why += ": a " + rest.Name + " stands after --"
	}
	if clockLike.MatchString(text) {
		why = text + ` stands alone: two words after an option are quoted, as in "friday 17:00"`
	}
	return workflows.Refuse(workflows.Invalid, why)
}
