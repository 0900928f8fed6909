package release

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// drawWish makes some wish about a release as it stands, mostly one that can be carried out.
func drawWish(t *rapid.T, r Release, now time.Time) Wish {
	var items []string
	for _, p := range ahead(r.Gates) {
		items = append(items, p.Full())
	}
	item := rapid.SampledFrom(append(items, "soak", "nothing-like-it")).Draw(t, "item")
	who := rapid.SampledFrom([]workflows.PersonID{"ana", "ben", "mia", "leo"}).Draw(t, "whom")
	day := now.Add(time.Duration(rapid.IntRange(-1, 4).Draw(t, "day")) * 24 * time.Hour)
	why := rapid.SampledFrom([]string{"x", "x", "y", ""}).Draw(t, "why")
	gate := rapid.SampledFrom(append(r.gateKeys(), "ga.redy")).Draw(t, "gate")
	next, _ := r.Next()
	var all []string
	for _, i := range next.Items {
		all = append(all, next.Full(i))
	}
	return rapid.SampledFrom([]Wish{
		Sign{Items: []string{item}, Value: rapid.SampledFrom(Values()).Draw(t, "value"), Note: why, Evidence: rapid.SampledFrom([]string{"", "https://example.org"}).Draw(t, "link")},
		Sign{Items: all, Evidence: "https://example.org"}, Sign{Items: all, Evidence: "https://example.org"}, Advance{}, Advance{}, BreakGlass{Why: why},
		Ask{Item: item, Who: who}, Assign{Item: item, Owner: who, Due: day}, PlanItem{Item: item, Owner: who, Due: day, What: why},
		Waive{Item: item, Owner: who, Until: day, Why: why}, Waive{Item: item, Owner: "mia", Until: in(9), Why: why}, MoveItem{Item: item, Gate: gate},
		AddItem{Key: rapid.SampledFrom(CatalogueKeys()).Draw(t, "key")}, AddItem{Gate: gate, Key: "own", Text: why}, DropItem{Item: item},
		Set{Risk: rapid.SampledFrom(policy.Risks()).Draw(t, "risk"), Note: why}, Set{Manager: who}, Set{Template: rapid.SampledFrom([]string{"simple", "hotfix"}).Draw(t, "template")},
		HoldOn{Why: why}, Resume{}, Resume{}, RollBack{Why: why}, SetCandidate{Ref: "x"}, Tick{},
	}).Draw(t, "wish")
}

// Whatever is wished in whatever order: a decision and a fold leave the state as it was, a fold says the same each time,
// of a state from a snapshot too, and in place; and no gate is passed that a plain reading would not let pass.
func TestAnyWish(t *testing.T) {
	passed := map[policy.Risk]int{}
	try := func(t *rapid.T) {
		book := testBook()
		book.People["leo"] = workflows.Person{ID: "leo", NoCode: true}
		f := Facts{Now: monday, Zone: time.UTC, Book: book, Templates: Templates(), Default: DefaultTemplate, Found: workflows.Found{Commit: commit("a", "ana")},
			Number: 1, Bind: "chat/#app", Actor: workflows.Actor{Person: "ana"}, Users: "production", Sources: map[Source]bool{}}
		var r, own Release
		do := func(w Wish) {
			was, rolled := read(r), r
			events, err := Decide(r, w, f)
			if read(r) != was {
				t.Fatalf("deciding on %+v changed the release", w)
			}
			if no := (*workflows.Refusal)(nil); err != nil && (!errors.As(err, &no) || no.Reason == "" || len(no.Next) == 0 && no.Reason != workflows.NotReady) {
				t.Fatalf("%+v: %v", w, err)
			}
			for _, e := range events {
				if p, is := e.(Passed); is && !p.Glass {
					if why := plainly(r, f); why != "" {
						t.Fatalf("%s passed by %s: %s\n%s", p.Gate, f.Actor.Person, why, read(r))
					}
					passed[r.Risk]++
				}
				rec := workflows.Recorded{Event: e, Header: workflows.Header{At: f.Now, By: f.Actor}}
				r, own = foldAlike(t, r, rec), EvolveOwn(own, rec)
				if read(own) != read(r) {
					t.Fatalf("%T in place:\n%s\n%s", e, read(own), read(r))
				}
			}
			if read(rolled) != was {
				t.Fatalf("folding %+v changed what was before", events)
			}
		}
		do(New{ID: "app@1.0", Risk: rapid.SampledFrom(policy.Risks()).Draw(t, "risk"), Why: "x"})
		for range rapid.IntRange(1, 60).Draw(t, "wishes") {
			f.Now = f.Now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 25, 200}).Draw(t, "hours")) * time.Hour)
			f.Actor.Person = rapid.SampledFrom([]workflows.PersonID{"ana", "ben", "mia", "leo", "out"}).Draw(t, "who")
			f.Found = workflows.Found{Commit: commit(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "commit"), rapid.SampledFrom([]string{"ana", "ben"}).Draw(t, "author"))}
			switch rapid.IntRange(0, 30).Draw(t, "people") {
			case 0:
				book.Merged = map[workflows.PersonID]workflows.PersonID{"leo": "mia"}
			case 1:
				book.Merged = nil
			case 2:
				book.Roles[workflows.EveryRole] = policy.Members{People: []workflows.PersonID{"ana", "mia", "leo"}}
			case 3:
				book.Roles[workflows.EveryRole] = policy.Members{People: []workflows.PersonID{"ana", "ben", "mia", "leo"}}
			}
			if f.Actor.Person = book.Canon(f.Actor.Person); r.Exists() {
				do(drawWish(t, r, f.Now))
			}
		}
	}
	rapid.Check(t, try)
	for _, risk := range policy.Risks() {
		for range 6 { // chance alone seldom gets that far at high risk
			if passed[risk] == 0 {
				rapid.Check(t, try)
			}
		}
		if passed[risk] == 0 {
			t.Errorf("no gate was passed at risk %s: the test tries nothing", risk)
		}
	}
}

// foldAlike folds an event onto a state, and onto one that was stored, as the event was.
func foldAlike(t *rapid.T, r Release, rec workflows.Recorded) Release {
	next := Evolve(r, rec)
	if read(Evolve(r, rec)) != read(next) {
		t.Fatalf("%T folds twice in two ways", rec.Event)
	}
	var thawed Release
	stored := reflect.New(reflect.TypeOf(rec.Event))
	data, err := json.Marshal(rec.Event)
	if err = errors.Join(err, json.Unmarshal(data, stored.Interface()), json.Unmarshal([]byte(read(r)), &thawed)); err != nil {
		t.Fatal(err)
	}
	rec.Event = stored.Elem().Interface().(workflows.Event)
	if got := read(Evolve(thawed, rec)); got != read(next) {
		t.Fatalf("%T from a snapshot:\n%s\n%s", rec.Event, got, read(next))
	}
	return next
}

// plainly says why the next gate must not be passed: the rules once more, in few words.
func plainly(r Release, f Facts) string {
	g := r.Gates[r.Passed]
	normal, high := r.Risk != policy.Low, r.Risk == policy.High
	people := map[workflows.PersonID]bool{}
	for _, i := range g.Items {
		why, by := plainItem(r, f, g, i)
		if w := r.Care[g.Full(i)].Waiver; why != "" && !plainWaived(r, f, w) || why == "blocked" {
			return i.Key + ": " + why
		} else if why != "" {
			continue
		}
		for id := range by {
			people[id] = true
		}
	}
	soak := map[policy.Risk]int{policy.Normal: 1, policy.High: 7}[r.Risk]
	young := f.Now.Before(r.Soaking.AddDate(0, 0, soak)) && !plainWaived(r, f, r.Care[g.Key()+"/soak"].Waiver)
	switch {
	case r.Held != nil:
		return "on hold"
	case g.Half == Ready && (normal && len(people) < 2 || len(people) == 0):
		return "too few people"
	case g.Half == Done && young:
		return "too young"
	case high && !plainHolds(f, f.Actor.Person):
		return "no release manager"
	}
	return plainDebts(r, f)
}

func plainDebts(r Release, f Facts) string {
	for _, g := range r.Gates[:r.Passed] {
		for _, i := range g.Items {
			full := g.Full(i)
			if why, _ := plainItem(r, f, g, i); why == "" || !slices.Contains(r.Owing, full) {
				continue
			}
			if w := r.Care[full].Waiver; !plainWaived(r, f, w) && (w != nil || r.Passed == len(r.Gates)-1) {
				return "owes " + full
			}
		}
	}
	return ""
}

func plainHolds(f Facts, id workflows.PersonID) bool {
	return slices.Contains(f.Book.Roles[workflows.EveryRole].People, f.Book.Canon(id))
}

func plainWaived(r Release, f Facts, w *Waiver) bool {
	if w == nil || !f.Now.Before(w.Until) {
		return false
	}
	managers := map[workflows.PersonID]bool{}
	for _, g := range w.Given {
		if plainHolds(f, g.By) {
			managers[f.Book.Canon(g.By)] = true
		}
	}
	return len(managers) >= map[policy.Risk]int{policy.Low: 1, policy.Normal: 1, policy.High: 2}[r.Risk]
}

// plainItem says why an item does not hold, else whose word it rests on.
func plainItem(r Release, f Facts, g Gate, i Item) (string, map[workflows.PersonID]bool) {
	last, order := map[workflows.PersonID]Vote{}, []workflows.PersonID{}
	for _, v := range r.Votes {
		if id := f.Book.Canon(v.By); v.Item == g.Full(i) && plainHolds(f, id) {
			last[id] = v
			order = append(slices.DeleteFunc(order, func(x workflows.PersonID) bool { return x == id }), id)
		}
	}
	by, sentBack, shown, oks := map[workflows.PersonID]bool{}, false, false, false
	for _, id := range order {
		switch v := last[id]; v.Value {
		case Block:
			return "blocked", nil
		case NeedsWork:
			sentBack = true
		default:
			sentBack = false
			if !v.Expires.IsZero() && !f.Now.Before(v.Expires) || i.Binds != "" && v.Digest != r.Candidate.Digests[i.Binds] {
				continue
			}
			if i.Origin == OfGlass && slices.ContainsFunc(r.Glass, func(x Glass) bool { return x.Review == v.Item && f.Book.Canon(x.By) == id }) {
				continue
			}
			by[id], oks, shown = true, oks || v.Value == OK, shown || v.Evidence != ""
		}
	}
	high := r.Risk == policy.High
	switch {
	case sentBack:
		return "sent back", nil
	case len(by) == 0, high && g.Half == Ready && len(by) < 2:
		return "too few", nil
	case r.Risk != policy.Low && i.Binds != "" && plainAlone(r, f, by):
		return "its author alone", nil
	case high && i.Evidence != "" && oks && !shown:
		return "not shown", nil
	}
	return "", by
}

// plainAlone reports a commit that was written by all who vouch for it.
func plainAlone(r Release, f Facts, by map[workflows.PersonID]bool) bool {
	for _, w := range r.Candidate.Written {
		others := 0
		for id := range by {
			if code := f.Book.People[id].Code; len(code) == 0 || !slices.Contains(w.Authors, code[0]) {
				others++
			}
		}
		if others == 0 {
			return true
		}
	}
	return false
}
