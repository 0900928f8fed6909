package desk

import (
	"context"
	"errors"
	flagset "flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
)

// The whole process over a real store, with people, handles, roles that come and go, candidates that move, machines,
// faults and restarts; what must never break is checked after every step.
func TestModelOnMemory(t *testing.T) {
	runs(t, 2)
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
	runs(t, 5)
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(dir, fmt.Sprint(n, ".db"))
		runModel(rt, func() (storage.Engine, error) { return bolt.Open(path, bolt.Options{Create: true}) })
	})
}

// runs has a test make a part of the runs that -rapid.checks asks for: each is some thirty acts with all their checks.
func runs(t *testing.T, part int) {
	t.Helper()
	checks := flagset.Lookup("rapid.checks").Value
	all := checks.String()
	n, err := strconv.Atoi(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := checks.Set(strconv.Itoa(max(1, n/part))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = checks.Set(all) })
}

func runModel(t *rapid.T, open func() (storage.Engine, error)) {
	m := &model{open: open, fake: &chattest.Fake{}, repo: riskyCommits(), now: monday, sent: map[string]storage.Delivery{},
		fold: map[workflows.Stream]*fold{}, cfg: modelConfig(testBook())}
	m.last = newWorld(m.repo)
	m.start(t)
	defer func() { _ = m.store.Close() }()
	for len(m.world().releases) == 0 {
		m.actNew(t)
	}
	t.Repeat(m.actions())
	m.settle(t)
	m.check(t)
	m.keptApart(t)
	m.verified(t)
	m.everythingSaid(t)
}

// model is one run: the real thing, and what the test remembers of what it was told.
type model struct {
	open   func() (storage.Engine, error)
	engine *storagetest.Faulty
	store  *storage.Store
	desk   *Desk
	cfg    Config
	policy string // the hash of the configuration that the ledger named last
	repo   *repo
	fake   *chattest.Fake
	now    time.Time
	n      int

	seen      []ledger.Record // the ledger, as far as it was looked at
	folded    int             // and as far as it was folded
	fold      map[workflows.Stream]*fold
	last      *world // the ledger replayed
	replayed  int
	sent      map[string]storage.Delivery // by key: what was on its way when the platform got it
	early     []string                    // what reached the platform before its intent was committed
	asked     []asked
	questions []question
	codes     []string // that were handed out
	killed    bool     // the process dies before the next outcome is recorded
	faults    bool     // the platform refused something for good
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
	book *policy.Book
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
	m.last.cfgs[m.cfg.Book.Hash] = m.cfg
	if err := m.desk.Start(t.Context(), m.now); err != nil {
		t.Fatal(err)
	}
	m.killed = false
	m.inForce(t)
}

// inForce: a configuration that came into force is in the ledger, alone, and one that was in force already is not.
func (m *model) inForce(t *rapid.T) {
	hash := m.cfg.Book.Hash
	if hash == m.policy {
		return
	}
	fresh := m.news(t)
	if len(fresh) != 1 || fresh[0].Kind != "desk.policy" || fresh[0].Policy != hash || !strings.Contains(string(fresh[0].Data), hash) {
		t.Fatalf("%s came into force, and the ledger got %+v", hash, fresh)
	}
	m.policy = hash
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
	tip, _, err := tx.Last()
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
