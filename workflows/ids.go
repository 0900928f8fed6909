package workflows

import (
	"regexp"
	"strings"
	"unicode"
)

// Identifiers. All are compared as typed; ids never contain the separators '/', '@' or a space.
type (
	PersonID    string // canonical: ana
	Product     string // app
	ReleaseID   string // product@version: app@1.0.0
	FlagKey     string // invoices
	Environment string // production
	Role        string // engineering
	Audience    string // support: a named group of people and channels from the configuration
	Revision    uint64 // how many events a stream holds
	Seq         uint64 // an event's place in the one global order, from 1
)

// The roles of PROCESS. A configuration may name further ones.
const (
	Engineering    Role = "engineering"
	ProductRole    Role = "product"
	QA             Role = "qa"
	Security       Role = "security"
	Compliance     Role = "compliance"
	SRE            Role = "sre"
	Docs           Role = "docs"
	Support        Role = "support"
	Marketing      Role = "marketing"
	ReleaseManager Role = "release-manager"
	EveryRole      Role = "*" // whoever is listed here holds every role
)

// Roles lists the roles of PROCESS in its order.
func Roles() []Role {
	return []Role{Engineering, ProductRole, QA, Security, Compliance, SRE, Docs, Support, Marketing, ReleaseManager}
}

// IDShape and VersionShape say what an id may look like, for messages to people.
const (
	IDShape      = "a-z, 0-9, dot, dash and underscore, up to 32, beginning with a letter or digit"
	VersionShape = "letters, digits, dot, dash, plus and underscore, up to 32, beginning with a letter or digit"
)

var (
	idPattern      = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)
	versionPattern = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._+-]{0,31}$`)
)

// ValidID reports whether s may be a product, flag, person, role, audience or environment.
func ValidID(s string) bool { return idPattern.MatchString(s) }

// ValidVersion reports whether s may stand after the @ of a release.
func ValidVersion(s string) bool { return versionPattern.MatchString(s) }

// NewReleaseID joins a product and a version or feature name.
func NewReleaseID(p Product, version string) ReleaseID { return ReleaseID(string(p) + "@" + version) }

// Product is the part before the @.
func (r ReleaseID) Product() Product {
	p, _, _ := strings.Cut(string(r), "@")
	return Product(p)
}

// Version is the part after the @: a version, or the name of a feature.
func (r ReleaseID) Version() string {
	_, v, _ := strings.Cut(string(r), "@")
	return v
}

// Name is how people say it: "app 1.0.0".
func (r ReleaseID) Name() string { return strings.Replace(string(r), "@", " ", 1) }

// IsFeature tells a feature (opened to users) from a version (deployed): a version starts with a digit, or with v
// and a digit.
func (r ReleaseID) IsFeature() bool {
	v := strings.TrimPrefix(r.Version(), "v")
	return v == "" || !unicode.IsDigit(rune(v[0]))
}

// LookAlike folds what the eye confuses (0 and O, 1 and l and I, case), so that two open releases that read alike
// can be told to differ.
func (r ReleaseID) LookAlike() string {
	return lookAlike.Replace(strings.ToLower(string(r)))
}

var lookAlike = strings.NewReplacer("o", "0", "l", "1", "i", "1", "rn", "m", "vv", "w", "_", "-")

// Stream names the history of one thing: its room, a slash, its id ("release/app@1.0.0").
type Stream string

// StreamOf names the stream of id in a room.
func StreamOf(room, id string) Stream { return Stream(room + "/" + id) }

// Room is the part before the slash.
func (s Stream) Room() string {
	room, _, _ := strings.Cut(string(s), "/")
	return room
}

// ID is the part after the slash.
func (s Stream) ID() string {
	_, id, _ := strings.Cut(string(s), "/")
	return id
}

// Handle is one account of a person on one platform: "console/ana", "slack/E1/T1/U1".
type Handle string

// Platform is the part before the first slash.
func (h Handle) Platform() string {
	p, _, _ := strings.Cut(string(h), "/")
	return p
}

// Name is the part after the first slash.
func (h Handle) Name() string {
	_, n, _ := strings.Cut(string(h), "/")
	return n
}

// Guest tells an account without a say, of a guest or of somebody from elsewhere: "slack/guest/T1/U1". None is ever a
// person's.
func (h Handle) Guest() bool { return strings.HasPrefix(h.Name(), "guest/") }

// Place is where a message goes or came from: a channel ("console/#general") or the direct messages of a person
// ("console/@ana").
type Place string

// Direct is the place of a handle's direct messages.
func Direct(h Handle) Place { return Place(h.Platform() + "/@" + h.Name()) }

// Platform is the part before the first slash.
func (p Place) Platform() string { return Handle(p).Platform() }

// Channel is the part after the first slash, as people write it: "#general", "@ana".
func (p Place) Channel() string { return Handle(p).Name() }

// Of is the handle whose direct messages a place is.
func (p Place) Of() Handle { return Handle(p.Platform() + "/" + strings.TrimPrefix(p.Channel(), "@")) }

// IsDirect tells direct messages from a channel.
func (p Place) IsDirect() bool { return strings.HasPrefix(p.Channel(), "@") }
