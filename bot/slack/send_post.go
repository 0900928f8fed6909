package slack

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// post sends the pages, one after the other. After a former attempt, those that are there are left out.
func (s *Slack) post(ctx context.Context, channel, thread string, p chat.Post, drawn []blocks.Page) (chat.MessageID, *chat.Fault) {
	there := make([]string, len(drawn))
	if p.Again {
		var f *chat.Fault
		if there, f = s.parts(ctx, channel, thread, p, len(drawn)); f != nil {
			f.Verdict = chat.Unclear // of the former attempt
			return "", f
		}
	}
	for i, d := range drawn {
		if there[i] == "" {
			ts, f := s.say(ctx, channel, thread, partKey(p.Key, i), d)
			if f != nil {
				if i > 0 { // a part of it is there
					f.Verdict, f.Gone = chat.Unclear, false
				}
				return "", f
			}
			there[i] = ts
		}
		if thread == "" {
			thread = there[0]
		}
	}
	return messageID(channel, there[0]), nil
}

// goesOn posts what does not fit into an edited message, in its thread. After a former attempt, what is there is left out.
func (s *Slack) goesOn(ctx context.Context, channel string, p chat.Post, drawn []blocks.Page) *chat.Fault {
	_, thread, _ := channelAndTS(p.Edit)
	there := make([]string, len(drawn))
	if p.Again {
		q := quest{channel: channel, thread: thread, since: p.Since, want: map[string]int{}}
		for i := range drawn[1:] {
			q.want[partKey(p.Key, i+1)] = i + 1
		}
		if f := s.search(ctx, q, there); f != nil {
			f.Verdict = chat.Unclear // of the former attempt
			return f
		}
	}
	for i, d := range drawn {
		if i == 0 || there[i] != "" {
			continue
		}
		if _, f := s.say(ctx, channel, thread, partKey(p.Key, i), d); f != nil {
			f.Verdict, f.Gone = chat.Unclear, false // a part of it is there
			return f
		}
	}
	return nil
}

// say posts one message.
func (s *Slack) say(ctx context.Context, channel, thread, key string, d blocks.Page) (ts string, f *chat.Fault) {
	options := append(content(d), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: map[string]any{keyField: key}}))
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	f = s.call(ctx, doPost, channel, func() (err error) {
		_, ts, err = s.client().PostMessageContext(ctx, channel, options...)
		return err
	})
	if f == nil && ts == "" {
		f = &chat.Fault{Verdict: chat.Unclear, Err: errors.New("the answer does not say which message was posted")}
	}
	return ts, f
}

// edit changes a message. Its blocks are sent each time, since an edit without them removes them; its metadata stays.
func (s *Slack) edit(ctx context.Context, channel string, p chat.Post, d blocks.Page) (chat.MessageID, *chat.Fault) {
	in, ts, ok := channelAndTS(p.Edit)
	if !ok {
		f := fatal("%q is no message of Slack's", p.Edit)
		f.Gone = true
		return "", f
	}
	if in != channel {
		return "", fatal("the message %s is not in %s", p.Edit, p.Place)
	}
	var edited string
	f := s.call(ctx, doUpdate, channel, func() (err error) {
		_, edited, _, err = s.client().UpdateMessageContext(ctx, channel, ts, content(d)...)
		return err
	})
	if f == nil && edited != ts {
		f = &chat.Fault{Verdict: chat.Unclear, Err: errors.New("the answer does not say that the message was changed")}
	}
	return p.Edit, f
}

// content is what every message says, and that Slack is not to make links and mentions of its words.
func content(d blocks.Page) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(d.Text(), false), slack.MsgOptionBlocks(d.Blocks()...), slack.MsgOptionLinkNames(false), slack.MsgOptionParse(false),
	}
}

// call makes one call at Slack's pace, and says what its failure means.
func (s *Slack) call(ctx context.Context, m method, channel string, do func() error) *chat.Fault {
	if s.Still {
		return s.judged(do())
	}
	t, f := s.pace.wait(ctx, s.Now, m, channel)
	if f != nil {
		return f
	}
	f = s.judged(do())
	switch {
	case f == nil:
		s.pace.took(t)
	case f.Paced:
		f.After = s.pace.slowed(s.Now(), t, f.After)
	}
	return f
}

// judged says what a call's failure means. When it is that the token is not taken, health says so soon, not only at the next
// look.
func (s *Slack) judged(err error) *chat.Fault {
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		switch no.Err {
		case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
			s.standing.Doubt()
		}
	}
	return faultOf(err)
}

func fatal(format string, args ...any) *chat.Fault {
	return &chat.Fault{Verdict: chat.Fatal, Err: fmt.Errorf(format, args...)}
}
