package discordfake

import (
	"slices"
	"strconv"
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

// AddServer adds a server, with its role @everyone and its owner, and with the bot unless it says otherwise, and gives
// its id.
func (f *Fake) AddServer(g Guild) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := f.addServer(g)
	if !g.WithoutBot {
		f.tell(happening{kind: "GUILD_CREATE", server: id})
	}
	return id
}

// addServer adds a server; the lock is held.
func (f *Fake) addServer(g Guild) string {
	g.ID = f.id(g.ID)
	if g.Owner == "" {
		g.Owner = Owner
	}
	f.guilds[g.ID] = &g
	f.roles[g.ID] = &Role{ID: g.ID, Server: g.ID, Name: "@everyone", Permissions: Everyone}
	now := f.o.Now()
	f.members[g.ID] = map[string]*Member{g.Owner: {Server: g.ID, User: g.Owner, Joined: now}}
	if !g.WithoutBot {
		f.members[g.ID][Bot] = &Member{Server: g.ID, User: Bot, Joined: now}
	}
	return g.ID
}

// AddUser adds an account, and gives its id.
func (f *Fake) AddUser(u User) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	u.ID = f.id(u.ID)
	f.users[u.ID] = &u
	return u.ID
}

// AddMember makes a user a member of a server.
func (f *Fake) AddMember(m Member) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if m.Server == "" {
		m.Server = Server
	}
	if f.users[m.User] == nil || f.guilds[m.Server] == nil {
		f.t.Errorf("discordfake: there is no user %s, or no server %s, to make one a member of the other", m.User, m.Server)
		return
	}
	if m.Joined.IsZero() {
		m.Joined = f.o.Now()
	}
	m.Roles = slices.Clone(m.Roles)
	f.members[m.Server][m.User] = &m
	f.tell(happening{kind: "GUILD_MEMBER_ADD", server: m.Server, user: m.User})
}

// AddRole adds a role to a server, and gives its id.
func (f *Fake) AddRole(r Role) string {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	r.ID = f.id(r.ID)
	if r.Server == "" {
		r.Server = Server
	}
	if f.guilds[r.Server] == nil {
		f.t.Errorf("discordfake: there is no server %s for the role %s", r.Server, r.Name)
		return r.ID
	}
	f.roles[r.ID] = &r
	f.tell(happening{kind: "GUILD_ROLE_CREATE", server: r.Server, role: r.ID})
	return r.ID
}

// AddChannel adds a channel or a thread, and gives its id. Of a thread the parent must be there.
func (f *Fake) AddChannel(c Channel) string {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	c.ID = f.id(c.ID)
	if c.Server == "" {
		c.Server = Server
	}
	if f.guilds[c.Server] == nil || c.thread() && f.channels[c.Parent] == nil {
		f.t.Errorf("discordfake: there is no server, or no channel, for %s to be in", c.Name)
		return c.ID
	}
	if c.thread() {
		c.archived = f.o.Now()
		if c.Creator == "" {
			c.Creator = f.guilds[c.Server].Owner
		}
	}
	c.Overwrites = slices.Clone(c.Overwrites)
	f.channels[c.ID] = &c
	f.tell(happening{kind: c.event("CREATE"), server: c.Server, channel: c.ID})
	return c.ID
}

// event is how the gateway names what happens to a channel.
func (c *Channel) event(what string) string {
	if c.thread() {
		return "THREAD_" + what
	}
	return "CHANNEL_" + what
}

// DM is the channel of the direct messages between the bot and somebody. It is there from the first time on that it is
// asked for.
func (f *Fake) DM(user string) string {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users[user] == nil {
		f.t.Errorf("discordfake: there is no user %s to write to", user)
		return ""
	}
	return f.openDM(user).ID
}

// openDM gives the channel of somebody's direct messages; the lock is held.
func (f *Fake) openDM(user string) *Channel {
	id, ok := f.direct[user]
	if !ok {
		id = f.newID()
		f.direct[user] = id
		f.channels[id] = &Channel{ID: id, Type: DirectMessages, direct: user}
	}
	return f.channels[id]
}

// epoch is when Discord's time begins: snowflakes count from there.
const epoch = 1420070400000

// newID gives a snowflake of now, larger than all before; the lock is held.
func (f *Fake) newID() string {
	f.last = max((f.o.Now().UnixMilli()-epoch)<<22, f.last+1)
	return strconv.FormatInt(f.last, 10)
}

// id gives a new one where none was said, and complains about one that is no snowflake; the lock is held.
func (f *Fake) id(said string) string {
	f.t.Helper()
	if said == "" {
		return f.newID()
	}
	if !snowflake(said) {
		f.t.Errorf("discordfake: %q is no id: 17 to 20 digits", said)
	}
	return said
}

// snowflake reports whether an id looks as Discord's do.
func snowflake(id string) bool {
	if len(id) < 17 || len(id) > 20 || id[0] == '0' {
		return false
	}
	_, err := strconv.ParseUint(id, 10, 64)
	return err == nil
}

// idTime is when a snowflake was given.
func idTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch) //nolint:gosec // 42 bits are no overflow
}
