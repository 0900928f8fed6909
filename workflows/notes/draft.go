package notes

import (
	"cmp"
	"fmt"
	"reflect"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// window is how many commits a draft looks at, the newest first: what is older is only counted. It bounds the entries.
const window = 2000

// Draft makes the notes from the commits between From and the candidate. What people did to a former draft is kept.
type Draft struct {
	From string // a ref; empty: the product's last candidate in GA, else the nearest tag, else the beginning
}

// Needs says who may.
func (Draft) Needs() workflows.Need { return workflows.Maker }

// Look asks for the commits. The desk fills in the candidate as Ref, and the default of Since.
func (d Draft) Look() workflows.Query { return workflows.Query{Log: true, Since: d.From, Pulls: true} }

// Drafted says that the text was made, or brought up to date, from commits.
type Drafted struct {
	Text       string  `json:"text"`
	Head       string  `json:"head,omitempty"`
	Entries    []Entry `json:"entries,omitempty"`
	Since      string  `json:"since,omitempty"`
	SinceAs    string  `json:"since_as,omitempty"`
	Commit     string  `json:"commit"`
	Internal   int     `json:"internal,omitempty"`
	Added      int     `json:"added,omitempty"`      // changes that users did not see in it before
	Kept       bool    `json:"kept,omitempty"`       // what people did to it was kept
	Unapproved bool    `json:"unapproved,omitempty"` // it was approved, and is no longer
}

// Kind names the event.
func (Drafted) Kind() string { return "notes.drafted" }

func (d Draft) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if f.Candidate == "" {
		return nil, noCandidate(f)
	}
	if at := f.Found.Commit.ID; at != "" && at != f.Candidate {
		return nil, workflows.Refuse(workflows.Changed, fmt.Sprintf("the commits were read up to %s, but the candidate is %s; ask again",
			workflows.ShortID(at), workflows.ShortID(f.Candidate))).By(f.Actor.At()).Type(f.line("notes draft"))
	}
	if d.From != "" && len(f.Found.Log) == 0 {
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("nothing lies between %s and the candidate %s",
			workflows.Display(cmp.Or(f.Found.SinceAs, d.From), 80), workflows.ShortID(f.Candidate))).By(workflows.Makers()...).
			Type(f.line("notes draft"), f.line("notes draft", "--from REF")).In("from")
	}
	if f.Found.Aside && len(f.Found.Log) == 0 { // users have more: that is no news of nothing
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("the candidate %s brings nothing since %s", workflows.ShortID(f.Candidate),
			workflows.Display(f.Found.SinceAs, 120))).By(workflows.Makers()...).Type(f.line("candidate set", "REF"), f.line("notes draft", "--from REF"))
	}
	e, ok := n.drafted(f)
	if !ok || utf8.RuneCountInString(e.Text) > MaxText {
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("there is no room left: the notes may have %d characters", MaxText)).
			By(f.Actor.At()).Type(f.line("notes edit"))
	}
	if e.Text == n.Text && e.Commit == n.Commit && e.Since == n.Since && reflect.DeepEqual(e.Entries, n.Entries) {
		return nil, workflows.Refuse(workflows.Unchanged, "the notes cover all that changed since "+cmp.Or(e.SinceAs, "the beginning")).
			By(f.Actor.At()).Type(f.line("notes show"))
	}
	return []workflows.Event{e}, nil
}

// drafted is the draft of what was found: a first one, or the one that people wrote in, brought up to date. It is false
// where there is no room for what is new.
func (n Notes) drafted(f Facts) (Drafted, bool) {
	log := f.Found.Log[:min(len(f.Found.Log), window)]
	older := len(f.Found.Log) - len(log)
	fresh, sorted := sift(log, f.Outside.Forge)
	head, was := n.known()
	e := Drafted{Since: f.Found.Since, SinceAs: f.Found.SinceAs, Commit: f.Candidate, Kept: n.Edited, Head: head}
	ok := true
	if n.Edited {
		e.Head, e.Entries, ok = redraft(head, was, fresh, older)
	} else {
		e.Head = heading(f)
		e.Entries = first(e.Head, fresh, sorted, older)
	}
	e.Text = composed(e.Head, e.Entries)
	for _, x := range fresh {
		if x.Internal {
			e.Internal++
		}
	}
	e.Added = more(was, e.Entries)
	e.Unapproved = len(n.Approvals) > 0 && e.Text != n.Text
	return e, ok
}

// more counts the changes that are seen now and were not.
func more(was, now []Entry) int {
	seen := map[string]bool{}
	for _, e := range shown(was) {
		seen[e.Key], seen[e.Text] = true, true
	}
	n := 0
	for _, e := range shown(now) {
		if e.change() && !seen[e.Key] && !seen[e.Text] {
			n++
		}
	}
	return n
}

func (e Drafted) evolve(n Notes, _ workflows.Header) Notes {
	n = n.with(e.Text)
	n.Head, n.Entries = e.Head, e.Entries
	n.Since, n.SinceAs, n.Commit, n.Internal = e.Since, e.SinceAs, e.Commit, e.Internal
	return n
}

func heading(f Facts) string {
	h := "# " + plain(f.Standing.Release.Name())
	if f.Title != "" {
		h += ": " + plain(f.Title)
	}
	return h
}
