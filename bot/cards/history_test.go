package cards_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// kinds lists every event that may stand in the thread of a release's card.
func kinds() []workflows.Event {
	return slices.Concat(release.Events(), flag.Events(), notes.Events(), briefing.Events(), feedback.Events())
}

// everything is a release in whose past every kind of event is.
func everything(p *play) {
	p.do("ana", release.New{ID: "app@invoices", Template: "feature", Title: "Invoices"})
	p.do("zoe", feedback.Follow{Want: feedback.Preview})
	p.do("mia", feedback.Follow{Want: feedback.Ships})
	p.do("mia", feedback.Follow{Want: feedback.Off})
	p.do("ana", feedback.FollowIssue{Ref: "#12"})
	p.do("ana", feedback.FollowIssue{Ref: "#13", Want: feedback.Ships})
	p.do("ana", feedback.FollowIssue{Ref: "#13", Want: feedback.Off})
	target, title := monday.Add(4*24*time.Hour+8*time.Hour), "Invoices, at last"
	p.do("ana", release.Set{Target: &target, Title: &title, Note: "agreed with sales"})
	cutoff := monday.Add(2 * 24 * time.Hour)
	billing := release.Other{Dependency: release.Dependency{ID: "billing@2.3.0", Stage: workflows.Before, Where: "before GA", Manager: "ben"}}
	p.named = map[string]release.Other{"billing": billing}
	p.do("ana", release.Set{Cutoff: &cutoff, After: &[]string{"billing"}})
	p.do("ana", release.ScopeAdd{What: "https://tracker.example.org/issues/12", Title: "Save as a file", For: []string{"@mia", "https://tickets.example.org/7"}})
	p.do("ben", release.ScopeAdd{What: "ABC-12"})
	p.do("ben", release.ScopeDrop{N: 2, Why: "nobody asked for it"})
	billing.Stage, billing.Where = workflows.GA, "in GA"
	p.do("", release.Heard{Of: billing.Dependency})
	p.do("ana", flag.New{Key: "invoices", Why: "dark until the preview"})
	p.do("ana", flag.Expire{On: monday.Add(30 * 24 * time.Hour)})
	p.do("ben", flag.Expire{Never: true})
	p.do("ben", release.Sign{Items: []string{"tests"}, Value: release.Block, Note: "flaky on main"})
	p.do("ben", release.Sign{Items: []string{"tests"}, Value: release.Withdraw, Note: "was the network"})
	p.do("ben", release.Sign{Items: []string{"tests"}, Evidence: "https://ci.example.org/7"})
	p.pushed()
	p.do("", release.Vouch{Source: release.CI, OK: true, Note: "all green", Expires: monday.Add(time.Hour)})
	p.arranged()
	p.signAll("ana", "ben")
	p.do("ana", release.Advance{Note: "three customers wait"})
	p.do("", feedback.Announce{News: feedback.Opened})
	p.do("", feedback.Inform{News: feedback.Opened, Asked: []int{14}})
	p.commented(12, workflows.Done, "")
	p.commented(14, workflows.Refused, "the issue is locked")
	p.do("ana", flag.Set{Percent: 20})
	p.do("mia", release.HoldOn{Why: "wrong totals"})
	p.do("ana", release.Resume{Note: "a test account only"})
	p.found = workflows.Found{Commit: second, Log: []workflows.Commit{second, first}, SinceAs: "the beginning"}
	p.do("ben", release.SetCandidate{Ref: "HEAD"})
	p.do("ana", notes.Draft{})
	p.do("ben", notes.Approve{})
	p.do("ana", notes.Edit{Text: "Invoices can be exported."})
	p.do("ben", notes.Approve{})
	p.published()
	p.do("ana", briefing.Draft{Fields: briefing.Fields{Changes: "Invoices can be exported.", Help: "Ask for the number.", Contact: "@ana"}})
	p.do("ana", briefing.Send{})
	p.do("mia", briefing.Ack{})
	p.do("zoe", briefing.Ack{})
	p.do("ana", briefing.Draft{Fields: briefing.Fields{Changes: "Invoices can be exported, and copied.", Help: "Ask for the number."}})
	p.do("ana", briefing.Send{})
	p.do("zoe", feedback.Add{Text: "the totals are off by a cent"})
	p.do("ana", feedback.PlanFor{N: 1, Owner: "ben", Due: monday.Add(120 * time.Hour), What: "round at the end"})
	p.do("ben", feedback.Settle{N: 1, What: "they add up now"})
	p.deployed()
	p.now = monday.Add(30 * time.Hour)
	p.do("", release.Tick{})
	back := p.do("ben", release.RollBack{Why: "totals are wrong for 2 %"})
	p.became(workflows.DeployFailed, "")
	p.do("ben", release.RollBack{Why: "again"})
	p.became(workflows.DeploySucceeded, "")
	p.do("", feedback.Announce{News: feedback.TakenBack})
	p.do("", briefing.Counter{Stage: p.rel.Stage(), Why: "totals are wrong for 2 %"})
	p.do("", flag.SetBack{Percents: back[0].Event.(release.RolledBack).Flags["invoices"], Cause: "rollback of app invoices"})
	p.do("ana", flag.Kill{Note: "nobody should see it"})
	p.do("ana", release.Set{Cancelled: true, Note: "not worth it"})
	p.do("", feedback.Announce{News: feedback.Never})
}

// deployed brings the candidate to users, by detours.
func (p *play) deployed() {
	p.do("ana", release.Deploy{Env: "staging"})
	p.became(workflows.DeployRunning, "")
	p.became(workflows.DeployUnknown, "waiting for the moon")
	p.became(workflows.DeploySucceeded, "")
	p.do("ben", release.Deploy{Env: "production"})
	p.acted(workflows.Unclear, "the answer broke off")
	p.became(workflows.DeploySucceeded, "")
	p.sites = map[workflows.Environment]release.Site{"production": {Had: []release.Had{{Release: p.rel.ID, Commit: p.rel.Candidate.Commit.ID, By: "ben", At: p.now},
		{Release: "app@1.0", Commit: older.ID, By: "ana", At: monday.Add(-100 * time.Hour)}}}}
}

// last is the deployment that was begun last.
func (p *play) last() release.Deploying { return p.rel.Deploys[len(p.rel.Deploys)-1] }

// became is a look at the forge after which the last deployment stands so.
func (p *play) became(state workflows.DeployState, said string) {
	p.t.Helper()
	d := p.last()
	p.found.Deployments = []workflows.Deployment{{Op: d.Op, Env: d.Env, Commit: d.Commit, State: state, Said: said, Link: "https://github.com/acme/app/deployments/" + string(d.Env)}}
	p.do("", release.News{})
	p.found.Deployments = nil
}

// acted is how carrying out the last deployment ended.
func (p *play) acted(fate workflows.Fate, why string) {
	p.t.Helper()
	data, err := json.Marshal(workflows.Deploy{Op: p.last().Op})
	if err != nil {
		p.t.Fatal(err)
	}
	p.do("", release.Acted{Acted: workflows.Acted{What: workflows.ActDeploy, Data: data, Fate: fate, Why: why}})
}

// pushed is what comes of pushes: checks that fail, and pass, and a branch that moves, and goes.
func (p *play) pushed() {
	found := p.found
	p.checked = true
	look := func(checks ...workflows.Check) {
		p.found = workflows.Found{Commit: p.rel.Candidate.Commit, Checks: checks, Required: &workflows.Required{}}
		p.do("", release.News{})
	}
	build := workflows.Check{Name: "build", State: workflows.CheckFailed, Link: "https://ci.example.org/8"}
	look(build)
	build.State = workflows.CheckPassed
	look(build, workflows.Check{Name: "lint", State: workflows.CheckUnknown, Said: "waiting for the moon"})
	look(build)
	look()
	p.checked = false
	p.do("ana", release.SetCandidate{Ref: "main", Watch: true})
	p.found = workflows.Found{Commit: second}
	p.do("", release.Follow{})
	p.found = workflows.Found{Commit: first, Apart: true}
	p.do("", release.Follow{})
	p.found = workflows.Found{Missing: workflows.Refuse(workflows.UnknownRef, "acme/app has no branch «main»")}
	p.do("", release.Follow{})
	p.found = found
	p.do("ana", release.SetCandidate{Ref: "HEAD"})
}

// published is what becomes of approved notes: each kind once.
func (p *play) published() {
	p.forge = notes.Outside{Forge: "acme/app", Releases: true, Tag: "v1.0.0", Changelog: "CHANGELOG.md"}
	p.do("ana", notes.Publish{Only: notes.ToChannels})
	p.as = "app@1.0.0"
	later := p.now.Add(time.Hour)
	p.do("ana", notes.Publish{At: later})
	p.do("ana", notes.Publish{Never: true})
	p.do("ana", notes.Publish{At: later, Only: notes.ToRelease})
	p.do("ana", notes.Edit{Text: "Invoices can be exported.\n\nBy admins."})
	p.now = later
	p.do("", notes.PublishDue{})
	p.do("ben", notes.Approve{})
	p.do("ana", notes.Correct{Why: "it is for admins only"})
	out := p.do("ana", notes.Publish{})[0].Event.(notes.Published)
	end := func(act string, data any, fate workflows.Fate, link, why string) {
		raw, err := json.Marshal(data)
		if err != nil {
			p.t.Fatal(err)
		}
		p.do("", notes.Acted{Acted: workflows.Acted{What: act, Data: raw, Fate: fate, Link: link, Why: why}})
	}
	end(workflows.ActRelease, out.Release, workflows.Done, "https://github.com/acme/app/releases/tag/v1.0.0", "")
	end(workflows.ActChangelog, out.Changelog, workflows.Unclear, "", "the connection was lost")
	end(workflows.ActChangelog, out.Changelog, workflows.Refused, "", "the repository is archived")
	out = p.do("ana", notes.Publish{Only: notes.ToChangelog})[0].Event.(notes.Published)
	end(workflows.ActChangelog, out.Changelog, workflows.Done, "https://github.com/acme/app/pull/31", "")
	p.answered(workflows.PullClosed, workflows.PullOpen, workflows.PullMerged)
	p.as = ""
}

// answered is what people make of the pull request for the change log, one after the other.
func (p *play) answered(states ...workflows.PullState) {
	p.t.Helper()
	for _, p.found.Pull = range states {
		p.do("", notes.News{})
	}
	p.found.Pull = ""
}

// arranged is what people arrange about items: each kind once, and what follows when the waiver runs out.
func (p *play) arranged() {
	p.do("mia", release.AddItem{Key: "runbook"})
	p.do("ana", release.AddItem{Key: "load-test", Gate: "ga.ready", Role: "sre", Text: "it holds twice the peak"})
	p.do("ana", release.DropItem{Item: "load-test", Why: "part of performance-metrics"})
	p.do("ana", release.MoveItem{Item: "cli-api", Gate: "ga.ready"})
	p.do("ana", release.Assign{Item: "public-docs", Owner: "mia", Due: monday.Add(72 * time.Hour)})
	p.do("mia", release.AddItem{Key: "field-support"})
	p.do("ana", release.Ask{Item: "internal-comms", Who: "mia", Link: "https://wiki.example.org/known", Note: "two of the four are mine"})
	p.do("ana", release.Ask{Item: "public-docs"})
	p.do("ana", release.PlanItem{Item: "audit-logs", Owner: "ben", Due: monday.Add(240 * time.Hour), What: "the export is logged, the preview is not"})
	p.do("ana", release.Waive{Item: "utilization-metrics", Owner: "mia", Until: monday.Add(2 * time.Hour), Why: "the dashboard moves house"})
	p.now = monday.Add(3 * time.Hour)
	p.do("", release.Tick{})
	p.do("ana", release.Set{Risk: policy.High, Note: "a customer's auditors look"})
	p.do("ana", release.Set{Risk: policy.Normal, Note: "they look at the next one"})
	p.do("ana", release.Set{Template: "hotfix"})
	p.do("ana", release.Set{Template: "feature"})
	p.do("ana", release.BreakGlass{Why: "the old export is down for everybody"})
	p.do("ana", release.RollBack{Why: "it was not the export"})
	p.do("ana", release.Resume{})
	p.do("ana", release.Set{Manager: "ben", Note: "I am away"})
	p.do("ben", release.Set{Manager: "ana"})
}

// TestHistory draws the line of every event of a long story. An event without a template, or one that the story does
// not tell, fails.
func TestHistory(t *testing.T) {
	p := begin(t, team())
	everything(p)
	pg := page{t: t}
	told := map[string]bool{}
	for _, e := range p.past {
		told[e.Event.Kind()] = true
		pg.show(e.Event.Kind(), drawn(cards.History(e, p.rel, p.view())))
	}
	for _, e := range kinds() {
		if !told[e.Kind()] {
			t.Errorf("the story tells nothing of %s", e.Kind())
		}
	}
	pg.equals("history")
}

// TestEverythingToldCanBeDrawn draws what each event of the story tells, by the name the effect bears: a name that
// nothing draws would be found out by the first user otherwise.
func TestEverythingToldCanBeDrawn(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	p.watch = func(e workflows.Recorded) {
		for _, effect := range slices.Concat(release.Tell(p.rel, e), flag.Tell(p.flag, e), notes.Tell(p.notes, e), briefing.Tell(p.brief, e), feedback.Tell(p.said, e)) {
			switch effect.What {
			case workflows.ActComment:
				pg.show("comment", outside(t, effect))
			case feedback.ToldUnsaid:
				pg.show("unsaid", drawn(cards.Unsaid(e, p.rel)))
			case workflows.ActDeploy, workflows.ActRelease, workflows.ActChangelog:
				pg.show(effect.What, outside(t, effect))
			case "card", "history", "tick": // drawn elsewhere in these tests; a tick shows nothing
			case "notes":
				var post notes.Post
				if err := json.Unmarshal(effect.Data, &post); err != nil {
					t.Fatal(err)
				}
				pg.show("notes", publicly(cards.PublicNotes(post, p.rel)))
			case notes.WakePublish: // shown to nobody
			case notes.ToldCorrected:
				m, ok := cards.PublicPost(effect.What, e.Event, p.rel)
				pg.show(fmt.Sprint(effect.What, ", for anyone: ", ok), publicly(m))
				pg.show(effect.What, drawn(cards.AboutNotes(e, p.rel, p.view())))
			case notes.ToldMissed, notes.ToldStranded, notes.ToldUnmerged:
				pg.show(effect.What, drawn(cards.AboutNotes(e, p.rel, p.view())))
			case "asked-for":
				pg.show("asked-for, after "+e.Event.Kind(), drawn(cards.AskedFor(e, p.rel, effect.To.Person, true)))
			case "briefing":
				pg.show("briefing, after "+e.Event.Kind(), drawn(cards.BriefingCard(p.rel, p.brief, p.progress())))
			case "counter-briefing":
				pg.show("counter-briefing", drawn(cards.CounterBriefing(p.rel, e.Event.(briefing.Countered).Why)))
			case feedback.ToldFollower:
				m, ok := cards.Followed(e.Event.(feedback.Announced), p.rel)
				pg.show(fmt.Sprint("followed, and shown: ", ok), publicly(m))
			case "feedback-planned":
				pg.show("feedback-planned", drawn(cards.FeedbackPlanned(e, p.rel)))
			default:
				pg.show("post: "+effect.What, drawn(cards.Post(effect.What, e, p.rel, p.book, p.view())))
			}
		}
	}
	everything(p)
	pg.equals("told")
}

// TestAnEmptyEventStillReads draws the zero of every event: what an older program wrote may lack any field.
func TestAnEmptyEventStillReads(t *testing.T) {
	for _, e := range kinds() {
		m := cards.History(workflows.Recorded{Event: e, Header: workflows.Header{Stream: "release/app@1", By: workflows.Actor{Person: "ana"}}},
			release.Release{}, cards.View{})
		if m.Title == "" {
			t.Errorf("%s: no title", e.Kind())
		}
	}
}
