package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// naming is implemented by wishes that name other releases than the one they are about, by selectors.
type naming interface{ Names() []string }

// named finds the releases that a wish names, as they stand, by what was typed.
func (s *session) named(t target, wish workflows.Intent) (map[string]release.Other, error) {
	n, ok := wish.(naming)
	if !ok {
		return nil, nil
	}
	out := map[string]release.Other{}
	for _, text := range n.Names() {
		if text == string(t.id) { // it may be new, and nobody finds it yet
			out[text] = release.Other{Dependency: release.Dependency{ID: t.id}}
			continue
		}
		row, err := named(s.tx, text)
		if err != nil {
			return nil, chosen(err)
		}
		r, err := s.release(row.ID)
		if err != nil {
			return nil, err
		}
		o := release.Other{Dependency: release.AsDependency(r)}
		if o.Waits, err = s.waits(r, t.id); err != nil {
			return nil, err
		}
		if o.Waited, err = s.waited(row.ID); err != nil {
			return nil, err
		}
		out[text] = o
	}
	return out, nil
}

// chosen words the refusal of a selector that several answer to: the line's own release is not what has to be chosen.
func chosen(err error) error {
	var no *workflows.Refusal
	if !errors.As(err, &no) || len(no.Choices) == 0 {
		return err
	}
	var names []string
	for _, c := range no.Choices {
		names = append(names, c.Label)
	}
	return workflows.Refuse(no.Reason, no.Why+": "+strings.Join(names, ", ")).Type("--after " + names[0])
}

// maxWaits bounds how many releases are looked at to see whether one waits for another.
const maxWaits = 1000

// waits reports whether a release waits for another, itself or through others. Where there are too many to tell, it does.
func (s *session) waits(r release.Release, id workflows.ReleaseID) (bool, error) {
	seen := map[workflows.ReleaseID]bool{r.ID: true}
	for todo := []release.Release{r}; len(todo) > 0; todo = todo[1:] {
		for _, d := range todo[0].After {
			if d.ID == id || len(seen) > maxWaits {
				return true, nil
			}
			if seen[d.ID] {
				continue
			}
			seen[d.ID] = true
			next, err := s.release(d.ID)
			if err != nil {
				return false, err
			}
			todo = append(todo, next)
		}
	}
	return false, nil
}

// waited counts the open releases that wait for one, as far as a bound goes.
func (s *session) waited(id workflows.ReleaseID) (int, error) {
	all, err := s.waitingFor(id)
	return len(all), err
}

// waitingFor lists the open releases that wait for one.
func (s *session) waitingFor(id workflows.ReleaseID) ([]workflows.Stream, error) {
	var out []workflows.Stream
	err := s.tx.Find(release.KeyAfter(id), "", func(stream workflows.Stream, _ json.RawMessage) (bool, error) {
		out = append(out, stream)
		return len(out) < release.MaxWaited, nil
	})
	if err != nil {
		return nil, fmt.Errorf("releases that wait for %s: %w", id, err)
	}
	return out, nil
}
