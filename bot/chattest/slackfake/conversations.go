package slackfake

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

func (f *Fake) conversationsOpen(c *Call) (reply, refusal) {
	ids := strings.Split(c.Args["users"], ",")
	if id := c.Args["channel"]; id != "" {
		ch := f.channels[id]
		if ch == nil || ch.direct == "" {
			return nil, refuse("channel_not_found")
		}
		ids = []string{ch.direct}
	}
	if len(ids) != 1 || ids[0] == "" {
		return nil, refuse("users_list_not_supplied")
	}
	u := f.users[ids[0]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	already := f.channels[f.DM(u.ID)] != nil
	ch, no := f.dm(u)
	if no.given() {
		return nil, no
	}
	return reply{"channel": map[string]string{"id": ch.ID}, "no_op": already, "already_open": already}, refusal{}
}

// readable gives a channel that the bot may read with the scope, as "history": the lock is held.
func (f *Fake) readable(id, scope string) (*Channel, refusal) {
	ch := f.seen(id)
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	kind := "channels"
	switch {
	case ch.direct != "":
		kind = "im"
	case ch.Private:
		kind = "groups"
	}
	return ch, f.needs(kind + ":" + scope)
}

func (f *Fake) conversationsInfo(c *Call) (reply, refusal) {
	ch, no := f.readable(c.Args["channel"], "read")
	if no.given() {
		return nil, no
	}
	return reply{"channel": ch.json()}, refusal{}
}

func (c *Channel) json() reply {
	out := reply{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.Private, "is_group": c.Private && c.direct == "",
		"is_im": c.direct != "", "is_private": c.Private, "is_archived": c.Archived, "is_member": c.BotIsMember,
		"is_read_only": c.ReadOnly, "is_ext_shared": c.Shared, "is_shared": c.Shared, "num_members": len(c.Members), "context_team_id": Team,
	}
	if c.direct != "" {
		out["user"] = c.direct
	}
	return out
}

func (f *Fake) conversationsList(c *Call) (reply, refusal) {
	if no := f.needs("channels:read"); no.given() {
		return nil, no
	}
	types := c.Args["types"]
	if types == "" {
		types = "public_channel"
	}
	var all []reply
	for _, id := range slices.Sorted(maps.Keys(f.channels)) {
		ch := f.channels[id]
		kind := "public_channel"
		switch {
		case ch.direct != "":
			kind = "im"
		case ch.Private:
			kind = "private_channel"
		}
		hidden := ch.Private && !ch.BotIsMember || ch.Archived && c.Args["exclude_archived"] == "true"
		if slices.Contains(strings.Split(types, ","), kind) && !hidden {
			all = append(all, ch.json())
		}
	}
	page, more, no := paged(all, c.Args, 100, 1000)
	return reply{"channels": page, "response_metadata": more}, no
}

// paged cuts a list as its cursor says.
func paged(all []reply, args map[string]string, usual, most int) ([]reply, reply, refusal) {
	limit, from := usual, 0
	if s := args["limit"]; s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > most {
			return nil, nil, refuse("invalid_limit")
		}
		if n > 0 {
			limit = n
		}
	}
	if s := args["cursor"]; s != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(s, "cursor:"))
		if err != nil || n < 0 || n > len(all) {
			return nil, nil, refuse("invalid_cursor")
		}
		from = n
	}
	to, next := min(from+limit, len(all)), ""
	if to < len(all) {
		next = "cursor:" + strconv.Itoa(to)
	}
	page := append([]reply{}, all[from:to]...)
	return page, reply{"next_cursor": next}, refusal{}
}

func (f *Fake) conversationsHistory(c *Call) (reply, refusal) {
	ch, no := f.readable(c.Args["channel"], "history")
	if no.given() {
		return nil, no
	}
	if !ch.BotIsMember {
		return nil, refuse("not_in_channel")
	}
	roots := f.shown(ch.ID, c.Args, func(m *Message) bool { return m.ThreadTS == "" || m.Broadcast })
	slices.Reverse(roots)
	return f.page(roots, c.Args)
}

func (f *Fake) conversationsReplies(c *Call) (reply, refusal) {
	ch, no := f.readable(c.Args["channel"], "history")
	if no.given() {
		return nil, no
	}
	if !ch.BotIsMember {
		return nil, refuse("not_in_channel")
	}
	ts := c.Args["ts"]
	root := f.find(ch.ID, ts)
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	thread := f.shown(ch.ID, c.Args, func(m *Message) bool { return m.ThreadTS == ts })
	return f.page(append([]*Message{root}, thread...), c.Args)
}

// shown are the messages between oldest and latest, both left out unless inclusive; the lock is held.
func (f *Fake) shown(channel string, args map[string]string, want func(*Message) bool) (all []*Message) {
	oldest, latest := args["oldest"], args["latest"]
	inclusive := args["inclusive"] == "true" || args["inclusive"] == "1"
	for _, m := range f.messages[channel] {
		at := tsTime(m.TS)
		early := oldest != "" && (at.Before(tsTime(oldest)) || !inclusive && at.Equal(tsTime(oldest)))
		late := latest != "" && (at.After(tsTime(latest)) || !inclusive && at.Equal(tsTime(latest)))
		if !m.Deleted && !early && !late && want(m) {
			all = append(all, m)
		}
	}
	return all
}

func (f *Fake) page(list []*Message, args map[string]string) (reply, refusal) {
	var all []reply
	meta := args["include_all_metadata"] == "true" || args["include_all_metadata"] == "1"
	for _, m := range list {
		all = append(all, f.messageJSON(m, meta))
	}
	page, more, no := paged(all, args, 100, 1000)
	if no.given() {
		return nil, no
	}
	return reply{"messages": page, "has_more": more["next_cursor"] != "", "response_metadata": more}, refusal{}
}
