package ledger

import "github.com/readyroom/readyroom/workflows"

// Policy is the ledger's line of a configuration that came into force: who held what under the hash that every event
// decided under it names. It belongs to no stream. It holds ids and nothing else of a person, so that one who leaves can
// be forgotten.
type Policy struct {
	Hash      string                           `json:"hash"`
	Owners    []workflows.PersonID             `json:"owners,omitempty"`
	Roles     map[workflows.Role]Holders       `json:"roles,omitempty"`
	Audiences map[workflows.Audience]Listeners `json:"audiences,omitempty"`
	People    map[workflows.PersonID]Author    `json:"people,omitempty"`

	// Accounts are, of those after which the ledger calls somebody, the ones that the configuration gives to one of its
	// people: what was done under such an id is theirs. Of no other account a word is said.
	Accounts map[workflows.PersonID]workflows.PersonID `json:"accounts,omitempty"`
}

// Holders are those who held a role: people, and groups whose rosters arrived for themselves.
type Holders struct {
	People []workflows.PersonID `json:"people,omitempty"`
	Groups []string             `json:"groups,omitempty"`
}

// Listeners are those who were told as an audience.
type Listeners struct {
	People []workflows.PersonID `json:"people,omitempty"`
	Quota  int                  `json:"quota,omitempty"` // percent
	Public bool                 `json:"public,omitempty"`
}

// Author is what the author rule went by of a person.
type Author struct {
	Code Code `json:"code"`
}

// Code says what is known of the addresses under which a person writes code; which they are is not on record.
type Code string

// What Code says.
const (
	CodeKnown   Code = "known"
	CodeUnknown Code = "unknown"
	CodeNone    Code = "none" // they write no code
)

// Kind names the event.
func (Policy) Kind() string { return "desk.policy" }
