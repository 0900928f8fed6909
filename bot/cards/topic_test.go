package cards_test

import (
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// TestTopics draws what help explains: for somebody of the team, and for an outsider, of whom nothing is said.
func TestTopics(t *testing.T) {
	pg := page{t: t}
	s := todo.Settings{Templates: []string{"feature", "hotfix", "simple", "team"}, Default: "team",
		Raise: []release.Raise{{Paths: []string{"**/migrations/**"}, To: policy.High}, {Labels: []string{"security"}, To: policy.High}}}
	for _, name := range cards.Topics() {
		pg.show(name, drawn(cards.Topic(name, s, []policy.Holding{{Role: workflows.SRE}, {Role: workflows.Docs, For: "mia"}}, []workflows.PersonID{"ana"})))
		pg.show(name+": an outsider", drawn(cards.Topic(name, todo.Settings{Default: "team"}, nil, nil)))
	}
	pg.equals("topics")
}
