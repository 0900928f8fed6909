package slackfake

import (
	"fmt"
	"slices"
	"strings"
)

// User is a person, or a bot, that the workspace knows of.
type User struct {
	ID, Name           string // "U0ANA", "ana"
	TeamID             string // home workspace; empty: ours
	EnterpriseID       string // home enterprise; empty: ours where the workspace is ours
	Guest              bool   // is_restricted
	SingleChannelGuest bool   // is_ultra_restricted
	Stranger           bool   // is_stranger: from elsewhere, met in a shared channel
	Deleted, Bot       bool
	Away               bool   // has no client open: what only they would see is lost, and nobody is told
	TZ                 string // "Europe/Paris"; empty: "Etc/UTC"
}

// Channel is a place to talk in. People may write in every public one, and see of the others only where they are members.
type Channel struct {
	ID, Name    string
	Private     bool
	Archived    bool
	ReadOnly    bool // only admins may post: restricted_action
	Shared      bool // with another organisation, whose people read along
	BotIsMember bool
	Members     []string
	direct      string // the user, where it is a direct message
}

// Group is a user group.
type Group struct {
	ID, Handle string
	Users      []string
	Disabled   bool
}

// AddUser adds somebody.
func (f *Fake) AddUser(u User) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u.TeamID == "" {
		u.TeamID = Team
	}
	if u.EnterpriseID == "" && u.TeamID == Team {
		u.EnterpriseID = f.o.Enterprise
	}
	f.users[u.ID] = &u
}

// AddChannel adds a channel.
func (f *Fake) AddChannel(c Channel) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	f.channels[c.ID] = &c
}

// AddGroup adds a user group.
func (f *Fake) AddGroup(g Group) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g.Users = slices.Clone(g.Users)
	f.groups[g.ID] = &g
}

// SetUser changes somebody: f.SetUser("U0ANA", func(u *User) { u.Deleted = true }).
func (f *Fake) SetUser(id string, change func(*User)) {
	f.t.Helper()
	set(f, "user", f.users, id, change)
}

// SetChannel changes a channel.
func (f *Fake) SetChannel(id string, change func(*Channel)) {
	f.t.Helper()
	set(f, "channel", f.channels, id, change)
}

// SetGroup changes a user group.
func (f *Fake) SetGroup(id string, change func(*Group)) {
	f.t.Helper()
	set(f, "group", f.groups, id, change)
}

// RemoveChannel deletes a channel, with all that was said there.
func (f *Fake) RemoveChannel(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.channels, id)
}

func set[T any](f *Fake, what string, all map[string]*T, id string, change func(*T)) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	it, ok := all[id]
	if !ok {
		f.t.Errorf("slackfake: there is no %s %s to change", what, id)
		return
	}
	change(it)
}

// DM is the channel of the direct messages between the bot and somebody: "D0ANA" for "U0ANA".
func (f *Fake) DM(user string) string { return "D" + strings.TrimLeft(user, "UW") }

// openDM gives the channel of somebody's direct messages; the lock is held.
func (f *Fake) openDM(user string) *Channel {
	id := f.DM(user)
	if f.channels[id] == nil {
		f.channels[id] = &Channel{ID: id, Private: true, BotIsMember: true, Members: []string{user}, direct: user}
	}
	return f.channels[id]
}

// sees reports whether somebody sees what is said in a channel.
func (c *Channel) sees(u *User) bool {
	if slices.Contains(c.Members, u.ID) {
		return true
	}
	return !c.Private && u.TeamID == Team && !u.Guest && !u.SingleChannelGuest
}

// newID gives an id that was not given before; the lock is held.
func (f *Fake) newID(prefix string) string {
	f.count++
	return fmt.Sprintf("%s%08d", prefix, f.count)
}
