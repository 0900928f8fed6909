package desk

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// actPress presses one of the questions, the right person's or another's, in time or not.
func (m *model) actPress(t *rapid.T) {
	if len(m.questions) == 0 {
		t.Skip("nobody was asked")
	}
	i := rapid.IntRange(max(0, len(m.questions)-4), len(m.questions)-1).Draw(t, "question")
	who := m.questions[i].ask.By
	if once(t, "other", 4) {
		who = rapid.SampledFrom(handles).Draw(t, "who")
	}
	m.pressed(t, &m.questions[i], who)
}

func (m *model) pressed(t *rapid.T, q *question, who workflows.Handle) {
	m.n++
	a := q.ask
	a.ID, a.By, a.At, a.When, a.Press, a.Dry = fmt.Sprint("ask-", m.n), who, q.At, m.now, q.Key, false
	if a.Typed = q.Typed; once(t, "mistyped", 10) {
		a.Typed = "something else"
	}
	late, before := m.judged().After(q.Until), m.happened()
	id, known := m.known(who)
	got, err := m.do(t, a)
	no := refusalOf(err)
	want := workflows.Reason("")
	switch {
	case !known:
		want = workflows.UnknownPerson
	case late || q.used:
		want = workflows.Expired
	case id != q.By:
		want = workflows.NotAllowed
	case q.Typed != "" && a.Typed != q.Typed:
		want = workflows.WrongVersion
	}
	switch {
	case want != "" && (no == nil || no.Reason != want):
		t.Fatalf("press of %s by %s (late %t, used %t): %v, want %s", q.Line, who, late, q.used, err, want)
	case want == "" && got.Confirm != nil && (before == q.tip && q.book == m.cfg.Book || got.Confirm.Key == q.Key):
		t.Fatalf("press of %s only asked again, though nothing changed", q.Line)
	case want == "" && no == nil && q.Undo && before != q.tip && len(got.Events) == 0:
		t.Fatalf("undo of %s: %v", q.Line, got.Events)
	}
	if no == nil && got.Confirm == nil {
		for i := range m.questions {
			m.questions[i].used = m.questions[i].used || m.questions[i].Key == q.Key
		}
	}
}

// actAgain sends an old ask once more, or another request under its id.
func (m *model) actAgain(t *rapid.T) {
	if len(m.asked) == 0 {
		t.Skip("nothing was asked")
	}
	old := m.asked[rapid.IntRange(0, len(m.asked)-1).Draw(t, "old")]
	if !once(t, "other", 4) {
		m.again(t, old)
		return
	}
	other := old.ask
	other.Line += " and more"
	before, err := dump(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.desk.Do(t.Context(), other)
	after, _ := dump(m.engine)
	if no := refusalOf(err); no == nil || no.Reason != workflows.Reused || before != after {
		t.Fatalf("another request under the id %s: %v; the store changed: %t", other.ID, err, before != after)
	}
}

// actDeliver lets the bot work, over a platform that fails as scripted, and perhaps dies on the way.
func (m *model) actDeliver(t *rapid.T) {
	for range rapid.IntRange(0, 3).Draw(t, "scripted") {
		m.fake.Script(m.drawOutcome(t))
	}
	m.killed = once(t, "killed", 4)
	m.step(t)
	m.killed = false
}

func (m *model) actWait(t *rapid.T) {
	m.now = m.now.Add(pick(t, "how long", time.Minute, 3*time.Minute, 11*time.Minute, time.Hour, 8*time.Hour, 25*time.Hour))
}

// actRestart ends the process and begins the next, perhaps under another configuration, which may also come into force
// without an end: people lose and gain roles, addresses become known.
func (m *model) actRestart(t *rapid.T) {
	if rapid.Bool().Draw(t, "reconfigured") {
		cfg := m.reconfigured(t)
		if rapid.Bool().Draw(t, "running") {
			m.reload(t, cfg)
			return
		}
		m.cfg = cfg
	}
	m.restart(t)
}

// reload puts a configuration in force, under a hash that stands for it for ever.
func (m *model) reload(t *rapid.T, cfg Config) {
	b := *cfg.Book
	m.n++
	b.Hash = fmt.Sprint("policy-", m.n)
	cfg.Book = &b
	m.cfg, m.last.cfgs[b.Hash] = cfg, cfg
	if err := m.desk.Reload(t.Context(), m.cfg, m.now); err != nil {
		t.Fatal(err)
	}
	m.inForce(t)
}

// reconfigured is another configuration: people come, go, gain and lose roles, addresses become known.
func (m *model) reconfigured(t *rapid.T) Config {
	cfg, b := m.cfg, *m.cfg.Book
	m.n++
	b.Hash = fmt.Sprint("policy-", m.n)
	b.People = teamOfFive()
	for _, id := range []workflows.PersonID{"ben", "leo"} {
		if p := b.People[id]; rapid.Bool().Draw(t, "known") {
			p.Code, p.NoCode = []string{string(id) + "@example.org"}, false
			b.People[id] = p
		}
	}
	staff := []workflows.PersonID{"ana", "ben", "mia", "leo"}
	if once(t, "one is gone", 4) {
		gone := rapid.IntRange(1, 3).Draw(t, "gone")
		delete(b.People, staff[gone])
		staff = slices.Delete(staff, gone, gone+1)
	}
	b.Roles = map[workflows.Role]policy.Members{}
	if !once(t, "nobody for every role", 4) {
		b.Roles[workflows.EveryRole] = policy.Members{People: append(some(t, "every", staff), some(t, "maker", staff[:2])...)}
	}
	for _, r := range []workflows.Role{workflows.Engineering, workflows.SRE, workflows.ReleaseManager, workflows.Docs, workflows.ProductRole} {
		if rapid.Bool().Draw(t, "as all") {
			continue
		}
		b.Roles[r] = policy.Members{People: some(t, string(r), staff)}
		if rapid.Bool().Draw(t, "group") {
			b.Roles[r] = policy.Members{Groups: []string{"chat/crew"}}
		}
	}
	b.Owners = []workflows.PersonID{pick[workflows.PersonID](t, "owner", "ana", "zoe", "ana")}
	if once(t, "nobody's", 6) {
		b.Owners = nil
	}
	b.Audiences = slices.Clone(b.Audiences)
	for i, a := range b.Audiences {
		b.Audiences[i].People = slices.DeleteFunc(slices.Clone(a.People), func(id workflows.PersonID) bool { _, ok := b.People[id]; return !ok })
	}
	cfg.Book, cfg.Raise = &b, nil
	if rapid.Bool().Draw(t, "raises") {
		cfg.Raise = raises()
	}
	if once(t, "templates", 3) {
		cfg.Templates = changedTemplates(t)
	}
	return cfg
}

// actRoster brings the members of a group, as of now or of some time ago.
func (m *model) actRoster(t *rapid.T) {
	r := team.Roster{Platform: "chat", Group: "crew", AsOf: m.now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)}
	for _, h := range some[workflows.Handle](t, "member", []workflows.Handle{"chat/ben", "chat/mia", "chat/G7", "chat/G8"}) {
		r.Members = append(r.Members, team.Member{Handle: h})
	}
	m.machine(t, "", r)
}

// actPlace says that a place takes nothing, or that something waits for a human, or that a place takes something again.
func (m *model) actPlace(t *rapid.T) {
	place := rapid.SampledFrom([]workflows.Place{"chat/#app", "chat/T1/C1", "chat/@mia"}).Draw(t, "place")
	var wish workflows.Intent = places.Mend{Place: place}
	if rapid.Bool().Draw(t, "trouble") {
		wish = places.Trouble{Place: place, Fate: rapid.SampledFrom([]places.Fate{places.Parked, places.Failed, places.Unclear}).Draw(t, "fate"), What: "card", Delivery: "x-1",
			Why: rapid.SampledFrom([]string{"is_archived", "not_in_channel"}).Draw(t, "why")}
	}
	m.machine(t, "", wish)
}

// actFault breaks the next commit: the disk is full, or nobody can say.
func (m *model) actFault(t *rapid.T) {
	r := m.existing(t)
	m.n++
	a := workflows.Ask{ID: fmt.Sprint("ask-", m.n), By: "chat/ana", At: "chat/#app", When: m.now, Line: "hold", Wish: release.HoldOn{Why: "errors"}}
	a.On.Release = r.id
	before, err := dump(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "full") {
		m.engine.Fail(fmt.Errorf("write: %w", storage.ErrFull))
		_, err := m.desk.Do(t.Context(), a)
		after, _ := dump(m.engine)
		if no := refusalOf(err); no == nil || no.Reason != workflows.DiskFull || before != after {
			t.Fatalf("on a full disk: %v; the store changed: %t", err, before != after)
		}
		_, _ = m.do(t, a) // there is room again
		return
	}
	happened := rapid.Bool().Draw(t, "happened")
	m.engine.Lose(happened)
	for range 2 { // then nothing is said until the store is opened anew
		_, err = m.desk.Do(t.Context(), a)
		if no := refusalOf(err); no == nil || no.Reason != workflows.NotSaved {
			t.Fatalf("an outcome that nobody knows: %v", err)
		}
	}
	m.restart(t)
	m.afterLoss(t, a, happened)
}

// afterLoss asks again what nobody could confirm: it is either done already, or is done now, and never twice.
func (m *model) afterLoss(t *rapid.T, a workflows.Ask, happened bool) {
	fresh := m.news(t)
	if happened != (len(fresh) > 0) { // those that wait for the release hear of it in the same commit
		t.Fatalf("the commit happened: %t, and the ledger has %d new events", happened, len(fresh))
	}
	if !happened {
		_, _ = m.do(t, a)
		return
	}
	got, err := m.desk.Do(t.Context(), a)
	if more := m.news(t); len(more) > 0 || err == nil && !got.Again {
		t.Fatalf("what had happened was done again: %d events, %v", len(more), err)
	}
	if got.Undo != nil {
		m.remember(a, got, err)
	}
}
