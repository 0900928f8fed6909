package desk

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// What becomes of a release is heard by the open ones that wait for it, and by no others: what follows from that in their
// own dependents, if anything, is heard when they pass a gate themselves.
func stoodElsewhere(s *session, e workflows.Recorded) ([]wished, error) {
	id := workflows.ReleaseID(e.Stream.ID())
	r, err := s.release(id)
	if err != nil {
		return nil, err
	}
	streams, err := s.waitingFor(id)
	if err != nil {
		return nil, err
	}
	var out []wished
	for _, stream := range streams {
		out = append(out, wished{stream, release.Heard{Of: release.AsDependency(r)}})
	}
	return out, nil
}

// A release that was rolled back may be open again: while it was closed it heard nothing.
func hearsAgain(s *session, e workflows.Recorded) ([]wished, error) {
	r, err := s.release(workflows.ReleaseID(e.Stream.ID()))
	if err != nil {
		return nil, err
	}
	var out []wished
	for _, d := range r.After {
		other, err := s.release(d.ID)
		if err != nil {
			return nil, err
		}
		if other.Exists() {
			out = append(out, wished{e.Stream, release.Heard{Of: release.AsDependency(other)}})
		}
	}
	return out, nil
}

// all joins what follows by several arrows, in their order.
func all(arrows ...arrow) arrow {
	return func(s *session, e workflows.Recorded) ([]wished, error) {
		var out []wished
		for _, a := range arrows {
			more, err := a(s, e)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return out, nil
	}
}
