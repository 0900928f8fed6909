package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// token asks Discord whose the bot token is, and with that what time it is there and where the bot is.
func (e *examination) token(ctx context.Context) bool {
	e.d.standing.Untimed()
	me, name, err := e.d.application(ctx)
	if err != nil {
		e.refusal("bot token", "Discord does not take it: ", err)
		return false
	}
	e.me, e.name = me, shown(name, me.user)
	e.say(chat.Well, "bot token", fmt.Sprintf("it is @%s, of application %s", e.name, me.app), "")
	e.clock()
	if err := e.d.mayBe(me, *e.d.secrets.Load()); err != nil {
		e.refusal("application", "the token is not what is set beside it: ", err)
		return false
	}
	if e.in, err = e.d.joined(ctx); err != nil {
		e.refusal("servers", "", err)
		return false
	}
	return true
}

// refusal says why something does not go on: Discord's no, our own, or that no answer came.
func (e *examination) refusal(what, before string, err error) {
	if listen.IsRefused(err) {
		found, next, _ := strings.Cut(err.Error(), ": ")
		e.say(chat.Failing, what, before+found, next)
		return
	}
	found, next, answered := explained(err)
	if !answered {
		what = "network"
	}
	e.say(chat.Failing, what, found, next)
}

// explained is what went wrong and what to do about it; answered is whether Discord itself said so.
func explained(err error) (found, next string, answered bool) {
	no, answered := errors.AsType[*apiError](err)
	switch {
	case answered && no.Status == 401:
		return "the bot token is not valid any more", takeToken, true
	case answered:
		found, next, _ = strings.Cut(no.Message, " → ")
		if next == "" {
			next = askLater
		}
		return found, next, true
	case listen.IsRefused(err):
		found, next, _ = strings.Cut(err.Error(), ": ")
		return found, next, true
	}
	if f, is := errors.AsType[*chat.Fault](err); is {
		err = told(f)
	}
	return err.Error(), unreachable, false
}

// servers says where the bot is, and whether it should be there.
func (e *examination) servers() {
	has := func(id string) bool { return slices.ContainsFunc(e.in, func(s server) bool { return s.ID == id }) }
	set := e.d.settings.Load()
	wanted := set.Servers
	if len(wanted) == 0 { // those that the configuration speaks of, as when the bot begins
		wanted = slices.DeleteFunc(slices.Clone(set.Named), func(id string) bool { return !has(id) })
	}
	switch {
	case len(wanted) == 0 && len(e.in) == 0:
		e.say(chat.Failing, "servers", "the bot is in no server yet", e.invite())
		return
	case len(wanted) == 0 && len(e.in) > 1:
		e.say(chat.Failing, "servers", "the bot is in several: "+strings.Join(namesOf(e.in), ", ")+"; nobody said which of them it works for",
			fmt.Sprintf("write the ids of those that are meant: discord: {servers: [%q]}", e.in[0].ID))
		return
	case len(wanted) == 0:
		wanted = []string{e.in[0].ID}
	}
	var names []string
	for _, id := range wanted {
		if !has(id) {
			e.say(chat.Failing, "servers", "the bot is not in server "+id+", which the configuration names", e.invite())
			continue
		}
		e.me.servers = append(e.me.servers, id)
		i := slices.IndexFunc(e.in, func(s server) bool { return s.ID == id })
		names = append(names, fmt.Sprintf("%s (%s)", shown(e.in[i].Name, "unnamed"), id))
	}
	if len(names) > 0 {
		e.say(chat.Well, "servers", "it works for "+strings.Join(names, ", "), "")
	}
}

// invite says how the bot comes into a server.
func (e *examination) invite() string {
	return "have somebody who may manage the server open this, and choose it there: " + inviteLink(e.me.app) + " (it asks for " + strings.Join(wordsOf(needed), ", ") + ")"
}
