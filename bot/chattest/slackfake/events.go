package slackfake

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Mention writes to the bot in a channel, or in the thread of a message: "@readyroom " is put before the text unless it
// is there. The bot only hears of it where it is a member.
func (p *Person) Mention(ctx context.Context, channel, threadTS, text string) Result {
	p.f.t.Helper()
	if !strings.Contains(text, "@readyroom") {
		text = "@readyroom " + text
	}
	r := p.Say(channel, threadTS, text)
	if r.Err != nil {
		return r
	}
	p.f.mu.Lock()
	ch, m := p.f.channels[channel], p.f.find(channel, r.TS)
	event := reply{
		"type": "app_mention", "user": p.id, "text": m.Text, "ts": m.TS, "event_ts": m.TS, "channel": channel,
		"team": p.f.users[p.id].TeamID, "client_msg_id": p.f.newID("msg-"),
		"blocks": []reply{{"type": "rich_text", "block_id": p.f.newID("blk"), "elements": []reply{
			{"type": "rich_text_section", "elements": []reply{{"type": "text", "text": m.Text}}},
		}}},
	}
	if threadTS != "" {
		event["thread_ts"] = threadTS
	}
	member := ch.BotIsMember
	p.f.mu.Unlock()
	if !member {
		r.Shown = "not_in_channel"
		return r
	}
	r.Ack, r.Err = p.f.Emit(ctx, event)
	return r
}

// Say writes in a channel, or in a thread, without the bot being told.
func (p *Person) Say(channel, threadTS, text string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	ch, err := p.channel(channel)
	if err == nil && p.f.threadable(channel, threadTS).given() {
		err = errors.New("no message to answer")
	}
	if err == nil && ch.Archived {
		err = errors.New("the channel is archived")
	}
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("write in %s: %v", channel, err)
	}
	defer p.f.mu.Unlock()
	r := p.begin()
	r.TS = p.f.post(&Message{Channel: channel, ThreadTS: threadTS, Author: p.id, Text: p.f.escape(text, false)}).TS
	return r
}

// OpenHome opens the app's home page.
func (p *Person) OpenHome(ctx context.Context) Result {
	p.f.mu.Lock()
	r := p.begin()
	ch := p.f.openDM(p.id)
	event := reply{"type": "app_home_opened", "user": p.id, "channel": ch.ID, "tab": "home", "event_ts": stampNow(p.f.o.Now())}
	if v := p.f.views.homes[p.id]; v != nil {
		event["view"] = p.f.viewJSON(v)
	}
	p.f.mu.Unlock()
	r.Ack, r.Err = p.f.Emit(ctx, event)
	return r
}

// Emit sends an event of any type, as Slack wraps it. It gives how the first sending was taken; when that was not well
// it is sent again, up to three times, while the test goes on.
func (f *Fake) Emit(ctx context.Context, event map[string]any) (Ack, error) {
	f.mu.Lock()
	var enterprise any
	if f.o.Enterprise != "" {
		enterprise = f.o.Enterprise
	}
	e := Envelope{ID: f.newID("env-"), Kind: EventsAPI, Payload: mustJSON(reply{
		"token": verification, "team_id": Team, "enterprise_id": enterprise, "context_team_id": Team,
		"context_enterprise_id": enterprise, "api_app_id": App, "event": event, "type": "event_callback",
		"event_id": f.newID("Ev"), "event_time": f.o.Now().Unix(), "is_ext_shared_channel": false,
		"event_context": f.newID("ctx-"), "authorizations": []reply{{
			"enterprise_id": enterprise, "team_id": Team, "user_id": Bot, "is_bot": true, "is_enterprise_install": false,
		}},
	})}
	f.mu.Unlock()
	ack, err := f.send(ctx, e)
	if again(ack, err) && !errors.Is(err, errNowhere) {
		f.retries.Go(func() { f.resend(ctx, e, err) })
	}
	return ack, err
}

// Settle waits until no event is to be sent again any more.
func (f *Fake) Settle() { f.retries.Wait() }

// resend sends an event again until it is taken.
func (f *Fake) resend(ctx context.Context, e Envelope, err error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	go func() {
		select {
		case <-f.server.Done:
			cancel()
		case <-ctx.Done():
		}
	}()
	for i, wait := range f.o.RetryEvents {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-f.server.Done:
			timer.Stop()
			return
		}
		e.RetryAttempt, e.RetryReason = i+1, reason(err)
		var ack Ack
		if ack, err = f.send(ctx, e); !again(ack, err) {
			return
		}
	}
}

func again(ack Ack, err error) bool {
	return err != nil || !ack.OK() && ack.Header.Get("X-Slack-No-Retry") != "1"
}

func reason(err error) string {
	switch {
	case err == nil:
		return "http_error"
	case errors.Is(err, ErrTimeout):
		return "http_timeout"
	}
	return "connection_failed"
}
