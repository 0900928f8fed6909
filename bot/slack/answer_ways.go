package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

const (
	maxPosts = 5                // answers that a response_url takes
	callFor  = 10 * time.Second // one call of Slack
	maxTries = 4                // of a call that Slack wants later
	maxWait  = time.Minute      // before the next of them
)

// posting is a page as an answer of its own. With open everybody in the channel sees it.
func posting(p blocks.Page, thread string, open bool) *slack.WebhookMessage {
	m := &slack.WebhookMessage{Text: p.Text(), ResponseType: slack.ResponseTypeEphemeral, ThreadTimestamp: thread}
	if open {
		m.ResponseType = slack.ResponseTypeInChannel
	}
	if len(p.Blocks()) > 0 {
		m.Blocks = &slack.Blocks{BlockSet: p.Blocks()}
	}
	return m
}

// whispered acknowledges a command with words for whoever typed it alone.
func whispered(text string) []byte {
	return jsonOf(posting(blocks.Pages(chat.Message{Title: text})[0], "", false))
}

// tell shows pages to whoever asked alone: where they asked, by the address that came with it as long as that takes
// them, else in direct messages.
func (s *Slack) tell(ctx context.Context, a *asked, ps []blocks.Page) {
	for _, p := range ps {
		err := s.respond(ctx, a, p)
		if err != nil && a.channel != "" && !a.direct {
			err = s.whisper(ctx, a, p)
		}
		if err != nil && a.user != "" {
			err = s.write(ctx, a, p)
		}
		if err != nil {
			s.Log.ErrorContext(ctx, "answer not delivered", "reference", a.request.ID, "error", told(err))
			return
		}
	}
}

// errNoAddress says that there is no response_url, or none that takes more.
var errNoAddress = errors.New("no address for answers")

// respond posts to the response_url of what is answered.
func (s *Slack) respond(ctx context.Context, a *asked, p blocks.Page) error {
	if a.posts >= maxPosts || !s.answersAt(a.url) {
		return errNoAddress
	}
	a.posts++
	return patiently(ctx, func(ctx context.Context) error {
		return slack.PostWebhookCustomHTTPContext(ctx, a.url, s.replies.outward(s.Options), posting(p, a.thread, false))
	})
}

// outward posts answers to the addresses that came with what is answered. It follows nobody elsewhere.
func (r *replies) outward(o Options) *http.Client {
	r.once.Do(func() {
		r.client = &http.Client{
			Transport:     &transport{base: listen.Carrier(o.Transport), api: slack.APIURL, now: o.Now},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	})
	return r.client
}

// answersAt reports whether an address is Slack's. It came signed, and still nothing is ever posted elsewhere.
func (s *Slack) answersAt(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	if own, err := url.Parse(s.URL); err == nil && s.URL != "" && u.Scheme == own.Scheme && u.Host == own.Host {
		return true
	}
	return u.Scheme == "https" && (u.Host == "slack.com" || strings.HasSuffix(u.Host, ".slack.com"))
}

// whisper shows a page in the channel to one person.
func (s *Slack) whisper(ctx context.Context, a *asked, p blocks.Page) error {
	return patiently(ctx, func(ctx context.Context) error {
		_, err := s.client().PostEphemeralContext(ctx, a.channel, a.user, inThread(content(p), a.thread)...)
		return err
	})
}

// write sends a page in direct messages.
func (s *Slack) write(ctx context.Context, a *asked, p blocks.Page) error {
	return patiently(ctx, func(ctx context.Context) error {
		f := s.call(ctx, doPost, a.user, func() error {
			_, _, err := s.client().PostMessageContext(ctx, a.user, content(p)...)
			return err
		})
		if f != nil {
			return f
		}
		return nil
	})
}

func inThread(options []slack.MsgOption, thread string) []slack.MsgOption {
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return options
}

// patiently calls Slack, and again when Slack wants it later.
func patiently(ctx context.Context, call func(context.Context) error) error {
	for n := 1; ; n++ {
		err := timed(ctx, call)
		f := faultOf(err)
		if f == nil || f.Verdict != chat.Retry || n == maxTries {
			return err
		}
		listen.Rest(ctx, min(max(f.After, time.Second), maxWait))
		if ctx.Err() != nil {
			return err
		}
	}
}

func timed(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	return call(ctx)
}

// answerOpenly gives an answer where all who follow see it, once, also if the question comes again; it reports whether
// it is there. Where nobody can tell whether it is, it is not posted: the asker alone gets it then.
func (s *Slack) answerOpenly(ctx context.Context, a *asked, m chat.Message) bool {
	p := chat.Post{Key: "answer/" + strings.TrimPrefix(a.request.ID, "slack/event/"), Place: a.request.At, Message: m, Again: a.again || a.young}
	if a.under != "" {
		p.Thread = messageID(a.channel, a.under)
	}
	return listen.Once(ctx, s, p, !a.again) // sure where nothing of it was sent by this process, or Slack saw no answer to it
}
