package reading

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// told is what was said of the notes of one release.
type told struct {
	approved  map[string]bool // texts that somebody approved, by digest
	published map[string]bool // texts that went out, by digest
	ops       map[string]bool // what was to be done outside
	asked     map[string]bool // what was proposed for a change log
}

// notes: nothing is published that nobody approved, nothing corrected that was not published, and nothing was done outside
// that no publication wished.
func (rd *Reading) notes(h workflows.Header, e workflows.Event) {
	id := workflows.ReleaseID(h.Stream.ID())
	t := rd.told[id]
	if t == nil {
		t = &told{approved: map[string]bool{}, published: map[string]bool{}, ops: map[string]bool{}, asked: map[string]bool{}}
		rd.told[id] = t
	}
	switch e := e.(type) {
	case notes.Approved:
		if workflows.Digest(e.Text) != e.Digest {
			rd.wrongf(h, "the digest of the approved notes is not that of their text")
		}
		t.approved[e.Digest] = true
	case notes.Published:
		rd.goes(h, t, e.Going)
	case notes.Corrected:
		if len(t.published) == 0 {
			rd.wrongf(h, "notes are corrected that were not published")
		}
		rd.goes(h, t, e.Going)
	case notes.Landed:
		if !t.ops[e.What+" "+e.Op] {
			rd.wrongf(h, "%s was done as %s, which no publication wished", e.What, e.Op)
		}
		t.asked[e.Op] = t.asked[e.Op] || e.What == workflows.ActChangelog
	case notes.Answered:
		if !t.asked[e.Op] {
			rd.wrongf(h, "people answered %s, which was not proposed", e.Op)
		}
	case notes.Stranded:
		if !t.ops[e.What+" "+e.Op] {
			rd.wrongf(h, "%s ended as %s, which no publication wished", e.What, e.Op)
		}
	}
}

func (rd *Reading) goes(h workflows.Header, t *told, g notes.Going) {
	if workflows.Digest(g.Text.String()) != g.Digest || !t.approved[g.Digest] {
		rd.wrongf(h, "notes were published that nobody approved, word for word")
	}
	t.published[g.Digest] = true
	if g.Release != nil {
		rd.wishes(h, t, workflows.ActRelease, g.Release.Op)
	}
	if g.Changelog != nil {
		rd.wishes(h, t, workflows.ActChangelog, g.Changelog.Op)
	}
}

func (rd *Reading) wishes(h workflows.Header, t *told, act, op string) {
	if t.ops[act+" "+op] {
		rd.wrongf(h, "two publications wish %s as %s", act, op)
	}
	t.ops[act+" "+op] = true
}
