package discordfake

import (
	"encoding/json"
	"net/http"
	"slices"
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
