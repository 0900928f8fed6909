package ledger

import "github.com/readyroom/readyroom/workflows"

// Refused is the ledger's line of an authenticated refusal. It belongs to no stream.
type Refused struct {
	Line    string              `json:"line"`
	At      workflows.Place     `json:"at,omitempty"`
	Release workflows.ReleaseID `json:"release,omitempty"` // what it was about, where that is known
	Reason  workflows.Reason    `json:"reason"`
	Why     string              `json:"why,omitempty"`
}

// Kind names the event.
func (Refused) Kind() string { return "desk.refused" }
