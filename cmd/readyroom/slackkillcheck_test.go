//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// triggerOf is the trigger of a command, by which the bot knows it.
func triggerOf(e slackfake.Envelope) string {
	var c struct {
		Trigger string `json:"trigger_id"`
	}
	_ = json.Unmarshal(e.Payload, &c)
	return c.Trigger
}

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
