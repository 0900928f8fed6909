package notes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// group is what one pull request brought, or one commit that none brought.
type group struct {
	pull    *workflows.Pull
	commits []workflows.Commit // the newest first
	said    said               // by its subject, once it is worded
}

// gather puts the commits of a pull request together. Of what was reverted within the range neither stays.
func gather(log []workflows.Commit) []group {
	gone := taken(len(log), func(i int) string { return log[i].Subject })
	var out []group
	at := map[int]int{}
	told := map[int]bool{} // pull requests of which something was taken back
	for i, c := range log {
		if c.Pull == nil {
			if !gone[i] {
				out = append(out, group{commits: log[i : i+1 : i+1]})
			}
			continue
		}
		n := c.Pull.Number
		if gone[i] {
			told[n] = true
			continue
		}
		if g, is := at[n]; is {
			out[g].commits = append(out[g].commits, c)
			continue
		}
		at[n] = len(out)
		out = append(out, group{pull: c.Pull, commits: []workflows.Commit{c}})
	}
	for i := range out {
		if p := out[i].pull; p != nil && told[p.Number] && out[i].silent() { // only its merge is left
			out[i].commits = nil
		}
	}
	return out
}

// silent reports whether none of its commits says anything.
func (g group) silent() bool {
	for _, c := range g.commits {
		if !c.Merge && !idle(c.Subject) {
			return false
		}
	}
	return true
}

// lasting leaves out each pull request or commit that another one of the range took back, and that one.
func lasting(all []group) []group {
	gone := taken(len(all), func(i int) string {
		if p := all[i].pull; p != nil && !numbered.MatchString(p.Title) {
			return fmt.Sprintf("%s (#%d)", p.Title, p.Number)
		}
		return all[i].subject()
	})
	var out []group
	for i, g := range all {
		if !gone[i] && len(g.commits) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// taken finds what was taken back among subjects, the newest first, and what took it back.
func taken(n int, subject func(int) string) []bool {
	gone := make([]bool, n)
	waiting := map[string][]int{} // reverts met so far, by the subject they take back
	for i := range n {
		s := subject(i)
		name := s
		if len(waiting) > 0 && len(waiting[name]) == 0 { // a revert may leave out the number of the pull request
			name = numbered.ReplaceAllString(s, "")
		}
		if by := waiting[name]; len(by) > 0 {
			gone[i], gone[by[len(by)-1]] = true, true
			waiting[name] = by[:len(by)-1]
		} else if back, is := takesBack(s); is {
			waiting[back] = append(waiting[back], i)
		}
	}
	return gone
}

func (g group) subject() string {
	switch {
	case g.pull != nil:
		return g.pull.Title
	case len(g.commits) == 0:
		return ""
	}
	return g.commits[0].Subject
}

// kind is the title that people's labels or prefixes name; empty: they name none.
func (g group) kind() string {
	if l := labelled(g.pull); l != "" {
		return l
	}
	if g.pull == nil || g.said.title != "" {
		return cmp.Or(g.said.title, g.said.area)
	}
	best := ""
	for _, c := range g.commits {
		if t := saying(c.Subject).title; t != "" && (best == "" || before(t, best)) {
			best = t
		}
	}
	return cmp.Or(best, g.said.area) // a file that one of its commits names says nothing of the others
}

// before reports whether one title says more of a pull request than another: what users see before what they do not.
func before(a, b string) bool {
	if a == internal || b == internal {
		return b == internal && a != internal
	}
	return rank(a) < rank(b)
}

func (g group) breaks() bool {
	return g.said.breaks || slices.ContainsFunc(g.commits, func(c workflows.Commit) bool {
		return c.Breaks || g.pull != nil && saying(c.Subject).breaks
	})
}

// entry words it. Sorted is whether people say what it is; ok is false for what says nothing.
func (g group) entry(home string) (e Entry, sorted, ok bool) {
	g.said = saying(g.subject())
	text := g.said.text
	if text == "" || g.pull == nil && idle(g.commits[0].Subject) {
		return e, false, false
	}
	e.Section = g.kind()
	sorted = e.Section != ""
	if g.breaks() && !kept(g.pull) {
		e.Section = breaking
	}
	e.Breaking = e.Section == breaking
	switch e.Section {
	case "":
		e.Section = changed
	case internal:
		e.Internal = true
	}
	for _, c := range g.commits {
		e.Commits = append(e.Commits, seenID(c))
		if !c.Merge || g.silent() {
			e.By = crowd(e.By, c.Names)
		}
	}
	e.Key, e.Refs = e.Commits[0], mentions(g.subject())
	if g.pull != nil {
		e.Key = fmt.Sprintf("#%d", g.pull.Number)
		e.Refs = union(union([]string{e.Key}, e.Refs), g.pull.Issues)
		if len(e.By) == 0 && g.pull.Author != "" {
			e.By = []string{g.pull.Author}
		}
	}
	e.Text = g.line(text, home)
	return e, sorted, true
}

// line is the entry's Markdown, with the number of its pull request, or what its commit says it fixes. What the text
// mentions by itself stands in it once.
func (g group) line(text, home string) string {
	line, there := "- "+plain(text), mentions(text)
	if g.pull != nil {
		if mark := fmt.Sprintf("#%d", g.pull.Number); !slices.Contains(there, mark) {
			line = fmt.Sprintf("%s (%s)", line, mark)
		}
		return line
	}
	if marks := linked(g.commits[0].Closes, home); len(there) == 0 && len(marks) > 0 {
		line = fmt.Sprintf("%s (%s)", line, plain("x" + strings.Join(marks, ", "))[1:]) // it stands in a line
	}
	return line
}

// linked are references as readers find them: a number in the repository, or in another one of the same place. Those of
// other places are left out.
func linked(refs []string, home string) []string {
	var out []string
	for _, ref := range refs {
		ref = strings.TrimPrefix(ref, "github.com/")
		at := strings.IndexAny(ref, "#!")
		if at < 0 || strings.Count(ref[:at], "/") > 1 || strings.Contains(ref[:at], ".") {
			continue
		}
		if strings.EqualFold(ref[:at], home) {
			ref = ref[at:]
		}
		out = union(out, []string{ref})
	}
	return out
}

// mentions is workflows.Mentions, which takes its time, of what may hold a reference.
func mentions(text string) []string {
	if !strings.ContainsAny(text, "#!-/") {
		return nil
	}
	return workflows.Mentions(text)
}

// seenID is enough of an id to know a commit again.
func seenID(c workflows.Commit) string { return c.ID[:min(len(c.ID), 16)] }
