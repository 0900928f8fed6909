package discord

import (
	"context"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
)

// How long things may take. Discord wants the first answer within three seconds, and takes others for a quarter of an
// hour.
const (
	firstWithin = 2 * time.Second
	savingAfter = 10 * time.Second // after that, whoever waits is told that it takes long
	settleFor   = 300 * time.Millisecond
)

// What the platform itself answers.
const (
	starting  = "I am just starting and do not know this server yet. Nothing was done: try again in a moment."
	notHere   = "This bot does not work here: nothing was done."
	notKnown  = "This is nothing that I know, so nothing was done. Type /release help to see what there is."
	nobody    = "Discord does not tell me now who you are, so nothing was done: try again in a moment. If it stays so, whoever runs the bot sees why with `readyroom doctor`."
	nowhere   = "Discord does not tell me now which channel this is, so nothing was done: try again in a moment. If it stays so, whoever runs the bot sees why with `readyroom doctor`."
	comesHere = "The card comes into this channel. If it does not, I may not write in here: whoever runs the bot sees why with `readyroom doctor`."
	isDone    = "Done."
	inTheOpen = "The answer is in the channel, for all to see."
	fileComes = "The file comes below."
)

// replies carries answers to whoever asked, and keeps what listening must remember.
type replies struct {
	counters
	flights listen.Work
	excuses listen.Work // of their own: whoever is slowed down takes nobody's place
	typing  listen.Work // so are those who type, at every letter
	lines   listen.Work // and those who write lines: an answer to one may wait for long, and keeps no command and no press out
	each    listen.Each // of those who write lines
	paces   listen.Paces
	seen    listen.Seen
	hints   lately // to outsiders that there is more in private
	forms   drafts
	waits   waits
	posts   listen.Outlet // nil: the platform itself; tests have another one
}

// works are all that is being carried out behind.
func (r *replies) works() []*listen.Work {
	return []*listen.Work{&r.flights, &r.excuses, &r.typing, &r.lines}
}

// waits are how long things take. Tests shorten them.
type waits struct{ first, saving, settle time.Duration }

func (r *replies) soon() time.Duration { return either(r.waits.first, firstWithin) }

func either(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// How an interaction is answered first, in Discord's numbers.
const (
	pong         = 1
	saysMessage  = 4
	saysLater    = 5 // "is thinking": the message follows
	changesLater = 6 // the message that bore what was pressed is changed later on
	changes      = 7 // it is changed now
	offers       = 8 // choices, while somebody types
	opens        = 9 // a form
)

type firstAnswer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// rung is who is rung by a message: nobody.
type rung struct {
	Parse []string `json:"parse"`
}

// reply is a page as an answer. What is empty is sent too: it takes away what was there.
type reply struct {
	Content    string                       `json:"content"`
	Embeds     []*discordgo.MessageEmbed    `json:"embeds"`
	Components []discordgo.MessageComponent `json:"components"`
	Flags      int                          `json:"flags,omitempty"`
	Mentions   rung                         `json:"allowed_mentions"`
}

// flagged is a message that says nothing yet.
type flagged struct {
	Flags int `json:"flags"`
}

// say is a page for whoever asked alone or, where it is open, for all in the channel.
func say(p embeds.Page, open bool) reply {
	s := reply{Content: p.Content(), Embeds: p.Embeds(), Components: p.Components(), Mentions: rung{Parse: []string{}}}
	if s.Embeds == nil {
		s.Embeds = []*discordgo.MessageEmbed{}
	}
	if s.Components == nil {
		s.Components = []discordgo.MessageComponent{}
	}
	if !open {
		s.Flags = unseen
	}
	return s
}

// open is the same for whoever can read where it stands.
func (r reply) open() reply {
	r.Flags = 0
	return r
}

// whispered answers with words for whoever asked alone.
func whispered(text string) []byte {
	return jsonOf(firstAnswer{saysMessage, saidAlone(text)})
}

// saidAlone is words for whoever asked alone.
func saidAlone(text string) reply { return say(embeds.One(chat.Message{Title: text}), false) }

// reached is what a reply says in words, and there always is something: Discord shows everybody who asked that they wait
// for an answer.
func reached(r chat.Reply) chat.Message {
	m, ok := lines.Answer(r)
	switch {
	case ok:
		return m
	case len(r.Files) > 0:
		return chat.Message{Title: fileComes}
	case r.Posted:
		return chat.Message{Title: comesHere}
	}
	return chat.Message{Title: isDone}
}

// firstAnswer gives the first answer to a request: what came of it if that is known in time, else that it follows.
func (d *Discord) firstAnswer(ctx context.Context, a *errand, done <-chan chat.Reply) []byte {
	r, ok := d.inTime(done)
	if ok {
		return d.first(ctx, a, r)
	}
	d.replies.flights.Behind(ctx, func(ctx context.Context) { d.awaited(ctx, a, done) })
	if a.question {
		return jsonOf(firstAnswer{Type: changesLater})
	}
	return jsonOf(firstAnswer{saysLater, flagged{unseen}})
}

// first answers at once: with a form to fill in, or with the first page, whose others follow in their order.
func (d *Discord) first(ctx context.Context, a *errand, r chat.Reply) []byte {
	if r.Form != nil && len(r.Wrong) == 0 && !a.form {
		return d.opensForm(a, *r.Form)
	}
	r, o := d.asWords(a, r)
	w := drawn(r, o, d.spell)
	if len(w.pages) > 1 || len(r.Files) > 0 {
		d.replies.flights.Behind(ctx, func(ctx context.Context) {
			listen.Rest(ctx, either(d.replies.waits.settle, settleFor)) // the first answer is still on its way
			d.follow(ctx, a, w)
			d.handOver(ctx, a, r.Files)
		})
	}
	if w.open {
		return jsonOf(firstAnswer{saysMessage, w.page(0)})
	}
	return jsonOf(firstAnswer{a.says(), w.page(0)})
}

// says is how an answer that is there is given: as a message of its own, or in the place of a question.
func (a *errand) says() int {
	if a.question {
		return changes
	}
	return saysMessage
}

// awaited answers later what was said to follow. What takes long is said to take long.
func (d *Discord) awaited(ctx context.Context, a *errand, done <-chan chat.Reply) {
	timer := time.NewTimer(either(d.replies.waits.saving, savingAfter))
	defer timer.Stop()
	select {
	case r := <-done:
		listen.Rest(ctx, either(d.replies.waits.settle, settleFor)) // the first answer may still be on its way
		d.finish(ctx, a, r)
	case <-timer.C:
		if f := d.change(ctx, a, saidAlone(listen.Saving)); f != nil {
			d.Log.WarnContext(ctx, "not said that it takes long", "reference", a.request.ID, "error", a.told(f))
		}
		d.finish(ctx, a, <-done)
	}
}
