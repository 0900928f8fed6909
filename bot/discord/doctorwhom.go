package discord

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Whom the configuration names: people, and roles of servers.

func (e *examination) accounts(ctx context.Context) {
	well, all := 0, e.on.Accounts
	for _, id := range slices.Sorted(maps.Keys(all)) {
		found, next, limited := e.account(ctx, id, all[id].Name())
		switch {
		case limited:
			e.say(chat.Odd, "accounts", "not all were looked at: Discord asks for a slower pace", "wait a minute, and ask again")
			return
		case found != "":
			e.say(chat.Failing, string(id), found, next)
		default:
			well++
		}
	}
	if well > 0 {
		e.say(chat.Well, "accounts", fmt.Sprintf("%d of %d are members of the server", well, len(all)), "")
	}
	if len(all) == 0 {
		e.say(chat.Odd, "accounts", "the configuration names nobody's Discord account, so whoever types /release there is a stranger",
			"the first owner types in Discord: /release admin claim CODE (readyroom serve logs the code while nobody owns it); others: "+writeThem("ana"))
	}
}

func writeThem(id workflows.PersonID) string {
	return copyUser + ", then people: {" + string(id) + ": {discord: \"ID\"}}"
}

// account says why somebody's account has no say; nothing: it has. A member of one of the servers has.
func (e *examination) account(ctx context.Context, id workflows.PersonID, user string) (found, next string, limited bool) {
	if !validID(user) {
		return user + " is not written as an account of Discord", writeThem(id), false
	}
	found, next = user+" is a member of no server that is listened to", "whoever left signs no more: take the account out of people:, or have them join again; to write another one: "+writeThem(id)
	for _, server := range e.me.servers {
		var m member
		f := e.d.lookUp(ctx, "/guilds/"+server+"/members/"+user, &m)
		code := 0
		if f != nil && refusedBy(f) != nil {
			code = refusedBy(f).Code
		}
		switch {
		case f != nil && f.Paced:
			return "", "", true
		case code == unknownUser:
			return user + ": Discord knows no such account", writeThem(id), false
		case code == unknownMember:
		case f != nil:
			found, next, _ = explained(f)
			found = user + ": " + found
		case m.User == nil || m.User.ID != user:
			found, next = user+": Discord does not say who that is", askLater
		case m.User.Bot, m.User.System:
			return user + " is a bot", "bots sign nothing: write a person's account", false
		case m.Pending:
			found, next = user+" did not agree to the rules of the server yet", "have them open the server and agree: until then Discord lets them do nothing there"
		default:
			return "", "", false
		}
	}
	return found, next, false
}

// groups looks at the roles of servers that somebody's authority hangs on.
func (e *examination) groups(ctx context.Context) {
	by := map[string][]string{}
	for _, g := range e.on.Groups {
		server, role := serverOf(g)
		s, what := e.stage[server], "group "+g
		switch {
		case s == nil && slices.Contains(e.me.servers, server), s == nil && slices.Contains(e.d.settings.Load().Servers, server): // said already
		case s == nil:
			e.say(chat.Failing, what, "it is not of a server that is listened to", fmt.Sprintf("roles: {sre: [%q]}; %s", "group:discord/"+e.me.servers[0]+"/ROLE", copyRole))
		case role == server:
			e.say(chat.Failing, what, "it is the role @everyone, which anybody has who joins: it gives nobody a say", "name a role that somebody hands out; "+copyRole)
		case e.role(s, role, what):
			by[server] = append(by[server], g)
		}
	}
	if !e.me.members { // said already
		return
	}
	for _, server := range slices.Sorted(maps.Keys(by)) {
		e.members(ctx, server, by[server])
	}
}

// role looks whether there is such a role.
func (e *examination) role(s *scene, id, what string) bool {
	i := slices.IndexFunc(s.roles, func(r *discordgo.Role) bool { return r.ID == id })
	if i < 0 {
		e.say(chat.Failing, what, "the server has no such role, so whoever holds a role through it has none", fmt.Sprintf("roles: {sre: [%q]}; %s", "group:discord/"+s.id+"/ROLE", copyRole))
	}
	return i >= 0
}

// members says how many have each role.
func (e *examination) members(ctx context.Context, server string, groups []string) {
	has, _, err := e.d.membersWith(ctx, server, groups)
	if err != nil {
		found, next, _ := explained(rosterTold(err))
		e.say(chat.Failing, "groups of "+server, "who has which role cannot be read: "+found, next)
		return
	}
	for _, g := range groups {
		if n := len(has[g]); n > 0 {
			e.say(chat.Well, "group "+g, fmt.Sprintf("%d have the role", n), "")
			continue
		}
		e.say(chat.Odd, "group "+g, "nobody has the role, so nobody holds anything through it", "in Discord: Server Settings → Members → a member → + → the role")
	}
}
