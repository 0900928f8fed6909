package commands

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
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
	r, err := sample().Help("", func(n workflows.Need) bool { return n == workflows.Member })
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
	r, err := sample().Help("/release Sign", everything)
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
	if r, err = sample().Help("flag", everything); err != nil || len(r.Message.Lines) != 3 {
		t.Errorf("%+v %v", r.Message, err)
	}
}

func TestHelpRefuses(t *testing.T) {
	nothing := func(workflows.Need) bool { return false }
	for topic, want := range map[string]string{
		"sgin": "unknown_command. Nearest: sign → /release help", "flag sett": "unknown_command. Nearest: flag set → /release help flag",
		"confirm": "unknown_command", "sign": "", "flag": "", "\x1b": "unknown_command",
	} {
		allowed := everything
		if want == "" {
			allowed, want = nothing, "not_allowed: "+topic+" is for others · "
		}
		_, err := sample().Help(topic, allowed)
		var r *workflows.Refusal
		if !errors.As(err, &r) || !strings.HasPrefix(r.Error(), want) || strings.Contains(r.Error(), "\x1b") {
			t.Errorf("%s: %v, not %s", topic, err, want)
		}
	}
}
