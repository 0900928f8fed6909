package notes

import (
	"slices"
	"strings"
)

// Entry is one change as the notes tell of it, or something that people wrote between the changes.
type Entry struct {
	Key      string   `json:"key"`               // "#12" of a pull request, a shortened commit id, "own/3" of what people wrote, or one of the room's own
	Section  string   `json:"section,omitempty"` // the title it stands under
	Text     string   `json:"text"`              // Markdown, as it is shown
	Made     string   `json:"made,omitempty"`    // as it was drafted, where people worded it anew
	From     string   `json:"from,omitempty"`    // the title it was drafted under, where people moved it
	Gap      string   `json:"gap,omitempty"`     // what people left between it and what stands above it, where that is not as the room does it
	Into     string   `json:"into,omitempty"`    // the entry that tells of it too
	Hidden   bool     `json:"hidden,omitempty"`  // people took it out
	Cut      bool     `json:"cut,omitempty"`     // there was no room for it
	Internal bool     `json:"internal,omitempty"`
	Breaking bool     `json:"breaking,omitempty"`
	Gone     bool     `json:"gone,omitempty"` // its commits are no longer in the range
	Refs     []string `json:"refs,omitempty"` // what it refers to: see workflows.Reference
	By       []string `json:"by,omitempty"`   // names of who wrote it, as they write themselves
	Commits  []string `json:"commits,omitempty"`
}

// The keys of what the room writes beside the changes.
const (
	bewareKey  = "beware"
	nothingKey = "nothing"
	restKey    = "rest"
	thanksKey  = "contributors"
	ownPrefix  = "own/"
)

// Shown reports whether users see it.
func (e Entry) Shown() bool { return !e.Hidden && !e.Cut && !e.Internal && e.Into == "" }

// Reworded reports whether people put a change into other words.
func (e Entry) Reworded() bool { return e.Made != "" }

// own reports whether people wrote it, and no commit.
func (e Entry) own() bool { return strings.HasPrefix(e.Key, ownPrefix) }

// change reports whether it tells of commits.
func (e Entry) change() bool { return len(e.Commits) > 0 }

// made is its text as drafted.
func (e Entry) made() string {
	if e.Made != "" {
		return e.Made
	}
	return e.Text
}

// marks are the references by which a line of people's is known to speak of this change: its pull request, else whatever
// its own line mentions.
func (e Entry) marks() []string {
	switch {
	case !e.change():
		return nil
	case strings.HasPrefix(e.Key, "#"):
		return []string{e.Key}
	}
	return mentions(e.made())
}

// worded is the entry with people's text; their own way of writing what was drafted is none.
func (e Entry) worded(text string) Entry {
	made := e.made()
	e.Text, e.Made = text, ""
	if text != made && !e.own() {
		e.Made = made
	}
	return e
}

// under is the entry under a title where people put it.
func (e Entry) under(title string) Entry {
	was := e.From
	if was == "" {
		if was = e.Section; was == "" { // the plain list of a draft whose changes are of no kind
			was = changed
		}
	}
	e.Section, e.From = title, ""
	if (title != "" || sameTitle(was, internal)) && !sameTitle(was, title) && !e.own() {
		e.From = was
	}
	return e
}

// the titles under which changes stand, in the order in which users read them.
const (
	breaking   = "Breaking changes"
	security   = "Security"
	added      = "New"
	fixed      = "Fixed"
	changed    = "Changed"
	deprecated = "Deprecated"
	removed    = "Removed"
	documented = "Documentation"
	thanks     = "Contributors"

	internal = "Internal" // of no interest to users
)

var titles = []string{breaking, security, added, fixed, changed, deprecated, removed, documented, thanks}

// rank is where a title stands among the room's own; -1: people's.
func rank(title string) int {
	return slices.IndexFunc(titles, func(t string) bool { return sameTitle(t, title) })
}

func sameTitle(a, b string) bool { return strings.EqualFold(a, b) }

// shown are the entries that users see.
func shown(all []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return !e.Shown() })
}
