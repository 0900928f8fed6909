package discordfake

import (
	"slices"
	"time"
)

// Application is what the developer portal says of the app.
type Application struct {
	Public          bool // bot_public
	Members         bool // the switch for the intent GUILD_MEMBERS
	Content         bool // the switch for the intent MESSAGE_CONTENT
	Verified        bool // the switches are granted for any number of servers, not only for the first hundred
	InteractionsURL string
}

// Guild is a server.
type Guild struct {
	ID, Name   string
	Owner      string // empty: Owner
	WithoutBot bool   // the bot is no member
	// Unavailable is whether Discord has an outage there: it is in lists, and calls about it fail.
	Unavailable bool
}

// User is an account.
type User struct {
	ID, Name   string // "ana": the name of the account
	GlobalName string // "Ana"; empty: none
	Bot        bool
	NoDMs      bool // takes no direct messages from the app: 50007
}

// Member is a user in a server.
type Member struct {
	Server   string // empty: Server
	User     string
	Nick     string
	Roles    []string // without @everyone
	Pending  bool     // has not yet agreed to the rules
	Joined   time.Time
	TimedOut time.Time // until when they may say nothing; zero: they may
}

// Role is a role of a server.
type Role struct {
	ID, Server, Name string
	Permissions      Permission
	Position         int
	Managed          bool // belongs to an app
	Mentionable      bool
}

// ChannelType is what a channel is.
type ChannelType int

// The types of channel that are known here.
const (
	Text               ChannelType = 0
	DirectMessages     ChannelType = 1
	Voice              ChannelType = 2
	Category           ChannelType = 4
	Announcement       ChannelType = 5
	AnnouncementThread ChannelType = 10
	PublicThread       ChannelType = 11
	PrivateThread      ChannelType = 12
	Forum              ChannelType = 15
)

// Channel is a place to talk in: a channel of a server, a thread, or somebody's direct messages.
type Channel struct {
	ID, Name   string
	Server     string // empty: Server, unless it is one of direct messages
	Type       ChannelType
	Parent     string // the category, or the channel of a thread
	Topic      string
	Position   int
	Overwrites []Overwrite

	// Of threads alone.
	Archived, Locked bool
	Creator          string
	AutoArchive      int // minutes

	direct   string    // the user, where it is one of direct messages
	archived time.Time // when Archived was last changed
	last     string    // the last message's id
	total    int       // messages ever sent, in a thread
}

func (c *Channel) thread() bool {
	return c.Type == PublicThread || c.Type == PrivateThread || c.Type == AnnouncementThread
}

// has reports whether a member has a role. Everybody has @everyone.
func (m *Member) has(role string) bool { return role == m.Server || slices.Contains(m.Roles, role) }

// event is how the gateway names what happens to a channel.
func (c *Channel) event(what string) string {
	if c.thread() {
		return "THREAD_" + what
	}
	return "CHANNEL_" + what
}
