package discordfake

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

func init() {
	routes = append(routes,
		route{method: "GET", pattern: "/applications/@me", do: (*Fake).getApplication},
		route{method: "GET", pattern: "/users/@me", do: (*Fake).getMe},
		route{method: "GET", pattern: "/users/@me/guilds", do: (*Fake).myServers},
		route{method: "GET", pattern: "/users/{user}", rate: rate{n: 30, per: 30 * time.Second}, do: (*Fake).getUser},
		route{method: "GET", pattern: "/guilds/{guild}", do: (*Fake).getServer},
		route{method: "GET", pattern: "/guilds/{guild}/channels", do: (*Fake).serverChannels},
		route{method: "GET", pattern: "/guilds/{guild}/roles", do: (*Fake).serverRoles},
		route{method: "GET", pattern: "/guilds/{guild}/members", rate: rate{n: 10, per: 10 * time.Second}, do: (*Fake).listMembers},
		route{method: "GET", pattern: "/guilds/{guild}/members/{user}", do: (*Fake).getMember},
	)
}

// The bits of an application's flags that say which privileged intents are switched on.
const (
	FlagMembers        = 1 << 14 // GATEWAY_GUILD_MEMBERS
	FlagMembersLimited = 1 << 15
	FlagContent        = 1 << 18 // GATEWAY_MESSAGE_CONTENT
	FlagContentLimited = 1 << 19
)

// flags are the bits of the application.
func (a Application) flags() int {
	n := 0
	switch {
	case a.Members && a.Verified:
		n |= FlagMembers
	case a.Members:
		n |= FlagMembersLimited
	}
	switch {
	case a.Content && a.Verified:
		n |= FlagContent
	case a.Content:
		n |= FlagContentLimited
	}
	return n
}

func (f *Fake) getApplication(*Call) (any, refusal) { return f.applicationJSON(), refusal{} }

// applicationJSON is what the application is told of itself; the lock is held.
func (f *Fake) applicationJSON() reply {
	servers := 0
	for id := range f.guilds {
		if f.members[id][Bot] != nil {
			servers++
		}
	}
	return reply{
		"id": App, "name": "Readyroom", "icon": nil, "description": "", "bot_public": f.app.Public, "bot_require_code_grant": false,
		"verify_key": f.PublicKey(), "flags": f.app.flags(), "interactions_endpoint_url": orNull(f.app.InteractionsURL),
		"bot": userJSON(f.users[Bot]), "approximate_guild_count": servers, "redirect_uris": []string{}, "hook": true, "summary": "",
	}
}

func (f *Fake) getMe(*Call) (any, refusal) {
	out := userJSON(f.users[Bot])
	out["verified"], out["mfa_enabled"], out["email"], out["locale"] = true, true, nil, "en-US"
	return out, refusal{}
}

func (f *Fake) getUser(c *Call) (any, refusal) {
	u := f.users[c.Params["user"]]
	if u == nil {
		return nil, refuse(10013)
	}
	return userJSON(u), refusal{}
}

func (f *Fake) myServers(c *Call) (any, refusal) {
	q := f.query(c, "limit", "before", "after", "with_counts")
	n := q.count("limit", 1, 200, 200)
	q.oneOf("before", "after")
	if no := q.refusal(); no.given() {
		return nil, no
	}
	out := []reply{}
	for _, id := range slices.SortedFunc(maps.Keys(f.guilds), compareIDs) {
		g := f.guilds[id]
		before, after := c.Query.Get("before"), c.Query.Get("after")
		if f.members[id][Bot] == nil || before != "" && compareIDs(id, before) >= 0 || after != "" && compareIDs(id, after) <= 0 {
			continue
		}
		if len(out) == n {
			break
		}
		out = append(out, reply{
			"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": g.Owner == Bot, "features": []string{},
			"permissions": strconv.FormatUint(uint64(f.mayInServer(id, Bot)), 10),
		})
	}
	return out, refusal{}
}

func (f *Fake) getServer(c *Call) (any, refusal) {
	g, no := f.guild(c)
	if no.given() {
		return nil, no
	}
	return f.serverJSON(g), refusal{}
}

// serverChannels leaves out what the bot may not view, as Discord does since 2026 (discord-api-docs#8454).
func (f *Fake) serverChannels(c *Call) (any, refusal) {
	g, no := f.guild(c)
	if no.given() {
		return nil, no
	}
	out := []reply{}
	for _, ch := range f.sorted(g.ID) {
		if !ch.thread() && f.may(ch, Bot).Has(ViewChannel) {
			out = append(out, f.channelJSON(ch))
		}
	}
	return out, refusal{}
}

func (f *Fake) serverRoles(c *Call) (any, refusal) {
	g, no := f.guild(c)
	if no.given() {
		return nil, no
	}
	return f.rolesJSON(g.ID), refusal{}
}

// listMembers needs the switch for GUILD_MEMBERS.
func (f *Fake) listMembers(c *Call) (any, refusal) {
	g, no := f.guild(c)
	if no.given() {
		return nil, no
	}
	if !f.app.Members {
		return nil, refuse(50001)
	}
	q := f.query(c, "limit", "after")
	n := q.count("limit", 1, MaxMembers, 1)
	q.oneOf("after")
	if no := q.refusal(); no.given() {
		return nil, no
	}
	out := []reply{}
	for _, id := range slices.SortedFunc(maps.Keys(f.members[g.ID]), compareIDs) {
		if len(out) == n {
			break
		}
		if compareIDs(id, c.Query.Get("after")) > 0 {
			out = append(out, f.memberJSON(f.members[g.ID][id], true))
		}
	}
	return out, refusal{}
}

func (f *Fake) getMember(c *Call) (any, refusal) {
	g, no := f.guild(c)
	switch m := f.members[c.Params["guild"]][c.Params["user"]]; {
	case no.given():
		return nil, no
	case f.users[c.Params["user"]] == nil:
		return nil, refuse(10013)
	case m == nil:
		return nil, refuse(10007)
	default:
		return f.memberJSON(f.members[g.ID][m.User], true), refusal{}
	}
}
