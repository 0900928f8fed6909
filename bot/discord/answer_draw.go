package discord

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

// drawing is an answer as it is drawn.
type drawing struct {
	message chat.Message  // where it is posted like any other, and spelled then
	pages   []embeds.Page // one at least
	opener  *opener       // below the last of them
	rest    *chat.File    // all of what is very long
	open    bool
}

// drawn draws what a reply says, with the commands in it spelled as they are typed here.
func drawn(r chat.Reply, o *opener, spell func(string) string) drawing {
	said := reached(r)
	m := spelled(said, spell)
	w := drawing{message: o.beside(said), pages: embeds.Pages(m), opener: o, open: r.Open}
	if len(w.pages) <= 1+maxFollow {
		return w
	}
	all := append([]string{m.Title}, m.Lines...)
	if m.Small != "" {
		all = append(all, m.Small)
	}
	w.rest = &chat.File{Name: "answer.txt", Data: []byte(strings.Join(all, "\n") + "\n")}
	w.pages = append(w.pages[:maxFollow:maxFollow], embeds.One(chat.Message{Title: "… and more: all of it is in the file below.", Buttons: m.Buttons, Small: m.Small}))
	return w
}

// page is one of its pages as it is sent.
func (w drawing) page(i int) reply {
	s := say(w.pages[i], w.open)
	if i == len(w.pages)-1 && w.opener != nil {
		s.Components = append(slices.Clip(s.Components[:min(len(s.Components), maxRows-1)]), w.opener.component())
	}
	return s
}
