package discordfake

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
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

// messageJSON is a message as the bot sees it: of those that others wrote it sees the content only where MESSAGE_CONTENT
// is switched on, where it is mentioned, and in direct messages; the lock is held.
func (f *Fake) messageJSON(m *Message) reply {
	out := reply{
		"type": m.kind, "id": m.ID, "channel_id": m.Channel, "author": userJSON(f.users[m.Author]), "content": "",
		"mentions": f.mentioned(m), "mention_roles": append([]string{}, m.Pings.Roles...), "mention_everyone": m.Pings.Everyone,
		"attachments": []reply{}, "embeds": []map[string]any{}, "components": []map[string]any{},
		"timestamp": iso(idTime(m.ID)), "edited_timestamp": nil, "flags": m.flags(), "pinned": false, "tts": false,
	}
	if !m.Edited.IsZero() {
		out["edited_timestamp"] = iso(m.Edited)
	}
	if f.readable(m) {
		out["content"], out["attachments"] = m.Content, m.attachmentsJSON()
		out["embeds"], out["components"] = m.embedsJSON(), m.componentsJSON()
	}
	if m.app != "" {
		out["application_id"] = m.app
	}
	if m.thread != "" && f.channels[m.thread] != nil {
		out["thread"] = f.channelJSON(f.channels[m.thread])
	}
	f.refers(m, out)
	for k, v := range m.more {
		out[k] = v
	}
	return out
}

// flags are those that were set, with those that Discord sets.
func (m *Message) flags() int {
	n := m.Flags
	if m.Published {
		n |= FlagCrossposted
	}
	if m.thread != "" {
		n |= FlagHasThread
	}
	return n
}

// mentioned are the accounts that a message pinged; the lock is held.
func (f *Fake) mentioned(m *Message) []reply {
	out := []reply{}
	for _, id := range m.Pings.Users {
		if u := f.users[id]; u != nil {
			out = append(out, userJSON(u))
		}
	}
	return out
}

// readable reports whether the app is shown what stands in a message; the lock is held.
func (f *Fake) readable(m *Message) bool {
	ch := f.channels[m.Channel]
	return m.Author == Bot || f.app.Content || ch != nil && ch.Type == DirectMessages || slices.Contains(m.Pings.Users, Bot)
}

// refers shows which message one answers; the lock is held.
func (f *Fake) refers(m *Message, out reply) {
	if m.Reply == "" {
		return
	}
	reference := reply{"type": 0, "channel_id": m.Channel, "message_id": m.Reply}
	if ch := f.channels[m.Channel]; ch != nil && ch.Server != "" {
		reference["guild_id"] = ch.Server
	}
	out["message_reference"], out["referenced_message"] = reference, nil
	if to := f.find(m.Channel, m.Reply); to != nil {
		shown := f.messageJSON(&Message{
			ID: to.ID, Channel: to.Channel, Author: to.Author, Content: to.Content, Embeds: to.Embeds, Components: to.Components,
			Flags: to.Flags, Files: to.Files, Pings: to.Pings, Edited: to.Edited, Published: to.Published, kind: to.kind,
		})
		out["referenced_message"] = shown
	}
}

func (m *Message) attachmentsJSON() []reply {
	out := []reply{}
	for _, x := range m.Files {
		url := "https://cdn.discordapp.com/attachments/" + m.Channel + "/" + x.ID + "/" + x.Name
		out = append(out, reply{
			"id": x.ID, "filename": x.Name, "size": len(x.Data), "url": url,
			"proxy_url": strings.Replace(url, "cdn.discordapp.com", "media.discordapp.net", 1),
		})
	}
	return out
}

// embedsJSON are the embeds as Discord gives them back: without white space around, each address once.
func (m *Message) embedsJSON() []map[string]any {
	out, seen := []map[string]any{}, map[string]bool{}
	if m.flags()&FlagSuppressEmbeds != 0 {
		return out
	}
	for _, e := range parsed(m.Embeds) {
		if url := stringOf(e, "url"); url != "" {
			if seen[url] {
				continue
			}
			seen[url] = true
		}
		trimStrings(e)
		e["type"] = "rich"
		for _, f := range objectsOf(e, "fields") {
			if f["inline"] == nil {
				f["inline"] = false
			}
		}
		out = append(out, e)
	}
	return out
}

// componentsJSON are the components as Discord gives them back: numbered.
func (m *Message) componentsJSON() []map[string]any {
	out, n := parsed(m.Components), 0
	var number func([]map[string]any)
	number = func(all []map[string]any) {
		for _, c := range all {
			if n++; c["id"] == nil {
				c["id"] = n
			}
			number(objectsOf(c, "components"))
		}
	}
	number(out)
	return out
}

// parsed reads a list of objects that were stored as JSON, so that they can be changed.
func parsed(raw json.RawMessage) []map[string]any {
	out := []map[string]any{}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			panic(err)
		}
	}
	return out
}

func trimStrings(o map[string]any) {
	for k, v := range o {
		switch v := v.(type) {
		case string:
			o[k] = strings.TrimSpace(v)
		case map[string]any:
			trimStrings(v)
		case []any:
			for _, x := range v {
				if m, ok := x.(map[string]any); ok {
					trimStrings(m)
				}
			}
		}
	}
}
