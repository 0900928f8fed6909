package storagetest

import (
	"fmt"
	"testing"

	"github.com/readyroom/readyroom/storage"
)

var slotTests = map[string]func(*testing.T, *place){
	"a slot's unsent delivery is replaced":                 queueReplace,
	"a wake is moved, all else comes at the earlier time":  queueReplaceDue,
	"what replaces a failed attempt waits as long":         queueBackoff,
	"what is in flight stays, the new one waits behind it": queueBehind,
	"a slot edits what it shows":                           queueEdit,
	"a slot whose message is gone posts anew":              queueGone,
	"an unclear send is kept and reconciled":               queueUnclear,
	"a failed delivery frees its slot and is listed":       queueFailed,
	"a stuck delivery blocks its slot until resolved":      queueStuck,
	"an answer in a thread waits for its first message":    queueThread,
	"an answer waits for nobody who waits for a human":     queueThreadStuck,
	"cancelling drops the unsent only":                     queueCancel,
}

func queueReplace(t *testing.T, p *place) {
	s := testStore(t, p)
	elsewhere := tell("card", 1, 9)
	elsewhere.Place = "console/#other"
	enqueue(t, s, tell("card", 1, 1), elsewhere, tell("other", 1, 8))
	for n := 2; n <= 7; n++ {
		enqueue(t, s, tell("card", 1, n))
	}
	expect(t, claims(claim(t, s, 1)), "7", "9", "8")
}

func queueReplaceDue(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, wake("w", 3, 1), tell("t", 3, 2), tell("u", 3, 3))
	enqueue(t, s, wake("w", 5, 4), tell("t", 5, 5), tell("u", 1, 6))
	expect(t, claims(claim(t, s, 2)), "6")
	expect(t, claims(claim(t, s, 3)), "5", "6?")
	enqueue(t, s, wake("w", 0, 7))
	expect(t, claims(claim(t, s, 3)), "7")
}

func queueBackoff(t *testing.T, p *place) {
	s := testStore(t, p)
	for i, during := range []bool{false, true} { // whether the new one comes while the old is being sent
		slot := fmt.Sprint("card", i)
		enqueue(t, s, tell(slot, 1, 1))
		c := claim(t, s, 1)
		if during {
			enqueue(t, s, tell(slot, 1, 2))
		}
		settle(t, s, c[0], storage.Outcome{Result: storage.Retry, Again: at(7), Err: "429"})
		if !during {
			enqueue(t, s, tell(slot, 1, 2))
		}
		expect(t, queue(t, s), "2 queued")
		expect(t, claims(claim(t, s, 6)))
		c = claim(t, s, 7)
		expect(t, claims(c), "2")
		if c[0].Attempt != 2 {
			t.Errorf("attempt %d", c[0].Attempt)
		}
		settle(t, s, c[0], sent("m1"))
	}
	expect(t, queue(t, s))
}

func queueBehind(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, tell("card", 1, 1))
	first := claim(t, s, 1)
	enqueue(t, s, tell("card", 1, 2))
	enqueue(t, s, tell("card", 1, 3))
	expect(t, queue(t, s), "1 claimed", "3 behind")
	if next, _, _ := s.NextDue(t.Context()); !next.Equal(at(2)) {
		t.Errorf("what waits behind is due at %v", next)
	}
	expect(t, claims(claim(t, s, 1)))
	settle(t, s, first[0], sent("m1"))
	expect(t, claims(claim(t, s, 1)), "3 m1")
}

func queueEdit(t *testing.T, p *place) {
	s := testStore(t, p)
	for n := 1; n <= 3; n++ {
		enqueue(t, s, tell("card", 1, n))
		c := claim(t, s, 1)
		if n == 1 {
			expect(t, claims(c), "1")
			settle(t, s, c[0], sent("m1"))
			continue
		}
		expect(t, claims(c), fmt.Sprintf("%d m1", n))
		settle(t, s, c[0], sent(""))
	}
	view(t, s, func(tx *storage.Tx) error {
		got, ok, err := tx.Slot("card", town)
		if want := (storage.SlotState{Message: "m1", Shown: got.Shown}); !ok || got != want || got.Shown == "" {
			t.Errorf("%+v, %t", got, ok)
		}
		return err
	})
}

func queueGone(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, tell("card", 1, 1))
	settle(t, s, claim(t, s, 1)[0], sent("m1"))
	enqueue(t, s, tell("card", 1, 2))
	settle(t, s, claim(t, s, 1)[0], storage.Outcome{Result: storage.Retry, Again: at(1), Gone: true})
	expect(t, claims(claim(t, s, 1)), "2")
}

func queueUnclear(t *testing.T, p *place) {
	s := p.begin(t)
	enqueue(t, s, tell("card", 1, 1))
	c := claim(t, s, 1)
	settle(t, s, c[0], storage.Outcome{Result: storage.Unclear, Again: at(4), Err: "timeout"})
	enqueue(t, s, tell("card", 1, 2))
	expect(t, queue(t, s), "1 queued", "2 behind")
	expect(t, claims(claim(t, s, 3)))
	s = p.begin(t)
	defer p.end(t)
	expect(t, claims(claim(t, s, 3)))
	c = claim(t, s, 4)
	expect(t, claims(c), "1?")
	settle(t, s, c[0], sent("m1"))
	expect(t, claims(claim(t, s, 4)), "2 m1")
}

func queueFailed(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, tell("card", 1, 1))
	c := claim(t, s, 1)
	enqueue(t, s, tell("card", 1, 2))
	settle(t, s, c[0], storage.Outcome{Result: storage.Failed, At: at(1), Err: "is_archived"})
	expect(t, queue(t, s), "1 dead", "2 queued")
	waiting, err := s.Waiting(t.Context())
	if err != nil || len(waiting) != 1 || waiting[0].Err != "is_archived" || !waiting[0].When.Equal(at(1)) {
		t.Errorf("%+v, %v", waiting, err)
	}
	if err := resolve(t, s, c[0].ID, storage.Outcome{Result: storage.Retry, Again: at(1)}); err != nil {
		t.Fatal(err)
	}
	expect(t, queue(t, s), "2 queued") // the newer one shows what the dead one would have
	c = claim(t, s, 1)
	settle(t, s, c[0], storage.Outcome{Result: storage.Failed, At: at(1)})
	if err := resolve(t, s, c[0].ID, storage.Outcome{Result: storage.Retry, Again: at(2)}); err != nil {
		t.Fatal(err)
	}
	c = claim(t, s, 2)
	expect(t, claims(c), "2")
	settle(t, s, c[0], storage.Outcome{Result: storage.Failed, At: at(1)})
	enqueue(t, s, tell("card", 1, 3))
	settle(t, s, claim(t, s, 1)[0], sent("m3"))
	if err := resolve(t, s, c[0].ID, storage.Outcome{Result: storage.Retry, Again: at(2)}); err != nil {
		t.Fatal(err)
	}
	expect(t, queue(t, s)) // nor does it come back over what was sent since
}

func queueStuck(t *testing.T, p *place) {
	s := testStore(t, p)
	for n, o := range []storage.Outcome{sent("m1"), {Result: storage.Retry, Again: at(1)}, {Result: storage.Failed}} {
		slot := fmt.Sprint("card", n)
		enqueue(t, s, tell(slot, 1, 1))
		c := claim(t, s, 1)
		settle(t, s, c[0], storage.Outcome{Result: storage.NeedsHuman, At: at(1), Err: "nobody knows"})
		enqueue(t, s, tell(slot, 1, 2))
		expect(t, claims(claim(t, s, 9)))
		if waiting, err := s.Waiting(t.Context()); err != nil || len(waiting) != 1 || waiting[0].State != storage.Stuck {
			t.Fatalf("%+v, %v", waiting, err)
		}
		if err := resolve(t, s, c[0].ID, storage.Outcome{Result: storage.Unclear}); err == nil {
			t.Error("a human may say that it is unclear")
		}
		if err := resolve(t, s, c[0].ID, o); err != nil {
			t.Fatal(err)
		}
		c = claim(t, s, 1)
		expect(t, claims(c), []string{"2 m1", "2", "2"}[n])
		settle(t, s, c[0], sent("m2"))
		expect(t, queue(t, s))
	}
}

func queueThread(t *testing.T, p *place) {
	s := testStore(t, p)
	enqueue(t, s, answer("card", 1, 1)) // nothing to wait for: in the open
	enqueue(t, s, tell("card", 1, 2), answer("card", 1, 3), answer("other", 1, 4))
	expect(t, queue(t, s), "1 queued", "2 queued", "3 held", "4 queued")
	c := claim(t, s, 1)
	expect(t, claims(c), "1", "2", "4")
	enqueue(t, s, answer("card", 5, 5))
	settle(t, s, c[1], storage.Outcome{Result: storage.Retry, Again: at(1)})
	enqueue(t, s, tell("card", 1, 6))
	expect(t, queue(t, s), "1 claimed", "6 queued", "3 held", "4 claimed", "5 held")
	c = claim(t, s, 1)
	expect(t, claims(c), "6")
	settle(t, s, c[0], sent("m1"))
	expect(t, claims(claim(t, s, 1)), "3  m1")
	expect(t, claims(claim(t, s, 5))[3:], "5  m1")
}

func queueThreadStuck(t *testing.T, p *place) {
	s := testStore(t, p)
	for i, end := range []func(storage.Claim){
		func(c storage.Claim) { settle(t, s, c, storage.Outcome{Result: storage.NeedsHuman}) },
		func(c storage.Claim) { settle(t, s, c, storage.Outcome{Result: storage.Failed}) },
	} {
		slot := fmt.Sprint("card", i)
		enqueue(t, s, tell(slot, 1, 1), answer(slot, 1, 2))
		end(claim(t, s, 1)[0])
		enqueue(t, s, answer(slot, 1, 3))
		c := claim(t, s, 1)
		expect(t, claims(c), "2", "3")
		settle(t, s, c[0], sent("m2"))
		settle(t, s, c[1], sent("m3"))
	}
	enqueue(t, s, tell("gone", 1, 4), answer("gone", 1, 5))
	update(t, s, func(tx *storage.Tx) error { return tx.Cancel("gone", town) })
	expect(t, claims(claim(t, s, 1)), "5")
	a, b := tell("a", 1, 6), tell("b", 1, 7)
	b.In = "a"
	enqueue(t, s, a, b)
	a.In = "b" // a now answers in b, and b in a: nobody may wait for ever
	enqueue(t, s, a)
	expect(t, claims(claim(t, s, 1)), "6")
}

func queueCancel(t *testing.T, p *place) {
	s := testStore(t, p)
	cancel := func() {
		t.Helper()
		update(t, s, func(tx *storage.Tx) error { return tx.Cancel("card", town) })
	}
	cancel()
	enqueue(t, s, tell("card", 1, 1))
	cancel()
	expect(t, queue(t, s))
	if n := len(keysOf(t, p, 'l')); n != 0 {
		t.Errorf("%d slots", n)
	}
	enqueue(t, s, tell("card", 1, 2))
	c := claim(t, s, 1)
	enqueue(t, s, tell("card", 1, 3))
	cancel()
	expect(t, queue(t, s), "2 claimed")
	settle(t, s, c[0], storage.Outcome{Result: storage.Unclear, Again: at(1)})
	cancel()
	expect(t, queue(t, s), "2 queued")
	settle(t, s, claim(t, s, 1)[0], storage.Outcome{Result: storage.Retry, Again: at(1)})
	cancel()
	expect(t, queue(t, s))
}
