package desk

import "github.com/readyroom/readyroom/storage"

// Telling is how much a channel is told of the releases that are bound to it.
type Telling string

// The ways to tell a channel; where nothing is said, InThread.
const (
	CardOnly Telling = "card"   // the card, and what is posted anew: gates, holds, rollbacks, the end, publications
	InThread Telling = "thread" // that, and each step as a line in the card's thread
	InOpen   Telling = "all"    // that, with each step posted in the open
)

// Tellings are all of them, the quietest first.
func Tellings() []Telling { return []Telling{CardOnly, InThread, InOpen} }

// told is a delivery as its channel wants it; false: the channel wants it not at all. What answers in a thread is one
// step of many.
func (r *rules) told(d storage.Delivery) (storage.Delivery, bool) {
	step := d.In != ""
	switch r.Channels[d.Place] {
	case CardOnly:
		return d, !step && d.What != readiness
	case InOpen:
		d.In = ""
	}
	return d, true
}
