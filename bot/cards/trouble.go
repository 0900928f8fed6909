package cards

import (
	"cmp"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Trouble tells an owner what could not be told where; link is where the place is found in a browser, if anywhere.
func Trouble(e places.Troubled, b *policy.Book, link string) chat.Message {
	words := map[places.Fate]string{places.Parked: "parked", places.Failed: "undeliverable", places.Unclear: "in-doubt"}[e.Fate]
	return say(cmp.Or(words, "undeliverable"), map[string]any{"Place": placed(e.Place, b), "Direct": e.Place.IsDirect(), "Platform": e.Place.Platform(),
		"What": delivery(e.What, e.About), "Why": cmp.Or(e.Why, "nothing"), "ID": cmp.Or(e.Delivery, "ID"), "Link": link})
}

// Mended tells an owner that a place takes what it gets again.
func Mended(e places.Mended, b *policy.Book, v View) chat.Message {
	return say("mended", map[string]any{"Place": placed(e.Place, b), "Since": stamp(v, e.Since)})
}

// placed is a place as the configuration writes it; of somebody's direct messages, whose they are.
func placed(p workflows.Place, b *policy.Book) string {
	if p.IsDirect() {
		if who, ok := b.Resolve(p.Of()); ok {
			return "direct messages to " + who.ID.At() + " (" + p.Platform() + ")"
		}
		return "direct messages to " + account(p.Of())
	}
	return cmp.Or(workflows.Display(string(p), 80), "a place")
}

// deliveries is how people call what is told; the rest is a message.
var deliveries = map[string]string{
	"card": "the card", "history": "a step", "readiness": "the reminder", "digest": "the morning digest", "briefing": "the briefing",
	"counter-briefing": "the counter-briefing", "notes": "the notes", "anchor": "the ledger's tip",
	"passed": "a passed gate", "held": "a hold", "rolled-back": "the rollback", "cancelled": "the end",
}

// delivery is what could not be told, and of what.
func delivery(what string, about workflows.Stream) string {
	name := cmp.Or(deliveries[what], "a message")
	switch id := workflows.Display(about.ID(), 80); {
	case about.Room() == flag.Room:
		return name + " of the flag " + id
	case strings.Contains(id, "@"):
		return name + " of " + workflows.ReleaseID(id).Name()
	}
	return name
}
