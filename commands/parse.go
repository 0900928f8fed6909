package commands

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Context is what understanding a line needs to know besides the line.
type Context struct {
	Now      time.Time
	Zone     *time.Location         // the asker's; nil is UTC
	Products func(name string) bool // whether a word is a product; nil: there are none
	Press    bool                   // a button: the line may end in its basis, "~3f2a9c1.4"
	Values   map[string]string      // typed options or a form's fields, by parameter; empty ones were left out
}

func (p Context) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

func (p Context) product(name string) bool { return p.Products != nil && p.Products(name) }

// Parsed is a line that was understood.
type Parsed struct {
	Command *Command
	Args    Args
	Missing []string // required parameters not given, where the command has a Form to ask for them
}

// Wrong is the refusal of one parameter, so that a form can say it beside the field.
type Wrong struct {
	Param   string
	Refusal *workflows.Refusal
}

func (w *Wrong) Error() string { return w.Refusal.Error() }

// Unwrap makes it a refusal like any other.
func (w *Wrong) Unwrap() error { return w.Refusal }

// Parse understands a line. Its errors are refusals: *workflows.Refusal, alone or inside a *Wrong.
func (t Table) Parse(text string, p Context) (Parsed, error) {
	text, why := clean("the line", text, maxText)
	if why != "" {
		return Parsed{}, workflows.Refuse(workflows.Invalid, why).Type(root + " help")
	}
	var basis workflows.Basis
	if p.Press {
		var err error
		if text, basis, err = cutBasis(text); err != nil {
			return Parsed{}, err
		}
	}
	sc := &scanner{text: unwrap(text)}
	c, given, err := t.find(sc, p)
	if err != nil {
		return Parsed{}, withNext(err, root+" help")
	}
	in := input{table: t, c: c, ctx: p, raw: map[string]string{}}
	maps.Copy(in.raw, given)
	if err := in.scan(sc); err != nil {
		return Parsed{}, withNext(err, usageFor(*c, err)...)
	}
	args, missing, err := in.args()
	if err != nil {
		return Parsed{}, withNext(err, usageFor(*c, err)...)
	}
	args.Basis = basis
	return Parsed{Command: c, Args: args, Missing: missing}, nil
}

// withNext says what to type to whom no refusal has said it yet.
func withNext(err error, lines ...string) error {
	var r *workflows.Refusal
	if errors.As(err, &r) && len(r.Next) == 0 {
		r.Type(lines...)
	}
	return err
}

// find reads the words that name a row. A noun alone, or with what can only be meant for its first verb, is that verb;
// nothing at all is the row whose alias is empty.
func (t Table) find(sc *scanner, p Context) (*Command, map[string]string, error) {
	begin := sc.at
	first, err := sc.next(nil)
	if err != nil {
		return nil, nil, err
	}
	name := commandWord(first)
	if name == "release" {
		begin = sc.at
		if first, err = sc.next(nil); err != nil {
			return nil, nil, err
		}
		name = commandWord(first)
	}
	one := sc.at
	second, err := sc.next(nil)
	two := sc.at
	if verb := commandWord(second); err == nil && name != "" && verb != "" {
		if c, given := t.row(name, verb); c != nil {
			return c, given, nil
		}
	}
	sc.at = one
	if c, given := t.row(name); c != nil && name != "" {
		return c, given, nil
	}
	if rows := t.group(name); len(rows) > 0 {
		if second.kind != plainWord || p.names(second) {
			return rows[0], nil, nil
		}
		return nil, nil, t.unknownIn(name, second.text, sc.text[two:])
	}
	if c, given := t.row(); c != nil && (first.kind != plainWord || p.names(first)) {
		sc.at = begin
		return c, given, nil
	}
	return nil, nil, t.unknown(first.text, sc.text[one:])
}

// commandWord is a word as it may name a row: case does not count, and a slash in front is how platforms write it.
func commandWord(w word) string {
	if w.kind != plainWord || w.quoted {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(w.text, "/"))
}

// names reports whether a bare word can only mean a release: it has an inner @, or names a product.
func (p Context) names(w word) bool {
	if w.kind != plainWord || w.quoted {
		return false
	}
	product, version, inner := strings.Cut(w.text, "@")
	if inner {
		return workflows.ValidID(product) && (version == "" || workflows.ValidVersion(version))
	}
	return p.product(product)
}

var basisPattern = regexp.MustCompile(`^~([0-9a-z]{0,40})\.([0-9]{1,19})$`)

// cutBasis takes the basis off the end of a button's line.
func cutBasis(text string) (string, workflows.Basis, error) {
	text = strings.TrimSpace(text)
	at := strings.LastIndexAny(text, " \n\t") + 1
	last := text[at:]
	if !strings.HasPrefix(last, "~") {
		return text, workflows.Basis{}, nil
	}
	g := basisPattern.FindStringSubmatch(last)
	if g == nil {
		return "", workflows.Basis{}, badBasis(last)
	}
	n, err := strconv.ParseUint(g[2], 10, 64)
	if err != nil {
		return "", workflows.Basis{}, badBasis(last)
	}
	return text[:at], workflows.Basis{Candidate: g[1], Revision: n, Said: true}, nil
}

func badBasis(s string) error {
	return workflows.Refuse(workflows.Invalid, workflows.Display(s, maxShown)+" does not say what the button was drawn at").
		Type(root + " help")
}

// wrong refuses a parameter's value.
func wrong(p chat.Param, reason workflows.Reason, format string, args ...any) error {
	return &Wrong{Param: p.Name, Refusal: workflows.Refuse(reason, p.Name+": "+fmt.Sprintf(format, args...))}
}
