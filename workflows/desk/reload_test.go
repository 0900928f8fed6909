package desk

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// signedBy is a configuration under which one person alone may sign tests; its hash is that person's name, and so is all
// that readers may see of it.
func signedBy(who workflows.PersonID) Config {
	b := testBook()
	b.Hash = string(who)
	b.Roles = map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{who}}, workflows.SRE: {People: []workflows.PersonID{"ana"}}}
	c := testConfig(b)
	c.Join = string(who)
	p := c.Products["app"]
	p.Branch = string(who)
	p.Environments = []workflows.Environment{workflows.Environment("only-" + who), "production"}
	c.Products["app"] = p
	c.Templates = maps.Clone(c.Templates)
	c.Templates[string(who)] = c.Templates[c.Default]
	return c
}

func (h *house) reload(c Config) {
	h.Helper()
	if err := h.Reload(context.Background(), c, h.now); err != nil {
		h.Fatal(err)
	}
	h.cfg = c
}

// oneAfterTheOther fails unless the ledger falls into parts, each decided under the configuration that begins it, and
// unless whoever signed could sign under it, and whoever was refused could not.
func oneAfterTheOther(t testing.TB, records []ledger.Record) (signed, refused int) {
	t.Helper()
	in := ""
	for _, r := range records {
		if r.Kind == (ledger.Policy{}).Kind() {
			in = r.Policy
		}
		if r.Policy != in {
			t.Errorf("event %d, %s, was decided under %s while %s was in force", r.Seq, r.Kind, r.Policy, in)
		}
		switch by := string(r.By.Person); {
		case r.Kind == "release.signed":
			if signed++; by != r.Policy {
				t.Errorf("event %d: %s signed under %s", r.Seq, by, r.Policy)
			}
		case r.Kind == (ledger.Refused{}).Kind():
			if refused++; by == r.Policy {
				t.Errorf("event %d: %s was refused under %s: %s", r.Seq, by, r.Policy, r.Data)
			}
		}
	}
	return signed, refused
}

// Votes, looks and reads while the configuration flips: each is judged by one configuration, whole.
func TestReloadWhilePeopleWork(t *testing.T) {
	h := newHouse(t)
	const each, flips = 60, 60
	for _, who := range []string{"ben", "mia"} {
		h.must(h.ask("ana", "", release.New{ID: workflows.ReleaseID("app@" + who), Risk: policy.Low}))
	}
	h.reload(signedBy("ben"))
	var people, readers sync.WaitGroup
	done := make(chan struct{})
	for _, who := range []string{"ben", "mia"} {
		for caller := range 2 {
			people.Go(func() {
				for i := range each {
					id := workflows.ReleaseID("app@" + who)
					a := signs(id, i, int64(i))
					a.ID, a.By = fmt.Sprint(who, caller, "-", i), workflows.Handle("chat/"+who)
					a.Wish = release.Sign{Items: []string{"tests"}, Value: []release.Value{release.OK, release.NA}[i%2], Note: "seen"}
					if i%4 == 0 {
						a.Wish = release.SetCandidate{Ref: refs[i%len(refs)]}
					}
					if _, err := h.do(a); err != nil && refusalOf(err) == nil {
						t.Error(err)
					} else if no := refusalOf(err); no != nil && no.Reason != workflows.NotAllowed && no.Reason != workflows.Unchanged {
						t.Errorf("%s: %v", a.ID, no)
					}
				}
			})
		}
	}
	readers.Go(func() { h.readsWhole(done) })
	configs := []Config{signedBy("mia"), signedBy("ben")}
	for i := range flips {
		if err := h.Reload(t.Context(), configs[i%2], monday); err != nil {
			t.Error(err)
		}
	}
	people.Wait()
	close(done)
	readers.Wait()
	signed, refused := oneAfterTheOther(t, unsaid(h.ledger()))
	if signed == 0 || refused == 0 {
		t.Errorf("%d signed, %d refused: nothing was tried", signed, refused)
	}
}

// unsaid leaves out refusals that have nothing to do with who asks.
func unsaid(all []ledger.Record) (out []ledger.Record) {
	for _, r := range all {
		if !strings.Contains(string(r.Data), `"reason":"unchanged"`) {
			out = append(out, r)
		}
	}
	return out
}

// readsWhole reads until done, and fails when an answer is of two configurations.
func (h *house) readsWhole(done chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
			h.readsWho()
			h.readsFacts("app@ben")
		}
	}
}

func (h *house) readsWho() {
	h.Helper()
	v, err := h.Who(context.Background(), "chat/ana")
	if err != nil || v.Book.Hash != v.Join {
		h.Errorf("the book of %s beside the words of %s (%v)", v.Book.Hash, v.Join, err)
	}
}

func (h *house) readsFacts(id workflows.ReleaseID) {
	h.Helper()
	f, err := h.Facts(context.Background(), "chat/ana", "chat/#app", id, monday)
	if _, ok := f.Templates[f.Book.Hash]; err != nil || !ok {
		h.Errorf("the book of %s beside the templates of another (%v)", f.Book.Hash, err)
	}
}

// between is an engine that lets something happen before the next view.
type between struct {
	storage.Engine
	viewing func()
}

func (b *between) View(ctx context.Context, fn func(storage.Reader) error) error {
	if happens := b.viewing; happens != nil {
		b.viewing = nil
		happens()
	}
	return b.Engine.View(ctx, fn)
}

// A configuration that comes into force just before a reader's view is not that reader's.
func TestReloadWhileReading(t *testing.T) {
	e := &between{Engine: memory.New()}
	h := &house{TB: t, repo: fiveCommits(), now: monday}
	h.open(e, signedBy("ben"))
	t.Cleanup(func() { _ = h.store.Close() })
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: policy.Low}))
	for read, who := range map[string]workflows.PersonID{"who": "mia", "facts": "zoe"} {
		e.viewing = func() { h.reload(signedBy(who)) }
		map[string]func(){"who": h.readsWho, "facts": func() { h.readsFacts("app@1.0") }}[read]()
		if h.rules.Load().Join != string(who) {
			t.Errorf("%s: nothing was reloaded", read)
		}
	}
}

// What waits for a commit while the configuration is replaced is decided under the new one.
func TestReloadOvertakesWhatIsNotDecided(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: policy.Low}))
	h.reload(signedBy("ben"))
	letGo := h.engine.Hold()
	reloaded, voted := make(chan error), make(chan error)
	go func() { reloaded <- h.Reload(context.Background(), signedBy("mia"), h.now) }()
	for range 100 { // until it is on its way
		if !h.deciding.TryRLock() {
			break
		}
		h.deciding.RUnlock()
		time.Sleep(time.Millisecond)
	}
	vote := h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}})
	go func() {
		_, err := h.do(vote)
		voted <- err
	}()
	time.Sleep(20 * time.Millisecond)
	letGo()
	if err := <-reloaded; err != nil {
		t.Fatal(err)
	}
	if no := refusalOf(<-voted); no == nil || no.Reason != workflows.NotAllowed {
		t.Errorf("ben's vote, after mia took over: %v", no)
	}
	oneAfterTheOther(t, h.ledger())
}

// What was looked up under a configuration that was replaced meanwhile is looked up again.
func TestReloadWhileLooking(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: policy.Low}))
	h.reload(signedBy("ben"))
	flips := 0
	h.repo.looking = func() {
		if flips++; flips <= 5 { // more often than what changes in the store is looked at again
			h.reload(signedBy("ben"))
		}
	}
	h.must(h.ask("ben", "app@1.0", release.SetCandidate{Ref: "bbbbbbbb"}))
	h.repo.looking = func() {
		h.repo.looking = nil
		h.reload(signedBy("mia"))
	}
	h.refuses(h.ask("ben", "app@1.0", release.SetCandidate{Ref: "cccccccc"}), workflows.NotAllowed)
	oneAfterTheOther(t, h.ledger())
}

// A configuration that cannot be put in force leaves the old one, whole: nothing is written, nothing is judged by it.
func TestReloadThatFails(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: policy.Low}))
	h.must(h.ask("ana", "app@1.0", flag.New{Key: "search"}))
	h.reload(signedBy("ben"))
	unzoned := signedBy("mia")
	p := unzoned.Book.People["zoe"]
	unzoned.Week.Zone = time.FixedZone("Nowhere/Land", 3600) // no schedule can be set in it
	p.Zone = ""
	unzoned.Book.People["zoe"] = p
	for why, c := range map[string]struct {
		cfg   Config
		fault error
	}{
		"schedules that cannot be": {unzoned, nil},
		"a full disk":              {signedBy("mia"), fmt.Errorf("write: %w", storage.ErrFull)},
	} {
		t.Run(why, func(t *testing.T) {
			h.unchanged(why, func() {
				if c.fault != nil {
					h.engine.Fail(c.fault)
				}
				if err := h.Reload(t.Context(), c.cfg, h.now); err == nil {
					t.Error("it is in force")
				}
				if v, err := h.Who(t.Context(), "chat/ben"); err != nil || v.Book.Hash != "ben" || v.Join != "ben" {
					t.Errorf("readers see %s, %v", v.Join, err)
				}
				if _, err := h.Evaluate("only-ben", "search", "u1"); err != nil {
					t.Error(err)
				}
			})
			h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}, Note: why}))
		})
	}
	h.reload(signedBy("mia"))
	if _, err := h.Evaluate("only-mia", "search", "u1"); err != nil {
		t.Error(err)
	}
}

// A reload brings reminders in line as a start does: newcomers get theirs, a new time replaces the old one.
func TestReloadBringsSchedulesInLine(t *testing.T) {
	h := newHouse(t)
	c := testConfig(testBook())
	c.Book.Hash = "another"
	c.Book.People["new"] = person("new")
	c.Digest = spec("07:30")
	h.reload(c)
	h.reload(c)
	got := map[string]string{}
	for _, p := range h.queue() {
		if got[p.Slot] != "" {
			t.Errorf("%s waits twice", p.Slot)
		}
		got[p.Slot] = p.When.Format("15:04")
	}
	want := map[string]string{"schedule/readiness/": "09:30"}
	for _, who := range []string{"ana", "ben", "mia", "leo", "zoe", "new"} {
		want["schedule/digest/"+who] = "07:30"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Where users are is the configuration's to say: after a reload they are asked about where they are now.
func TestReloadMovesUsers(t *testing.T) {
	h := openFlags(t)
	if e, err := h.Evaluate("", "all", "u1"); err != nil || e.Env != "production" || !e.Value {
		t.Fatalf("%+v, %v", e, err)
	}
	c := testConfig(testBook())
	c.Book.Hash = "moved"
	c.Products["app"] = Product{Repository: "repo", Environments: []workflows.Environment{"production", "staging", "abroad"}}
	h.reload(c)
	if e, err := h.Evaluate("", "all", "u1"); err != nil || e.Env != "abroad" || e.Value {
		t.Errorf("%+v, %v", e, err)
	}
}
