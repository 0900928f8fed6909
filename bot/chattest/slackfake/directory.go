package slackfake

import (
	"maps"
	"slices"
	"time"
)

func (f *Fake) authTest(*Call) (reply, refusal) {
	out := reply{
		"url": "https://" + Domain + ".slack.com/", "team": "Acme", "team_id": Team, "user": "readyroom", "user_id": Bot,
		"bot_id": BotID, "is_enterprise_install": false, "app_id": App, "app_name": "Readyroom",
	}
	if f.o.Enterprise != "" {
		out["enterprise_id"] = f.o.Enterprise
	}
	return out, refusal{}
}

func (f *Fake) botsInfo(c *Call) (reply, refusal) {
	if id := c.Args["bot"]; id != BotID {
		return nil, refuse("bot_not_found")
	}
	return reply{"bot": reply{"id": BotID, "app_id": App, "user_id": Bot, "name": "readyroom", "deleted": false}}, refusal{}
}

func (f *Fake) teamInfo(*Call) (reply, refusal) {
	team := reply{"id": Team, "name": "Acme", "domain": Domain}
	if f.o.Enterprise != "" {
		team["enterprise_id"], team["enterprise_name"] = f.o.Enterprise, "Acme Group"
	}
	return reply{"team": team}, refusal{}
}

func (f *Fake) usersInfo(c *Call) (reply, refusal) {
	u := f.users[c.Args["user"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return reply{"user": f.userJSON(u)}, refusal{}
}

func (f *Fake) userJSON(u *User) reply {
	tz := u.TZ
	if tz == "" {
		tz = "Etc/UTC"
	}
	offset := 0
	if loc, err := time.LoadLocation(tz); err == nil {
		_, offset = f.o.Now().In(loc).Zone()
	}
	out := reply{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "real_name": u.Name, "deleted": u.Deleted, "is_bot": u.Bot,
		"is_restricted": u.Guest || u.SingleChannelGuest, "is_ultra_restricted": u.SingleChannelGuest, "is_stranger": u.Stranger,
		"tz": tz, "tz_offset": offset,
		"profile": reply{"display_name": u.Name, "real_name": u.Name, "team": u.TeamID},
	}
	if u.EnterpriseID != "" {
		out["enterprise_user"] = reply{"id": u.ID, "enterprise_id": u.EnterpriseID, "teams": []string{u.TeamID}}
	}
	return out
}

func (f *Fake) usergroupsList(c *Call) (reply, refusal) {
	all := []reply{}
	for _, id := range slices.Sorted(maps.Keys(f.groups)) {
		g := f.groups[id]
		if g.Disabled && c.Args["include_disabled"] != "true" {
			continue
		}
		out := reply{"id": g.ID, "team_id": Team, "is_usergroup": true, "name": g.Handle, "handle": g.Handle, "date_delete": 0}
		if g.Disabled {
			out["date_delete"] = f.o.Now().Unix()
		}
		if c.Args["include_users"] == "true" {
			out["users"] = g.users()
		}
		if c.Args["include_count"] == "true" {
			out["user_count"] = len(g.Users)
		}
		all = append(all, out)
	}
	return reply{"usergroups": all}, refusal{}
}

func (f *Fake) usergroupsUsersList(c *Call) (reply, refusal) {
	g := f.groups[c.Args["usergroup"]]
	if g == nil || g.Disabled && c.Args["include_disabled"] != "true" {
		return nil, refuse("no_such_subteam")
	}
	return reply{"users": g.users()}, refusal{}
}

func (g *Group) users() []string { return append([]string{}, g.Users...) }
