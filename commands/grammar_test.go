package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// TestTheGrammarFits holds what is offered to the limits of every platform.
func TestTheGrammarFits(t *testing.T) {
	for _, f := range CheckLimits(All) {
		t.Error(f)
	}
}

// TestEveryRowIsWhole: a row that changes something words what it did, has an example, and asks of people what its
// wish asks, whatever its arguments are.
func TestEveryRowIsWhole(t *testing.T) {
	for _, c := range All {
		if len(c.Examples) == 0 {
			t.Errorf("%s has no example", c.Name())
		}
		if (c.Wish == nil) != (c.Done == nil) {
			t.Errorf("%s: wish and done come together", c.Name())
		}
		if c.Wish == nil {
			continue
		}
		also := map[string]bool{}
		for _, e := range c.Examples {
			p, err := All.Parse(e, at())
			if err != nil {
				t.Fatal(err)
			}
			wish, err := c.Wish(p.Args)
			if err != nil {
				t.Errorf("%s: %v", e, err)
				continue
			}
			need := c.Needs
			for name, other := range c.Also {
				if p.Args.Has(name) {
					need, also[name] = other, true
				}
			}
			if wish.Needs() != need {
				t.Errorf("%s says it is for %s, its wish for %s", e, need, wish.Needs())
			}
		}
		for name := range c.Also {
			if p, ok := c.param(name); !ok || p.Kind != chat.KindSwitch || !also[name] {
				t.Errorf("%s: --%s needs something else, and is no switch or in no example", c.Name(), name)
			}
		}
	}
}

// TestOnlyWhatIsBuiltIsListed: help, the nearest names and the groups name rows of the table and nothing else.
func TestOnlyWhatIsBuiltIsListed(t *testing.T) {
	everyone := func(workflows.Need) bool { return true }
	r, err := All.Help("", Here{Allowed: everyone})
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, line := range r.Message.Lines[:len(r.Message.Lines)-1] {
		words, verbs, _ := strings.Cut(strings.TrimPrefix(line, "/release "), " · ")
		if len(All.group(words)) == 0 {
			listed = append(listed, words)
			continue
		}
		for verb := range strings.SplitSeq(verbs, ", ") {
			listed = append(listed, words+" "+verb)
		}
	}
	var built []string
	for _, c := range All {
		if !c.Hidden {
			built = append(built, c.Name())
		}
	}
	slices.Sort(listed)
	slices.Sort(built)
	if !slices.Equal(listed, built) {
		t.Errorf("listed %v\nbuilt  %v", listed, built)
	}
	for _, name := range built {
		if _, err := All.Help(name, Here{Allowed: everyone}); err != nil {
			t.Errorf("help %s: %v", name, err)
		}
	}
}
