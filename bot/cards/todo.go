package cards

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Digest is a person's morning: everything that waits for them, grouped by release, with the line to type.
func Digest(entries []todo.Entry, v View) chat.Message {
	m := say("digest", map[string]any{"Count": len(entries), "Entries": entryLines(entries, v)})
	m.Buttons, m.Whole = []chat.Button{ownPage}, "todo"
	return m
}

// Todo answers `todo`.
func Todo(who workflows.PersonID, entries []todo.Entry, v View) chat.Message {
	if len(entries) == 0 {
		return chat.Message{Title: "nothing waits for " + who.At()}
	}
	m := chat.Message{Title: fmt.Sprintf("%d waiting for %s", len(entries), who.At()), Lines: entryLines(entries, v), Whole: "todo " + who.At()}
	if who == v.Me {
		m.Buttons = []chat.Button{ownPage}
	}
	return m
}

// ownPage opens somebody's own page, which has a button for each thing.
var ownPage = chat.Button{Label: "Open my page", Line: "home"}

func entryLines(entries []todo.Entry, v View) []string {
	var out []string
	for _, e := range entries {
		s := e.Release.Name() + " · " + asked(e.Kind)
		if len(e.Items) > 0 {
			s += ": " + strings.Join(e.Items, ", ")
		}
		if !e.Target.IsZero() {
			s += " · target " + target(e.Target)
		}
		if since := v.waited(e.Since, e.Lead); since != "" {
			s += " · " + since
		}
		if !e.Due.IsZero() {
			s += " · due " + day(e.Due)
		}
		if e.Line != "" {
			s += " → /release " + e.Line
		}
		out = append(out, s)
	}
	return out
}

// asked words what is asked of somebody where the kind alone does not say of what.
func asked(k todo.Kind) string {
	if k == todo.Acknowledge {
		return "briefing to read"
	}
	return string(k)
}
