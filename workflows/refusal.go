package workflows

import "strings"

// Reason is a stable code that says why something was refused. People quote it, scripts match it.
type Reason string

// The reasons that several rooms share. A room's own reasons stand beside what they refuse.
const (
	Invalid          Reason = "invalid"           // the words cannot be understood
	UnknownCommand   Reason = "unknown_command"   //
	UnknownPerson    Reason = "unknown_person"    //
	UnknownRelease   Reason = "unknown_release"   //
	UnknownProduct   Reason = "unknown_product"   //
	UnknownItem      Reason = "unknown_item"      //
	UnknownRef       Reason = "unknown_ref"       // no such commit, branch or tag
	Ambiguous        Reason = "ambiguous"         // several things answer to the name
	WhichRelease     Reason = "which_release"     // no release was named and several are open
	NoRelease        Reason = "no_release"        // nothing is open
	NotAllowed       Reason = "not_allowed"       // the asker lacks the role
	NotReady         Reason = "not_ready"         // items are open
	NoCandidate      Reason = "no_candidate"      //
	NoRepository     Reason = "no_repository"     //
	NoCommit         Reason = "no_commit"         // the branch has no commit yet
	Detached         Reason = "detached_head"     //
	Exists           Reason = "exists"            // it is there already
	OnHold           Reason = "on_hold"           //
	Over             Reason = "over"              // the release is closed or cancelled
	GateClosed       Reason = "gate_closed"       // the release's stage does not allow this
	Changed          Reason = "changed"           // what the press was based on has changed since
	Expired          Reason = "expired"           // a confirmation or an undo came too late
	Unchanged        Reason = "unchanged"         // it is so already
	Reused           Reason = "id_reused"         // another request bore this id
	Unsatisfiable    Reason = "unsatisfiable"     // the people known can never fulfil this rule
	NoAudience       Reason = "no_audience"       //
	WaitsFor         Reason = "waits_for"         // a release that it comes after is not that far
	Cycle            Reason = "cycle"             // releases would wait for each other
	Unavailable      Reason = "unavailable"       // a source did not answer
	NeedsReason      Reason = "needs_reason"      // a note after -- is required
	RosterStale      Reason = "roster_stale"      // a group's members were last read too long ago
	WrongVersion     Reason = "wrong_version"     // what was typed to confirm is not the release's version
	NotSaved         Reason = "outcome_unknown"   // the store cannot say whether it was written
	DiskFull         Reason = "disk_full"         //
	ItemUnsigned     Reason = "unsigned"          // the reasons of a single item, from here on
	ItemStale        Reason = "stale"             //
	ItemNeedsWork    Reason = "needs_work"        //
	ItemBlocked      Reason = "blocked"           //
	ItemQuorum       Reason = "quorum"            //
	ItemAuthorAlone  Reason = "author_alone"      //
	ItemExpired      Reason = "expired"           //
	ItemUnauthorised Reason = "no_longer_allowed" // its voter lost the role since
	ItemSoak         Reason = "soak"              // the stage has not been open long enough
	ItemNoEvidence   Reason = "no_evidence"       // the link that the item wants is missing, and the risk insists on it
	ItemOwnGlass     Reason = "own_glass"         // it reviews a broken glass, and its only voter broke it
	ItemOwed         Reason = "owed"              // an earlier gate let it through, and it was not made good
)

// Refusal is a decision that says no. Its text is fit for a channel of the team; a Fault (any other error) is not.
// It always says what and why; who can and what to type next where there is an answer.
type Refusal struct {
	Reason  Reason     `json:"reason"`
	Head    string     `json:"head,omitempty"` // what stands before the reason: "NO-GO"
	Why     string     `json:"why"`
	Who     []string   `json:"who,omitempty"`     // who can do it: "@ana", "release-manager"
	Next    []string   `json:"next,omitempty"`    // lines to type
	Nearest []string   `json:"nearest,omitempty"` // names that a mistyped one may have meant
	Items   []ItemLine `json:"-"`
	Choices []Choice   `json:"-"` // when the asker only has to choose: complete lines
	Param   string     `json:"-"` // the one parameter that is wrong, if only one is: "target"
}

// ItemLine is one item of a checklist as a refusal or an answer reports it.
type ItemLine struct {
	Key    string   `json:"key"`
	State  string   `json:"state"`
	Reason Reason   `json:"reason,omitempty"`
	Who    []string `json:"who,omitempty"`
}

// Choice is one of several complete lines the asker may have meant.
type Choice struct {
	Label string `json:"label"`
	Line  string `json:"line"`
}

// Refuse says no, with a reason code and the why in words.
func Refuse(reason Reason, why string) *Refusal { return &Refusal{Reason: reason, Why: why} }

// By names who can do it.
func (r *Refusal) By(who ...string) *Refusal { r.Who = append(r.Who, who...); return r }

// In names the parameter that is wrong, so that a form can stay open and say it beside the field.
func (r *Refusal) In(param string) *Refusal { r.Param = param; return r }

// Type names the lines to type next.
func (r *Refusal) Type(lines ...string) *Refusal { r.Next = append(r.Next, lines...); return r }

// Error makes a refusal an error. Its wording for people is the cards' business.
func (r *Refusal) Error() string {
	s := string(r.Reason)
	if r.Why != "" {
		s += ": " + r.Why
	}
	if len(r.Nearest) > 0 {
		s += ". Nearest: " + strings.Join(r.Nearest, ", ")
	}
	if len(r.Who) > 0 {
		s += " · " + strings.Join(r.Who, ", ")
	}
	if len(r.Next) > 0 {
		s += " → " + strings.Join(r.Next, " · ")
	}
	return s
}

// Line writes a line to type: verb, the release where it must be named (selector), the words.
func Line(selector, verb string, words ...string) string {
	return strings.Join(strings.Fields("/release "+verb+" "+selector+" "+strings.Join(words, " ")), " ")
}

// Makers names the roles behind the need Maker, for refusals.
func Makers() []string { return []string{string(Engineering), string(SRE), string(ReleaseManager)} }
