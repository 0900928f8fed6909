package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// vote is a vote of the report with the room's own, by which it is known again.
type vote struct {
	Vote
	raw release.Vote
}

// sameAs is the room's rule: the same voter on the same item, through the same source.
func (v *vote) sameAs(w release.Vote) bool {
	return v.raw.Item == w.Item && v.raw.Machine == w.Machine && v.raw.By == w.By
}

// standing finds the vote of the report that a standing vote of the release is.
func (t *telling) standing(w release.Vote) *vote {
	for i := len(t.votes) - 1; i >= 0; i-- {
		if v := t.votes[i]; v.sameAs(w) && (v.Ended == nil || v.Ended.How == "expired") {
			return v
		}
	}
	panic(fmt.Sprintf("a vote on %s counts that nobody cast", w.Item)) // the fold holds no other
}

// split parts an item's full name.
func split(full string) (gate, item string, ok bool) { return strings.Cut(full, "/") }

func signed(t *telling, h workflows.Header, e release.Signed) Facts {
	w := e.Vote
	t.end(h, "replaced", func(v *vote) bool { return v.sameAs(w) })
	v := Vote{Act: act(h), From: w.Machine, As: w.As, Owner: w.Owner, For: w.For, Value: w.Value, Commit: w.Commit, Digest: w.Digest, Note: w.Note,
		Evidence: w.Evidence, ByHand: w.ByHand, Expires: w.Expires}
	if w.Machine != release.ByHand {
		v.WordOf = w.By
	}
	t.votes = append(t.votes, &vote{Vote: v, raw: w})
	f := Facts{"item": w.Item, "value": string(w.Value), "commit": w.Commit, "why": w.Note, "word_of": string(v.WordOf)}
	if w.For != "" {
		f["for"] = w.For.At()
	}
	return f
}

func withdrawn(t *telling, h workflows.Header, e release.Withdrawn) Facts {
	t.end(h, "withdrawn", func(v *vote) bool {
		return v.raw.Item == e.Item && v.raw.Machine == e.From && (v.raw.By == e.By || e.From != release.ByHand)
	})
	return Facts{"item": e.Item, "why": e.Note}
}

func lapsed(t *telling, h workflows.Header, e release.Lapsed) Facts {
	t.end(h, "expired", func(v *vote) bool {
		return v.raw.Item == e.Item && v.raw.Machine == e.From && !v.Expires.IsZero() && !v.Expires.After(h.At)
	})
	return Facts{"item": e.Item}
}

// end says of the votes that stand and match what ended them.
func (t *telling) end(h workflows.Header, how string, match func(*vote) bool) {
	for _, v := range t.votes {
		if v.Ended == nil && match(v) {
			v.Ended = &Ended{Act: act(h), How: how}
		}
	}
}

// refresh notes which standing votes vouch for something else since this event, and which do so no longer. An objection
// vouches for nothing. A vote that the room let go of without anybody's word was on an item that is another now.
func (t *telling) refresh(h workflows.Header) {
	for _, v := range t.votes {
		switch {
		case v.Ended == nil && !slices.ContainsFunc(t.release.Votes, v.sameAs):
			v.Ended = &Ended{Act: act(h), How: "voided"}
		case v.Ended != nil, v.Value == release.Block, v.Value == release.NeedsWork:
		case t.release.Fresh(v.raw):
			v.Stale = 0
		case v.Stale == 0:
			v.Stale = h.Seq
		}
	}
}
