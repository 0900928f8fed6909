package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

func init() {
	known[20012] = refusal{status: http.StatusForbidden, message: "You are not authorized to perform this action on this application"}
	known[30032] = refusal{status: http.StatusBadRequest, message: "Maximum number of application commands reached (100)"}
	known[30034] = refusal{status: http.StatusBadRequest, message: "Max number of daily application command creates has been reached (200)"}
	for _, of := range []string{"/applications/{app}/guilds/{guild}/commands", "/applications/{app}/commands"} {
		routes = append(routes,
			route{method: "GET", pattern: of, do: scoped((*Fake).listCommands)},
			route{method: "PUT", pattern: of, do: scoped((*Fake).putCommands)},
			route{method: "POST", pattern: of, do: scoped((*Fake).postCommand)},
			route{method: "GET", pattern: of + "/{command}", do: scoped(one((*Fake).getCommand))},
			route{method: "PATCH", pattern: of + "/{command}", do: scoped(one((*Fake).patchCommand))},
			route{method: "DELETE", pattern: of + "/{command}", do: scoped(one((*Fake).deleteCommand))},
		)
	}
}

// Write is one change of a registered command.
type Write struct {
	Kind   string // "create", "update", "delete"
	Server string // empty: a global one
	Name   string
	Type   int
	At     time.Time
}

// Writes are all changes of commands: what was sent again as it was is none.
func (f *Fake) Writes() []Write {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.writes)
}

// Commands are those that are registered in a server, or with "" everywhere.
func (f *Fake) Commands(server string) (all []Command) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.commands[server] {
		all = append(all, *c)
	}
	return all
}

// Created says how many creates of the day are spent in a server, or with "" of global commands.
func (f *Fake) Created(server string, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.creates[server] = nil
	for range n {
		f.creates[server] = append(f.creates[server], f.o.Now())
	}
}

// Override is what the people of a server set in its settings: whether a role, a member, or with the server's id
// everybody, may use a command, whatever its default says.
func (f *Fake) Override(server, command, id string, allow bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := server + " " + command
	if f.overrides[key] == nil {
		f.overrides[key] = map[string]bool{}
	}
	f.overrides[key][id] = allow
}

// scoped checks whose commands are meant.
func scoped(do func(*Fake, *Call, string) (any, refusal)) func(*Fake, *Call) (any, refusal) {
	return func(f *Fake, c *Call) (any, refusal) {
		if c.Params["app"] != App {
			return nil, refuse(20012)
		}
		server := c.Params["guild"]
		if server != "" && (f.guilds[server] == nil || f.members[server][Bot] == nil) {
			return nil, refuse(50001)
		}
		return do(f, c, server)
	}
}

// one finds the command that is meant.
func one(do func(*Fake, *Call, string, *Command) (any, refusal)) func(*Fake, *Call, string) (any, refusal) {
	return func(f *Fake, c *Call, server string) (any, refusal) {
		for _, it := range f.commands[server] {
			if it.ID == c.Params["command"] {
				return do(f, c, server, it)
			}
		}
		return nil, refuse(10063)
	}
}

// shown is a command as it is answered: of one of a server, contexts and integration types are not said.
func (c *Command) shown(translated bool) reply {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	out := reply{}
	_ = json.Unmarshal(raw, &out) // of what was just written
	if c.Server == "" {
		out["contexts"], out["integration_types"] = nil, c.Integrations
		if c.Contexts != nil {
			out["contexts"] = c.Contexts
		}
	}
	if !translated {
		delete(out, "name_localizations")
		delete(out, "description_localizations")
	}
	return out
}

func showAll(all []*Command, translated bool) []reply {
	out := []reply{}
	for _, c := range all {
		out = append(out, c.shown(translated))
	}
	return out
}

func (f *Fake) listCommands(c *Call, server string) (any, refusal) {
	return showAll(f.commands[server], c.Query.Get("with_localizations") == "true"), refusal{}
}

func (f *Fake) getCommand(_ *Call, _ string, it *Command) (any, refusal) {
	return it.shown(true), refusal{}
}

// putCommands makes a list the whole of what is registered.
func (f *Fake) putCommands(c *Call, server string) (any, refusal) {
	var raw []json.RawMessage
	var w wrong
	if json.Unmarshal(c.Body, &raw) != nil || raw == nil {
		w.at("", "MODEL_TYPE_CONVERT", "Only lists are valid here")
		return nil, w.refusal()
	}
	var all []*Command
	for i, one := range raw {
		next := readCommand(one, server == "", nil, strconv.Itoa(i), &w)
		for _, other := range all {
			if other.Name == next.Name && other.Type == next.Type {
				w.at(strconv.Itoa(i), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
			}
		}
		all = append(all, next)
	}
	if no := w.refusal(); no.given() {
		return nil, no
	}
	if no := fits(all); no.given() {
		return nil, no
	}
	if no := f.afford(server, all); no.given() {
		return nil, no
	}
	for _, old := range f.commands[server] {
		if pick(all, old) == nil {
			f.wrote("delete", server, old)
		}
	}
	var kept []*Command
	for _, next := range all {
		kept = append(kept, f.keep(server, next))
	}
	f.commands[server] = kept
	return showAll(kept, true), refusal{}
}

func (f *Fake) postCommand(c *Call, server string) (any, refusal) {
	var w wrong
	next := readCommand(c.Body, server == "", nil, "", &w)
	if no := w.refusal(); no.given() {
		return nil, no
	}
	fresh := pick(f.commands[server], next) == nil
	all := slices.DeleteFunc(slices.Clone(f.commands[server]), func(o *Command) bool { return o.Name == next.Name && o.Type == next.Type })
	if no := fits(append(all, next)); no.given() {
		return nil, no
	}
	if no := f.afford(server, []*Command{next}); no.given() {
		return nil, no
	}
	next = f.keep(server, next)
	f.commands[server] = append(all, next)
	if fresh {
		return created{next.shown(true)}, refusal{}
	}
	return next.shown(true), refusal{}
}

func (f *Fake) patchCommand(c *Call, server string, it *Command) (any, refusal) {
	var w wrong
	next := readCommand(c.Body, server == "", it, "", &w)
	for _, o := range f.commands[server] {
		if o.ID != it.ID && o.Name == next.Name && o.Type == it.Type {
			w.at("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
	}
	if no := w.refusal(); no.given() {
		return nil, no
	}
	next.ID, next.Version, next.Server, next.Type = it.ID, it.Version, it.Server, it.Type
	if !next.same(it) {
		next.Version = f.newID()
		f.wrote("update", server, next)
	}
	*it = *next
	return it.shown(true), refusal{}
}

func (f *Fake) deleteCommand(_ *Call, server string, it *Command) (any, refusal) {
	f.commands[server] = slices.DeleteFunc(f.commands[server], func(o *Command) bool { return o == it })
	f.wrote("delete", server, it)
	return nil, refusal{}
}

func pick(all []*Command, like *Command) *Command {
	for _, c := range all {
		if c.Name == like.Name && c.Type == like.Type {
			return c
		}
	}
	return nil
}

// keep gives ids: those that the command of this name has, where it has not changed; the lock is held.
func (f *Fake) keep(server string, next *Command) *Command {
	next.Server = server
	if server == "" && next.Integrations == nil {
		next.Integrations = []int{0}
	}
	old := pick(f.commands[server], next)
	switch {
	case old == nil:
		next.ID, next.Version = f.newID(), f.newID()
		f.creates[server] = append(f.creates[server], f.o.Now())
		f.wrote("create", server, next)
	case next.same(old):
		return old
	default:
		next.ID, next.Version = old.ID, f.newID()
		f.wrote("update", server, next)
	}
	return next
}

func (f *Fake) wrote(kind, server string, c *Command) {
	f.writes = append(f.writes, Write{Kind: kind, Server: server, Name: c.Name, Type: c.Type, At: f.o.Now()})
}

// fits says whether there are not too many.
func fits(all []*Command) refusal {
	n := map[int]int{}
	for _, c := range all {
		n[c.Type]++
	}
	no := refuse(30032)
	switch {
	case n[ChatInput] > MaxChatInput:
	case n[UserCommand] > MaxMenu, n[MessageCommand] > MaxMenu:
		no.message = fmt.Sprintf("Maximum number of application commands reached (%d)", MaxMenu)
	default:
		return refusal{}
	}
	return no
}

// afford says whether those that are new may still be created today; the lock is held.
func (f *Fake) afford(server string, all []*Command) refusal {
	n := 0
	for _, c := range all {
		if pick(f.commands[server], c) == nil {
			n++
		}
	}
	for _, at := range f.creates[server] {
		if f.o.Now().Sub(at) < 24*time.Hour {
			n++
		}
	}
	if n > MaxCreates {
		return refuse(30034)
	}
	return refusal{}
}
