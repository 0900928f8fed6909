package desk

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// governs is everything that people arrange beside their votes.
func (m *model) governs() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"risk":       m.actRisk,
		"hand over":  func(t *rapid.T) { _, _ = m.managed(t, m.existing(t), release.Set{Manager: m.somebody(t)}) },
		"adopt":      m.actAdopt,
		"waive":      m.actWaive,
		"waive, too": m.actWaive,
		"waive soak": m.actWaiveSoak,
		"agree":      m.actAgree,
		"plan":       m.actPlan,
		"item":       m.actItem,
		"ask":        m.actAsk,
		"glass":      m.actGlass,
		"tick":       func(t *rapid.T) { m.machine(t, workflows.ReleaseID(m.existing(t).id), release.Tick{}) },
		"away":       m.actAway,
		"account":    m.actAccount,
		"code":       m.actCode,
		"by todo":    m.actTodo,
	}
}

// managed makes a wish mostly of those who may: the manager, or whoever else is.
func (m *model) managed(t *rapid.T, r *told, wish workflows.Intent) (workflows.Receipt, error) {
	who := workflows.Handle("chat/" + r.manager)
	if once(t, "another", 4) {
		who = rapid.SampledFrom(handles).Draw(t, "who")
	}
	return m.by(t, who, workflows.ReleaseID(r.id), wish)
}

func (m *model) somebody(t *rapid.T) workflows.PersonID {
	return pick[workflows.PersonID](t, "somebody", "ana", "ben", "mia", "leo", "zoe", "chat.g7", "ghost")
}

// until is a time ahead.
func (m *model) until(t *rapid.T) time.Time {
	return m.judged().Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "until")) * time.Hour)
}

// item is one that a release has, mostly of its next gate.
func (m *model) item(t *rapid.T, r *told) string {
	at := min(r.passed, len(r.gates)-1)
	if once(t, "elsewhere", 4) {
		at = rapid.IntRange(0, len(r.gates)-1).Draw(t, "gate")
	}
	g := r.gates[at]
	if len(g.Items) == 0 {
		return "nothing"
	}
	return g.key() + "/" + rapid.SampledFrom(g.Items).Draw(t, "item").Key
}

func (m *model) actRisk(t *rapid.T) {
	got, _ := m.managed(t, m.existing(t), release.Set{Risk: pick(t, "risk", policy.Low, policy.Normal, policy.High), Note: pick(t, "note", "it moves money", "")})
	m.answered(t, got)
}

func (m *model) actAdopt(t *rapid.T) {
	r := m.existing(t)
	if rapid.Bool().Draw(t, "changed") {
		cfg := m.cfg
		cfg.Templates = changedTemplates(t)
		m.reload(t, cfg)
	}
	_, _ = m.managed(t, r, release.Set{Template: pick(t, "template", "simple", "feature", "feature", "hotfix")})
}

func (m *model) actWaive(t *rapid.T) {
	r := m.existing(t)
	got, _ := m.managed(t, r, release.Waive{Item: m.item(t, r), Owner: m.somebody(t), Until: m.until(t), Why: pick(t, "why", "later", "later", "")})
	m.answered(t, got)
}

func (m *model) actWaiveSoak(t *rapid.T) {
	r := m.existing(t)
	got, _ := m.managed(t, r, release.Waive{Item: "soak", Owner: "ben", Until: m.until(t), Why: "it is urgent"})
	m.answered(t, got)
}

// actAgree has another one agree to a waiver.
func (m *model) actAgree(t *rapid.T) {
	r := m.existing(t)
	var all []string
	for full := range r.waivers {
		all = append(all, full)
	}
	if len(all) == 0 {
		t.Skip("no waiver yet")
	}
	slices.Sort(all)
	full := rapid.SampledFrom(all).Draw(t, "waiver")
	w := r.waivers[full]
	got, _ := m.by(t, rapid.SampledFrom(handles).Draw(t, "who"), workflows.ReleaseID(r.id),
		release.Waive{Item: full, Owner: workflows.PersonID(w.Owner), Until: w.Until, Why: "so be it"})
	m.answered(t, got)
}

func (m *model) actPlan(t *rapid.T) {
	r := m.existing(t)
	_, _ = m.maker(t, workflows.ReleaseID(r.id), release.PlanItem{Item: m.item(t, r), Owner: m.somebody(t),
		Due: m.until(t).Truncate(time.Hour), What: pick(t, "what", "the second page", "both pages")})
}

func (m *model) actItem(t *rapid.T) {
	r := m.existing(t)
	gate := rapid.SampledFrom(r.gates).Draw(t, "to").key()
	switch pick(t, "do", "own", "catalogue", "drop", "move", "move") {
	case "own":
		_, _ = m.maker(t, workflows.ReleaseID(r.id), release.AddItem{Gate: gate, Key: pick(t, "key", "load", "leaflet"), Role: pick(t, "role", workflows.SRE, workflows.Docs, ""), Text: pick(t, "text", "it holds", "it stands")})
	case "catalogue":
		_, _ = m.maker(t, workflows.ReleaseID(r.id), release.AddItem{Gate: gate, Key: pick(t, "key", "tests", "runbook", "rollback-rehearsal", "validation", "rollback-plan")})
	case "drop":
		full := m.item(t, r)
		for added := range r.adders {
			full = min(full, added)
		}
		_, _ = m.maker(t, workflows.ReleaseID(r.id), release.DropItem{Item: full, Why: "a slip"})
	case "move":
		_, _ = m.managed(t, r, release.MoveItem{Item: m.item(t, r), Gate: gate})
	}
}

func (m *model) actAsk(t *rapid.T) {
	r := m.existing(t)
	who := m.somebody(t)
	if once(t, "the role", 3) {
		who = ""
	}
	if rapid.Bool().Draw(t, "assign") && who != "" {
		due := time.Time{}
		if rapid.Bool().Draw(t, "due") {
			due = m.until(t)
		}
		_, _ = m.maker(t, workflows.ReleaseID(r.id), release.Assign{Item: m.item(t, r), Owner: who, Due: due})
		return
	}
	_, _ = m.maker(t, workflows.ReleaseID(r.id), release.Ask{Item: m.item(t, r), Who: who, Note: pick(t, "note", "", "please")})
}

func (m *model) actGlass(t *rapid.T) {
	if !once(t, "really", 3) {
		return
	}
	got, _ := m.by(t, pick[workflows.Handle](t, "who", "chat/ana", "chat/ana", "chat/ben", "chat/zoe"), workflows.ReleaseID(m.existing(t).id),
		release.BreakGlass{Why: pick(t, "why", "the old one is down", "")})
	m.answered(t, got)
}

// actAway has somebody leave for a while, and somebody else act for them; or come back.
func (m *model) actAway(t *rapid.T) {
	who := rapid.SampledFrom(handles).Draw(t, "who")
	if once(t, "back", 4) {
		_, _ = m.by(t, who, "", people.Return{})
		return
	}
	deputy := m.somebody(t)
	if once(t, "nobody", 4) {
		deputy = ""
	}
	_, _ = m.by(t, who, "", people.Leave{Until: m.until(t), Deputy: deputy})
}

// actAccount gives an account to somebody, perhaps long after it voted, or takes it away.
func (m *model) actAccount(t *rapid.T) {
	owner := workflows.Handle("chat/ana")
	if len(m.cfg.Book.Owners) > 0 && !once(t, "no owner", 5) {
		owner = workflows.Handle("chat/" + m.cfg.Book.Owners[0])
	}
	account := rapid.SampledFrom(accounts).Draw(t, "account")
	who := workflows.PersonID(m.eye().bearer(string(account)))
	if rapid.Bool().Draw(t, "link") {
		_, _ = m.by(t, owner, "", people.Link{Person: m.somebody(t), Account: account})
	} else {
		_, _ = m.by(t, owner, "", people.Unlink{Person: who, Account: account})
	}
}

// actCode has somebody prove that an account is theirs, or somebody else try.
func (m *model) actCode(t *rapid.T) {
	if rapid.Bool().Draw(t, "ask") {
		got, _ := m.by(t, rapid.SampledFrom(handles).Draw(t, "who"), "", people.Code{})
		if got.Secret != "" {
			m.codes = append(m.codes, got.Secret)
		}
		return
	}
	_, _ = m.by(t, rapid.SampledFrom(accounts).Draw(t, "account"), "", people.Claim{Code: rapid.SampledFrom(append(m.codes, ownerCode, "no code")).Draw(t, "code")})
}

// ownerCode is what the host's log says while nobody owns the installation.
const ownerCode = "host-code-of-the-log"

// modelConfig is a configuration with everything that can come with one.
func modelConfig(b *policy.Book) Config {
	c := testConfig(b)
	c.Codes = Codes{Key: Key("sixteen bytes and more"), Owner: people.Sum(ownerCode)}
	return c
}

// raises are the rules that a configuration may have.
func raises() []release.Raise {
	return []release.Raise{{Paths: []string{"db/**"}, To: policy.High}, {Paths: []string{"auth/**"}, To: policy.Normal}, {Labels: []string{"security"}, To: policy.Normal}}
}

// riskyCommits is the history, with what each commit touches.
func riskyCommits() *repo {
	r := fiveCommits()
	for i, f := range []string{"README.md", "db/1.sql", "auth/login.go", "README.md", "auth/login.go"} {
		r.commits[i].Files = []string{f}
	}
	return r
}

// changedTemplates is the built-in templates, with some of their items asking for something else, and some gone or come.
func changedTemplates(t *rapid.T) map[string]release.Template {
	out := release.Templates()
	for _, name := range []string{"feature", "hotfix", "simple"} {
		tpl := out[name]
		gates := slices.Clone(tpl.Gates)
		for g := range gates {
			items := slices.Clone(gates[g].Items)
			for i := range items {
				switch rapid.IntRange(0, 12).Draw(t, fmt.Sprint(name, g, i)) {
				case 0:
					items[i].Text += ", and more"
				case 1:
					items[i].Role = workflows.Docs
				case 2: // never to less than the catalogue binds it
					if items[i].Binds == release.Unbound {
						items[i].Binds = release.ToTree
					}
				case 3:
					items[i].Evidence = "a link"
				case 4:
					items[i].Key += "-2"
				}
			}
			gates[g].Items = items
		}
		tpl.Gates = gates
		out[name] = tpl
	}
	return out
}
