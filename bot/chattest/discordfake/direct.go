package discordfake

import (
	"time"
)

func init() {
	routes = append(routes, route{method: "POST", pattern: "/users/@me/channels", do: (*Fake).openDirect})
}

// openDirect gives the channel of somebody's direct messages. That somebody takes none is only said when one is sent.
func (f *Fake) openDirect(c *Call) (any, refusal) {
	o, no := f.said("direct", c)
	if no.given() {
		return nil, no
	}
	u := f.users[stringOf(o, "recipient_id")]
	switch {
	case u == nil:
		return nil, refuse(50033)
	case u.Bot:
		return nil, refuse(50007)
	}
	if _, open := f.direct[u.ID]; !open && f.o.Rates.Scale > 0 {
		wait := f.meter.count("new direct messages", rate{n: MaxDMsAtOnce, per: MaxDMsMinutes * time.Minute}, f.o.Rates.Scale, c.At)
		if wait > 0 {
			return nil, refuse(40003)
		}
	}
	return f.channelJSON(f.openDM(u.ID)), refusal{}
}
