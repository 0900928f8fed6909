package desk

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
)

// do carries out one ask and holds its answer to the ledger.
func (m *model) do(t *rapid.T, a workflows.Ask) (workflows.Receipt, error) {
	before, err := dump(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.desk.Do(t.Context(), a)
	fresh := m.news(t)
	no := refusalOf(err)
	m.tells(t, a, fresh, err)
	if err != nil && no == nil {
		t.Fatalf("%s: fault %v", a.Line, err)
	}
	after, err2 := dump(m.engine)
	if err2 != nil {
		t.Fatal(err2)
	}
	_, known := m.known(a.By)
	switch {
	case (a.Dry || no != nil && !known) && before != after:
		t.Fatalf("%s (dry: %t, refused: %v) changed the store", a.Line, a.Dry, no)
	case a.Dry:
	case no != nil && known && (len(fresh) != 1 || fresh[0].Kind != "desk.refused" || fresh[0].Ask != a.ID):
		t.Fatalf("%s was refused (%v) and left %d events", a.Line, no, len(fresh))
	case no == nil && got.Confirm != nil && len(fresh) > 0:
		t.Fatalf("%s only asked, and left %d events", a.Line, len(fresh))
	case no == nil && got.Confirm == nil:
		m.acknowledged(t, a, got, fresh)
	}
	m.remember(a, got, err)
	return got, err
}

// tells says in the log of a failing run what happened, the way a ledger would.
func (m *model) tells(t *rapid.T, a workflows.Ask, fresh []ledger.Record, err error) {
	t.Logf("%s %s%s %s: %s (%v)", a.When.Format("02 15:04"), a.By, a.Bot, a.On.Release, a.Line, err)
	for _, r := range fresh {
		t.Logf("  %d %s %.300s", r.Seq, r.Kind, r.Data)
	}
}

// acknowledged: what a receipt says is in the ledger, and nothing else.
func (m *model) acknowledged(t *rapid.T, a workflows.Ask, got workflows.Receipt, fresh []ledger.Record) {
	said := append(append([]workflows.Recorded(nil), got.Events...), got.Follows...)
	if len(said) != len(fresh) {
		t.Fatalf("%s: the receipt tells of %d events, the ledger of %d", a.Line, len(said), len(fresh))
	}
	for i, e := range said {
		r := fresh[i]
		data, _ := json.Marshal(e.Event)
		if r.Header != e.Header || r.Kind != e.Event.Kind() || string(data) != string(r.Data) || r.Ask != a.ID {
			t.Fatalf("%s: the receipt tells of %+v, the ledger of %+v %s", a.Line, e, r.Header, r.Data)
		}
		if r.Policy != m.cfg.Book.Hash {
			t.Fatalf("%s: decided under %s, recorded under %s", a.Line, m.cfg.Book.Hash, r.Policy)
		}
	}
}

// news is what the ledger got since it was last looked at.
func (m *model) news(t *rapid.T) []ledger.Record {
	fresh, err := ledgerOf(m.store, workflows.Seq(len(m.seen)))
	if err != nil {
		t.Fatal(err)
	}
	m.seen = append(m.seen, fresh...)
	return fresh
}

func (m *model) remember(a workflows.Ask, got workflows.Receipt, err error) {
	no := refusalOf(err)
	if a.Dry {
		return
	}
	if got.Confirm != nil || got.Undo != nil {
		p := got.Confirm
		if p == nil {
			p = got.Undo
		}
		q := question{Pending: *p, ask: a, tip: m.happened(), book: m.cfg.Book}
		if p.Undo {
			q.ask.Line, q.ask.Wish = p.Line, undoes(*p, a.Wish)
		}
		m.questions = append(m.questions, q)
	}
	_, known := m.known(a.By)
	if no != nil && (!known || a.Bot != "") { // such answers are not kept
		return
	}
	if a.Bot != "" && len(got.Events)+len(got.Follows)+len(got.Told) == 0 { // where nothing came of it, neither is that
		return
	}
	m.asked = append(m.asked, asked{a, answerText(got, err), no != nil})
}

// undoes is the wish that an undo's line stands for.
func undoes(p workflows.Pending, w workflows.Intent) workflows.Intent {
	words := strings.Fields(p.Line)
	switch x := w.(type) {
	case release.HoldOn:
		return release.Resume{}
	case release.AddItem:
		return release.DropItem{Item: words[3]}
	case release.MoveItem:
		return release.MoveItem{Item: words[3], Gate: words[4]}
	case release.Assign:
		return release.Assign{Item: words[3], Owner: workflows.PersonID(strings.TrimPrefix(words[4], "@"))}
	case release.PlanItem:
		return release.Sign{Items: []string{words[2]}, Value: release.Withdraw, Note: "the plan is taken back"}
	case people.Link:
		return people.Unlink(x)
	case people.Leave:
		return people.Return{}
	}
	return flag.Set{Percent: 1}
}

// happened is the number of the last event of a stream.
func (m *model) happened() workflows.Seq {
	for i := len(m.seen) - 1; i >= 0; i-- {
		if m.seen[i].Stream != "" {
			return m.seen[i].Seq
		}
	}
	return 0
}

// answerText is all that an answer says, but for whether it was given before.
func answerText(r workflows.Receipt, err error) string {
	if no := refusalOf(err); no != nil {
		b, _ := json.Marshal(no)
		items, _ := json.Marshal(no.Items)
		return string(b) + string(items)
	}
	r.Again = false
	if len(r.Events) == 0 {
		r.Before, r.After = nil, nil // told from the state of the moment
	}
	if len(r.Follows) == 0 {
		r.Follows = nil
	}
	b, jerr := json.Marshal(r)
	if jerr != nil {
		return jerr.Error()
	}
	return string(b)
}

func (m *model) known(h workflows.Handle) (workflows.PersonID, bool) {
	var who workflows.PersonID
	v, err := m.desk.Who(context.Background(), h)
	if err == nil && v.Known {
		who = v.Person.ID
	}
	return who, who != ""
}

// again sends an old ask once more: the same answer, and not a byte changes.
func (m *model) again(t *rapid.T, old asked) {
	before, err := dump(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	a := old.ask
	a.When = m.now
	got, err := m.desk.Do(t.Context(), a)
	if err == nil && !got.Again {
		t.Fatalf("%s again was carried out again", a.Line)
	}
	if text := answerText(got, err); text != old.answer {
		t.Fatalf("%s was answered (-) and again (+): %s", a.Line, cmp.Diff(old.answer, text))
	}
	if after, err := dump(m.engine); err != nil || before != after {
		t.Fatalf("%s again changed the store (%v)", a.Line, err)
	}
	m.news(t)
}
