package slack

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

// Width is how many places are told at once: enough to reach the workspace's pace over a slow line.
func (s *Slack) Width() int { return 16 }

// Send posts or edits a message. What does not fit into one message goes on in its thread, or in the thread that it is
// posted in; a message that stays is cut instead. The id is that of the first.
func (s *Slack) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	id, f := s.send(ctx, p)
	if f != nil { // a nil fault must not become an error
		return "", f
	}
	return id, nil
}

func (s *Slack) send(ctx context.Context, p chat.Post) (chat.MessageID, *chat.Fault) {
	if err := ctx.Err(); err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	if no := s.standing.Refusal(); no != nil && s.me.Load() == nil { // it may be another workspace's token
		return "", &chat.Fault{Verdict: chat.Retry, Err: no}
	}
	drawn, f := s.drawn(p)
	if f != nil {
		return "", f
	}
	channel, f := s.channel(ctx, p.Place)
	if f != nil {
		return "", f
	}
	id, f := s.put(ctx, channel, p, drawn)
	if user, direct, _ := target(p.Place); f != nil && direct {
		s.direct.Delete(user) // it is asked for again, should it have changed
	}
	return id, f
}

func (s *Slack) put(ctx context.Context, channel string, p chat.Post, drawn []blocks.Page) (chat.MessageID, *chat.Fault) {
	if p.Edit != "" {
		id, f := s.edit(ctx, channel, p, drawn[0])
		if f != nil || len(drawn) == 1 {
			return id, f
		}
		return id, s.goesOn(ctx, channel, p, drawn)
	}
	thread, ok := threadIn(channel, p.Thread)
	if !ok {
		return "", fatal("the thread %q is not in %s", p.Thread, p.Place)
	}
	return s.post(ctx, channel, thread, p, drawn)
}

// drawn is what a post looks like here. It is made before anything is sent.
func (s *Slack) drawn(p chat.Post) ([]blocks.Page, *chat.Fault) {
	switch {
	case p.Key == "":
		return nil, fatal("the post has no key to find it by")
	case p.Message.Title == "" && len(p.Message.Lines) == 0:
		return nil, fatal("the message is empty")
	case !s.reaches(p.Place):
		return nil, fatal("%q is no place that the bot can write to", p.Place)
	case p.Stays:
		return []blocks.Page{blocks.One(p.Message)}, nil
	}
	all := blocks.Pages(p.Message)
	if len(all) == 0 {
		return nil, fatal("nothing was drawn")
	}
	return all, nil
}

// reaches reports whether a place is one of the workspace that the bot is in, as far as it knows: nothing goes elsewhere.
func (s *Slack) reaches(p workflows.Place) bool {
	_, direct, ok := target(p)
	me := s.me.Load()
	if !ok || me == nil {
		return ok
	}
	parts := strings.Split(strings.TrimPrefix(p.Channel(), "@"), "/")
	for _, of := range parts[:len(parts)-1] {
		if of == me.team || of == me.enterprise || direct && slices.Contains(s.Teams, of) {
			return true
		}
	}
	return false
}

// channel is the id of a place's channel. For direct messages Slack opens one, which is repeated without harm.
func (s *Slack) channel(ctx context.Context, p workflows.Place) (string, *chat.Fault) {
	id, direct, ok := target(p)
	if !ok {
		return "", fatal("%q is no place of Slack's", p)
	}
	if !direct {
		return id, nil
	}
	if known, ok := s.direct.Load(id); ok {
		return known.(string), nil
	}
	var opened string
	f := s.call(ctx, doOpen, "", func() error {
		c, _, _, err := s.client().OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{id}})
		if err == nil && c != nil {
			opened = c.ID
		}
		return err
	})
	if f == nil && opened == "" {
		f = &chat.Fault{Verdict: chat.Unclear, Err: errors.New("Slack did not say which channel the direct messages are in")}
	}
	if f != nil {
		if f.Verdict == chat.Unclear { // nothing was posted
			f.Verdict = chat.Retry
		}
		return "", f
	}
	s.direct.Store(id, opened)
	return opened, nil
}

// threadIn is the timestamp of the message whose thread is meant; ok is false for one of another channel.
func threadIn(channel string, id chat.MessageID) (ts string, ok bool) {
	if id == "" {
		return "", true
	}
	in, ts, ok := channelAndTS(id)
	return ts, ok && in == channel
}
