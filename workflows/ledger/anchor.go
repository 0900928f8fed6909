package ledger

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
)

// Anchor is the wish to publish the ledger's tip outside the database: whoever could rewrite the one cannot rewrite the
// other.
type Anchor struct {
	Channel string // "#audit", on the platform where it is wished; empty: the very place
	Tag     bool   // instead: a tag in the repository of a release's product
}

// Needs says who may.
func (Anchor) Needs() workflows.Need { return workflows.Maker }

// Anchored is the event that a tip goes to a place outside the database. It belongs to no stream, and the tip is of the
// ledger before it.
type Anchored struct {
	Size    workflows.Seq     `json:"size"`
	Hash    tlog.Hash         `json:"hash"`
	Place   workflows.Place   `json:"place,omitempty"` // a channel, or
	Tag     string            `json:"tag,omitempty"`   // a tag of
	Product workflows.Product `json:"product,omitempty"`
}

// Kind names the event.
func (Anchored) Kind() string { return "desk.anchored" }

// TagName is what a tag that holds the tip is called.
func (t Tip) TagName() string { return fmt.Sprintf("readyroom-ledger-%d", t.Size) }

// Published is a tip that went outside, with the event that says so.
type Published struct {
	Anchored
	Event workflows.Seq `json:"event"`
	At    time.Time     `json:"at"`
	Clock bool          `json:"clock,omitempty"` // by schedule
}

// Verification is how the last reading of a whole record ended.
type Verification struct {
	At  time.Time `json:"at"` // zero: there was none
	OK  bool      `json:"ok"`
	Tip Tip       `json:"tip"`
}

// Outside is what is known of a ledger beside itself: whoever rewrites it must meet all of this.
type Outside struct {
	Kept      Tip          // beside the database; zero: none is kept
	Published []Published  // oldest first
	Verified  Verification // the last one
}
