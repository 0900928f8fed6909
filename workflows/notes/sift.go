package notes

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// kinds are the prefixes of Conventional Commits as people write them. Any other word before a colon is part of the
// subject.
var kinds = map[string]string{
	"feat": added, "feature": added,
	"fix": fixed, "bugfix": fixed, "hotfix": fixed, "security": security,
	"perf": changed, "revert": changed, "deprecate": deprecated,
	"docs": documented, "doc": documented,
	"chore": internal, "ci": internal, "test": internal, "tests": internal, "build": internal, "refactor": internal,
	"style": internal, "deps": internal, "release": internal,
}

// secret are the labels by which people say that a change is not for users, whatever else it is.
var secret = []string{"internal", "skip-changelog", "ignore-for-release", "no-notes"}

// labels are those that say what a change is; of several on one pull request the first here counts.
var labels = []struct {
	name, title string
}{
	{"breaking", breaking}, {"breaking-change", breaking},
	{"security", security}, {"deprecated", deprecated}, {"removed", removed},
	{"feature", added}, {"enhancement", added},
	{"bug", fixed}, {"fix", fixed}, {"regression", fixed},
	{"performance", changed},
	{"documentation", documented}, {"docs", documented},
	{"chore", internal}, {"dependencies", internal}, {"ci", internal},
}

// bears reports whether a pull request bears a label, however that is written.
func bears(p *workflows.Pull, name string) bool {
	return slices.ContainsFunc(p.Labels, func(l string) bool {
		return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(l)), " ", "-") == name
	})
}

// kept reports whether people say of a pull request that it is not for users.
func kept(p *workflows.Pull) bool {
	return p != nil && slices.ContainsFunc(secret, func(name string) bool { return bears(p, name) })
}

// labelled is what the labels of a pull request say of it; empty: nothing.
func labelled(p *workflows.Pull) string {
	switch {
	case p == nil:
		return ""
	case kept(p):
		return internal
	}
	for _, l := range labels {
		if bears(p, l.name) {
			return l.title
		}
	}
	return ""
}

var (
	conventional = regexp.MustCompile(`^([A-Za-z]+)(?:\(([^()]*)\))?(!)?:\s+(\S.*)$`)
	breaks       = regexp.MustCompile(`^BREAKING(?:[ -]CHANGE)?!?:?\s+`)
	reverts      = regexp.MustCompile(`^Revert "(.*)"(?: \(#\d+\))?$`)
	numbered     = regexp.MustCompile(` \(#\d+\)$`)
	noise        = regexp.MustCompile(`^(?:Merge pull request #\d+ from |Merge (?:remote-tracking )?branch(?:es)? '|Merge (?:tag|commit) '|` +
		`Merged in \S+ \(pull request #\d+\)|(?:fixup|squash|amend)! )`)
)

// said is what the subject of a commit, or the title of a pull request, says.
type said struct {
	title  string // the section its prefix names; empty: it has none
	area   string // else the section of the file or folder that it names, or of what was done in a part of the program
	breaks bool
	text   string // without prefix
}

// saying takes a subject apart.
func saying(subject string) said {
	subject = strings.TrimSpace(subject)
	s := said{breaks: strings.Contains(subject, "BREAKING")}
	scope := ""
	if word, _, is := strings.Cut(subject, ":"); is && prefix(word) {
		if m := conventional.FindStringSubmatch(subject); m != nil {
			s.title, scope, subject = kinds[strings.ToLower(m[1])], strings.TrimSpace(m[2]), m[4]
			s.breaks = s.breaks || m[3] != ""
		}
	}
	if s.title == "" {
		s.area = cmp.Or(area(subject), deed(subject))
	}
	if s.breaks {
		subject = breaks.ReplaceAllString(subject, "")
	}
	if back, is := takesBack(subject); is {
		subject = "Reverted: " + back
	}
	if scope != "" {
		subject = scope + ": " + subject
	}
	s.text = subject
	return s
}

// prefix reports whether what stands before a colon begins with a word that says what a change is.
func prefix(s string) bool {
	if i := strings.IndexAny(s, "(!"); i >= 0 {
		s = s[:i]
	}
	return kinds[strings.ToLower(s)] != ""
}

// takesBack is the subject that a subject says it takes back.
func takesBack(subject string) (string, bool) {
	if !strings.HasPrefix(subject, `Revert "`) {
		return "", false
	}
	m := reverts.FindStringSubmatch(subject)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// idle reports whether a subject says nothing of its own.
func idle(subject string) bool {
	subject = strings.TrimSpace(subject)
	if !strings.HasPrefix(subject, "Merge") && !strings.Contains(subject, "! ") {
		return subject == ""
	}
	return noise.MatchString(subject)
}

// sift makes one entry of each change in a range of commits, the newest first. What they say is other people's text: see
// plain. Sorted is whether somebody said of any that users see what it is. Home is the repository, as owner/name, where it
// is known.
func sift(log []workflows.Commit, home string) (all []Entry, sorted bool) {
	at := map[string]int{} // where the same line stands
	for _, g := range lasting(gather(log)) {
		e, is, ok := g.entry(home)
		if !ok {
			continue
		}
		sorted = sorted || is && !e.Internal
		line := e.Section + "\n" + e.Text
		if !e.Internal {
			line = e.Text
		}
		if i, is := at[line]; is {
			all[i].Commits = append(all[i].Commits, e.Commits...)
			all[i].By = crowd(all[i].By, e.By)
			if rank(e.Section) < rank(all[i].Section) {
				all[i].Section, all[i].Breaking = e.Section, e.Breaking
			}
			continue
		}
		at[line] = len(all)
		all = append(all, e)
	}
	return all, sorted
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}
