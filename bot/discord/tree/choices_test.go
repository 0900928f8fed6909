package tree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
)

func TestChoices(t *testing.T) {
	long := strings.Repeat("x", 100)
	list := strings.Repeat("changelog,", 5)
	for name, c := range map[string]struct {
		offered []chat.Completion
		want    []Choice
	}{
		"how it stands":        {[]chat.Completion{{Text: "tests", Short: "unsigned · waiting for @sec, 2 d of 5"}}, []Choice{{Name: "tests · unsigned · waiting for @sec, 2 d of 5", Value: "tests"}}},
		"nothing to say":       {[]chat.Completion{{Text: "app@", More: true}}, []Choice{{Name: "app@", Value: "app@"}}},
		"nothing steers":       {[]chat.Completion{{Text: "@eve", Short: "Eve\u202enA\n@ana"}}, []Choice{{Name: `@eve · Eve\u202enA @ana`, Value: "@eve"}}},
		"once each":            {[]chat.Completion{{Text: "a", Short: "b"}, {Text: "a", Short: "c"}, {Text: ""}, {Text: " "}}, []Choice{{Name: "a · b", Value: "a"}}},
		"whole words":          {[]chat.Completion{{Text: "tests", Short: strings.Repeat("wörter ", 20)}}, []Choice{{Name: "tests · " + strings.TrimSpace(strings.Repeat("wörter ", 13)) + "…", Value: "tests"}}},
		"no separator alone":   {[]chat.Completion{{Text: "tests", Short: "ok · " + long}}, []Choice{{Name: "tests · ok…", Value: "tests"}}},
		"a word too long":      {[]chat.Completion{{Text: "tests", Short: long}}, []Choice{{Name: "tests", Value: "tests"}}},
		"nor for the sign":     {[]chat.Completion{{Text: "a", Short: strings.Repeat("b", 96) + " cccc"}}, []Choice{{Name: "a", Value: "a"}}},
		"no room for it":       {[]chat.Completion{{Text: long, Short: "ok"}}, []Choice{{Name: long, Value: long}}},
		"half a value is none": {[]chat.Completion{{Text: long + "x", Short: "ok"}}, []Choice{}},
		"units of UTF-16":      {[]chat.Completion{{Text: strings.Repeat("🚀", 50)}, {Text: strings.Repeat("🚀", 51)}}, []Choice{{Name: strings.Repeat("🚀", 50), Value: strings.Repeat("🚀", 50)}}},
		"the end of a list":    {[]chat.Completion{{Text: list + "tests", Short: "unsigned"}}, []Choice{{Name: "…,tests · unsigned", Value: list + "tests"}}},
		"a short list":         {[]chat.Completion{{Text: "docs,tests", Short: "unsigned"}}, []Choice{{Name: "docs,tests · unsigned", Value: "docs,tests"}}},
		"a mark stays":         {[]chat.Completion{{Text: "a", Short: "b " + strings.Repeat("c", 92) + " \u0301dddd"}}, []Choice{{Name: "a · b…", Value: "a"}}},
	} {
		if diff := cmp.Diff(c.want, Choices(c.offered)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	var many []chat.Completion
	for i := range 30 {
		many = append(many, chat.Completion{Text: fmt.Sprint(i)})
	}
	if got := Choices(many); len(got) != maxChoices || got[0].Value != "0" {
		t.Errorf("%d choices: %v", len(got), got)
	}
}

// TestChoicesFit: whatever is offered, each choice is within Discord's limits, and its value is one that was offered.
func TestChoicesFit(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("ab, é́🚀👩\u200d")), 0, 120, -1))
	rapid.Check(t, func(t *rapid.T) {
		var offered []chat.Completion
		values := map[any]bool{}
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			c := chat.Completion{Text: text.Draw(t, "text"), Short: text.Draw(t, "short")}
			offered = append(offered, c)
			values[c.Text] = true
		}
		seen := map[any]bool{}
		for _, c := range Choices(offered) {
			if n := units(c.Name); n < 1 || n > maxName || !values[c.Value] || seen[c.Value] || units(c.Value.(string)) > maxName {
				t.Errorf("%q (%d) for %q", c.Name, n, c.Value)
			}
			seen[c.Value] = true
		}
		if len(seen) > maxChoices {
			t.Errorf("%d choices", len(seen))
		}
	})
}
