package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// Forges lists the repositories at a forge that products are of, each once, as the configuration in force writes them.
func (d *Desk) Forges() []string {
	var out []string
	r := d.rules.Load()
	for _, name := range slices.Sorted(maps.Keys(r.Products)) {
		forge := r.Products[name].Forge.Repository
		if forge != "" && !slices.ContainsFunc(out, func(other string) bool { return strings.EqualFold(other, forge) }) {
			out = append(out, forge)
		}
	}
	return out
}

// Hear looks once at how things stand in a repository at a forge, and carries out what follows, product by product: of each
// release that is open where the branch goes that its candidate follows, then how its checks and deployments stand; of a
// closed one these, while something of it is on its way; then what people made of pull requests for change logs, and the tags
// that open releases.
//
// Of a it takes who asks (Bot), When, and ID, which must be new: each ask of its own bears it with something behind. What
// stands in the way of one release keeps no other from being heard; the errors come together, each a refusal (nobody lets
// the bot look) or a fault. Looks at one repository should not overlap: two see the same, and one of them in vain.
func (d *Desk) Hear(ctx context.Context, a workflows.Ask, forge string) ([]workflows.Receipt, error) {
	h := hearing{desk: d, as: a}
	var errs []error
	products := d.rules.Load().Products
	for _, name := range slices.Sorted(maps.Keys(products)) {
		if p := products[name]; forge != "" && strings.EqualFold(p.Forge.Repository, forge) {
			h.of, h.product = name, p
			h.unseen = nil
			err := h.hear(ctx)
			if !errors.Is(ctx.Err(), context.Canceled) { // who was called off saw nothing; of whom the time ran out, nobody answered
				d.looks.note(name, a.When, h.unseen)
			}
			errs = append(errs, err)
		}
	}
	return h.got, errors.Join(errs...)
}

// hearing is one look at a repository, at work on one of its products.
type hearing struct {
	desk    *Desk
	as      workflows.Ask
	of      workflows.Product
	product Product
	got     []workflows.Receipt
	unseen  error // why nobody saw how checks and deployments stand; of what else could not be heard, these are no older
}

func (h *hearing) hear(ctx context.Context) error {
	open, moving, err := h.releases(ctx)
	if err != nil {
		h.unseen = err
		return err
	}
	var errs []error
	for _, r := range open {
		if r.Watch != "" {
			errs = append(errs, h.ask(ctx, "follow/"+string(r.ID), r.ID, release.Follow{}))
		}
		errs = append(errs, h.news(ctx, r.ID))
	}
	for _, id := range moving {
		errs = append(errs, h.news(ctx, id))
	}
	errs = append(errs, h.pulls(ctx))
	if h.product.Forge.Opens != "" {
		errs = append(errs, h.tags(ctx))
	}
	return errors.Join(errs...)
}

// releases are those that are open, and the others of which something is on its way.
func (h *hearing) releases(ctx context.Context) (open []release.Row, moving []workflows.ReleaseID, err error) {
	err = h.desk.view(ctx, func(tx *storage.Tx) error {
		var err error
		if open, err = rowsUnder(tx, release.KeyOpenOf(h.of), allOpen); err != nil {
			return err
		}
		moving = nil
		return tx.Rows(wayTable(h.of), func(_ string, data json.RawMessage) (bool, error) {
			var run release.Run
			err := json.Unmarshal(data, &run)
			known := slices.ContainsFunc(open, func(r release.Row) bool { return r.ID == run.Release }) || slices.Contains(moving, run.Release)
			if err == nil && !known {
				moving = append(moving, run.Release)
			}
			return true, err
		})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("releases of %s: %w", h.of, err)
	}
	return open, moving, nil
}

// pulls looks at what people made of the pull requests for the change logs of releases, open or not.
func (h *hearing) pulls(ctx context.Context) error {
	var waiting []workflows.ReleaseID
	err := h.desk.view(ctx, func(tx *storage.Tx) error {
		waiting = nil
		return tx.Find(notes.KeyAsked(h.of), "", func(stream workflows.Stream, _ json.RawMessage) (bool, error) {
			waiting = append(waiting, workflows.ReleaseID(stream.ID()))
			return true, nil
		})
	})
	if err != nil {
		return fmt.Errorf("change logs of %s: %w", h.of, err)
	}
	var errs []error
	for _, id := range waiting {
		errs = append(errs, h.ask(ctx, "changelog/"+string(id), id, notes.News{}))
	}
	return errors.Join(errs...)
}

// news looks at how the checks and the deployments of a release stand.
func (h *hearing) news(ctx context.Context, id workflows.ReleaseID) error {
	err := h.ask(ctx, "news/"+string(id), id, release.News{})
	h.unseen = errors.Join(h.unseen, err)
	return err
}

// ask makes one ask of the look's.
func (h *hearing) ask(ctx context.Context, what string, on workflows.ReleaseID, wish workflows.Intent) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a := workflows.Ask{ID: h.as.ID + "/" + what, Bot: h.as.Bot, When: h.as.When, On: workflows.Selectors{Release: string(on)}, Wish: wish}
	got, err := h.desk.Do(ctx, a)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	h.got = append(h.got, got)
	return nil
}
