package commands

import (
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

func TestTheSampleFits(t *testing.T) {
	for _, f := range CheckLimits(sample()) {
		t.Error(f)
	}
}

// Each broken table is found out for what is wrong with it.
func TestWhatDoesNotFit(t *testing.T) {
	many := func(n int) (names []string) {
		for i := range n {
			names = append(names, fmt.Sprint("n", i))
		}
		return names
	}
	long := strings.Repeat("x", 101)
	note := place("note", chat.KindRest)
	for want, c := range map[string]Command{
		"described in 101":          making(row("a", chat.Param{Name: "b", Kind: chat.KindText, Short: long})),
		"described in 0":            {Command: chat.Command{Path: []string{"a"}}, Needs: workflows.Anyone, Show: shows},
		`"B" is no name`:            making(row("a", place("B", chat.KindText))),
		`"b c" is no name`:          making(row("a", place("b c", chat.KindText))),
		"levels":                    {Command: chat.Command{Path: []string{"a", "b", "c"}, Short: "x"}, Needs: workflows.Anyone, Show: shows},
		"26 choices":                making(row("a", place("b", chat.KindChoice, many(26)...))),
		"0 choices":                 making(row("a", place("b", chat.KindChoice))),
		"has 101 characters":        making(row("a", place("b", chat.KindChoice, long))),
		"nothing reads":             making(row("a", place("b", "colour"))),
		"behind an optional word":   making(row("a", place("b", chat.KindText), must(place("c", chat.KindText)))),
		"two parameters b":          making(row("a", place("b", chat.KindText), option("b", chat.KindText))),
		"two parameters rel":        making(row("a", option("rel", chat.KindText))),
		"2 notes":                   making(row("a", note, place("more", chat.KindRest))),
		"may be left out":           making(row("a", must(option("b", chat.KindSwitch)))),
		"either wish or show":       row("a"),
		"does not say who may":      {Command: chat.Command{Path: []string{"a"}, Short: "x"}, Show: shows},
		"does not fit a title":      making(row("candidate deployments-all")),
		"verbs of its own":          making(row("flag")),
		"names both":                making(row("status")),
		"which it does not have":    {Command: row("a").Command, Needs: workflows.Anyone, Show: shows, Aliases: []Alias{{Path: []string{"z"}, Given: map[string]string{"q": "1"}}}},
		`the example "a b" is not`:  {Command: row("a").Command, Needs: workflows.Anyone, Show: shows, Examples: []string{"a b"}},
		`the example "hold" is not`: {Command: row("a").Command, Needs: workflows.Anyone, Show: shows, Examples: []string{"hold"}},
		"parameters, more than 25":  making(row("a", options(many(24))...)),
		"/release counts":           making(row("a", choices(many(24))...)),
		"the usage of a has":        making(row("a", choices(many(24))...)),
	} {
		found := strings.Join(CheckLimits(append(sample(), c)), "\n")
		if !strings.Contains(found, want) {
			t.Errorf("nothing says %q:\n%s", want, found)
		}
	}
	crowded, wordy := sample(), sample()
	for _, n := range many(26) {
		crowded = append(crowded, making(row(n)), making(row("item "+n)), making(row("flag "+n)))
		wordy = append(wordy, making(row("scope "+strings.Repeat(n, 3))))
	}
	found := strings.Join(CheckLimits(append(crowded, wordy[len(sample()):]...)), "\n")
	for _, want := range []string{"/release has 3", "/flag has 29", "item has 30", "/release scope is described in"} {
		if !strings.Contains(found, want) {
			t.Errorf("nothing says %q:\n%s", want, found)
		}
	}
}

func options(names []string) []chat.Param {
	var all []chat.Param
	for _, n := range names {
		all = append(all, option(n, chat.KindText))
	}
	return all
}

// choices makes parameters that each take many characters.
func choices(names []string) []chat.Param {
	var all []chat.Param
	for _, n := range names[:20] {
		p := option(n, chat.KindChoice)
		for i := range 10 {
			p.Choices = append(p.Choices, strings.Repeat("y", 30)+fmt.Sprint(i))
		}
		all = append(all, p)
	}
	return all
}
