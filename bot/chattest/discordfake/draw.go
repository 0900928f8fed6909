package discordfake

import (
	"slices"
	"strconv"
	"time"
)

// iso writes a time as Discord does.
func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// orNull is null for what is empty.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// userJSON is an account as others see it.
func userJSON(u *User) reply {
	out := reply{
		"id": u.ID, "username": u.Name, "discriminator": "0", "global_name": orNull(u.GlobalName), "avatar": nil,
		"public_flags": 0,
	}
	if u.Bot {
		out["bot"], out["discriminator"] = true, "0000"
	}
	return out
}

// memberJSON is a member, with the account unless it stands beside it.
func (f *Fake) memberJSON(m *Member, withUser bool) reply {
	out := reply{
		"nick": orNull(m.Nick), "avatar": nil, "banner": nil, "roles": append([]string{}, m.Roles...), "joined_at": iso(m.Joined),
		"premium_since": nil, "deaf": false, "mute": false, "flags": 0, "pending": m.Pending,
		"communication_disabled_until": nil,
	}
	if !m.TimedOut.IsZero() {
		out["communication_disabled_until"] = iso(m.TimedOut)
	}
	if withUser {
		out["user"] = userJSON(f.users[m.User])
	}
	return out
}

// roleJSON is a role.
func roleJSON(r *Role) reply {
	return reply{
		"id": r.ID, "name": r.Name, "color": 0, "colors": reply{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "icon": nil, "unicode_emoji": nil, "position": r.Position,
		"permissions": strconv.FormatUint(uint64(r.Permissions), 10), "managed": r.Managed, "mentionable": r.Mentionable, "flags": 0,
	}
}

// rolesJSON are the roles of a server, from below; the lock is held.
func (f *Fake) rolesJSON(server string) []reply {
	var all []*Role
	for _, r := range f.roles {
		if r.Server == server {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *Role) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		return compareIDs(a.ID, b.ID)
	})
	out := []reply{}
	for _, r := range all {
		out = append(out, roleJSON(r))
	}
	return out
}

// serverJSON is a server; the lock is held.
func (f *Fake) serverJSON(g *Guild) reply {
	return reply{
		"id": g.ID, "name": g.Name, "icon": nil, "splash": nil, "owner_id": g.Owner, "afk_channel_id": nil, "afk_timeout": 300,
		"verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "roles": f.rolesJSON(g.ID),
		"emojis": []any{}, "stickers": []any{}, "features": []string{}, "mfa_level": 0, "application_id": nil,
		"system_channel_id": nil, "rules_channel_id": nil, "description": nil, "banner": nil, "premium_tier": 0,
		"preferred_locale": "en-US", "nsfw_level": 0,
	}
}

// channelJSON is a channel or a thread; the lock is held.
func (f *Fake) channelJSON(c *Channel) reply {
	out := reply{"id": c.ID, "type": int(c.Type), "last_message_id": orNull(c.last)}
	if c.Type == DirectMessages {
		out["recipients"], out["flags"] = []reply{userJSON(f.users[c.direct])}, 0
		return out
	}
	out["guild_id"], out["name"], out["parent_id"], out["flags"] = c.Server, c.Name, orNull(c.Parent), 0
	out["rate_limit_per_user"] = 0
	if c.thread() {
		left := 0
		for _, m := range f.messages[c.ID] {
			if !m.Deleted {
				left++
			}
		}
		out["owner_id"], out["message_count"], out["member_count"], out["total_message_sent"] = c.Creator, left, 1, c.total
		out["thread_metadata"] = reply{
			"archived": c.Archived, "auto_archive_duration": c.autoArchive(), "archive_timestamp": iso(c.archived),
			"locked": c.Locked, "create_timestamp": iso(idTime(c.ID)),
		}
		return out
	}
	out["position"], out["topic"], out["nsfw"], out["permission_overwrites"] = c.Position, orNull(c.Topic), false, overwritesJSON(c)
	out["default_auto_archive_duration"] = 1440
	return out
}

func (c *Channel) autoArchive() int {
	if c.AutoArchive == 0 {
		return 4320
	}
	return c.AutoArchive
}

func overwritesJSON(c *Channel) []reply {
	out := []reply{}
	for _, o := range c.Overwrites {
		kind := 0
		if o.Member {
			kind = 1
		}
		out = append(out, reply{
			"id": o.ID, "type": kind, "allow": strconv.FormatUint(uint64(o.Allow), 10), "deny": strconv.FormatUint(uint64(o.Deny), 10),
		})
	}
	return out
}
