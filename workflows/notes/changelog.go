package notes

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// The groups of Keep a Changelog, in its order, and which of them a section is.
var (
	groups  = []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
	groupOf = map[string]string{added: "Added", changed: "Changed", deprecated: "Deprecated", removed: "Removed", fixed: "Fixed",
		security: "Security", documented: "Changed", breaking: "Changed"}
	marker = regexp.MustCompile(`^(?:[-*+]|[0-9]{1,9}[.)])[ \t]+`)
)

// Day is the day that a change log gives a release: that of its target while it is still to come, else today.
func Day(target, now time.Time, zone *time.Location) time.Time {
	if target.After(now) {
		now = target
	}
	if zone == nil {
		zone = time.UTC
	}
	return now.In(zone)
}

// changelog is the public text as a section of a change log, as Keep a Changelog has it: each line in its group, what
// breaks marked as such. Titles, the warning and the thanks stay out.
func (n Notes) changelog(id workflows.ReleaseID, day time.Time) string {
	head, all := n.known()
	items := map[string][]string{}
	for _, e := range all {
		if e.Shown() && e.Text != beware && e.Text != nothing && !sameTitle(e.Section, thanks) && !heads(e.Text) {
			items[e.group()] = append(items[e.group()], e.item())
		}
	}
	if len(items) == 0 { // all that people wrote is one text
		for _, line := range paragraphs(head) {
			items["Changed"] = append(items["Changed"], listItem(line))
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "## [%s] - %s\n", strings.TrimPrefix(id.Version(), "v"), day.Format(time.DateOnly))
	for _, group := range groups {
		if len(items[group]) > 0 {
			s.WriteString("\n### " + group + "\n\n" + strings.Join(items[group], "\n") + "\n")
		}
	}
	if len(items) == 0 {
		s.WriteString("\n" + nothing + "\n")
	}
	return strings.TrimSpace(s.String())
}

// paragraphs are what stands in a head beside its title.
func paragraphs(head string) []string {
	var out []string
	all, _ := blocks(head)
	for _, b := range all {
		if b.level == 0 && b.text != "" {
			out = append(out, b.text)
		}
	}
	return out
}

// group is where a line stands in a change log: what people put under a title of their own, by what it was drafted as.
func (e Entry) group() string {
	for _, title := range []string{e.Section, e.From} {
		if at := rank(title); at >= 0 && groupOf[titles[at]] != "" {
			return groupOf[titles[at]]
		}
	}
	return groupOf[changed]
}

// item is a line of a change log.
func (e Entry) item() string {
	text := listItem(e.Text)
	if sameTitle(e.Section, breaking) {
		return "- **Breaking:** " + text[len("- "):]
	}
	return text
}

// listItem is a text as an item of a list.
func listItem(text string) string {
	if m := marker.FindString(text); m != "" {
		return "- " + text[len(m):]
	}
	return "- " + strings.ReplaceAll(text, "\n", "\n  ")
}
