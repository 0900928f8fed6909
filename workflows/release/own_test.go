package release

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows/policy"
)

// Folding in place gives the same states, and leaves the events as they were.
func TestEvolveOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opened := recordedAt(Opened{ID: "app@1.0", Number: 1, Risk: policy.Normal, Gates: simple.At(policy.Low), Manager: "ana"}, 0)
		given, own := Evolve(Release{}, opened), EvolveOwn(Release{}, opened)
		for n := range rapid.IntRange(1, 40).Draw(t, "events") {
			e := recordedAt(drawEvent(t, given), n)
			before, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if given, own = Evolve(given, e), EvolveOwn(own, e); read(given) != read(own) {
				t.Fatalf("%T gives\n%s\nand in place\n%s", e.Event, read(given), read(own))
			}
			if after, err := json.Marshal(e); err != nil || string(after) != string(before) {
				t.Fatalf("%T changed, %v\n%s\n%s", e.Event, err, before, after)
			}
		}
	})
}
