package discord

import (
	"context"
	"encoding/json"
	"slices"
)

// rosterNews takes note of what the gateway says of members and roles, and of where the bot is.
func (d *Discord) rosterNews(ctx context.Context, event string, body json.RawMessage) {
	switch event {
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE":
		m := read[memberEvent](body)
		d.memberNews(m.Server, m.rosterMember)
	case "GUILD_MEMBER_REMOVE":
		m := read[memberEvent](body)
		m.Roles = nil
		d.memberNews(m.Server, m.rosterMember)
	case "GUILD_ROLE_DELETE", "GUILD_ROLE_CREATE":
		if s := read[memberEvent](body).Server; len(d.groupsBy()[s]) > 0 {
			d.rosters.Read(s)
		}
	case "GUILD_DELETE", "GUILD_CREATE":
		d.serverNews(ctx, event == "GUILD_DELETE", read[serverEvent](body))
	}
}

// memberEvent is what the gateway says of a member, or of a role.
type memberEvent struct {
	rosterMember
	Server string `json:"guild_id"`
}

// serverEvent is what the gateway says of a server.
type serverEvent struct {
	ID          string `json:"id"`
	Unavailable bool   `json:"unavailable"` // Discord has an outage there
}

// serverNews takes note that the bot is in a server, or is no more. That is looked at, and is loud where it matters.
func (d *Discord) serverNews(ctx context.Context, gone bool, s serverEvent) {
	me := d.me.Load()
	switch {
	case me == nil || s.Unavailable:
	case gone && slices.Contains(me.servers, s.ID):
		d.Log.ErrorContext(ctx, "the bot was removed from a server that it listens to, or the server is gone", "server", s.ID)
		d.standing.Look()
	case !gone && (slices.Contains(me.absent, s.ID) || d.standing.Refusal() != nil):
		d.standing.Look()
	}
}

// memberNews has a server read whose member has other roles than before, as far as roles matter.
func (d *Discord) memberNews(server string, m rosterMember) {
	if groups := d.groupsBy()[server]; len(groups) > 0 && d.rosters.changes(server, groups, m) {
		d.rosters.Read(server)
	}
}

// changes reports whether a member may have other roles of these than at the last reading.
func (r *rosters) changes(server string, groups []string, m rosterMember) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reading == server || slices.ContainsFunc(groups, func(g string) bool {
		_, role := serverOf(g)
		return r.had[g][m.User.ID] != m.in(role)
	})
}
