package tree

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/internal/golden"
)

// rows are some of every kind: verbs, a group under /release, a noun of its own, and each kind of parameter.
func rows() []chat.Command {
	rel := chat.Param{Name: "rel", Kind: chat.KindRelease, Short: "which release", Option: true, Offered: true}
	dry := chat.Param{Name: "dry-run", Kind: chat.KindSwitch, Short: "only show what would change", Option: true}
	return []chat.Command{
		{Path: []string{"status"}, Short: "Where a release stands", Params: []chat.Param{rel}},
		{Path: []string{"sign"}, Short: "Vote on items", Params: []chat.Param{
			{Name: "item", Kind: chat.KindItems, Short: "one item or several", Offered: true},
			{Name: "vote", Kind: chat.KindChoice, Short: "ok when left out", Choices: []string{"ok", "block"}},
			{Name: "note", Kind: chat.KindRest, Short: "on what ground"}, rel, dry}},
		{Path: []string{"item", "list"}, Short: "Every item"},
		{Path: []string{"item", "waive"}, Short: "Let a gate pass without an item", Params: []chat.Param{
			{Name: "until", Kind: chat.KindDate, Short: "when it is open again", Choices: []string{"never"}, Offered: true},
			{Name: "who", Kind: chat.KindPerson, Short: "who owes it", Required: true, Offered: true}}},
		{Path: []string{"flag", "list"}, Short: "Flags"},
		{Path: []string{"flag", "set"}, Short: "Open a flag", Params: []chat.Param{
			{Name: "flag", Kind: chat.KindFlag, Short: "the flag's key", Required: true, Offered: true},
			{Name: "to", Kind: chat.KindText, Short: "on, off, or a percentage", Required: true}, rel}},
		{Path: []string{"far", "too", "deep"}, Short: "It has no place"},
	}
}

func TestDrawn(t *testing.T) {
	golden.Equal(t, "testdata/tree.json", golden.JSON(t, Commands(rows(), Options{})))
}

// TestWhoSeesThem: a server's managers, or everybody; then Discord is told so, since what is left out stays as it was.
func TestWhoSeesThem(t *testing.T) {
	for _, c := range Commands(rows(), Options{}) {
		if c.Permissions == nil || *c.Permissions != manageServer {
			t.Errorf("%s is shown to others than the managers of the server", c.Name)
		}
	}
	for _, c := range Commands(rows(), Options{Everyone: true}) {
		text, err := json.Marshal(c)
		if err != nil || !strings.Contains(string(text), `"default_member_permissions":null`) {
			t.Errorf("%s does not say that everybody sees it: %s %v", c.Name, text, err)
		}
	}
}

// TestManyChoices: what has more words than can be shown at once is completed instead.
func TestManyChoices(t *testing.T) {
	words := slices.Repeat([]string{"x"}, maxChoices+1)
	p := chat.Param{Name: "a", Kind: chat.KindChoice, Short: "x", Choices: words}
	for n, want := range map[int]bool{maxChoices: false, maxChoices + 1: true} {
		p.Choices = words[:n]
		o := verb("v", chat.Command{Params: []chat.Param{p}}).Options[0]
		if o.Autocomplete != want || (len(o.Choices) == 0) != want {
			t.Errorf("%d words: %+v", n, o)
		}
	}
}
