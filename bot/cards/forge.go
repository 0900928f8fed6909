package cards

import (
	"fmt"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
)

// follows says which branch a candidate follows; empty: none.
func follows(r release.Release) string {
	switch branch := r.Watching(); {
	case branch == "":
		return ""
	case r.Candidate.Lost:
		return fmt.Sprintf("followed %s, which is gone", workflows.Display(branch, 60))
	default:
		return "follows " + workflows.Display(branch, 60)
	}
}

// Watching answers `candidate set` where the candidate stays, and only what it follows is another.
func Watching(r release.Release) chat.Message {
	title := fmt.Sprintf("%s stays the candidate", commit(r))
	if s := follows(r); s != "" {
		return chat.Message{Title: title + ", and " + s + " from here on"}
	}
	return chat.Message{Title: title + ", and follows no branch any more"}
}

// Tag tells somebody what became of a tag.
func Tag(e workflows.Event) chat.Message {
	switch e := e.(type) {
	case tags.Took:
		m := say("tag-opened", e)
		m.Buttons = []chat.Button{{Label: "Status", Line: "status " + string(e.Release)}}
		return m
	case tags.Declined:
		return say("tag-declined", e)
	case tags.Moved:
		return say("tag-moved", e)
	}
	return chat.Message{}
}
