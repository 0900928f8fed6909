package todo_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// A Monday.
var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// The team works from Monday to Friday.
var week = calendar.Week{Days: 1<<time.Monday | 1<<time.Tuesday | 1<<time.Wednesday | 1<<time.Thursday | 1<<time.Friday,
	Hours: calendar.Hours{From: 9 * 60, To: 17 * 60}, Zone: time.UTC}

func book() *policy.Book {
	b := &policy.Book{Owners: []workflows.PersonID{"own"}, People: map[workflows.PersonID]workflows.Person{},
		Roles: map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}},
			workflows.SRE: {People: []workflows.PersonID{"ops"}}}}
	for _, id := range []workflows.PersonID{"own", "ana", "ben", "ops"} {
		b.People[id] = workflows.Person{ID: id, NoCode: true}
	}
	return b
}

// opened is a release of ana's before GA: tests and changelog of engineering, way-back of sre.
func opened(id workflows.ReleaseID, target time.Time) release.Release {
	return release.Release{ID: id, Risk: policy.Low, Gates: release.Templates()["simple"].Gates, Manager: "ana", Entered: monday, Soaking: monday,
		Target: target, Candidate: &release.Candidate{Digests: map[release.Binding]string{release.ToCommit: "d"}}}
}

func vote(item string, by workflows.PersonID, v release.Value) release.Vote {
	return release.Vote{Item: item, By: by, Value: v, Digest: "d", At: monday.Add(time.Hour)}
}

func said(entries []todo.Entry) string {
	var out []string
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%s %s %v since %s → %s", e.Release, e.Kind, e.Items, e.Since.Format("15:04"), e.Line))
	}
	return strings.Join(out, "\n")
}

func TestFor(t *testing.T) {
	held := func(r release.Release) release.Release {
		r.Held = &release.Hold{By: "ops", Why: "x", At: monday.Add(2 * time.Hour)}
		return r
	}
	voted := func(votes ...release.Vote) release.Release {
		r := opened("app@1", time.Time{})
		r.Votes = votes
		return r
	}
	all := voted(vote("ga.ready/tests", "ben", "ok"), vote("ga.ready/changelog", "ben", "ok"), vote("ga.ready/way-back", "ops", "ok"))
	over := all
	over.Passed = len(over.Gates)
	for name, c := range map[string]struct {
		id   workflows.PersonID
		r    release.Release
		want string
	}{
		"items of their roles, in one line": {"ben", voted(), "app@1 to sign [tests changelog] since 09:00 → sign app@1 tests,changelog"},
		"the items of another role":         {"ops", voted(), "app@1 to sign [way-back] since 09:00 → sign app@1 way-back"},
		"nothing of theirs":                 {"own", voted(), ""},
		"signed already":                    {"ops", voted(vote("ga.ready/way-back", "ops", "ok")), ""},
		"sent back: its owner's turn": {"ana", voted(vote("ga.ready/way-back", "ops", "needs-work")),
			"app@1 needs work [way-back] since 10:00 → item show app@1 ga.ready/way-back\napp@1 to sign [tests changelog] since 09:00 → sign app@1 tests,changelog"},
		"sent back: not the role's turn": {"ops", voted(vote("ga.ready/way-back", "ops", "needs-work")), ""},
		"a block is its voter's":         {"ops", voted(vote("ga.ready/way-back", "ops", "block")), "app@1 your block [way-back] since 10:00 → sign app@1 ga.ready/way-back withdraw"},
		"all hold: the manager's turn":   {"ana", all, "app@1 to advance [] since 09:00 → advance app@1"},
		"all hold: nobody else's":        {"ben", all, ""},
		"on hold: the manager's turn":    {"ana", held(voted()), "app@1 on hold [] since 11:00 → resume app@1"},
		"on hold: nobody signs":          {"ben", held(voted()), ""},
		"over":                           {"ana", over, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := said(todo.For(c.id, []todo.Work{{Release: c.r}}, book(), week, monday.Add(3*time.Hour)))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOverdue: what waits for others longer than it is meant to is the manager's to see, and their deputy's while they are away.
func TestOverdue(t *testing.T) {
	b := book()
	b.Roles[workflows.ReleaseManager] = policy.Members{People: []workflows.PersonID{"ben"}}
	works := []todo.Work{{Release: opened("app@1", time.Time{})}}
	own := "app@1 to sign [tests changelog] since 09:00 → sign app@1 tests,changelog"
	late := own + "\napp@1 overdue [way-back] since 09:00 → check app@1"
	away := map[workflows.PersonID]policy.Absence{"ana": {Until: monday.AddDate(0, 1, 0), Deputy: "ben"}}
	for name, c := range map[string]struct {
		id   workflows.PersonID
		days int
		away map[workflows.PersonID]policy.Absence
		want string
	}{
		"within its lead time": {"ana", 3, nil, own}, "longer": {"ana", 4, nil, late}, "over a weekend": {"ana", 6, nil, late},
		"not for others": {"ben", 4, nil, own}, "for the deputy": {"ben", 4, away, late},
	} {
		b.Away = c.away
		if got := said(todo.For(c.id, works, b, week, monday.AddDate(0, 0, c.days))); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestFollowing: what follows from notes or a briefing is not signed; the line leads to those.
func TestFollowing(t *testing.T) {
	b := book()
	b.Audiences = []policy.Audience{{Name: "ops", People: []workflows.PersonID{"ops"}, Quota: 80}}
	r := opened("app@1", time.Time{})
	r.Risk, r.Gates = policy.Normal, []release.Gate{{Stage: workflows.GA, Half: release.Ready, Items: []release.Item{
		{Key: "changelog", Role: workflows.Engineering, From: release.Notes}, {Key: "skilling-up", Role: workflows.SRE, From: release.Briefing}}}}
	text := briefing.Text{Digest: "d"}
	approve := "app@1 notes to approve [] since 09:00 → notes approve app@1"
	for name, c := range map[string]struct {
		id    workflows.PersonID
		brief briefing.Briefing
		want  string
	}{
		"no draft":         {"ana", briefing.Briefing{}, approve + "\napp@1 briefing to send [] since 09:00 → brief draft app@1"},
		"a draft":          {"ana", briefing.Briefing{Draft: text}, approve + "\napp@1 briefing to send [] since 09:00 → brief send app@1"},
		"sent":             {"ana", briefing.Briefing{Draft: text, Sent: text}, approve},
		"taken back":       {"ana", briefing.Briefing{Draft: text, Sent: text, Counter: &briefing.Reversal{}}, approve + "\napp@1 briefing to send [] since 09:00 → brief send app@1"},
		"not for its role": {"ops", briefing.Briefing{}, ""},
	} {
		if got := said(todo.For(c.id, []todo.Work{{Release: r, Briefing: c.brief}}, b, week, monday)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestWhatTheyCan: nobody's list says what they would be refused.
func TestWhatTheyCan(t *testing.T) {
	b := book()
	b.Audiences = []policy.Audience{{Name: "staff", People: []workflows.PersonID{"ops"}}}
	b.Merged = map[workflows.PersonID]workflows.PersonID{"chat.g7": "ben"}
	ben := b.People["ben"]
	ben.NoCode = false
	without := opened("app@1", time.Time{})
	without.Candidate = nil
	normal := opened("app@1", time.Time{})
	normal.Risk = policy.Normal
	waived := func(passed int, owing ...string) release.Release {
		r := opened("app@1", time.Time{})
		r.Passed, r.Owing = passed, owing
		r.Care = map[string]release.Care{"ga.ready/way-back": {Waiver: &release.Waiver{Owner: "chat.g7", Until: monday.Add(4 * time.Hour), Given: []release.Given{{By: "ana", Manager: true, At: monday}}}}}
		return r
	}
	const owes = "app@1 you owe [way-back] since 09:00 → item show app@1 ga.ready/way-back"
	for name, c := range map[string]struct {
		id     workflows.PersonID
		r      release.Release
		person workflows.Person
		want   string
	}{
		"without a candidate, a maker names one":   {"ben", without, workflows.Person{}, "app@1 to do [tests changelog] since 09:00 → candidate set app@1 REF"},
		"and others sign what vouches for none":    {"ops", without, workflows.Person{}, "app@1 to sign [way-back] since 09:00 → sign app@1 way-back"},
		"what follows from notes is not signed":    {"ben", normal, workflows.Person{}, "app@1 notes to approve [] since 09:00 → notes approve app@1\napp@1 to sign [tests] since 09:00 → sign app@1 tests"},
		"nor what vouches for code, by a stranger": {"ben", normal, ben, ""},
		"what was waived, by another account":      {"ben", waived(0), workflows.Person{}, owes + "\napp@1 to sign [tests changelog] since 09:00 → sign app@1 tests,changelog"},
		"what a gate let through":                  {"ben", waived(1, "ga.ready/way-back"), workflows.Person{}, owes},
		"what held when its gate was passed":       {"ben", waived(1), workflows.Person{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := *b
			b.People = maps.Clone(b.People)
			if c.person.ID != "" {
				b.People["ben"] = c.person
			}
			if diff := cmp.Diff(c.want, said(todo.For(c.id, []todo.Work{{Release: c.r}}, &b, week, monday.Add(3*time.Hour)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOrder: by target, those without one last, else as they came.
func TestOrder(t *testing.T) {
	works := []todo.Work{{Release: opened("app@a", time.Time{})}, {Release: opened("app@b", monday.Add(48*time.Hour))}, {Release: opened("app@c", time.Time{})},
		{Release: opened("app@d", monday.Add(24*time.Hour))}}
	var got []string
	for _, e := range todo.For("ops", works, book(), week, monday) {
		got = append(got, string(e.Release))
	}
	if diff := cmp.Diff([]string{"app@d", "app@b", "app@a", "app@c"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestABriefingWaitsForItsReaders, also after the release is over, and for nobody it was not sent to.
func TestABriefingWaitsForItsReaders(t *testing.T) {
	b := book()
	b.Audiences = []policy.Audience{{Name: "ops", People: []workflows.PersonID{"ops", "ben"}, Quota: 80}, {Name: "others", People: []workflows.PersonID{"own"}}}
	r := opened("app@1", time.Time{})
	r.Passed = len(r.Gates)
	brief := briefing.Briefing{Release: r.ID, Sent: briefing.Text{Digest: "new"}, To: []briefing.Sending{{Audience: "ops", Digest: "new", At: monday.Add(time.Hour)}},
		Acks: []briefing.Acknowledgement{{Person: "ben", Digest: "new"}, {Person: "ops", Digest: "old"}}}
	for id, want := range map[workflows.PersonID]string{"ops": "app@1 to read [] since 10:00 → brief ack app@1", "ben": "", "own": "", "ana": ""} {
		if got := said(todo.For(id, []todo.Work{{Release: r, Briefing: brief}}, b, week, monday)); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

func TestAudiences(t *testing.T) {
	b := book()
	got := todo.Audiences(b)
	if len(got) != 1 || got[0].Name != todo.Everyone || got[0].Quota != 80 || got[0].Public || fmt.Sprint(got[0].People) != "[ana ben ops own]" {
		t.Errorf("without a configuration: %+v", got)
	}
	b.Audiences = []policy.Audience{{Name: "a", Place: "c/#a", Quota: 50, Public: true, People: []workflows.PersonID{"ana"}}}
	want := []briefing.Audience{{Name: "a", Place: "c/#a", Quota: 50, Public: true, People: []workflows.PersonID{"ana"}}}
	if diff := cmp.Diff(want, todo.Audiences(b)); diff != "" {
		t.Error(diff)
	}
}

// TestBlocking counts the lead time back from the target in working days: three for these items, over a weekend.
func TestBlocking(t *testing.T) {
	target := monday.AddDate(0, 0, 7) // a Monday: three working days before is Wednesday, 9:00
	wednesday := monday.AddDate(0, 0, 2)
	for now, want := range map[time.Time]int{monday: 0, wednesday.Add(-time.Second): 0, wednesday: 3, target.AddDate(0, 0, 1): 3} {
		if got := todo.Blocking(opened("app@1", target), book(), week, now); len(got) != want {
			t.Errorf("at %v %d items block, want %d", now, len(got), want)
		}
	}
	r := opened("app@1", target)
	r.Held = &release.Hold{}
	if todo.Blocking(opened("app@1", time.Time{}), book(), week, target) != nil || todo.Blocking(r, book(), week, target) != nil {
		t.Error("a release without a target, or on hold, blocks somebody")
	}
}

func TestViewer(t *testing.T) {
	v := todo.Viewer{Person: workflows.Person{ID: "ana"}, Known: true, Book: book()}
	if !v.Inside(monday) || !v.May(workflows.Maker, "", monday) || v.May(workflows.Owner, "", monday) {
		t.Error("ana is engineering, and not an owner")
	}
	if v.Known = false; v.Inside(monday) {
		t.Error("somebody unknown is inside")
	}
	v = todo.Viewer{Person: workflows.Person{ID: "rob"}, Known: true, Book: book()}
	if v.Inside(monday) || v.May(workflows.Member, "", monday) || !v.May(workflows.Manager, "rob", monday) {
		t.Error("rob has no role, and manages what is his")
	}
}

// Who turned out to be somebody that is known finds what was given to them by the account of before.
func TestForWhoWasAnAccount(t *testing.T) {
	b := book()
	b.Merged = map[workflows.PersonID]workflows.PersonID{"alt": "own"}
	r := opened("app@1", time.Time{})
	r.Care = map[string]release.Care{"ga.done/healthy": {Owner: "alt"},
		"ga.ready/way-back": {Waiver: &release.Waiver{Owner: "alt", Until: monday.AddDate(0, 0, 1), Given: []release.Given{{By: "ana", Manager: true, At: monday}}}}}
	want := "app@1 you owe [way-back] since 09:00 → item show app@1 ga.ready/way-back\napp@1 to do [healthy] since 09:00 → item ask app@1 ga.done/healthy"
	if diff := cmp.Diff(want, said(todo.For("own", []todo.Work{{Release: r}}, b, week, monday.Add(time.Hour)))); diff != "" {
		t.Error(diff)
	}
}

// TestPlannedFeedback waits for its owner, in one entry, due when the first of it is; on hold too, and not when it is over,
// settled, or its owner of the team no more.
func TestPlannedFeedback(t *testing.T) {
	b := book()
	b.People["rob"] = workflows.Person{ID: "rob"}
	b.Merged = map[workflows.PersonID]workflows.PersonID{"alt": "ops"}
	plan := func(owner workflows.PersonID, days int) *feedback.Plan {
		return &feedback.Plan{Owner: owner, Due: monday.AddDate(0, 0, days), At: monday.Add(time.Duration(days) * time.Minute)}
	}
	said := feedback.Feedback{Entries: []feedback.Entry{{N: 1, Plan: plan("ops", 5)}, {N: 2}, {N: 3, Plan: plan("alt", 3)}, {N: 4, Plan: plan("ops", 1), Done: &feedback.Settlement{}},
		{N: 5, Plan: plan("own", 2)}, {N: 6, Plan: plan("rob", 2)}}}
	held, over := opened("app@1", time.Time{}), opened("app@1", time.Time{})
	held.Held = &release.Hold{By: "ops", Why: "x", At: monday}
	over.Passed = len(over.Gates)
	two := "app@1 feedback planned for you [#3 #1] since 09:03 → feedback list app@1, due 8"
	for _, c := range []struct {
		id   workflows.PersonID
		r    release.Release
		want string
	}{
		{"ops", held, two}, {"own", held, "app@1 feedback planned for you [#5] since 09:02 → feedback done app@1 5, due 7"},
		{"rob", held, ""}, {"ben", held, ""}, {"ops", over, ""},
	} {
		entries := todo.For(c.id, []todo.Work{{Release: c.r, Feedback: said}}, b, week, monday.Add(time.Hour))
		got := withDue(entries)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.id, got, c.want)
		}
	}
}

// withDue is said, with the day on which each is due.
func withDue(entries []todo.Entry) string {
	var out []string
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%s, due %d", said([]todo.Entry{e}), e.Due.Day()))
	}
	return strings.Join(out, "\n")
}
