package commands

import (
	"slices"
	"strings"
	"testing"

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
			if wish.Needs() != c.Needs {
				t.Errorf("%s says it is for %s, its wish for %s", c.Name(), c.Needs, wish.Needs())
			}
		}
	}
}

// TestOnlyWhatIsBuiltIsListed: help, the nearest names and the groups name rows of the table and nothing else.
func TestOnlyWhatIsBuiltIsListed(t *testing.T) {
	everyone := func(workflows.Need) bool { return true }
	r, err := All.Help("", everyone)
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
		if _, err := All.Help(name, everyone); err != nil {
			t.Errorf("help %s: %v", name, err)
		}
	}
}
