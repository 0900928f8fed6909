package desk

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// heard is what a channel heard: how many cards, what was posted in the open beside them, and in their threads.
type heard struct {
	cards, threads int
	open           []string
}

func heardInApp(f *chattest.Fake) (h heard) {
	for _, s := range f.Shows("chat/#app") {
		switch {
		case strings.Contains(s.Message.Title, "(bound to "):
			h.cards++
		case s.Thread != "":
			h.threads++
		default:
			h.open = append(h.open, s.Message.Title)
		}
	}
	return h
}

// TestHowMuchAChannelIsTold holds a release's life to what its channel hears of it: the card and what is posted anew in
// any case, each step where that is wanted, and the morning's reminder not where the card is all that is.
func TestHowMuchAChannelIsTold(t *testing.T) {
	for telling, want := range map[Telling]struct{ steps, open, reminders int }{
		"": {2, 0, 1}, InThread: {2, 0, 1}, CardOnly: {0, 0, 0}, InOpen: {0, 2, 1},
	} {
		t.Run(string(telling), func(t *testing.T) {
			h, f := newHouse(t, func(c *Config) { c.Channels = map[workflows.Place]Telling{"chat/#app": telling} }), &chattest.Fake{}
			h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
			h.step(f, h.now)
			before := heardInApp(f)
			target := h.now.Add(30 * time.Hour)
			h.must(h.ask("ana", "app@1.0", release.Set{Target: &target}))
			h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
			h.step(f, h.now)
			steps := heardInApp(f)
			if got := steps.threads - before.threads; steps.cards != 1 || got != want.steps || len(steps.open)-len(before.open) != want.open {
				t.Errorf("of two steps it heard %+v after %+v", steps, before)
			}
			h.must(h.ask("ana", "app@1.0", release.HoldOn{Why: "errors"}))
			h.step(f, h.now)
			held := heardInApp(f)
			if !strings.Contains(strings.Join(held.open, "\n"), "app 1.0 is on hold") {
				t.Errorf("of the hold it heard %+v", held)
			}
			h.must(h.ask("ana", "app@1.0", release.Resume{Note: "mended"}))
			h.step(f, monday.Add(24*time.Hour+30*time.Minute))
			if got := strings.Count(strings.Join(heardInApp(f).open, "\n"), " missing"); got != want.reminders {
				t.Errorf("reminded %d times: %q", got, heardInApp(f).open)
			}
		})
	}
}

// TestTellingReloads: how much is told goes by the configuration in force, each channel by its own line.
func TestTellingReloads(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.step(f, h.now)
	cfg := h.cfg
	cfg.Channels = maps.Clone(cfg.Channels)
	cfg.Channels = map[workflows.Place]Telling{"chat/#app": CardOnly, "chat/#other": InOpen}
	before := heardInApp(f)
	h.reload(cfg)
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.step(f, h.now)
	if got := heardInApp(f); got.threads != before.threads || len(got.open) != len(before.open) {
		t.Errorf("it hears steps after it wanted none: %+v after %+v", got, before)
	}
	h.reload(testConfig(testBook()))
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}}))
	h.step(f, h.now)
	if got := heardInApp(f); got.threads != before.threads+1 {
		t.Errorf("it hears no steps after it wanted them: %+v after %+v", got, before)
	}
}
