package feedback_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

var home = workflows.Home{Host: "github.com", Repository: "acme/app"}

// inApp gives facts of a release whose product has issues.
func inApp(by workflows.PersonID, stage workflows.Stage) feedback.Facts {
	f := at(by, stage)
	f.Home = home
	return f
}

// What is refused to whoever has an issue or somebody else follow: why, who can, and what to type instead.
func TestFollowOthersRefused(t *testing.T) {
	issue := func(ref string, want feedback.Want) feedback.Wish { return feedback.FollowIssue{Ref: ref, Want: want} }
	who := func(id workflows.PersonID, want feedback.Want) feedback.Wish {
		return feedback.Invite{Who: id, Want: want}
	}
	b := fold(feedback.Feedback{}, []workflows.Event{feedback.IssueFollowed{Forge: "acme/app", N: 1, Want: feedback.Preview}, feedback.IssueFollowed{Forge: "acme/app", N: 2, Want: feedback.Ships},
		feedback.IssueUnfollowed{Forge: "acme/app", N: 2}, feedback.Followed{Account: "chat/rob", Want: feedback.Ships, For: "rob"}, feedback.Followed{Account: "chat/own", Want: feedback.Ships, For: "own"},
		feedback.Unfollowed{Accounts: []workflows.Handle{"chat/own"}}}, facts("ana"))
	for range feedback.MaxTurns {
		b = fold(b, []workflows.Event{feedback.IssueFollowed{Forge: "acme/app", N: 3, Want: feedback.Ships}, feedback.IssueUnfollowed{Forge: "acme/app", N: 3}}, facts("ana"))
	}
	for n := 10; len(b.Issues) < feedback.MaxIssues; n++ {
		b = fold(b, []workflows.Event{feedback.IssueFollowed{Forge: "acme/app", N: n, Want: feedback.Ships}}, facts("ana"))
	}
	for name, c := range map[string]struct {
		wish  feedback.Wish
		by    workflows.PersonID
		stage workflows.Stage
		with  func(*feedback.Facts)
		no    workflows.Reason
		next  string
	}{
		"an issue, by who is not of the team":  {issue("#5", ""), "rob", workflows.Before, nil, workflows.NotAllowed, "/release feedback follow"},
		"another, by who is not of the team":   {who("mia", feedback.Ships), "rob", workflows.Before, nil, workflows.NotAllowed, "/release feedback follow"},
		"of a product without issues":          {issue("#5", ""), "ana", workflows.Before, func(f *feedback.Facts) { f.Home.Repository = "" }, workflows.NoRepository, "products: {app: {github: owner/name}}"},
		"an issue of another repository":       {issue("acme/lib#5", ""), "ana", workflows.Before, nil, workflows.Invalid, "/release feedback follow #12"},
		"a tracker's key":                      {issue("ABC-12", ""), "ana", workflows.Before, nil, workflows.Invalid, "/release feedback follow #12"},
		"an issue that follows":                {issue("#1", feedback.Ships), "ana", workflows.Before, nil, workflows.Unchanged, "/release feedback follow #1 off"},
		"an issue that does not, off":          {issue("#2", feedback.Off), "ana", workflows.Before, nil, workflows.Unchanged, "/release feedback follow #2"},
		"an issue too often":                   {issue("#3", ""), "ana", workflows.Before, nil, feedback.Full, "/release feedback list"},
		"an issue too many":                    {issue("#5", ""), "ana", workflows.Before, nil, feedback.Full, "/release feedback list"},
		"an issue of what is out":              {issue("#2", ""), "ana", workflows.GA, nil, feedback.Out, "/release status"},
		"an issue for a preview that is over":  {issue("#2", feedback.Preview), "ana", workflows.Between, nil, feedback.NoPreview, "/release feedback follow ships"},
		"an issue of what never comes":         {issue("#2", ""), "ana", workflows.Before, func(f *feedback.Facts) { f.Cancelled = true }, workflows.Over, "/release list"},
		"nobody":                               {who("nobody", feedback.Ships), "ana", workflows.Before, nil, workflows.UnknownPerson, "/release feedback follow @ana"},
		"somebody off":                         {who("rob", feedback.Off), "ana", workflows.Before, nil, workflows.NotAllowed, "/release feedback follow off"},
		"somebody who follows":                 {who("rob", feedback.Ships), "ana", workflows.Before, nil, workflows.Unchanged, "/release feedback list"},
		"somebody who let it be":               {who("own", feedback.Ships), "ana", workflows.Before, nil, workflows.Unchanged, "/release feedback list"},
		"somebody whom nothing reaches":        {who("mia", feedback.Ships), "ana", workflows.Before, func(f *feedback.Facts) { f.Account = "" }, workflows.Invalid, "people: in readyroom.yaml"},
		"somebody, of what is out":             {who("mia", feedback.Ships), "ana", workflows.GA, nil, feedback.Out, "/release status"},
		"herself, of what is out":              {who("ana", feedback.Ships), "ana", workflows.GA, nil, feedback.Out, "/release status"},
		"herself, by another name, of nothing": {who("pat", feedback.Off), "mia", workflows.Before, nil, workflows.Unchanged, "/release feedback follow"},
	} {
		f := inApp(c.by, c.stage)
		f.Account = "chat/mia"
		if c.with != nil {
			c.with(&f)
		}
		events, err := feedback.Decide(b, c.wish, f)
		if no := refusal(err); no.Reason != c.no || len(events) > 0 || !slices.Equal(no.Next, []string{c.next}) {
			t.Errorf("%s: %v %v", name, events, err)
		}
	}
}

// An issue hears of all that is still to come unless something else is said; what it is told is as far as anybody knows.
func TestWhatAnIssueWaitsFor(t *testing.T) {
	for _, c := range []struct {
		stage    workflows.Stage
		previews bool
		want     feedback.Want
		got      feedback.Want
	}{
		{workflows.Before, true, "", feedback.Preview}, {workflows.Before, false, "", feedback.Ships}, {workflows.Preview, true, "", feedback.Ships},
		{workflows.Between, true, "", feedback.Ships}, {workflows.Before, true, feedback.Ships, feedback.Ships}, {workflows.Preview, true, feedback.Preview, feedback.Preview},
	} {
		f := inApp("ana", c.stage)
		f.Previews = c.previews
		events, err := feedback.Decide(feedback.Feedback{}, feedback.FollowIssue{Ref: "#7", Want: c.want}, f)
		if diff := cmp.Diff([]workflows.Event{feedback.IssueFollowed{Forge: "acme/app", N: 7, Want: c.got}}, events); diff != "" || err != nil {
			t.Errorf("%s %q: %v %s", c.stage, c.want, err, diff)
		}
	}
}

// Only ends of comments that were wished are recorded, each once; what is there stays there.
func TestEndsOfComments(t *testing.T) {
	said, err := feedback.Decide(feedback.Feedback{}, feedback.Inform{News: feedback.Shipped, Asked: []int{14, 12, 12}}, inApp("", workflows.GA))
	if len(said) != 1 || err != nil {
		t.Fatal(said, err)
	}
	b := fold(feedback.Feedback{}, said, inApp("", workflows.GA))
	end := func(b feedback.Feedback, what, op string, n int, fate workflows.Fate) []workflows.Event {
		data, err := json.Marshal(workflows.Comment{Forge: "Acme/App", Op: op, Issue: n})
		if err != nil {
			t.Fatal(err)
		}
		events, err := feedback.Decide(b, feedback.Acted{Acted: workflows.Acted{What: what, Data: data, Fate: fate, Why: strings.Repeat("é", 1000), Link: "https://x.example.org"}}, inApp("", workflows.GA))
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
	const op = "app@invoices/asked/12/ga"
	for name, events := range map[string][]workflows.Event{"another act": end(b, workflows.ActRelease, op, 12, workflows.Done), "another issue": end(b, workflows.ActComment, op, 14, workflows.Done),
		"another comment": end(b, workflows.ActComment, op+"/2", 12, workflows.Done)} {
		if len(events) > 0 {
			t.Errorf("%s: %+v", name, events)
		}
	}
	unclear := end(b, workflows.ActComment, op, 12, workflows.Unclear)
	if e := unclear[0].(feedback.Commented); e.Tells != "man" || len([]rune(e.Why)) > 301 {
		t.Errorf("%+v", e)
	}
	b = fold(b, unclear, inApp("", workflows.GA))
	if again := end(b, workflows.ActComment, op, 12, workflows.Unclear); len(again) > 0 {
		t.Errorf("%+v", again)
	}
	if e := end(b, workflows.ActComment, "app@invoices/asked/14/ga", 14, workflows.Unclear)[0].(feedback.Commented); e.Tells != "" {
		t.Errorf("of the same trouble once more: %+v", e)
	}
	b = fold(b, end(b, workflows.ActComment, op, 12, workflows.Done), inApp("", workflows.GA)) // somebody looked
	if c := b.On("acme/app", 12)[0]; c.Fate != workflows.Done || c.Why != "" || c.Link == "" {
		t.Errorf("%+v", c)
	}
	if again := end(b, workflows.ActComment, op, 12, workflows.Refused); len(again) > 0 {
		t.Errorf("%+v", again)
	}
	if _, err := feedback.Decide(b, feedback.Acted{Acted: workflows.Acted{What: workflows.ActComment, Data: []byte("{")}}, facts("")); err == nil {
		t.Error("no comment at all")
	}
	if none, err := feedback.Decide(b, feedback.Inform{News: feedback.Opened, Asked: []int{12}}, facts("")); len(none) > 0 || err != nil {
		t.Errorf("of a product without issues: %v %v", none, err)
	}
	if _, err := feedback.Decide(b, feedback.Inform{News: "gossip"}, inApp("", workflows.GA)); err == nil {
		t.Error("gossip was told")
	}
}

// What is to be said on an issue bears what it is made of, and no text: where the notes are, only where there is something new.
func TestTheFactsOfComments(t *testing.T) {
	f := inApp("", workflows.GA)
	f.Notes = "https://github.com/acme/app/releases/tag/v1.0.0"
	for news, notes := range map[feedback.News]string{feedback.Opened: f.Notes, feedback.Shipped: f.Notes, feedback.TakenBack: "", feedback.Never: ""} {
		b := feedback.Feedback{Release: "app@1.0.0", Issues: []feedback.Issue{{Forge: "acme/app", N: 12, Want: feedback.Preview}}}
		if news == feedback.TakenBack {
			b.Issues[0].Comments = []feedback.Comment{{Op: "before", News: feedback.Shipped, Told: workflows.GA, Fate: workflows.Done}}
			f.Stage = workflows.Before
		}
		events, err := feedback.Decide(b, feedback.Inform{News: news}, f)
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %v %v", news, events, err)
		}
		effects := feedback.Tell(b, workflows.Recorded{Event: events[0]})
		var got feedback.Telling
		if err := json.Unmarshal(effects[1].Data, &got); err != nil {
			t.Fatal(err)
		}
		want := feedback.Telling{Comment: workflows.Comment{Forge: "acme/app", Op: got.Op, Issue: 12}, Release: "app@1.0.0", News: news, Stage: f.Stage, Notes: notes}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b workflows.Public) bool { return a == b })); diff != "" || got.Op == "" {
			t.Errorf("%s (-want +got):\n%s", news, diff)
		}
		f.Stage = workflows.GA
	}
}
