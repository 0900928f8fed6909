package github

import (
	"context"
	"fmt"
	"sync"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const perPage = 100

// place is a repository that something is read of.
type place struct {
	g           *GitHub
	forge       string
	owner, name string
	branch      string // the default one
}

// at gives the repository that a forge's name names, without asking for it.
func (g *GitHub) at(forge string) (place, error) {
	owner, name, err := splitted(forge)
	return place{g: g, forge: forge, owner: owner, name: name}, err
}

// get reads one thing of a repository.
func get[T any](ctx context.Context, p place, what string, call func(*gh.Client) (T, *gh.Response, error)) (T, error) {
	var got T
	err := p.g.do(ctx, p.forge, what, func(c *gh.Client) (r *gh.Response, err error) {
		got, r, err = call(c)
		return r, err
	})
	return got, err
}

// all reads a list page after page, up to most of it; more is whether there is more.
func all[T any](ctx context.Context, p place, what string, most int, call func(*gh.Client, gh.ListOptions) ([]T, *gh.Response, error)) (got []T, more bool, err error) {
	for page := 1; ; {
		next := 0
		one, err := get(ctx, p, what, func(c *gh.Client) ([]T, *gh.Response, error) {
			list, r, err := call(c, gh.ListOptions{Page: page, PerPage: perPage})
			if err == nil {
				next = r.NextPage
			}
			return list, r, err
		})
		if err != nil {
			return nil, false, err
		}
		got = append(got, one...)
		switch {
		case len(got) > most || len(got) == most && next != 0:
			return got[:most], true, nil
		case next == 0:
			return got, false, nil
		case next != page+1:
			return nil, false, fmt.Errorf("%s of %s: GitHub goes on with page %d after page %d", what, p.forge, next, page)
		}
		page = next
	}
}

// side makes n calls side by side, and gives the first error; what else is under way then is broken off.
func side(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan int)
	var all sync.WaitGroup
	for range min(n, maxCalls) {
		all.Go(func() {
			for i := range turns {
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case turns <- i:
		case <-ctx.Done():
		}
	}
	close(turns)
	all.Wait()
	return context.Cause(ctx)
}

// kept keeps what never changes, up to some number of things; then it begins anew. The zero value is ready.
type kept[T any] struct {
	mu sync.Mutex
	of map[string]T
}

const maxThings = 20_000

func (k *kept[T]) get(key string) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.of[key]
	return v, ok
}

func (k *kept[T]) put(key string, v T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= maxThings {
		k.of = map[string]T{}
	}
	k.of[key] = v
}

func (k *kept[T]) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of = nil
}

// lacks is an answer in which something is not as it must be.
func lacks(p place, what, why string, values ...any) error {
	return fmt.Errorf("%s of %s: GitHub answered %s", what, p.forge, workflows.Display(fmt.Sprintf(why, values...), 200))
}
