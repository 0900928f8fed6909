package evidence

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Report is what the entries of a bundle say, for people: facts, no sentences, so that later words tell it alike.
type Report struct {
	Heading
	Product    workflows.Product  `json:"product"`
	Version    string             `json:"version"`
	Title      string             `json:"title,omitempty"`
	Why        string             `json:"why,omitempty"`
	Template   string             `json:"template"`
	Revision   string             `json:"revision"` // of the template
	Risk       policy.Risk        `json:"risk"`
	RiskWhy    string             `json:"risk_why,omitempty"` // when it is not the template's own
	Paths      []string           `json:"paths,omitempty"`
	Manager    workflows.PersonID `json:"manager"`
	Opened     Act                `json:"opened"`
	Stands     string             `json:"stands"` // where the release stands at the last entry
	Candidates []Candidate        `json:"candidates,omitempty"`
	Gates      []Gate             `json:"gates"`
	Flags      []Flag             `json:"flags,omitempty"`
	Approvals  []Approval         `json:"approvals,omitempty"` // of the notes
	Published  []Publication      `json:"published,omitempty"`
	Texts      map[string]string  `json:"texts,omitempty"` // of the notes that were approved or published, by digest
	Briefed    []Briefed          `json:"briefed,omitempty"`
	Read       []Reading          `json:"read,omitempty"` // of the briefing, by whom
	Quotas     []Quota            `json:"quotas,omitempty"`
	Deploys    []Deployment       `json:"deploys,omitempty"`
	Holds      []Hold             `json:"holds,omitempty"`
	Rollbacks  []Rollback         `json:"rollbacks,omitempty"`
	Risks      []RiskChange       `json:"risks,omitempty"`
	Adoptions  []Adoption         `json:"adoptions,omitempty"`
	Managers   []Handover         `json:"managers,omitempty"`
	Overrides  *Overrides         `json:"overrides,omitempty"`
	Refused    []Refusal          `json:"refused,omitempty"`
	Policies   []Policy           `json:"policies"`
	Anchors    []Anchor           `json:"anchors,omitempty"`
	Timeline   []Happening        `json:"timeline"`
	Other      map[string]int     `json:"other,omitempty"` // kinds of events that this program does not know, and how many
}

// Act is who did something, through what, when, and which event of the ledger says so.
type Act struct {
	By      workflows.PersonID `json:"by,omitempty"`
	Handle  workflows.Handle   `json:"handle,omitempty"`
	Machine string             `json:"machine,omitempty"` // instead of a person
	At      time.Time          `json:"at"`
	Event   workflows.Seq      `json:"event"`
}

// Candidate is a commit that was meant to go out.
type Candidate struct {
	Act
	Commit  string            `json:"commit"`
	Tree    string            `json:"tree,omitempty"`
	Ref     string            `json:"ref,omitempty"`
	Subject string            `json:"subject,omitempty"`
	Builds  map[string]string `json:"builds,omitempty"` // name → digest
	Base    string            `json:"base,omitempty"`   // the candidate in GA that it came after
}

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

// Flag is one feature flag of the release.
type Flag struct {
	Key   workflows.FlagKey `json:"key"`
	Turns []Turn            `json:"turns"`
}

// Turn is one change of a flag in one environment, in percent of its users.
type Turn struct {
	Act
	How  string                `json:"how"` // created, set, killed, reverted
	Env  workflows.Environment `json:"env,omitempty"`
	From int                   `json:"from"`
	To   int                   `json:"to"`
	Note string                `json:"note,omitempty"`
}

// Approval is one person's word for the notes.
type Approval struct {
	Act
	As        workflows.Role `json:"as,omitempty"`
	Commit    string         `json:"commit,omitempty"`
	Digest    string         `json:"digest"`
	Changelog string         `json:"changelog,omitempty"` // the digest of the change log that was approved with it
}

// Publication is where approved notes went.
type Publication struct {
	Act
	Digest   string             `json:"digest"`
	To       []notes.Channel    `json:"to"`
	Outside  []Outside          `json:"outside,omitempty"`
	For      workflows.PersonID `json:"for,omitempty"`      // who wanted it published then
	Corrects string             `json:"corrects,omitempty"` // why other words took the place of published ones
}

// Outside is what was made of notes beside the channels, and how that came out.
type Outside struct {
	Op    string         `json:"op"`
	Made  string         `json:"made"`           // "release v1.0.0 of acme/app"
	Fate  workflows.Fate `json:"fate,omitempty"` // empty: nobody said
	Link  string         `json:"link,omitempty"`
	Why   string         `json:"why,omitempty"`
	Ended time.Time      `json:"ended,omitzero"`
}

// Briefed is a briefing on its way to audiences, or, Countered, the news to its readers that it no longer holds.
type Briefed struct {
	Act
	To        []workflows.Audience `json:"to,omitempty"`
	Digest    string               `json:"digest,omitempty"`
	Countered []workflows.PersonID `json:"countered,omitempty"`
	Why       string               `json:"why,omitempty"`
}

// Reading is one person's word that they read a briefing.
type Reading struct {
	Act
	Digest string `json:"digest"`
}

// Quota is that enough people had read a briefing, or no longer had.
type Quota struct {
	Act
	Met    bool             `json:"met"`
	Digest string           `json:"digest"`
	Counts []briefing.Count `json:"counts,omitempty"`
	Why    string           `json:"why,omitempty"`
}

// Hold is a time in which nothing went on.
type Hold struct {
	Act
	Why   string `json:"why"`
	Until *Act   `json:"until,omitempty"`
	Note  string `json:"note,omitempty"` // of whoever let it go on
}

// Deployment is a commit on its way to an environment, and what became of it.
type Deployment struct {
	Act
	Op     string                `json:"op"`
	Env    workflows.Environment `json:"env"`
	Commit string                `json:"commit"`
	Of     workflows.ReleaseID   `json:"of,omitempty"` // whose commit a rollback brought back
	State  workflows.DeployState `json:"state"`
	Why    string                `json:"why,omitempty"`
	Link   string                `json:"link,omitempty"`
	Ended  *Act                  `json:"ended,omitempty"` // when it came to that state
}

// Rollback is one time that the release was taken back.
type Rollback struct {
	Act
	Why    string `json:"why"`
	From   string `json:"from"`
	Commit string `json:"commit,omitempty"` // that was out
	Good   string `json:"good,omitempty"`   // the last good one
}

// Refusal is something that somebody tried and was not let do.
type Refusal struct {
	Act
	As     workflows.Role   `json:"as,omitempty"`
	Line   string           `json:"line"`
	Place  workflows.Place  `json:"place,omitempty"`
	Reason workflows.Reason `json:"reason"`
	Why    string           `json:"why,omitempty"`
}

// Policy is one configuration that events were decided under, and what it let those people do who acted.
type Policy struct {
	Hash     string               `json:"hash"`
	Recorded workflows.Seq        `json:"recorded,omitempty"` // the event that holds it; 0: none in this bundle
	Decided  int                  `json:"decided"`            // how many events
	Owners   []workflows.PersonID `json:"owners,omitempty"`
	People   []Acting             `json:"people,omitempty"`
}

// Acting is a person with the roles that they held when they acted.
type Acting struct {
	Person workflows.PersonID `json:"person"`
	Roles  []Held             `json:"roles,omitempty"`
}

// Held is a role that somebody held, by name or as owner because nobody was named.
type Held struct {
	Role  workflows.Role     `json:"role"`
	Owner bool               `json:"owner,omitempty"`
	For   workflows.PersonID `json:"for,omitempty"` // whose deputy they were
}

// Anchor is a tip that was published outside the bot. Its proof is among the bundle's older tips.
type Anchor struct {
	Act
	Size workflows.Seq `json:"size"`
	Hash string        `json:"hash"`
	Kept string        `json:"kept"` // the channel or the tag
}

// Happening is one event in the order of the ledger.
type Happening struct {
	Act
	As    workflows.Role `json:"as,omitempty"`
	Kind  string         `json:"kind"`
	Facts Facts          `json:"facts,omitempty"`
}

// Facts are what a line about an event says, by name.
type Facts map[string]string
