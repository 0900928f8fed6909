package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// What is where, of all releases of a product, is kept in two tables beside the ledger, which says it event by event: what
// is on its way, by environment; and what came there, by environment and release. They outlive the rows of the releases.

func wayTable(p workflows.Product) string  { return "way/" + string(p) }
func cameTable(p workflows.Product) string { return "came/" + string(p) }

func cameKey(env workflows.Environment, id workflows.ReleaseID) string {
	return string(env) + "/" + string(id)
}

// maxCame is of how many releases an environment keeps what they brought there.
const maxCame = 30

// listSite brings the tables up to an event.
func (s *session) listSite(r workflows.Recorded) error {
	id := workflows.ReleaseID(r.Stream.ID())
	var err error
	switch e := r.Event.(type) {
	case release.DeployBegun:
		err = s.putRow(wayTable(id.Product()), string(e.Env), release.Run{Release: id, Op: e.Op, Commit: e.Commit, Of: e.Of, By: e.By, At: r.At, State: release.DeployAsked})
	case release.Deployed:
		err = s.listDeployed(r.Header, id, e)
	case release.RolledBack:
		if e.Bad {
			err = s.judgeCame(id, func(h *release.Had) { h.Bad = true })
		}
	case release.Passed: // its commit is good again
		if e.To == workflows.Preview || e.To == workflows.GA {
			err = s.judgeCame(id, func(h *release.Had) { h.Bad = h.Bad && h.Commit != e.Commit })
		}
	}
	if err != nil {
		return fmt.Errorf("what is where, after %s: %w", r.Event.Kind(), err)
	}
	return nil
}

func (s *session) listDeployed(h workflows.Header, id workflows.ReleaseID, e release.Deployed) error {
	way := wayTable(id.Product())
	run, ok, err := rowOf[release.Run](s.tx, way, string(e.Env))
	if err != nil {
		return err
	}
	if ok && run.Op == e.Op { // else something newer is on its way
		run.State = e.State
		if e.Link != "" {
			run.Link = e.Link
		}
		if (release.Deploying{State: e.State}).Open() {
			err = s.putRow(way, string(e.Env), run)
		} else {
			err = s.tx.DeleteRow(way, string(e.Env))
		}
	} else if !ok && (release.Deploying{State: e.State}).Open() { // it was tried again
		err = s.putRow(way, string(e.Env), release.Run{Release: id, Op: e.Op, Commit: e.Commit, Of: e.Of, By: e.By, At: h.At, State: e.State, Link: e.Link})
	}
	if err != nil {
		return err
	}
	owner := id
	if e.Of != "" {
		owner = e.Of
	}
	return s.listCame(h, owner, e)
}

// listCame notes what came to an environment, and takes back what turned out not to have.
func (s *session) listCame(h workflows.Header, owner workflows.ReleaseID, e release.Deployed) error {
	table, key := cameTable(owner.Product()), cameKey(e.Env, owner)
	switch e.State {
	case workflows.DeploySucceeded:
		had := release.Had{Release: owner, Op: e.Op, Commit: e.Commit, By: e.By, At: h.At, Seq: h.Seq, Link: e.Link}
		if err := s.putRow(table, key, had); err != nil {
			return err
		}
		return s.boundCame(table, e.Env)
	case workflows.DeployFailed:
		had, ok, err := rowOf[release.Had](s.tx, table, key)
		if err != nil || !ok || had.Op != e.Op {
			return err
		}
		return s.tx.DeleteRow(table, key)
	}
	return nil
}

// judgeCame changes what is thought of what a release brought anywhere.
func (s *session) judgeCame(id workflows.ReleaseID, judge func(*release.Had)) error {
	table := cameTable(id.Product())
	rows, err := came(s.tx, table)
	if err != nil {
		return err
	}
	for key, h := range rows {
		was := h.Bad
		if judge(&h); h.Release == id && h.Bad != was {
			if err := s.putRow(table, key, h); err != nil {
				return err
			}
		}
	}
	return nil
}

// boundCame lets go of what is oldest in an environment.
func (s *session) boundCame(table string, env workflows.Environment) error {
	rows, err := came(s.tx, table)
	if err != nil {
		return err
	}
	var keys []string
	for key := range rows {
		if strings.HasPrefix(key, cameKey(env, "")) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return int(rows[b].Seq) - int(rows[a].Seq) })
	for _, key := range keys[min(maxCame, len(keys)):] {
		if err := s.tx.DeleteRow(table, key); err != nil {
			return err
		}
	}
	return nil
}

func came(tx *storage.Tx, table string) (map[string]release.Had, error) {
	out := map[string]release.Had{}
	err := tx.Rows(table, func(k string, data json.RawMessage) (bool, error) {
		var h release.Had
		err := json.Unmarshal(data, &h)
		out[k] = h
		return true, err
	})
	return out, err
}

// sites is what the record says of the environments of a product.
func (s *session) sites(p workflows.Product, envs []workflows.Environment) (map[workflows.Environment]release.Site, error) {
	rows, err := came(s.tx, cameTable(p))
	if err != nil {
		return nil, fmt.Errorf("what came to the environments of %s: %w", p, err)
	}
	out := map[workflows.Environment]release.Site{}
	for _, env := range envs {
		var site release.Site
		for key, h := range rows {
			if strings.HasPrefix(key, cameKey(env, "")) {
				site.Had = append(site.Had, h)
			}
		}
		slices.SortFunc(site.Had, func(a, b release.Had) int { return int(b.Seq) - int(a.Seq) })
		run, ok, err := rowOf[release.Run](s.tx, wayTable(p), string(env))
		if err != nil {
			return nil, fmt.Errorf("what is on its way to %s of %s: %w", env, p, err)
		}
		if ok {
			site.Run = &run
		}
		out[env] = site
	}
	return out, nil
}

// forgeFacts are those by which deployments are decided.
func (s *session) forgeFacts(t target, f *release.Facts) (err error) {
	g := t.product.Forge
	f.Envs = environments(t.product)
	f.Forge = release.Forge{Repository: g.Repository, Branch: t.product.Branch, Deploys: g.Deploys, Checks: g.Checks}
	if g.Repository == "" || len(g.Deploys) == 0 {
		return nil
	}
	f.Sites, err = s.sites(t.id.Product(), f.Envs)
	return err
}

func (s *session) putRow(table, key string, row any) error {
	data, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return s.tx.PutRow(table, key, data, time.Time{})
}

func rowOf[R any](tx *storage.Tx, table, key string) (row R, ok bool, err error) {
	data, ok, err := tx.Row(table, key)
	if err == nil && ok {
		err = json.Unmarshal(data, &row)
	}
	return row, ok, err
}

// A rollback that brings a commit back takes the place of what another release had on its way there.
func overtakes(s *session, e workflows.Recorded) ([]wished, error) {
	begun := e.Event.(release.DeployBegun)
	if begun.Of == "" {
		return nil, nil
	}
	run, ok, err := rowOf[release.Run](s.tx, wayTable(workflows.ReleaseID(e.Stream.ID()).Product()), string(begun.Env))
	if err != nil || !ok || run.Release == workflows.ReleaseID(e.Stream.ID()) {
		return nil, err
	}
	return []wished{{workflows.StreamOf(release.Room, string(run.Release)), release.Overtake{Op: run.Op}}}, nil
}
