//go:build linux

package main

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
)

var (
	killRounds = flag.Int("kill.rounds", 0, "how often the kill loop kills; 0: 100, or 40 under the race detector")
	killSeed   = flag.Uint64("kill.seed", 0, "seed of the kill loop; 0: another each time")
	torture    = flag.Bool("torture", false, "say how the kill loop goes as it goes")
)

// underRace is set where the race detector makes every life several times longer: there is less of it by default then.
var underRace = false

// aBlock is how many kills have a seed of their own.
const aBlock = 50

// The real program is killed at any moment, or at some passing of some point, while lines are typed. Whatever it had
// answered is in the store, whole; sending it again changes nothing and is answered the same; nothing is said twice,
// before it was meant, or never.
func TestKill(t *testing.T) {
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1e9
	}
	all := *killRounds
	if all == 0 {
		all = 2 * aBlock
		if underRace {
			all = 40
		}
	}
	for left := all; left > 0; left -= aBlock {
		rounds, seed := min(left, aBlock), seed+uint64((all-left)/aBlock)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			killing(t, rounds, seed)
		})
	}
}

// killing is one block of kills: one ordeal after another.
func killing(t *testing.T, rounds int, seed uint64) {
	chance := rand.New(rand.NewPCG(seed, 0))
	deaths, lives, acked := 0, 0, 0
	for deaths < rounds && !t.Failed() {
		o := newOrdeal(t, chance)
		for o.open() != nil && deaths+o.deaths < rounds && !t.Failed() {
			doom, after := o.fate()
			o.live(doom, after, o.some(3)...)
			o.examine()
		}
		o.end()
		deaths, lives, acked = deaths+o.deaths, lives+o.lives, acked+o.acked
	}
	found := "nothing found"
	if t.Failed() {
		found = "SOMETHING FOUND"
	}
	say := fmt.Sprintf("-kill.seed=%d -kill.rounds=%d: %d kills in %d lives, %d answers, %s", seed, rounds, deaths, lives, acked, found)
	t.Log(say)
	if *torture {
		fmt.Println(time.Now().UTC().Format(time.TimeOnly), say)
	}
}

// fate is how the next life ends: at a passing of a point, or after a while.
func (o *ordeal) fate() (doom string, after time.Duration) {
	if o.chance.IntN(3) == 0 {
		return "", 1 + time.Duration(o.chance.IntN(250))*time.Millisecond
	}
	return fmt.Sprint(points[o.chance.IntN(len(points))], " ", 1+o.chance.IntN(40)), 0
}

// end lets the program come to rest, and sends every line again: that changes nothing.
func (o *ordeal) end() {
	if o.t.Failed() {
		return
	}
	if !o.live("", 0) {
		o.t.Fatal("nobody killed it, and it died")
	}
	before := o.examine()
	before.quiet()
	if o.t.Failed() || !o.live("", 0, slices.DeleteFunc(slices.Clone(o.lines), (*line).waits)...) {
		return
	}
	if after := o.examine(); len(after.events) != len(before.events) || len(after.claims) != len(before.claims) {
		o.t.Errorf("sent again, the lines led from %d events and %d deliveries to %d and %d",
			len(before.events), len(before.claims), len(after.events), len(after.claims))
	}
}

// kinds are what there is to deliver, and how.
var kinds = []string{
	"anchor, post", "asked, direct", "assigned, direct", "away, direct", "back, direct", "briefing, direct", "briefing, edit", "briefing, post",
	"cancelled, post", "card, edit", "card, post", "changelog, act", "comment, act", "counter-briefing, direct", "deploy, act", "deploy-trouble, direct", "digest, direct", "feedback-planned, direct", "followed, direct", "held, post", "history, in a thread", "linked, direct",
	"manages, direct", "notes, edit", "notes, post", "notes-corrected, in a thread", "passed, post", "planned, direct", "publish, wake", "readiness, edit", "readiness, post", "release, act", "rolled-back, post", "schedule, wake", "sent-back, direct",
	"tag, act", "tick, wake", "unlinked, direct", "waived, direct",
}

// Program after program dies at each point: the first time that any comes by there with this line, or with this kind of
// delivery, until the lines are through.
func TestKillAtEveryPoint(t *testing.T) {
	if underRace && !*torture {
		t.Skip("programs die in the same places without the race detector, and it has TestKill")
	}
	var mu sync.Mutex
	deaths, seen := 0, map[string]bool{} // every point, and every kind, that a program came by
	t.Run("points", func(t *testing.T) {
		for _, point := range points {
			t.Run(point, func(t *testing.T) {
				t.Parallel()
				o := newOrdeal(t, rand.New(rand.NewPCG(1, 0)))
				for o.open() != nil && !t.Failed() {
					o.live(point+" new", 0, o.some(1)...)
					o.examine()
				}
				o.end()
				mu.Lock()
				defer mu.Unlock()
				deaths += o.deaths
				o.compare(point, seen)
			})
		}
	})
	if t.Failed() {
		return
	}
	t.Logf("%d deaths", deaths)
	if diff := cmp.Diff(slices.Sorted(slices.Values(slices.Concat(points, kinds))), sortedKeys(seen)); diff != "" {
		t.Errorf("points and kinds of deliveries (-listed +seen):\n%s", diff)
	}
}

// compare looks whether programs died at a point with everything that comes by there.
func (o *ordeal) compare(point string, seen map[string]bool) {
	text, err := os.ReadFile(filepath.Join(o.dir, "trace"))
	if err != nil {
		o.t.Fatal(err)
	}
	died, here := map[string]bool{}, map[string]bool{}
	for _, p := range readTrace(text) {
		if seen[p.Point] = true; p.Claim != nil {
			seen[p.Doing] = true
		}
		if here[p.Doing] = here[p.Doing] || p.Point == point; p.Dies {
			died[p.Doing] = true
		}
	}
	for _, l := range o.lines {
		switch {
		case l.waits():
		case point == answered, l.stored() && (point == storage.BeforeCommit || point == storage.AfterCommit), l.from > 0 && point == storage.AfterTip:
			here[l.id] = true
		}
	}
	for doing, came := range here {
		if came && !died[doing] {
			o.t.Errorf("nothing died at %s doing %q", point, doing)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
