package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
)

// maxNumbers is how many issues a line names before it only counts them.
const maxNumbers = 10

// stageTold is how a list calls what an issue was told.
var stageTold = map[feedback.News]string{feedback.Opened: workflows.Preview.Title(), feedback.Shipped: workflows.GA.Title(), feedback.TakenBack: "taken back", feedback.Never: "cancelled"}

// toldOn is what was said on an issue: "told: tech preview, GA https://…"; empty: nothing yet.
func toldOn(comments []feedback.Comment) string {
	var parts []string
	link := ""
	for i, c := range comments {
		name := stageTold[c.News]
		switch {
		case c.Fate == workflows.Done:
			link = c.Link
		case c.Fate == workflows.Refused:
			name += ", which could not be said: " + show(c.Why)
		case c.Fate == workflows.Unclear:
			name += ", and nobody knows whether it is there: " + show(c.Why)
		case i < len(comments)-1: // what came after it took its place
			continue
		default:
			name += ", on its way"
		}
		parts = append(parts, name)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.TrimSpace("told: " + strings.Join(parts, ", ") + " " + show(link))
}

// entryTold is what was said on the issues that an entry of a scope is for.
func entryTold(e release.Entry, said feedback.Feedback, home workflows.Home) []string {
	var out []string
	for _, n := range e.Issues(home) {
		if s := toldOn(said.On(home.Repository, n)); s != "" {
			out = append(out, fmt.Sprintf("#%d %s", n, s))
		}
	}
	return out
}

// issueLines lists the issues that follow a release, and what was said there.
func issueLines(said feedback.Feedback) []string {
	var out []string
	all := said.IssuesFollowing()
	for _, x := range all[:min(len(all), maxRows)] {
		parts := []string{fmt.Sprintf("#%d of %s follows it", x.N, x.Forge), wantedOf(x.Want), "by " + x.By.At()}
		if s := toldOn(x.Comments); s != "" {
			parts = append(parts, s)
		}
		out = append(out, strings.Join(parts, " · "))
	}
	if n := len(all) - maxRows; n > 0 {
		out = append(out, fmt.Sprintf("and %d more issues follow it", n))
	}
	return out
}

func wantedOf(w feedback.Want) string {
	if w == feedback.Preview {
		return "when its tech preview opens, and when it is out"
	}
	return "when it is out"
}

// FollowsFor answers who had an issue follow, or somebody else.
func FollowsFor(r release.Release, e workflows.Event, line Line) chat.Message {
	name := r.ID.Name()
	switch e := e.(type) {
	case feedback.IssueFollowed:
		at := fmt.Sprint("#", e.N)
		return chat.Message{Title: fmt.Sprintf("%s of %s follows %s: anyone reads there, in one comment each, %s", at, e.Forge, name, wantedOf(e.Want)),
			Lines: []string{"to end it → " + line("feedback follow", at, string(feedback.Off))}}
	case feedback.IssueUnfollowed:
		return chat.Message{Title: fmt.Sprintf("#%d of %s follows %s no longer", e.N, e.Forge, name),
			Lines: []string{"what the scope holds for it is said there all the same → " + line("scope list")}}
	case feedback.Followed:
		return chat.Message{Title: fmt.Sprintf("%s is told in person about %s: %s", e.For.At(), name, wantedOf(e.Want)),
			Lines: []string{"they end it themselves → " + line("feedback follow", string(feedback.Off))}}
	}
	return chat.Message{Title: name}
}

// askedFor says where it is told what becomes of entries that came into a scope, and where it is not though it was asked
// there: only the product's own issues are spoken on.
func askedFor(entries []release.Entry, home workflows.Home) []string {
	if home.Repository == "" {
		return nil
	}
	var on []int
	var silent []string
	for _, e := range entries {
		on = append(on, e.Issues(home)...)
		for i, ref := range append([]string{e.URL}, e.For...) {
			asks := i > 0 && workflows.Reference(ref) != "" || workflows.IsIssue(ref)
			if asks && home.Issue(ref) == 0 {
				silent = append(silent, show(ref))
			}
		}
	}
	slices.Sort(on)
	var out []string
	if on = slices.Compact(on); len(on) > 0 {
		out = append(out, fmt.Sprintf("anyone reads on %s of %s when it reaches them", numbered(on), home.Repository))
	}
	if n := len(silent); n > maxNumbers {
		silent = append(silent[:maxNumbers], fmt.Sprintf("and %d more", n-maxNumbers))
	}
	if len(silent) > 0 {
		out = append(out, fmt.Sprintf("nobody is told at %s: the bot speaks only on issues of %s", strings.Join(silent, ", "), home.Repository))
	}
	return out
}

// numbered names issues, or counts them where they are many.
func numbered(all []int) string {
	if len(all) > maxNumbers {
		return fmt.Sprintf("%d issues", len(all))
	}
	var out []string
	for _, n := range all {
		out = append(out, fmt.Sprint("#", n))
	}
	return strings.Join(out, ", ")
}

// Unsaid tells the manager of a release that a comment is not where it should be.
func Unsaid(e workflows.Recorded, r release.Release) chat.Message {
	c, _ := e.Event.(feedback.Commented)
	return say("unsaid", map[string]any{"Name": r.ID.Name(), "ID": r.ID, "Issue": fmt.Sprintf("#%d of %s", c.N, c.Forge), "Unclear": c.Fate == workflows.Unclear, "Why": c.Why})
}
