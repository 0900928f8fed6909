package desk

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

var (
	handles = []workflows.Handle{"chat/ana", "chat/ana", "chat/ben", "chat/ben", "chat/mia", "chat/leo", "chat/zoe", "other/T1/ana", "chat/G7", "chat/nobody"}
	names   = []workflows.ReleaseID{"app@1.0", "app@search", "app@2.0"}
	refs    = []string{"aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd", "eeeeeeee"}
)

// actions is everything that can happen.
func (m *model) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":          m.check,
		"new":       m.actNew,
		"sign":      m.actSign,
		"sign all":  m.actSignAll,
		"vouch":     m.actVouch,
		"finish":    m.actFinish,
		"finish it": m.actFinish,
		"candidate": m.actCandidate,
		"candidate back": func(t *rapid.T) {
			m.person(t, release.SetCandidate{Ref: pick(t, "ref", refs[1], refs[3])})
		},
		"advance": func(t *rapid.T) { m.confirm(t, release.Advance{}) },
		"hold": func(t *rapid.T) {
			if rapid.Bool().Draw(t, "really") {
				m.person(t, release.HoldOn{Why: pick(t, "why", "errors", "")})
			}
		},
		"resume":    func(t *rapid.T) { m.person(t, release.Resume{}) },
		"roll back": func(t *rapid.T) { m.confirm(t, release.RollBack{Why: "errors"}) },
		"set":       m.actSet,
		"flag":      m.actFlag,
		"notes":     m.actNotes,
		"briefing":  m.actBriefing,
		"press":     m.actPress,
		"again":     m.actAgain,
		"deliver":   m.actDeliver,
		"wait":      m.actWait,
		"restart":   m.actRestart,
		"roster":    m.actRoster,
		"fault":     m.actFault,
	}
}

// person makes a wish of anybody, of any release, now and then dry, and now and then sends it twice.
func (m *model) person(t *rapid.T, wish workflows.Intent) (workflows.Receipt, error) {
	return m.by(t, rapid.SampledFrom(handles).Draw(t, "who"), m.some(t), wish)
}

// confirm is person for a wish that asks: half of the askers press at once.
func (m *model) confirm(t *rapid.T, wish workflows.Intent) {
	got, _ := m.person(t, wish)
	if got.Confirm != nil && !got.Dry && rapid.Bool().Draw(t, "press") {
		m.pressed(t, &m.questions[len(m.questions)-1], m.questions[len(m.questions)-1].ask.By)
	}
}

// some release, nearly always one that there is.
func (m *model) some(t *rapid.T) workflows.ReleaseID {
	if known := slices.Sorted(maps.Keys(m.world().releases)); len(known) > 0 && !once(t, "any", 20) {
		return workflows.ReleaseID(rapid.SampledFrom(known).Draw(t, "of"))
	}
	return pick(t, "release", names...)
}

func (m *model) by(t *rapid.T, who workflows.Handle, on workflows.ReleaseID, wish workflows.Intent) (workflows.Receipt, error) {
	m.n++
	a := workflows.Ask{ID: fmt.Sprint("ask-", m.n), By: who, At: pick[workflows.Place](t, "place", "chat/#app", "chat/#general", "chat/@ana"),
		When: m.now, Line: fmt.Sprintf("%T %+v", wish, wish), Wish: wish, Dry: once(t, "dry", 8)}
	a.On.Release = string(on)
	if key := flagKeyOf(on); isFlagWish(wish) {
		a.On.Flag = key
	}
	if once(t, "clock went back", 10) {
		a.When = m.now.Add(-30 * time.Minute)
	}
	got, err := m.do(t, a)
	if n := len(m.asked); !a.Dry && n > 0 && m.asked[n-1].ask.ID == a.ID && once(t, "twice", 6) {
		m.again(t, m.asked[n-1])
	}
	return got, err
}

func flagKeyOf(on workflows.ReleaseID) string { return "flag-" + on.Version() }

func isFlagWish(w workflows.Intent) bool {
	_, isNew := w.(flag.New)
	_, isFlag := w.(flag.Wish)
	return isFlag && !isNew
}

// machine makes a wish of the bot's own.
func (m *model) machine(t *rapid.T, on workflows.ReleaseID, wish workflows.Intent) {
	m.n++
	a := workflows.Ask{ID: fmt.Sprint("ask-", m.n), Bot: "ci", When: m.now, Line: fmt.Sprintf("%T %+v", wish, wish), Wish: wish}
	a.On.Release = string(on)
	_, _ = m.do(t, a)
}

func (m *model) actNew(t *rapid.T) {
	n := release.New{ID: pick(t, "id", names...), Template: pick(t, "template", "simple", "feature", "hotfix"),
		Risk: pick(t, "risk", policy.Low, policy.Normal, policy.Normal), Ref: rapid.SampledFrom(append(refs, "", "nowhere")).Draw(t, "ref")}
	if n.ID.IsFeature() && rapid.Bool().Draw(t, "paths") {
		n.Paths = []string{"api/**"}
	}
	_, _ = m.by(t, pick[workflows.Handle](t, "maker", "chat/ana", "chat/ben"), n.ID, n)
}

// existing is a release that there is; without one the action is not for now.
func (m *model) existing(t *rapid.T) (*world, *told) {
	w := m.world()
	if len(w.releases) == 0 {
		t.Skip("no release yet")
	}
	return w, w.releases[rapid.SampledFrom(slices.Sorted(maps.Keys(w.releases))).Draw(t, "of")]
}

func (m *model) actSign(t *rapid.T) {
	_, r := m.existing(t)
	g := r.gates[min(r.passed+rapid.IntRange(0, 1).Draw(t, "gate"), len(r.gates)-1)]
	i := rapid.SampledFrom(g.Items).Draw(t, "item")
	w := release.Sign{Items: []string{g.Stage + "." + g.Half + "/" + i.Key}, Note: pick(t, "note", "looked at it", ""),
		Value: pick(t, "value", release.OK, release.OK, release.NA, release.NeedsWork, release.Block, release.Withdraw, release.Withdraw)}
	_, _ = m.by(t, rapid.SampledFrom(handles).Draw(t, "who"), workflows.ReleaseID(r.id), w)
}

// actSignAll is one person's vote on everything that is next and theirs.
func (m *model) actSignAll(t *rapid.T) {
	w, r := m.existing(t)
	m.signAll(t, w, r, pick[workflows.Handle](t, "who", "chat/ana", "chat/ben", "chat/mia", "chat/leo", "chat/G7"))
}

func (m *model) signAll(t *rapid.T, w *world, r *told, who workflows.Handle) {
	if r.passed == len(r.gates) {
		return
	}
	g := r.gates[r.passed]
	var mine []string
	for _, i := range g.Items {
		byHand := i.From != "notes" && i.From != "briefing" || r.risk == "low"
		if byHand && w.holds(m.cfg.Book, w.who(m.cfg.Book, string(who)), i.Role, m.judged()) {
			mine = append(mine, g.Stage+"."+g.Half+"/"+i.Key)
		}
	}
	if len(mine) > 0 {
		_, _ = m.by(t, who, workflows.ReleaseID(r.id), release.Sign{Items: mine, Value: release.OK})
	}
}

func (m *model) actVouch(t *rapid.T) {
	_, r := m.existing(t)
	v := release.Vouch{Source: pick(t, "source", release.CI, release.Notes, release.Briefing, release.Deployment, release.Retro),
		OK: !once(t, "withdrawn", 4), Commit: pick(t, "commit", "", "", "bbbbbbbb")}
	if rapid.Bool().Draw(t, "expires") {
		v.Expires = m.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
	}
	m.machine(t, workflows.ReleaseID(r.id), v)
}

// actFinish does what a team does: everyone signs, machines vouch, time passes, somebody advances and confirms.
func (m *model) actFinish(t *rapid.T) {
	for range rapid.IntRange(1, 3).Draw(t, "gates") {
		m.finish(t)
	}
}

func (m *model) finish(t *rapid.T) {
	w, r := m.existing(t)
	on := workflows.ReleaseID(r.id)
	if r.held {
		_, _ = m.by(t, workflows.Handle("chat/"+r.manager), on, release.Resume{})
	}
	for _, s := range []release.Source{release.CI, release.Notes, release.Briefing, release.Deployment, release.Retro} {
		m.machine(t, on, release.Vouch{Source: s, OK: true})
	}
	for _, who := range []workflows.Handle{"chat/ana", "chat/ben", "chat/mia"} {
		m.signAll(t, w, r, who)
	}
	if rapid.Bool().Draw(t, "soak") {
		m.now = m.judged().Add(25 * time.Hour)
	}
	w = m.world()
	opens := w.opens(w.releases[r.id], m.cfg.Book, m.judged())
	got, err := m.by(t, pick[workflows.Handle](t, "who", "chat/ana", "chat/ben"), on, release.Advance{})
	if no := refusalOf(err); opens && no != nil && (no.Reason == workflows.NotReady || no.Reason == workflows.OnHold) {
		t.Fatalf("%s opens by the ledger, and was refused: %v", on, no)
	}
	if err == nil && !opens {
		t.Fatalf("%s passed a gate that does not open by the ledger: %v", on, got.Events)
	}
	if got.Confirm != nil && !got.Dry {
		m.pressed(t, &m.questions[len(m.questions)-1], m.questions[len(m.questions)-1].ask.By)
	}
}

func (m *model) actCandidate(t *rapid.T) {
	w := release.SetCandidate{Ref: rapid.SampledFrom(refs).Draw(t, "ref")}
	if once(t, "built", 3) {
		w.Builds = map[string]string{"linux": pick(t, "digest", "d1", "d2")}
	}
	_, _ = m.person(t, w)
}

func (m *model) actSet(t *rapid.T) {
	title, target := pick(t, "title", "Search", "Faster"), m.now.Add(72*time.Hour)
	_, _ = m.person(t, pick(t, "set", release.Set{Title: &title}, release.Set{Target: &target}, release.Set{Here: true},
		release.Set{Cancelled: true, Note: "nobody wants it"}, release.Set{}))
}

func (m *model) actFlag(t *rapid.T) {
	on := m.some(t)
	if m.world().flags[flagKeyOf(on)] == nil {
		_, _ = m.maker(t, on, flag.New{Key: workflows.FlagKey(flagKeyOf(on))})
	}
	for range rapid.IntRange(1, 3).Draw(t, "times") {
		_, _ = m.maker(t, on, pick[workflows.Intent](t, "wish", flag.Set{Percent: rapid.SampledFrom([]int{1, 50, 100, 0}).Draw(t, "percent")},
			flag.Set{Percent: 30}, flag.Set{Env: "staging", Percent: 100}, flag.Kill{Note: "errors"}, flag.Expire{Never: true}))
	}
}

// maker is by for somebody who mostly may.
func (m *model) maker(t *rapid.T, on workflows.ReleaseID, wish workflows.Intent) (workflows.Receipt, error) {
	return m.by(t, pick[workflows.Handle](t, "maker", "chat/ana", "chat/ana", "chat/ben", "chat/mia", "other/T1/ana", "chat/zoe"), on, wish)
}

func (m *model) actNotes(t *rapid.T) {
	on := m.some(t)
	for range rapid.IntRange(1, 3).Draw(t, "times") {
		_, _ = m.maker(t, on, pick[workflows.Intent](t, "wish", notes.Draft{}, notes.Draft{}, notes.Edit{Text: pick(t, "text", "# New\n- search", "# Old")},
			notes.Approve{}, notes.Approve{}, notes.Publish{}))
	}
}

func (m *model) actBriefing(t *rapid.T) {
	on := m.some(t)
	_, _ = m.maker(t, on, briefing.Draft{Fields: briefing.Fields{Changes: pick(t, "changes", "search", "faster"), Help: "look"}})
	if got, _ := m.maker(t, on, briefing.Send{}); got.Confirm != nil && !got.Dry {
		m.pressed(t, &m.questions[len(m.questions)-1], m.questions[len(m.questions)-1].ask.By)
	}
	_, _ = m.by(t, pick[workflows.Handle](t, "reader", "chat/mia", "chat/zoe", "chat/ben"), on, briefing.Ack{})
}

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
	}
	switch {
	case want != "" && (no == nil || no.Reason != want):
		t.Fatalf("press of %s by %s (late %t, used %t): %v, want %s", q.Line, who, late, q.used, err, want)
	case want == "" && got.Confirm != nil && (before == q.tip || got.Confirm.Key == q.Key):
		t.Fatalf("press of %s only asked again, though nothing changed", q.Line)
	case want == "" && no == nil && q.Undo && before != q.tip && len(got.Events) != 1:
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

// actRestart ends the process and begins the next, perhaps under another configuration: people lose and gain roles,
// addresses become known.
func (m *model) actRestart(t *rapid.T) {
	if rapid.Bool().Draw(t, "reconfigured") {
		b := *m.cfg.Book
		b.Hash = fmt.Sprint("policy-", m.n)
		b.People = teamOfFive()
		for _, id := range []workflows.PersonID{"ben", "leo"} {
			if p := b.People[id]; rapid.Bool().Draw(t, "known") {
				p.Code, p.NoCode = []string{string(id) + "@example.org"}, false
				b.People[id] = p
			}
		}
		people := []workflows.PersonID{"ana", "ben", "mia", "leo"}
		b.Roles = map[workflows.Role]policy.Members{}
		b.Roles[workflows.EveryRole] = policy.Members{People: append(some(t, "every", people), some(t, "maker", people[:2])...)}
		for _, r := range workflows.Roles()[:4] {
			if rapid.Bool().Draw(t, "as all") {
				continue
			}
			b.Roles[r] = policy.Members{People: some(t, string(r), people)}
			if rapid.Bool().Draw(t, "group") {
				b.Roles[r] = policy.Members{Groups: []string{"chat/crew"}}
			}
		}
		b.Owners = []workflows.PersonID{pick[workflows.PersonID](t, "owner", "ana", "zoe")}
		m.cfg.Book = &b
	}
	m.restart(t)
}

// actRoster brings the members of a group, as of now or of some time ago.
func (m *model) actRoster(t *rapid.T) {
	r := team.Roster{Platform: "chat", Group: "crew", AsOf: m.now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)}
	for _, h := range some[workflows.Handle](t, "member", []workflows.Handle{"chat/ben", "chat/mia", "chat/G7"}) {
		r.Members = append(r.Members, team.Member{Handle: h})
	}
	m.machine(t, "", r)
}

// actFault breaks the next commit: the disk is full, or nobody can say.
func (m *model) actFault(t *rapid.T) {
	_, r := m.existing(t)
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
	if happened != (len(fresh) == 1) {
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
