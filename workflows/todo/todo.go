// Package todo is the one read model across rooms: what waits for whom, since when, and the line to type. The digest,
// `todo` and the reminders of channels read it.
//
// It only reads: states come in, entries go out.
package todo

import (
	"slices"
	"sort"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Work is one open release with what its other rooms hold.
type Work struct {
	Release  release.Release
	Briefing briefing.Briefing
	Offer    release.Diff // what its template as it stands now would change
}

// Kind says what is asked of a person.
type Kind string

// The kinds of entry, in the order people read them.
const (
	Rework      Kind = "needs work"           // an item they own was sent back
	Make        Kind = "to do"                // an item that was assigned to them
	Owe         Kind = "you owe"              // an item that was waived, and its date has come or comes soon
	Unblock     Kind = "your block"           // their own block keeps a gate shut
	Sign        Kind = "to sign"              // items of their roles
	Chase       Kind = "overdue"              // items that wait for others longer than they are meant to, for the release manager
	Acknowledge Kind = "to read"              // a briefing
	Agree       Kind = "to agree"             // a waiver that wants a further release manager
	Adopt       Kind = "its template changed" // for the release manager
	Brief       Kind = "briefing to send"     // for the release manager
	Approve     Kind = "notes to approve"     // by the role that vouches with them
	Advance     Kind = "to advance"           // a gate that holds, for the release manager
	Resume      Kind = "on hold"              // a release on hold, for the release manager
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
		out = append(out, ofBriefing(inRelease(id, w.Release, b, week, now), w.Briefing)...)
		out = append(out, inTemplate(id, w, b, now)...)
		out = append(out, inBriefing(id, w, b)...)
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

func inRelease(id workflows.PersonID, r release.Release, b *policy.Book, week calendar.Week, now time.Time) []Entry {
	if r.Over() {
		return nil
	}
	entry := func(k Kind, since time.Time, line string, items ...string) Entry {
		return Entry{Release: r.ID, Kind: k, Items: items, Since: since, Target: r.Target, Line: line}
	}
	if r.Held != nil {
		if !b.Leads(id, r.Manager, now) {
			return nil
		}
		return []Entry{entry(Resume, r.Held.At, "resume "+string(r.ID))}
	}
	out := owed(id, r, b, now, entry)
	v := release.Check(r, b, now)
	if v.Go {
		if b.Leads(id, r.Manager, now) {
			out = append(out, entry(Advance, r.Entered, "advance "+string(r.ID)))
		}
		return append(out, ahead(id, r, b, now, entry)...)
	}
	out = append(out, inGate(id, r, v, entry)...)
	if b.Leads(id, r.Manager, now) {
		out = append(out, overdue(id, r, v, week, now, entry)...)
	}
	return append(out, ahead(id, r, b, now, entry)...)
}

// overdue is what waits for others longer than it is meant to, in one entry: the manager asks them, or helps.
func overdue(id workflows.PersonID, r release.Release, v release.Verdict, week calendar.Week, now time.Time, entry maker) []Entry {
	late := entry(Chase, time.Time{}, "check "+string(r.ID))
	for _, s := range v.Open() {
		if !slices.Contains(s.Who, id) && s.Item.Lead > 0 && week.WorkingDays(s.Since, now) > s.Item.Lead {
			late.Items = append(late.Items, s.Item.Key)
			if late.Since.IsZero() || s.Since.Before(late.Since) {
				late.Since, late.Lead = s.Since, s.Item.Lead
			}
		}
	}
	if len(late.Items) == 0 {
		return nil
	}
	return []Entry{late}
}

// maker makes an entry of a release.
type maker func(k Kind, since time.Time, line string, items ...string) Entry

// owed is what was waived for now and must be made good by this person.
func owed(id workflows.PersonID, r release.Release, b *policy.Book, now time.Time, entry maker) []Entry {
	var out []Entry
	for _, g := range r.Gates {
		for _, s := range release.CheckGate(r, g, b, now).Items {
			if w := s.Waiver; w != nil && b.Canon(w.Owner) == id && len(w.Given) > 0 && !r.Settled(s) {
				e := entry(Owe, w.Given[0].At, "item show "+string(r.ID)+" "+s.Full(), s.Item.Key)
				e.Due = w.Until
				out = append(out, e)
			}
		}
	}
	return out
}

// inGate is what waits for a person in the next gate: what they may sign in one entry, all else one by one.
func inGate(id workflows.PersonID, r release.Release, v release.Verdict, entry maker) []Entry {
	var out []Entry
	sign := entry(Sign, time.Time{}, "")
	for _, s := range v.Open() {
		switch {
		case !slices.Contains(s.Who, id):
		case s.Turn == release.ToSign:
			sign.Items = append(sign.Items, s.Item.Key)
			if sign.Since.IsZero() || s.Since.Before(sign.Since) {
				sign.Since, sign.Lead = s.Since, s.Item.Lead
			}
		default:
			out = append(out, single(r, s, entry))
		}
	}
	if len(sign.Items) > 0 {
		sign.Line = "sign " + string(r.ID) + " " + join(sign.Items)
		out = append(out, sign)
	}
	return out
}

// ahead is what was assigned to a person, or asked of them by name, in later gates.
func ahead(id workflows.PersonID, r release.Release, b *policy.Book, now time.Time, entry maker) []Entry {
	var out []Entry
	for _, g := range r.Gates[min(r.Passed+1, len(r.Gates)):] {
		for _, s := range release.CheckGate(r, g, b, now).Open() {
			c := r.Care[s.Full()]
			if slices.Contains(s.Who, id) && (b.Canon(c.Owner) == id || c.Asked != nil && b.Canon(c.Asked.Who) == id) {
				out = append(out, single(r, s, entry))
			}
		}
	}
	return out
}

// single is the entry of one item, with the line that hands it on.
func single(r release.Release, s release.Status, entry maker) Entry {
	full, id := s.Full(), string(r.ID)
	kind, line := Sign, "sign "+id+" "+full
	switch s.Turn {
	case release.ToRework:
		kind, line = Rework, "item show "+id+" "+full
	case release.ToUnblock:
		kind, line = Unblock, "sign "+id+" "+full+" withdraw"
	case release.ToDo:
		kind, line = Make, "item ask "+id+" "+full
	case release.ToBrief:
		return entry(Brief, s.Since, "brief send "+id)
	case release.ToApprove:
		return entry(Approve, s.Since, "notes approve "+id)
	case release.ToAgree:
		kind, line = Agree, "item show "+id+" "+full
	}
	e := entry(kind, s.Since, line, s.Item.Key)
	e.Lead, e.Due = s.Item.Lead, r.Care[full].Due
	return e
}

// inTemplate offers the release manager what changed in the template.
func inTemplate(id workflows.PersonID, w Work, b *policy.Book, now time.Time) []Entry {
	r := w.Release
	if w.Offer.Empty() || b.Canon(r.Manager) != id {
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

func join(keys []string) string {
	s := keys[0]
	for _, k := range keys[1:] {
		s += "," + k
	}
	return s
}

// Reminder is one schedule with its next occurrence.
type Reminder struct {
	Schedule calendar.Schedule
	Next     time.Time
}
