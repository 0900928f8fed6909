package notes

import (
	"fmt"
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// One commit may name any number of people. What is remembered of it stays small, and each is remembered once.
func TestACrowdWroteIt(t *testing.T) {
	var names []string
	for i := range 60_000 {
		names = append(names, fmt.Sprint("Person ", i))
	}
	one := workflows.Commit{ID: fmt.Sprintf("%040d", 1), Subject: "feat: x", Names: append(names, names...)}
	other := workflows.Commit{ID: fmt.Sprintf("%040d", 2), Subject: "feat: x", Names: []string{"Person 1", "Ana"}}
	all, _ := sift([]workflows.Commit{one, other}, "")
	if len(all) != 1 || len(all[0].By) != maxCrowd || all[0].By[1] != "Person 1" || len(all[0].Commits) != 2 {
		t.Errorf("%d entries, the first by %d", len(all), len(all[0].By))
	}
	all, _ = sift([]workflows.Commit{other, {ID: fmt.Sprintf("%040d", 3), Subject: "feat: x", Names: []string{"Ana", "Ben"}}}, "")
	if got := fmt.Sprint(all[0].By); got != "[Person 1 Ana Ben]" {
		t.Error(got)
	}
}
