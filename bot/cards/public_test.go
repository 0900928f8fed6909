package cards_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
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

// private gives a release every value of which is the team's own drawn anew: all but its name and the place it stands
// at, which its gates, the number of passed ones and the word cancelled say.
func private(t *rapid.T, r release.Release) release.Release {
	person := func(what string) workflows.PersonID {
		return workflows.PersonID(rapid.StringMatching(`[a-z]{1,8}`).Draw(t, what))
	}
	r.Number = rapid.Uint64().Draw(t, "number")
	r.Title, r.Why, r.Template, r.Revision, r.RiskWhy = secret(t, "title"), secret(t, "why"), secret(t, "template"), secret(t, "revision"), secret(t, "risk why")
	r.Risk = rapid.SampledFrom(policy.Risks()).Draw(t, "risk")
	r.Paths = rapid.SliceOfN(rapid.StringMatching(`[a-z/*]{1,9}`), 0, 3).Draw(t, "paths")
	r.Gates = slices.Clone(r.Gates)
	for i := range r.Gates {
		r.Gates[i].Items = []release.Item{{Key: secret(t, "item"), Text: secret(t, "text"), Role: workflows.Role(secret(t, "role"))}}
	}
	r.Entered, r.Soaking, r.Created, r.Target = moment(t, "entered"), moment(t, "soaking"), moment(t, "created"), moment(t, "target")
	r.Manager = person("manager")
	r.Places = []workflows.Place{workflows.Place("console/#" + person("place"))}
	c := commit(rapid.StringMatching(`[0-9a-f]{7}`).Draw(t, "commit"), secret(t, "subject"), secret(t, "author"))
	r.Candidate = &release.Candidate{Commit: c}
	r.Votes = []release.Vote{{Item: secret(t, "voted"), By: person("voter"), Value: rapid.SampledFrom(release.Values()).Draw(t, "vote"), Note: secret(t, "note"), Evidence: secret(t, "evidence")}}
	r.Openings = []release.Opening{{At: moment(t, "opened"), Flags: map[workflows.FlagKey]map[workflows.Environment]int{workflows.FlagKey(secret(t, "flag")): nil}}}
	r.Held = nil
	if rapid.Bool().Draw(t, "held") {
		r.Held = &release.Hold{By: person("holder"), Why: secret(t, "reason"), At: moment(t, "held at")}
	}
	return r
}

// TestPublicTextIsNotTouchedByPrivateFields is the property that keeps the team's words in the team: whatever its
// votes, people, titles, dates, holds and reasons are, what a public place shows is the same to the last byte.
func TestPublicTextIsNotTouchedByPrivateFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := rapid.SampledFrom([]string{"simple", "feature", "hotfix"}).Draw(t, "template")
		r := release.Release{ID: "app@invoices", Gates: release.Templates()[template].At(policy.Low)}
		r.Passed = rapid.IntRange(0, len(r.Gates)).Draw(t, "passed")
		r.Cancelled = r.Passed == 0 && rapid.Bool().Draw(t, "cancelled")
		one, two := private(t, r), private(t, r)
		if diff := cmp.Diff(everythingPublic(one), everythingPublic(two)); diff != "" {
			t.Fatalf("a private field shows in public:\n%s", diff)
		}
	})
}

// everythingPublic is all that is ever drawn of a release for anyone.
func everythingPublic(r release.Release) []string {
	row := release.Summary(r).Data.(release.Row)
	all := []string{publicly(cards.PublicCard(r)), publicly(cards.PublicList([]release.Row{row}))}
	for _, what := range []string{"card", "history", "passed", "held", "cancelled", "rolled-back", "readiness", "briefing", "counter-briefing", "digest"} {
		if m, ok := cards.PublicPost(what, release.Passed{To: workflows.GA, Note: r.Title}, r); ok {
			all = append(all, what+": "+publicly(m))
		}
	}
	return all
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
			return publicly(cards.PublicNotes(p))
		}
		one, two := draw(), draw()
		want := "app 1 · release notes\n"
		for line := range strings.SplitSeq(text, "\n") {
			want += "  " + line + "\n"
		}
		if one != two || one != want {
			t.Fatalf("published\n%s\nand\n%s\nwant\n%s", one, two, want)
		}
	})
}
