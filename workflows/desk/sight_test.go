package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
)

// green is a desk on which a release lacks nothing, by what was heard last.
func green(t *testing.T, change ...func(*Forge)) (*house, workflows.ReleaseID) {
	t.Helper()
	h := newHouse(t, webbed(append(change, noTags)...))
	id := h.web()
	h.repo.says(check("build", workflows.CheckPassed))
	h.hear()
	for _, who := range []string{"ana", "ben"} {
		h.must(h.ask(who, id, release.Sign{Items: []string{"way-back", "on-call-told", "rollback-plan"}}))
	}
	h.repo.asked = nil
	return h, id
}

// since is the kinds of what was recorded behind a number of events.
func (h *house) since(n int) (out []string) {
	for _, r := range h.ledger()[n:] {
		out = append(out, r.Kind)
	}
	return out
}

func noAnswer() error {
	return &workflows.Away{Who: "GitHub", Err: errors.New("the checks: no connection")}
}

// A check that failed since it was heard of keeps the gate shut, the question of it, and the press; and that is on record,
// as the machine's word, so that `check` says the same.
func TestAdvanceLooksFirst(t *testing.T) {
	h, id := green(t)
	h.repo.says(check("build", workflows.CheckFailed))
	n := len(h.ledger())
	no := h.refuses(h.ask("ana", id, release.Advance{}), workflows.NotReady)
	if !strings.Contains(no.Why, "tests waits for CI: build failed") {
		t.Error(no.Why)
	}
	if diff := cmp.Diff([]string{"release.checked", "release.withdrawn", "desk.refused"}, h.since(n)); diff != "" {
		t.Errorf("on record (-want +got):\n%s", diff)
	}
	if by := h.ledger()[n].By; by.Machine != looker || by.Person != "" {
		t.Errorf("it was recorded by %+v", by)
	}
	if s := h.item(id, "ga.ready/tests"); s.State != release.Open {
		t.Errorf("it reads %s", s.State)
	}
	if q := h.repo.asked; len(q) != 1 || !cmp.Equal(q[0], workflows.Query{Forge: "acme/web", Ref: "cccccccc", Branch: "main", Checks: true, Rules: true, Only: true}) {
		t.Errorf("asked was %+v", q)
	}

	h.repo.says(check("build", workflows.CheckPassed))
	a := h.ask("ana", id, release.Advance{})
	asked := h.must(a)
	if asked.Confirm == nil || len(asked.Events) != 1 {
		t.Fatalf("it is asked %+v", asked)
	}
	h.repo.says(check("build", workflows.CheckFailed))
	h.refuses(press(a, "press", asked.Confirm.Key), workflows.NotReady)
	h.repo.says(check("build", workflows.CheckPassed))
	asked = h.must(h.ask("ana", id, release.Advance{}))
	h.hear()
	done := h.must(press(a, "press again", asked.Confirm.Key))
	if diff := cmp.Diff([]string{"release.passed"}, kinds(done.Events)); diff != "" || done.Before.(release.Release).Passed != 0 {
		t.Errorf("it did (-want +got):\n%s", diff)
	}
	if p := done.Events[0].Event.(release.Passed); !slices.Equal(p.Seen, []string{"ga.ready/tests"}) {
		t.Errorf("it says that machines were asked for %v", p.Seen)
	}
	bundle, err := h.Evidence(t.Context(), workflows.Selectors{Release: string(id)}, "", h.now)
	page := string(evidence.Markdown(bundle.Report))
	if err != nil || !strings.Contains(page, ", having asked the machines anew for `ga.ready/tests`") {
		t.Errorf("%v: the evidence says\n%s", err, page)
	}
	looks := len(h.repo.asked)
	if again := h.must(press(a, "press again", asked.Confirm.Key)); !again.Again || len(h.repo.asked) != looks {
		t.Error("an ask that was answered looked again")
	}
}

// Nobody answers: nothing opens but by breaking the glass, which the record says; and it does not shut either.
func TestNobodySees(t *testing.T) {
	h, id := green(t)
	for _, c := range []struct {
		fails error
		next  string
	}{{noAnswer(), "/release advance"}, {workflows.Refuse("bad_token", "it was revoked").Type("set GITHUB_TOKEN"), "set GITHUB_TOKEN"}} {
		h.repo.fails = c.fails
		n := len(h.ledger())
		no := h.refuses(h.ask("ana", id, release.Advance{}), workflows.Unavailable)
		if !slices.Contains(no.Next, c.next) || !slices.Contains(no.Next, "/release advance --break-glass -- why") {
			t.Errorf("%v: what next: %v", c.fails, no.Next)
		}
		if diff := cmp.Diff([]string{"desk.refused"}, h.since(n)); diff != "" {
			t.Errorf("on record (-want +got):\n%s", diff)
		}
		if s := h.item(id, "ga.ready/tests"); s.State != release.Holds {
			t.Errorf("it reads %s", s.State)
		}
	}
	h.repo.fails = noAnswer()
	a := h.ask("ana", id, release.BreakGlass{Why: "it is down"})
	asked := h.must(a)
	h.repo.fails = &workflows.Away{Who: "GitHub", After: time.Hour, Err: errors.New("too many requests")} // why it is silent is not what was asked about
	done := h.must(press(a, "press", asked.Confirm.Key))
	broken, ok := done.Events[0].Event.(release.GlassBroken)
	if !ok || !slices.Equal(broken.Glass.Whole, []string{"nobody could see how tests stands (unavailable)"}) {
		t.Errorf("it did %+v", done.Events)
	}
	if r := h.release(id); r.Stage() != workflows.GA {
		t.Errorf("it is %s", r.Whereabouts())
	}
}

// The glass is not broken where a look would do, and what was seen on the way is on record.
func TestGlassOverWhatIsSeen(t *testing.T) {
	h, id := green(t)
	h.refuses(h.ask("ana", id, release.BreakGlass{Why: "it is down"}), workflows.Unchanged)
	h.repo.says(check("build", workflows.CheckFailed))
	got := h.confirmed(h.ask("ana", id, release.BreakGlass{Why: "it is down"}))
	if broken := got.Events[0].Event.(release.GlassBroken).Glass; !slices.Equal(broken.Open, []string{"ga.ready/tests"}) {
		t.Errorf("over %v", broken.Open)
	}
}

// What is seen of one candidate says nothing of another, and what the rounds heard meanwhile is not overlooked.
func TestMovesWhileLooking(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(*house, workflows.ReleaseID)
		want      workflows.Reason
	}{
		"the candidate moves": {func(h *house, id workflows.ReleaseID) {
			h.must(h.ask("ben", id, release.SetCandidate{Ref: "dddddddd"}))
		}, workflows.NotReady}, // its votes are stale: nothing is looked for any more
		"another look hears that it failed": {func(h *house, id workflows.ReleaseID) {
			a := h.machine("github", id, release.News{})
			h.repo.says(check("build", workflows.CheckFailed))
			h.must(a)
			h.repo.says(check("build", workflows.CheckPassed))
		}, ""},
		"a hold": {func(h *house, id workflows.ReleaseID) { h.must(h.ask("mia", id, release.HoldOn{Why: "x"})) }, workflows.OnHold},
	} {
		t.Run(name, func(t *testing.T) {
			h, id := green(t)
			once := true
			h.repo.looking = func() {
				if once {
					once = false
					c.meanwhile(h, id)
				}
			}
			got, err := h.do(h.ask("ana", id, release.Advance{}))
			if no := refusalOf(err); c.want == "" && (err != nil || got.Confirm == nil) || c.want != "" && (no == nil || no.Reason != c.want) {
				t.Errorf("it was answered %+v, %v", got.Confirm, err)
			}
		})
	}
}

// A dry run looks, says what would be, and leaves nothing.
func TestDryRunLooks(t *testing.T) {
	h, id := green(t)
	a := h.ask("ana", id, release.Advance{})
	a.Dry = true
	for _, c := range []struct {
		state workflows.CheckState
		want  workflows.Reason
	}{{workflows.CheckPassed, ""}, {workflows.CheckFailed, workflows.NotReady}} {
		h.repo.says(check("build", c.state))
		h.unchanged("a dry run", func() {
			_, err := h.do(a)
			if no := refusalOf(err); (c.want == "") != (err == nil) || no != nil && no.Reason != c.want {
				t.Errorf("%s: %v", c.state, err)
			}
		})
	}
	if len(h.repo.asked) != 2 {
		t.Errorf("it looked %d times", len(h.repo.asked))
	}
}

// Who may not, and what leads towards safety, asks nobody outside; nor does a gate that no machine speaks of.
func TestWhatAsksNobody(t *testing.T) {
	h, id := green(t)
	h.confirmed(h.ask("ana", id, release.Advance{}))
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.must(h.ask("ana", "app@1.0", flag.New{Key: "search"}))
	h.pass("app@1.0")
	h.repo.asked, h.repo.fails = nil, noAnswer()
	h.refuses(h.ask("zoe", id, release.Advance{}), workflows.NotAllowed)
	h.must(h.ask("mia", id, release.HoldOn{Why: "errors"}))
	h.must(h.ask("ana", id, release.Resume{}))
	h.confirmed(h.ask("ben", id, release.RollBack{Why: "errors"}))
	kill := h.ask("ben", "", flag.Kill{Note: "errors"})
	kill.On.Flag = "search"
	h.must(kill)
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"announced", "healthy"}}))
	h.must(h.ask("ana", "app@1.0", release.Advance{}))
	if len(h.repo.asked) > 0 {
		t.Errorf("asked was %+v", h.repo.asked)
	}
}

// To bring to users what nothing hides from them opens it: the checks are looked at first. A rollback, and what goes
// elsewhere, wait for nobody.
func TestDeployLooksFirst(t *testing.T) {
	h, id := green(t, func(f *Forge) { f.Deploys = map[workflows.Environment]string{"production": "deploy.yml"} })
	h.repo.says(check("build", workflows.CheckFailed))
	deploy := func() workflows.Ask { return h.ask("ana", id, release.Deploy{Env: "production"}) }
	h.refuses(deploy(), workflows.NotReady)
	h.repo.says(check("build", workflows.CheckPassed))
	a := deploy()
	asked := h.must(a)
	h.repo.fails = noAnswer()
	h.refuses(press(a, "press away", asked.Confirm.Key), workflows.Unavailable)
	h.repo.fails = nil
	got := h.must(press(a, "press", asked.Confirm.Key))
	if diff := cmp.Diff([]string{"release.deploy_begun"}, kinds(got.Events)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// While looks fail nobody is alarmed at once; after a quarter of an hour it is said since when, and why, until one ends well.
func TestSilence(t *testing.T) {
	h, id := green(t)
	at := h.now
	look := func(fails error) {
		h.repo.fails = fails
		h.n++
		_, _ = h.Hear(t.Context(), workflows.Ask{ID: fmt.Sprint("silence-", h.n), Bot: "github", When: h.now}, "acme/web")
	}
	is := func(want workflows.Silence) {
		t.Helper()
		f, err := h.Facts(t.Context(), "chat/ana", "chat/#app", id, h.now)
		if err != nil || f.Silent != want {
			t.Errorf("at %s: %+v, %v, want %+v", h.now.Format("15:04"), f.Silent, err, want)
		}
	}
	h.now = at.Add(15 * time.Minute)
	look(noAnswer())
	is(workflows.Silence{})
	h.now = at.Add(16 * time.Minute)
	is(workflows.Silence{Forge: "acme/web", Since: at, Why: "GitHub: the checks: no connection"})
	look(errors.New("a secret of the store's"))
	is(workflows.Silence{Forge: "acme/web", Since: at, Why: "the bot's log says why"})
	look(workflows.Refuse("bad_token", "it was revoked"))
	is(workflows.Silence{Forge: "acme/web", Since: at, Why: "it was revoked"})
	look(nil)
	is(workflows.Silence{})
	h.now = h.now.Add(time.Hour) // nobody looked: /readyz says so
	is(workflows.Silence{})
	h.restart()
	look(noAnswer())
	is(workflows.Silence{})
}

// Of tags that nobody can list, checks and deployments that were looked at are no older.
func TestSilenceIsOfChecksAndDeployments(t *testing.T) {
	h := newHouse(t, webbed())
	id := h.web()
	h.repo.untagged = noAnswer()
	for range 3 {
		h.now, h.n = h.now.Add(10*time.Minute), h.n+1
		if _, err := h.Hear(t.Context(), workflows.Ask{ID: fmt.Sprint("tags-", h.n), Bot: "github", When: h.now}, "acme/web"); err == nil {
			t.Error("the tags were listed")
		}
	}
	f, err := h.Facts(t.Context(), "chat/ana", "chat/#app", id, h.now)
	if err != nil || f.Silent != (workflows.Silence{}) {
		t.Errorf("%+v, %v", f.Silent, err)
	}
}

// A repository whose host lets each look run out of time is silent; a look that is called off says nothing.
func TestSilenceOfWhoKeepsOneWaiting(t *testing.T) {
	h, id := green(t)
	at := h.now
	h.now = at.Add(16 * time.Minute)
	look := func(ctx context.Context, end context.CancelFunc) {
		h.repo.looking, h.repo.fails = end, context.DeadlineExceeded
		h.n++
		_, _ = h.Hear(ctx, workflows.Ask{ID: fmt.Sprint("slow-", h.n), Bot: "github", When: h.now}, "acme/web")
		h.repo.looking, h.repo.fails = nil, nil
	}
	is := func(want workflows.Silence) {
		t.Helper()
		f, err := h.Facts(t.Context(), "chat/ana", "chat/#app", id, h.now)
		if err != nil || f.Silent != want {
			t.Errorf("%+v, %v, want %+v", f.Silent, err, want)
		}
	}
	look(context.WithCancel(t.Context()))
	is(workflows.Silence{})
	look(context.WithDeadline(t.Context(), at))
	is(workflows.Silence{Forge: "acme/web", Since: at, Why: "a look did not end in its time"})
}

// A gate that goes by a deployment looks at those to users, and not at the checks.
func TestAdvanceLooksAtTheDeployment(t *testing.T) {
	h := newHouse(t, docked)
	const id = "dock@1.0"
	h.must(h.ask("ana", "", release.New{ID: id, Ref: "aaaaaaaa", Template: "feature", Risk: "low", Why: "small"}))
	h.must(h.ask("ana", id, flag.New{Key: "search"}))
	h.docks(id, "staging")
	h.docks(id, "production")
	h.must(h.ask("ana", id, release.Sign{Items: []string{"performance-metrics", "utilization-metrics", "audit-logs", "security-assessment", "preliminary-docs"}}))
	for _, c := range []struct {
		state  workflows.DeployState
		silent error
		want   workflows.Reason
		heard  string
	}{
		{workflows.DeployFailed, nil, workflows.NotReady, "[release.deployed release.withdrawn desk.refused]"},
		{workflows.DeploySucceeded, noAnswer(), workflows.NotReady, "[desk.refused]"}, // nobody heard that it is well again
		{workflows.DeploySucceeded, nil, "", "[release.deployed release.signed release.passed]"},
	} {
		h.repo.deploys[0].State, h.repo.silent, h.repo.asked = c.state, c.silent, nil
		n := len(h.ledger())
		_, err := h.do(h.ask("ana", id, release.Advance{}))
		if no := refusalOf(err); (c.want == "") != (err == nil) || no != nil && no.Reason != c.want {
			t.Errorf("%s, %v: %v", c.state, c.silent, err)
		}
		if got := fmt.Sprint(h.since(n)); got != c.heard {
			t.Errorf("%s, %v: on record is %s, want %s", c.state, c.silent, got, c.heard)
		}
		want := workflows.Query{Forge: "acme/dock", Envs: map[workflows.Environment]string{"production": "deploy.yml"}, Only: true}
		if c.silent == nil && !cmp.Equal(h.repo.asked, []workflows.Query{want}) {
			t.Errorf("asked was %+v", h.repo.asked)
		}
	}
	h.must(h.ask("ana", id, release.HoldOn{Why: "x"})) // what is not there yet is of no matter to it
}
