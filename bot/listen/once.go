package listen

import (
	"context"
	"errors"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

const (
	maxTries = 4           // of a post that a platform wants later
	maxWait  = time.Minute // before the next of them
)

// Outlet is where answers that are posts go.
type Outlet interface {
	chat.Sender
	chat.Finder
}

// Once posts an answer once, also if the question comes again, and reports whether it is there. Where nobody can tell
// whether it is, it is not posted. With sure nothing of it can have been sent before as far as the platform knows, so
// that it is posted also when it cannot be looked for.
func Once(ctx context.Context, out Outlet, p chat.Post, sure bool) bool {
	for range maxTries {
		if p.Again {
			_, there, err := out.Find(ctx, p)
			if there || err != nil && !sure {
				return there
			}
			p.Again = err == nil
		}
		_, err := out.Send(ctx, p)
		if err == nil {
			return true
		}
		f, known := errors.AsType[*chat.Fault](err)
		var after time.Duration
		switch {
		case !known || f.Verdict == chat.Unclear:
			p.Again, sure = true, false
		case f.Verdict != chat.Retry:
			return false
		}
		if known {
			after = f.After
		}
		Rest(ctx, min(max(after, time.Second), maxWait))
	}
	return false
}
