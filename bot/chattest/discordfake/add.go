package discordfake

import "slices"

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
