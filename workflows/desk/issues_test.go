package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// forged gives the product app its issues.
func forged(c *Config) {
	c.Products = maps.Clone(c.Products)
	app := c.Products["app"]
	app.Forge = Forge{Repository: "acme/app"}
	c.Products["app"] = app
}

// issues are those of a forge, and what was said there: an act that is asked for again finds what is there.
type issues struct {
	said map[int][]workflows.Comment
	odd  func(workflows.Comment) error // before it is made
	lost func(workflows.Comment) error // after
}

func (i *issues) Act(_ context.Context, data json.RawMessage) (string, error) {
	var c workflows.Comment
	if err := json.Unmarshal(data, &c); err != nil {
		return "", err
	}
	link := fmt.Sprintf("https://github.com/%s/issues/%d#%s", c.Forge, c.Issue, c.Op)
	if slices.ContainsFunc(i.said[c.Issue], func(o workflows.Comment) bool { return o.Op == c.Op }) {
		return link, nil
	}
	if i.odd != nil {
		if err := i.odd(c); err != nil {
			return "", err
		}
	}
	if i.said == nil {
		i.said = map[int][]workflows.Comment{}
	}
	i.said[c.Issue] = append(i.said[c.Issue], c)
	if i.lost != nil {
		return link, i.lost(c)
	}
	return link, nil
}

// texts is what is read on an issue, in order.
func (i *issues) texts(n int) []string {
	var out []string
	for _, c := range i.said[n] {
		out = append(out, c.Text.String())
	}
	return out
}

// speaks lets the bot deliver what is due, up to some minutes later.
func (h *house) speaks(f *chattest.Fake, i *issues) {
	h.Helper()
	b := &bot.Bot{Queue: h.store, Reader: h.Desk, Do: h.Do, Senders: map[string]chat.Sender{"chat": f}, Actors: map[string]bot.Actor{workflows.ActComment: i},
		Log: slog.New(slog.DiscardHandler)}
	h.until(b, h.now.Add(10*time.Minute))
}

const (
	canTry  = "`app search`, for which this waits, is in tech preview and can be tried."
	isOut   = "`app search`, for which this waited, is out."
	isBack  = "`app search` was taken back for now. We say here when it returns."
	tryIt   = "`app search` is in tech preview again, and can be tried."
	isAgain = "`app search` is out again."
	isNever = "`app search` will not come."
)

// again passes the gates whose votes stand, up to GA.
func (h *house) again(gates int) {
	h.Helper()
	for range gates {
		h.later(time.Minute)
		a := h.ask("ana", "app@search", release.Advance{})
		if q := h.must(a).Confirm; q != nil {
			h.must(press(a, a.ID+"-press", q.Key))
		}
	}
}

// Whoever asked on an issue reads there of each stage once, whether the issue is in the scope, is what something in it is
// for, or follows; what was taken back is said, and that it came again.
func TestIssuesAreTold(t *testing.T) {
	h, f, i := newHouse(t, coded, forged), &chattest.Fake{}, &issues{}
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "#12", For: []string{"@mia", "https://github.com/acme/app/issues/14", "https://github.com/acme/lib/issues/7"}}))
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "https://github.com/acme/app/pull/15", For: []string{"#14"}}))
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "#16"}))
	h.must(h.ask("ben", "app@search", release.ScopeDrop{N: 3, Why: "too much"}))
	h.must(h.ask("ben", "app@search", feedback.FollowIssue{Ref: "acme/app#12"})) // it is in the scope besides
	h.must(h.ask("ben", "app@search", feedback.FollowIssue{Ref: "#20", Want: feedback.Ships}))
	h.must(h.ask("ben", "app@search", feedback.FollowIssue{Ref: "#21"}))
	h.must(h.ask("ana", "app@search", feedback.FollowIssue{Ref: "#21", Want: feedback.Off}))
	h.pass("app@search")
	h.speaks(f, i)
	h.restart() // what was said is remembered
	h.pass("app@search")
	h.pass("app@search")
	h.speaks(f, i)
	h.confirmed(h.ask("ben", "app@search", release.RollBack{Why: "errors that nobody outside should read of"}))
	h.speaks(f, i)
	h.must(h.ask("ana", "app@search", release.Resume{Note: "mended"}))
	h.again(1)
	h.speaks(f, i)
	h.again(2)
	h.speaks(f, i)
	all := []string{canTry, isOut, isBack, tryIt, isAgain}
	want := map[int][]string{12: all, 14: all, 15: all, 20: {isOut, isBack, isAgain}, 16: nil, 21: nil, 7: nil}
	for n, lines := range want {
		if diff := cmp.Diff(lines, i.texts(n)); diff != "" {
			t.Errorf("on #%d was said (-want +got):\n%s", n, diff)
		}
	}
	if len(i.said) != 4 {
		t.Errorf("something was said on %v", slices.Sorted(maps.Keys(i.said)))
	}
	var links []string
	for _, c := range h.said("app@search").On("acme/app", 12) {
		if c.Fate != workflows.Done {
			t.Errorf("%+v", c)
		}
		_, op, _ := strings.Cut(c.Link, "#")
		links = append(links, op)
	}
	if diff := cmp.Diff([]string{"app@search/asked/12/preview", "app@search/asked/12/ga", "app@search/asked/12/back", "app@search/asked/12/preview/2", "app@search/asked/12/ga/2"}, links); diff != "" {
		t.Error(diff)
	}
	told := inPerson(f, "mia")
	if diff := cmp.Diff([]string{"app search is in tech preview", "app search is out", "app search was rolled back", "app search is in tech preview", "app search is out"}, told); diff != "" {
		t.Error(diff)
	}
	if lines, _, err := findings(h.store); err != nil || len(lines) > 0 {
		t.Errorf("%v %v", lines, err)
	}
}

// That something is out leads to its notes where those who read the issue find them by then: on its release there, once it is
// made. Those of channels, and of another repository, are not theirs.
func TestIssuesLeadToTheNotes(t *testing.T) {
	const page, id = "https://github.com/acme/app/releases/tag/v1.0.0", workflows.ReleaseID("app@1.0.0")
	for name, c := range map[string]struct {
		moved bool           // the product has another repository since
		fate  workflows.Fate // empty: it is on its way
		want  string
	}{
		"made": {fate: workflows.Done, want: " What is new: " + page}, "elsewhere": {fate: workflows.Done, moved: true}, "refused": {fate: workflows.Refused}, "on its way": {},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := func(c *Config) { coded(c); shared(c) }
			h, f, i := newHouse(t, cfg), &chattest.Fake{}, &issues{}
			h.must(h.ask("ana", "", release.New{ID: id, Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
			h.must(h.ask("ben", id, release.ScopeAdd{What: "#12"}))
			h.pass(id)
			h.must(h.ask("ben", id, notes.Edit{Text: "It is faster."}))
			h.must(h.ask("ana", id, notes.Approve{}))
			out := h.confirmed(h.ask("ana", id, notes.Publish{})).Events[0].Event.(notes.Published)
			if c.fate != "" {
				h.ended(id, workflows.ActRelease, out.Release, c.fate, page, "no")
			}
			if c.moved {
				h.restart(cfg, func(c *Config) {
					app := c.Products["app"]
					app.Forge.Repository = "acme/moved"
					c.Products["app"] = app
				})
				h.must(h.ask("ben", id, feedback.FollowIssue{Ref: "#12"}))
			}
			h.pass(id)
			h.pass(id)
			h.speaks(f, i)
			want := []string{"`app 1.0.0`, for which this waits, is in tech preview and can be tried.", "`app 1.0.0`, for which this waited, is out." + c.want}
			if diff := cmp.Diff(want[len(want)-len(i.texts(12)):], i.texts(12)); diff != "" || len(i.texts(12)) == 0 {
				t.Errorf("on #12 was said (-want +got):\n%s", diff)
			}
		})
	}
}

// What never comes is said where somebody wanted to know, or something else was said; a plan alone promises nothing. Those
// for whom something was planned hear it in person.
func TestIssuesOfWhatNeverComes(t *testing.T) {
	h, f, i := newHouse(t, coded, forged), &chattest.Fake{}, &issues{}
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	h.must(h.ask("ben", "app@search", feedback.FollowIssue{Ref: "#20", Want: feedback.Ships}))
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "#12"}))
	h.pass("app@search")
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "#13", For: []string{"@mia"}}))
	h.speaks(f, i)
	h.confirmed(h.ask("ana", "app@search", release.RollBack{Why: "errors"}))
	h.speaks(f, i)
	h.confirmed(h.ask("ana", "app@search", release.Set{Cancelled: true, Note: "not now"}))
	h.speaks(f, i)
	for n, lines := range map[int][]string{12: {canTry, isBack, isNever}, 13: nil, 20: {isNever}} {
		if diff := cmp.Diff(lines, i.texts(n)); diff != "" {
			t.Errorf("on #%d was said (-want +got):\n%s", n, diff)
		}
	}
	if diff := cmp.Diff([]string{"app search was rolled back", "app search will not come"}, inPerson(f, "mia")); diff != "" {
		t.Error(diff)
	}
	if got := h.said("app@search").IssuesFollowing(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// A comment that cannot be made is on record with its reason, the manager hears of the same trouble once, and it is not
// tried again; nothing is taken back on an issue where nothing was said. One whose outcome nobody knows is looked for.
func TestIssuesThatTakeNothing(t *testing.T) {
	h, f, i := newHouse(t, coded, forged), &chattest.Fake{}, &issues{}
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	for _, n := range []int{12, 13, 14} {
		h.must(h.ask("ben", "app@search", release.ScopeAdd{What: fmt.Sprint("#", n)}))
	}
	tries := map[int]int{}
	i.odd = func(c workflows.Comment) error {
		if tries[c.Issue]++; c.Issue != 14 {
			return workflows.Refuse(workflows.Invalid, "it is locked")
		}
		return nil
	}
	i.lost = func(workflows.Comment) error {
		if tries[14] == 1 {
			tries[14]++
			return errors.New("HTTP status 502")
		}
		return nil
	}
	a := h.ask("ben", "app@search", release.Set{Manager: "mia"})
	a.By = "chat/ana"
	h.must(a)
	h.pass("app@search")
	h.speaks(f, i)
	h.speaks(f, i)
	if diff := cmp.Diff(map[int]int{12: 1, 13: 1, 14: 2}, tries); diff != "" {
		t.Errorf("tried (-want +got):\n%s", diff)
	}
	told := inPerson(f, "mia")
	if want := "app search: on #12 of acme/app, which waits for it, it could not be said"; told[len(told)-1] != want || strings.Count(fmt.Sprint(told), "could not") != 1 {
		t.Errorf("the manager was told %q", told)
	}
	for n, fate := range map[int]workflows.Fate{12: workflows.Refused, 13: workflows.Refused, 14: workflows.Done} {
		if c := h.said("app@search").On("acme/app", n); len(c) != 1 || c[0].Fate != fate {
			t.Errorf("#%d: %+v", n, c)
		}
	}
	i.odd = nil
	h.confirmed(h.ask("ben", "app@search", release.RollBack{Why: "errors"}))
	h.must(h.ask("ana", "app@search", release.Resume{Note: "mended"}))
	h.speaks(f, i)
	h.again(1)
	h.speaks(f, i)
	for n, lines := range map[int][]string{12: {canTry}, 13: {canTry}, 14: {canTry, isBack, tryIt}} {
		if diff := cmp.Diff(lines, i.texts(n)); diff != "" {
			t.Errorf("on #%d was said (-want +got):\n%s", n, diff)
		}
	}
	if lines, _, err := findings(h.store); err != nil || len(lines) > 0 {
		t.Errorf("%v %v", lines, err)
	}
}

// What could not be said before it was no longer so is not said any more: its successor takes its place, and waits as long.
func TestIssuesHearNoOldNews(t *testing.T) {
	h, f, i := newHouse(t, coded, forged), &chattest.Fake{}, &issues{}
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "#12"}))
	limit := &chat.Fault{Verdict: chat.Retry, Paced: true, After: 3 * time.Hour, Err: errors.New("the limit")}
	i.odd = func(workflows.Comment) error { return limit }
	h.pass("app@search")
	h.speaks(f, i)
	h.confirmed(h.ask("ben", "app@search", release.RollBack{Why: "errors"}))
	h.speaks(f, i)
	i.odd = nil
	h.later(4 * time.Hour)
	h.speaks(f, i)
	if diff := cmp.Diff([]string{isBack}, i.texts(12)); diff != "" {
		t.Error(diff)
	}
	var fates []workflows.Fate
	for _, c := range h.said("app@search").On("acme/app", 12) {
		fates = append(fates, c.Fate)
	}
	if diff := cmp.Diff([]workflows.Fate{"", workflows.Done}, fates); diff != "" {
		t.Error(diff)
	}
}

// Who is not of the team has nobody else follow; the team has whom it reaches, and nobody who let it be.
func TestOthersFollow(t *testing.T) {
	h, f := newHouse(t, coded, forged), &chattest.Fake{}
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	on := workflows.ReleaseID("app@search")
	h.must(h.ask("ben", on, feedback.Invite{Who: "zoe", Want: feedback.Ships}))
	h.must(h.ask("ben", on, feedback.Invite{Who: "ben", Want: feedback.Ships})) // that is himself
	h.must(h.ask("ben", on, feedback.Invite{Who: "zoe", Want: feedback.Preview}))
	h.refuses(h.ask("ben", on, feedback.Invite{Who: "zoe", Want: feedback.Ships}), workflows.Unchanged)
	h.refuses(h.ask("ben", on, feedback.Invite{Who: "nobody", Want: feedback.Ships}), workflows.UnknownPerson)
	h.refuses(h.ask("ben", on, feedback.FollowIssue{Ref: "https://github.com/acme/lib/issues/12"}), workflows.Invalid)
	h.refuses(h.ask("ben", on, feedback.Invite{Who: "zoe", Want: feedback.Off}), workflows.NotAllowed)
	h.refuses(h.ask("eve", on, feedback.Invite{Who: "mia", Want: feedback.Ships}), workflows.UnknownPerson) // whom nobody knows
	h.refuses(h.ask("eve", on, feedback.FollowIssue{Ref: "#12"}), workflows.UnknownPerson)
	for range 3 {
		h.pass(on)
		h.step(f, h.now)
	}
	wereTold(t, f, map[string][]string{"zoe": {"app search is in tech preview", "app search is out"}, "ben": {"app search is out"}})
}

// TestIssueTale walks random lives of a release, its scope and the issues that follow, with a forge that answers oddly: on
// no issue is the same told twice unless it was taken back in between, nothing is told after a word that ends it, each text
// is true of the release when it was wished, and what is on record as said is there, once and in that order.
func TestIssueTale(outer *testing.T) {
	runs(outer, 2)
	rapid.Check(outer, func(t *rapid.T) {
		h, f, i := newHouse(outer, coded, forged), &chattest.Fake{}, &issues{}
		const id = workflows.ReleaseID("app@search")
		h.must(h.ask("ana", "", release.New{ID: id, Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
		odd := func(workflows.Comment) error {
			switch rapid.IntRange(0, 6).Draw(t, "answer") {
			case 0:
				return workflows.Refuse(workflows.Invalid, "it is locked")
			case 1:
				return &chat.Fault{Verdict: chat.Retry, Paced: true, After: 20 * time.Minute, Err: errors.New("the limit")}
			case 2:
				return errors.New("HTTP status 502")
			}
			return nil
		}
		i.odd, i.lost = odd, func(workflows.Comment) error {
			if rapid.IntRange(0, 5).Draw(t, "lost") == 0 {
				return errors.New("the connection broke")
			}
			return nil
		}
		for range rapid.IntRange(8, 40).Draw(t, "steps") {
			h.later(time.Minute)
			ref := rapid.SampledFrom([]string{"#12", "#13"}).Draw(t, "ref")
			switch rapid.SampledFrom([]string{"pass", "pass", "pass", "pass", "back", "resume", "resume", "add", "add", "drop", "follow", "off", "speak", "speak", "restart", "cancel"}).Draw(t, "act") {
			case "pass":
				h.passes(id)
			case "back":
				a := h.ask("ben", id, release.RollBack{Why: "errors"})
				if q, err := h.do(a); err == nil && q.Confirm != nil {
					h.must(press(a, a.ID+"-press", q.Confirm.Key))
				}
			case "resume":
				_, _ = h.do(h.ask("ana", id, release.Resume{Note: "mended"}))
			case "add":
				_, _ = h.do(h.ask("ben", id, release.ScopeAdd{What: ref, For: []string{"#13"}}))
			case "drop":
				_, _ = h.do(h.ask("ben", id, release.ScopeDrop{N: rapid.IntRange(1, 4).Draw(t, "n"), Why: "x"}))
			case "follow":
				_, _ = h.do(h.ask("ben", id, feedback.FollowIssue{Ref: ref, Want: rapid.SampledFrom([]feedback.Want{"", feedback.Ships, feedback.Preview}).Draw(t, "want")}))
			case "off":
				_, _ = h.do(h.ask("ben", id, feedback.FollowIssue{Ref: ref, Want: feedback.Off}))
			case "speak":
				h.speaks(f, i)
			case "restart":
				h.restart()
			case "cancel":
				if rapid.IntRange(0, 4).Draw(t, "really") == 0 {
					a := h.ask("ana", id, release.Set{Cancelled: true, Note: "x"})
					if q, err := h.do(a); err == nil && q.Confirm != nil {
						h.must(press(a, a.ID+"-press", q.Confirm.Key))
					}
				}
			}
		}
		i.odd, i.lost = nil, nil
		for range 20 {
			h.speaks(f, i)
		}
		h.toldTruly(t, id, i)
	})
}

// passes signs all of the next gate and passes it, where that is possible.
func (h *house) passes(id workflows.ReleaseID) {
	g, _ := h.release(id).Next()
	var items []string
	for _, i := range g.Items {
		items = append(items, g.Full(i))
	}
	_, _ = h.do(h.ask("ana", id, release.Sign{Items: items}))
	a := h.ask("ana", id, release.Advance{})
	if q, err := h.do(a); err == nil && q.Confirm != nil {
		h.must(press(a, a.ID+"-press", q.Confirm.Key))
	}
}

// toldTruly holds what was said on issues to the record of the release.
func (h *house) toldTruly(t *rapid.T, id workflows.ReleaseID, i *issues) {
	stage, cancelled := workflows.Before, false
	wished := map[string]string{}
	state := release.Release{}
	for _, r := range h.ledger() {
		e, err := decode(r.Stream, r.Kind, r.Data)
		if err != nil {
			t.Fatal(err)
		}
		if r.Stream == workflows.StreamOf(release.Room, string(id)) {
			state = release.Evolve(state, workflows.Recorded{Header: r.Header, Event: e})
			stage, cancelled = state.Stage(), state.Cancelled
		}
		said, is := e.(feedback.Informed)
		if !is {
			continue
		}
		for _, w := range said.On {
			if wished[w.Op] != "" {
				t.Fatalf("%s was wished twice", w.Op)
			}
			wished[w.Op] = string(said.News)
			isSo := map[feedback.News]bool{feedback.Opened: stage == workflows.Preview, feedback.Shipped: stage == workflows.GA,
				feedback.TakenBack: state.Held != nil && stage != workflows.GA, feedback.Never: cancelled}[said.News]
			if !isSo {
				t.Fatalf("%s says %s while the release is %s, cancelled %t", w.Op, said.News, stage, cancelled)
			}
		}
	}
	for _, n := range []int{12, 13} {
		var said, done []string
		last := feedback.News("")
		for _, c := range h.said(id).On("acme/app", n) {
			if c.Fate == workflows.Done {
				done = append(done, c.Op)
			}
			if c.Fate == workflows.Refused {
				continue
			}
			if c.News == last || last == feedback.Never {
				t.Fatalf("#%d: %s after %s", n, c.Op, last)
			}
			last = c.News
		}
		for _, c := range i.said[n] {
			said = append(said, c.Op)
		}
		if !slices.Equal(said, done) { // in their order, each once, and nothing that is not there
			t.Fatalf("#%d: said %v, on record %v", n, said, done)
		}
	}
	if lines, _, err := findings(h.store); err != nil || len(lines) > 0 {
		t.Fatalf("%v %v", lines, err)
	}
}
