package todo_test

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/todo"
)

// TestUnknownPerson: whoever presses what is the team's is not called by the number of their account.
func TestUnknownPerson(t *testing.T) {
	for h, want := range map[workflows.Handle]string{
		"discord/80351110224678912":       "nobody here has your account, discord/80351110224678912",
		"slack/T1/U1":                     "nobody here has your account, slack/T1/U1",
		"console/zed":                     "nobody here is @zed",
		"discord/guest/80351110224678912": "guests have no say here",
	} {
		if no := todo.UnknownPerson(h, "people: in readyroom.yaml"); !strings.Contains(no.Why, want) {
			t.Errorf("%s reads %q", h, no.Why)
		}
	}
}
