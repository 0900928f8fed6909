package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// port is a story whose product is deployed to staging, then to production. What the desk keeps beside the ledger is kept
// here as it does.
type port struct{ *story }

func beginPort(t *testing.T, n New) port {
	s := begin(t, n)
	s.f.Envs = []workflows.Environment{"dev", "staging", "production"}
	s.f.Forge = Forge{Repository: "acme/app", Branch: "main", Deploys: map[workflows.Environment]string{"staging": "", "production": "deploy.yml"}, Checks: []workflows.CheckName{{Name: "test"}}}
	s.f.Sources[Deployment] = true
	s.f.Sites = map[workflows.Environment]Site{}
	return port{s}
}

// does is a wish that has to succeed, with what follows from it in the tables.
func (p port) does(who workflows.PersonID, w Wish) {
	p.Helper()
	p.by(who, w)
	p.list()
}

// list brings the tables up to what was said last.
func (p port) list() {
	for _, e := range p.said {
		switch e := e.(type) {
		case DeployBegun:
			site := p.f.Sites[e.Env]
			site.Run = &Run{Release: p.ID, Op: e.Op, Commit: e.Commit, By: e.By, At: p.f.Now, State: DeployAsked}
			p.f.Sites[e.Env] = site
		case Deployed:
			site := p.f.Sites[e.Env]
			if site.Run != nil && site.Run.Op == e.Op {
				if site.Run.State = e.State; !open(e.State) {
					site.Run = nil
				}
			}
			p.f.Sites[e.Env] = site
			owner := p.ID
			if e.Of != "" {
				owner = e.Of
			}
			if e.State == workflows.DeploySucceeded {
				p.came(e.Env, Had{Release: owner, Op: e.Op, Commit: e.Commit})
			}
		}
	}
}

// came puts a commit into an environment.
func (p port) came(env workflows.Environment, h Had) {
	site := p.f.Sites[env]
	site.Had = slices.DeleteFunc(slices.Clone(site.Had), func(o Had) bool { return o.Release == h.Release })
	site.Had = append([]Had{h}, site.Had...)
	p.f.Sites[env] = site
}

// op is the operation of the last deployment.
func (p port) op() string { return p.Deploys[len(p.Deploys)-1].Op }

// ends says how the last deployment ended for whoever carried it out.
func (p port) ends(fate workflows.Fate, why string) {
	p.Helper()
	d := p.Deploys[len(p.Deploys)-1]
	data, err := json.Marshal(workflows.Deploy{Op: d.Op})
	if err != nil {
		p.Fatal(err)
	}
	p.machine(Acted{workflows.Acted{What: workflows.ActDeploy, Data: data, Fate: fate, Why: why, Link: "https://x.example/" + string(d.Env)}})
	p.list()
}

// hear is a look at the forge, by which the last deployment stands so.
func (p port) hear(state workflows.DeployState, said string) {
	p.Helper()
	d := p.Deploys[len(p.Deploys)-1]
	p.f.Found = workflows.Found{Deployments: []workflows.Deployment{{Op: "", Env: d.Env, Commit: "elsewhere", State: workflows.DeploySucceeded},
		{Op: d.Op, Env: d.Env, Commit: d.Commit, State: state, Said: said, At: p.f.Now}}}
	p.machine(News{})
	p.list()
}

// arrives brings the candidate to an environment.
func (p port) arrives(env workflows.Environment) {
	p.Helper()
	p.does("ana", Deploy{Env: env})
	p.ends(workflows.Done, "")
	p.hear(workflows.DeploySucceeded, "")
}

func kindsOf(events []workflows.Event) string {
	var out []string
	for _, e := range events {
		kind := strings.TrimPrefix(e.Kind(), "release.")
		if d, ok := e.(Deployed); ok {
			kind += " " + string(d.State)
		}
		out = append(out, kind)
	}
	return strings.Join(out, ", ")
}

// A commit goes from environment to environment in their order, one at a time, and each end is said once.
func TestDeployInOrder(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.refuses("ana", Deploy{Env: "producton"}, UnknownEnv)
	if no := p.refuses("ana", Deploy{Env: "dev"}, NotConfigured); !slices.Equal(no.Next, []string{"products: {app: {github: {deploy: {dev: deployment}}}}"}) {
		t.Errorf("next: %q", no.Next)
	}
	if no := p.refuses("ana", Deploy{Env: "production"}, EarlierFirst); no.Next[0] != "/release candidate deploy staging" || !strings.Contains(no.Why, "staging") {
		t.Errorf("%s %q", no.Why, no.Next)
	}
	p.does("ana", Deploy{Env: "staging"})
	e := p.said[0].(DeployBegun)
	want := DeployBegun{N: 1, Op: e.Op, Env: "staging", Commit: "aaaaaaaa", By: "ana", Forge: "acme/app", Checks: []workflows.CheckName{{Name: "test"}}}
	if diff := cmp.Diff(want, e); diff != "" || !strings.HasPrefix(e.Op, "app@search/deploy/1/") {
		t.Errorf("%s %s", e.Op, diff)
	}
	for _, env := range []workflows.Environment{"staging", "production"} {
		reason := map[workflows.Environment]workflows.Reason{"staging": UnderWay, "production": EarlierFirst}[env]
		if no := p.refuses("ben", Deploy{Env: env}, reason); no.Next[0] != "/release candidate where" && no.Next[0] != "/release candidate where app@search" {
			t.Errorf("%s: %q", env, no.Next)
		}
	}
	p.ends(workflows.Done, "")
	p.ends(workflows.Done, "") // told twice
	if len(p.said) != 0 {
		t.Errorf("said again: %s", kindsOf(p.said))
	}
	for range 3 {
		p.hear(workflows.DeployRunning, "")
		if len(p.said) != 0 {
			t.Errorf("nothing changed, and it is said: %s", kindsOf(p.said))
		}
	}
	p.hear(workflows.DeployUnknown, "queued for approval")
	if got := kindsOf(p.said); got != "deployed unknown" || p.arrived("staging", "aaaaaaaa") {
		t.Errorf("an unknown state: %s", got)
	}
	p.hear(workflows.DeploySucceeded, "")
	if got := kindsOf(p.said); got != "deployed succeeded" {
		t.Errorf("its end: %s", got)
	}
	p.does("ana", Deploy{Env: "production"})
	if e := p.said[0].(DeployBegun); !e.Users || e.After != "staging" || e.Workflow != "deploy.yml" || e.Ref != "main" || e.N != 2 {
		t.Errorf("%+v", e)
	}
	if !Asks(p.Release, Deploy{}, []workflows.Recorded{{Event: p.said[0]}}) || Asks(p.Release, Deploy{}, []workflows.Recorded{{Event: want}}) {
		t.Error("asked first is what goes to users, and nothing else")
	}
}

// The deployment vouches for its item once users have the candidate, and for nothing else; its word is given once.
func TestDeploymentVouches(t *testing.T) {
	const item = "preview.ready/production-deployment"
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.arrives("staging")
	p.reads(item, Open, workflows.ItemUnsigned)
	p.does("ana", Deploy{Env: "production"})
	p.hear(workflows.DeployRunning, "")
	p.reads(item, Open, workflows.ItemUnsigned)
	p.hear(workflows.DeploySucceeded, "")
	if got := kindsOf(p.said); got != "deployed succeeded, signed" {
		t.Errorf("said: %s", got)
	}
	p.reads(item, Holds, "")
	for range 100 {
		if p.hear(workflows.DeploySucceeded, ""); len(p.said) != 0 {
			t.Fatalf("said again: %s", kindsOf(p.said))
		}
	}
	p.hear(workflows.DeployFailed, "")
	if got := kindsOf(p.said); got != "deployed failed, withdrawn" {
		t.Errorf("taken for bad afterwards: %s", got)
	}
	p.hear(workflows.DeployRunning, "") // it is tried again
	p.hear(workflows.DeploySucceeded, "")
	p.reads(item, Holds, "")
	p.moves(commit("bbbbbbbb", "ben"))
	p.reads(item, Open, workflows.ItemStale)
	p.hear(workflows.DeploySucceeded, "")
	p.reads(item, Open, workflows.ItemStale)
}

// What another release brought to users vouches for the same commit.
func TestDeployedByAnother(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.came("production", Had{Release: "app@1.0", Op: "x", Commit: "aaaaaaaa"})
	p.f.Found = workflows.Found{}
	p.machine(News{})
	p.reads("preview.ready/production-deployment", Holds, "")
	p.machine(News{})
	if len(p.said) != 0 {
		t.Errorf("said again: %s", kindsOf(p.said))
	}
	p.does("ana", Deploy{Env: "staging"})
	p.came("staging", Had{Release: "app@1.0", Op: "x", Commit: "aaaaaaaa"})
	p.does("ana", Deploy{Env: "production"}) // the other one had it in staging
}

// What may be under way keeps everything else from its environment until a human has said what became of it, or a day
// has passed; what was refused does not.
func TestDeployEnds(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.does("ben", Deploy{Env: "staging"})
	p.ends(workflows.Unclear, "no answer")
	e := p.said[0].(Deployed)
	if e.State != DeployUnclear || !slices.Equal(e.Tells, []workflows.PersonID{"ben", "ana"}) {
		t.Errorf("%+v", e)
	}
	if no := p.refuses("ana", Deploy{Env: "staging"}, UnderWay); !slices.Contains(no.Next, "readyroom undelivered") {
		t.Errorf("%q", no.Next)
	}
	p.ends(workflows.Refused, "let be")
	if got := kindsOf(p.said); got != "deployed refused" {
		t.Errorf("said: %s", got)
	}
	p.does("ana", Deploy{Env: "staging"})
	p.ends(workflows.Unclear, "no answer")
	p.hear(workflows.DeploySucceeded, "") // it had arrived
	p.does("ana", Deploy{Env: "production"})
	p.f.Now = p.f.Now.Add(23 * time.Hour)
	p.refuses("ana", Deploy{Env: "production"}, UnderWay)
	p.f.Now = p.f.Now.Add(time.Hour)
	lost := p.op()
	p.does("ana", Deploy{Env: "production"})
	p.f.Found = workflows.Found{Deployments: []workflows.Deployment{{Op: lost, Env: "production", State: workflows.DeployFailed}}}
	p.machine(News{})
	if got := kindsOf(p.said); got != "deployed failed" {
		t.Errorf("what was given up is heard of still: %q", got)
	}
	p.by("ana", HoldOn{Why: "errors"})
	p.refuses("ana", Deploy{Env: "staging"}, workflows.OnHold)
}

// Where nothing hides it, what is deployed to users is open to them: the gate that opens to them must hold.
func TestDeployReveals(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		risk     policy.Risk
		flags    percents
		signed   bool
		who      workflows.PersonID
		want     workflows.Reason
	}{
		"simple, gate shut":       {template: "simple", risk: policy.Low, want: workflows.NotReady},
		"simple, gate holds":      {template: "simple", risk: policy.Low, signed: true},
		"simple, behind a flag":   {template: "simple", risk: policy.Low, flags: percents{"search": {}}},
		"with a preview":          {template: "feature", risk: policy.Low},
		"high, not the manager":   {template: "simple", risk: policy.High, who: "eva", want: workflows.NotAllowed},
		"high, behind a flag":     {template: "simple", risk: policy.High, who: "eva", flags: percents{"search": {}}},
		"high, by the manager":    {template: "simple", risk: policy.High, want: workflows.NotReady},
		"normal, gate shut, flag": {template: "hotfix", risk: policy.Normal, flags: percents{"search": {}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := beginPort(t, New{ID: "app@search", Template: c.template, Risk: c.risk})
			p.f.Book.People["eva"] = workflows.Person{ID: "eva", NoCode: true}
			p.f.Book.Roles = map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana", "ben", "mia", "leo"}}, workflows.Engineering: {People: []workflows.PersonID{"eva"}}}
			p.f.Flags = c.flags
			p.arrives("staging")
			if c.signed {
				p.signAll("ana")
			}
			who := c.who
			if who == "" {
				who = "ana"
			}
			if c.want == "" {
				p.does(who, Deploy{Env: "production"})
				return
			}
			if no := p.refuses(who, Deploy{Env: "production"}, c.want); !slices.Contains(no.Next, "/release flag new F") {
				t.Errorf("next: %q", no.Next)
			}
		})
	}
}

// An item that waits for this very deployment does not keep it from beginning.
func TestDeployItsOwnGate(t *testing.T) {
	p := beginPort(t, New{ID: "app@1.0", Risk: policy.Low})
	p.by("ana", AddItem{Key: "production-deployment"})
	p.arrives("staging")
	p.sign("ana", OK, "tests", "changelog", "way-back")
	if v := p.verdict(); v.Go || len(v.Open()) != 1 {
		t.Fatalf("open: %v", v.Open())
	}
	p.arrives("production")
	if !p.verdict().Go {
		t.Errorf("open: %v", p.verdict().Open())
	}
}

// What comes back to users when a release is taken back, by what came to them before.
func TestGoBack(t *testing.T) {
	older := Had{Release: "app@1.0", Op: "old", Commit: "99999999"}
	for name, c := range map[string]struct {
		before  []Had // the oldest first
		deploys []string
		since   []Had // after the release's own
		preview bool  // users of the preview keep it
		to      string
		why     string
		byHand  bool
	}{
		"to the older release":        {before: []Had{older}, deploys: []string{"aaaaaaaa"}, to: "99999999"},
		"past its own":                {before: []Had{older}, deploys: []string{"aaaaaaaa", "bbbbbbbb"}, to: "99999999"},
		"past what was taken back":    {before: []Had{older, {Release: "app@1.1", Commit: "88888888", Bad: true}}, deploys: []string{"aaaaaaaa"}, to: "99999999"},
		"past the very same":          {before: []Had{older, {Release: "app@1.1", Commit: "aaaaaaaa"}}, deploys: []string{"aaaaaaaa"}, to: "99999999"},
		"nothing before":              {deploys: []string{"aaaaaaaa"}, why: "nothing else was deployed", byHand: true},
		"nothing at all":              {why: "no deployment to production is on record", byHand: true},
		"never deployed":              {before: []Had{older}, why: "nothing of app search was deployed"},
		"another is there by now":     {before: []Had{older}, deploys: []string{"aaaaaaaa"}, since: []Had{{Release: "app@2.0", Commit: "77777777"}}, why: "production has 7777777 of app 2.0"},
		"it is back there already":    {deploys: []string{"aaaaaaaa"}, since: []Had{older}, why: "production has 9999999 of app 1.0"},
		"to the preview's own":        {before: []Had{older}, deploys: []string{"aaaaaaaa", "bbbbbbbb"}, preview: true, to: "aaaaaaaa"},
		"the preview had no other":    {before: []Had{older}, deploys: []string{"aaaaaaaa"}, preview: true, why: "production keeps aaaaaaa"},
		"the preview's, by two moves": {deploys: []string{"aaaaaaaa", "bbbbbbbb", "bbbbbbbb"}, preview: true, to: "aaaaaaaa"},
	} {
		t.Run(name, func(t *testing.T) {
			p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
			for _, h := range c.before {
				p.came("production", h)
			}
			for _, id := range c.deploys {
				if id != p.Candidate.Commit.ID {
					p.moves(commit(id, "ana"))
				}
				p.arrives("staging")
				p.arrives("production")
			}
			for _, h := range c.since {
				p.came("production", h)
			}
			p.f.Base = "last-ga"
			p.f.Flags = percents{}
			p.signAll("ana")
			p.by("ana", Advance{})
			if c.preview {
				p.f.Flags = percents{"search": {"production": 10}}
				p.signAll("ana")
				p.by("ana", Advance{})
				p.signAll("ana")
				p.by("ana", Advance{})
				p.f.Flags = percents{"search": {"production": 100}}
			}
			plan, err := PlanBack(p.Release, p.f)
			if err != nil {
				t.Fatal(err)
			}
			good := map[bool]string{true: "last-ga"}[c.byHand]
			if c.to != "" {
				good = c.to
			}
			if got := plan.Return; (got.To == nil) != (c.to == "") || got.To != nil && got.To.Commit != c.to || !strings.Contains(got.Why, c.why) || got.Hand != c.byHand || plan.Good != good {
				t.Errorf("good %q, %+v", plan.Good, got)
			}
			p.does("ben", RollBack{Why: "errors"})
			want := "rolled_back"
			if c.to != "" {
				want += ", deploy_begun"
				if p.said[1].(DeployBegun).Commit != c.to || len(p.said[1].(DeployBegun).Checks) > 0 {
					t.Errorf("%+v", p.said[1])
				}
				if len(c.deploys) > 0 {
					want += ", withdrawn"
				}
			}
			if got := kindsOf(p.said); got != want {
				t.Errorf("said: %s, want %s", got, want)
			}
		})
	}
}

// A rollback is followed to its end, said where it fails, and begun again by the same line.
func TestGoBackEnds(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.came("production", Had{Release: "app@1.0", Op: "old", Commit: "99999999"})
	p.arrives("staging")
	p.arrives("production")
	p.signAll("ana")
	p.by("ana", Advance{})
	p.moves(commit("bbbbbbbb", "ben"))
	p.arrives("staging")
	p.does("ana", Deploy{Env: "production"})
	forward := p.op()
	p.does("ben", RollBack{Why: "errors"})
	if d, _ := p.deploy(forward); d.State != DeployPassed || !p.Overtaken(forward) {
		t.Errorf("what was not begun yet stands as %s", d.State)
	}
	back := p.op()
	p.ends(workflows.Done, "")
	p.hear(workflows.DeployFailed, "")
	e := p.said[0].(Deployed)
	if e.Of != "app@1.0" || !slices.Equal(e.Tells, []workflows.PersonID{"ben", "ana", "leo", "mia"}) {
		t.Errorf("%+v", e)
	}
	told := map[string]int{}
	for _, x := range e.tell(p.Release, workflows.Header{}) {
		told[fmt.Sprint(x.What, x.To.Release)]++
	}
	if diff := cmp.Diff(map[string]int{"deploy-trouble": 4, "deploy-troubleapp@search": 1}, told); diff != "" {
		t.Error(diff)
	}
	p.refuses("ben", RollBack{}, workflows.NeedsReason)
	p.does("ben", RollBack{Why: "again"})
	if got := kindsOf(p.said); got != "deploy_begun" || p.said[0].(DeployBegun).Commit != "99999999" || p.op() == back {
		t.Errorf("said: %s", got)
	}
	p.ends(workflows.Done, "")
	p.hear(workflows.DeploySucceeded, "")
	p.refuses("ben", RollBack{Why: "again"}, "nothing_to_roll_back")
	p.f.Found = workflows.Found{Deployments: []workflows.Deployment{{Op: forward, Env: "production", State: workflows.DeploySucceeded}}}
	p.machine(News{})
	if e := p.said[0].(Deployed); !e.Late || len(e.Tells) == 0 {
		t.Errorf("what arrived behind the rollback: %+v", e)
	}
}

// What another release's rollback took the place of is said in its own record; what had begun goes on.
func TestOvertaken(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.does("ana", Deploy{Env: "staging"})
	p.machine(Overtake{Op: p.op()})
	if got := kindsOf(p.said); got != "deployed overtaken" {
		t.Errorf("said: %s", got)
	}
	p.machine(Overtake{Op: p.op()})
	if len(p.said) != 0 {
		t.Errorf("said again: %s", kindsOf(p.said))
	}
	p.ends(workflows.Done, "") // it had been made after all
	if d, _ := p.deploy(p.op()); d.State != workflows.DeployRunning {
		t.Errorf("it stands as %s", d.State)
	}
	p.machine(Overtake{Op: p.op()})
	if len(p.said) != 0 {
		t.Errorf("it is under way: %s", kindsOf(p.said))
	}
}

// However much is deployed, a release remembers a bounded part of it, and all that is under way.
func TestDeploysAreBounded(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.arrives("staging")
	p.does("ana", Deploy{Env: "production"})
	for range 2 * maxDeploys {
		p.arrives("staging")
	}
	if len(p.Deploys) != maxDeploys || p.Deployed != 2*maxDeploys+2 {
		t.Errorf("%d of %d", len(p.Deploys), p.Deployed)
	}
	if d, ok := p.latest("production"); !ok || !d.Open() {
		t.Errorf("what is under way: %v %+v", ok, d)
	}
}

// While a rollback is on its way, users still have what is taken back: that vouches for nothing.
func TestGoingBackVouchesForNothing(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.came("production", Had{Release: "app@1.0", Op: "old", Commit: "99999999"})
	p.arrives("staging")
	p.arrives("production")
	p.signAll("ana")
	p.by("ana", Advance{})
	p.does("ben", RollBack{Why: "errors"})
	if got := kindsOf(p.said); got != "rolled_back, deploy_begun, withdrawn" {
		t.Errorf("said: %s", got)
	}
	p.ends(workflows.Done, "")
	p.f.Found = workflows.Found{}
	if p.machine(News{}); len(p.said) != 0 {
		t.Errorf("said: %s", kindsOf(p.said))
	}
}
