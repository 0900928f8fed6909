package cards_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/todo"
)

// TestPeople draws what is answered and told about accounts, codes, absences and claims.
func TestPeople(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	v := p.view()
	b := team().Indexed()
	until := monday.Add(72 * time.Hour)
	linked := people.Linked{Person: "mia", Handle: "slack/T1/U9"}
	coded, unlinked := people.Linked{Person: "mia", Handle: "slack/T1/U9", ByCode: true}, people.Unlinked{Person: "mia", Handle: "slack/T1/U9"}
	left, alone := people.Left{Person: "ana", Until: until, Deputy: "ben"}, people.Left{Person: "ana", Until: until.Add(9 * time.Hour)}
	returned := people.Returned{Person: "ana", Deputy: "ben"}
	pg.show("an account linked", drawn(cards.Linked(linked, b)), drawn(cards.Linked(coded, b)))
	own := *b
	own.People = map[workflows.PersonID]workflows.Person{"slack.t1.u9": {ID: "slack.t1.u9", Handles: []workflows.Handle{"slack/T1/U9"}}}
	pg.show("one that was a person of its own", drawn(cards.Linked(linked, own.Indexed())))
	pg.show("an account taken away", drawn(cards.Unlinked(unlinked)))
	pg.show("a code", drawn(cards.Code("k7f3q-xn2aa-52hde-pq4rb", monday.Add(people.CodeLife), v)), drawn(cards.Code("", monday, v)))
	pg.show("the bot claimed", drawn(cards.Claimed(people.Owned{Person: "slack.t1.u9", Handle: "slack/T1/U9"})))
	pg.show("away", drawn(cards.Left(left, v)), drawn(cards.Left(alone, v)))
	pg.show("back", drawn(cards.Returned(returned)), drawn(cards.Returned(people.Returned{Person: "ana"})))
	told := func(what string, by workflows.PersonID, e workflows.Event) string {
		return drawn(cards.Personal(what, workflows.Recorded{Header: workflows.Header{By: workflows.Actor{Person: by}}, Event: e}, v))
	}
	pg.show("told of an account", told(people.ToldLinked, "ana", linked), told(people.ToldLinked, "mia", coded), told(people.ToldUnlinked, "ana", unlinked))
	pg.show("told of an absence", told(people.ToldLeft, "ana", left), told(people.ToldReturned, "ana", returned),
		told(people.ToldReturned, "ana", people.Left{Person: "ana", Until: until, Deputy: "mia", Former: "ben"}))
	owned := *b
	owned.Owners = []workflows.PersonID{"slack.t1.u9"}
	lines := cards.Persons([]people.State{{Owner: people.Claimant{Person: "slack.t1.u9", Handle: "slack/T1/U9"}},
		{Person: "ana", Until: until, Deputy: "ben", Accounts: []workflows.Handle{"github/x\u202ey"}}, {Person: "ben", Until: monday}, {Person: "mia", Until: until}}, &owned, v)
	for _, l := range lines {
		pg.show("what is recorded of people", l+"\n")
	}
	if again := cards.Persons([]people.State{{Owner: people.Claimant{Person: "slack.t1.u9", Handle: "slack/T1/U9"}}}, b, v); len(again) != 0 {
		t.Errorf("the configuration names owners, and the claim is shown: %q", again)
	}
	s := todo.Settings{From: "readyroom.yaml", Hash: "0123456789abcdef", Products: []workflows.Product{"app", "shop"}, Templates: []string{"feature", "simple"}, Default: "simple",
		Digest: "09:00", Readiness: "weekdays 09:30", Anchor: "18:00"}
	pg.show("the configuration", drawn(cards.Settings(s, b)), drawn(cards.Settings(todo.Settings{Hash: "e3b0c44298fc1c149afbf4c8996fb924", Digest: "09:00", Readiness: "09:30"}, &policy.Book{})))
	pg.equals("people")
}
