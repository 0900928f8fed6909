package feedback_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// at gives facts of a release at a stage.
func at(by workflows.PersonID, stage workflows.Stage) feedback.Facts {
	f := facts(by)
	f.Stage = stage
	return f
}

// What is refused to whoever follows, and how it stands.
func TestFollowRefused(t *testing.T) {
	mia := fold(feedback.Feedback{}, []workflows.Event{feedback.Followed{Account: "chat/mia", Want: feedback.Preview}}, facts("mia"))
	for name, c := range map[string]struct {
		want  feedback.Want
		by    workflows.PersonID
		stage workflows.Stage
		with  func(*feedback.Facts)
		no    workflows.Reason
		next  string
	}{
		"what is out":                {feedback.Ships, "zoe", workflows.GA, nil, feedback.Out, "/release status"},
		"what is closed":             {feedback.Preview, "zoe", workflows.Closed, nil, feedback.Out, "/release status"},
		"what never comes":           {feedback.Ships, "zoe", workflows.Before, func(f *feedback.Facts) { f.Cancelled, f.Over = true, true }, workflows.Over, "/release list"},
		"a preview that there is no": {feedback.Preview, "zoe", workflows.Before, func(f *feedback.Facts) { f.Previews = false }, feedback.NoPreview, "/release feedback follow ships"},
		"a preview that is over":     {feedback.Preview, "zoe", workflows.Between, nil, feedback.NoPreview, "/release feedback follow ships"},
		"gossip":                     {"gossip", "zoe", workflows.Before, nil, workflows.Invalid, "/release feedback follow ships"},
		"again":                      {feedback.Preview, "mia", workflows.Before, nil, workflows.Unchanged, "/release feedback follow off"},
		"less":                       {feedback.Ships, "mia", workflows.Before, nil, workflows.Unchanged, "/release feedback follow off"},
		"as the same person":         {feedback.Ships, "pat", workflows.Before, nil, workflows.Unchanged, "/release feedback follow off"},
		"off, and never on":          {feedback.Off, "zoe", workflows.Before, nil, workflows.Unchanged, "/release feedback follow"},
		"no account":                 {feedback.Ships, "zoe", workflows.Before, func(f *feedback.Facts) { f.Actor.Handle = "" }, workflows.Invalid, "/release list"},
	} {
		f := at(c.by, c.stage)
		if c.with != nil {
			c.with(&f)
		}
		events, err := feedback.Decide(mia, feedback.Follow{Want: c.want}, f)
		if no := refusal(err); no.Reason != c.no || len(events) > 0 || !slices.Equal(no.Next, []string{c.next}) {
			t.Errorf("%s: %v %v", name, events, err)
		}
	}
}

// Who wants the preview while it is open read so when they asked: they are not told of it once more.
func TestFollowingAnOpenPreview(t *testing.T) {
	var b feedback.Feedback
	b = does(t, b, "zoe", feedback.Follow{Want: feedback.Preview}) // it is in preview
	if events, err := feedback.Decide(b, feedback.Announce{News: feedback.Opened}, facts("")); len(events) > 0 || err != nil {
		t.Errorf("%v %v", events, err)
	}
	events, _ := feedback.Decide(b, feedback.Announce{News: feedback.Shipped}, at("", workflows.GA))
	if diff := cmp.Diff([]workflows.Event{feedback.Announced{News: feedback.Shipped, Stage: workflows.GA, To: []workflows.Handle{"chat/zoe"}}}, events); diff != "" {
		t.Error(diff)
	}
	b = fold(b, events, facts(""))
	if again, err := feedback.Decide(b, feedback.Announce{News: feedback.Shipped}, at("", workflows.GA)); len(again) > 0 || err != nil {
		t.Errorf("told twice: %v %v", again, err)
	}
	if events, err := feedback.Decide(b, feedback.Announce{News: "gossip"}, facts("")); len(events) > 0 || err == nil {
		t.Errorf("gossip: %v %v", events, err)
	}
}

// TestFollowTale walks random lives of a release and of those who follow it, and holds to a plain tale of each: whoever
// wants to hear is told of each thing once for each time that it comes about, and whoever does not is told nothing.
func TestFollowTale(t *testing.T) {
	people := []workflows.PersonID{"zoe", "mia", "pat", "rob", "leo"}
	rapid.Check(t, func(t *rapid.T) {
		var b feedback.Feedback
		stage := workflows.Before
		wants, knows := map[workflows.PersonID]feedback.Want{}, map[workflows.PersonID]workflows.Stage{}
		self := func(id workflows.PersonID) workflows.PersonID { return book().Canon(id) }
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			who := rapid.SampledFrom(people).Draw(t, "who")
			f, id := at(who, stage), self(who)
			want := rapid.SampledFrom([]feedback.Want{feedback.Ships, feedback.Preview, feedback.Off}).Draw(t, "want")
			if rapid.Bool().Draw(t, "somebody") {
				events, err := feedback.Decide(b, feedback.Follow{Want: want}, f)
				b = fold(b, events, f)
				if err != nil {
					continue
				}
				if wants[id] == "" {
					knows[id] = ""
				}
				if wants[id] = want; want == feedback.Off {
					wants[id] = ""
				}
				if want == feedback.Preview && stage == workflows.Preview {
					knows[id] = workflows.Preview
				}
				continue
			}
			news := map[workflows.Stage]feedback.News{workflows.Before: feedback.Opened, workflows.Preview: feedback.Shipped, workflows.GA: feedback.TakenBack}[stage]
			stage = map[feedback.News]workflows.Stage{feedback.Opened: workflows.Preview, feedback.Shipped: workflows.GA,
				feedback.TakenBack: rapid.SampledFrom([]workflows.Stage{workflows.Before, workflows.Preview}).Draw(t, "back to")}[news]
			told := map[workflows.PersonID]bool{}
			for id, want := range wants {
				switch is := knows[id]; {
				case want == "":
				case news == feedback.Opened && want == feedback.Preview && is == "":
					told[id], knows[id] = true, workflows.Preview
				case news == feedback.Shipped && is != workflows.GA:
					told[id], knows[id] = true, workflows.GA
				case news == feedback.TakenBack && is != "" && is != stage:
					told[id], knows[id] = true, ""
					if want == feedback.Preview && stage == workflows.Preview {
						knows[id] = workflows.Preview
					}
				}
			}
			f = at("", stage)
			events, err := feedback.Decide(b, feedback.Announce{News: news, But: []workflows.PersonID{who}}, f)
			if err != nil || len(events) > 1 {
				t.Fatal(events, err)
			}
			got := map[workflows.PersonID]bool{}
			for _, e := range events {
				for _, h := range e.(feedback.Announced).To {
					if id := self(workflows.PersonID(h.Name())); got[id] {
						t.Fatalf("%s is told twice", id)
					} else {
						got[id] = true
					}
				}
			}
			delete(told, self(who)) // who did it
			if diff := cmp.Diff(told, got); diff != "" {
				t.Fatalf("%s, now %s (-tale +told):\n%s\n%+v", news, stage, diff, b.Followers)
			}
			before := dump(t, b)
			next := fold(b, events, f)
			if dump(t, b) != before {
				t.Fatal("a fold changed the state before it")
			}
			b = next
		}
	})
}

// However many come and go, no more are listed than there may be, and each changes its mind so often and no more.
func TestFollowBounds(t *testing.T) {
	var b feedback.Feedback
	try := func(id workflows.PersonID, want feedback.Want) workflows.Reason {
		f := at(id, workflows.Before)
		events, err := feedback.Decide(b, feedback.Follow{Want: want}, f)
		b = fold(b, events, f)
		return refusal(err).Reason
	}
	for i := range feedback.MaxTurns {
		if no := try("zoe", feedback.Ships); no != "" {
			t.Fatalf("the %d. time: %s", i, no)
		}
		if no := try("zoe", feedback.Off); no != "" {
			t.Fatalf("off, the %d. time: %s", i, no)
		}
	}
	if no := try("zoe", feedback.Ships); no != feedback.Full {
		t.Errorf("once more: %q", no)
	}
	for i := range feedback.MaxFollowers - 1 {
		if no := try(workflows.PersonID(fmt.Sprint("p", i)), feedback.Ships); no != "" {
			t.Fatalf("%d: %s", i, no)
		}
	}
	if no := try("one-more", feedback.Ships); no != feedback.Full || len(b.Followers) != feedback.MaxFollowers {
		t.Errorf("%q, %d are listed", no, len(b.Followers))
	}
	if no := try("p1", feedback.Preview); no != "" {
		t.Errorf("more for one who follows: %q", no)
	}
}
