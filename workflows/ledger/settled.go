package ledger

import "github.com/readyroom/readyroom/workflows"

// Word is what a human says of a delivery that nobody here can vouch for.
type Word string

// The words.
const (
	WordSent  Word = "sent"  // it is there after all
	WordAgain Word = "again" // send it once more
	WordDrop  Word = "drop"  // let it be
)

// Settled is the ledger's line of such a word. It belongs to no stream.
type Settled struct {
	Delivery string           `json:"delivery"`
	What     string           `json:"what"`
	Stream   workflows.Stream `json:"about,omitempty"` // whose event it told
	Place    workflows.Place  `json:"place,omitempty"`
	Word     Word             `json:"word"`
	By       string           `json:"by,omitempty"` // the host's name of whoever said it
}

// Kind names the event.
func (Settled) Kind() string { return "desk.settled" }
