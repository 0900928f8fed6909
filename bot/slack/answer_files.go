package slack

import (
	"bytes"
	"context"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// handOver sends files to whoever asked, in direct messages: in a channel everybody would get them. It says where they
// are, or that they are not there.
func (s *Slack) handOver(ctx context.Context, a *asked, files []chat.File) {
	for _, f := range files {
		name := f.Name
		text := name + " is in your direct messages with me."
		if err := s.upload(ctx, a.user, f); err != nil {
			s.Log.ErrorContext(ctx, "file not handed over", "reference", a.request.ID, "error", told(err))
			text = name + " could not be handed over: Slack did not take it. Ask for it again; if it stays so, whoever runs the bot sees why with `readyroom doctor`. Reference: " + a.request.ID
		}
		s.tell(ctx, a, pages(chat.Message{Title: text}))
	}
}

func (s *Slack) upload(ctx context.Context, user string, f chat.File) error {
	var channel string
	err := patiently(ctx, func(ctx context.Context) error {
		c, _, _, err := s.api.Load().OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
		if err == nil {
			channel = c.ID
		}
		return err
	})
	if err != nil {
		return err
	}
	return patiently(ctx, func(ctx context.Context) error {
		_, err := s.api.Load().UploadFileContext(ctx, slack.UploadFileParameters{
			Reader: bytes.NewReader(f.Data), FileSize: len(f.Data), Filename: f.Name, Title: f.Name, Channel: channel})
		return err
	})
}
