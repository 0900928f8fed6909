package commands

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/release"
)

// While the store cannot be trusted a member still learns what a user gets of a flag, and that it may be old; nothing
// else is said, nobody else is told, and nothing is changed.
func TestFlagsAreShownStale(t *testing.T) {
	ctx, engine := context.Background(), storagetest.Wrap(memory.New())
	store, err := storage.Open(ctx, engine, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, now: noon}
	cfg := desk.Config{Book: staff(), Worktree: desk.Product{Repository: "."}, Templates: release.Templates(), Default: release.DefaultTemplate,
		Week: calendar.Week{Zone: noon.Location()}, Digest: spec(t, "09:00"), Readiness: spec(t, "weekdays 09:30"), Platforms: []string{"console"}}
	o.desk = desk.New(store, repository{}, cfg)
	if err := o.desk.Start(ctx, o.now); err != nil {
		t.Fatal(err)
	}
	o.handle = Handler(o.desk, slog.New(slog.NewTextHandler(&o.log, nil)))
	o.does("ana", "/release new app@1.0", "/release flag new search")
	const show, staged = "/release flag show search --for user-42", "/release flag show search --for user-42 --env moon"
	fresh := answered(o.types("ana", show))
	if !strings.Contains(fresh, "search is off for user-42 in production") || strings.Contains(fresh, "stale") {
		t.Fatal(fresh)
	}
	if r := o.types("ana", staged); r.Refusal == nil || r.Refusal.Reason != "unknown_environment" || !strings.Contains(r.Refusal.Why, "production") {
		t.Errorf("%+v", r.Refusal)
	}
	if r := o.types("ana", "/release flag show serch --for user-42"); r.Refusal == nil || r.Refusal.Reason != "unknown_flag" || !strings.Contains(r.Refusal.Error(), "search") {
		t.Errorf("%+v", r.Refusal)
	}
	engine.Lose(true)
	closed := map[string]*desk.Desk{"outcome_unknown": o.desk, "store_closed": nil}
	set, _ := o.desk.FlagSet()
	if r := o.types("ana", "/release flag kill search -- errors"); r.Refusal == nil || r.Refusal.Reason != workflows.NotSaved {
		t.Fatalf("%+v", r.Refusal)
	}
	if closed["store_closed"], err = desk.Frozen(set, storage.ErrFull, cfg); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(fresh, "static", "static · stale: as of "+noon.Format("2006-01-02 15:04")+", the store cannot be trusted", 1)
	for reason, d := range closed {
		o.handle = Handler(d, slog.New(slog.NewTextHandler(&o.log, nil)))
		if got := answered(o.types("ana", show)); got != want {
			t.Errorf("%s: %s\nwant %s", reason, got, want)
		}
		for _, who := range []string{"rob", "stranger"} {
			if r := o.types(who, show); r.Refusal == nil {
				t.Errorf("%s: %s reads %s", reason, who, answered(r))
			}
		}
		for _, line := range []string{staged, "/release flag show search", "/release status", "/release check app@1.0", "/release list", "/release todo",
			"/release hold -- errors", "/release flag set search 10%", "/release notes draft"} {
			if r := o.types("ana", line); r.Refusal == nil || string(r.Refusal.Reason) != reason || len(r.Refusal.Who) == 0 || len(r.Refusal.Next) == 0 {
				t.Errorf("%s: %s: %s", reason, line, answered(r))
			}
		}
	}
	if o.log.Len() > 0 {
		t.Errorf("logged as faults: %s", o.log.String())
	}
}
