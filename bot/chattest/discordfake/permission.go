package discordfake

// Permission is a set of Discord's permission bits.
type Permission uint64

// The permissions that something here depends on.
const (
	Administrator         Permission = 1 << 3
	ManageChannels        Permission = 1 << 4
	ManageServer          Permission = 1 << 5 // MANAGE_GUILD
	AddReactions          Permission = 1 << 6
	ViewChannel           Permission = 1 << 10
	SendMessages          Permission = 1 << 11
	ManageMessages        Permission = 1 << 13
	EmbedLinks            Permission = 1 << 14
	AttachFiles           Permission = 1 << 15
	ReadMessageHistory    Permission = 1 << 16
	MentionEveryone       Permission = 1 << 17
	ManageRoles           Permission = 1 << 28
	UseCommands           Permission = 1 << 31 // USE_APPLICATION_COMMANDS
	ManageThreads         Permission = 1 << 34
	CreatePublicThreads   Permission = 1 << 35
	CreatePrivateThreads  Permission = 1 << 36
	SendMessagesInThreads Permission = 1 << 38

	// All is what ADMINISTRATOR gives.
	All Permission = 1<<53 - 1
	// Everyone is what the role @everyone of a new server has.
	Everyone = AddReactions | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | MentionEveryone |
		UseCommands | CreatePublicThreads | CreatePrivateThreads | SendMessagesInThreads
	// inDirect is what both have in direct messages.
	inDirect = Everyone &^ (CreatePublicThreads | CreatePrivateThreads | SendMessagesInThreads | MentionEveryone)
)

// Has reports whether all of want are in p.
func (p Permission) Has(want Permission) bool { return p&want == want }

// Overwrite changes what a role or a member may in one channel.
type Overwrite struct {
	ID          string // of the role, or of the user
	Member      bool   // whether it is a member's
	Allow, Deny Permission
}

// Permissions are what a user may in a channel, or a thread, as Discord computes it.
func (f *Fake) Permissions(channel, user string) Permission {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ch := f.channels[channel]; ch != nil {
		return f.may(ch, user)
	}
	return 0
}

// may computes what a user may in a channel; the lock is held.
func (f *Fake) may(ch *Channel, user string) Permission {
	if ch.Type == DirectMessages {
		if user == ch.direct || user == Bot {
			return inDirect
		}
		return 0
	}
	if ch.thread() {
		parent := f.channels[ch.Parent]
		if parent == nil {
			return 0
		}
		may := f.mayIn(parent, user)
		if ch.Type == PrivateThread && user != ch.Creator && !may.Has(ManageThreads) {
			return 0 // who was added to one is not kept here
		}
		return may
	}
	return f.mayIn(ch, user)
}

// mayIn computes what a member may in a channel of a server, by the roles and the overwrites; the lock is held.
func (f *Fake) mayIn(ch *Channel, user string) Permission {
	base := f.mayInServer(ch.Server, user)
	if base.Has(Administrator) || base == 0 {
		return base
	}
	m := f.members[ch.Server][user]
	var allow, deny Permission
	for _, o := range ch.Overwrites {
		if !o.Member && o.ID == ch.Server {
			base = base&^o.Deny | o.Allow
		}
	}
	for _, o := range ch.Overwrites {
		if !o.Member && o.ID != ch.Server && m.has(o.ID) {
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	base = base&^deny | allow
	for _, o := range ch.Overwrites {
		if o.Member && o.ID == user {
			base = base&^o.Deny | o.Allow
		}
	}
	return implied(base)
}

// mayInServer computes what a member may by the roles alone; the lock is held.
func (f *Fake) mayInServer(server, user string) Permission {
	g, m := f.guilds[server], f.members[server][user]
	if g == nil || m == nil {
		return 0
	}
	if g.Owner == user {
		return All
	}
	base := f.roles[server].Permissions
	for _, id := range m.Roles {
		if r := f.roles[id]; r != nil && r.Server == server {
			base |= r.Permissions
		}
	}
	if base.Has(Administrator) {
		return All
	}
	if f.o.Now().Before(m.TimedOut) {
		base &= ViewChannel | ReadMessageHistory
	}
	return base
}

// implied takes away what is worth nothing without another permission.
func implied(p Permission) Permission {
	if !p.Has(ViewChannel) {
		return 0
	}
	if !p.Has(SendMessages) {
		p &^= MentionEveryone | AttachFiles | EmbedLinks
	}
	return p
}
