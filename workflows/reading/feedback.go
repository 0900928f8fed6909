package reading

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// mostWaiting is how much of what was said about a release waits at most: anyone may say something.
const mostWaiting = 200

// feedback reads what was said about a release, and what became of it: entries are numbered as they come, and only what
// was heard is planned and settled.
func (rd *Reading) feedback(h workflows.Header, e workflows.Event) {
	id := workflows.ReleaseID(h.Stream.ID())
	f, said := rd.releases[id], rd.said[id]
	if f == nil {
		rd.wrongf(h, "%s comes before the release was opened", e.Kind())
		return
	}
	switch e := e.(type) {
	case feedback.Heard:
		if e.N != len(said)+1 {
			rd.wrongf(h, "it is #%d of what was said, and follows #%d", e.N, len(said))
		}
		if f.over {
			rd.wrongf(h, "it was taken after the release was over")
		}
		if waiting(said) >= mostWaiting {
			rd.wrongf(h, "it was taken while %d things waited, which is the most there may be", waiting(said))
		}
		rd.said[id] = append(said, true)
	case feedback.Planned:
		if !isSaid(said, e.N) {
			rd.wrongf(h, "it plans #%d of what was said, and there are %d", e.N, len(said))
			return
		}
		said[e.N-1] = true
	case feedback.Settled:
		switch {
		case !isSaid(said, e.N):
			rd.wrongf(h, "it settles #%d of what was said, and there are %d", e.N, len(said))
			return
		case !said[e.N-1]:
			rd.wrongf(h, "it settles #%d of what was said, which was settled before", e.N)
		}
		said[e.N-1] = false
	}
}

func isSaid(said []bool, n int) bool { return n >= 1 && n <= len(said) }

func waiting(said []bool) int {
	n := 0
	for _, w := range said {
		if w {
			n++
		}
	}
	return n
}
