package workflows

import (
	"encoding/json"
	"fmt"
	"time"
)

// Overdue reports whether a date has passed. A date that names no hour is the whole day; the zero one never passes.
func Overdue(date, now time.Time) bool {
	if date.IsZero() {
		return false
	}
	if h, m, s := date.Clock(); h == 0 && m == 0 && s == 0 {
		date = date.AddDate(0, 0, 1)
	}
	return !now.Before(date)
}

// Intent is a wish to change something. Each room closes its own set with unexported methods.
type Intent interface {
	// Needs says who may wish this at all; a room may ask for more once it knows what it is about.
	Needs() Need
}

// Looking is an Intent that needs facts from the product's repository; the desk asks for them before the transaction.
type Looking interface {
	Intent
	Look() Query
}

// Stranger is an Intent that somebody may wish whom nobody knows: to prove who they are by a code, or to say what they
// think of a release.
type Stranger interface {
	Intent
	Stranger()
}

// Discreet is an Intent whose line holds a secret: wherever the line is written down, Said stands for it.
type Discreet interface {
	Intent
	Said() string
}

// Selectors say what a wish is about, as typed; the desk resolves them.
type Selectors struct {
	Release string // "billing@2.4.0", a unique prefix of it, or a release's number; empty: by the channel
	Flag    string // a flag's key
}

// Basis is what a button was drawn at. A press whose basis no longer holds is told so instead of counting.
type Basis struct {
	Candidate string // the candidate's short id; empty: not said
	Revision  uint64 // of the thing pressed: an item's own, a flag's
	Said      bool   // whether there is a basis at all; typed lines have none
}

// Ask is one request to the desk, complete.
type Ask struct {
	ID    string // unique per request; the same id again changes nothing and gives the same receipt
	By    Handle // who asks; empty when a machine does
	Bot   string // the machine that asks: "clock", "follow"; the Needs of its wish must be Machine or Anyone
	At    Place
	On    Selectors
	When  time.Time
	Basis Basis
	Dry   bool
	As    Role   // --as
	Line  string // the canonical line, kept with a pending confirmation
	Press string // the key of the pending confirmation or undo that this ask presses
	Typed string // what was typed to confirm, where a question wants that
	Wish  Intent
}

// Event is one thing that happened. It carries every value that its fold needs.
type Event interface {
	// Kind is the stable name under which it is stored: "release.signed".
	Kind() string
}

// Header is what the ledger knows of every event beside the event itself.
type Header struct {
	Seq      Seq
	Stream   Stream
	Revision Revision
	At       time.Time // never earlier than the event before it, in the whole ledger
	By       Actor
	As       Role   // the role in which it was done, where one counted
	Ask      string // the id of the ask that caused it
	Policy   string // hash of the configuration it was decided under
	Template string // revision of the template it was decided under; empty outside releases
}

// Recorded is an event with its header.
type Recorded struct {
	Header
	Event Event
}

// EffectKind says what a delivery is: one queue holds all three.
type EffectKind string

// The kinds of effect.
const (
	Tell EffectKind = "tell" // show something to an audience
	Act  EffectKind = "act"  // change something outside
	Wake EffectKind = "wake" // come back at a time
)

// Effect is what follows outside from an event, before the desk turned it into deliveries, one per place.
type Effect struct {
	Kind  EffectKind
	What  string          // which drawing or action: "card", "passed", "published"
	To    To              // whom it tells
	At    time.Time       // when; zero: at once
	Slot  string          // deliveries with the same slot and place replace, then edit, each other; empty: each is its own
	First bool            // before everything else that the same act tells
	In    string          // a slot whose message this one answers in its thread
	Data  json.RawMessage // what the drawing needs beside current state; publications carry their text here
}

// To is whom an effect tells. Exactly one field is set.
type To struct {
	Release  ReleaseID // the channels bound to a release
	Person   PersonID  // their direct messages
	Account  Handle    // its direct messages; while its platform is off, those of whoever bears it
	Audience Audience  // the channel of a named audience, else its people
	Place    Place
}

// Told is one place that was told, or would be.
type Told struct {
	Place Place    `json:"place"`
	Who   PersonID `json:"who,omitempty"` // whose direct messages the place is
	What  string   `json:"what"`
	Edit  bool     `json:"edit,omitempty"` // an edit of something shown already, not a new post
	N     int      `json:"n,omitempty"`    // set: it stands for so many who follow the release, each told in person; there is no place
}

// In is how people write where it is told: "#general", the person, or how many.
func (t Told) In() string {
	switch t.N {
	case 0:
	case 1:
		return "1 who follows it"
	default:
		return fmt.Sprintf("%d who follow it", t.N)
	}
	if t.Who != "" {
		return t.Who.At()
	}
	return t.Place.Channel()
}

// Receipt is the desk's answer to an ask that was not refused.
type Receipt struct {
	Ask     string
	Stream  Stream
	Events  []Recorded // what happened in Stream; for a dry run or a confirmation: what would
	Follows []Recorded // what followed in other streams
	Told    []Told
	Before  any // the stream's state before; nil when it did not exist
	After   any // and after
	Dry     bool
	Again   bool     // this id was answered before: nothing happened now
	Confirm *Pending // set: nothing happened yet, this must be pressed
	Undo    *Pending // set: a safe act that its author may take back
	Secret  string   // for the asker's eyes alone, kept nowhere: a code that was made
}

// Pending is a wish that waits for its author's press: a confirmation (towards danger), or an undo (after a safe act).
type Pending struct {
	Key    string    `json:"key"` // "k3f9"
	Undo   bool      `json:"undo,omitempty"`
	Line   string    `json:"line"` // the canonical line that is carried out at the press
	By     PersonID  `json:"by"`
	At     Place     `json:"at"`
	Until  time.Time `json:"until"`
	Stream Stream    `json:"stream"`
	Basis  Revision  `json:"basis"`           // of an undo: the stream's revision that it takes back
	Need   Need      `json:"need,omitempty"`  // of an undo: what the act needed, and taking it back needs too
	Used   bool      `json:"used,omitempty"`  // it was pressed: only the very same press again is answered
	Plan   string    `json:"plan"`            // of a confirmation: a digest of what would happen
	Typed  string    `json:"typed,omitempty"` // of a confirmation: what must be typed, the release's version
}

// Summary is the row about a stream that lists, selectors and reminders read, with the keys it is found under.
type Summary struct {
	Keys []string // index keys; a stream is found by each
	Data any      // the room's own row, as JSON
}

// Dismiss says no to a question: its Ask names the question in Press.
type Dismiss struct{}

// Needs says who may: the question's own person, which the desk holds it to.
func (Dismiss) Needs() Need { return Anyone }
