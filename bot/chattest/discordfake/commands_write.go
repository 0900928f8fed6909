package discordfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

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
