package discordfake

import (
	"encoding/json"
	"slices"
	"strings"
)

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
