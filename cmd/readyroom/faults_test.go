//go:build linux

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// odd is what comes in the place of a platform's answer.
type odd string

const (
	tooMany     odd = "too many, in a moment"
	tooManyYet  odd = "too many, some time"
	broken      odd = "500"
	away        odd = "503 in words"
	cutBefore   odd = "cut before the answer"
	cutAmid     odd = "cut in the answer"
	half        odd = "half of it"
	page        odd = "a page"
	empty       odd = "{}"
	null        odd = "null"
	bareYes     odd = "a bare yes"
	itsOwnFault odd = "its own fault"
	otherID     odd = "the id of something else"
)

// oddities are those that differ for the whole bot. Each platform's own matrix, beside its code, has more.
var oddities = []struct {
	odd
	never bool // nothing is done where this is answered
	done  bool // it is done wherever this is answered
}{
	{odd: tooMany, never: true}, {odd: tooManyYet, never: true},
	{odd: broken}, {odd: away}, {odd: cutBefore}, {odd: cutAmid}, {odd: half}, {odd: page}, {odd: empty}, {odd: null}, {odd: bareYes}, {odd: itsOwnFault},
	{odd: otherID, done: true},
}

// deed is what the bot does at a platform.
type deed string

const (
	posts   deed = "posting"
	edits   deed = "editing"
	reaches deed = "opening direct messages"
)

// trialCourse is what is typed, with the deed that the line leads to first.
var trialCourse = []struct {
	deed
	line string
}{
	{posts, "new app@1.0.0 --why small"},
	{edits, "hold app@1.0.0 -- to look"},
	{reaches, "item assign app@1.0.0 way-back @ben --due 2099-01-30"},
}

// Through the whole bot, store and desk too, whatever a platform answers, and whether it did what it was asked or not: what
// is told is there once, in its order, and the bot is well.
func TestFaults(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		want, _ := toldThrough(t, platform, nil)
		for _, c := range trialCourse {
			for _, o := range oddities {
				for _, stored := range []bool{false, true} {
					if o.never && stored || o.done && !stored {
						continue
					}
					t.Run(fmt.Sprintf("%s: %s, done %v", c.deed, o.odd, stored), func(t *testing.T) {
						got, met := toldThrough(t, platform, func(p frail, at deed) bool { return at != c.deed || p.fails(at, o.odd, stored) })
						if diff := cmp.Diff(want, got); met && diff != "" {
							t.Errorf("what people read (-well +with the fault):\n%s", diff)
						}
					})
				}
			}
		}
	})
}

// toldThrough has a release made, held, and an item assigned, with a fault on the way; it gives what stands in the end, and
// whether there is such a fault.
func toldThrough(t *testing.T, platform func(*testing.T) frail, fault func(frail, deed) bool) (stands []string, met bool) {
	d := newTrial(t, platform, nil)
	for _, c := range trialCourse {
		if fault != nil && !fault(d.frail, c.deed) {
			t.Skip("there is no such answer there")
		}
		d.enters("app", c.line)
	}
	d.passes(3 * time.Hour)
	if n := d.unmet(); n != 0 {
		t.Errorf("%d faults were not met", n)
	}
	if err := d.unwell(); err != nil {
		t.Errorf("in the end it is not well: %v", err)
	}
	return d.stands("#app", "@ana", "@ben"), true
}

// Where a platform can not even be asked whether a message is there, nobody posts it again: a human is asked, with a link.
func TestCannotBeAsked(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		for _, stored := range []bool{false, true} {
			d := newTrial(t, platform, nil)
			d.enters("app", trialCourse[0].line)
			d.fails(posts, cutBefore, stored)
			d.blind()
			d.says(t.Context(), "ben", "app", "hold app@1.0.0 -- to look")
			d.passes(3 * time.Hour)
			held := 0
			for _, l := range d.stands("#app") {
				if strings.Contains(l, "@ben put it on hold") {
					held++
				}
			}
			if (held == 1) != stored || held > 1 {
				t.Errorf("stored %v: it stands there %d times: %q", stored, held, d.stands("#app"))
			}
			told := d.stands("@ana")
			if len(told) != 1 || !strings.Contains(told[0], "nobody can say whether a step") || !strings.Contains(told[0], "https://") {
				t.Errorf("stored %v: the owner was told %q", stored, told)
			}
		}
	})
}

// Nobody can write in a channel any more: the owner hears of it once, at once. What was said meanwhile is told there, once,
// when it is back.
func TestChannelShut(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		want := toldShut(t, platform, "")
		for _, how := range platform(t).shuts() {
			t.Run(how, func(t *testing.T) {
				if diff := cmp.Diff(want, toldShut(t, platform, how)); diff != "" {
					t.Errorf("what people read (-open +shut for a while):\n%s", diff)
				}
			})
		}
	})
}

func toldShut(t *testing.T, platform func(*testing.T) frail, how string) []string {
	d := newTrial(t, platform, nil)
	d.enters("app", trialCourse[0].line)
	if how != "" {
		d.shut("app", how, true)
	}
	for _, l := range []string{trialCourse[1].line, trialCourse[2].line, "resume app@1.0.0 -- seen"} {
		d.enters("general", l)
		owner := d.stands("@ana")
		if how != "" && (len(owner) != 1 || !strings.Contains(owner[0], "nothing can be told in") || !strings.Contains(owner[0], "https://")) {
			t.Errorf("after %q the owner was told %q", l, owner)
		}
	}
	if how != "" {
		d.shut("app", how, false)
	}
	d.passes(3 * time.Hour)
	if owner := d.stands("@ana"); how != "" && (len(owner) != 2 || !strings.Contains(strings.Join(owner, "\n"), "can be told again")) {
		t.Errorf("in the end the owner was told %q", owner)
	}
	return d.stands("#app", "@ben")
}

// The token is revoked before what was said is told: the bot is not ready and says why; with a new one in force, all of it
// is told once, and the bot is well again.
func TestTokenRevoked(t *testing.T) {
	told := func(t *testing.T, platform func(*testing.T) frail, revoked bool) []string {
		d := newTrial(t, platform, nil)
		d.enters("app", trialCourse[0].line)
		for _, c := range trialCourse[1:] {
			if a := d.says(t.Context(), "ana", "app", c.line); a.wrong != "" {
				t.Errorf("%q: %s", c.line, a.wrong)
			}
		}
		if revoked {
			token := d.revokes(t)
			d.passes(time.Hour)
			until(t, "the bot is not well", func() bool { return d.unwell() != nil })
			if err := d.unwell(); !strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), token) {
				t.Errorf("not well: %v", err)
			}
			d.grants(t)
			if err := d.reload(t.Context()); err != nil {
				t.Error(err)
			}
			until(t, "the bot is well again", func() bool { return d.unwell() == nil })
		}
		d.passes(3 * time.Hour)
		return d.stands("#app", "@ben", "@ana")
	}
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		if diff := cmp.Diff(told(t, platform, false), told(t, platform, true)); diff != "" {
			t.Errorf("what people read (-well +revoked for a while):\n%s", diff)
		}
	})
}
