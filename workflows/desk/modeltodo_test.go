package desk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// waiting: what waits for each person is what the ledger says.
func (m *model) waiting(t *rapid.T, x eye) {
	for _, id := range x.known() {
		entries, err := m.desk.Todo(t.Context(), workflows.PersonID(id), x.now)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for _, e := range entries {
			switch e.Kind {
			case todo.Acknowledge, todo.Brief, todo.Adopt, todo.Chase, todo.Answer: // of briefings, templates, lead times and feedback
				continue
			}
			for _, key := range append(slices.Clone(e.Items), "")[:max(1, len(e.Items))] {
				got[string(e.Release)] = append(got[string(e.Release)], fmt.Sprintf("%s %s", e.Kind, key))
			}
		}
		for _, r := range x.releases {
			slices.Sort(got[r.id])
			if diff := cmp.Diff(x.todo(r, id), got[r.id]); diff != "" {
				t.Fatalf("%s: what waits for %s (- by the ledger, + todo):\n%s\nrisk %s, held %t", r.id, id, diff, r.risk, r.held)
			}
		}
	}
}

// actTodo has somebody do what their list says: they can.
func (m *model) actTodo(t *rapid.T) {
	x := m.eye()
	id := rapid.SampledFrom(x.known()).Draw(t, "whose")
	entries, err := m.desk.Todo(t.Context(), workflows.PersonID(id), x.now)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 {
		t.Skip("nothing to do")
	}
	e := rapid.SampledFrom(entries).Draw(t, "entry")
	r := x.releases[string(e.Release)]
	wish := m.listed(r, e)
	handle := x.handleOf(id)
	if wish == nil || handle == "" {
		return
	}
	m.n++
	a := workflows.Ask{ID: fmt.Sprint("ask-", m.n), By: workflows.Handle(handle), At: "chat/#app", When: m.now, Line: fmt.Sprintf("%T %+v", wish, wish), Wish: wish}
	a.On.Release = r.id
	if _, err := m.do(t, a); err != nil {
		t.Fatalf("%s: %s has %q of %v in their list (%s), and may not: %v", r.id, id, e.Kind, e.Items, e.Line, err)
	}
}

// listed is the wish for which an entry asks; nil: it asks for work, not for a line.
func (m *model) listed(r *told, e todo.Entry) workflows.Intent {
	const link = "https://example.org"
	full := func(key string) string { // in the first gate ahead that has it
		for _, g := range append(slices.Clone(r.gates[r.passed:]), r.gates[:r.passed]...) {
			if f := g.key() + "/" + key; slices.ContainsFunc(g.Items, func(i itemTold) bool { return i.Key == key }) {
				return f
			}
		}
		return key
	}
	line := strings.Fields(e.Line)
	switch e.Kind {
	case todo.Sign:
		if line[0] != "sign" {
			return nil
		}
		return release.Sign{Items: strings.Split(line[2], ","), Evidence: link, Note: fmt.Sprint("seen at ", m.n)}
	case todo.Unblock:
		return release.Sign{Items: []string{line[2]}, Value: release.Withdraw, Note: "it holds"}
	case todo.Make:
		switch line[0] {
		case "candidate":
			return release.SetCandidate{Ref: "bbbbbbbb"}
		}
		return release.Ask{Item: line[3], Note: fmt.Sprint("look ", m.n)}
	case todo.Agree:
		w := r.waivers[full(e.Items[0])]
		if !m.eye().isKnown(w.Owner) { // who is gone owes nothing: it is waived anew, for somebody else
			return nil
		}
		return release.Waive{Item: full(e.Items[0]), Owner: workflows.PersonID(w.Owner), Until: w.Until, Why: "so be it"}
	case todo.Answer:
		var n int
		_, _ = fmt.Sscanf(e.Items[0], "#%d", &n)
		return feedback.Settle{N: n, What: "mended"}
	case todo.Resume:
		return release.Resume{}
	case todo.Advance:
		return release.Advance{}
	}
	return nil
}

// handleOf is an account of somebody.
func (x eye) handleOf(id string) string {
	for _, h := range handles {
		if x.actor(string(h)) == id {
			return string(h)
		}
	}
	return ""
}
