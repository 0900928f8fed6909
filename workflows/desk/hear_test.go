package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
)

// webbed adds the product web, with a clone and a repository at a forge.
func webbed(change ...func(*Forge)) func(*Config) {
	return func(c *Config) {
		f := Forge{Repository: "acme/web", Tag: "v" + TagVersion, Opens: "v*"}
		for _, fn := range change {
			fn(&f)
		}
		c.Products = maps.Clone(c.Products)
		c.Products["web"] = Product{Repository: "clone", Branch: "main", Home: "chat/#web", Forge: f}
		b := *c.Book
		b.Checked = map[workflows.Product]bool{"web": !f.Unchecked}
		b.Hash += "-web"
		c.Book = &b
	}
}

// hear is one look at each repository.
func (h *house) hear() (all []workflows.Receipt) {
	h.Helper()
	for _, forge := range h.Forges() {
		h.n++
		got, err := h.Hear(context.Background(), workflows.Ask{ID: fmt.Sprint("look-", h.n), Bot: "github", When: h.now}, forge)
		if err != nil {
			h.Fatal(err)
		}
		all = append(all, got...)
	}
	return all
}

// happened is the kinds of what looks recorded.
func happened(got []workflows.Receipt) []string {
	var out []string
	for _, r := range got {
		out = append(out, kinds(append(slices.Clone(r.Events), r.Follows...))...)
	}
	return out
}

func (h *house) looks(t testing.TB, what string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, happened(h.hear())); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func check(name string, s workflows.CheckState) workflows.Check {
	return workflows.Check{Name: name, State: s, Link: "https://ci.example.org/" + name}
}

// shared is what happens of itself at a forge: each kind of it.
func (h *house) shared() {
	h.Helper()
	cfg := h.cfg
	if cfg.Products == nil {
		cfg = testConfig(testBook())
	}
	webbed()(&cfg)
	h.reload(cfg)
	h.repo.tag("v0.9.0", "aaaaaaaa")
	h.repo.point("refs/heads/main", "cccccccc")
	h.hear()
	h.must(h.ask("ana", "", release.New{ID: "web@2.0.0", Ref: "bbbbbbbb", Template: "hotfix", Why: "small"}))
	h.must(h.ask("ana", "web@2.0.0", release.SetCandidate{Ref: "main", Watch: true}))
	h.repo.says(check("build", workflows.CheckPassed))
	h.hear()
	h.repo.says(check("build", workflows.CheckFailed))
	h.hear()
	h.repo.point("refs/heads/main", "dddddddd")
	h.hear()
	h.repo.point("refs/heads/main", "")
	h.hear()
	h.repo.point("refs/heads/main", "dddddddd")
	h.hear()
	h.must(h.ask("ana", "web@2.0.0", release.SetCandidate{Ref: "dddddddd"}))
	h.repo.tag("v1.0.0", "bbbbbbbb")
	h.repo.tag("v2.0.0", "cccccccc")
	h.hear()
	h.repo.tag("v1.0.0", "cccccccc")
	h.hear()
}

// tag makes a tag, or moves it.
func (r *repo) tag(name, commit string) {
	r.tags = slices.DeleteFunc(slices.Clone(r.tags), func(t workflows.Tagged) bool { return t.Name == name })
	r.tags = append(r.tags, workflows.Tagged{Name: name, Object: commit, Commit: true})
	r.point("refs/tags/"+name, commit)
}

// point makes a ref stand for a commit; for none, it is gone.
func (r *repo) point(ref, commit string) {
	if r.refs == nil {
		r.refs = map[string]string{}
	}
	r.refs[ref] = commit
	if commit == "" {
		delete(r.refs, ref)
	}
}

// says is what the checks of the third commit say from here on.
func (r *repo) says(checks ...workflows.Check) {
	if r.checks == nil {
		r.checks = map[string][]workflows.Check{}
	}
	r.checks["cccccccc"] = checks
}

// web opens a release whose candidate is the third commit, which main points at.
func (h *house) web() workflows.ReleaseID {
	h.Helper()
	h.repo.point("refs/heads/main", "cccccccc")
	h.must(h.ask("ana", "", release.New{ID: "web@2.0.0", Ref: "refs/heads/main", Template: "hotfix", Why: "small"}))
	return "web@2.0.0"
}

func noTags(f *Forge) { f.Opens = "" }

// What people make of the pull request for a change log is looked at until it is merged, also when the release is closed, and
// only where the product still is.
func TestTheChangelogIsAnswered(t *testing.T) {
	h := newHouse(t, coded, shared)
	const id = workflows.ReleaseID("app@2.0.0")
	h.must(h.ask("ana", "", release.New{ID: id, Template: "simple"}))
	h.must(h.ask("ben", id, notes.Edit{Text: "It is faster."}))
	h.must(h.ask("ana", id, notes.Approve{}))
	h.pass(id)
	out := h.confirmed(h.ask("ana", id, notes.Publish{})).Events[0].Event.(notes.Published)
	h.ended(id, workflows.ActChangelog, out.Changelog, workflows.Done, "https://github.com/acme/app/pull/7", "")
	pull := func(s workflows.PullState) { h.repo.pulls = map[int]workflows.PullState{7: s, 8: workflows.PullMerged} }
	looks := func(what string, want ...string) {
		t.Helper()
		got := slices.DeleteFunc(happened(h.hear()), func(kind string) bool { return !strings.HasPrefix(kind, notes.Room+".") })
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	looks("it is not to be seen")
	pull(workflows.PullOpen)
	looks("it waits")
	pull(workflows.PullClosed)
	looks("it is closed", "notes.answered")
	h.unchanged("a look again", func() { looks("it is closed still") })
	told := func() (n int) {
		for _, p := range h.queue() {
			if p.What == notes.ToldUnmerged && p.Place == workflows.Direct("chat/ana") {
				n++
			}
		}
		return n
	}
	if told() != 1 {
		t.Errorf("its manager was told %d times", told())
	}
	out = h.confirmed(h.ask("ana", id, notes.Publish{Only: notes.ToChangelog})).Events[0].Event.(notes.Published)
	looks("another one is on its way")
	h.ended(id, workflows.ActChangelog, out.Changelog, workflows.Done, "https://github.com/acme/app/pull/8", "")
	if h.pass(id); !h.release(id).Over() {
		t.Error("the release is not closed")
	}
	h.reload(testConfig(testBook())) // the product is nowhere now
	asked := len(h.repo.asked)
	looks("of a product that is elsewhere")
	cfg := testConfig(testBook())
	shared(&cfg)
	h.reload(cfg)
	looks("it was merged", "notes.answered")
	for _, q := range h.repo.asked[asked:] {
		if q.Pull != 0 && (q.Pull != 8 || q.Forge != "acme/app" || q.Repository != "") {
			t.Errorf("asked was %+v", q)
		}
	}
	asked = len(h.repo.asked)
	looks("it is merged for good")
	if slices.ContainsFunc(h.repo.asked[asked:], func(q workflows.Query) bool { return q.Pull > 0 }) {
		t.Error("it is asked about still")
	}
	if lines, _, err := findings(h.store); err != nil || len(lines) > 0 {
		t.Errorf("%v %v", lines, err)
	}
}

func TestChecksVoteOnce(t *testing.T) {
	h := newHouse(t, webbed(noTags))
	h.web()
	h.looks(t, "nothing was said yet", "release.checked")
	h.repo.says(check("build", workflows.CheckPassed), check("lint", workflows.CheckRunning))
	h.looks(t, "one is running", "release.checked")
	h.repo.says(check("build", workflows.CheckPassed), check("lint", workflows.CheckPassed))
	h.looks(t, "all passed", "release.checked", "release.signed")
	h.unchanged("the same look again", func() {
		for range 100 {
			h.looks(t, "nothing is new")
		}
	})
	h.repo.says(check("build", workflows.CheckFailed), check("lint", workflows.CheckPassed))
	h.looks(t, "one failed", "release.checked", "release.withdrawn")
	r := h.release("web@2.0.0")
	if got := r.Checks.Words(); got != "build failed" || r.Checks.Link != "https://ci.example.org/build" {
		t.Errorf("the release says %q → %s", got, r.Checks.Link)
	}
	q := h.repo.asked[len(h.repo.asked)-1]
	if q.Repository != "" || q.Forge != "acme/web" || q.Ref != "cccccccc" || !q.Checks {
		t.Errorf("asked was %+v", q)
	}
}

// The repository's rules are asked for where nothing here says which checks must be well, and only there.
func TestRulesAreAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Forge)
		rules  bool
		words  string // of the checks, of which one that is not required passed
	}{
		"nothing is named": {noTags, true, "slow, which the repository requires, has not reported"},
		"build is named":   {func(f *Forge) { f.Opens, f.Checks = "", []workflows.CheckName{{Name: "build"}} }, false, "build passed"},
		"none says":        {func(f *Forge) { f.Opens, f.Unchecked = "", true }, false, ""},
	} {
		h := newHouse(t, webbed(c.change))
		h.web()
		h.repo.required = []workflows.CheckName{{Name: "slow"}}
		h.repo.says(check("build", workflows.CheckPassed))
		h.hear()
		if q := h.repo.asked[len(h.repo.asked)-1]; q.Rules != c.rules || q.Branch != "main" {
			t.Errorf("%s: asked was %+v", name, q)
		}
		if now, _ := h.release("web@2.0.0").Checking(); c.words != "" && now.Words() != c.words || c.words == "" && now.State != "" {
			t.Errorf("%s: the release says %q", name, now.Words())
		}
	}
}

// What nobody was let see changes nothing, and is the looker's to hear.
func TestUnseenIsNotGone(t *testing.T) {
	h := newHouse(t, webbed())
	h.web()
	h.repo.says(check("build", workflows.CheckPassed))
	h.hear()
	for _, fails := range []error{workflows.Refuse(workflows.NoRepository, "the token may not see it"), errors.New("it broke off")} {
		h.repo.fails = fails
		h.unchanged(fails.Error(), func() {
			_, err := h.Hear(context.Background(), workflows.Ask{ID: "unseen " + fails.Error(), Bot: "github", When: h.now}, "acme/web")
			if !errors.Is(err, fails) && refusalOf(err) == nil {
				t.Errorf("%v: %v", fails, err)
			}
		})
	}
	h.repo.fails = nil
	h.hear()
	if s := h.item("web@2.0.0", "ga.ready/tests"); s.State != release.Holds {
		t.Errorf("tests read %s %s", s.State, s.Reason)
	}
}

func TestWatchedBranch(t *testing.T) {
	h := newHouse(t, webbed(noTags))
	id := h.web()
	h.must(h.ask("ana", id, release.SetCandidate{Ref: "main", Watch: true}))
	if r := h.release(id); r.Candidate.Moves != 0 || r.Watching() != "main" {
		t.Errorf("to follow moved it: %+v", r.Candidate)
	}
	h.hear()
	h.repo.point("refs/heads/main", "dddddddd")
	h.looks(t, "main moved", "release.candidate_set", "release.checked")
	r := h.release(id)
	if r.Candidate.Commit.ID != "dddddddd" || r.Candidate.Commit.Ref != "main" || r.Watching() != "main" || r.Candidate.Moves != 1 {
		t.Errorf("the candidate is %+v", r.Candidate)
	}
	h.repo.point("refs/heads/main", "bbbbbbbb")
	h.repo.apart = true
	got := h.hear()
	if e, ok := got[0].Events[0].Event.(release.CandidateSet); !ok || !e.Forced || e.From != "dddddddd" {
		t.Errorf("a force push: %+v", got[0].Events)
	}
	h.repo.apart = false
	h.repo.point("refs/heads/main", "")
	h.looks(t, "main is gone", "release.branch_lost")
	h.looks(t, "main is gone still")
	if r := h.release(id); r.Candidate.Commit.ID != "bbbbbbbb" || r.Watching() != "main" {
		t.Errorf("the candidate is %+v", r.Candidate)
	}
	h.repo.point("refs/heads/main", "bbbbbbbb")
	h.looks(t, "main is there again", "release.watched")
	h.must(h.ask("ana", id, release.SetCandidate{Ref: "bbbbbbbb"}))
	h.repo.point("refs/heads/main", "eeeeeeee")
	h.looks(t, "nobody follows it any more")
}

// The branch may move between the look and its decision, or the candidate: the next look sees what is so.
func TestWatchedBranchMovesMeanwhile(t *testing.T) {
	h := newHouse(t, webbed(noTags))
	id := h.web()
	h.must(h.ask("ana", id, release.SetCandidate{Ref: "main", Watch: true}))
	once := true
	h.repo.point("refs/heads/main", "dddddddd")
	h.repo.looking = func() {
		if once {
			once = false
			h.must(h.ask("ana", id, release.SetCandidate{Ref: "aaaaaaaa"}))
		}
	}
	h.hear()
	if r := h.release(id); r.Candidate.Commit.ID != "aaaaaaaa" || r.Watching() != "" {
		t.Errorf("the candidate is %+v, and somebody had set another that follows nothing", r.Candidate)
	}
}

func TestWatchEnds(t *testing.T) {
	for name, end := range map[string]func(*house, workflows.ReleaseID){
		"GA": func(h *house, id workflows.ReleaseID) {
			h.must(h.ask("ana", id, release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
			h.confirmed(h.ask("ana", id, release.Advance{}))
		},
		"cancelled": func(h *house, id workflows.ReleaseID) {
			h.confirmed(h.ask("ana", id, release.Set{Cancelled: true, Note: "no"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, webbed(noTags, func(f *Forge) { f.Unchecked = true }))
			h.repo.point("refs/heads/main", "cccccccc")
			const id = "web@1.0.0"
			h.must(h.ask("ana", "", release.New{ID: id, Ref: "refs/heads/main"}))
			h.must(h.ask("ana", id, release.SetCandidate{Ref: "main", Watch: true}))
			end(h, id)
			h.repo.point("refs/heads/main", "dddddddd")
			h.looks(t, "a push afterwards")
			if r := h.release(id); r.Candidate.Commit.ID != "cccccccc" || r.Watching() != "" {
				t.Errorf("the candidate is %+v", r.Candidate)
			}
		})
	}
}

func TestWatchIsRefused(t *testing.T) {
	h := newHouse(t, webbed(noTags))
	id := h.web()
	h.repo.tag("v1", "bbbbbbbb")
	h.refuses(h.ask("ana", id, release.SetCandidate{Ref: "v1", Watch: true}), workflows.UnknownRef)
	h.refuses(h.ask("ana", id, release.SetCandidate{Ref: "bbbbbbbb", Watch: true}), workflows.UnknownRef)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0.0"}))
	h.refuses(h.ask("ana", "app@1.0.0", release.SetCandidate{Ref: "main", Watch: true}), "not_configured")
}

// told is to whom the queue says something of tags.
func (h *house) toldOfTags() []string {
	h.Helper()
	var out []string
	for _, p := range h.queue() {
		if p.What == tags.Told {
			out = append(out, string(p.Place))
		}
	}
	return out
}

func TestTagsOpenReleases(t *testing.T) {
	h := newHouse(t, webbed(func(f *Forge) { f.Manager = "mia" }))
	for i := range 50 {
		h.repo.tag(fmt.Sprintf("v0.%d.0", i), "aaaaaaaa")
	}
	h.looks(t, "the first look", "tags.begun")
	h.looks(t, "the second look")
	h.repo.tag("v1.0.0", "bbbbbbbb")
	h.looks(t, "a tag", "release.opened", "release.bound", "tags.took", "notes.drafted")
	r := h.release("web@1.0.0")
	if r.Candidate.Commit.ID != "bbbbbbbb" || r.Candidate.Commit.Ref != "v1.0.0" || r.Manager != "mia" || r.Template != "simple" || !slices.Equal(r.Places, []workflows.Place{"chat/#web"}) {
		t.Errorf("it opened %+v", r)
	}
	n := h.state(workflows.StreamOf(notes.Room, "web@1.0.0")).(notes.Notes)
	if !strings.Contains(n.Text, "hange bbbbbbbb") || n.Commit != "bbbbbbbb" {
		t.Errorf("the notes read %q for %s", n.Text, n.Commit)
	}
	if got := h.toldOfTags(); !slices.Equal(got, []string{"chat/@mia"}) {
		t.Errorf("told were %q", got)
	}
	h.restart()
	h.looks(t, "after a restart", "release.checked")
	h.looks(t, "and again")
}

func (h *house) state(stream workflows.Stream) any {
	h.Helper()
	var out any
	ok(h, h.view(context.Background(), func(tx *storage.Tx) error {
		c, err := h.load(tx, stream, 0)
		out = c.state
		return err
	}))
	return out
}

// Who pushes all the tags that he has opens nothing, and the owners hear of it once.
func TestTagsInAHeap(t *testing.T) {
	h := newHouse(t, webbed())
	h.hear()
	for i := range 500 {
		h.repo.tag(fmt.Sprintf("v0.%d.0", i), "aaaaaaaa")
	}
	h.looks(t, "a heap", "tags.declined")
	if got := h.toldOfTags(); !slices.Equal(got, []string{"chat/@ana"}) {
		t.Errorf("told were %q", got)
	}
	h.looks(t, "afterwards")
	h.repo.tag("v1.0.0", "bbbbbbbb")
	h.looks(t, "one more", "release.opened", "release.bound", "tags.took", "notes.drafted")
}

// A tag at the commit of the release that it names is that release's own: nobody hears that it opened none.
func TestATagOfItsOwn(t *testing.T) {
	h := newHouse(t, webbed())
	h.hear()
	h.must(h.ask("ana", "", release.New{ID: "web@2.0.0", Ref: "aaaaaaaa"}))
	h.repo.tag("v2.0.0", "aaaaaaaa")
	h.looks(t, "its own tag", "release.checked", "tags.declined")
	if got := h.toldOfTags(); len(got) > 0 {
		t.Errorf("told were %q", got)
	}
	h.looks(t, "and again")
}

// A tag that cannot open a release is told once, to the owners, with what they can do; so is one that was moved.
func TestTagsThatOpenNothing(t *testing.T) {
	h := newHouse(t, webbed())
	h.hear()
	h.must(h.ask("ana", "", release.New{ID: "web@2.0.0", Ref: "aaaaaaaa"}))
	h.repo.tag("v2.0.0", "bbbbbbbb")   // is there
	h.repo.tag("vnext", "bbbbbbbb")    // no version
	h.repo.tag("v1.0.0+é", "bbbbbbbb") // neither
	h.repo.tags = append(h.repo.tags, workflows.Tagged{Name: "v3.0.0", Object: "77777777"})
	h.repo.tag("v4.0.0", "99999999") // gone until somebody looks
	h.looks(t, "five tags", "release.checked", "tags.declined", "tags.declined", "tags.declined", "tags.declined", "tags.declined")
	if got := h.toldOfTags(); !slices.Equal(got, slices.Repeat([]string{"chat/@ana"}, 5)) {
		t.Errorf("told were %q", got)
	}
	var why []string
	for _, r := range h.ledger() {
		if r.Kind == (tags.Declined{}).Kind() {
			e, err := recorded(r)
			ok(t, err)
			d := e.Event.(tags.Declined)
			why = append(why, d.Tag.Name+": "+d.Why+" → "+d.Next)
		}
	}
	for i, want := range []string{"v2.0.0: web 2.0.0 is there already, before GA → /release status web@2.0.0", "vnext: it names no version, as v1.0.0 does → /release new web@… --candidate TAG",
		"v1.0.0+é: it names no version", "v3.0.0: it points at no commit", "v4.0.0: no commit is called refs/tags/v4.0.0"} {
		if i >= len(why) || !strings.HasPrefix(why[i], want) {
			t.Errorf("%q lacks %q", why, want)
		}
	}
	h.looks(t, "once is enough")
	h.repo.tag("v5.0.0", "bbbbbbbb")
	h.hear()
	h.repo.tag("v5.0.0", "cccccccc")
	h.repo.tag("vnext", "cccccccc")
	h.looks(t, "two tags move", "release.checked", "tags.moved", "tags.moved")
	h.looks(t, "that is said once")
	if r := h.release("web@5.0.0"); r.Candidate.Commit.ID != "bbbbbbbb" {
		t.Errorf("the candidate followed the tag: %s", r.Candidate.Commit.ID)
	}
}

// What each commit changed is asked only where it is measured: since the product's last candidate in GA. Of a first release
// that is the candidate's own commit, however long its log is.
func TestFilesAreAskedForWhereTheyCount(t *testing.T) {
	h := newHouse(t)
	last := func() workflows.Query { return h.repo.asked[len(h.repo.asked)-1] }
	h.signedThrough("app@1.0")
	if q := last(); !q.Files || !q.OwnFiles {
		t.Errorf("of a first release: %+v", q)
	}
	h.confirmed(h.ask("ana", "app@1.0", release.Advance{}))
	h.must(h.ask("ana", "", release.New{ID: "app@1.1"}))
	if q := last(); !q.Files || q.OwnFiles || q.Since == "" {
		t.Errorf("of the next one: %+v", q)
	}
}

// While nobody can open it, a tag waits: the store may be full, the forge may be silent.
func TestTagsWait(t *testing.T) {
	h := newHouse(t, webbed())
	h.hear()
	h.repo.tag("v1.0.0", "bbbbbbbb")
	h.repo.looking = func() {
		if n := len(h.repo.asked); h.repo.asked[n-1].Tags != "" {
			h.repo.fails = errors.New("it broke off")
		}
	}
	_, err := h.Hear(context.Background(), workflows.Ask{ID: "broken", Bot: "github", When: h.now}, "acme/web")
	if err == nil {
		t.Error("nothing broke off")
	}
	h.repo.looking, h.repo.fails = nil, nil
	h.looks(t, "the next look", "release.opened", "release.bound", "tags.took", "notes.drafted")
}

// Another pattern, and another repository, begin anew: what is there is old.
func TestTagsBeginAnew(t *testing.T) {
	h := newHouse(t, webbed())
	h.repo.tag("v1.0.0", "aaaaaaaa")
	h.hear()
	h.restart(webbed(func(f *Forge) { f.Repository = "acme/site" }))
	h.repo.tag("v1.1.0", "bbbbbbbb")
	h.looks(t, "another repository", "tags.begun")
	h.looks(t, "it has begun")
	h.repo.tag("v1.2.0", "cccccccc")
	h.looks(t, "a tag there", "release.opened", "release.bound", "tags.took", "notes.drafted")
}

// The store fails, or does not say whether it kept what it got: what is left is all of it or nothing, and the next look
// makes all of it, once.
func TestTagsAndFaults(t *testing.T) {
	for name, fault := range map[string]func(*house){
		"failed": func(h *house) { h.engine.Fail(errors.New("no")) }, "lost": func(h *house) { h.engine.Lose(false) }, "kept": func(h *house) { h.engine.Lose(true) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, webbed())
			h.hear()
			h.repo.tag("v1.0.0", "bbbbbbbb")
			fault(h)
			if _, err := h.Hear(context.Background(), workflows.Ask{ID: "faulty", Bot: "github", When: h.now}, "acme/web"); err == nil {
				t.Error("nobody heard of the fault")
			}
			h.restart()
			h.later(time.Minute)
			h.hear()
			var got []string
			for _, r := range h.ledger() {
				if room := r.Stream.Room(); room == tags.Room || room == notes.Room || r.Kind == (release.Opened{}).Kind() {
					got = append(got, r.Kind)
				}
			}
			if want := []string{"tags.begun", "release.opened", "tags.took", "notes.drafted"}; !slices.Equal(got, want) {
				t.Errorf("there is %q, want %q", got, want)
			}
		})
	}
}

// A repository may be of several products, however each writes it; what is on its way is followed to its end also when its
// release is over.
func TestWhatIsHeardOf(t *testing.T) {
	h := newHouse(t, webbed(noTags), func(c *Config) {
		web := c.Products["web"]
		web.Forge.Deploys = map[workflows.Environment]string{"production": ""}
		c.Products["web"] = web
		web.Forge.Repository = "Acme/Web"
		c.Products["wiki"] = web
	})
	if got := h.Forges(); !slices.Equal(got, []string{"acme/hub", "acme/web"}) {
		t.Errorf("repositories: %q", got)
	}
	id := h.web()
	h.must(h.ask("ana", "", release.New{ID: "wiki@1.0.0", Ref: "aaaaaaaa", Why: "small"}))
	asks := func() []string {
		before := len(h.repo.asked)
		h.hear()
		var out []string
		for _, q := range h.repo.asked[before:] {
			out = append(out, q.Forge+" "+q.Ref)
		}
		return out
	}
	if diff := cmp.Diff([]string{"acme/web cccccccc", "Acme/Web aaaaaaaa"}, asks()); diff != "" {
		t.Error(diff)
	}
	h.must(h.ask("ana", id, release.SetCandidate{Ref: "refs/heads/main", Watch: true}))
	if diff := cmp.Diff([]string{"acme/web refs/heads/main", "acme/web cccccccc", "Acme/Web aaaaaaaa"}, asks()); diff != "" {
		t.Error(diff)
	}
	ok(t, h.store.Update(context.Background(), func(tx *storage.Tx) error {
		return (&session{tx: tx}).putRow(wayTable("web"), "production", release.Run{Release: id})
	}))
	if diff := cmp.Diff([]string{"acme/web refs/heads/main", "acme/web cccccccc", "Acme/Web aaaaaaaa"}, asks()); diff != "" {
		t.Errorf("an open release was asked of twice:\n%s", diff)
	}
	h.confirmed(h.ask("ana", id, release.Set{Cancelled: true, Note: "no"}))
	if diff := cmp.Diff([]string{"acme/web cccccccc", "Acme/Web aaaaaaaa"}, asks()); diff != "" {
		t.Error(diff)
	}
}
