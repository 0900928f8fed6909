package cards_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// TestCards draws the team's card, its check and its items at every place where a release can stand.
func TestCards(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	all := func(heading string) {
		pg.show(heading, p.card())
		pg.show(heading+": check", drawn(cards.Check(p.whole(), p.check(), p.view(), func(s release.Status) bool { return s.Item.Role != workflows.Support }, line)))
		pg.show(heading+": public", publicly(cards.PublicCard(p.rel)))
	}
	p.do("ana", release.New{ID: "app@invoices", Template: "feature", Title: "Invoices", Target: monday.Add(9 * 24 * time.Hour)})
	all("nothing is signed")
	p.do("ana", flag.New{Key: "invoices"})
	p.do("ben", release.Sign{Items: []string{"tests"}, Evidence: "https://ci.example.org/7"})
	p.do("ben", release.Sign{Items: []string{"audit"}, Value: release.Block, Note: "nothing is logged"})
	p.do("ana", release.Sign{Items: []string{"security-assessment"}})
	p.do("ana", release.Sign{Items: []string{"preliminary-docs"}, Value: release.NA, Note: "nothing to read yet"})
	p.do("ana", release.Sign{Items: []string{"util"}, Value: release.NeedsWork, Note: "no dashboard"})
	all("votes of every kind")
	pg.show("an item that only its author signed", p.item("preview.ready/security-assessment"))
	pg.show("an item that is blocked", p.item("preview.ready/audit-logs"))
	pg.show("an item that was sent back", p.item("preview.ready/utilization-metrics"))
	pg.show("an item that nobody may sign for the asker", p.item("ga.ready/marketing"))
	p.do("ben", release.Sign{Items: []string{"audit"}, Value: release.Withdraw})
	p.do("ana", release.Sign{Items: []string{"util"}})
	p.signAll("ben", "ana")
	all("ready for the preview")
	p.do("ana", release.Advance{})
	p.do("ana", flag.Set{Percent: 20})
	all("in the preview")
	p.do("mia", release.HoldOn{Why: "wrong totals"})
	all("on hold")
	p.do("ana", release.Resume{})
	p.found.Commit = second
	p.now = p.now.Add(25 * time.Hour)
	p.do("ben", release.SetCandidate{Ref: "main"})
	p.signAll("ana", "ben")
	all("the preview soaks")
	p.now = p.now.Add(25 * time.Hour)
	p.do("ana", release.Advance{})
	all("between")
	pg.show("every item", drawn(cards.Items(p.rel, p.book, p.view())))
	p.signAll("ana", "ben")
	p.do("ana", release.Advance{})
	all("out")
	p.now = p.now.Add(25 * time.Hour)
	p.signAll("ana", "ben")
	p.do("ana", release.Advance{})
	all("closed")
	pg.show("advanced to the end", drawn(cards.Advanced(p.rel, p.book, p.view())))
	pg.equals("cards")
}

// item draws one item as whoever may sign sees it.
func (p *play) item(full string) string {
	p.t.Helper()
	for _, g := range p.rel.Gates {
		for _, s := range release.CheckGate(p.rel, g, p.book, p.now).Items {
			if s.Full() == full {
				return drawn(cards.Item(p.rel, s, p.view(), release.OK, release.NeedsWork, release.Block))
			}
		}
	}
	p.t.Fatalf("no item %s", full)
	return ""
}

// TestTelling draws what people are sent: the briefing before, while and after it holds, notes in every state, the
// digest, the reminder, and the rollback around them.
func TestTelling(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	p.do("ana", release.New{ID: "app@invoices", Template: "feature", Title: "Invoices", Target: monday.Add(4 * 24 * time.Hour)})
	p.do("ana", flag.New{Key: "invoices", Why: "dark until the preview"})
	p.signAll("ben", "ana")
	p.do("ana", release.Advance{})
	p.do("ana", flag.Set{Percent: 20})

	p.do("ana", notes.Draft{})
	pg.show("notes: a draft", drawn(cards.Notes(p.rel, p.notes, cards.Hand{Edit: true, Approve: true, Send: true}, p.view())))
	for _, e := range notes.Editions()[1:] {
		pg.show("notes: for "+string(e), drawn(cards.NotesFor(e, p.rel, p.notes, p.view())))
	}
	r := p.receipt("ben", notes.Approve{})
	p.do("", release.Vouch{Source: release.Notes, OK: true, By: "ben", Commit: first.ID})
	r.Follows = p.past[len(p.past)-1:]
	pg.show("notes: the answer to an approval", drawn(cards.NotesApproved(r, p.rel, p.book, p.view())))
	pg.show("notes: approved", drawn(cards.Notes(p.rel, p.notes, cards.Hand{Edit: true, Approve: true, Send: true}, p.view())))
	r = p.receipt("ana", notes.Publish{})
	pg.show("notes: the answer to publishing", drawn(cards.NotesPublished(r, p.view())))
	pg.show("notes: published, as somebody without a role in them", drawn(cards.Notes(p.rel, p.notes, cards.Hand{}, p.view())))

	p.outlets(&pg)

	p.do("ana", briefing.Draft{Fields: briefing.Fields{Changes: "Invoices can be exported.\nAnd copied.", Who: "all plans", Help: "Ask for the number.",
		Problems: "Totals may be late.", Contact: "@ana", Line: "Customers can take their invoices along."}})
	pg.show("briefing: a draft", drawn(cards.Briefing(p.rel, p.brief, p.progress(), cards.Hand{Edit: true, Send: true})))
	p.do("ana", briefing.Send{})
	p.do("mia", briefing.Ack{})
	pg.show("briefing: sent", drawn(cards.BriefingCard(p.rel, p.brief, p.progress())))
	pg.show("briefing: the answer to an acknowledgement", drawn(cards.BriefingProgress("thank you", p.progress())))
	pg.show("briefing: status for the manager", drawn(cards.BriefingStatus(p.rel, p.progress(), p.view(), true)))
	v := p.view()
	v.Me = "zoe"
	pg.show("briefing: status for who has not read it", drawn(cards.BriefingStatus(p.rel, p.progress(), v, false)))

	work := []todo.Work{{Release: p.rel, Briefing: p.brief}}
	for _, id := range []workflows.PersonID{"ana", "mia", "zoe"} {
		entries := todo.For(id, work, p.book, p.view().Week, p.now)
		pg.show("todo of "+string(id), drawn(cards.Todo(id, entries, p.view())), drawn(cards.Digest(entries, p.view())))
	}
	pg.show("todo of nobody", drawn(cards.Todo("ben", nil, p.view())))
	week := calendar.Week{Days: weekdays(t), Hours: calendar.Hours{From: 9 * 60, To: 17 * 60}, Zone: time.UTC}
	pg.show("reminder", drawn(cards.Readiness(p.rel, todo.Blocking(p.rel, p.book, week, p.rel.Target), p.view())))
	pg.show("reminder: nothing is missing", drawn(cards.Readiness(p.rel, nil, p.view())))

	p.rollback(&pg)
	pg.show("a card after it", p.card(), publicly(cards.PublicCard(p.rel)))
	pg.show("briefing: after a rollback", drawn(cards.BriefingCard(p.rel, p.brief, p.progress())))
	pg.show("counter-briefing", drawn(cards.CounterBriefing(p.rel, p.brief.Counter.Why)))
	pg.show("flag: killed", drawn(cards.Flag(p.flag, envs, p.rel.Standing(), p.view())))
	pg.equals("telling")
}

func (p *play) rollback(pg *page) {
	plan, err := release.PlanBack(p.rel, release.Facts{Now: p.now, Zone: time.UTC, Users: "production", Base: p.base,
		Flags: map[workflows.FlagKey]map[workflows.Environment]int{"invoices": p.flag.Percents}})
	if err != nil {
		p.t.Fatal(err)
	}
	v := p.view()
	pg.show("rollback plan for ben", drawn(cards.RollbackPlan(p.rel, plan, p.brief, v)))
	v.Me = "mia"
	pg.show("rollback plan for the only reader", drawn(cards.RollbackPlan(p.rel, plan, p.brief, v)))
	plan.Good = second.ID
	pg.show("rollback plan with a good commit to go back to", drawn(cards.RollbackPlan(p.rel, plan, p.brief, v)))
	told := []workflows.Told{{Place: "console/@mia", What: "counter-briefing"}, {Place: general, What: "card", Edit: true}, {Place: general, What: "rolled-back"}}
	r := p.receipt("ben", release.RollBack{Why: "totals are wrong for 2 %"}, told...)
	e := r.Events[0]
	p.do("", briefing.Counter{Stage: p.rel.Stage(), Why: "totals are wrong for 2 %"})
	p.do("", flag.SetBack{Percents: e.Event.(release.RolledBack).Flags["invoices"], Cause: "rollback of app invoices"})
	r.Follows = p.past[len(p.past)-2:]
	pg.show("rolled back: the answer", drawn(cards.RolledBack(r)))
	r.Told = append(r.Told, workflows.Told{Place: "console/@zoe", What: "counter-briefing"})
	pg.show("rolled back: the answer, two had read", drawn(cards.RolledBack(r)))
	r.Told = nil
	pg.show("rolled back: the answer, nobody had read", drawn(cards.RolledBack(r)))
	back := e.Event.(release.RolledBack)
	back.Commit, back.Good = second.ID, first.ID
	e.Event = back
	pg.show("rolled back: the post, with another commit to deploy", drawn(cards.Post("rolled-back", e, p.rel, p.book, p.view())))
	back.Good = back.Commit
	e.Event = back
	pg.show("rolled back: the post, with none", drawn(cards.Post("rolled-back", e, p.rel, p.book, p.view())))
	p.do("ana", flag.Kill{Note: "nobody should see it"})
}

func weekdays(t testing.TB) calendar.Days {
	t.Helper()
	d, err := calendar.ParseDays("mon-fri")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLists draws what lists something, with nothing, one and several of it.
func TestLists(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	p.do("ana", release.New{ID: "app@1.0.0"})
	row := release.Summary(p.rel).Data.(release.Row)
	p.do("mia", release.HoldOn{Why: "wrong totals"})
	held := release.Summary(p.rel).Data.(release.Row)
	held.ID, held.Title, held.Target = "app@invoices", "Invoices", monday.Add(100*time.Hour)
	for _, which := range []string{"open", "mine", "shipped"} {
		pg.show("list "+which, drawn(cards.List(which, nil)), drawn(cards.List(which, []release.Row{row})),
			drawn(cards.List(which, []release.Row{row, held})))
	}
	pg.show("list for anyone", publicly(cards.PublicList(nil)), publicly(cards.PublicList([]release.Row{row, held})))
	p.do("ana", flag.New{Key: "invoices", Why: "dark"})
	pg.show("flags", drawn(cards.Flags(nil, p.view())), drawn(cards.Flags([]flag.Flag{p.flag}, p.view())), drawn(cards.Flags([]flag.Flag{p.flag, p.flag}, p.view())))
	p.flag.Percents = map[workflows.Environment]int{"production": 100, "staging": 50}
	p.flag.Expires = monday.Add(-time.Hour)
	pg.show("a flag that is open and expired", drawn(cards.Flag(p.flag, envs, p.rel.Standing(), p.view())))
	bucket := 7
	pg.show("evaluations", drawn(cards.Evaluation(flag.Evaluation{Key: "invoices", Env: "production", Variant: "on", Reason: "SPLIT", Percent: 10, Bucket: &bucket}, "user-42", p.view())),
		drawn(cards.Evaluation(flag.Evaluation{Key: "invoices", Env: "production", Variant: "off", Reason: "STATIC"}, "user\x1b[31m", p.view())),
		drawn(cards.Evaluation(flag.Evaluation{Key: "invoices", Env: "production", Variant: "on", Reason: "STATIC", Stale: true, AsOf: monday}, "user-42", p.view())))
	daily := calendar.Schedule{Kind: calendar.Digest, Person: "ana", Spec: "09:00", Zone: "UTC"}
	both := []todo.Reminder{{Schedule: daily, Next: monday.Add(24 * time.Hour)}, {Schedule: calendar.Schedule{Kind: calendar.Readiness, Spec: "weekdays 09:30", Zone: "UTC"}, Next: monday.Add(30 * time.Minute)}}
	pg.show("reminders", drawn(cards.Reminders(both, p.view())), drawn(cards.Reminders(both[:1], p.view())))
	pg.show("candidate", drawn(cards.Candidate(p.rel, p.view())))
	p.rel.Candidate.Base, p.rel.Candidate.Builds = second.ID, map[string]string{"app": "sha256:4f5a"}
	pg.show("candidate with builds, since another", drawn(cards.Candidate(p.rel, p.view())))
	p.do("ben", release.Sign{Items: []string{"tests"}})
	p.found.Commit = second
	p.do("ben", release.SetCandidate{Ref: "HEAD"})
	pg.show("diff", drawn(cards.Diff(p.rel, nil)), drawn(cards.Diff(p.rel, map[string][]string{first.ID: {"docs/a.md"}})),
		drawn(cards.Diff(p.rel, map[string][]string{first.ID: {"docs/a.md", "docs/b\u202e.md"}})))
	pg.show("roles", drawn(cards.Roles(p.book, p.view())), drawn(cards.Roles(groups(), p.view())), drawn(cards.Roles(alone(), p.view())))
	pg.equals("lists")
}

// groups is a book with rosters: fresh, too old, and not read yet.
func groups() *policy.Book {
	b := team()
	b.Roles = map[workflows.Role]policy.Members{
		workflows.EveryRole: {Groups: []string{"slack/T1/S0"}}, workflows.SRE: {People: []workflows.PersonID{"ana"}, Groups: []string{"slack/T1/S1"}},
		workflows.Docs: {Groups: []string{"slack/T1/S2"}}, "translation": {People: []workflows.PersonID{"zoe"}}}
	b.Groups = map[string]policy.Group{"slack/T1/S1": {Members: []workflows.PersonID{"ben"}, AsOf: monday.Add(-time.Hour)},
		"slack/T1/S2": {Members: []workflows.PersonID{"mia", "zoe"}, AsOf: monday.Add(-25 * time.Hour)}}
	return b
}
