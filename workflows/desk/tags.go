package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
)

// lead is who manages a release that nobody opened by hand.
func (s *session) lead(p Product) workflows.PersonID {
	if p.Forge.Manager != "" {
		return p.Forge.Manager
	}
	if len(s.book.Owners) == 0 {
		return ""
	}
	return s.book.Owners[0]
}

// tagsTarget is the stream of a product's tags.
func (s *session) tagsTarget(p workflows.Product) (target, error) {
	product, err := s.product(p)
	return target{stream: tags.StreamOf(p), product: product}, err
}

// A release that a tag opened has its notes drafted, and the tag is known from here on.
func taggedOpened(_ *session, e workflows.Recorded) ([]wished, error) {
	o := e.Event.(release.Opened)
	if o.Tag == nil {
		return nil, nil
	}
	take := tags.Take{Product: o.ID.Product(), Tag: *o.Tag, Release: o.ID}
	if o.Candidate != nil {
		take.Commit = o.Candidate.Commit.ID
	}
	return []wished{{tags.StreamOf(o.ID.Product()), take}, {sibling(e, notes.Room), notes.Drafting{}}}, nil
}

// tagged is the release that a tag stands for, by how the tags of a product's versions are called.
func (f Forge) tagged(p workflows.Product, tag string) (workflows.ReleaseID, bool) {
	before, after, ok := strings.Cut(f.Tag, TagVersion)
	version, begins := strings.CutPrefix(tag, before)
	version, ends := strings.CutSuffix(version, after)
	id := workflows.NewReleaseID(p, version)
	return id, ok && begins && ends && workflows.ValidVersion(version) && !id.IsFeature()
}

// tags looks at the tags of a product. Where they are looked at for the first time, all are old; from then on each new
// one opens a release, or its owners hear why not.
func (h *hearing) tags(ctx context.Context) error {
	f := h.product.Forge
	found, err := h.desk.source.Look(ctx, workflows.Query{Forge: f.Repository, Tags: f.Opens})
	if err != nil {
		return fmt.Errorf("tags of %s: %w", h.of, err)
	}
	known, err := h.desk.Tags(ctx, h.of)
	switch {
	case err != nil:
		return err
	case !known.Begun(f.Repository, f.Opens):
		return h.ask(ctx, "tags/"+string(h.of), "", tags.Begin{Product: h.of, Forge: f.Repository, Pattern: f.Opens, Tags: found.Tags})
	}
	fresh, moved := known.News(found.Tags)
	var errs []error
	if len(fresh) > manyTags {
		errs, fresh = append(errs, h.heaped(ctx, fresh)), nil
	}
	for _, t := range fresh {
		errs = append(errs, h.tag(ctx, t))
	}
	for _, t := range moved {
		errs = append(errs, h.ask(ctx, "moved/"+string(h.of)+"/"+t.Name, "", tags.Move{Product: h.of, Tag: t}))
	}
	return errors.Join(errs...)
}

// manyTags is how many tags may be new at once. Who pushes more brings old ones along, or wants to bury people in releases.
const manyTags = 20

// heaped opens nothing for so many tags, and has the owners hear of it once.
func (h *hearing) heaped(ctx context.Context, fresh []workflows.Tagged) error {
	d := tags.Decline{Product: h.of, Tag: fresh[0], With: fresh[1:],
		Why:  fmt.Sprintf("it came at once with %d others, and where more than %d come none is taken for a new version", len(fresh)-1, manyTags),
		Next: h.byHand()}
	return h.ask(ctx, "declined/"+string(h.of)+"/"+fresh[0].Name, "", d)
}

// byHand is what somebody types to open the release that a tag did not.
func (h *hearing) byHand() string { return fmt.Sprintf("/release new %s@… --candidate TAG", h.of) }

// tag opens the release of a tag. What refuses that for good is told to the owners, once; whatever else, and the tag is
// new again at the next look.
func (h *hearing) tag(ctx context.Context, t workflows.Tagged) error {
	id, ok := h.product.Forge.tagged(h.of, t.Name)
	no := &workflows.Refusal{}
	switch {
	case !ok:
		no.Why = fmt.Sprintf("it names no version, as %s does", strings.Replace(h.product.Forge.Tag, TagVersion, "1.0.0", 1))
		no.Next = []string{h.byHand()}
	case !t.Commit:
		no.Why = "it points at no commit"
	default:
		err := h.ask(ctx, "tag/"+string(h.of)+"/"+t.Name, "", release.Tagged{ID: id, Tag: t})
		if err == nil || !errors.As(err, &no) || !final(no) {
			return err
		}
	}
	d := tags.Decline{Product: h.of, Tag: t, Why: no.Why, Ours: no.Reason == workflows.Exists && h.has(ctx, id, t)}
	if len(no.Next) > 0 {
		d.Next = no.Next[0]
	}
	return h.ask(ctx, "declined/"+string(h.of)+"/"+t.Name, "", d)
}

// has reports whether a release's candidate is the commit of a tag: as when its own notes, published, made that tag.
func (h *hearing) has(ctx context.Context, id workflows.ReleaseID, t workflows.Tagged) bool {
	r, err := h.desk.Release(ctx, workflows.Selectors{Release: string(id)}, "")
	return err == nil && r.ID == id && r.Candidate != nil && r.Candidate.Commit.ID == t.Object
}

// final reports whether a tag that did not open a release for a reason does not open it later, unless somebody does
// something.
func final(no *workflows.Refusal) bool {
	switch no.Reason {
	case workflows.Exists, workflows.Invalid, workflows.Unsatisfiable, workflows.UnknownRef, workflows.NeedsReason:
		return true
	}
	return false
}

// Tags is what is known of a product's tags.
func (d *Desk) Tags(ctx context.Context, p workflows.Product) (known tags.State, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		c, err := d.load(tx, tags.StreamOf(p), 0)
		if err == nil {
			known = c.state.(tags.State)
		}
		return err
	})
	return known, err
}
