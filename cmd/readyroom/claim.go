package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/people"
)

// codes are what codes are made with while this process lives: nothing of them is kept. The owner's is the one that goes
// to the log.
type codes struct {
	desk.Codes
	owner string
}

func newCodes() (codes, error) {
	secret := make([]byte, 48)
	if _, err := rand.Read(secret); err != nil {
		return codes{}, fmt.Errorf("codes: %w", err)
	}
	c := codes{owner: people.CodeOf(secret[:16])}
	c.Codes = desk.Codes{Key: secret[16:], Owner: people.Sum(c.owner)}
	return c, nil
}

// hasOwner reports whether somebody owns the bot: by the configuration, or by a claim. While nobody can read the claims,
// it is for the desk to say why everything is refused.
func (r *running) hasOwner(ctx context.Context) bool {
	if len(r.cfg.Load().Owners) > 0 {
		return true
	}
	v, err := r.desk.Who(ctx, "")
	return err != nil || r.desk.Poisoned() != nil || len(v.Book.Owners) > 0
}

// sayUnowned prints the code that makes its typer the owner, while nobody is. Only a daemon does: elsewhere the code is
// good for nobody.
func (r *running) sayUnowned(ctx context.Context) {
	if r.command != serveName || r.hasOwner(ctx) {
		return
	}
	r.log.WarnContext(ctx, "nobody owns this bot, so it only shows things", "claim", r.codes.owner,
		"next", "whoever types /release admin claim with that code owns it; or owners: [YOU] in "+defaultConfig+" (readyroom init writes one), then: readyroom reload",
		"here", "readyroom run --by YOU '/release admin claim "+r.codes.owner+"'")
}

// owned is the desk as people reach it: as long as nobody owns the bot, nobody could say who may do what, and all that
// anybody may do is claim it.
type owned struct {
	*desk.Desk
	is func(context.Context) bool
}

// Do refuses people while there is no owner.
func (o owned) Do(ctx context.Context, a workflows.Ask) (workflows.Receipt, error) {
	if _, claims := a.Wish.(people.Claim); a.By != "" && !claims && !o.is(ctx) {
		return workflows.Receipt{}, workflows.Refuse("read_only", "this bot has no owner yet, so it only shows things").
			By("whoever runs it: the code is in its log").Type("/release admin claim CODE", "readyroom init", "owners: [YOU] in "+defaultConfig, "readyroom reload")
	}
	return o.Desk.Do(ctx, a)
}

// firstOwner is the owner who types where nobody else is named: one whom the console knows by a name of its own.
func (r *running) firstOwner(ctx context.Context) (workflows.PersonID, bool) {
	if cfg := r.cfg.Load(); len(cfg.Owners) > 0 {
		return cfg.Owners[0], true
	}
	v, err := r.desk.Who(ctx, "")
	if err != nil {
		return "", false
	}
	for _, id := range v.Book.Owners {
		p, _ := v.Book.Person(id)
		for _, h := range p.Handles {
			if h.Platform() == console.Platform {
				return workflows.PersonID(h.Name()), true
			}
		}
	}
	return "", false
}

// strangers reports whether somebody may type all these lines whom nobody knows.
func strangers(lines []string) bool {
	for _, l := range lines {
		p, err := commands.All.Parse(l, commands.Context{})
		if err != nil || p.Command.Wish == nil {
			return false
		}
		wish, err := p.Command.Wish(p.Args)
		if _, ok := wish.(workflows.Stranger); err != nil || !ok {
			return false
		}
	}
	return len(lines) > 0
}
