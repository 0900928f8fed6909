package commands

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// reading is how the words of one kind of parameter are understood; its error ends a sentence that the word begins.
type reading func(chat.Param, string, Context) (value, error)

// readings has one entry per kind.
var readings = map[chat.Kind]reading{
	chat.KindText:      func(_ chat.Param, s string, _ Context) (value, error) { return value{text: s}, nil },
	chat.KindRest:      func(_ chat.Param, s string, _ Context) (value, error) { return value{text: s}, nil },
	chat.KindNew:       readNew,
	chat.KindRelease:   shaped(isSelector, "is no release: write PRODUCT@VERSION or its beginning"),
	chat.KindTemplate:  shaped(workflows.ValidID, "is no checklist: "+workflows.IDShape),
	chat.KindCatalogue: func(_ chat.Param, s string, _ Context) (value, error) { return value{text: s}, nil },
	chat.KindItem:      func(_ chat.Param, s string, _ Context) (value, error) { return value{text: s}, nil },
	chat.KindItems:     readItems,
	chat.KindWord:      func(_ chat.Param, s string, _ Context) (value, error) { return value{text: s}, nil },
	chat.KindChoice:    readChoice,
	chat.KindRole:      shaped(workflows.ValidID, "is no role: "+workflows.IDShape),
	chat.KindRef:       shaped(isRef, "is no commit, branch or tag"),
	chat.KindDate:      dated(readAhead),
	chat.KindSince:     dated(readBack),
	chat.KindFlag:      shaped(workflows.ValidID, "is no flag: "+workflows.IDShape),
	chat.KindEnv:       func(_ chat.Param, s string, _ Context) (value, error) { return value{text: s}, nil },
	chat.KindPerson:    readPerson,
	chat.KindURL:       shaped(isURL, "is no address: write https://…"),
	chat.KindPlanned:   shaped(isPlanned, "is nothing that can be planned: write https://…, #12, ABC-12, or PRODUCT@FEATURE"),
	chat.KindIssue:     shaped(isIssue, "is no issue: write #12, or its address"),
	chat.KindSwitch:    readSwitch,
}

// read understands one parameter. Besides what its kind allows, a parameter may be one of its declared words.
func read(p chat.Param, s string, ctx Context) (value, string) {
	why := ""
	if p.Kind != chat.KindRest {
		why = steering(s)
	}
	if why != "" {
		return value{}, why
	}
	if i := slices.IndexFunc(p.Choices, func(c string) bool { return strings.EqualFold(c, s) }); i >= 0 && p.Kind != chat.KindItems {
		return value{text: p.Choices[i]}, ""
	}
	v, err := readings[p.Kind](p, s, ctx)
	if err != nil {
		return value{}, strings.TrimSpace(workflows.Display(s, maxShown) + " " + err.Error())
	}
	return v, ""
}

// shaped reads text that must pass a test.
func shaped(ok func(string) bool, otherwise string) reading {
	return func(_ chat.Param, s string, _ Context) (value, error) {
		if !ok(s) {
			return value{}, errors.New(otherwise)
		}
		return value{text: s}, nil
	}
}

func dated(parse func(string, time.Time, *time.Location) (moment, error)) reading {
	return func(_ chat.Param, s string, ctx Context) (value, error) {
		m, err := parse(s, ctx.Now, ctx.zone())
		if err != nil {
			return value{}, err
		}
		return value{text: m.String(), date: m, dated: true}, nil
	}
}

func readNew(_ chat.Param, s string, _ Context) (value, error) {
	product, version, _ := strings.Cut(s, "@")
	switch {
	case product == "" || version == "":
		return value{}, errors.New("is not PRODUCT@VERSION")
	case !workflows.ValidID(product):
		return value{}, fmt.Errorf("names no product: %s", workflows.IDShape)
	case !workflows.ValidVersion(version):
		return value{}, fmt.Errorf("has no version: %s", workflows.VersionShape)
	}
	return value{text: s}, nil
}

func readItems(_ chat.Param, s string, _ Context) (value, error) {
	var items []string
	for i := range strings.SplitSeq(s, ",") {
		if i = strings.TrimSpace(i); i != "" {
			items = append(items, i)
		}
	}
	if len(items) == 0 {
		return value{}, errors.New("names nothing")
	}
	return value{text: strings.Join(items, ","), items: items}, nil
}

// otherVotes are words that people bring along from elsewhere.
var otherVotes = map[string]string{"approve": "ok", "reject": "needs-work"}

func readChoice(p chat.Param, s string, _ Context) (value, error) {
	if vote := otherVotes[strings.ToLower(s)]; slices.Contains(p.Choices, vote) {
		return value{text: vote}, nil
	}
	err := fmt.Errorf("is none of %s", strings.Join(p.Choices, ", "))
	if near := workflows.Nearest(s, p.Choices, offered); len(near) > 0 {
		err = fmt.Errorf("%w. %s", err, nearestText(near))
	}
	return value{}, err
}

var (
	personPattern = regexp.MustCompile(`^@?[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	numberPattern = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
)

func readPerson(_ chat.Param, s string, _ Context) (value, error) {
	if !personPattern.MatchString(s) {
		return value{}, errors.New("is nobody: write @name")
	}
	return value{text: "@" + strings.TrimPrefix(s, "@")}, nil
}

func readSwitch(_ chat.Param, s string, _ Context) (value, error) {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return value{text: "true"}, nil
	case "false", "no", "off":
		return value{}, nil
	}
	return value{}, errors.New("is neither yes nor no")
}

// isSelector tells what may name a release: its number, its product, its whole id or the beginning of one.
func isSelector(s string) bool {
	product, version, inner := strings.Cut(s, "@")
	return workflows.ValidID(product) && (!inner || workflows.ValidVersion(version))
}

// isRef keeps out what git would take for an option or a range.
func isRef(s string) bool {
	return len(s) <= 255 && !strings.HasPrefix(s, "-") && !strings.Contains(s, "..") &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\\' })
}

// isPlanned tells what a scope may list.
func isPlanned(s string) bool {
	return workflows.Reference(s) != "" && len(s) <= 1000 || strings.Contains(s, "@") && isSelector(s)
}

// isIssue tells what has a number of its own where code is kept.
func isIssue(s string) bool { return workflows.IsIssue(s) && len(s) <= 1000 }

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 3000 &&
		!strings.ContainsFunc(s, unicode.IsSpace)
}
