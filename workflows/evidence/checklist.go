package evidence

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Gate is one checklist, what it asked for, and each time it was passed.
type Gate struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Opens bool   `json:"opens,omitempty"` // lets users in
	Asks
	Items  []Item    `json:"items"`
	Soak   []Waiver  `json:"soak,omitempty"` // of the time that its stage stays open
	Passed []Passing `json:"passed,omitempty"`
}

// Item is one line of a checklist with all that was arranged about it, and every vote that was cast on it.
type Item struct {
	Key     string          `json:"key"` // in full, where it stands now
	Text    string          `json:"text"`
	Role    workflows.Role  `json:"role"`
	Binds   release.Binding `json:"binds,omitempty"`
	From    release.Source  `json:"from,omitempty"`   // what its vote is derived from
	Origin  release.Origin  `json:"origin,omitempty"` // who brought it, where the template did not
	Late    bool            `json:"late,omitempty"`   // after the cut-off
	Since   *Act            `json:"since,omitempty"`  // when it came, where it was not there from the beginning
	Gone    *Act            `json:"gone,omitempty"`   // when it was no longer asked
	Moved   []Move          `json:"moved,omitempty"`
	Asked   []Ask           `json:"asked,omitempty"`
	Plans   []Plan          `json:"plans,omitempty"`
	Waivers []Waiver        `json:"waivers,omitempty"`
	Votes   []Vote          `json:"votes,omitempty"`
}

// Vote is one vote and what became of it.
type Vote struct {
	Act
	WordOf   workflows.PersonID `json:"word_of,omitempty"` // on whose word a source voted
	From     release.Source     `json:"from,omitempty"`    // the source that voted
	As       workflows.Role     `json:"as,omitempty"`
	Owner    bool               `json:"owner,omitempty"` // nobody held the role, so it fell to the owners
	For      workflows.PersonID `json:"for,omitempty"`   // whose deputy they were
	Value    release.Value      `json:"value"`
	Commit   string             `json:"commit,omitempty"` // the candidate then
	Digest   string             `json:"digest,omitempty"` // of what it vouches for
	Note     string             `json:"note,omitempty"`
	Evidence string             `json:"evidence,omitempty"`
	ByHand   bool               `json:"by_hand,omitempty"` // on a derived item, without its source
	Expires  time.Time          `json:"expires,omitzero"`
	Stale    workflows.Seq      `json:"stale_since,omitempty"` // the event after which it vouched for something else
	Ended    *Ended             `json:"ended,omitempty"`
}

// Ended is how a vote stopped standing: replaced, withdrawn, expired, or voided, as its item came to ask for something else.
type Ended struct {
	Act
	How string `json:"how"`
}

// Passing is one time that a gate was passed.
type Passing struct {
	Act
	To      workflows.Stage      `json:"to"`
	Commit  string               `json:"commit,omitempty"`
	Note    string               `json:"note,omitempty"`
	Voters  []workflows.PersonID `json:"voters,omitempty"`  // as the bot recorded them
	Counted []workflows.Seq      `json:"counted,omitempty"` // the votes that counted at that moment, by event
	Stale   []workflows.Seq      `json:"stale,omitempty"`   // the votes that were stale then
	Policy  string               `json:"policy,omitempty"`
	Judged  string               `json:"judged"`           // by what these records were judged again: see Judged…
	Doubts  []Doubt              `json:"doubts,omitempty"` // what the records, judged again, do not show
	Undone  *Act                 `json:"undone,omitempty"` // the rollback that took it back
	Waived  []string             `json:"waived,omitempty"` // the items that held by a waiver alone
	Glass   *Broken              `json:"glass,omitempty"`  // it did not hold
	Risk    policy.Risk          `json:"risk,omitempty"`   // where it is another by now
	Needed  *Asks                `json:"needed,omitempty"` // what the risk asked then, where it asks for something else by now
}

// By what a passing was judged again.
const (
	JudgedByPolicy = "policy" // the configuration in force, as the ledger holds it
	JudgedByVotes  = "votes"  // the roles that the votes themselves name: the configuration is not in the ledger
)

// Doubt is something that a gate asked for and the records do not show.
type Doubt struct {
	Item   string           `json:"item,omitempty"` // empty: the gate as a whole
	Reason workflows.Reason `json:"reason"`
}

// OtherVoters is the doubt that the bot named other people than the votes do.
const OtherVoters workflows.Reason = "other_voters"
