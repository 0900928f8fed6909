package desk

import (
	"context"
	"encoding/json"
	"errors"
	flagset "flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
)

// The whole process over a real store, with people, handles, roles that come and go, candidates that move, machines,
// faults and restarts; what must never break is checked after every step.
func TestModelOnMemory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		last := memory.New()
		runModel(rt, func() (storage.Engine, error) {
			last = last.Reopen()
			return last, nil
		})
	})
}

// On bolt every commit waits for the disk, so there are fewer runs.
func TestModelOnBolt(t *testing.T) {
	checks := flagset.Lookup("rapid.checks")
	all := checks.Value.String()
	n, err := strconv.Atoi(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := checks.Value.Set(strconv.Itoa(max(1, n/3))); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = checks.Value.Set(all) }()
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(dir, fmt.Sprint(n, ".db"))
		runModel(rt, func() (storage.Engine, error) { return bolt.Open(path, bolt.Options{Create: true}) })
	})
}

func runModel(t *rapid.T, open func() (storage.Engine, error)) {
	m := &model{open: open, fake: &chattest.Fake{}, repo: fiveCommits(), now: monday, sent: map[string]storage.Delivery{},
		fold: map[workflows.Stream]*fold{}, cfg: testConfig(testBook())}
	m.start(t)
	defer func() { _ = m.store.Close() }()
	for len(m.world().releases) == 0 {
		m.actNew(t)
	}
	t.Repeat(m.actions())
	m.settle(t)
	m.check(t)
	m.keptApart(t)
	m.everythingSaid(t)
}

// model is one run: the real thing, and what the test remembers of what it was told.
type model struct {
	open   func() (storage.Engine, error)
	engine *storagetest.Faulty
	store  *storage.Store
	desk   *Desk
	cfg    Config
	repo   *repo
	fake   *chattest.Fake
	now    time.Time
	n      int

	seen      []storage.Record // the ledger, as far as it was looked at
	folded    int              // and as far as it was folded
	fold      map[workflows.Stream]*fold
	last      *world // the ledger replayed
	replayed  int
	sent      map[string]storage.Delivery // by key: what was on its way when the platform got it
	early     []string                    // what reached the platform before its intent was committed
	asked     []asked
	questions []question
	killed    bool // the process dies before the next outcome is recorded
	faults    bool // the platform refused something for good
}

// asked is an ask with what it was answered.
type asked struct {
	ask     workflows.Ask
	answer  string
	refused bool
}

// question is a confirmation or an undo that somebody may press.
type question struct {
	workflows.Pending
	ask  workflows.Ask
	tip  workflows.Seq // of what happened, without refusals
	used bool
}

func (m *model) start(t *rapid.T) {
	e, err := m.open()
	if err != nil {
		t.Fatal(err)
	}
	m.engine = storagetest.Wrap(e)
	if m.store, err = storage.Open(t.Context(), m.engine, storage.Options{}); err != nil {
		t.Fatal(err)
	}
	m.desk = New(m.store, m.repo, m.cfg)
	if err := m.desk.Start(t.Context(), m.now); err != nil {
		t.Fatal(err)
	}
	m.killed = false
}

// restart is the end of the process, be it orderly or not, and the beginning of the next one.
func (m *model) restart(t *rapid.T) {
	if err := m.store.Close(); err != nil {
		t.Fatal(err)
	}
	m.start(t)
}

// Send hands a post to the platform, after looking whether its intent is on record.
func (m *model) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	found := false
	err := m.store.View(ctx, func(tx *storage.Tx) error {
		return tx.Deliveries(func(d storage.Pending) (bool, error) {
			if d.ID == p.Key && d.State == storage.Claimed {
				found = true
				m.sent[p.Key] = d.Delivery
				_, err := m.desk.eventIn(tx, d.Seq)
				return false, err
			}
			return true, nil
		})
	})
	if err != nil || !found {
		m.early = append(m.early, fmt.Sprintf("%s to %s (%v)", p.Key, p.Place, err))
	}
	return m.fake.Send(ctx, p)
}

// Find asks the platform.
func (m *model) Find(ctx context.Context, p chat.Post) (chat.MessageID, bool, error) {
	return m.fake.Find(ctx, p)
}

// eventIn fails unless an event is on record; some deliveries follow from none.
func (d *Desk) eventIn(tx *storage.Tx, seq workflows.Seq) (bool, error) {
	tip, _, err := tx.Tip()
	if err == nil && seq > tip {
		err = fmt.Errorf("event %d of a delivery is not on record", seq)
	}
	return err == nil, err
}

var errKilled = errors.New("killed before the outcome was recorded")

// Settle dies instead when the model says so.
func (m *model) Settle(ctx context.Context, c storage.Claim, o storage.Outcome) error {
	if m.killed {
		return errKilled
	}
	return m.store.Settle(ctx, c, o)
}

// Claim is the store's.
func (m *model) Claim(ctx context.Context, now, until time.Time, limit int) ([]storage.Claim, error) {
	return m.store.Claim(ctx, now, until, limit)
}

// NextDue is the store's.
func (m *model) NextDue(ctx context.Context) (time.Time, bool, error) { return m.store.NextDue(ctx) }

// step lets the bot deliver what is due.
func (m *model) step(t *rapid.T) (next time.Time, waiting bool) {
	b := &bot.Bot{Queue: m, Reader: m.desk, Do: m.desk.Do, Senders: map[string]chat.Sender{"chat": m}, Log: slog.New(slog.DiscardHandler)}
	next, waiting, err := b.Step(t.Context(), m.now)
	switch {
	case errors.Is(err, errKilled):
		m.restart(t)
	case err != nil:
		t.Fatal(err)
	}
	return next, waiting
}

// settle goes on until nothing but schedules waits.
func (m *model) settle(t *rapid.T) {
	m.killed = false
	for range 60 {
		m.step(t)
		queue, err := queueOf(m.store)
		if err != nil {
			t.Fatal(err)
		}
		open := 0
		for _, p := range queue {
			if p.Kind == workflows.Tell && p.State != storage.Dead && p.State != storage.Stuck {
				open++
			}
		}
		if open == 0 {
			return
		}
		m.now = m.now.Add(6 * time.Minute)
	}
	t.Fatal("the queue never runs empty")
}

// do carries out one ask and holds its answer to the ledger.
func (m *model) do(t *rapid.T, a workflows.Ask) (workflows.Receipt, error) {
	before, err := dump(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.desk.Do(t.Context(), a)
	fresh := m.news(t)
	no := refusalOf(err)
	if err != nil && no == nil {
		t.Fatalf("%s: fault %v", a.Line, err)
	}
	after, err2 := dump(m.engine)
	if err2 != nil {
		t.Fatal(err2)
	}
	_, known := m.known(a.By)
	switch {
	case (a.Dry || no != nil && !known) && before != after:
		t.Fatalf("%s (dry: %t, refused: %v) changed the store", a.Line, a.Dry, no)
	case a.Dry:
	case no != nil && known && (len(fresh) != 1 || fresh[0].Kind != "desk.refused" || fresh[0].Ask != a.ID):
		t.Fatalf("%s was refused (%v) and left %d events", a.Line, no, len(fresh))
	case no == nil && got.Confirm != nil && len(fresh) > 0:
		t.Fatalf("%s only asked, and left %d events", a.Line, len(fresh))
	case no == nil && got.Confirm == nil:
		m.acknowledged(t, a, got, fresh)
	}
	m.remember(a, got, err)
	return got, err
}

// acknowledged: what a receipt says is in the ledger, and nothing else.
func (m *model) acknowledged(t *rapid.T, a workflows.Ask, got workflows.Receipt, fresh []storage.Record) {
	said := append(append([]workflows.Recorded(nil), got.Events...), got.Follows...)
	if len(said) != len(fresh) {
		t.Fatalf("%s: the receipt tells of %d events, the ledger of %d", a.Line, len(said), len(fresh))
	}
	for i, e := range said {
		r := fresh[i]
		data, _ := json.Marshal(e.Event)
		if r.Header != e.Header || r.Kind != e.Event.Kind() || string(data) != string(r.Data) || r.Ask != a.ID {
			t.Fatalf("%s: the receipt tells of %+v, the ledger of %+v %s", a.Line, e, r.Header, r.Data)
		}
		if r.Policy != m.cfg.Book.Hash {
			t.Fatalf("%s: decided under %s, recorded under %s", a.Line, m.cfg.Book.Hash, r.Policy)
		}
	}
}

// news is what the ledger got since it was last looked at.
func (m *model) news(t *rapid.T) []storage.Record {
	fresh, err := ledgerOf(m.store, workflows.Seq(len(m.seen)))
	if err != nil {
		t.Fatal(err)
	}
	m.seen = append(m.seen, fresh...)
	return fresh
}

func (m *model) remember(a workflows.Ask, got workflows.Receipt, err error) {
	no := refusalOf(err)
	if a.Dry {
		return
	}
	if got.Confirm != nil || got.Undo != nil {
		p := got.Confirm
		if p == nil {
			p = got.Undo
		}
		q := question{Pending: *p, ask: a, tip: m.happened()}
		if p.Undo {
			q.ask.Line, q.ask.Wish = p.Line, undoes(a.Wish)
		}
		m.questions = append(m.questions, q)
	}
	_, known := m.known(a.By)
	if no != nil && (!known || a.Bot != "") { // such answers are not kept
		return
	}
	m.asked = append(m.asked, asked{a, answerText(got, err), no != nil})
}

// undoes is the wish that an undo's line stands for.
func undoes(w workflows.Intent) workflows.Intent {
	if _, hold := w.(release.HoldOn); hold {
		return release.Resume{}
	}
	return flag.Set{Percent: 1}
}

// happened is the number of the last event that is no refusal.
func (m *model) happened() workflows.Seq {
	for i := len(m.seen) - 1; i >= 0; i-- {
		if m.seen[i].Kind != "desk.refused" {
			return m.seen[i].Seq
		}
	}
	return 0
}

// answerText is all that an answer says, but for whether it was given before.
func answerText(r workflows.Receipt, err error) string {
	if no := refusalOf(err); no != nil {
		b, _ := json.Marshal(no)
		items, _ := json.Marshal(no.Items)
		return string(b) + string(items)
	}
	r.Again = false
	if len(r.Events) == 0 {
		r.Before, r.After = nil, nil // told from the state of the moment
	}
	if len(r.Follows) == 0 {
		r.Follows = nil
	}
	b, jerr := json.Marshal(r)
	if jerr != nil {
		return jerr.Error()
	}
	return string(b)
}

func (m *model) known(h workflows.Handle) (workflows.PersonID, bool) {
	var who workflows.PersonID
	v, err := m.desk.Who(context.Background(), h)
	if err == nil && v.Known {
		who = v.Person.ID
	}
	return who, who != ""
}

// again sends an old ask once more: the same answer, and not a byte changes.
func (m *model) again(t *rapid.T, old asked) {
	before, err := dump(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	a := old.ask
	a.When = m.now
	got, err := m.desk.Do(t.Context(), a)
	if err == nil && !got.Again {
		t.Fatalf("%s again was carried out again", a.Line)
	}
	if text := answerText(got, err); text != old.answer {
		t.Fatalf("%s was answered (-) and again (+): %s", a.Line, cmp.Diff(old.answer, text))
	}
	if after, err := dump(m.engine); err != nil || before != after {
		t.Fatalf("%s again changed the store (%v)", a.Line, err)
	}
	m.news(t)
}
