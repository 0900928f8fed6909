package desk

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

// docked configures a product that is deployed to staging by deployments, and to its users by a workflow.
func docked(c *Config) {
	c.Products = maps.Clone(c.Products)
	c.Products["dock"] = Product{Repository: "repo", Branch: "main", Environments: []workflows.Environment{"staging", "production"},
		Forge: Forge{Repository: "acme/dock", Deploys: map[workflows.Environment]string{"staging": "", "production": "deploy.yml"}, Checks: []workflows.CheckName{{Name: "test"}}}}
	c.Book.Deployed = map[workflows.Product]bool{"dock": true}
}

// acts are the deployments that wait to be carried out, in the order in which they were wished.
func (h *house) acts() (out []workflows.Deploy) {
	h.Helper()
	for _, p := range h.queue() {
		if p.Kind != workflows.Act || p.What != workflows.ActDeploy {
			continue
		}
		var d workflows.Deploy
		if err := json.Unmarshal(p.Data, &d); err != nil {
			h.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// last is the deployment that a release began last.
func (h *house) last(id workflows.ReleaseID) release.Deploying {
	h.Helper()
	all := h.release(id).Deploys
	if len(all) == 0 {
		h.Fatalf("%s was never deployed", id)
	}
	return all[len(all)-1]
}

// acted says how carrying out the last deployment of a release ended.
func (h *house) acted(id workflows.ReleaseID, fate workflows.Fate, why string) {
	h.Helper()
	data, err := json.Marshal(workflows.Deploy{Op: h.last(id).Op})
	if err != nil {
		h.Fatal(err)
	}
	stream := workflows.StreamOf(release.Room, string(id))
	h.must(h.machine("delivery", "", workflows.Acted{Stream: stream, What: workflows.ActDeploy, Data: data, Fate: fate, Why: why, Link: "https://github.com/acme/dock/actions"}))
}

// becomes is how the last deployment of a release stands at the forge, which is looked at.
func (h *house) becomes(id workflows.ReleaseID, state workflows.DeployState) workflows.Receipt {
	h.Helper()
	d := h.last(id)
	at := slices.IndexFunc(h.repo.deploys, func(x workflows.Deployment) bool { return x.Op == d.Op })
	if at < 0 {
		h.repo.deploys = slices.Insert(h.repo.deploys, 0, workflows.Deployment{Op: d.Op, Env: d.Env, Commit: d.Commit})
		at = 0
	}
	h.repo.deploys[at].State, h.repo.deploys[at].At = state, h.now
	return h.must(h.machine("github", id, release.News{}))
}

// docks brings a release's candidate to an environment.
func (h *house) docks(id workflows.ReleaseID, env workflows.Environment) {
	h.Helper()
	a := h.ask("ana", id, release.Deploy{Env: env})
	if env == "production" {
		h.confirmed(a)
	} else {
		h.must(a)
	}
	h.acted(id, workflows.Done, "")
	h.becomes(id, workflows.DeploySucceeded)
}

// out is a release that everybody has: deployed, and released.
func (h *house) out(id workflows.ReleaseID, ref string) {
	h.Helper()
	h.must(h.ask("ana", "", release.New{ID: id, Ref: ref, Risk: "low"}))
	h.docks(id, "staging")
	h.must(h.ask("ana", id, release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.docks(id, "production")
	h.confirmed(h.ask("ana", id, release.Advance{}))
}

// sails is a life in which releases are deployed, and one is taken back.
func (h *house) sails() {
	h.Helper()
	h.out("dock@1.0", "aaaaaaaa")
	h.out("dock@1.1", "bbbbbbbb")
	h.confirmed(h.ask("ben", "dock@1.1", release.RollBack{Why: "errors rise"}))
	h.acted("dock@1.1", workflows.Unclear, "the answer broke off")
	h.becomes("dock@1.1", workflows.DeploySucceeded)
}

// A week at sea: a commit goes to staging and to users, others wait for it, and a rollback brings back exactly what users
// had before, whatever became of the release that brought it.
func TestDeployStory(t *testing.T) {
	h := newHouse(t, docked)
	h.out("dock@1.0", "aaaaaaaa")
	h.must(h.ask("ana", "dock@1.0", release.Sign{Items: []string{"announced", "healthy"}}))
	h.must(h.ask("ana", "dock@1.0", release.Advance{}))
	h.now = h.now.Add(400 * 24 * time.Hour)
	h.out("dock@1.1", "bbbbbbbb")
	if p, err := h.Prune(context.Background(), h.now, Keep{Answers: time.Hour, Sent: time.Hour, Closed: time.Hour}); err != nil {
		t.Fatalf("%+v, %v", p, err)
	}
	h.restart()
	f, err := h.Facts(context.Background(), "chat/ana", "chat/#app", "dock@1.1", h.now)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := release.PlanBack(h.release("dock@1.1"), f)
	if err != nil || plan.Return.To == nil || plan.Return.To.Commit != "aaaaaaaa" || plan.Return.To.Release != "dock@1.0" {
		t.Fatalf("%+v, %v", plan.Return, err)
	}
	before := len(h.acts())
	got := h.confirmed(h.ask("ben", "dock@1.1", release.RollBack{Why: "errors rise"}))
	if diff := cmp.Diff([]string{"release.rolled_back", "release.deploy_begun"}, kinds(got.Events)); diff != "" {
		t.Error(diff)
	}
	acts := h.acts()
	back := acts[len(acts)-1]
	want := workflows.Deploy{Forge: "acme/dock", Op: back.Op, Env: "production", Users: true, Commit: "aaaaaaaa", Workflow: "deploy.yml", Ref: "main", Release: "dock@1.1", At: h.now}
	if diff := cmp.Diff(want, back, cmp.AllowUnexported(workflows.Public{})); diff != "" || len(acts) != before+1 {
		t.Errorf("%d acts, %s", len(acts)-before, diff)
	}
	h.acted("dock@1.1", workflows.Done, "")
	told := h.becomes("dock@1.1", workflows.DeployFailed).Told
	if all := strings.Join(whats(told), ", "); !strings.Contains(all, "deploy-trouble chat/#app") || !strings.Contains(all, "deploy-trouble chat/@ben") || !strings.Contains(all, "deploy-trouble chat/@mia") {
		t.Errorf("told: %s", all)
	}
	h.confirmed(h.ask("ben", "dock@1.1", release.RollBack{Why: "the runner was full"}))
	h.becomes("dock@1.1", workflows.DeploySucceeded)
	w, err := h.Where(context.Background(), "chat/ana", "chat/#app", "dock@1.1", "", h.now)
	if err != nil || w.Sites[1].Had.Commit != "aaaaaaaa" || w.Sites[1].Had.Release != "dock@1.0" || w.Sites[1].Run != nil || len(w.Sites[1].Drift) != 0 {
		t.Errorf("%+v, %v", w.Sites, err)
	}
}

// One thing at a time goes to an environment, of whichever release; a dry run changes nothing, and an old button does not
// deploy twice.
func TestOneDeploymentAtATime(t *testing.T) {
	h := newHouse(t, docked)
	h.must(h.ask("ana", "", release.New{ID: "dock@1.0", Ref: "aaaaaaaa", Risk: "low"}))
	h.must(h.ask("ana", "", release.New{ID: "dock@2.0", Ref: "bbbbbbbb", Risk: "low"}))
	dry := h.ask("ana", "dock@1.0", release.Deploy{Env: "staging"})
	dry.Dry = true
	h.unchanged("a dry run", func() {
		if got := h.must(dry); len(got.Events) != 1 || len(h.acts()) != 0 {
			t.Errorf("%+v", got.Events)
		}
	})
	a := h.ask("ana", "dock@1.0", release.Deploy{Env: "staging"})
	a.Basis = h.release("dock@1.0").DeployBasis()
	h.must(a)
	h.must(a) // the very same again
	again := h.ask("ben", "dock@1.0", release.Deploy{Env: "staging"})
	again.Basis = a.Basis
	h.refuses(again, workflows.Changed)
	no := h.refuses(h.ask("ben", "dock@2.0", release.Deploy{Env: "staging"}), release.UnderWay)
	if !strings.Contains(no.Why, "aaaaaaa of dock 1.0 is on its way to staging") || no.Next[0] != "/release candidate where dock@1.0" {
		t.Errorf("%+v", no)
	}
	if len(h.acts()) != 1 {
		t.Errorf("acts: %+v", h.acts())
	}
	h.restart()
	h.refuses(h.ask("ben", "dock@2.0", release.Deploy{Env: "staging"}), release.UnderWay)
	h.acted("dock@1.0", workflows.Refused, "the token may not")
	h.must(h.ask("ben", "dock@2.0", release.Deploy{Env: "staging"}))
	h.refuses(h.ask("zoe", "dock@2.0", release.Deploy{Env: "staging"}), workflows.NotAllowed)
	if no := h.refuses(h.ask("ana", "dock@1.0", release.Deploy{Env: "production"}), release.EarlierFirst); !strings.Contains(no.Why, "was refused") {
		t.Errorf("%+v", no)
	}
}

// The press of a question about deploying means what was asked about: a candidate that moved meanwhile is another one.
func TestDeployAskedAbout(t *testing.T) {
	h := newHouse(t, docked)
	h.must(h.ask("ana", "", release.New{ID: "dock@1.0", Ref: "aaaaaaaa", Risk: "low"}))
	h.docks("dock@1.0", "staging")
	h.must(h.ask("ana", "dock@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	a := h.ask("ana", "dock@1.0", release.Deploy{Env: "production"})
	q := h.must(a)
	h.now = h.now.Add(time.Minute)
	h.must(h.ask("ben", "dock@1.0", release.SetCandidate{Ref: "bbbbbbbb"}))
	h.refuses(press(a, "late", q.Confirm.Key), release.EarlierFirst)
	if len(h.acts()) != 1 {
		t.Errorf("acts: %+v", h.acts())
	}
}

// A rollback takes the place of what another release has on its way to users and nobody has begun.
func TestRollbackOvertakes(t *testing.T) {
	h := newHouse(t, docked)
	h.out("dock@1.0", "aaaaaaaa")
	h.out("dock@1.1", "bbbbbbbb")
	h.must(h.ask("ana", "", release.New{ID: "dock@2.0", Ref: "cccccccc", Risk: "low"}))
	h.docks("dock@2.0", "staging")
	h.must(h.ask("ana", "dock@2.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.confirmed(h.ask("ana", "dock@2.0", release.Deploy{Env: "production"}))
	got := h.confirmed(h.ask("ben", "dock@1.1", release.RollBack{Why: "errors rise"}))
	follows := slices.ContainsFunc(got.Follows, func(e workflows.Recorded) bool {
		d, ok := e.Event.(release.Deployed)
		return ok && e.Stream == "release/dock@2.0" && d.State == release.DeployPassed
	})
	if d := h.last("dock@2.0"); !follows || !h.release("dock@2.0").Overtaken(d.Op) {
		t.Errorf("%s, follows %v", d.State, kinds(got.Follows))
	}
	h.refuses(h.ask("ana", "dock@2.0", release.Deploy{Env: "production"}), release.UnderWay) // the rollback
	h.becomes("dock@1.1", workflows.DeploySucceeded)
	h.confirmed(h.ask("ana", "dock@2.0", release.Deploy{Env: "production"}))
	h.becomes("dock@2.0", workflows.DeploySucceeded)
	// Nothing of 1.1 is there any more, and what it was taken back from is nothing to go back to.
	h.confirmed(h.ask("ana", "dock@2.0", release.Advance{}))
	back := h.confirmed(h.ask("ben", "dock@2.0", release.RollBack{Why: "worse"}))
	if d := h.last("dock@2.0"); d.Commit != "aaaaaaaa" {
		t.Errorf("%v brings %s back", kinds(back.Events), d.Commit)
	}
}

// Where is what: by the record where the forge is silent, with what others did, and in what a commit is contained.
func TestWhere(t *testing.T) {
	h := newHouse(t, docked)
	where := func(ref string) release.Whereabouts {
		t.Helper()
		w, err := h.Where(context.Background(), "chat/ana", "chat/#app", "dock@1.0", ref, h.now)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	h.out("dock@1.0", "bbbbbbbb")
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	if _, err := h.Where(context.Background(), "chat/ana", "chat/#app", "app@1.0", "", h.now); refusalOf(err) == nil || refusalOf(err).Reason != release.NotConfigured {
		t.Errorf("without a forge: %v", err)
	}
	w := where("aaaaaaaa")
	if w.Asked.ID != "aaaaaaaa" || !w.Holds["bbbbbbbb"] {
		t.Errorf("%+v", w)
	}
	if w = where("cccccccc"); w.Holds["bbbbbbbb"] {
		t.Errorf("%+v", w.Holds)
	}
	if _, err := h.Where(context.Background(), "chat/ana", "chat/#app", "dock@1.0", "nowhere", h.now); refusalOf(err) == nil {
		t.Errorf("of no commit: %v", err)
	}
	h.repo.deploys = slices.Insert(h.repo.deploys, 0, workflows.Deployment{Env: "production", Commit: "eeeeeeee", State: workflows.DeploySucceeded})
	if w = where(""); len(w.Sites[1].Drift) != 2 || w.Sites[1].Commit() != "eeeeeeee" {
		t.Errorf("%+v", w.Sites[1])
	}
	h.repo.silent = workflows.Refuse(workflows.Unavailable, "it is off")
	if w = where(""); w.Silent != "it is off" || w.Sites[1].Commit() != "bbbbbbbb" {
		t.Errorf("%+v", w)
	}
}

// Where the configuration no longer says how anything is deployed, what came there before is known still, and what others bring
// is no drift where the bot never brought anything.
func TestWhereNothingIsDeployed(t *testing.T) {
	h := newHouse(t, docked)
	h.out("dock@1.0", "bbbbbbbb")
	h.restart(func(c *Config) {
		docked(c)
		p := c.Products["dock"]
		p.Environments, p.Forge.Deploys = append([]workflows.Environment{"dev"}, p.Environments...), nil
		c.Products["dock"] = p
	})
	h.repo.deploys = []workflows.Deployment{{Env: "dev", Commit: "cccccccc", State: workflows.DeploySucceeded}, {Env: "staging", Commit: "aaaaaaaa", State: workflows.DeploySucceeded}}
	w, err := h.Where(context.Background(), "chat/ana", "chat/#app", "dock@1.0", "", h.now)
	if err != nil || len(w.Sites) != 3 || len(w.Next) != 0 {
		t.Fatalf("%+v, %v", w, err)
	}
	for i, want := range []struct {
		commit string
		drift  int
	}{{"cccccccc", 0}, {"aaaaaaaa", 1}, {"bbbbbbbb", 0}} {
		if s := w.Sites[i]; s.Commit() != want.commit || len(s.Drift) != want.drift {
			t.Errorf("%+v, want %+v", s, want)
		}
	}
	if q := h.repo.asked[len(h.repo.asked)-1]; len(q.Envs) != 3 {
		t.Errorf("asked of %v", q.Envs)
	}
}

// What the bot itself brought, and is yet to hear of, is nobody else's.
func TestWhereBeforeItIsHeard(t *testing.T) {
	h := newHouse(t, docked)
	h.must(h.ask("ana", "", release.New{ID: "dock@1.0", Ref: "aaaaaaaa", Risk: "low"}))
	h.must(h.ask("ana", "dock@1.0", release.Deploy{Env: "staging"}))
	h.repo.deploys = []workflows.Deployment{{Op: h.last("dock@1.0").Op, Env: "staging", Commit: "aaaaaaaa", State: workflows.DeploySucceeded}}
	w, err := h.Where(context.Background(), "chat/ana", "chat/#app", "dock@1.0", "", h.now)
	if err != nil || w.Sites[0].Forge == nil || w.Sites[0].Drift != nil {
		t.Errorf("%+v, %v", w.Sites, err)
	}
}

// A human's word on a deployment that nobody can say anything of ends it, or leaves it to be looked for.
func TestSettledDeployment(t *testing.T) {
	for word, want := range map[ledger.Word]workflows.DeployState{ledger.WordSent: workflows.DeployRunning, ledger.WordDrop: release.DeployRefused, ledger.WordAgain: release.DeployUnclear} {
		t.Run(string(word), func(t *testing.T) {
			h := newHouse(t, docked)
			h.must(h.ask("ana", "", release.New{ID: "dock@1.0", Ref: "aaaaaaaa", Risk: "low"}))
			h.must(h.ask("ana", "dock@1.0", release.Deploy{Env: "staging"}))
			id := h.stuck(workflows.ActDeploy)
			h.acted("dock@1.0", workflows.Unclear, "the answer broke off")
			said, err := h.Settle(context.Background(), id, word, "ops", h.now)
			if err != nil || said.What != workflows.ActDeploy {
				t.Fatalf("%+v, %v", said, err)
			}
			if d := h.last("dock@1.0"); d.State != want {
				t.Errorf("it stands as %s, want %s", d.State, want)
			}
			if _, err := h.Settle(context.Background(), id, word, "ops", h.now); word != ledger.WordAgain && (refusalOf(err) == nil || refusalOf(err).Reason != NotWaiting) {
				t.Errorf("a second word: %v", err)
			}
		})
	}
}

// What was refused waits for a human only as long as it is still to be done, and is not done once more after something took
// its place: that would bring an older commit over a newer one.
func TestRefusedActsGoBy(t *testing.T) {
	begins := func(h *house, id workflows.ReleaseID, env workflows.Environment) {
		h.must(h.ask("ana", id, release.Deploy{Env: env}))
	}
	for _, c := range []struct {
		name  string
		since func(*house)
		why   string // empty: it still waits
	}{
		{"nothing", func(*house) {}, ""},
		{"on hold", func(h *house) { h.must(h.ask("ana", "dock@1.0", release.HoldOn{Why: "errors"})) }, ""},
		{"deployed again", func(h *house) { begins(h, "dock@1.0", "staging") }, "another deployment of dock 1.0 to staging took its place"},
		{"another release on its way", func(h *house) { begins(h, "dock@2.0", "staging") }, "since then bbbbbbb of dock 2.0 went on its way to staging"},
		{"another release there", func(h *house) { h.docks("dock@2.0", "staging") }, "since then bbbbbbb of dock 2.0 came to staging"},
		{"cancelled", func(h *house) {
			h.confirmed(h.ask("ana", "dock@1.0", release.Set{Cancelled: true, Note: "not this year"}))
		}, "dock 1.0 is over"},
		{"another candidate", func(h *house) { h.must(h.ask("ana", "dock@1.0", release.SetCandidate{Ref: "cccccccc"})) }, "dock 1.0 has another candidate now"},
		{"it began", func(h *house) { h.becomes("dock@1.0", workflows.DeployRunning) }, "it was begun after all, and is under way"},
	} {
		for _, word := range []ledger.Word{ledger.WordAgain, ledger.WordDrop} {
			h := newHouse(t, docked)
			h.must(h.ask("ana", "", release.New{ID: "dock@1.0", Ref: "aaaaaaaa", Risk: "low"}))
			h.must(h.ask("ana", "", release.New{ID: "dock@2.0", Ref: "bbbbbbbb", Risk: "low"}))
			begins(h, "dock@1.0", "staging")
			id := h.stranded(workflows.ActDeploy, storage.Failed)
			h.acted("dock@1.0", workflows.Refused, "the token may not")
			h.now = h.now.Add(time.Minute)
			c.since(h)
			all, err := Waiting(context.Background(), h.store)
			waits := slices.ContainsFunc(all, func(p storage.Pending) bool { return p.ID == id })
			if err != nil || waits != (c.why == "") {
				t.Errorf("%s: it waits %v, %v", c.name, waits, err)
			}
			_, err = h.Settle(context.Background(), id, word, "ops", h.now)
			no := refusalOf(err)
			switch refused := no != nil && no.Reason == release.Overtaken && strings.Contains(no.Why, c.why) && len(no.Who)*len(no.Next) > 0; {
			case word == ledger.WordDrop && err != nil:
				t.Errorf("%s: let be: %v", c.name, err)
			case word == ledger.WordAgain && refused != (c.why != ""), !refused && err != nil:
				t.Errorf("%s: once more: %v", c.name, err)
			}
		}
	}
}

// stuck has a delivery wait for a human, and all others sent.
func (h *house) stuck(what string) (id string) { return h.stranded(what, storage.NeedsHuman) }

// stranded has the deliveries of an act end in a way, and all others sent.
func (h *house) stranded(what string, as storage.Result) (id string) {
	h.Helper()
	ctx := context.Background()
	claims, err := h.store.Claim(ctx, h.now, h.now.Add(time.Hour), 100)
	if err != nil {
		h.Fatal(err)
	}
	for _, c := range claims {
		o := storage.Outcome{At: h.now, Result: storage.Sent}
		if c.What == what {
			id, o.Result = c.ID, as
		}
		if err := h.store.Settle(ctx, c, o); err != nil {
			h.Fatal(err)
		}
	}
	return id
}

// What a release was taken back from is nothing to go back to, also where the way back did not arrive; until its gate is
// passed with it again.
func TestNotBackToWhatWasTakenBack(t *testing.T) {
	for again, want := range map[bool]string{false: "aaaaaaaa", true: "bbbbbbbb"} {
		h := newHouse(t, docked)
		h.out("dock@1.0", "aaaaaaaa")
		h.out("dock@1.1", "bbbbbbbb")
		h.confirmed(h.ask("ben", "dock@1.1", release.RollBack{Why: "errors rise"}))
		h.acted("dock@1.1", workflows.Refused, "the token may not")
		if again {
			h.must(h.ask("ana", "dock@1.1", release.Resume{}))
			h.confirmed(h.ask("ana", "dock@1.1", release.Advance{}))
		}
		h.out("dock@2.0", "cccccccc")
		h.confirmed(h.ask("ben", "dock@2.0", release.RollBack{Why: "worse"}))
		if d := h.last("dock@2.0"); d.Commit != want {
			t.Errorf("passed again %v: %s comes back", again, d.Commit)
		}
	}
}
