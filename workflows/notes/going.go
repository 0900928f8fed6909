package notes

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Going is an approved text on its way, and all that is told and done for it: decided once, and never made anew.
type Going struct {
	Text      workflows.Public        `json:"text"`
	Digest    string                  `json:"digest"`
	Commit    string                  `json:"commit,omitempty"`
	N         uint64                  `json:"n,omitempty"`       // counts what was published of these notes
	Edition   int                     `json:"edition,omitempty"` // counts the candidates that notes were published for: each has its own posts
	To        []Channel               `json:"to"`
	Release   *workflows.ForgeRelease `json:"release,omitempty"`
	Changelog *workflows.Changelog    `json:"changelog,omitempty"`
	Digests   Digests                 `json:"digests,omitzero"` // of what is done outside, but for its Op

	Whole       bool `json:"whole,omitempty"`       // all that was missing goes
	Unversioned bool `json:"unversioned,omitempty"` // it is a feature, so there is neither a release nor a section in the change log
}

// Digests tell whether what is outside is what would be made now.
type Digests struct {
	Release   string `json:"release,omitempty"`
	Changelog string `json:"changelog,omitempty"`
}

// Publication is a text that was published, and where.
type Publication struct {
	Text      workflows.Public `json:"text"`
	Digest    string           `json:"digest"`
	Commit    string           `json:"commit,omitempty"`
	N         uint64           `json:"n,omitempty"`
	Edition   int              `json:"edition,omitempty"`
	To        []Channel        `json:"to"`
	At        time.Time        `json:"at"`
	Corrected bool             `json:"corrected,omitempty"` // it took the place of other words
	Outlets   []Outlet         `json:"outlets,omitempty"`
}

// Outlet is what was, or is to be, made of the notes in one place that is no channel.
type Outlet struct {
	What   string              `json:"what"` // the act that makes it
	Op     string              `json:"op,omitempty"`
	Name   string              `json:"name"`           // of the tag, or of the file
	At     string              `json:"at"`             // the repository: "acme/app", or a folder
	Ask    bool                `json:"ask,omitempty"`  // it is proposed there: people let it in
	Digest string              `json:"digest"`         // of what is made
	Fate   workflows.Fate      `json:"fate,omitempty"` // empty: it is under way
	Link   string              `json:"link,omitempty"` // where people see it
	Pull   workflows.PullState `json:"pull,omitempty"` // of what is proposed: what people made of it; empty: nothing yet
	Why    string              `json:"why,omitempty"`  // it was not done, or nobody knows
}

// outlet is what an act makes; nil: nothing was published there.
func (p *Publication) outlet(act string) *Outlet {
	if p == nil {
		return nil
	}
	i := slices.IndexFunc(p.Outlets, func(o Outlet) bool { return o.What == act })
	if i < 0 {
		return nil
	}
	return &p.Outlets[i]
}

// shows reports whether what has this digest is made where an act makes it, or under way.
func (p *Publication) shows(act, digest string) bool {
	o := p.outlet(act)
	return o != nil && o.Digest == digest && (o.Fate == "" || o.Fate == workflows.Done && o.Pull != workflows.PullClosed)
}

// Page is where whoever sees a repository may read what was published: on its release, once that is made. Empty: nowhere.
func (p *Publication) Page(forge string) string {
	o := p.outlet(workflows.ActRelease)
	if o == nil || forge == "" || !strings.EqualFold(o.At, forge) {
		return ""
	}
	return o.Link
}

// Lacks reports whether something that was to be made outside is not there, or nobody knows.
func (p *Publication) Lacks() bool {
	return slices.ContainsFunc(p.Outlets, func(o Outlet) bool {
		return o.Fate == workflows.Refused || o.Fate == workflows.Unclear || o.Pull == workflows.PullClosed
	})
}

// with is the outlets with one of them anew.
func (p *Publication) with(o Outlet) []Outlet {
	out := []Outlet{}
	if p != nil {
		out = slices.DeleteFunc(slices.Clone(p.Outlets), func(x Outlet) bool { return x.What == o.What })
	}
	out = append(out, o)
	slices.SortFunc(out, func(a, b Outlet) int { return -strings.Compare(a.What, b.What) })
	return out
}

// next is the text as it stands, about to go out for the candidate.
func (n Notes) next(f Facts) Going {
	g := Going{Text: n.Public, Digest: workflows.Digest(n.Text), Commit: f.Candidate, N: 1, Edition: 1}
	if n.Out != nil {
		g.N, g.Edition = n.Out.N+1, n.Out.Edition
		if n.Out.Commit != g.Commit {
			g.Edition++
		}
	}
	return g
}

// op names what is done outside for this publication. Of two, the one with the greater number has the newer text.
func (g Going) op(id workflows.ReleaseID) string { return fmt.Sprintf("%s/%s/%d", id, Room, g.N) }

// slot is what the posts of an edition are found by: a correction edits them.
func (g Going) slot() string {
	if g.Edition <= 1 {
		return Room
	}
	return fmt.Sprintf("%s-%d", Room, g.Edition)
}

// onto is what is published once this has gone out.
func (g Going) onto(was *Publication, h workflows.Header) *Publication {
	out := Publication{Text: g.Text, Digest: g.Digest, Commit: g.Commit, N: g.N, Edition: g.Edition, At: h.At}
	if was != nil {
		out.Outlets = was.Outlets
		if was.Digest == g.Digest && was.Edition == g.Edition {
			out.To, out.Corrected = slices.Clone(was.To), was.Corrected
		}
	}
	out.To = append(out.To, g.To...)
	for _, o := range g.Outlets() {
		out.Outlets = out.with(o)
	}
	return &out
}

// Outlets are where it goes beside the channels.
func (g Going) Outlets() []Outlet {
	var out []Outlet
	if r := g.Release; r != nil {
		out = append(out, Outlet{What: workflows.ActRelease, Op: r.Op, Name: r.Tag, At: r.Forge, Digest: g.Digests.Release})
	}
	if c := g.Changelog; c != nil {
		out = append(out, Outlet{What: workflows.ActChangelog, Op: c.Op, Name: c.File, At: cmp.Or(c.Forge, c.Repository), Ask: c.Forge != "", Digest: g.Digests.Changelog})
	}
	return out
}

// Post is the Data of a delivery: all that is shown, decided when it was published and never drawn again.
type Post struct {
	Release workflows.ReleaseID `json:"release"`
	Text    workflows.Public    `json:"text"`
	Digest  string              `json:"digest"`
}

// posts tells the channels. Those that had other words before are told in the thread that they were corrected.
func (g Going) posts(id workflows.ReleaseID, had []Channel) []workflows.Effect {
	data := marshalled(Post{Release: id, Text: g.Text, Digest: g.Digest})
	var out []workflows.Effect
	for _, c := range g.To {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: "notes", Slot: g.slot(), To: workflows.To{Place: c.Place}, Data: data})
	}
	for _, c := range had {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: ToldCorrected, In: g.slot(), To: workflows.To{Place: c.Place}})
	}
	return out
}

// acts is what is done outside.
func (g Going) acts() []workflows.Effect {
	var out []workflows.Effect
	if g.Release != nil {
		out = append(out, workflows.Effect{Kind: workflows.Act, What: workflows.ActRelease, Data: marshalled(g.Release)})
	}
	if g.Changelog != nil {
		out = append(out, workflows.Effect{Kind: workflows.Act, What: workflows.ActChangelog, Data: marshalled(g.Changelog)})
	}
	return out
}

func marshalled(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings always marshal
	}
	return data
}

func digestOf(v any) string { return workflows.Digest(string(marshalled(v))) }
