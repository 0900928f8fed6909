package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Where says which commit of a release's product is where, by the record and by what the forge says at this moment; with a
// ref, also where that commit is. A forge that does not answer is passed over, and that is said.
func (d *Desk) Where(ctx context.Context, by workflows.Handle, at workflows.Place, id workflows.ReleaseID, ref string, now time.Time) (release.Whereabouts, error) {
	var f release.Facts
	var t target
	r := d.rules.Load()
	err := d.view(ctx, func(tx *storage.Tx) error {
		s, err := d.session(tx, r, workflows.Ask{By: by, At: at, When: now})
		if err != nil {
			return err
		}
		if p, ok := s.book.Resolve(by); ok {
			s.actor, s.zone = workflows.Actor{Person: p.ID, Handle: by}, r.zone(p)
		}
		if t, err = s.targetIn(release.Room, id); err != nil {
			return err
		}
		if f, err = s.releaseFacts(t, s.actor); err == nil && f.Sites == nil { // it may have deployed before
			f.Sites, err = s.sites(t.id.Product(), f.Envs)
		}
		return err
	})
	if err != nil {
		return release.Whereabouts{}, err
	}
	if err := release.Known(t.release, f); err != nil {
		return release.Whereabouts{}, err
	}
	q := workflows.Query{Repository: t.product.Repository, Branch: t.product.Branch, Forge: f.Forge.Repository, Ref: ref, Envs: f.Asks(), Optional: ref == ""}
	found, err := d.source.Look(ctx, q)
	var no *workflows.Refusal
	if err != nil && (ref != "" || !errors.As(err, &no)) {
		return release.Whereabouts{}, d.unsaved(fmt.Errorf("which commit is where: %w", err), now)
	}
	if no == nil {
		no = found.Missing
	}
	f.Found = found
	out := release.Where(t.release, f)
	if no != nil {
		out.Silent = no.Why
	}
	if ref != "" {
		out.Asked = &found.Commit
		out.Holds = d.contain(ctx, q, found.Commit.ID, out.Commits())
	}
	return out, nil
}

// contain says which commits contain another. Of those of which it cannot be told, nothing is said.
func (d *Desk) contain(ctx context.Context, q workflows.Query, id string, all []string) map[string]bool {
	out := map[string]bool{}
	for _, commit := range all {
		if commit == id {
			out[commit] = true
			continue
		}
		q := workflows.Query{Repository: q.Repository, Branch: q.Branch, Forge: q.Forge, Ref: id, Log: true, Since: commit, Optional: true}
		found, err := d.source.Look(ctx, q)
		if err == nil && found.Missing == nil { // what the one has and the other lacks
			out[commit] = len(found.Log) == 0 && len(found.Mentions) == 0
		}
	}
	return out
}
