package evidence

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
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
