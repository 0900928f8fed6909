package commands

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/todo"
)

func everything(workflows.Need) bool { return true }

func TestUsage(t *testing.T) {
	want := []string{
		"new RELEASE [--candidate CANDIDATE] [--target TARGET] [--after AFTER] [--title TITLE]",
		"list [mine|open] [PRODUCT]",
		"item waive ITEM[,ITEM] [@owner] --until UNTIL -- reason",
		"flag expire FLAG DATE|never",
	}
	var got []string
	for _, c := range sample() {
		if u := Usage(c); slices.Contains(want, u) {
			got = append(got, u)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestHelpListsWhatOneMayDo(t *testing.T) {
	r, err := sample().Help("", Here{Allowed: func(n workflows.Need) bool { return n == workflows.Member }})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(r.Message.Lines, "\n")
	for _, want := range []string{"/release hold · what hold does", "/release item · list, ask, move", "/release flag · list, set, expire"} {
		if !slices.Contains(r.Message.Lines, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, no := range []string{"sign", "waive", "confirm", "status"} {
		if strings.Contains(text, no) {
			t.Errorf("%s is shown to whom it is not for:\n%s", no, text)
		}
	}
}

func TestHelpOnOne(t *testing.T) {
	r, err := sample().Help("/release Sign", Here{Allowed: everything})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"/release sign ITEM[,ITEM] [ok|needs-work|block|na|withdraw] [URL] [--as ROLE] [-- note]",
		"ITEM[,ITEM] · the item", "ok|needs-work|block|na|withdraw · the vote", "URL · the url", "--as ROLE · the as", "-- note · the note",
		"--rel RELEASE · which release", "--dry-run · only show what would change", "for: role holder",
		"e.g. /release sign docs ok", "e.g. /release sign tests,docs na -- not for this one",
	}
	if d := cmp.Diff(want, r.Message.Lines); d != "" {
		t.Error(d)
	}
	if r, err = sample().Help("flag", Here{Allowed: everything}); err != nil || len(r.Message.Lines) != 3 {
		t.Errorf("%+v %v", r.Message, err)
	}
}

func TestHelpRefuses(t *testing.T) {
	nothing := func(workflows.Need) bool { return false }
	for topic, want := range map[string]string{
		"sgin": "unknown_command. Nearest: sign → /release help sign", "flag sett": "unknown_command. Nearest: flag set → /release help flag set",
		"confirm": "unknown_command", "sign": "", "flag": "", "\x1b": "unknown_command",
	} {
		allowed := everything
		if want == "" {
			allowed, want = nothing, "not_allowed: "+topic+" is for others · "
		}
		_, err := sample().Help(topic, Here{Allowed: allowed})
		var r *workflows.Refusal
		if !errors.As(err, &r) || !strings.HasPrefix(r.Error(), want) || strings.Contains(r.Error(), "\x1b") {
			t.Errorf("%s: %v, not %s", topic, err, want)
		}
	}
}

// TestHelpSpeaksOfHere: examples name what the configuration names, and still mean what they meant; what a parameter may
// name is listed.
func TestHelpSpeaksOfHere(t *testing.T) {
	h := Here{Allowed: everything, People: []string{"zoe"}, Roles: []policy.Holding{{Role: workflows.SRE}},
		Settings: todo.Settings{Products: []workflows.Product{"shop"}, Templates: []string{"simple", "team"}}}
	for _, c := range All {
		for _, e := range c.Examples {
			there := h.example(e)
			p, err := All.Parse(there, at())
			if err != nil || p.Command.Name() != c.Name() || strings.Contains(there, "app@") || strings.Contains(there, "@ana") {
				t.Errorf("%q became %q: %v", e, there, err)
			}
		}
	}
	for topic, want := range map[string]string{"new": "checklists here: simple, team", "item add": "the catalogue: ", "sign": "you hold: sre",
		"item ask": "e.g. /release item ask docs @zoe", "gates": "checklists here: simple, team; ", "advance": "--break-glass · for: owner"} {
		r, err := All.Help(topic, h)
		if err != nil || !strings.Contains(strings.Join(r.Message.Lines, "\n"), want) {
			t.Errorf("help %s says nothing of %q: %v\n%s", topic, want, err, strings.Join(r.Message.Lines, "\n"))
		}
	}
}

// TestTopicsAreNoVerbs: a word that help explains is no word of the commands, or one of them could not be asked about.
func TestTopicsAreNoVerbs(t *testing.T) {
	for _, topic := range cards.Topics() {
		if c, _ := All.row(topic); c != nil || len(All.group(topic)) > 0 {
			t.Errorf("%s is a verb and a topic", topic)
		}
	}
}
