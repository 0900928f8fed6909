package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// shortAck is how long an acknowledgement may be: Slack drops longer ones without a word when they come by Socket Mode.
const shortAck = 16 << 10

// comesHere answers where what follows is posted, if the bot may post there.
const comesHere = "The card comes into this channel. If it does not, I am not in here yet: type /invite @readyroom, and it comes within the hour."

// takeCommand takes a slash command, and the bytes that it came as. Its answer is the acknowledgement, if it is there in
// time.
func (s *Slack) takeCommand(ctx context.Context, c slashCommand, body []byte) []byte {
	if !c.whole() {
		s.replies.ignored.Add(1)
		return nil
	}
	from := tenant{enterprise: c.Enterprise, team: c.Team, app: c.App}
	if no := s.admit(from, c.User); no != "" {
		return whispered(no)
	}
	a := &asked{tenant: from, user: c.User, typed: true, channel: c.Channel, trigger: c.Trigger, url: c.ResponseURL,
		private: c.ChannelName == "privategroup", direct: isDirect(c.Channel)}
	a.request = chat.Request{ID: "slack/command/" + c.Trigger, At: channelPlace(s.me.Load().team, c.Channel), Text: strings.TrimSpace(c.Command + " " + c.Text)}
	if c.Trigger == "" {
		sum := sha256.Sum256(body)
		a.request.ID += hex.EncodeToString(sum[:])
	}
	reply, ok := listen.Within(ctx, &s.replies.flights, s.replies.soon(), func(ctx context.Context) chat.Reply { return s.carryOut(ctx, a) },
		func(ctx context.Context, r chat.Reply) { s.deliver(ctx, a, r) })
	if !ok {
		return whispered(listen.Saving)
	}
	return s.answered(ctx, a, reply)
}

// answered gives an answer of one page as the acknowledgement. Several pages are posted instead, since only so are
// they sure to stand in their order.
func (s *Slack) answered(ctx context.Context, a *asked, r chat.Reply) []byte {
	m, ok := lines.Answer(r)
	if !ok && r.Posted && a.private && !a.opened { // nothing can be posted in a private channel that the bot is not in
		m, ok = chat.Message{Title: comesHere}, true
	}
	if !ok && len(r.Files) == 0 {
		return nil
	}
	if ps := blocks.Pages(m); ok && len(ps) == 1 {
		if ack := jsonOf(posting(ps[0], "", r.Open)); len(ack) <= shortAck {
			if len(r.Files) > 0 {
				s.replies.flights.Behind(ctx, func(ctx context.Context) { s.handOver(ctx, a, r.Files) })
			}
			return ack
		}
	}
	s.replies.flights.Behind(ctx, func(ctx context.Context) { s.deliver(ctx, a, r) })
	return nil
}
