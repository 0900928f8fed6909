package discordfake

// SetApplication changes what the portal says: f.SetApplication(func(a *Application) { a.Members = true }).
func (f *Fake) SetApplication(change func(*Application)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.app)
}

// SetServer changes a server.
func (f *Fake) SetServer(id string, change func(*Guild)) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if set(f, "server", f.guilds, id, change) {
		f.tell(happening{kind: "GUILD_UPDATE", server: id})
	}
}

// SetUser changes an account.
func (f *Fake) SetUser(id string, change func(*User)) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	set(f, "user", f.users, id, change)
}

// SetMember changes a member: f.SetMember(Server, ana, func(m *Member) { m.Roles = nil }).
func (f *Fake) SetMember(server, user string, change func(*Member)) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if set(f, "member", f.members[server], user, change) {
		f.tell(happening{kind: "GUILD_MEMBER_UPDATE", server: server, user: user})
	}
}

// SetRole changes a role.
func (f *Fake) SetRole(id string, change func(*Role)) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if set(f, "role", f.roles, id, change) {
		f.tell(happening{kind: "GUILD_ROLE_UPDATE", server: f.roles[id].Server, role: id})
	}
}

// SetChannel changes a channel or a thread.
func (f *Fake) SetChannel(id string, change func(*Channel)) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if set(f, "channel", f.channels, id, change) {
		ch := f.channels[id]
		f.tell(happening{kind: ch.event("UPDATE"), server: ch.Server, channel: id})
	}
}

// set changes what is there, and complains about what is not; the lock is held.
func set[T any](f *Fake, what string, all map[string]*T, id string, change func(*T)) bool {
	f.t.Helper()
	it, ok := all[id]
	if !ok {
		f.t.Errorf("discordfake: there is no %s %s to change", what, id)
		return false
	}
	change(it)
	return true
}

// RemoveServer throws the bot out of a server, or deletes it.
func (f *Fake) RemoveServer(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.guilds, id)
	delete(f.members, id)
	for role, r := range f.roles {
		if r.Server == id {
			delete(f.roles, role)
		}
	}
	for channel, c := range f.channels {
		if c.Server == id {
			delete(f.channels, channel)
		}
	}
	f.tell(happening{kind: "GUILD_DELETE", server: id})
}

// RemoveMember is somebody leaving a server, or being thrown out.
func (f *Fake) RemoveMember(server, user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.members[server], user)
	if user == Bot {
		f.tell(happening{kind: "GUILD_DELETE", server: server})
		return
	}
	f.tell(happening{kind: "GUILD_MEMBER_REMOVE", server: server, user: user})
}

// RemoveRole deletes a role: nobody has it any more.
func (f *Fake) RemoveRole(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.roles[id]
	if r == nil {
		return
	}
	delete(f.roles, id)
	for _, m := range f.members[r.Server] {
		m.Roles = without(m.Roles, id)
	}
	f.tell(happening{kind: "GUILD_ROLE_DELETE", server: r.Server, role: id})
}

func without(all []string, one string) []string {
	var rest []string
	for _, s := range all {
		if s != one {
			rest = append(rest, s)
		}
	}
	return rest
}

// RemoveChannel deletes a channel with its threads and all that was said there, or a thread.
func (f *Fake) RemoveChannel(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := f.channels[id]
	if ch == nil {
		return
	}
	delete(f.channels, id)
	for thread, c := range f.channels {
		if c.thread() && c.Parent == id {
			delete(f.channels, thread)
		}
	}
	f.tell(happening{kind: ch.event("DELETE"), server: ch.Server, channel: id})
}
