//go:build linux

package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var quietLog = log.New(io.Discard, "", 0)

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }

var variable = regexp.MustCompile(`\b[0-9]{2}:[0-9]{2}\b`)

// trace is where all lives came by.
func (o *chatOrdeal) trace() []passed {
	text, err := os.ReadFile(filepath.Join(o.dir, "trace"))
	if err != nil {
		o.t.Fatal(err)
	}
	return readTrace(text)
}

// delivered are the kinds of deliveries that were told.
func (o *chatOrdeal) delivered() []string {
	seen := map[string]bool{}
	for _, p := range o.trace() {
		if p.Claim != nil && p.Claim.Kind == workflows.Tell {
			seen[p.Doing] = true
		}
	}
	return sortedKeys(seen)
}

// everywhere looks whether somebody died at the point with everything that comes by there.
func (o *chatOrdeal) everywhere(point string, calls ...string) {
	if point == callCame || point == callDone {
		for _, shape := range calls {
			if !o.called[shape] {
				o.t.Errorf("nobody died at %s with %q, but with %q", point, shape, sortedKeys(o.called))
			}
		}
		return
	}
	here, died := map[string]bool{}, map[string]bool{}
	for _, p := range o.trace() {
		here[p.Doing] = here[p.Doing] || p.Point == point
		died[p.Doing] = died[p.Doing] || p.Dies
	}
	for doing, came := range here {
		if came && !died[doing] {
			o.t.Errorf("nothing died at %s doing %q", point, doing)
		}
	}
	if o.deaths < len(chatKinds) {
		o.t.Errorf("%d died at %s", o.deaths, point)
	}
}

// compare holds what came of it to what came of an ordeal in which nobody was killed.
func (o *chatOrdeal) compare(whole *chatOrdeal) {
	if o.t.Failed() {
		return
	}
	o.examine()
	if len(o.asked) != len(whole.asked) {
		o.t.Errorf("%d commands were answered, and %d where nobody was killed", len(o.asked), len(whole.asked))
	}
	if diff := cmp.Diff(whole.shown(), o.shown()); diff != "" {
		o.t.Errorf("what is shown (-nobody killed +killed):\n%s", diff)
	}
}

// examine holds what is in the store to what the platform has, and to what people were told.
func (o *chatOrdeal) examine() {
	tip, err := datadir.Tip(o.data())
	if err != nil {
		o.t.Fatal(err)
	}
	v, err := verifyFile(o.t.Context(), datadir.Database(o.data()), []ledger.Tip{tip})
	if err = errors.Join(err, v.wrong()); err != nil {
		o.t.Error(err)
	}
	engine, err := bolt.OpenReadOnly(datadir.Database(o.data()))
	if err != nil {
		o.t.Fatal(err)
	}
	s, err := storage.OpenToRead(o.t.Context(), engine)
	if err != nil {
		o.t.Fatal(errors.Join(err, engine.Close()))
	}
	if err := errors.Join(s.View(o.t.Context(), o.examineTx), s.Close()); err != nil {
		o.t.Error(err)
	}
	o.keys()
}

func (o *chatOrdeal) examineTx(tx *storage.Tx) error {
	for id, said := range o.asked {
		if _, ok, err := tx.Answer(id); err != nil || !ok {
			o.t.Errorf("answered, and nothing of it is in the store: %s (%v)", said, err)
		}
	}
	for _, p := range o.trace() {
		if p.Point != bot.Claimed || p.Claim.Kind != workflows.Tell {
			continue
		}
		d, ok, err := tx.Sent(p.Claim.ID)
		if err != nil {
			return err
		}
		if channel, ts, _ := strings.Cut(d.Message, "/"); !ok || !o.stands(channel, ts) {
			o.t.Errorf("%s to %s: sent %v, as %q", p.Doing, p.Claim.Place, ok, d.Message)
		}
	}
	return tx.Deliveries(func(p storage.Pending) (bool, error) {
		if p.Kind != workflows.Wake {
			o.t.Errorf("%s to %s is left, %s: %s", p.What, p.Place, p.State, p.Err)
		}
		return true, nil
	})
}
