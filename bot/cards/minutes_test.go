package cards_test

import (
	"errors"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

func refusal(t *testing.T, err error) *workflows.Refusal {
	t.Helper()
	var ref *workflows.Refusal
	if !errors.As(err, &ref) {
		t.Fatalf("%v is no refusal", err)
	}
	return ref
}

// TestTheFirstTenMinutes holds the first lines of the answers to what newcomers are promised, word for word.
func TestTheFirstTenMinutes(t *testing.T) {
	p := begin(t, alone())
	is := func(what string, m chat.Message, want string) {
		t.Helper()
		if m.Title != want {
			t.Errorf("%s reads\n%s\nwant\n%s", what, m.Title, want)
		}
	}
	sign := func(items ...string) chat.Message {
		events := p.do("you", release.Sign{Items: items})
		return cards.Signed(events, p.rel, p.book, p.view(), line)
	}
	p.do("you", release.New{ID: "app@1.0.0"})
	is("new", cards.Card(p.whole(), p.view()),
		"app 1.0.0 · before GA · 3f2a9c1 · simple, risk low (one person known) · NO-GO 0/3: tests, changelog, way-back (bound to #general)")
	_, err := p.decide("you", release.Advance{})
	is("advance", cards.Refusal(refusal(t, err)), "NO-GO (not_ready): 3 open, you may sign all → /release sign tests,changelog,way-back")
	is("sign", sign("test"), "ok ga.ready/tests · @you as owner for engineering · 3f2a9c1 · by hand · 1/3")
	_, err = p.decide("you", release.Sign{Items: []string{"chnagelog"}})
	is("a slip", cards.Refusal(refusal(t, err)), "unknown_item. Nearest: changelog → /release sign changelog")
	is("sign two", sign("changelog", "way"), "ok changelog (by hand), way-back · GO 3/3 → /release advance")

	p.found.Commit = second
	before := p.rel
	p.do("you", release.SetCandidate{Ref: "HEAD"})
	would := cards.DryRun(cards.Moved(before, p.rel, p.facts("you"), p.view(), line, true), []workflows.Told{{Place: general, What: "card", Edit: true}})
	is("a dry run", would,
		"DRY RUN 3f2a9c1 → 8be1d02: tests, changelog go stale; way-back holds · would edit the card in #general · nothing changed, nobody told")
	is("candidate", cards.Moved(before, p.rel, p.facts("you"), p.view(), line, false),
		"3f2a9c1 → 8be1d02: tests, changelog went stale · NO-GO 1/3 → /release sign tests,changelog")
	is("sign again", sign("tests", "changelog"), "ok tests (by hand), changelog (by hand) · GO 3/3 → /release advance")

	r := p.receipt("you", release.Advance{}, workflows.Told{Place: general, What: "passed"})
	r.Confirm = &workflows.Pending{Key: "k3f9", By: "you", Until: monday.Add(5*time.Hour + 2*time.Minute)}
	is("the question", cards.Question(r, p.view()),
		"Release app 1.0.0 (8be1d02) to everyone? before GA → GA · tells #general · only @you, until 14:02")
	is("out", cards.Advanced(p.rel, p.book, p.view()), "app 1.0.0 is out · to close: announced, healthy")
	is("the post", cards.Post("passed", r.Events[0], p.rel, p.book, p.view()), "app 1.0.0 is out")
	is("sign the rest", sign("announced", "healthy"), "ok announced, healthy · GO → /release advance")
	p.do("you", release.Advance{})
	is("closed", cards.Advanced(p.rel, p.book, p.view()), "closed · 7 votes (2 went stale), all by one person (recorded)")
	last := release.CheckGate(p.rel, p.rel.Gates[len(p.rel.Gates)-1], p.book, p.now)
	over := cards.Check(p.whole(), last, p.view(), func(release.Status) bool { return true }, line)
	if len(over.Buttons) > 0 {
		t.Errorf("nothing is next, and check offers %v", over.Buttons)
	}
	p.rel.Tally.Voters = append(p.rel.Tally.Voters, "chat.g7")
	is("by two", cards.Advanced(p.rel, p.book, p.view()), "closed · 7 votes (2 went stale) by 2 people")
	double := *p.book
	double.Merged = map[workflows.PersonID]workflows.PersonID{"chat.g7": "you"}
	is("who are one", cards.Advanced(p.rel, &double, p.view()), "closed · 7 votes (2 went stale), all by one person (recorded)")
}
