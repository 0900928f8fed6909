package listen

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// How old what a platform said of an account may be.
const (
	AccountFresh  = 5 * time.Minute  // older, and it is asked for again behind the answer
	AccountGood   = 10 * time.Minute // older, and it is asked for first
	AccountUsable = 15 * time.Minute // older, and it is nothing, also when the platform does not answer
)

// MaxAccounts is how many accounts are remembered.
const MaxAccounts = 10_000

// Directory remembers what a platform says of accounts, each an A, for as long as that may be believed. Its fields are
// set before it is used.
type Directory[A any] struct {
	Log   *slog.Logger
	Now   func() time.Time
	Fetch func(ctx context.Context, user string) (A, error) // asks the platform

	mu    sync.Mutex
	known map[string]remembered[A]  // by user
	asked map[string]*Question[A]   // by user: those that whoever wants to know joins
	open  map[*Question[A]]struct{} // also those whose answer nobody wants any more
}

type remembered[A any] struct {
	account A
	at      time.Time
}

// Question is an account that the platform is being asked for, by whoever wants to know.
type Question[A any] struct {
	Done    chan struct{} // closed when there is an answer
	account A
	err     error
}

// Account is what the platform says of a user: what is remembered if that is at most as old as good, else a new answer.
func (d *Directory[A]) Account(ctx context.Context, user string, good time.Duration) (A, error) {
	var none A
	was, age := d.Remembered(user, d.Now())
	switch {
	case age <= min(good, AccountFresh):
		return was, nil
	case age <= good:
		d.Ask(ctx, user)
		return was, nil
	}
	q := d.Ask(ctx, user)
	select {
	case <-q.Done:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if q.err == nil {
		return q.account, nil
	}
	if was, age = d.Remembered(user, d.Now()); age <= AccountUsable {
		d.Log.WarnContext(ctx, "the platform does not say who an account is, so what it said before holds", "user", user, "age", age.String(), "error", q.err)
		return was, nil
	}
	return none, q.err
}

// Ask begins to ask for an account, or joins those who ask already. The answer does not hang on who began.
func (d *Directory[A]) Ask(ctx context.Context, user string) *Question[A] {
	d.mu.Lock()
	defer d.mu.Unlock()
	if q := d.asked[user]; q != nil {
		return q
	}
	if d.asked == nil {
		d.asked, d.open = map[string]*Question[A]{}, map[*Question[A]]struct{}{}
	}
	q := &Question[A]{Done: make(chan struct{})}
	d.asked[user], d.open[q] = q, struct{}{}
	go func() {
		defer close(q.Done)
		asked := d.Now()
		if p := Guard(ctx, d.Log, "directory", func() { q.account, q.err = d.Fetch(context.WithoutCancel(ctx), user) }); p != nil {
			q.err = p
		}
		d.answered(user, q, asked)
	}()
	return q
}

// Forget says that there is news of an account: what is remembered of it holds no more.
func (d *Directory[A]) Forget(user string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, user)
	delete(d.asked, user) // what is being answered may be from before
}

// Remembered gives what is remembered of a user, and how old it is: very, if nothing is. What seems to be from a time to
// come was remembered by a clock that was wrong.
func (d *Directory[A]) Remembered(user string, now time.Time) (A, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.known[user]
	if age := now.Sub(r.at); ok && age >= 0 {
		return r.account, age
	}
	var none A
	return none, 1<<63 - 1
}

// Learn remembers what the platform said of a user at a time.
func (d *Directory[A]) Learn(user string, a A, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.learn(user, a, at)
}

func (d *Directory[A]) learn(user string, a A, at time.Time) {
	if d.known == nil {
		d.known = map[string]remembered[A]{}
	}
	if _, ok := d.known[user]; !ok && len(d.known) >= MaxAccounts {
		d.makeRoom(at)
	}
	d.known[user] = remembered[A]{a, at}
}

// answered remembers an answer, unless there was news since it was asked for.
func (d *Directory[A]) answered(user string, q *Question[A], asked time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, q)
	if d.asked[user] != q {
		return
	}
	delete(d.asked, user)
	if q.err == nil {
		d.learn(user, q.account, asked)
	}
}

// makeRoom forgets what is too old to be used, and a tenth of all in any case: a full directory is not looked through for
// each new account.
func (d *Directory[A]) makeRoom(now time.Time) {
	for user, r := range d.known {
		if now.Sub(r.at) > AccountUsable {
			delete(d.known, user)
		}
	}
	for user := range d.known {
		if len(d.known) <= MaxAccounts*9/10 {
			return
		}
		delete(d.known, user)
	}
}

// Settle waits for what is being asked.
func (d *Directory[A]) Settle() {
	d.mu.Lock()
	var open []*Question[A]
	for q := range d.open {
		open = append(open, q)
	}
	d.mu.Unlock()
	for _, q := range open {
		<-q.Done
	}
}
