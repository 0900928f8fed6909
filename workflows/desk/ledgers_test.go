package desk

import (
	"bytes"
	"context"
	"encoding/json"
	goflag "flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// ledgers holds what programs of the past wrote, one event a line, for ever: NAME.jsonl is never changed, only added
// to by a new name; NAME.states.json is what it folds to.
var (
	ledgers = filepath.Join("testdata", "ledgers")
	keep    = goflag.String("keep", "", "write a ledger as this program writes it, under this name, to testdata/ledgers")
)

// everything is a life in which every kind of event happens.
func (h *house) everything() {
	h.Helper()
	h.live()
	h.must(h.machine("roster", "", team.Roster{Platform: "chat", Group: "crew", AsOf: h.now, Members: []team.Member{{Handle: "chat/ana", Name: "Ana"}}}))
	r := h.release(sample)
	h.must(h.ask("ben", other, release.ScopeAdd{What: "https://tracker.example.org/issues/12", Title: "Save as a file", For: []string{"@mia"}, Labels: []string{"money"}}))
	h.must(h.ask("ben", other, release.ScopeAdd{What: "ABC-12"}))
	h.must(h.ask("ben", other, release.ScopeDrop{N: 2, Why: "nobody asked for it"}))
	until := h.now.AddDate(0, 0, 7)
	h.must(h.ask("ana", other, release.Set{Cutoff: &until, After: &[]string{string(sample)}})) // it hears of what follows there
	h.must(h.ask("ana", other, release.Set{Title: new("Shop, again"), Here: true}))
	h.must(h.machine("ci", other, release.Vouch{Source: release.CI, OK: true, Expires: h.now.Add(time.Hour), Link: "https://ci.example.org/2"}))
	h.must(h.ask("ben", other, release.Sign{Items: []string{"way-back"}, Value: release.Withdraw}))
	h.later(2 * time.Hour)
	h.must(h.machine("clock", other, release.Tick{}))
	for _, wish := range []workflows.Intent{flag.Expire{On: h.now.AddDate(0, 1, 0)}, flag.Set{Percent: 10}, flag.Kill{Note: "it hurts"}} {
		a := h.ask("ana", r.ID, wish)
		a.On.Flag = "search"
		_, _ = h.do(a) // on hold some are refused, and the refusal is an event as well
	}
	h.must(h.ask("ana", sample, release.Resume{Note: "mended"}))
	h.must(h.ask("ana", sample, notes.Approve{}))
	h.confirmed(h.ask("ana", sample, notes.Publish{}))
	h.later(48 * time.Hour)
	h.must(h.machine("clock", sample, release.Tick{}))
	h.confirmed(h.ask("ana", other, release.Set{Cancelled: true, Note: "not now"}))
	h.heard()
	h.crowd()
	h.onIssues()
	h.sails()
	h.govern()
	parked := places.Trouble{Place: "slack/T1/C1", Fate: places.Parked, What: "card", About: workflows.StreamOf(release.Room, string(sample)), Delivery: "00000000-1", Why: "is_archived"}
	h.must(h.machine("delivery", "", parked))
	h.must(h.machine("delivery", "", places.Mend{Place: parked.Place}))
	h.shared()
	h.folk() // at last: it leaves the house to another owner
}

// shared has the repository of the product at a forge.
func shared(c *Config) {
	p := c.Products["app"]
	p.Forge = Forge{Repository: "acme/app", Tag: "vVERSION", Releases: true}
	p.Changelog = "CHANGELOG.md"
	c.Products["app"] = p
}

// publishing brings the notes of a version everywhere: later, in vain, at last, and once more.
func (h *house) publishing() {
	h.Helper()
	const id = workflows.ReleaseID("app@2.0.0")
	cfg := testConfig(testBook())
	shared(&cfg)
	ok(h, h.Reload(context.Background(), cfg, h.now))
	h.must(h.ask("ana", "", release.New{ID: id, Template: "simple"}))
	h.must(h.ask("ben", id, notes.Edit{Text: "It is faster."}))
	h.must(h.ask("ana", id, notes.Approve{}))
	h.confirmed(h.ask("ana", id, notes.Publish{At: h.now.Add(time.Hour)}))
	h.must(h.ask("ana", id, notes.Publish{Never: true}))
	h.confirmed(h.ask("ana", id, notes.Publish{At: h.now.Add(time.Hour)}))
	h.later(time.Hour)
	h.must(h.machine("clock", id, notes.PublishDue{})) // nobody has it yet
	h.pass(id)
	out := h.confirmed(h.ask("ana", id, notes.Publish{})).Events[0].Event.(notes.Published)
	h.ended(id, workflows.ActRelease, out.Release, workflows.Done, "https://github.com/acme/app/releases/tag/v2.0.0", "")
	h.ended(id, workflows.ActChangelog, out.Changelog, workflows.Refused, "", "the repository is archived")
	h.must(h.ask("ben", id, notes.Edit{Text: "It is twice as fast."}))
	h.must(h.ask("ana", id, notes.Approve{}))
	right := h.confirmed(h.ask("ana", id, notes.Correct{Why: "how much was not said"})).Events[0].Event.(notes.Corrected)
	h.ended(id, workflows.ActChangelog, right.Changelog, workflows.Done, "https://github.com/acme/app/pull/31", "")
	for _, answer := range []workflows.PullState{workflows.PullClosed, workflows.PullOpen, workflows.PullMerged} {
		h.repo.pulls = map[int]workflows.PullState{31: answer}
		h.must(h.machine("github", id, notes.News{}))
	}
}

// ended is how an act came out that published notes wished.
func (h *house) ended(id workflows.ReleaseID, act string, data any, fate workflows.Fate, link, why string) {
	h.Helper()
	raw, err := json.Marshal(data)
	ok(h, err)
	h.must(h.machine("delivery", "", workflows.Acted{Stream: workflows.StreamOf(notes.Room, string(id)), What: act, Data: raw, Fate: fate, Link: link, Why: why}))
}

// heard is what somebody whom nobody knows says, and what becomes of it.
func (h *house) heard() {
	h.Helper()
	h.must(h.ask("eve", sample, feedback.Add{Text: "the search is slow", Link: "https://forum.example.org/t/7"}))
	h.must(h.ask("ana", sample, feedback.PlanFor{N: 1, Owner: "mia", Due: h.now.AddDate(0, 0, 7), What: "an index"}))
	h.must(h.ask("mia", sample, feedback.Settle{N: 1, What: "it is quick now"}))
	h.must(h.ask("ben", sample, feedback.Add{Text: "it should know typos"}))
}

// crowd follows a release that never comes, and one of it no longer.
func (h *house) crowd() {
	h.Helper()
	const never = workflows.ReleaseID("app@never")
	h.must(h.ask("ana", "", release.New{ID: never, Template: "feature", Risk: "low", Why: "small"}))
	h.must(h.ask("eve", never, feedback.Follow{Want: feedback.Ships}))
	h.must(h.ask("zoe", never, feedback.Follow{Want: feedback.Preview}))
	h.must(h.ask("leo", never, feedback.Follow{Want: feedback.Ships}))
	h.must(h.ask("leo", never, feedback.Follow{Want: feedback.Off}))
	h.confirmed(h.ask("ana", never, release.Set{Cancelled: true, Note: "not now"}))
}

// onIssues is what is said on issues of a release that ships.
func (h *house) onIssues() {
	h.Helper()
	const out = workflows.ReleaseID("hub@1.0")
	h.must(h.ask("ana", "", release.New{ID: out, Ref: "bbbbbbbb", Risk: "low"}))
	h.must(h.ask("ben", out, release.ScopeAdd{What: "#12", For: []string{"https://github.com/acme/hub/issues/14"}}))
	h.must(h.ask("ben", out, feedback.FollowIssue{Ref: "#20"}))
	h.must(h.ask("ben", out, feedback.FollowIssue{Ref: "#21"}))
	h.must(h.ask("ben", out, feedback.FollowIssue{Ref: "#21", Want: feedback.Off}))
	h.must(h.ask("ben", out, feedback.Invite{Who: "zoe", Want: feedback.Ships}))
	h.must(h.ask("ana", out, release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.confirmed(h.ask("ana", out, release.Advance{}))
	data, err := json.Marshal(workflows.Comment{Forge: "acme/hub", Op: "hub@1.0/asked/12/ga", Issue: 12})
	ok(h, err)
	h.must(h.machine("delivery", "", workflows.Acted{Stream: workflows.StreamOf(feedback.Room, string(out)), What: workflows.ActComment, Data: data, Fate: workflows.Done,
		Link: "https://github.com/acme/hub/issues/12#issuecomment-1"}))
}

// recorded by this program: a new ledger for those who come after.
func TestKeepLedger(t *testing.T) {
	if *keep == "" {
		t.Skip("it writes a file only with -keep NAME")
	}
	h := fixedHouse(t, docked)
	h.everything()
	h.publishing()
	var out bytes.Buffer
	for _, r := range h.ledger() {
		text, err := r.Text()
		ok(t, err)
		out.Write(append(text, '\n'))
	}
	path := filepath.Join(ledgers, *keep+".jsonl")
	if _, err := os.Stat(path); err == nil {
		t.Fatalf("%s is there, and what was written stays", path)
	}
	ok(t, os.MkdirAll(ledgers, 0o755))
	ok(t, os.WriteFile(path, out.Bytes(), 0o600))
}

// Ledgers of the past are read by the program of today: each record is the same text again, each stream folds to the
// same state, and nothing is found wrong with them.
func TestLedgersOfThePast(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(ledgers, "*.jsonl"))
	ok(t, err)
	if len(files) == 0 {
		t.Fatal("there is none")
	}
	seen := map[string]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			h := newHouse(t)
			states := h.replayed(file, seen)
			golden.Equal(t, strings.TrimSuffix(file, ".jsonl")+".states.json", string(states)) // what it folded to
		})
	}
	for name, room := range rooms {
		for kind := range room.events {
			if !seen[kind] {
				t.Errorf("no ledger of the past holds %s of the room %s: → go test ./workflows/desk -run KeepLedger -keep NAME, then -update", kind, name)
			}
		}
	}
}

// replayed puts a kept ledger into an empty store of the house and gives the states of its streams.
func (h *house) replayed(file string, seen map[string]bool) []byte {
	h.Helper()
	text, err := os.ReadFile(file)
	ok(h, err)
	store, err := storage.Open(context.Background(), memory.New(), storage.Options{})
	ok(h, err)
	defer func() { _ = store.Close() }()
	streams := map[workflows.Stream]bool{}
	ok(h, store.Update(context.Background(), func(tx *storage.Tx) error {
		for line := range bytes.Lines(text) {
			line = bytes.TrimSuffix(line, []byte("\n"))
			r, err := ledger.Parse(line)
			if err != nil {
				return err
			}
			got, err := tx.Append(r)
			if err != nil {
				return err
			}
			if again, err := got.Text(); err != nil || !bytes.Equal(again, line) {
				h.Errorf("written again it reads\n%s\nand was\n%s", again, line)
			}
			seen[r.Kind] = true
			if r.Stream != "" {
				streams[r.Stream] = true
			}
		}
		return nil
	}))
	d := New(store, h.repo, h.cfg)
	states := map[workflows.Stream]any{}
	ok(h, store.Update(context.Background(), func(tx *storage.Tx) error {
		for _, stream := range slices.Sorted(maps.Keys(streams)) {
			c, err := d.load(tx, stream, 0)
			if err != nil {
				return err
			}
			states[stream] = c.state
			sum := rooms[stream.Room()].summary(c.state)
			data, err := json.Marshal(sum.Data)
			if err != nil {
				return err
			}
			if err := tx.PutSummary(stream, sum.Keys, data); err != nil {
				return err
			}
		}
		return nil
	}))
	report, err := store.Verify(context.Background())
	ok(h, err)
	_, err = Verify(context.Background(), store, report.Add)
	ok(h, err)
	for _, f := range report.Findings {
		h.Error(f.Line())
	}
	out, err := json.MarshalIndent(states, "", "\t")
	ok(h, err)
	return append(out, '\n')
}
