package slack

import (
	"bytes"
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

// handOver sends files to whoever asked, in direct messages: in a channel everybody would get them. It says where they
// are, or that they are not there.
func (s *Slack) handOver(ctx context.Context, a *asked, files []chat.File) {
	for _, f := range files {
		name := f.Name
		text := name + " is in your direct messages with me."
		if err := s.upload(ctx, a, f); err != nil {
			s.Log.ErrorContext(ctx, "file not handed over", "reference", a.request.ID, "error", told(err))
			text = name + " could not be handed over: Slack did not take it. Ask for it again; if it stays so, whoever runs the bot sees why with `readyroom doctor`. Reference: " + a.request.ID
		}
		s.tell(ctx, a, blocks.Pages(chat.Message{Title: text}))
	}
}

// uploadFor is how long a file may take on its way.
const uploadFor = time.Minute

func (s *Slack) upload(ctx context.Context, a *asked, f chat.File) error {
	ctx, cancel := context.WithTimeout(ctx, uploadFor)
	defer cancel()
	channel, fault := s.channel(ctx, workflows.Direct(a.request.By))
	if fault != nil {
		return fault
	}
	_, err := s.client().UploadFileContext(ctx, slack.UploadFileParameters{
		Reader: bytes.NewReader(f.Data), FileSize: len(f.Data), Filename: f.Name, Title: f.Name, Channel: channel,
	})
	return err
}
