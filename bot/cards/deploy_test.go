package cards_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// sailing is a release that is deployed, with what the record says of where.
func sailing(t *testing.T) *play {
	p := begin(t, team())
	p.do("ana", release.New{ID: "app@invoices", Template: "feature", Risk: "low", Why: "small"})
	p.do("ana", release.Deploy{Env: "staging"})
	return p
}

// How deployments stand on the card, and in each question and answer about them.
func TestDeployments(t *testing.T) {
	p, pg := sailing(t), page{t: t}
	card := func(title string) {
		m := cards.Card(cards.Whole{Release: p.rel, Book: p.book}, p.view())
		for _, line := range m.Lines {
			if len(line) > 8 && line[:8] == "deployed" {
				pg.show(title, line)
			}
		}
	}
	began := func(r []workflows.Recorded) release.DeployBegun { return r[0].Event.(release.DeployBegun) }
	card("begun")
	p.acted(workflows.Done, "")
	p.became(workflows.DeployUnknown, "queued\x1b for `approval`")
	card("unknown")
	p.now = p.now.Add(time.Hour)
	p.became(workflows.DeploySucceeded, "")
	card("succeeded")
	before := p.rel
	to := p.do("ana", release.Deploy{Env: "production"})
	pg.show("answer", drawn(cards.Deploying(began(to), p.rel)))
	ask := workflows.Receipt{Stream: "release/app@invoices", Before: before, After: p.rel, Events: to, Told: []workflows.Told{{Place: general, What: "card", Edit: true}},
		Confirm: &workflows.Pending{Key: "k3f9", By: "ana", Until: p.now.Add(2 * time.Minute)}}
	pg.show("question", drawn(cards.Question(ask, p.view())))
	p.acted(workflows.Unclear, "the answer broke off")
	card("unclear")
	p.acted(workflows.Refused, "let be by @ops")
	card("refused")
	p.do("ana", release.Deploy{Env: "production"})
	p.became(workflows.DeployFailed, "")
	card("failed")
	pg.equals("deployments")
}

// Which commit is where: by the record, by what others did, and with a commit that is asked about.
func TestWhereabouts(t *testing.T) {
	p, pg := sailing(t), page{t: t}
	f := p.facts("ana")
	show := func(title string, change func(*release.Whereabouts)) {
		w := release.Where(p.rel, f)
		change(&w)
		pg.show(title, drawn(cards.Whereabouts(p.rel, w, p.view())))
	}
	none := func(*release.Whereabouts) {}
	f.Sites = nil
	show("nothing anywhere", none)
	f.Sites = map[workflows.Environment]release.Site{
		"staging": {Run: &release.Run{Release: "app@invoices", Op: "1", Commit: first.ID, By: "ana", At: p.now, State: workflows.DeployRunning, Link: "https://github.com/acme/app/deployments/staging"},
			Had: []release.Had{{Release: "app@1.0", Op: "0", Commit: older.ID, By: "ben", At: p.now.Add(-50 * time.Hour)}}},
		"production": {Had: []release.Had{{Release: "app@1.0", Op: "9", Commit: older.ID, By: "ben", At: p.now.Add(-48 * time.Hour), Link: "https://github.com/acme/app/actions/runs/9"}}},
	}
	show("by the record", none)
	f.Found.Deployments = []workflows.Deployment{
		{Env: "production", Commit: second.ID, State: workflows.DeployRunning, Link: "https://github.com/acme/app/deployments/production"},
		{Env: "production", Commit: first.ID, State: workflows.DeploySucceeded, At: p.now.Add(-time.Hour)},
		{Env: "staging", Op: "0", Commit: older.ID, State: workflows.DeploySucceeded}}
	show("others deployed", none)
	f.Found.Deployments = nil
	f.Now = f.Now.Add(2 * time.Hour)
	p.now = f.Now
	show("it takes long", none)
	run := *f.Sites["staging"].Run
	run.State = release.DeployUnclear
	f.Sites["staging"] = release.Site{Run: &run}
	show("nobody knows", func(w *release.Whereabouts) { w.Silent = "GitHub is off here: the bot has no token for it" })
	f.Sites["staging"] = release.Site{Had: []release.Had{{Release: "app@invoices", Op: "1", Commit: first.ID, By: "ana", At: p.now}}}
	show("where is a commit", func(w *release.Whereabouts) {
		w.Asked, w.Holds = &older, map[string]bool{first.ID: true, older.ID: true}
	})
	show("where is another", func(w *release.Whereabouts) { w.Asked, w.Holds = &second, map[string]bool{first.ID: false} })
	p.rel.Deploys = []release.Deploying{{Env: "staging", Commit: second.ID, State: workflows.DeployFailed, Since: p.now.Add(time.Minute), Link: "https://github.com/acme/app/deployments/staging"},
		{Env: "production", Commit: second.ID, State: release.DeployRefused, Since: p.now.Add(-72 * time.Hour), Why: "older than what is there"}}
	show("the last one failed", none)
	p.rel.Deploys[0].Since = p.now.Add(-time.Minute)
	show("another came since", none)
	pg.equals("whereabouts")
}

// What a rollback does about the commit that users have is planned, asked and answered in the same words.
func TestGoingBack(t *testing.T) {
	p, pg := sailing(t), page{t: t}
	p.became(workflows.DeploySucceeded, "")
	p.do("ana", release.Deploy{Env: "production"})
	p.became(workflows.DeploySucceeded, "")
	p.signAll("ana")
	p.do("ana", release.Advance{})
	own := release.Had{Release: p.rel.ID, Op: p.last().Op, Commit: first.ID, By: "ana", At: p.now}
	before := release.Had{Release: "app@1.0", Commit: older.ID, By: "ben", At: p.now.Add(-48 * time.Hour)}
	plan := func(title string, site release.Site) release.Plan {
		p.sites = map[workflows.Environment]release.Site{"production": site}
		plan, err := release.PlanBack(p.rel, p.facts("ana"))
		if err != nil {
			t.Fatal(err)
		}
		pg.show(title, drawn(cards.RollbackPlan(p.rel, plan, p.brief, p.view())))
		return plan
	}
	p.base = older.ID
	plan("nothing on record", release.Site{})
	plan("nothing else before", release.Site{Had: []release.Had{own}})
	plan("another is there", release.Site{Had: []release.Had{{Release: "app@2.0", Commit: second.ID}, own}})
	plan("while another comes", release.Site{Had: []release.Had{own, before}, Run: &release.Run{Release: "app@2.0", Commit: second.ID, At: p.now, State: workflows.DeployRunning}})
	plan("to the one before", release.Site{Had: []release.Had{own, before}})
	was := p.rel
	back := p.do("ben", release.RollBack{Why: "errors"})
	r := workflows.Receipt{Stream: "release/app@invoices", Before: was, After: p.rel, Events: back, Confirm: &workflows.Pending{Key: "k3f9", By: "ben", Until: p.now.Add(2 * time.Minute)}}
	pg.show("question", drawn(cards.Question(r, p.view())))
	pg.show("answer", drawn(cards.RolledBack(r)))
	p.became(workflows.DeployFailed, "")
	plan("it failed", release.Site{Had: []release.Had{own, before}})
	again := p.do("ben", release.RollBack{Why: "the runner was full"})
	r = workflows.Receipt{Stream: "release/app@invoices", Before: p.rel, After: p.rel, Events: again, Confirm: r.Confirm}
	pg.show("question, again", drawn(cards.Question(r, p.view())))
	pg.show("answer, again", drawn(cards.RolledBack(r)))
	pg.equals("goingback")
}
