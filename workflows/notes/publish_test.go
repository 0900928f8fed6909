package notes_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

var everywhere = notes.Outside{Forge: "acme/app", Releases: true, Tag: "v1.0.0", Changelog: "CHANGELOG.md"}

// outside are facts of a product whose repository is shared.
func outside(changes ...func(*notes.Facts)) notes.Facts {
	return with(func(f *notes.Facts) {
		f.Outside, f.Manager, f.May = everywhere, "mia", true
		for _, change := range changes {
			change(f)
		}
	})
}

// approvedText are notes of that text, ready to go out.
func approvedText(t rapid.TB, n notes.Notes, text string, f notes.Facts) notes.Notes {
	t.Helper()
	n, _ = act(t, n, notes.Edit{Text: text}, f)
	n, _ = act(t, n, notes.Approve{}, f)
	return n
}

// ended is the end of an act that an event wished.
func ended(e workflows.Event, act string, fate workflows.Fate, link, why string) notes.Acted {
	w := notes.Acted{Acted: workflows.Acted{What: act, Fate: fate, Link: link, Why: why}}
	for _, effect := range notes.Tell(notes.Notes{Release: id}, workflows.Recorded{Header: workflows.Header{Stream: workflows.StreamOf(notes.Room, string(id))}, Event: e}) {
		if effect.What == act {
			w.Data = effect.Data
		}
	}
	return w
}

func effects(n notes.Notes, e workflows.Event, f notes.Facts) []string {
	var out []string
	for _, e := range notes.Tell(n, record(e, f)) {
		if e.What != "card" && e.What != "history" {
			out = append(out, strings.TrimSpace(string(e.Kind)+" "+e.What+" "+string(e.To.Place)+string(e.To.Person)+" "+e.Slot+e.In))
		}
	}
	return out
}

func TestPublishOutside(t *testing.T) {
	f := outside()
	n := approvedText(t, notes.Notes{}, "# app 1.0.0\n\n- one", f)
	n, events := act(t, n, notes.Publish{}, f)
	p := events[0].(notes.Published)
	if diff := cmp.Diff([]string{"tell notes console/#news notes", "act release", "act changelog"}, effects(n, p, f)); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	want := workflows.ForgeRelease{Forge: "acme/app", Op: "app@1.0.0/notes/1", Release: "app@1.0.0", Tag: "v1.0.0", Commit: first, Text: n.Public}
	var got workflows.ForgeRelease
	if err := json.Unmarshal(ended(p, workflows.ActRelease, "", "", "").Data, &got); err != nil || got != want {
		t.Errorf("the release is %+v (%v), want %+v", got, err, want)
	}
	if c := p.Changelog; c.Section != n.Changelog || c.Op != want.Op || c.File != "CHANGELOG.md" || c.Release != "app@1.0.0" || c.Forge != "acme/app" || c.Repository != "" {
		t.Errorf("the change log is %+v", c)
	}
	refused(t, n, notes.Publish{}, f, workflows.Unchanged, "outside of them or on their way there")
	refused(t, n, notes.Publish{Only: notes.ToRelease}, f, workflows.Unchanged, "on their way there")
}

// What did not come to its end is all that is published again, under another number.
func TestPublishAgainOnlyWhatIsMissing(t *testing.T) {
	f := outside()
	n := approvedText(t, notes.Notes{}, "- one", f)
	n, events := act(t, n, notes.Publish{}, f)
	p := events[0]
	for _, fate := range []workflows.Fate{workflows.Refused, workflows.Unclear} {
		failed, events := act(t, n, ended(p, workflows.ActRelease, fate, "", "no permission"), f)
		if diff := cmp.Diff([]string{"tell notes-stranded mia"}, effects(failed, events[0], f)); diff != "" {
			t.Errorf("effects (-want +got):\n%s", diff)
		}
		if o := failed.Out.Outlets[0]; o.Fate != fate || o.Why != "no permission" {
			t.Errorf("the state says %+v", o)
		}
		nothing(t, failed, ended(p, workflows.ActRelease, fate, "", "no permission"), f)
		again, events := act(t, failed, notes.Publish{}, f)
		e := events[0].(notes.Published)
		if len(e.To) > 0 || e.Changelog != nil || e.Release.Op != "app@1.0.0/notes/2" {
			t.Errorf("published again: %+v", e)
		}
		nothing(t, again, ended(p, workflows.ActRelease, workflows.Done, "https://late", ""), f)
		done, _ := act(t, again, ended(e, workflows.ActRelease, workflows.Done, "https://x/1", ""), f)
		if o := done.Out.Outlets[0]; o.Fate != workflows.Done || o.Link != "https://x/1" || o.Why != "" {
			t.Errorf("the state says %+v", o)
		}
		nothing(t, done, ended(e, workflows.ActRelease, workflows.Unclear, "", "late"), f)
		refused(t, done, notes.Publish{}, f, workflows.Unchanged, "")
	}
	later, _ := act(t, n, ended(p, workflows.ActRelease, workflows.Unclear, "", "who knows"), f)
	if later, events := act(t, later, ended(p, workflows.ActRelease, workflows.Done, "https://x", ""), f); len(events) != 1 || later.Out.Outlets[0].Fate != workflows.Done {
		t.Errorf("a human's word was not taken: %+v", later.Out)
	}
	nothing(t, n, notes.Acted{Acted: workflows.Acted{What: workflows.ActTag}}, f)
}

func TestTargets(t *testing.T) {
	feature := func(f *notes.Facts) { f.Standing.Release = "app@invoices" }
	folder := func(f *notes.Facts) { f.Outside = notes.Outside{Changelog: "CHANGELOG.md", Repository: "../app"} }
	preview := func(f *notes.Facts) { f.Standing.Stage, f.Standing.Reach = workflows.Preview, workflows.ReachSome }
	candidate := func(f *notes.Facts) { f.Standing.Release, f.Outside.Tag = "app@1.0.0-rc.1", "v1.0.0-rc.1" }
	for name, c := range map[string]struct {
		only  notes.Target
		facts func(*notes.Facts)
		want  string
	}{
		"everything":              {"", nil, "#news, release v1.0.0, changelog"},
		"channels":                {notes.ToChannels, nil, "#news"},
		"the release":             {notes.ToRelease, nil, "release v1.0.0"},
		"the change log":          {notes.ToChangelog, nil, "changelog"},
		"a feature":               {"", feature, "#news, no version"},
		"a feature's channels":    {notes.ToChannels, feature, "#news"},
		"a folder's change log":   {"", folder, "#news, changelog in ../app"},
		"in tech preview":         {notes.ToRelease, preview, "release v1.0.0 pre"},
		"a pre-release":           {notes.ToRelease, candidate, "release v1.0.0-rc.1 pre"},
		"build data is no pre":    {notes.ToRelease, func(f *notes.Facts) { f.Standing.Release = "app@1.0.0+a-b" }, "release v1.0.0"},
		"no releases":             {"", func(f *notes.Facts) { f.Outside.Releases = false }, "#news, changelog"},
		"no channel but outside":  {"", func(f *notes.Facts) { f.Channels = nil }, "release v1.0.0, changelog"},
		"neither forge nor clone": {"", func(f *notes.Facts) { f.Outside = notes.Outside{Changelog: "C.md"} }, "#news"},
	} {
		t.Run(name, func(t *testing.T) {
			f := outside()
			if c.facts != nil {
				c.facts(&f)
			}
			_, events := act(t, approvedText(t, notes.Notes{}, "- one", f), notes.Publish{Only: c.only}, f)
			if got := going(events[0].(notes.Published).Going); got != c.want {
				t.Errorf("it goes to %s, want %s", got, c.want)
			}
		})
	}
}

func going(g notes.Going) string {
	var out []string
	for _, c := range g.To {
		out = append(out, c.Place.Channel())
	}
	if r := g.Release; r != nil {
		out = append(out, "release "+r.Tag)
		if r.Pre {
			out[len(out)-1] += " pre"
		}
	}
	if c := g.Changelog; c != nil {
		out = append(out, "changelog")
		if c.Repository != "" {
			out[len(out)-1] += " in " + c.Repository
		}
	}
	if g.Unversioned {
		out = append(out, "no version")
	}
	return strings.Join(out, ", ")
}

// What was a release for few becomes one for everybody, and nothing else is published again.
func TestPreviewBecomesGA(t *testing.T) {
	f := outside(func(f *notes.Facts) { f.Standing.Stage, f.Standing.Reach = workflows.Preview, workflows.ReachSome })
	n := approvedText(t, notes.Notes{}, "- one", f)
	n, events := act(t, n, notes.Publish{}, f)
	n, _ = act(t, n, ended(events[0], workflows.ActRelease, workflows.Done, "https://x", ""), f)
	_, events = act(t, n, notes.Publish{}, outside())
	if got := going(events[0].(notes.Published).Going); got != "release v1.0.0" {
		t.Errorf("in GA it goes to %s", got)
	}
}

func TestPublishRefusals(t *testing.T) {
	f := outside()
	n := approvedText(t, notes.Notes{}, "- one", f)
	out, _ := act(t, n, notes.Publish{Only: notes.ToChannels}, f)
	planned, _ := act(t, n, notes.Publish{At: monday.Add(time.Hour)}, f)
	other := approvedText(t, out, "- two", f)
	unapproved, _ := act(t, out, notes.Edit{Text: "- two"}, f)
	unlogged := n
	unlogged.Changelog = workflows.Public{}
	for name, c := range map[string]struct {
		n     notes.Notes
		wish  notes.Wish
		facts notes.Facts
		want  workflows.Reason
		why   string
	}{
		"no such release":              {n, notes.Publish{Only: notes.ToRelease}, with(func(*notes.Facts) {}), notes.NoTarget, "names no release for the notes of app to go into"},
		"no such change log":           {n, notes.Publish{Only: notes.ToChangelog}, with(func(*notes.Facts) {}), notes.NoTarget, "change log"},
		"no channel":                   {n, notes.Publish{Only: notes.ToChannels}, outside(func(f *notes.Facts) { f.Channels = nil }), workflows.NoAudience, "no public audience"},
		"a feature's release":          {n, notes.Publish{Only: notes.ToRelease}, outside(func(f *notes.Facts) { f.Standing.Release = "app@invoices" }), notes.NoTarget, "it has no version"},
		"a tag that is none":           {n, notes.Publish{}, outside(func(f *notes.Facts) { f.Outside.Tag = "v1..0" }), workflows.Invalid, "«v1..0»"},
		"a tag that ends as none does": {n, notes.Publish{}, outside(func(f *notes.Facts) { f.Outside.Tag = "1.lock" }), workflows.Invalid, "no tag can be called"},
		"approved before":              {unlogged, notes.Publish{}, f, notes.NotApproved, "without the text of the change log"},
		"other words are out":          {other, notes.Publish{}, f, notes.IsOut, "is a correction"},
		"at a time that is over":       {n, notes.Publish{At: monday}, f, workflows.Invalid, "that time is over"},
		"at the same time":             {planned, notes.Publish{At: monday.Add(time.Hour)}, f, workflows.Unchanged, "then already"},
		"never, without a plan":        {n, notes.Publish{Never: true}, f, workflows.Unchanged, "not to be published at any time"},
		"later, unapproved":            {unapproved, notes.Publish{At: monday.Add(time.Hour)}, f, notes.NotApproved, ""},
		"correct what is not out":      {n, notes.Correct{Why: "x"}, f, notes.NoNotes, "no published notes"},
		"correct without a reason":     {other, notes.Correct{Why: " "}, f, workflows.NeedsReason, "why there are new ones"},
		"correct with too long a one":  {other, notes.Correct{Why: strings.Repeat("a", 1001)}, f, workflows.Invalid, "1001 characters"},
		"correct nothing":              {out, notes.Correct{Why: "x"}, f, workflows.Unchanged, "read as they are published"},
		"correct unapproved":           {unapproved, notes.Correct{Why: "x"}, f, notes.NotApproved, ""},
		"correct on hold":              {other, notes.Correct{Why: "x"}, outside(func(f *notes.Facts) { f.Standing.Reach = workflows.ReachSmaller }), workflows.OnHold, ""},
		"correct another candidate":    {moved(t, other), notes.Correct{Why: "x"}, atLater(), workflows.Changed, "of another candidate"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.n, c.wish, c.facts, c.want, c.why) })
	}
}

func atLater() notes.Facts {
	return outside(func(f *notes.Facts) { f.Candidate, f.Found = later, found(later, "feat: one", "fix: two") })
}

// moved are the notes drafted and approved anew for a later candidate.
func moved(t *testing.T, n notes.Notes) notes.Notes {
	t.Helper()
	n, _ = act(t, n, notes.Draft{}, atLater())
	n, _ = act(t, n, notes.Approve{}, atLater())
	return n
}

func refused(t *testing.T, n notes.Notes, w notes.Wish, f notes.Facts, want workflows.Reason, why string) {
	t.Helper()
	events, err := notes.Decide(n, w, f)
	var no *workflows.Refusal
	if !errors.As(err, &no) || events != nil {
		t.Fatalf("not refused: %v, %v", events, err)
	}
	if no.Reason != want || !strings.Contains(no.Why, why) || len(no.Who) == 0 || len(no.Next) == 0 {
		t.Errorf("got %v, want %s with %q, who can and what next", no, want, why)
	}
}

func nothing(t *testing.T, n notes.Notes, w notes.Wish, f notes.Facts) {
	t.Helper()
	if events, err := notes.Decide(n, w, f); err != nil || len(events) > 0 {
		t.Errorf("%T: %v, %v", w, events, err)
	}
}

// A correction edits what is there, posts where nothing is yet, and leaves what was never published to be published.
func TestCorrect(t *testing.T) {
	f := outside()
	n := approvedText(t, notes.Notes{}, "- one\n- two\n- two", f)
	n, _ = act(t, n, notes.Publish{}, f)
	n = approvedText(t, n, "- one\n- two\n- three", f)
	f.Channels = []notes.Channel{{Audience: "beta", Place: "console/#beta"}} // and the news are none any more
	n, events := act(t, n, notes.Correct{Why: "it was\r\nwrong"}, f)
	e := events[0].(notes.Corrected)
	if got := going(e.Going); got != "#beta, #news, release v1.0.0, changelog" || e.Why != "it was\nwrong" || e.N != 2 {
		t.Errorf("it goes to %s: %+v", got, e)
	}
	want := []string{"tell notes console/#beta notes", "tell notes console/#news notes", "tell notes-corrected console/#news notes", "act release", "act changelog"}
	if diff := cmp.Diff(want, effects(n, e, f)); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"• three", "• two"}, []string{e.Added[0].String(), e.Gone[0].String()}); diff != "" || len(e.Added)+len(e.Gone) != 2 {
		t.Errorf("changed lines: %v, %v", e.Added, e.Gone)
	}
	n = approvedText(t, n, "- four", f)
	if n, events = act(t, n, notes.Correct{Why: "again"}, f); events[0].(notes.Corrected).N != 3 || !n.Out.Corrected {
		t.Errorf("corrected twice: %+v", events)
	}
	refused(t, n, notes.Correct{Why: "again"}, f, workflows.Unchanged, "")
	refused(t, n, notes.Publish{}, f, workflows.Unchanged, "")
}

func TestCorrectOnlyWhatIsOut(t *testing.T) {
	f := outside()
	n := approvedText(t, notes.Notes{}, "- one", f)
	n, _ = act(t, n, notes.Publish{Only: notes.ToChannels}, f)
	n = approvedText(t, n, "- two", f)
	n, events := act(t, n, notes.Correct{Why: "wrong"}, f)
	if got := going(events[0].(notes.Corrected).Going); got != "#news" {
		t.Errorf("it goes to %s", got)
	}
	_, events = act(t, n, notes.Publish{}, f)
	if got := going(events[0].(notes.Published).Going); got != "release v1.0.0, changelog" {
		t.Errorf("then it is published in %s", got)
	}
}

// Notes of a later candidate are news: they are posted anew, and what is outside is changed.
func TestNextEdition(t *testing.T) {
	n := approvedText(t, notes.Notes{}, "- one", outside())
	n, _ = act(t, n, notes.Publish{}, outside())
	n = moved(t, n)
	n, events := act(t, n, notes.Publish{}, atLater())
	e := events[0].(notes.Published)
	if diff := cmp.Diff([]string{"tell notes console/#news notes-2", "act release", "act changelog"}, effects(n, e, atLater())); diff != "" || e.N != 2 {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

func TestPublishLater(t *testing.T) {
	at := monday.Add(5 * time.Hour)
	due := func(changes ...func(*notes.Facts)) notes.Facts {
		f := outside(changes...)
		f.Now, f.Actor = at, workflows.Actor{Machine: "clock"}
		return f
	}
	before := func(f *notes.Facts) { f.Standing.Stage, f.Standing.Reach = workflows.Before, workflows.ReachNobody } // it is not out yet
	n := approvedText(t, notes.Notes{}, "- one", outside())
	n, events := act(t, n, notes.Publish{At: at}, outside(before))
	e := events[0].(notes.Scheduled)
	if wake := notes.Tell(n, record(e, due()))[0]; wake.Kind != workflows.Wake || wake.What != notes.WakePublish || !wake.At.Equal(at) {
		t.Errorf("it wakes by %+v", wake)
	}
	if len(e.To) != 1 || len(e.Outlets) != 2 || e.By != "ana" {
		t.Errorf("planned: %+v", e)
	}
	nothing(t, n, notes.PublishDue{}, outside()) // too early
	never, _ := act(t, n, notes.Publish{Never: true}, outside())
	nothing(t, never, notes.PublishDue{}, due())
	moved, _ := act(t, n, notes.Publish{At: at.Add(time.Hour)}, outside())
	nothing(t, moved, notes.PublishDue{}, due())

	out, events := act(t, n, notes.PublishDue{}, due())
	if p, ok := events[0].(notes.Published); !ok || p.For != "ana" || going(p.Going) != "#news, release v1.0.0, changelog" {
		t.Errorf("when it is due: %+v", events)
	}
	nothing(t, out, notes.PublishDue{}, due())
	byHand, _ := act(t, n, notes.Publish{}, outside())
	nothing(t, byHand, notes.PublishDue{}, due()) // the plan ended with it
	inParts, _ := act(t, n, notes.Publish{Only: notes.ToChannels}, outside())
	for _, only := range []notes.Target{notes.ToRelease, notes.ToChangelog} {
		inParts, _ = act(t, inParts, notes.Publish{Only: only}, outside())
	}
	if _, events = act(t, inParts, notes.PublishDue{}, due()); !events[0].(notes.Unscheduled).Done {
		t.Errorf("nothing was left: %+v", events)
	}
	unapproved, _ := act(t, n, notes.Edit{Text: "- two"}, outside())
	for name, c := range map[string]struct {
		n     notes.Notes
		facts notes.Facts
		why   string
	}{
		"on hold":                     {n, due(func(f *notes.Facts) { f.Standing.Reach = workflows.ReachSmaller }), "may be taken back"},
		"not out":                     {n, due(before), "what they can have"},
		"another candidate":           {n, due(func(f *notes.Facts) { f.Candidate = later }), "3f2a9c1 then, 8be1d02 now"},
		"another text":                {approvedText(t, n, "- two", outside()), due(), "the text is another one"},
		"no longer approved":          {unapproved, due(), "the text is another one"},
		"who wanted it may no longer": {n, due(func(f *notes.Facts) { f.May = false }), "@ana, who wanted it, may not"},
		"nowhere":                     {n, due(func(f *notes.Facts) { f.Channels, f.Outside = nil, notes.Outside{} }), "no public audience"},
	} {
		t.Run(name, func(t *testing.T) {
			after, events := act(t, c.n, notes.PublishDue{}, c.facts)
			m, ok := events[0].(notes.Missed)
			if !ok || !strings.Contains(m.Why, c.why) || len(m.Next) == 0 || m.By != "ana" || after.Planned != nil || after.Out != nil {
				t.Errorf("got %+v", events)
			}
			if diff := cmp.Diff([]string{"tell notes-missed ana"}, effects(after, m, c.facts)); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
			nothing(t, after, notes.PublishDue{}, c.facts)
		})
	}
}
