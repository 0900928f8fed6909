package reading_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

// said is the stream of what was said about the forged release, and of who follows it.
const said = "feedback/app@1.0"

// What the ledger says must agree with what it said before.
func TestForgeries(t *testing.T) {
	forgeries{
		"nothing wrong at all": {func(f *forger) {
			f.inGA()
			f.put("@ben", theFlag, flag.Created{Key: "search", Release: "app@1.0", Users: "production"})
			f.put("@ben", theFlag, flag.Turned{Env: "production", To: 100, Users: "production"})
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors"})
			f.put("release", theFlag, flag.Reverted{From: map[workflows.Environment]int{"production": 100}, To: map[workflows.Environment]int{"production": 0}})
		}, nil},
		"under an old configuration": {func(f *forger) {
			f.open("normal")
			f.policy("p2", everyRole("ana"))
			f.hash = "p1"
			f.sign("preview.ready/alerts", "ben")
		}, []string{`event N: it was decided under the configuration "p1", while "p2" was in force`}},
		"a base of its own": {func(f *forger) {
			f.inGA()
			c := candidateOf("bbbbbbbb")
			f.put("@ana", "release/app@2.0", release.Opened{ID: "app@2.0", Number: 2, Risk: "low", Manager: "ana", Candidate: &c,
				Gates: []release.Gate{{Stage: workflows.GA, Half: release.Ready}}})
		}, []string{"app@2.0, event N: who wrote the candidate was asked since no candidate, and the product's last candidate in GA is aaaaaaa"}},
		"a risk of its own": {func(f *forger) { f.open("none") }, []string{`event N: nobody here knows the risk "none"`}},
		"votes before the release": {func(f *forger) { f.put("@ana", forged, release.Held{By: "ana", Why: "x"}) },
			[]string{"event N: release.held comes before the release was opened"}},
		"a release opened twice": {func(f *forger) {
			f.open("normal")
			f.open("low")
		}, []string{"event N: it opens app@1.0, which is open already"}},
		"a rollback forward": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, release.RolledBack{By: "ana", Why: "x", Passed: 3})
		}, []string{"event N: a rollback leaves 3 gates passed, and 1 were"}},
		"a flag before it was made": {func(f *forger) { f.put("@ben", theFlag, flag.Killed{}) },
			[]string{"flag/search, event N: flag.killed comes before the flag was made"}},
		"a rollback to what a killed flag had been": {func(f *forger) {
			f.inPreview()
			f.put("@ben", theFlag, flag.Created{Key: "search", Release: "app@1.0", Users: "production"})
			f.put("@ben", theFlag, flag.Turned{Env: "production", To: 50, Users: "production"})
			f.put("@ben", theFlag, flag.Killed{})
			f.put("release", theFlag, flag.Reverted{To: map[workflows.Environment]int{"production": 50}})
		}, []string{"flag/search, event N: a rollback raised it from 0 % to 50 % in production"}},
		"feedback from the first word to the last": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", "feedback/app@1.0", feedback.Heard{N: 1, Text: "slow"})
			f.put("@ana", "feedback/app@1.0", feedback.Settled{N: 1})
			f.put("@ana", "feedback/app@1.0", feedback.Planned{N: 1, Owner: "ben"})
			f.put("@ana", "feedback/app@1.0", feedback.Settled{N: 1})
		}, nil},
		"feedback before the release": {func(f *forger) { f.put("@zoe", "feedback/app@1.0", feedback.Heard{N: 1}) },
			[]string{"feedback/app@1.0, event N: feedback.heard comes before the release was opened"}},
		"feedback out of its order": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", "feedback/app@1.0", feedback.Heard{N: 2})
		}, []string{"feedback/app@1.0, event N: it is #2 of what was said, and follows #0"}},
		"a plan for what nobody said": {func(f *forger) {
			f.open("normal")
			f.put("@ana", "feedback/app@1.0", feedback.Planned{N: 1, Owner: "ben"})
		}, []string{"feedback/app@1.0, event N: it plans #1 of what was said, and there are 0"}},
		"a word on what nobody said": {func(f *forger) {
			f.open("normal")
			f.put("@ana", "feedback/app@1.0", feedback.Settled{N: 1})
		}, []string{"feedback/app@1.0, event N: it settles #1 of what was said, and there are 0"}},
		"settled twice": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", "feedback/app@1.0", feedback.Heard{N: 1})
			f.put("@ana", "feedback/app@1.0", feedback.Settled{N: 1})
			f.put("@ana", "feedback/app@1.0", feedback.Settled{N: 1})
		}, []string{"feedback/app@1.0, event N: it settles #1 of what was said, which was settled before"}},
		"more than is taken": {func(f *forger) {
			f.open("normal")
			for n := range 201 {
				f.put("@zoe", "feedback/app@1.0", feedback.Heard{N: n + 1})
			}
		}, []string{"feedback/app@1.0, event N: it was taken while 200 things waited, which is the most there may be"}},
		"feedback on what is over": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.put("@zoe", "feedback/app@1.0", feedback.Heard{N: 1})
		}, []string{"feedback/app@1.0, event N: it was taken after the release was over"}},
		"following from the first word to the last": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Preview})
			f.put("@leo", said, feedback.Followed{Account: "chat/leo", Want: feedback.Preview})
			f.put("@leo", said, feedback.Unfollowed{Accounts: []workflows.Handle{"chat/leo"}})
			f.put("@leo", said, feedback.Followed{Account: "chat/leo", Want: feedback.Ships})
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.put("release", said, feedback.Announced{News: feedback.Never, To: []workflows.Handle{"chat/zoe", "chat/leo"}})
		}, nil},
		"following what is out": {func(f *forger) {
			f.inGA()
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
		}, []string{said + ", event N: it was taken after the release was out or over"}},
		"following twice": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Preview})
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
		}, []string{said + ", event N: chat/zoe follows already"}},
		"following nothing": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: "gossip"})
		}, []string{said + ", event N: it does not say who wants to hear of what"}},
		"more following than there may be": {func(f *forger) {
			f.open("normal")
			for n := range 1001 {
				f.put("@zoe", said, feedback.Followed{Account: workflows.Handle(fmt.Sprint("chat/", n)), Want: feedback.Ships})
			}
		}, []string{said + ", event N: it was taken while 1000 accounts were listed, which is the most there may be"}},
		"following before the release": {func(f *forger) { f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships}) },
			[]string{said + ", event N: feedback.followed comes before the release was opened"}},
		"let off who did not follow": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Unfollowed{Accounts: []workflows.Handle{"chat/zoe"}})
		}, []string{said + ", event N: it lets chat/zoe off, which did not follow"}},
		"told who did not ask": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.put("release", said, feedback.Announced{News: feedback.Never, To: []workflows.Handle{"chat/leo"}})
		}, []string{said + ", event N: it tells chat/leo, which did not ask for it"}},
		"told of a preview who did not want it": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.put("release", said, feedback.Announced{News: feedback.Opened, To: []workflows.Handle{"chat/zoe"}})
		}, []string{said + ", event N: it tells chat/zoe, which did not ask for it"}},
		"told twice, and by somebody": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.put("@ana", said, feedback.Announced{News: feedback.Never, To: []workflows.Handle{"chat/zoe", "chat/zoe"}})
		}, []string{said + ", event N: @ana told it, and only what happens to a release does", said + ", event N: it tells chat/zoe twice"}},
		"told of what is not so": {func(f *forger) {
			f.inPreview()
			f.put("@zoe", said, feedback.Followed{Account: "chat/zoe", Want: feedback.Ships})
			f.put("release", said, feedback.Announced{News: feedback.Shipped, To: []workflows.Handle{"chat/zoe"}})
		}, []string{said + ", event N: it tells of what did not come about"}},
		"issues from the first word to the last": {func(f *forger) {
			f.open("normal")
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 12, Want: feedback.Ships})
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 12, Want: feedback.Preview})
			f.put("@ana", said, feedback.IssueUnfollowed{Forge: "Acme/App", N: 12})
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 12, Want: feedback.Ships})
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.put("release", said, feedback.Informed{News: feedback.Never, Forge: "acme/app", On: []feedback.Word{{N: 12, Op: "op"}, {N: 13, Op: "op13"}}})
			f.put("delivery", said, feedback.Commented{Forge: "acme/app", N: 12, Op: "op", Fate: workflows.Unclear})
			f.put("delivery", said, feedback.Commented{Forge: "acme/app", N: 12, Op: "op", Fate: workflows.Done})
		}, nil},
		"an issue that follows what is over, twice, nothing": {func(f *forger) {
			f.open("normal")
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 0, Want: feedback.Ships})
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 1, Want: feedback.Preview})
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 1, Want: feedback.Ships})
			f.put("@ana", said, feedback.IssueUnfollowed{Forge: "acme/app", N: 2})
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 3, Want: feedback.Ships})
		}, []string{said + ", event 3: it does not say which issue is to hear of what", said + ", event 5: #1 follows already",
			said + ", event 6: it lets #2 off, which did not follow", said + ", event N: it was taken after the release was out or over"}},
		"more issues than there may be": {func(f *forger) {
			f.open("normal")
			for n := range 101 {
				f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: n + 1, Want: feedback.Ships})
			}
		}, []string{said + ", event N: it was taken while 100 issues were listed, which is the most there may be"}},
		"an issue before the release": {func(f *forger) {
			f.put("@ana", said, feedback.IssueFollowed{Forge: "acme/app", N: 1, Want: feedback.Ships})
		},
			[]string{said + ", event N: feedback.issue_followed comes before the release was opened"}},
		"a comment twice, by somebody, of what is not so": {func(f *forger) {
			f.open("normal")
			f.put("@ana", said, feedback.Informed{News: feedback.Shipped, Forge: "acme/app", On: []feedback.Word{{N: 12, Op: "op"}, {N: 12, Op: "op"}}})
		}, []string{said + ", event N: @ana told it, and only what happens to a release does", said + ", event N: it tells of what did not come about",
			said + ", event N: it wishes the comment op twice"}},
		"the end of what nobody wished, and of what had ended": {func(f *forger) {
			f.inPreview()
			f.put("release", said, feedback.Informed{News: feedback.Opened, Forge: "acme/app", On: []feedback.Word{{N: 12, Op: "op"}}})
			f.put("delivery", said, feedback.Commented{Forge: "acme/app", N: 13, Op: "op", Fate: workflows.Done})
			f.put("delivery", said, feedback.Commented{Forge: "acme/app", N: 12, Op: "op", Fate: workflows.Done})
			f.put("delivery", said, feedback.Commented{Forge: "acme/app", N: 12, Op: "op", Fate: workflows.Refused})
		}, []string{said + ", event 7: it ends the comment op on #13, which nobody wished", said + ", event N: it ends the comment op, which was there already"}},
		"a flag before its gate": {func(f *forger) {
			f.inPreview()
			f.put("@ben", theFlag, flag.Created{Key: "search", Release: "app@1.0", Users: "production"})
			f.put("@ben", theFlag, flag.Turned{Env: "production", To: 100, Users: "production"})
		}, []string{"flag/search, event N: it was raised to 100 % in production, and the gates of app@1.0 allowed 99 %"}},
		"a rollback that raises": {func(f *forger) {
			f.inPreview()
			f.put("@ben", theFlag, flag.Created{Key: "search", Release: "app@1.0", Users: "production"})
			f.put("release", theFlag, flag.Reverted{To: map[workflows.Environment]int{"production": 5}})
		}, []string{"flag/search, event N: a rollback raised it from 0 % to 5 % in production"}},
		"a base that was rolled back": {func(f *forger) {
			before := candidateOf("99999999")
			f.put("@ana", "release/app@0.9", release.Opened{ID: "app@0.9", Number: 9, Risk: "low", Manager: "ana", Candidate: &before,
				Gates: []release.Gate{{Stage: workflows.GA, Half: release.Ready, Items: []release.Item{{Key: "alerts", Role: workflows.SRE}}}}})
			f.put("@ana", "release/app@0.9", release.Signed{Vote: vote("ana", "ga.ready/alerts", release.OK)})
			f.put("@ana", "release/app@0.9", release.Passed{Gate: "ga.ready", Commit: "99999999"})
			f.base = "99999999"
			f.inGA()
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors"})
			c := candidateOf("bbbbbbbb")
			c.Base = "aaaaaaaa"
			f.put("@ana", "release/app@2.0", release.Opened{ID: "app@2.0", Number: 2, Risk: "low", Manager: "ana", Candidate: &c,
				Gates: []release.Gate{{Stage: workflows.GA, Half: release.Ready}}})
		}, []string{"app@2.0, event N: who wrote the candidate was asked since aaaaaaa, and the product's last candidate in GA is 9999999"}},
	}.try(t)
}

// Every record says who did it, by which request and when, whatever it records.
func TestHeader(t *testing.T) {
	resumed := func(change func(*workflows.Header)) func(*forger) {
		return func(f *forger) {
			f.open("normal")
			h := f.header("@ana", forged)
			change(&h)
			f.write(h, release.Resumed{})
		}
	}
	forgeries{
		"by nobody": {resumed(func(h *workflows.Header) { h.By = workflows.Actor{} }),
			[]string{"event N: it does not say who did it"}},
		"by two": {resumed(func(h *workflows.Header) { h.By.Machine = "ci" }),
			[]string{"event N: it says that @ana did it, and the machine ci"}},
		"without a request": {resumed(func(h *workflows.Header) { h.Ask = "" }),
			[]string{"event N: it does not name the request that caused it"}},
		"a refusal without a request": {func(f *forger) {
			h := f.header("@ana", "")
			h.Ask = ""
			f.write(h, ledger.Refused{})
		}, []string{"event N: it does not name the request that caused it"}},
		"a tip without a request": {func(f *forger) {
			h := f.header("clock", "")
			h.Ask = ""
			f.write(h, ledger.Anchored{})
		}, nil},
		"without a time": {func(f *forger) {
			f.open("normal")
			f.now = time.Time{}
			f.put("@ana", forged, release.Resumed{})
		}, []string{"event N: it has no time"}},
		"before the event before it": {func(f *forger) {
			f.open("normal")
			f.wait(-time.Second)
			f.put("@ana", forged, release.Resumed{})
		}, []string{"event N: it is of 2026-01-05T08:59:59Z, and the event before it of 2026-01-05T09:00:00Z"}},
	}.try(t)
}

// A release is under way until its last gate is passed, or it is cancelled; what only its own events need is let go at
// its end, and its flags and the next release are judged as before.
func TestUnderWay(t *testing.T) {
	f := newForger(t)
	underWay := func(want bool) {
		t.Helper()
		if got := f.rd.UnderWay("app@1.0"); got != want {
			t.Errorf("under way after %d events: %v", f.last, got)
		}
	}
	underWay(false)
	f.inGA()
	underWay(true)
	f.sign("ga.done/feedback", "mia")
	f.sign("ga.done/validation", "mia")
	f.wait(24 * time.Hour)
	f.pass("ga.done")
	underWay(false)
	f.rd.End(forged)
	f.put("@ben", theFlag, flag.Created{Key: "search", Release: "app@1.0", Users: "production"})
	f.put("@ben", theFlag, flag.Turned{Env: "production", To: 100, Users: "production"})
	next := candidateOf("bbbbbbbb")
	next.Base = "aaaaaaaa"
	f.put("@ana", "release/app@2.0", release.Opened{ID: "app@2.0", Number: 2, Risk: "low", Candidate: &next,
		Gates: []release.Gate{{Stage: workflows.GA, Half: release.Ready}}})
	f.finds()
	f.put("@ana", "release/app@2.0", release.Cancelled{})
	if f.rd.UnderWay("app@2.0") || f.rd.Releases() != 2 {
		t.Errorf("%d releases", f.rd.Releases())
	}
}
