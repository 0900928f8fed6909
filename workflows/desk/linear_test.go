package desk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// claimed is what a client does to the item: a vote of a person, or a look (no value).
type claimed struct {
	who   workflows.PersonID
	value release.Value
}

// answers to a vote; a look is answered with the item itself.
const (
	carried   = "carried out"
	unchanged = "unchanged"
	unknown   = "unknown" // its client did not wait
)

// item is a small model of one item that binds to nothing: who says what, in the order they claimed it.
type item []claimed

func (i item) String() string {
	var words []string
	for _, s := range i {
		words = append(words, string(s.who)+" "+string(s.value))
	}
	return strings.Join(append(words, i.reads()), ", ")
}

// reads is how the item stands: a block keeps it open, and needs-work until somebody says ok behind it.
func (i item) reads() string {
	state := "unsigned"
	for _, s := range i {
		switch s.value {
		case release.Block:
			return "blocked"
		case release.NeedsWork:
			state = "needs_work"
		default:
			state = "ok"
		}
	}
	return state
}

// takes is the item after somebody claimed something, and what they are answered.
func (i item) takes(s claimed) (item, string) {
	at := slices.IndexFunc(i, func(x claimed) bool { return x.who == s.who })
	others := slices.DeleteFunc(slices.Clone(i), func(x claimed) bool { return x.who == s.who })
	switch {
	case s.value == release.Withdraw && at < 0:
		return i, unchanged
	case s.value == release.Withdraw:
		return others, carried
	case at >= 0 && i[at].value == s.value && !slices.ContainsFunc(i[at+1:], func(x claimed) bool { return contradicts(x.value, s.value) }):
		return i, unchanged
	}
	return append(others, s), carried
}

func contradicts(a, b release.Value) bool {
	return a == release.NeedsWork && b == release.OK || a == release.OK && b == release.NeedsWork
}

// oneItem is the model for porcupine. What nobody waited for may have happened, or may happen when all is over.
var oneItem = porcupine.Model{
	Init: func() any { return item(nil) },
	Step: func(state, input, output any) (bool, any) {
		i, in, out := state.(item), input.(claimed), output.(string)
		if in.value == "" {
			return out == i.String(), i
		}
		next, answer := i.takes(in)
		return out == unknown || out == answer, next
	},
	Equal:             func(a, b any) bool { return a.(item).String() == b.(item).String() },
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%v: %v", in, out) },
}

// Many vote on one item, and look at it, at once, and some do not wait: there is an order of all that was done in which
// each was answered what it should have been.
func TestVotesAtOnce(t *testing.T) {
	for name, open := range map[string]func(*testing.T) storage.Engine{
		"memory": func(*testing.T) storage.Engine { return memory.New() },
		"bolt": func(t *testing.T) storage.Engine {
			e, err := bolt.Open(filepath.Join(t.TempDir(), "a.db"), bolt.Options{Create: true})
			if err != nil {
				t.Fatal(err)
			}
			return e
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{TB: t, repo: fiveCommits(), now: monday}
			h.open(open(t), testConfig(testBook()))
			t.Cleanup(func() { _ = h.store.Close() })
			h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
			seed := rand.Uint64()
			history := h.atOnce(seed)
			heard := map[string]int{}
			for _, op := range history {
				heard[op.Output.(string)]++
			}
			if heard[carried] == 0 || heard[unchanged] == 0 || heard[unknown] == 0 {
				t.Errorf("seed %d tries too little: %v", seed, heard)
			}
			if got := porcupine.CheckOperationsTimeout(oneItem, history, time.Minute); got != porcupine.Ok {
				for _, op := range history {
					t.Logf("%d–%d client %d: %s", op.Call, op.Return, op.ClientId, oneItem.DescribeOperation(op.Input, op.Output))
				}
				t.Errorf("seed %d: %s", seed, got)
			}
		})
	}
}

// atOnce has eight clients, two to a person, do what chance has them do.
func (r *house) atOnce(seed uint64) []porcupine.Operation {
	const clients, each = 8, 20
	var all []porcupine.Operation
	var mu sync.Mutex
	var wg sync.WaitGroup
	began := time.Now()
	for c := range clients {
		wg.Go(func() {
			chance := rand.New(rand.NewPCG(seed, uint64(c)))
			for n := range each {
				op := porcupine.Operation{ClientId: c, Input: drawSaid(chance, c)}
				if n == each-1 {
					op.Input = claimed{op.Input.(claimed).who, release.Block}
				}
				ctx, cancel := context.WithCancel(context.Background())
				if op.Input.(claimed).value != "" && (n == each/2 || chance.IntN(12) == 0) {
					time.AfterFunc(time.Duration(chance.IntN(300))*time.Microsecond, cancel)
				}
				if n == each-1 {
					cancel() // at the latest here somebody does not wait
				}
				op.Call = time.Since(began).Nanoseconds()
				out, err := r.says(ctx, fmt.Sprintf("%d-%d", c, n), op.Input.(claimed))
				op.Output, op.Return = out, time.Since(began).Nanoseconds()
				cancel()
				if err != nil {
					r.Errorf("%v: %v", op.Input, err)
					return
				}
				mu.Lock()
				all = append(all, op)
				mu.Unlock()
				if out == unknown {
					return // its client is gone: what it did may still come
				}
			}
		})
	}
	wg.Wait()
	for i := range all {
		if all[i].Output == unknown {
			all[i].Return = time.Since(began).Nanoseconds()
		}
	}
	return all
}

func drawSaid(chance *rand.Rand, client int) claimed {
	people := []workflows.PersonID{"ana", "ben", "mia", "leo"}
	values := []release.Value{"", "", release.OK, release.OK, release.NeedsWork, release.Block, release.Withdraw, release.Withdraw}
	return claimed{people[client%len(people)], values[chance.IntN(len(values))]}
}

// says does one thing through the desk, and puts the answer into the model's words.
func (r *house) says(ctx context.Context, id string, s claimed) (string, error) {
	if s.value == "" {
		rel, err := r.Release(ctx, workflows.Selectors{Release: "app@1.0"}, "")
		return seen(rel, r.cfg).String(), err
	}
	w := release.Sign{Items: []string{"ga.ready/way-back"}, Value: s.value}
	if s.value != release.OK {
		w.Note = "because"
	}
	_, err := r.Do(ctx, workflows.Ask{ID: id, By: workflows.Handle("chat/" + s.who), At: "chat/#app", On: workflows.Selectors{Release: "app@1.0"},
		When: monday, Line: fmt.Sprint(s), Wish: w})
	switch no := refusalOf(err); {
	case err == nil:
		return carried, nil
	case no != nil && no.Reason == workflows.Unchanged:
		return unchanged, nil
	case errors.Is(err, context.Canceled):
		return unknown, nil
	}
	return "", err
}

// looked is an item as a look shows it: its votes, and how it stands.
type looked struct {
	item
	stands string
}

func (l looked) String() string {
	if own := l.reads(); own != l.stands {
		return fmt.Sprintf("%s, but it reads %s", l.item, l.stands)
	}
	return l.item.String()
}

func seen(r release.Release, cfg Config) looked {
	var l looked
	for _, v := range r.Votes {
		if v.Item == "ga.ready/way-back" {
			l.item = append(l.item, claimed{v.By, v.Value})
		}
	}
	for _, s := range release.Check(r, cfg.Book, monday).Items {
		if s.Item.Key == "way-back" {
			if l.stands = string(s.Reason); s.State == release.Holds {
				l.stands = "ok"
			}
		}
	}
	return l
}
