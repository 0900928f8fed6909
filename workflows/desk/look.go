package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// look asks the source for what a wish needs, outside of any transaction. It resolves selectors provisionally; the
// transaction resolves them again and compares the query.
func (d *Desk) look(ctx context.Context, r *rules, a workflows.Ask) (got sighting, err error) {
	_, opens := outward(a)
	if _, looks := a.Wish.(workflows.Looking); !looks && !opens {
		return got, nil
	}
	err = d.store.View(ctx, func(tx *storage.Tx) error {
		s, err := d.session(tx, r, a)
		if err != nil {
			return err
		}
		if done, err := s.isAnswered(); err != nil || done {
			return err
		}
		if _, err := s.pressed(); err != nil { // nobody looks for a press that is none
			return err
		}
		t, err := s.admit()
		if err != nil {
			return err
		}
		w, err := s.on(t.stream)
		if err != nil {
			return err
		}
		got.of, got.at = t.id, w.before.rev
		got.query, err = s.query(t, a.Wish)
		return err
	})
	if err != nil || got.query.Repository == "" && got.query.Forge == "" {
		return got, err
	}
	if opens {
		got.found, err = d.see(ctx, got.query)
	} else {
		got.found, err = d.source.Look(ctx, got.query)
	}
	if err != nil && a.Bot == "" { // a machine asks again by itself, and its failures are no matter of the record
		err = away(err)
	}
	if err != nil {
		return got, fmt.Errorf("look at the repository: %w", lookAgain(a.Wish, err))
	}
	return got, nil
}

// away puts into words for people that somebody outside did not answer.
func away(err error) error {
	if a, ok := errors.AsType[*workflows.Away](err); ok {
		return a.Refusal()
	}
	return err
}

// lookAgain makes the source's refusal of a ref lead back to the line that named it.
func lookAgain(wish workflows.Intent, err error) error {
	var ref *workflows.Refusal
	if !errors.As(err, &ref) || ref.Reason != workflows.UnknownRef {
		return err
	}
	switch w := wish.(type) {
	case release.New:
		ref.Param, ref.Next = "candidate", []string{fmt.Sprintf("/release new %s --candidate REF", w.ID)}
	case notes.Draft:
		ref.Next = []string{"/release notes draft --from REF"}
	}
	return ref
}

// query is what a wish asks of the repository of its product, completed.
func (s *session) query(t target, wish workflows.Intent) (workflows.Query, error) {
	switch w := wish.(type) {
	case release.Outward:
		return s.sight(t, w)
	case release.Seen:
		return s.sight(t, w.For)
	case workflows.Looking:
		return s.completed(t, w)
	}
	return workflows.Query{}, nil
}

// completed is the query of a wish with what the desk fills in.
func (s *session) completed(t target, l workflows.Looking) (workflows.Query, error) {
	wish := workflows.Intent(l)
	if c, ok := wish.(release.SetCandidate); ok {
		c.Paths = t.release.Paths
		l = c
	}
	switch w := l.(type) {
	case release.News:
		w.Commit, w.Envs = candidate(t.release), t.product.Forge.Deploys
		w.Rules = t.product.Forge.Checks == nil && !t.product.Forge.Unchecked
		l = w
	case notes.News:
		asked, err := s.asked(t)
		if err != nil || asked == 0 {
			return workflows.Query{}, err
		}
		w.Pull = asked
		l = w
	case release.Follow:
		if w.Branch = t.release.Watching(); w.Branch == "" || t.release.Over() {
			return workflows.Query{}, nil
		}
		w.Paths, w.From = t.release.Paths, candidate(t.release)
		l = w
	}
	q := l.Look()
	if _, ok := wish.(notes.Draft); ok { // notes cover what is meant to go out, and nothing beside it
		if q.Ref, q.Paths = candidate(t.release), t.release.Paths; q.Ref == "" {
			return workflows.Query{}, nil
		}
	}
	q.Repository, q.Branch, q.Forge = t.product.Repository, t.product.Branch, t.product.Forge.Repository
	if f, ok := l.(atForge); ok && f.AtForge() {
		q.Repository = ""
	}
	q.Pulls = q.Pulls && q.Forge != ""
	if q.Milestone != "" {
		q.Roadmap = t.product.Roadmap
	}
	if q.Log && q.Since == "" {
		base, err := s.base(t.id.Product(), t.id)
		if err != nil {
			return q, err
		}
		q.Since, q.Own = base, ownTag(t)
		q.Log = base != "" || !q.OnlyBase
		q.OwnFiles = q.Files && base == "" // of a first release only the candidate's own commit is measured
	}
	return q, nil
}

// asked is the number of the pull request for the change log of a release, as long as it may be merged where the product is now.
func (s *session) asked(t target) (int, error) {
	w, err := s.on(workflows.StreamOf(notes.Room, string(t.id)))
	if err != nil {
		return 0, err
	}
	pull, forge := w.after.state.(notes.Notes).Asked()
	if !strings.EqualFold(forge, t.product.Forge.Repository) {
		return 0, nil
	}
	return pull, nil
}

// atForge is implemented by wishes that are about what stands at the forge, whatever a clone on this machine holds.
type atForge interface{ AtForge() bool }

// base is the commit of the product's last candidate in GA, other than this release's own; empty: none yet.
func (s *session) base(p workflows.Product, but workflows.ReleaseID) (string, error) {
	var base, key string
	err := s.tx.FindPrefix(release.KeyShipped(p), func(k string, _ workflows.Stream, data json.RawMessage) (bool, error) {
		r, err := row(data)
		if err != nil {
			return false, err
		}
		if r.ID == but {
			return true, nil
		}
		base, key = r.Out, k
		return false, nil
	})
	if err == nil {
		base, err = s.forgottenBase(p, but, base, key)
	}
	if err != nil {
		return "", fmt.Errorf("last candidate in GA of %s: %w", p, err)
	}
	return base, nil
}

// product gives what is known of a product. Without configured products the first release names the one there is.
func (s *session) product(p workflows.Product) (Product, error) {
	if got, ok := s.rules.Products[p]; ok {
		return got, nil
	}
	var names []string
	for name := range s.rules.Products {
		names = append(names, string(name))
	}
	if len(names) > 0 {
		near := workflows.Nearest(string(p), names, 3)
		ref := workflows.Refuse(workflows.UnknownProduct, fmt.Sprintf("no product is called %s", workflows.Display(string(p), 40)))
		ref.Nearest = near
		return Product{}, ref.By("whoever edits readyroom.yaml").Type("products: " + string(p) + ":")
	}
	rows, err := rowsUnder(s.tx, release.KeyNumber(1), 1)
	if err != nil {
		return Product{}, err
	}
	if len(rows) == 1 && rows[0].ID.Product() != p {
		own := rows[0].ID.Product()
		return Product{}, workflows.Refuse(workflows.UnknownProduct,
			fmt.Sprintf("this work tree is %s, as its first release named it", own)).
			By("whoever edits readyroom.yaml").Type(fmt.Sprintf("/release new %s@…", own), "products: in readyroom.yaml, for several")
	}
	return s.rules.Worktree, nil
}
