// Package todo is the one read model across rooms: what waits for whom, since when, and the line to type. The digest,
// `todo` and the reminders of channels read it.
//
// It only reads: states come in, entries go out.
package todo

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Work is one open release with what its other rooms hold.
type Work struct {
	Release  release.Release
	Briefing briefing.Briefing
	Feedback feedback.Feedback
	Offer    release.Diff // what its template as it stands now would change
}

// Kind says what is asked of a person.
type Kind string

// The kinds of entry, in the order people read them.
const (
	Rework      Kind = "needs work"               // an item they own was sent back
	Make        Kind = "to do"                    // an item that was assigned to them
	Owe         Kind = "you owe"                  // an item that was waived, and its date has come or comes soon
	Answer      Kind = "feedback planned for you" // what was heard, and they are to see to
	Unblock     Kind = "your block"               // their own block keeps a gate shut
	Sign        Kind = "to sign"                  // items of their roles
	Chase       Kind = "overdue"                  // items that wait for others longer than they are meant to, for the release manager
	Acknowledge Kind = "to read"                  // a briefing
	Agree       Kind = "to agree"                 // a waiver that wants a further release manager
	Adopt       Kind = "its template changed"     // for the release manager
	Brief       Kind = "briefing to send"         // for the release manager
	Approve     Kind = "notes to approve"         // by the role that vouches with them
	Advance     Kind = "to advance"               // a gate that holds, for the release manager
	Resume      Kind = "on hold"                  // a release on hold, for the release manager
	Arrive      Kind = "deployment to look after" // it takes long, nobody knows of it, or a rollback did not arrive: for the release manager
)

// Entry is one thing that waits for a person.
type Entry struct {
	Release workflows.ReleaseID
	Kind    Kind
	Items   []string
	Since   time.Time
	Target  time.Time // of the release; zero: none
	Lead    int       // working days it is meant to take; 0: none is set
	Due     time.Time // when it was asked for; zero: no date was
	Line    string    // to type, without /release
}

// For lists what waits for a person: by target date, those without one last. The week is the team's.
func For(id workflows.PersonID, works []Work, b *policy.Book, week calendar.Week, now time.Time) []Entry {
	var out []Entry
	for _, w := range works {
		out = append(out, ofBriefing(person{id, w.Release, b, week, now}.inRelease(), w.Briefing)...)
		out = append(out, inTemplate(id, w, b, now)...)
		out = append(out, inBriefing(id, w, b)...)
		out = append(out, inFeedback(id, w, b, now)...)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Target.IsZero() != b.Target.IsZero() {
			return b.Target.IsZero()
		}
		return a.Target.Before(b.Target)
	})
	return out
}

// inTemplate offers the release manager what changed in the template.
func inTemplate(id workflows.PersonID, w Work, b *policy.Book, now time.Time) []Entry {
	r := w.Release
	if w.Offer.Empty() || !slices.Contains(r.InCharge(b, now), id) {
		return nil
	}
	return []Entry{{Release: r.ID, Kind: Adopt, Since: now, Target: r.Target, Line: "set " + string(r.ID) + " --template " + r.Template + " --dry-run"}}
}

func inBriefing(id workflows.PersonID, w Work, b *policy.Book) []Entry {
	for _, p := range briefing.Progress(w.Briefing, Audiences(b)) {
		if slices.Contains(p.Missing, id) {
			return []Entry{{Release: w.Release.ID, Kind: Acknowledge, Since: w.Briefing.LastSent(), Target: w.Release.Target,
				Line: "brief ack " + string(w.Release.ID)}}
		}
	}
	return nil
}

// inFeedback is what was heard and planned for somebody, in one entry, due when the first of it is.
func inFeedback(id workflows.PersonID, w Work, b *policy.Book, now time.Time) []Entry {
	owed := w.Feedback.OwedBy(id, b)
	if len(owed) == 0 || w.Release.Over() || !b.IsMember(id, now) {
		return nil
	}
	e := Entry{Release: w.Release.ID, Kind: Answer, Since: owed[0].Plan.At, Target: w.Release.Target, Due: owed[0].Plan.Due, Line: "feedback list " + string(w.Release.ID)}
	for _, x := range owed {
		e.Items = append(e.Items, fmt.Sprintf("#%d", x.N))
		if x.Plan.At.Before(e.Since) {
			e.Since = x.Plan.At
		}
	}
	if len(owed) == 1 {
		e.Line = fmt.Sprintf("feedback done %s %d", w.Release.ID, owed[0].N)
	}
	return []Entry{e}
}

// ofBriefing fits what is to be done about a briefing to how far that is: it is drafted, sent, and then it is its readers'
// turn.
func ofBriefing(entries []Entry, b briefing.Briefing) []Entry {
	sent := b.Counter == nil && b.Sent.Digest != "" && b.Sent.Digest == b.Draft.Digest
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Kind == Brief && sent })
	for i, e := range entries {
		if e.Kind == Brief && b.Draft.Digest == "" {
			entries[i].Line = "brief draft " + string(e.Release)
		}
	}
	return entries
}

// Everyone names the audience there is while none is configured: all the people known.
const Everyone workflows.Audience = "everyone"

// Audiences is who can be briefed, as the briefing room wants it. While no audience is configured, everyone known is
// one.
func Audiences(b *policy.Book) []briefing.Audience {
	if len(b.Audiences) == 0 {
		a := briefing.Audience{Name: Everyone, Quota: 80}
		for id := range b.People {
			a.People = append(a.People, id)
		}
		slices.Sort(a.People)
		return []briefing.Audience{a}
	}
	var out []briefing.Audience
	for _, a := range b.Audiences {
		out = append(out, briefing.Audience{Name: a.Name, People: a.People, Place: a.Place, Quota: a.Quota, Public: a.Public})
	}
	return out
}

// Blocking lists the open items of the next gate whose lead time has begun, counted back from the target in working
// days. A release without a target blocks nobody's channel.
func Blocking(r release.Release, b *policy.Book, week calendar.Week, now time.Time) []release.Status {
	if r.Target.IsZero() || r.Held != nil {
		return nil
	}
	var out []release.Status
	for _, s := range release.Check(r, b, now).Open() {
		if !now.Before(week.Add(r.Target, -s.Item.Lead)) {
			out = append(out, s)
		}
	}
	return out
}

// Reminder is one schedule with its next occurrence.
type Reminder struct {
	Schedule calendar.Schedule
	Next     time.Time
}
