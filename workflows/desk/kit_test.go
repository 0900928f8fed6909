package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// monday is when the tests' time begins.
var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// person makes somebody with two handles.
func person(id workflows.PersonID, code ...string) workflows.Person {
	return workflows.Person{ID: id, Name: strings.ToUpper(string(id)), Code: code, NoCode: len(code) == 0,
		Handles: []workflows.Handle{workflows.Handle("other/T1/" + id), workflows.Handle("chat/" + id)}}
}

// teamOfFive is: ana and ben write code, mia does not, leo's address nobody knows, zoe is only told things.
func teamOfFive() map[workflows.PersonID]workflows.Person {
	people := map[workflows.PersonID]workflows.Person{}
	for _, p := range []workflows.Person{person("ana", "ana@example.org"), person("ben", "ben@example.org"), person("mia"),
		{ID: "leo", Handles: []workflows.Handle{"chat/leo"}}, person("zoe")} {
		people[p.ID] = p
	}
	return people
}

// everyRole gives each role of PROCESS the same holders.
func everyRole(ids ...workflows.PersonID) map[workflows.Role]policy.Members {
	return map[workflows.Role]policy.Members{workflows.EveryRole: {People: ids}}
}

func testBook() *policy.Book {
	return &policy.Book{Owners: []workflows.PersonID{"ana"}, People: teamOfFive(), Roles: everyRole("ana", "ben", "mia", "leo"), Hash: "policy-1",
		Audiences: []policy.Audience{
			{Name: "news", Place: "chat/#news", Public: true},
			{Name: "support", People: []workflows.PersonID{"mia", "zoe"}, Quota: 50},
		}}
}

func spec(text string) calendar.Spec {
	s, err := calendar.ParseSpec(text)
	if err != nil {
		panic(err)
	}
	return s
}

func week() calendar.Week {
	days, err := calendar.ParseDays("mon-fri")
	hours, err2 := calendar.ParseHours("09:00-17:00")
	if err := errors.Join(err, err2); err != nil {
		panic(err)
	}
	return calendar.Week{Days: days, Hours: hours, Zone: time.UTC}
}

func testConfig(b *policy.Book) Config {
	return Config{Book: b, Products: map[workflows.Product]Product{
		"app":  {Repository: "repo", Environments: []workflows.Environment{"staging", "production"}},
		"shop": {Repository: "repo"},
		"hub":  {Repository: "repo", Forge: Forge{Repository: "acme/hub"}},
	}, Templates: release.Templates(), Default: release.DefaultTemplate, Week: week(), Digest: spec("09:00"), Readiness: spec("weekdays 09:30"),
		Platforms: []string{"chat"}}
}

// house is a desk over a store in memory that can be made to fail, and the hand that asks it.
type house struct {
	testing.TB
	*Desk
	repo   *repo
	engine *storagetest.Faulty
	cfg    Config
	now    time.Time
	n      int
}

func newHouse(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	cfg := testConfig(testBook())
	for _, f := range change {
		f(&cfg)
	}
	h := &house{TB: t, repo: fiveCommits(), now: monday}
	h.open(memory.New(), cfg)
	t.Cleanup(func() { _ = h.store.Close() })
	return h
}

func (r *house) open(e storage.Engine, cfg Config) {
	r.Helper()
	r.engine, r.cfg = storagetest.Wrap(e), cfg
	store, err := storage.Open(context.Background(), r.engine, storage.Options{})
	if err != nil {
		r.Fatal(err)
	}
	r.Desk = New(store, r.repo, cfg)
	if err := r.Start(context.Background(), r.now); err != nil {
		r.Fatal(err)
	}
}

// restart closes the store and opens what is left, perhaps under another configuration.
func (r *house) restart(change ...func(*Config)) {
	r.Helper()
	if err := r.store.Close(); err != nil {
		r.Fatal(err)
	}
	cfg := r.cfg
	for _, f := range change {
		f(&cfg)
	}
	r.open(r.engine.Engine.(*memory.Engine).Reopen(), cfg)
}

// ask makes a request of a person, each with an id of its own.
func (r *house) ask(who string, on workflows.ReleaseID, wish workflows.Intent) workflows.Ask {
	r.n++
	return workflows.Ask{ID: fmt.Sprint("ask-", r.n), By: workflows.Handle("chat/" + who), At: "chat/#app", On: workflows.Selectors{Release: string(on)},
		When: r.now, Line: fmt.Sprintf("%T %+v", wish, wish), Wish: wish}
}

// machine makes a request of the bot's own.
func (r *house) machine(name string, on workflows.ReleaseID, wish workflows.Intent) workflows.Ask {
	a := r.ask("", on, wish)
	a.By, a.Bot = "", name
	return a
}

func (r *house) do(a workflows.Ask) (workflows.Receipt, error) { return r.Do(context.Background(), a) }

// must carries out an ask that has to succeed.
func (r *house) must(a workflows.Ask) workflows.Receipt {
	r.Helper()
	got, err := r.do(a)
	if err != nil {
		r.Fatalf("%s by %s: %v", a.Line, a.By, err)
	}
	return got
}

// refuses carries out an ask that has to be refused with a reason.
func (r *house) refuses(a workflows.Ask, want workflows.Reason) workflows.Refusal {
	r.Helper()
	got, err := r.do(a)
	no := refusalOf(err)
	if no == nil || no.Reason != want {
		r.Fatalf("%s by %s: %+v, %v; want a refusal %s", a.Line, a.By, got.Events, err, want)
	}
	return *no
}

// press carries out the same wish again, as the press of a question or an undo.
func press(a workflows.Ask, id string, key string) workflows.Ask {
	a.ID, a.Press = id, key
	return a
}

// confirmed asks, and presses the question that comes.
func (r *house) confirmed(a workflows.Ask) workflows.Receipt {
	r.Helper()
	q := r.must(a)
	if q.Confirm == nil {
		r.Fatalf("%s by %s was not asked to confirm", a.Line, a.By)
	}
	return r.must(press(a, a.ID+"-press", q.Confirm.Key))
}

func (r *house) release(id workflows.ReleaseID) release.Release {
	r.Helper()
	got, err := r.Release(context.Background(), workflows.Selectors{Release: string(id)}, "")
	if err != nil {
		r.Fatal(err)
	}
	return got
}

// ledger is everything that happened.
func (r *house) ledger() []ledger.Record {
	r.Helper()
	records, err := ledgerOf(r.store, 0)
	if err != nil {
		r.Fatal(err)
	}
	return records
}

// ledgerOf is what the ledger holds behind a number.
func ledgerOf(s *storage.Store, after workflows.Seq) (all []ledger.Record, err error) {
	err = s.View(context.Background(), func(tx *storage.Tx) error {
		return tx.Ledger(after, func(r ledger.Record) (bool, error) {
			all = append(all, r)
			return true, nil
		})
	})
	return all, err
}

// queueOf is every delivery that is not settled, in the order of enqueueing.
func queueOf(s *storage.Store) (all []storage.Pending, err error) {
	err = s.View(context.Background(), func(tx *storage.Tx) error {
		return tx.Deliveries(func(p storage.Pending) (bool, error) {
			all = append(all, p)
			return true, nil
		})
	})
	return all, err
}

func (r *house) queue() []storage.Pending {
	r.Helper()
	all, err := queueOf(r.store)
	if err != nil {
		r.Fatal(err)
	}
	return all
}

// dump is a digest of every byte that an engine holds.
func dump(e storage.Engine) (string, error) {
	sum := sha256.New()
	err := e.View(context.Background(), func(r storage.Reader) error {
		return r.Scan(storage.Range{}, func(k, v []byte) (bool, error) {
			_, err := fmt.Fprintf(sum, "%d %d %s%s", len(k), len(v), k, v)
			return true, err
		})
	})
	return string(sum.Sum(nil)), err
}

// unchanged runs fn and fails if a single byte of the store is another afterwards.
func (r *house) unchanged(why string, fn func()) {
	r.Helper()
	before, err := dump(r.engine)
	if err != nil {
		r.Fatal(err)
	}
	fn()
	after, err := dump(r.engine)
	if err != nil {
		r.Fatal(err)
	}
	if before != after {
		r.Errorf("%s changed the store", why)
	}
}

func refusalOf(err error) *workflows.Refusal {
	var no *workflows.Refusal
	if errors.As(err, &no) {
		return no
	}
	return nil
}

func kinds(events []workflows.Recorded) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.Event.Kind())
	}
	return out
}

func whats(told []workflows.Told) []string {
	var out []string
	for _, t := range told {
		out = append(out, fmt.Sprintf("%s %s", t.What, t.Place))
	}
	return out
}
