package discordfake

import (
	"fmt"
	"slices"
	"strconv"
)

func init() {
	routes = append(routes,
		route{method: "GET", pattern: "/channels/{channel}/messages", do: (*Fake).listMessages},
		route{method: "GET", pattern: "/channels/{channel}/messages/{message}", do: (*Fake).getMessage},
	)
}

// listMessages gives the newest first. Who may not read the history is given none.
func (f *Fake) listMessages(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	q := f.query(c, "limit", "before", "after", "around")
	n := q.count("limit", 1, MaxHistory, 50)
	q.oneOf("before", "after", "around")
	if no := q.refusal(); no.given() {
		return nil, no
	}
	if !f.may(ch, Bot).Has(ReadMessageHistory) {
		return []reply{}, refusal{}
	}
	all := f.standing(ch)
	slices.Reverse(all)
	out := []reply{}
	for _, m := range stretch(all, c, n) {
		out = append(out, f.messageJSON(m))
	}
	return out, refusal{}
}

// standing are the messages of a channel, the oldest first, in a thread after the one that shows what it was started
// from; the lock is held.
func (f *Fake) standing(ch *Channel) []*Message {
	var all []*Message
	if ch.thread() && f.find(ch.Parent, ch.ID) != nil {
		all = append(all, &Message{
			ID: ch.ID, Channel: ch.ID, Author: ch.Creator, kind: typeStarter,
			more: reply{"message_reference": reply{"type": 0, "channel_id": ch.Parent, "message_id": ch.ID, "guild_id": ch.Server}},
		})
	}
	for _, m := range f.messages[ch.ID] {
		if !m.Deleted {
			all = append(all, m)
		}
	}
	return all
}

// stretch cuts out n of what is asked for; all are ordered from the newest.
func stretch(all []*Message, c *Call, n int) []*Message {
	from := func(id string) int { // the index of the first that is older than id
		if i := slices.IndexFunc(all, func(m *Message) bool { return compareIDs(m.ID, id) < 0 }); i >= 0 {
			return i
		}
		return len(all)
	}
	start := 0
	switch {
	case c.Query.Has("before"):
		start = from(c.Query.Get("before"))
	case c.Query.Has("after"):
		id := c.Query.Get("after")
		end := from(id)
		if end > 0 && all[end-1].ID == id {
			end--
		}
		return all[max(0, end-n):end]
	case c.Query.Has("around"):
		start = max(0, from(c.Query.Get("around"))-1-n/2)
	}
	return all[start:min(len(all), start+n)]
}

func (f *Fake) getMessage(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	if !f.may(ch, Bot).Has(ReadMessageHistory) {
		return nil, refuse(50013)
	}
	m, no := f.written(ch, c)
	if no.given() {
		return nil, no
	}
	return f.messageJSON(m), refusal{}
}

// query is what stands behind the question mark, with what is wrong there.
type query struct {
	wrong
	c *Call
}

// query reads the parameters of a call, of which only these are known; the lock is held.
func (f *Fake) query(c *Call, known ...string) *query {
	q := &query{c: c}
	for name := range c.Query {
		if !slices.Contains(known, name) {
			f.fail("", c.Route, "unknown parameter %s", name)
			q.at(name, "UNKNOWN_FIELD", "Discord does not document this parameter")
		}
	}
	return q
}

// count reads a number.
func (q *query) count(name string, least, most, otherwise int) int {
	s := q.c.Query.Get(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		q.at(name, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not int.", s))
	case n < least:
		q.at(name, "NUMBER_TYPE_MIN", fmt.Sprintf("int value should be greater than or equal to %d.", least))
	case n > most:
		q.at(name, "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be less than or equal to %d.", most))
	}
	return n
}

// oneOf reads snowflakes, of which at most one may be given.
func (q *query) oneOf(names ...string) {
	given := 0
	for _, name := range names {
		if !q.c.Query.Has(name) {
			continue
		}
		if s := q.c.Query.Get(name); !numeric(s) {
			q.at(name, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not snowflake.", s))
		}
		if given++; given > 1 {
			q.at(name, "PARAMETERS_EXCLUSIVE", "Only one of before, after and around may be given")
		}
	}
}
