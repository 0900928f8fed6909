package storagetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
)

var queueTests = map[string]func(*testing.T, *place){
	"what is due comes in order":                    queueOrder,
	"a claim is durable and comes but once":         queueClaim,
	"a claim that ran out comes again, unresolved":  queueRunOut,
	"claims of a process that is gone come at once": queueRestart,
	"claims of the same process stay":               queueSameProcess,
	"an old claim settles nothing":                  queueStale,
	"a wake that was heard leaves nothing behind":   queueWake,
	"what cannot be is refused":                     queueRefuses,
}

func queueOrder(t *testing.T, p *place) {
	s := testStore(t, p)
	if next, ok, err := s.NextDue(t.Context()); ok || err != nil {
		t.Errorf("empty: %v, %v", next, err)
	}
	late := tell("", 0, 7)
	late.Due = time.Time{}
	old := tell("", 0, 8)
	old.Due = time.Date(1950, 1, 1, 0, 0, 0, 5, time.UTC)
	enqueue(t, s, tell("", 3, 1), tell("", 1, 2), wake("", 2, 3), tell("", 1, 4), tell("", 5, 5), late, old)
	if next, ok, err := s.NextDue(t.Context()); !ok || err != nil || next.After(at(0)) {
		t.Errorf("next is %v, %t, %v", next, ok, err)
	}
	two, err := s.Claim(t.Context(), at(3), at(4), 3)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, claims(two), "7", "8", "2")
	expect(t, claims(claim(t, s, 3)), "4", "3", "1")
	expect(t, claims(claim(t, s, 3)))
	ids := map[string]bool{}
	for _, c := range two {
		ids[c.ID] = true
		if !strings.HasPrefix(c.ID, s.Instance()[:8]+"-") || len(c.ID) > 25 {
			t.Errorf("id %q", c.ID)
		}
	}
	if len(ids) != 3 {
		t.Errorf("ids %v", ids)
	}
}

func queueClaim(t *testing.T, p *place) {
	s := testStore(t, p)
	before := p.engine.Commits()
	expect(t, claims(claim(t, s, 9)))
	if p.engine.Commits() != before {
		t.Error("claiming nothing wrote something")
	}
	d := tell("", 1, 1)
	d.Stream, d.Seq, d.Public = "a/x", 7, true
	enqueue(t, s, d)
	p.engine.Fail(ErrInjected)
	if c, err := s.Claim(t.Context(), at(1), at(2), 9); len(c) != 0 || !errors.Is(err, ErrInjected) {
		t.Errorf("a claim that was not committed gave %v, %v", claims(c), err)
	}
	c := claim(t, s, 1)
	d.ID = c[0].ID
	if diff := cmp.Diff(storage.Claim{Delivery: d, Attempt: 1}, c[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	settle(t, s, c[0], sent("m1"))
	expect(t, queue(t, s))
	view(t, s, func(tx *storage.Tx) error {
		got, ok, err := tx.Sent(d.ID)
		want := storage.Delivered{Message: "m1", At: at(0), What: "card", Stream: "a/x", Place: town}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%t (-want +got):\n%s", ok, diff)
		}
		return err
	})
}

func queueRunOut(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, tell("card", 1, 1), tell("", 1, 2))
	first := claim(t, s, 1)
	if next, ok, _ := s.NextDue(t.Context()); !ok || !next.Equal(at(2)) {
		t.Errorf("next is %v, %t", next, ok)
	}
	settle(t, s, first[1], storage.Outcome{Result: storage.Retry, Again: at(2)})
	second := claim(t, s, 2)
	expect(t, claims(second), "1?", "2")
	if second[0].Attempt != 2 || second[1].Attempt != 2 {
		t.Errorf("attempts %d and %d", second[0].Attempt, second[1].Attempt)
	}
	expect(t, claims(claim(t, s, 3)), "1?", "2?")
}

func queueRestart(t *testing.T, p *place) {
	s := p.begin(t)
	enqueue(t, s, tell("card", 1, 1), tell("", 2, 2))
	first := claim(t, s, 1)
	enqueue(t, s, tell("card", 1, 3))
	s = p.begin(t)
	defer p.end(t)
	if next, ok, _ := s.NextDue(t.Context()); !ok || next.After(at(1)) {
		t.Errorf("next is %v, %t", next, ok)
	}
	if err := s.Settle(t.Context(), first[0], sent("m1")); !errors.Is(err, storage.ErrNoLongerClaimed) {
		t.Errorf("a former process's claim was settled: %v", err)
	}
	again := claim(t, s, 1)
	expect(t, claims(again), "1?")
	settle(t, s, again[0], sent("m1"))
	expect(t, claims(claim(t, s, 1)), "3 m1")
}

func queueSameProcess(t *testing.T, p *place) {
	var first []storage.Claim
	for range 2 {
		s, err := storage.Open(t.Context(), p.start(t), storage.Options{Process: "one"})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			enqueue(t, s, tell("", 1, 1))
			first = claim(t, s, 1)
		} else {
			expect(t, claims(claim(t, s, 1)))
			settle(t, s, first[0], sent("m1"))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func queueStale(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, tell("", 1, 1), tell("", 1, 2))
	first := claim(t, s, 1)
	settle(t, s, first[1], sent("m2"))
	second := claim(t, s, 3)
	for _, c := range append(first, storage.Claim{}, storage.Claim{Delivery: storage.Delivery{ID: "another-1"}, Attempt: 2}) {
		if err := s.Settle(t.Context(), c, sent("m3")); !errors.Is(err, storage.ErrNoLongerClaimed) {
			t.Errorf("%q was settled: %v", c.ID, err)
		}
		if err := resolve(t, s, c.ID, sent("m3")); !errors.Is(err, storage.ErrNoLongerClaimed) {
			t.Errorf("%q was resolved: %v", c.ID, err)
		}
	}
	settle(t, s, second[0], sent("m1"))
	if err := s.Settle(t.Context(), second[0], sent("m1")); !errors.Is(err, storage.ErrNoLongerClaimed) {
		t.Errorf("it was settled twice: %v", err)
	}
}

func queueWake(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, wake("w", 1, 1), wake("", 1, 2))
	for _, c := range claim(t, s, 1) {
		settle(t, s, c, sent(""))
	}
	expect(t, queue(t, s))
	for _, letter := range []byte("dqlwx") {
		if keys := keysOf(t, p, letter); len(keys) != 0 {
			t.Errorf("left behind: %q", keys)
		}
	}
	if next, ok, err := s.NextDue(t.Context()); ok || err != nil {
		t.Errorf("next is %v, %v", next, err)
	}
}

func queueRefuses(t *testing.T, p *place) {
	s := testStore(t, p)
	if err := s.Update(t.Context(), func(tx *storage.Tx) error { return tx.Enqueue(storage.Delivery{}) }); err == nil {
		t.Error("a delivery of no kind was taken")
	}
	if _, err := s.Claim(t.Context(), at(1), at(1), 1); err == nil {
		t.Error("a claim for no time was given")
	}
	enqueue(t, s, tell("", 1, 1))
	if err := s.Settle(t.Context(), claim(t, s, 1)[0], storage.Outcome{Result: "maybe"}); err == nil {
		t.Error("an unknown result was taken")
	}
	expect(t, queue(t, s), "1 claimed")
}
