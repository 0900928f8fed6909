package slack

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// The message shortcuts of the manifest, and the lines whose forms they open.
var shortcuts = map[string]string{
	"add_to_release": "/release scope add",
	"feedback":       "/release feedback add",
}

// takeShortcut opens a form about a message.
func (s *Slack) takeShortcut(ctx context.Context, i interacted) {
	line, ok := shortcuts[i.Callback]
	if !ok || i.Message == nil {
		s.replies.ignored.Add(1)
		return
	}
	a := s.pressedAt(i)
	a.request.Text, a.request.ID = line, "slack/shortcut/"+i.Trigger
	if !s.admitted(ctx, i, a) {
		return
	}
	s.replies.flights.Carry(ctx, func(ctx context.Context) {
		s.answerBehind(ctx, a, func(ctx context.Context) chat.Reply {
			a.prefill = s.about(ctx, i)
			return s.carryOut(ctx, a)
		})
	})
}

// about is what a form about a message begins with: the first link in it, or else its own address, and for feedback
// what it says.
func (s *Slack) about(ctx context.Context, i interacted) map[string]string {
	feedback := i.Callback == "feedback"
	link := firstLink(i.Message.Text)
	if feedback || link == "" {
		link = s.permalink(ctx, i.Container.Channel, i.MessageTS)
	}
	known := map[string]string{"url": link, "what": link}
	if feedback {
		known = map[string]string{"url": link, "text": s.plainText(ctx, i.Message.Text)}
	}
	return known
}

// permalink is a message's address; empty where Slack does not give it in time for the form.
func (s *Slack) permalink(ctx context.Context, channel, ts string) string {
	ctx, cancel := context.WithTimeout(ctx, permalinkFor)
	defer cancel()
	link, err := s.client().GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts})
	if err != nil {
		s.Log.WarnContext(ctx, "no permalink", "error", told(err))
		return ""
	}
	return link
}

var (
	addressed = regexp.MustCompile(`<((?:https?://|mailto:)[^<>|\s]+)(?:\|([^<>]*))?>`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// firstLink is the first address in a message of Slack.
func firstLink(text string) string {
	for _, g := range addressed.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(g[1], "mailto:") {
			return unescaper.Replace(g[1])
		}
	}
	return ""
}

// permalinkFor is how long a message's address may take: the form has three seconds to open.
const permalinkFor = time.Second

// maxPlain is what a field of a form holds.
const maxPlain = 2900

// plainText is a message as the text of a field: without Slack's marks and escapes.
func (s *Slack) plainText(ctx context.Context, text string) string {
	text = addressed.ReplaceAllStringFunc(s.typedText(ctx, text), func(m string) string {
		return strings.TrimPrefix(addressed.FindStringSubmatch(m)[1], "mailto:")
	})
	runes := []rune(unescaper.Replace(text))
	if len(runes) > maxPlain {
		return string(runes[:maxPlain]) + "…"
	}
	return string(runes)
}
