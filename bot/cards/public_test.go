package cards_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// secret draws text that must never come out.
func secret(t *rapid.T, what string) string {
	return rapid.StringMatching(`[a-zA-Z ]{0,12}(leak|\x{202e}|\n)?[0-9]{0,3}`).Draw(t, what)
}

func moment(t *rapid.T, what string) time.Time {
	return monday.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, what)) * time.Hour)
}

func dice(t *rapid.T, what string) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, what), 1))
}

// openFields are all that anyone may know of a release: its name, the gates it goes through and how many are behind it,
// and that it was cancelled. All else is the team's own.
var openFields = []string{"ID", "Passed", "Cancelled", "Gates.Stage", "Gates.Half"}

// drawnAnew gives a value all of whose fields are drawn anew but those that are open.
func drawnAnew[V any](d *rand.Rand, v V, open ...string) V {
	chattest.Scramble(d, &v, open...)
	return v
}

// TestPublicTextIsNotTouchedByPrivateFields is the property that keeps the team's words in the team: whatever its
// votes, people, titles, dates, holds and reasons are, whoever follows it and what was said about it, what a public place
// shows is the same to the last byte, buttons and all. It draws every field there is: one that is added is private.
func TestPublicTextIsNotTouchedByPrivateFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := rapid.SampledFrom([]string{"simple", "feature", "hotfix"}).Draw(t, "template")
		r := release.Release{ID: "app@invoices", Gates: release.Templates()[template].At(policy.Low)}
		r.Passed = rapid.IntRange(0, len(r.Gates)).Draw(t, "passed")
		r.Cancelled = r.Passed < len(r.Gates) && rapid.Bool().Draw(t, "cancelled")
		one, two := everythingPublic(dice(t, "one"), r), everythingPublic(dice(t, "two"), r)
		if diff := cmp.Diff(one, two); diff != "" {
			t.Fatalf("a private field shows in public:\n%s", diff)
		}
		if text := fmt.Sprint(one); strings.Contains(text, "leak") {
			t.Fatalf("a private field shows in public:\n%s", text)
		}
	})
}

// everythingPublic is all that is ever drawn of a release for anyone, with every private field drawn anew.
func everythingPublic(d *rand.Rand, r release.Release) []string {
	var all []string
	add := func(what string, m chat.PublicMessage) { all = append(all, what+": "+publicly(m)) }
	again := func() release.Release { return drawnAnew(d, r, openFields...) }
	row := release.Row{ID: r.ID, Stage: r.Stage()}
	rows := []release.Row{drawnAnew(d, row, "ID", "Stage")}
	add("card", cards.PublicCard(again()))
	add("list", cards.PublicList(rows))
	add("page", cards.PublicPage(rows))
	for _, m := range cards.PublicHome(rows, nil) {
		all = append(all, drawn(m))
	}
	events := []workflows.Event{release.Passed{To: workflows.Preview}, release.Passed{To: workflows.GA}, release.Passed{To: workflows.Closed}}
	for _, e := range release.Events() {
		if _, passed := e.(release.Passed); !passed {
			events = append(events, e)
		}
	}
	for _, e := range events {
		e, now := anewEvent(d, e), again()
		for _, what := range []string{"card", "history", "passed", "held", "cancelled", "rolled-back", "readiness", "briefing", "counter-briefing", "digest"} {
			if m, ok := cards.PublicPost(what, e, now); ok {
				add(what, m)
			}
		}
	}
	add("notes", cards.PublicNotes(drawnAnew(d, notes.Post{Release: r.ID, Text: workflows.Approved("Invoices.")}, "Release", "Text"), again()))
	said := drawnAnew(d, feedback.Feedback{Release: r.ID, Entries: []feedback.Entry{{}, {Done: &feedback.Settlement{}}}}, "Release", "Entries.Done")
	add("feedback", cards.PublicFeedback(said.Release, said.Counts()))
	add("heard", cards.FeedbackHeard(said.Release, 3))
	for _, want := range []feedback.Want{feedback.Ships, feedback.Preview} {
		for _, stage := range []workflows.Stage{workflows.Before, workflows.Preview, workflows.Between} {
			e := drawnAnew(d, feedback.Followed{Want: want, Stage: stage}, "Want", "Stage")
			add("follows", cards.Following(r.ID, e))
		}
	}
	add("follows no more", cards.Following(r.ID, drawnAnew(d, feedback.Unfollowed{})))
	for _, news := range []feedback.News{feedback.Opened, feedback.Shipped, feedback.TakenBack, feedback.Never} {
		for _, stage := range []workflows.Stage{workflows.Before, workflows.Preview, workflows.GA} {
			m, ok := cards.Followed(drawnAnew(d, feedback.Announced{News: news, Stage: stage}, "News", "Stage"), again())
			add(fmt.Sprint(news, " in ", stage, ", shown: ", ok), m)
		}
	}
	return all
}

// anewEvent draws every field of an event anew, but to which stage a gate led.
func anewEvent(d *rand.Rand, e workflows.Event) workflows.Event {
	v := reflect.New(reflect.TypeOf(e))
	v.Elem().Set(reflect.ValueOf(e))
	var open []string
	if _, passed := e.(release.Passed); passed {
		open = append(open, "To")
	}
	chattest.Scramble(d, v.Interface(), open...)
	return v.Elem().Interface().(workflows.Event)
}

// TestOnlyNewsIsPublic lists what anyone hears of; all else stays with the team.
func TestOnlyNewsIsPublic(t *testing.T) {
	r := release.Release{ID: "app@invoices", Gates: release.Templates()["feature"].Gates, Passed: 1}
	var told []string
	for _, what := range []string{"card", "history", "passed", "held", "cancelled", "rolled-back", "readiness", "briefing", "counter-briefing", "digest", ""} {
		if _, ok := cards.PublicPost(what, release.Passed{To: workflows.Preview}, r); ok {
			told = append(told, what)
		}
	}
	if want := []string{"passed", "cancelled", "rolled-back"}; !slices.Equal(told, want) {
		t.Errorf("anyone hears of %v, want %v", told, want)
	}
	for _, to := range []workflows.Stage{workflows.Between, workflows.Closed} {
		if _, ok := cards.PublicPost("passed", release.Passed{To: to}, r); ok {
			t.Errorf("that a release is %s is posted to users, who keep what they have", to)
		}
	}
}

// TestPublicNotesAreWhatWasPublished draws notes with every other field of the room drawn anew.
func TestPublicNotesAreWhatWasPublished(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z #*-]{0,20}\n){0,5}[a-z]{1,9}`).Draw(t, "text")
		draw := func() string {
			p := notes.Post{Release: "app@1", Text: workflows.Approved(text), Digest: secret(t, "digest")}
			return publicly(cards.PublicNotes(p, release.Release{ID: "app@1", Cancelled: true}))
		}
		one, two := draw(), draw()
		want := "app 1 · release notes\n"
		for _, line := range workflows.Unmarked(text, "app 1") {
			want += "  " + line + "\n"
		}
		if one != two || one != want {
			t.Fatalf("published\n%s\nand\n%s\nwant\n%s", one, two, want)
		}
	})
}

// TestPublicNotesAreReadAsText: marks are for whoever writes; users read a text, and see where a link leads.
func TestPublicNotesAreReadAsText(t *testing.T) {
	p := notes.Post{Release: "app@1", Text: workflows.Approved("# app 1\n\n- **Invoices**: see [the docs](https://x.example)\n")}
	got := publicly(cards.PublicNotes(p, release.Release{ID: "app@1", Cancelled: true}))
	if want := "app 1 · release notes\n  • Invoices: see the docs (https://x.example)\n"; got != want {
		t.Errorf("users read\n%s\nwant\n%s", got, want)
	}
	draft := cards.Notes(release.Release{ID: "app@1"}, notes.Notes{Text: p.Text.String()}, cards.Hand{}, cards.View{})
	if want := []string{"• Invoices: see the docs (https://x.example)"}; !slices.Equal(draft.Lines, want) {
		t.Errorf("a draft reads %q, want %q", draft.Lines, want)
	}
}
