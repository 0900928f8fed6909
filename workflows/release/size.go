package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Size is how much a candidate brings since the product's last candidate in GA. Of a first release only the candidate's
// own commit is measured, as the author rule does.
type Size struct {
	Commits int `json:"commits"`
	Authors int `json:"authors"` // people, as far as it is known which addresses are one person's; without co-authors
	Days    int `json:"days"`    // from the first commit to the last, begun ones whole
	Files   int `json:"files"`   // that changed
}

// Large reports whether a candidate brings more than what goes well most of the time.
func (s Size) Large() bool { return s.Commits > policy.LargeCommits || s.Days > policy.LargeDays }

// maxMentions is how many references a candidate keeps.
const maxMentions = 2000

// bound are the commits that a candidate brings: those since the product's last candidate in GA, the candidate first.
func bound(f Facts) []workflows.Commit {
	commits := []workflows.Commit{f.Found.Commit}
	if f.Base == "" {
		return commits
	}
	for _, c := range f.Found.Log {
		if c.ID != f.Found.Commit.ID {
			commits = append(commits, c)
		}
	}
	return commits
}

// sized measures what a candidate brings.
func sized(f Facts) Size {
	authors, files := map[string]bool{}, map[string]bool{}
	var from, to time.Time
	commits := bound(f)
	for _, c := range commits {
		if len(c.Authors) > 0 {
			authors[author(f.Book, c.Authors[0])] = true
		}
		if !c.At.IsZero() && (from.IsZero() || c.At.Before(from)) {
			from = c.At
		}
		if c.At.After(to) {
			to = c.At
		}
	}
	changed := f.Found.Log
	if f.Base == "" {
		changed = commits
	}
	for _, c := range changed {
		for _, name := range c.Files {
			files[name] = true
		}
	}
	const day = 24 * time.Hour
	return Size{Commits: len(commits), Authors: len(authors), Days: int((to.Sub(from) + day - 1) / day), Files: len(files)}
}

// author is the person behind an address, where somebody is known to write code under it.
func author(b *policy.Book, address string) string {
	if b == nil {
		return address
	}
	var known []string
	for id, p := range b.People {
		if slices.Contains(p.Code, address) {
			known = append(known, id.At())
		}
	}
	if len(known) == 0 {
		return address
	}
	return slices.Min(known)
}

// mentions is what the commits of a candidate mention, sorted; more says that the oldest were left out.
func mentions(f Facts) (all []string, more bool) {
	all = slices.Clone(f.Found.Commit.Mentions)
	if f.Base != "" {
		all = append(all, f.Found.Mentions...)
		for _, c := range f.Found.Log {
			all = append(all, c.Mentions...)
		}
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(m string) bool {
		was := seen[m]
		seen[m] = true
		return was
	})
	if more = len(all) > maxMentions; more {
		all = all[:maxMentions]
	}
	slices.Sort(all)
	return all, more
}

// Brought says whether what the scope plans is in the candidate.
type Brought string

// What can be said of an entry.
const (
	In      Brought = "in"      // a commit of the candidate mentions it
	NotIn   Brought = "not in"  // none does
	Unknown Brought = "unknown" // nobody can say: it names nothing, or not all commits were read
)

// Brings says of entries whether they are in the candidate. Of a feature its own release says where it stands.
func (r Release) Brings() func(Entry) Brought {
	mentioned := workflows.References{}
	if r.Candidate != nil {
		for _, m := range r.Candidate.Mentions {
			mentioned.Add(m)
		}
	}
	return func(e Entry) Brought {
		switch {
		case e.URL == "" || r.Candidate == nil:
			return Unknown
		case mentioned.Has(e.URL):
			return In
		case r.Candidate.More || r.Candidate.Base == "" || r.Candidate.Size.Commits == 0:
			return Unknown
		}
		return NotIn
	}
}

// Missing lists what the scope plans and no commit of the candidate mentions.
func (r Release) Missing() []Entry {
	if len(r.Scope) == 0 {
		return nil
	}
	var out []Entry
	brings := r.Brings()
	for _, e := range r.Scope {
		if brings(e) == NotIn {
			out = append(out, e)
		}
	}
	return out
}

// String reads "214 commits by 12 people over 31 d".
func (s Size) String() string {
	commits, people := fmt.Sprintf("%d commits", s.Commits), fmt.Sprintf("%d people", s.Authors)
	if s.Commits == 1 {
		commits = "1 commit"
	}
	if s.Authors == 1 {
		people = "1 person"
	}
	if s.Days == 0 {
		return commits + " by " + people
	}
	return fmt.Sprintf("%s by %s over %d d", commits, people, s.Days)
}
