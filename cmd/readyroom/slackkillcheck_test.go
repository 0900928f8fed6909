//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var quietLog = log.New(io.Discard, "", 0)

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }

// triggerOf is the trigger of a command, by which the bot knows it.
func triggerOf(e slackfake.Envelope) string {
	var c struct {
		Trigger string `json:"trigger_id"`
	}
	_ = json.Unmarshal(e.Payload, &c)
	return c.Trigger
}

var variable = regexp.MustCompile(`\b[0-9]{2}:[0-9]{2}\b`)

// shown is all that stands in the channels.
func (o *slackOrdeal) shown() []string {
	return shownIn(o.fake, "C0APP", "C0TWO", o.fake.DM("U0ANA"), o.fake.DM("U0BEN"))
}

// shownIn is all that stands in some channels, without times and keys: each message once, under the one it answers.
func shownIn(f *slackfake.Fake, channels ...string) (all []string) {
	text := func(m slackfake.Message) string {
		s := keyPattern.ReplaceAllString(variable.ReplaceAllString(m.Text, "TIME"), "KEY")
		return fmt.Sprintf("%s (%d characters, blocks %v)", workflows.Display(s, 200), len(s), len(m.Blocks) > 0)
	}
	for _, channel := range channels {
		roots := map[string]string{}
		for _, m := range f.Messages(channel) {
			if m.ThreadTS == "" {
				roots[m.TS] = text(m)
			}
		}
		for _, m := range f.Messages(channel) {
			line := channel + ": " + text(m)
			if m.ThreadTS != "" {
				line = channel + ": under " + workflows.Display(roots[m.ThreadTS], 60) + ": " + text(m)
			}
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return all
}

// trace is where all lives came by.
func (o *slackOrdeal) trace() []passed {
	text, err := os.ReadFile(filepath.Join(o.dir, "trace"))
	if err != nil {
		o.t.Fatal(err)
	}
	return readTrace(text)
}

// delivered are the kinds of deliveries that were told.
func (o *slackOrdeal) delivered() []string {
	seen := map[string]bool{}
	for _, p := range o.trace() {
		if p.Claim != nil && p.Claim.Kind == workflows.Tell {
			seen[p.Doing] = true
		}
	}
	return sortedKeys(seen)
}

// everywhere looks whether somebody died at the point with everything that comes by there.
func (o *slackOrdeal) everywhere(point string) {
	if point == callCame || point == callDone {
		for _, shape := range []string{
			"auth.test", "chat.postMessage", "chat.postMessage thread_ts", "chat.postMessage direct", "chat.postMessage thread_ts #2",
			"chat.postMessage thread_ts answer", "chat.update ts", "conversations.history", "conversations.open", "conversations.replies ts", "users.info",
		} {
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
	if o.deaths < len(slackKinds) {
		o.t.Errorf("%d died at %s", o.deaths, point)
	}
}

// compare holds what came of it to what came of an ordeal in which nobody was killed.
func (o *slackOrdeal) compare(whole *slackOrdeal) {
	if o.t.Failed() {
		return
	}
	o.examine()
	if len(o.asked) != len(whole.asked) {
		o.t.Errorf("%d commands were acknowledged, and %d where nobody was killed", len(o.asked), len(whole.asked))
	}
	if diff := cmp.Diff(whole.shown(), o.shown()); diff != "" {
		o.t.Errorf("what Slack shows (-nobody killed +killed):\n%s", diff)
	}
}

// examine holds what is in the store to what Slack has, and to what people were told.
func (o *slackOrdeal) examine() {
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

func (o *slackOrdeal) examineTx(tx *storage.Tx) error {
	for trigger, said := range o.asked {
		if _, ok, err := tx.Answer("slack/command/" + trigger); err != nil || !ok {
			o.t.Errorf("acknowledged, and nothing of it is in the store: %s (%v)", said, err)
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

func (o *slackOrdeal) stands(channel, ts string) bool {
	return slices.ContainsFunc(o.fake.Messages(channel), func(m slackfake.Message) bool { return m.TS == ts })
}

// keys: whatever the bot posted has blocks, also after an edit, and bears the key of a delivery that was claimed, or of an answer; no key is there twice, and
// nothing was announced twice.
func (o *slackOrdeal) keys() {
	claims := map[string]storage.Claim{}
	for _, p := range o.trace() {
		if p.Point == bot.Claimed {
			claims[p.Claim.ID] = *p.Claim
		}
	}
	times := map[string]int{}
	for _, m := range o.fake.Posted() {
		var data struct {
			Payload struct{ Key string } `json:"event_payload"`
		}
		_ = json.Unmarshal(m.Metadata, &data)
		key, part, _ := strings.Cut(data.Payload.Key, "#")
		c, ok := claims[key]
		if len(m.Blocks) <= len("null") {
			o.t.Errorf("%q has no blocks after %d edits", m.Text, m.Edits)
		}
		switch {
		case strings.HasPrefix(key, "answer/"):
			times[key+part]++
		case !ok:
			o.t.Errorf("%q is of no delivery: %q", m.Text, data.Payload.Key)
		default:
			times[announcement(c)+part]++
		}
	}
	for what, n := range times {
		if n > 1 {
			o.t.Errorf("%s is there %d times", what, n)
		}
	}
}
