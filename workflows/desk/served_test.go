package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// ending is a context that has ended as soon as it was consulted so many times.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

// Whoever asked for a kill may be gone the moment it is committed: users get the flag off all the same, at once.
func TestAKillIsServedThoughItsAskerIsGone(t *testing.T) {
	for left := range 100 {
		h := newHouse(t)
		h.ships("app@1.0", "aaaaaaaa")
		h.must(h.ask("ana", "app@1.0", flag.New{Key: "search"}))
		h.flagged(flag.Set{Percent: 100})
		if e, err := h.Evaluate("production", "search", "u1"); err != nil || e.Value != true {
			t.Fatalf("before: %+v, %v", e, err)
		}
		kill := h.ask("ben", "app@1.0", flag.Kill{Note: "errors"})
		kill.On.Flag = "search"
		ctx := &ending{context.Background(), left}
		_, err := h.Do(ctx, kill)
		f, err2 := h.Flag(t.Context(), "search")
		if err2 != nil {
			t.Fatal(err2)
		}
		if f.Killed == nil {
			continue // it ended before the commit: nothing happened
		}
		if e, err2 := h.Evaluate("production", "search", "u1"); err != nil || err2 != nil || e.Value != false {
			t.Errorf("killed, and served as %+v (%v, %v)", e, err, err2)
		}
		return // the first that was committed: the next time anybody asks it, the context has ended
	}
	t.Error("no kill was ever committed")
}

// A schedule whose wake-up died comes again at the next start, once, and is listed once.
func TestADeadScheduleComesBack(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	h.now = h.now.Add(24 * time.Hour)
	claims, err := h.store.Claim(ctx, h.now, h.now.Add(time.Minute), 32)
	if err != nil || len(claims) != 6 {
		t.Fatalf("%d schedules are due, %v", len(claims), err)
	}
	for _, c := range claims {
		if err := h.store.Settle(ctx, c, storage.Outcome{At: h.now, Result: storage.Failed, Err: "nobody home"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, waiting, err := h.store.NextDue(ctx); err != nil || waiting {
		t.Fatalf("something waits: %v", err)
	}
	for range 2 {
		h.restart()
	}
	coming := map[string]int{}
	for _, p := range h.queue() {
		if p.State == storage.Queued && p.When.After(h.now) {
			coming[p.Slot]++
		}
	}
	for _, s := range h.rules.Load().schedules(h.book0()) {
		if coming[s.Slot()] != 1 {
			t.Errorf("%s comes %d times", s.Slot(), coming[s.Slot()])
		}
	}
	all, err := h.Reminders(ctx, "ana")
	if err != nil || len(all) != 2 || !all[0].Next.After(h.now) || !all[1].Next.After(h.now) {
		t.Errorf("ana's reminders: %+v, %v", all, err)
	}
}

// In a place that anyone reads it is news once that users are let in; that a stage ends is none.
func TestPublicNewsIsPostedOnce(t *testing.T) {
	home := func(c *Config) {
		p := c.Products["app"]
		p.Home = "chat/#news"
		c.Products["app"] = p
	}
	for template, want := range map[string][]string{
		"simple":  {"app thing is on its way", "app thing is out"},
		"feature": {"app thing is on its way", "app thing is in tech preview", "app thing is out"},
	} {
		t.Run(template, func(t *testing.T) {
			h, f := newHouse(t, home), &chattest.Fake{}
			h.must(h.ask("ana", "", release.New{ID: "app@thing", Template: template, Risk: "low", Why: "small"}))
			h.step(f, h.now)
			for !h.release("app@thing").Over() {
				h.pass("app@thing")
				h.step(f, h.now.Add(time.Minute))
			}
			var said []string
			for _, p := range f.Got() {
				if p.Place == "chat/#news" && p.Edit == "" {
					said = append(said, p.Message.Title)
				}
			}
			if diff := cmp.Diff(want, said); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What was queued for a channel of the team's is drawn for anyone when anyone reads there by the time it is sent.
func TestAChannelThatBecamePublic(t *testing.T) {
	const secret = "the customer's data was lost"
	h := newHouse(t, func(c *Config) { c.Book.Audiences[1].Place = "chat/#support" })
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low", Title: secret}))
	h.must(h.ask("ana", "app@1.0", briefing.Draft{Fields: briefing.Fields{Changes: secret, Help: secret}}))
	h.confirmed(h.ask("ana", "app@1.0", briefing.Send{}))
	h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: secret}))
	places := map[workflows.Place]int{}
	for _, p := range h.queue() {
		if p.Kind == workflows.Tell && !p.Public {
			places[p.Place]++
		}
	}
	if places["chat/#app"] < 3 || places["chat/#support"] != 1 {
		t.Fatalf("queued as internal: %v", places)
	}
	h.restart(func(c *Config) {
		c.Book.Audiences = append(slices.Clone(c.Book.Audiences), policy.Audience{Name: "users", Place: "chat/#app", Public: true})
		c.Book.Audiences[1].Public = true
	})
	f := &chattest.Fake{}
	h.step(f, h.now)
	for _, p := range f.Got() {
		theirs := func(b chat.Button) bool { return !strings.HasPrefix(b.Line, "feedback ") } // anyone may say something, and follow
		if said := fmt.Sprintf("%+v", p.Message); strings.Contains(said, secret) || strings.Contains(said, "ana") || slices.ContainsFunc(p.Message.Buttons, theirs) {
			t.Errorf("%s reads %s", p.Place, said)
		}
	}
	if shows := f.Shows("chat/#app"); len(shows) != 1 || shows[0].Message.Title != "app 1.0 is on its way" {
		t.Errorf("#app shows %+v", shows)
	}
}

// An index over handles changes nothing but the time: it finds whom a look at every person finds, rosters included.
func TestIndexedBooksResolveAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var handles []workflows.Handle
		for i := range 12 {
			handles = append(handles, workflows.Handle(fmt.Sprintf("chat/%d", i)))
		}
		known := map[workflows.PersonID]workflows.Person{}
		for _, x := range handles[:8] { // each is borne by one person, or nobody
			if id := workflows.PersonID(rapid.SampledFrom([]string{"", "ana", "ben", "chat-9", string(team.PersonID("chat/10"))}).Draw(t, string(x))); id != "" {
				p := known[id]
				p.ID, p.Handles = id, append(p.Handles, x)
				known[id] = p
			}
		}
		linear := &policy.Book{People: known}
		same := func(b *policy.Book, linear *policy.Book) {
			for _, x := range append(handles, "", "chat", "chat/ana", "other/1") {
				want, is := linear.Resolve(x)
				if got, ok := b.Resolve(x); ok != is || got.ID != want.ID {
					t.Errorf("%q is %q %t, want %q %t", x, got.ID, ok, want.ID, is)
				}
			}
		}
		same(linear.Indexed(), linear)
		var rosters []team.Roster
		for _, group := range []string{"g", "h"} {
			r := team.Roster{Platform: "chat", Group: group, AsOf: monday}
			for _, x := range rapid.SliceOfDistinct(rapid.SampledFrom(handles), rapid.ID).Draw(t, group) {
				r.Members = append(r.Members, team.Member{Handle: x})
			}
			rosters = append(rosters, r)
		}
		var persons []people.State
		for _, id := range []workflows.PersonID{"ana", "gone", team.PersonID("chat/G1")} {
			persons = append(persons, people.State{Person: id,
				Accounts: rapid.SliceOfDistinct(rapid.SampledFrom(handles), rapid.ID).Draw(t, "links of "+string(id))})
		}
		b := completed(linear.Indexed(), rosters, persons)
		same(b, &policy.Book{People: b.People})
	})
}
