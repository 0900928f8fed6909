package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
)

// TestParkedIsShown: which places take nothing, why and since when is for who asks on the host; whoever reads /readyz
// learns how many.
func TestParkedIsShown(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "readyroom.yaml", "owners: [ana]\npeople: {ana: {}}\n")
	start := func() *running {
		r, err := begin(t.Context(), wiring{command: serveName, dir: defaultData, create: true, acts: true, socket: filepath.Join(defaultData, socketFile), log: quiet(t.Output())})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	check := func(r *running) (found web.Checked) {
		for _, c := range web.Examine(r.checks()).Checks {
			if c.Name == "delivery" {
				found = c
			}
		}
		return found
	}
	r := start()
	if c := check(r); c.State != web.OK {
		t.Errorf("at first it is %+v", c)
	}
	for i, place := range []workflows.Place{"slack/T0ACME/C0APP", "slack/T0ACME/C0OPS"} {
		_, err := r.desk.Do(t.Context(), workflows.Ask{ID: string(place), Bot: "delivery", When: time.Now(),
			Wish: places.Trouble{Place: place, Fate: places.Parked, What: "card", Delivery: "x-1", Why: []string{"is_archived", "not_in_channel"}[i]}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r = start() // what the ledger knows, the next process knows
	defer func() { _ = r.Close() }()
	if _, _, err := r.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c := check(r); c.State != web.Warning || c.Why != "2 places parked: nothing is taken there until somebody mends that → readyroom status" {
		t.Errorf("two places take nothing, and it is %+v", c)
	}
	if n := r.numbers(t.Context()); n.Parked != 2 || !n.Readable {
		t.Errorf("the numbers are %+v", n)
	}
	var out bytes.Buffer
	if err := r.status(t.Context(), struct{}{}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Parked: slack/T0ACME/C0APP takes nothing since " + time.Now().Format("2006-01-02"), ": is_archived\n", "Parked: slack/T0ACME/C0OPS", ": not_in_channel\n", "warning  delivery: 2 places parked"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the status does not say %q:\n%s", want, out.String())
		}
	}
	told, err := os.ReadFile(filepath.Join(defaultData, "console.jsonl"))
	if n := strings.Count(string(told), "nothing can be told in slack/T0ACME/C0"); err != nil || n != 2 || !strings.Contains(string(told), "console/@ana") {
		t.Errorf("the owner was told of %d: %s, %v", n, told, err)
	}
}
