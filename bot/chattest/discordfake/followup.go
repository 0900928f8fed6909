package discordfake

import (
	"slices"
	"time"
)

func init() {
	by := rate{n: 5, per: 2 * time.Second}
	const of = "/webhooks/{app}/{token}"
	routes = append(routes,
		route{method: "POST", pattern: of, open: true, rate: by, do: answering((*Fake).followUp)},
		route{method: "GET", pattern: of + "/messages/{message}", open: true, rate: by, do: answering(aimed((*Fake).getAnswer))},
		route{method: "PATCH", pattern: of + "/messages/{message}", open: true, rate: by, do: answering(aimed((*Fake).editAnswer))},
		route{method: "DELETE", pattern: of + "/messages/{message}", open: true, rate: by, do: answering(aimed((*Fake).deleteAnswer))},
	)
}

// MaxFollowUps is how many follow-ups there are where only a user, not the server, installed the app.
const MaxFollowUps = 5

// answering finds the interaction whose token is used. There is nothing to follow until it was answered.
func answering(do func(*Fake, *Call, *interaction) (any, refusal)) func(*Fake, *Call) (any, refusal) {
	return func(f *Fake, c *Call) (any, refusal) {
		i := f.asked[c.Params["token"]]
		switch {
		case c.Params["app"] != App, i == nil, i.app != App, i.answer == 0:
			return nil, refuse(10015)
		case !i.fresh(f.o.Now()):
			return nil, refuse(50027)
		case f.channels[i.channel] == nil:
			return nil, refuse(10003)
		}
		return do(f, c, i)
	}
}

// aimed finds the message that is meant: the answer, or a follow-up.
func aimed(do func(*Fake, *Call, *interaction, surface) (any, refusal)) func(*Fake, *Call, *interaction) (any, refusal) {
	return func(f *Fake, c *Call, i *interaction) (any, refusal) {
		s := surface{message: i.original, whisper: i.own}
		if id := c.Params["message"]; id != "@original" && (s.message == nil && s.whisper == nil || s.is().ID != id) {
			k := slices.IndexFunc(i.followed, func(s surface) bool { return s.is().ID == id })
			if k < 0 {
				return nil, refuse(10008)
			}
			s = i.followed[k]
		}
		if s.message == nil && s.whisper == nil || s.is().Deleted || s.whisper != nil && s.whisper.Gone {
			return nil, refuse(10008)
		}
		return do(f, c, i, s)
	}
}

func (f *Fake) getAnswer(_ *Call, _ *interaction, s surface) (any, refusal) {
	return f.messageJSON(s.is()), refusal{}
}

func (f *Fake) editAnswer(c *Call, i *interaction, s surface) (any, refusal) {
	d, no := f.draft("edit", "", c, c.Body)
	if no.given() {
		return nil, no
	}
	if no := f.alter(i.channel, s.is(), s.whisper, d); no.given() {
		return nil, no
	}
	if s.is() == i.shows() {
		i.loading = false
	}
	return f.messageJSON(s.is()), refusal{}
}

func (f *Fake) deleteAnswer(_ *Call, i *interaction, s surface) (any, refusal) {
	if s.is() == i.shows() {
		i.loading = false
	}
	if s.whisper == nil {
		f.deleted(s.message)
		return nil, refusal{}
	}
	s.whisper.Gone, s.whisper.revision = true, f.revision+1
	f.stir()
	return nil, refusal{}
}

// followUp posts a further message. Directly after a deferred answer it fills that, which Discord does not want any more.
func (f *Fake) followUp(c *Call, i *interaction) (any, refusal) {
	d, no := f.draft("answer", "", c, c.Body)
	if no.given() {
		return nil, no
	}
	if i.loading {
		f.fail("", c.Route, "a follow-up where the deferred answer is to be edited")
		if no := f.alter(i.channel, i.shows(), i.own, d); no.given() {
			return nil, no
		}
		i.loading = false
		return f.messageJSON(i.shows()), refusal{}
	}
	if i.optional && len(i.followed) >= MaxFollowUps {
		return nil, refuse(40094)
	}
	s, no := f.say(i, d, d.flags != nil && *d.flags&FlagEphemeral != 0)
	if no.given() {
		return nil, no
	}
	i.followed = append(i.followed, s)
	return f.messageJSON(s.is()), refusal{}
}
