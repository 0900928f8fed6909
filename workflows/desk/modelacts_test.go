package desk

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

var (
	handles  = []workflows.Handle{"chat/ana", "chat/ana", "chat/ben", "chat/ben", "chat/mia", "chat/leo", "chat/zoe", "other/T1/ana", "chat/G7", "chat/G8", "chat/nobody"}
	accounts = []workflows.Handle{"chat/G7", "chat/G8", "chat/nobody", "chat/ben"} // that somebody may turn out to bear
	names    = []workflows.ReleaseID{"app@1.0", "app@search", "app@2.0"}
	refs     = []string{"aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd", "eeeeeeee"}
)

// actions is everything that can happen.
func (m *model) actions() map[string]func(*rapid.T) {
	acts := map[string]func(*rapid.T){
		"":          m.check,
		"new":       m.actNew,
		"sign":      m.actSign,
		"sign all":  m.actSignAll,
		"vouch":     m.actVouch,
		"finish":    m.actFinish,
		"finish it": m.actFinish,
		"candidate": m.actCandidate,
		"candidate back": func(t *rapid.T) {
			_, _ = m.person(t, release.SetCandidate{Ref: pick(t, "ref", refs[1], refs[3])})
		},
		"advance": func(t *rapid.T) { m.confirm(t, release.Advance{}) },
		"hold": func(t *rapid.T) {
			if rapid.Bool().Draw(t, "really") {
				_, _ = m.person(t, release.HoldOn{Why: pick(t, "why", "errors", "")})
			}
		},
		"resume":    func(t *rapid.T) { _, _ = m.person(t, release.Resume{}) },
		"roll back": func(t *rapid.T) { m.confirm(t, release.RollBack{Why: "errors"}) },
		"set":       m.actSet,
		"order":     m.actOrder,
		"scope":     m.actScope,
		"flag":      m.actFlag,
		"notes":     m.actNotes,
		"briefing":  m.actBriefing,
		"feedback":  m.actFeedback,
		"press":     m.actPress,
		"again":     m.actAgain,
		"deliver":   m.actDeliver,
		"wait":      m.actWait,
		"restart":   m.actRestart,
		"roster":    m.actRoster,
		"place":     m.actPlace,
		"fault":     m.actFault,
		"prune":     m.actPrune,
	}
	maps.Copy(acts, m.governs())
	return acts
}

// person makes a wish of anybody, of any release, now and then dry, and now and then sends it twice.
func (m *model) person(t *rapid.T, wish workflows.Intent) (workflows.Receipt, error) {
	return m.by(t, rapid.SampledFrom(handles).Draw(t, "who"), m.some(t), wish)
}

// confirm is person for a wish that asks: half of the askers press at once.
func (m *model) confirm(t *rapid.T, wish workflows.Intent) {
	got, _ := m.person(t, wish)
	if rapid.Bool().Draw(t, "press") {
		m.answered(t, got)
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
		Risk: pick(t, "risk", policy.Low, policy.Normal, policy.Normal, policy.High), Ref: rapid.SampledFrom(append(refs, "", "nowhere")).Draw(t, "ref"), Why: pick(t, "why", "small", "small", "")}
	if n.ID.IsFeature() && rapid.Bool().Draw(t, "paths") {
		n.Paths = []string{"api/**"}
	}
	_, _ = m.by(t, pick[workflows.Handle](t, "maker", "chat/ana", "chat/ben"), n.ID, n)
}

// existing is a release that there is; without one the action is not for now.
func (m *model) existing(t *rapid.T) *told {
	w := m.world()
	if len(w.releases) == 0 {
		t.Skip("no release yet")
	}
	return w.releases[rapid.SampledFrom(slices.Sorted(maps.Keys(w.releases))).Draw(t, "of")]
}

// eye is the world as of now.
func (m *model) eye() eye { return m.world().under(m.cfg.Book.Hash, m.judged()) }

func (m *model) actSign(t *rapid.T) {
	r := m.existing(t)
	w := release.Sign{Items: []string{m.item(t, r)}, Evidence: pick(t, "link", "https://example.org", ""), Note: pick(t, "note", "looked at it", ""),
		Value: pick(t, "value", release.OK, release.OK, release.NA, release.NeedsWork, release.Block, release.Withdraw, release.Withdraw)}
	_, _ = m.by(t, rapid.SampledFrom(handles).Draw(t, "who"), workflows.ReleaseID(r.id), w)
}

// actSignAll is one person's vote on everything that is next and theirs.
func (m *model) actSignAll(t *rapid.T) {
	m.signAll(t, m.existing(t), pick[workflows.Handle](t, "who", "chat/ana", "chat/ben", "chat/mia", "chat/leo", "chat/G7"))
}

func (m *model) signAll(t *rapid.T, r *told, who workflows.Handle) {
	if r.passed == len(r.gates) {
		return
	}
	g, x := r.gates[r.passed], m.eye()
	var mine []string
	for _, i := range g.Items {
		id, full := x.actor(string(who)), g.key()+"/"+i.Key
		byHand := i.From != "notes" && i.From != "briefing" || r.risk == "low"
		_, judged := x.authors(id)
		mayBind := i.Binds == "" || r.cand != nil && (r.risk == "low" || judged)
		if byHand && mayBind && x.plays(r, id, i.Role) && !x.ownGlass(r, full, id) {
			mine = append(mine, full)
		}
	}
	if len(mine) > 0 {
		_, _ = m.by(t, who, workflows.ReleaseID(r.id), release.Sign{Items: mine, Value: release.OK, Evidence: "https://example.org"})
	}
}

func (m *model) actVouch(t *rapid.T) {
	r := m.existing(t)
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
	r := m.existing(t)
	on := workflows.ReleaseID(r.id)
	if r.held {
		_, _ = m.by(t, workflows.Handle("chat/"+r.manager), on, release.Resume{})
	}
	for _, s := range []release.Source{release.CI, release.Notes, release.Briefing, release.Deployment, release.Retro} {
		m.machine(t, on, release.Vouch{Source: s, OK: true})
	}
	for _, who := range []workflows.Handle{"chat/ana", "chat/ben", "chat/mia"} {
		m.signAll(t, r, who)
	}
	if rapid.Bool().Draw(t, "soak") {
		m.now = m.judged().Add(25 * time.Hour)
		if r.risk == "high" {
			m.now = m.now.Add(6 * 24 * time.Hour)
		}
	}
	opens := m.eye().opens(r)
	who := pick[workflows.Handle](t, "who", "chat/ana", "chat/ben")
	got, err := m.by(t, who, on, release.Advance{})
	if no := refusalOf(err); opens && no != nil && (no.Reason == workflows.NotReady || no.Reason == workflows.OnHold) {
		t.Fatalf("%s opens by the ledger, and was refused: %v", on, no)
	}
	if err == nil && !opens {
		t.Fatalf("%s passed a gate that does not open by the ledger: %v", on, got.Events)
	}
	m.answered(t, got)
}

// answered presses what a receipt asks, if it asks anything.
func (m *model) answered(t *rapid.T, got workflows.Receipt) {
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

// actOrder has a release wait for others, or for none any more.
func (m *model) actOrder(t *rapid.T) {
	after := []string{}
	if rapid.Bool().Draw(t, "waits") {
		after = append(after, string(m.some(t)))
	}
	_, _ = m.person(t, release.Set{After: &after})
}

func (m *model) actScope(t *rapid.T) {
	cutoff := m.now.Add(24 * time.Hour)
	_, _ = m.person(t, pick[workflows.Intent](t, "scope", release.ScopeAdd{What: "#12", For: []string{"@mia"}}, release.ScopeAdd{What: "ABC-7", Note: "a customer waits", Labels: []string{"security"}},
		release.ScopeAdd{What: "app@search"}, release.ScopeDrop{N: 1, Why: "not now"}, release.Set{Cutoff: &cutoff}, release.ScopeFrom{Milestone: "1.0"}))
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
	got, _ := m.maker(t, on, briefing.Send{})
	m.answered(t, got)
	_, _ = m.by(t, pick[workflows.Handle](t, "reader", "chat/mia", "chat/zoe", "chat/ben"), on, briefing.Ack{})
}

// actFeedback has anybody say something, and somebody plan or settle it, and anybody follow: whoever may do nothing else
// may do that.
func (m *model) actFeedback(t *rapid.T) {
	on := m.some(t)
	n := rapid.IntRange(1, 4).Draw(t, "n")
	_, err := m.person(t, feedback.Add{Text: pick(t, "text", "slow", "it crashes", "typos"), Link: pick(t, "link", "", "https://forum.example.org/t/7")})
	if no := refusalOf(err); no != nil && (no.Reason == workflows.NotAllowed || no.Reason == workflows.UnknownPerson) {
		t.Fatalf("somebody may not say anything: %v", no)
	}
	_, _ = m.maker(t, on, feedback.PlanFor{N: n, Owner: pick[workflows.PersonID](t, "owner", "mia", "zoe", "leo", "gone"), Due: m.now.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "days"))})
	_, _ = m.person(t, feedback.Settle{N: n, What: pick(t, "how", "", "mended")})
	_, err = m.person(t, feedback.Follow{Want: pick(t, "want", feedback.Ships, feedback.Ships, feedback.Preview, feedback.Off)})
	if no := refusalOf(err); no != nil && (no.Reason == workflows.NotAllowed || no.Reason == workflows.UnknownPerson) {
		t.Fatalf("somebody may not follow: %v", no)
	}
}
