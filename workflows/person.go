package workflows

// Person is one human being with one canonical id and any number of handles.
type Person struct {
	ID      PersonID
	Name    string
	Zone    string   // IANA name; empty: the configuration's default
	Code    []string // addresses in commits; they only exclude (the author rule), they never grant
	NoCode  bool     // `code: none`: known to write no code here
	Handles []Handle
}

// CodeKnown reports whether the author rule can judge this person.
func (p Person) CodeKnown() bool { return p.NoCode || len(p.Code) > 0 }

// At is how people write a person: "@ana".
func (id PersonID) At() string { return "@" + string(id) }

// Actor is who asked, as the desk resolved them: a person, or a machine (CI, the clock, another room).
type Actor struct {
	Person  PersonID
	Handle  Handle
	Machine string // set instead of Person
}

// At is how people write an actor.
func (a Actor) At() string {
	if a.Machine != "" {
		return a.Machine
	}
	return a.Person.At()
}

// Need is who may wish something, from GRAMMAR's table "Who may". It is a property of the wish, never of its arguments.
type Need string

// The needs, from the least to the most.
const (
	Anyone  Need = "anyone"
	Member  Need = "member"          // any role or audience
	Holder  Need = "role holder"     // holds at least one role; the room checks which
	Maker   Need = "engineering/sre" // engineering or sre; the release manager too
	Manager Need = "release-manager" // who typed `new`, or holds the role
	Owner   Need = "owner"
	Machine Need = "machine" // only the bot itself: what follows, schedules, rosters
)

// Needs lists every need, so that tests can walk them.
func Needs() []Need { return []Need{Anyone, Member, Holder, Maker, Manager, Owner, Machine} }
