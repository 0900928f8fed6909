package discord

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// Counts are what came in and was not carried out, since the start.
type Counts struct {
	Refused int // not signed by Discord, too old, too long, or of the wrong type
	Foreign int // of another application or server, or from where an application of somebody's own is used
	Ignored int // nothing that the bot knows
	Repeats int // sent again by Discord
	Busy    int // more at once than can be answered
	Slowed  int // more from one person than a person types
}

// counters are Counts while they count.
type counters struct {
	foreign, ignored, repeats, busy, slowed atomic.Int64
}

// Counts tells what was not carried out.
func (d *Discord) Counts() Counts {
	r, g := &d.replies, &d.gateway.count
	return Counts{Refused: int(d.door.refused.Load()), Foreign: int(r.foreign.Load()), Ignored: int(r.ignored.Load()),
		Repeats: int(r.repeats.Load() + g.repeated.Load()), Busy: int(r.busy.Load() + g.dropped.Load()), Slowed: int(r.slowed.Load())}
}

// take handles an interaction, authenticated by the transport that brought it, and gives the JSON of the first answer to
// it. It answers in time for Discord's three seconds, whatever the handler does; what takes longer goes on behind it.
func (d *Discord) take(ctx context.Context, body []byte) (answer []byte) {
	i, err := decodeInteraction(body)
	switch {
	case err != nil && i.Type == typing:
		d.replies.ignored.Add(1)
		return offered(nil)
	case err != nil:
		return d.unknown()
	}
	switch i.Type {
	case ping:
		return jsonOf(firstAnswer{Type: pong})
	case command:
		return d.takeCommand(ctx, i)
	case press:
		return d.takePress(ctx, i)
	case typing:
		return d.takeTyping(ctx, i)
	case submitted:
		return d.takeForm(ctx, i)
	}
	return d.unknown()
}

// unknown answers what is nothing that the bot knows.
func (d *Discord) unknown() []byte {
	d.replies.ignored.Add(1)
	return whispered(notKnown)
}

// admit reports what keeps something from being carried out, in words for whoever asked; empty: nothing does, and a
// place is taken that must be left.
func (d *Discord) admit(i interaction) (refusal string) {
	me := d.me.Load()
	switch {
	case me == nil:
		d.replies.busy.Add(1)
		return starting
	case !me.hears(i):
		d.replies.foreign.Add(1)
		return notHere
	}
	return d.admitted(i.asker(), &d.replies.flights)
}

// admitted is the same for somebody who may ask, and for the places that what they ask takes.
func (d *Discord) admitted(user string, work *listen.Work) (refusal string) {
	switch {
	case !d.Still && !d.replies.paces.Allow(user, d.Now()):
		d.replies.slowed.Add(1)
		return listen.TooFast
	case !work.Enter(listen.InFlight):
		d.replies.busy.Add(1)
		return listen.TooBusy
	}
	return ""
}

// hears reports whether something is for this application, from a server that is listened to or from direct messages with
// the bot. Where people use applications that they installed for themselves, nothing is heard.
func (me identity) hears(i interaction) bool {
	by, forServer := i.Owners["0"]
	switch {
	case i.App != me.app || len(i.Owners) > 0 && !forServer:
		return false
	case i.direct():
		return i.isContext(inDirect) && (by == "" || by == "0" || slices.Contains(me.servers, by))
	}
	return slices.Contains(me.servers, i.Server) && i.isContext(inServer) && (by == "" || by == i.Server)
}

// isContext reports whether something was begun where it says, as far as it says.
func (i interaction) isContext(context int) bool { return i.Context == nil || *i.Context == context }

// readyToListen makes ready to listen.
func (d *Discord) readyToListen() {
	for _, w := range d.replies.works() {
		w.Log = d.Log
	}
	d.directory = &listen.Directory[account]{Log: d.Log, Now: func() time.Time { return d.Now() }, Fetch: d.fetchAccount}
}

// settled waits until everything that was taken is answered, as a process does before it ends.
func (d *Discord) settled(ctx context.Context) error {
	defer d.directory.Settle()
	var all []error
	for _, w := range d.replies.works() {
		all = append(all, w.Wait(ctx))
	}
	return errors.Join(all...)
}

// outlet is where posts go.
func (d *Discord) outlet() listen.Outlet {
	if d.replies.posts != nil {
		return d.replies.posts
	}
	return d
}

// words is an answer of the platform itself.
func words(text string) chat.Reply { return chat.Reply{Message: &chat.Message{Title: text}} }

// jsonOf is JSON for a first answer.
func jsonOf(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // only types of our own and of discordgo come here
	}
	return data
}
