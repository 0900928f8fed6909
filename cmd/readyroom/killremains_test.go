//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// printed is what the test reads of a line of JSON.
type printed struct {
	Kind    string
	At      time.Time
	Message *chat.Message
	Refusal struct{ Reason workflows.Reason }

	raw string
}

func (p *printed) answer() bool { return p.Kind == "ephemeral" || p.Kind == "reply" }

// key is the key of the question, or of the way back, that an answer offers.
func (p *printed) key() string { return keyPattern.FindString(p.raw) }

// words is what an answer says of what its line did: what it says behind that, of the gate and of what to type next, is
// true when it is printed. Of an answer that shows how things stand it is only whether it was refused; of a dry run,
// which nobody remembers, nothing.
func (p *printed) words(l *line) string {
	if !l.stored() {
		return ""
	}
	said := string(p.Refusal.Reason)
	if !l.shows() && p.Message != nil {
		head, _, _ := strings.Cut(p.Message.Title, " · ")
		head, _, _ = strings.Cut(head, " → /")
		said += head + p.key()
	}
	return said
}

// said is a message in the chat's memory.
type said struct {
	ID, Key, Place, Thread string
	Edit                   bool
	Message                chat.Message
}

// remains is what a life left behind.
type remains struct {
	*ordeal
	events  []ledger.Record
	asked   map[string]bool // every request that has an answer
	pending map[string]storage.Pending
	sent    map[string]storage.Delivered
	claims  map[string]storage.Claim // every delivery that was ever claimed, as it was last
	wakes   map[string]bool          // the requests of wake-ups, and of acts that ended
	chat    []said
}

// examine holds what is there after a life to what must be.
func (o *ordeal) examine() *remains {
	r := &remains{ordeal: o, asked: map[string]bool{}, pending: map[string]storage.Pending{}, sent: map[string]storage.Delivered{},
		claims: map[string]storage.Claim{}, wakes: map[string]bool{}}
	if _, err := os.Stat(o.data()); errors.Is(err, fs.ErrNotExist) {
		if o.acked > 0 {
			o.t.Fatal("lines were answered, and there is no data directory")
		}
		return r
	}
	r.whole()
	if err := errors.Join(r.readClaims(), r.readChat(), r.readStore()); err != nil {
		o.t.Fatal(err)
	}
	r.answers()
	r.halves()
	r.claimants()
	r.intents()
	r.copies()
	return r
}

// whole: the ledger continues the tip that was kept of it, and the whole store is as `readyroom verify` wants it.
func (r *remains) whole() {
	tip, err := datadir.Tip(r.data())
	if err != nil {
		r.t.Fatal(err)
	}
	v, err := verifyFile(r.t.Context(), datadir.Database(r.data()), []ledger.Tip{tip})
	if err = errors.Join(err, v.wrong()); err != nil {
		r.t.Error(err)
	}
}

func (r *remains) readClaims() error {
	text, err := os.ReadFile(filepath.Join(r.dir, "trace"))
	for _, p := range readTrace(text) {
		if p.Point != bot.Claimed {
			continue
		}
		c := *p.Claim
		r.claims[c.ID] = c
		if c.Kind == workflows.Wake {
			r.wakes["wake/"+c.ID+"/"+c.Due.UTC().Format(time.RFC3339Nano)] = true
		}
		if c.Kind == workflows.Act {
			r.wakes["acted/"+c.ID+"/"+string(workflows.Done)] = true
		}
	}
	return err
}

func (r *remains) readChat() error {
	data, err := os.ReadFile(filepath.Join(r.data(), "console.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for text := range bytes.Lines(data) {
		var m said
		if json.Unmarshal(text, &m) == nil { // the last may be torn: it does not count
			r.chat = append(r.chat, m)
		}
	}
	return err
}

func (r *remains) readStore() error {
	engine, err := bolt.OpenReadOnly(datadir.Database(r.data()))
	if err != nil {
		return err
	}
	s, err := storage.OpenToRead(r.t.Context(), engine)
	if err != nil {
		return errors.Join(err, engine.Close())
	}
	return errors.Join(s.View(r.t.Context(), r.readTx), s.Close())
}

func (r *remains) readTx(tx *storage.Tx) error {
	err := tx.Ledger(0, func(e ledger.Record) (bool, error) { r.events = append(r.events, e); return true, nil })
	if err != nil {
		return err
	}
	err = tx.Deliveries(func(p storage.Pending) (bool, error) { r.pending[p.ID] = p; return true, nil })
	if err != nil {
		return err
	}
	for id := range r.claims {
		d, ok, err := tx.Sent(id)
		if err != nil {
			return err
		}
		if ok {
			r.sent[id] = d
		}
	}
	for _, e := range r.events {
		if strings.HasPrefix(e.Ask, "acted/") || strings.HasPrefix(e.Ask, "github/") { // how an act ended is asked by whoever carried it out, and how GitHub stands by whoever looked
			if _, r.asked[e.Ask], err = tx.Answer(e.Ask); err != nil {
				return err
			}
		}
	}
	for id := range r.wakes {
		if _, r.asked[id], err = tx.Answer(id); err != nil {
			return err
		}
	}
	for _, l := range r.lines {
		a, ok, err := tx.Answer(l.id)
		if err != nil {
			return err
		}
		r.asked[l.id] = ok
		r.keeps(l, string(a.Data))
	}
	return nil
}

// keeps: an answer that was printed is kept, and one that is kept stays as it is.
func (r *remains) keeps(l *line, kept string) {
	switch {
	case l.was != nil && l.stored() && kept == "":
		r.t.Errorf("%s %q was answered with %s, and nothing of it is in the store", l.id, l.text, l.was.raw)
	case !l.stored() && kept != "":
		r.t.Errorf("%s %q left the answer %s", l.id, l.text, kept)
	case l.kept != "" && l.kept != kept:
		r.t.Errorf("the answer to %s changed from %s to %s", l.id, l.kept, kept)
	}
	l.kept = kept
}
