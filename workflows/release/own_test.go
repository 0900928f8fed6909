package release

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Folding in place gives the same states, and leaves the events as they were.
func TestEvolveOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opened := recordedAt(Opened{ID: "app@1.0", Number: 1, Risk: policy.Normal, Gates: simple.At(policy.Low), Manager: "ana",
			After: []Dependency{{ID: "billing@2"}}}, 0)
		given, own := Evolve(Release{}, opened), EvolveOwn(Release{}, opened)
		past, said := []workflows.Recorded{opened}, []string{inWords(t, opened)}
		for n := range rapid.IntRange(1, 40).Draw(t, "events") {
			e := recordedAt(drawEvent(t, given), n)
			past, said = append(past, e), append(said, inWords(t, e))
			if given, own = Evolve(given, e), EvolveOwn(own, e); read(given) != read(own) {
				t.Fatalf("%T gives\n%s\nand in place\n%s", e.Event, read(given), read(own))
			}
			for i, was := range past {
				if now := inWords(t, was); now != said[i] {
					t.Fatalf("%T changed %T\n%s\n%s", e.Event, was.Event, said[i], now)
				}
			}
		}
	})
}

// written is an event as it is stored.
func inWords(t *rapid.T, e workflows.Recorded) string {
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
