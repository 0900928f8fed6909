package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// maxAccounts is how many accounts are remembered.
const maxAccounts = 10_000

// directory remembers what Slack says of accounts.
type directory struct {
	mu    sync.Mutex
	known map[string]remembered // by user
	asked map[string]*question  // by user: those that whoever wants to know joins
	open  map[*question]bool    // also those whose answer nobody wants any more
}

type remembered struct {
	account
	at time.Time
}

// question is an account that Slack is being asked for, by whoever wants to know.
type question struct {
	done    chan struct{} // closed when there is an answer
	account account
	err     error
}

func newDirectory() *directory {
	return &directory{known: map[string]remembered{}, asked: map[string]*question{}, open: map[*question]bool{}}
}

// account is what Slack says of a user: what is remembered if that is at most as old as good, else a new answer.
func (s *Slack) account(ctx context.Context, user string, good time.Duration) (account, error) {
	was, age := s.directory.remembered(user, s.Now())
	switch {
	case age <= min(good, accountFresh):
		return was, nil
	case age <= good:
		s.ask(ctx, user)
		return was, nil
	}
	q := s.ask(ctx, user)
	select {
	case <-q.done:
	case <-ctx.Done():
		return account{}, ctx.Err()
	}
	if q.err == nil {
		return q.account, nil
	}
	if was, age = s.directory.remembered(user, s.Now()); age <= accountUsable {
		s.Log.WarnContext(ctx, "slack does not say who an account is, so what it said before holds", "user", user, "age", age.String(), "error", q.err)
		return was, nil
	}
	return account{}, q.err
}

// ask begins to ask for an account, or joins those who ask already. The answer does not hang on who began.
func (s *Slack) ask(ctx context.Context, user string) *question {
	d := s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	if q := d.asked[user]; q != nil {
		return q
	}
	q := &question{done: make(chan struct{})}
	d.asked[user], d.open[q] = q, true
	go func() {
		defer close(q.done)
		asked := s.Now()
		if p := s.guard(ctx, "directory", func() { q.account, q.err = s.fetch(context.WithoutCancel(ctx), user) }); p != nil {
			q.err = p
		}
		d.answered(user, q, asked)
	}()
	return q
}

// fetch asks Slack.
func (s *Slack) fetch(ctx context.Context, user string) (account, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.person)
	defer cancel()
	u, err := s.client().GetUserInfoContext(ctx, user)
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		switch no.Err {
		case "user_not_found", "users_not_found", "user_not_visible":
			return account{outside: true}, nil
		}
	}
	switch {
	case err != nil:
		if err = told(err); isRefused(err) {
			s.standing.look()
		}
		return account{}, err
	case u == nil || u.ID != user:
		return account{}, errors.New("the answer to users.info is of nobody")
	}
	a := account{name: u.Profile.DisplayName, team: u.TeamID, enterprise: u.Enterprise.EnterpriseID}
	for _, name := range []string{u.RealName, u.Name} {
		if a.name == "" {
			a.name = name
		}
	}
	a.outside = u.IsRestricted || u.IsUltraRestricted || u.IsStranger || u.Deleted || u.IsBot || u.IsWorkflowBot || u.IsConnectorBot || user == "USLACKBOT"
	return a, nil
}

// userChanged says that Slack has news of an account: what is remembered of it holds no more.
func (s *Slack) userChanged(user string) { s.directory.forget(user) }

func (d *directory) forget(user string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, user)
	delete(d.asked, user) // what is being answered may be from before
}

// remembered gives what is remembered of a user, and how old it is: very, if nothing is. What seems to be from a time to
// come was remembered by a clock that was wrong.
func (d *directory) remembered(user string, now time.Time) (account, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.known[user]
	if age := now.Sub(r.at); ok && age >= 0 {
		return r.account, age
	}
	return account{}, 1<<63 - 1
}

// answered remembers an answer, unless there was news since it was asked for.
func (d *directory) answered(user string, q *question, asked time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, q)
	if d.asked[user] != q {
		return
	}
	delete(d.asked, user)
	if q.err != nil {
		return
	}
	if _, ok := d.known[user]; !ok && len(d.known) >= maxAccounts {
		d.makeRoom(asked)
	}
	d.known[user] = remembered{q.account, asked}
}

// makeRoom forgets what is too old to be used, and a tenth of all in any case: a full directory is not looked through for
// each new account.
func (d *directory) makeRoom(now time.Time) {
	for user, r := range d.known {
		if now.Sub(r.at) > accountUsable {
			delete(d.known, user)
		}
	}
	for user := range d.known {
		if len(d.known) <= maxAccounts*9/10 {
			return
		}
		delete(d.known, user)
	}
}

// settle waits for what is being asked.
func (d *directory) settle() {
	d.mu.Lock()
	var open []*question
	for q := range d.open {
		open = append(open, q)
	}
	d.mu.Unlock()
	for _, q := range open {
		<-q.done
	}
}
