package discordfake

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// request takes what the app asks of the gateway once it is identified.
func (g *Gateway) request(l *link, op int, d json.RawMessage) (code int) {
	if op != 8 {
		g.mu.Lock()
		defer g.mu.Unlock()
		if l.session == nil {
			return 4003
		}
		return 0 // presences and voice show nowhere here
	}
	var in struct {
		Server string          `json:"guild_id"`
		Query  *string         `json:"query"`
		Limit  int             `json:"limit"`
		Users  json.RawMessage `json:"user_ids"`
		Nonce  string          `json:"nonce"`
	}
	if json.Unmarshal(d, &in) != nil || (in.Query == nil) == (in.Users == nil) {
		g.stray("a request for members that is none: " + beginning(d))
		return 4002
	}
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	s := l.session
	switch {
	case s == nil:
		return 4003
	case in.Query != nil && *in.Query == "" && in.Limit == 0 && s.intents&IntentGuildMembers == 0:
		g.strayed("a request for all members without the intent GUILD_MEMBERS")
		return 4014
	}
	for _, chunk := range g.f.chunks(in.Server, in.Query, in.Users) {
		if in.Nonce != "" {
			chunk["nonce"] = in.Nonce
		}
		g.tell(s, "GUILD_MEMBERS_CHUNK", chunk)
	}
	return 0
}

// chunks are the members that were asked for, a thousand at a time; the lock is held.
func (f *Fake) chunks(server string, query *string, users json.RawMessage) (all []reply) {
	var ids []string
	if json.Unmarshal(users, &ids) != nil {
		ids = []string{""}
		_ = json.Unmarshal(users, &ids[0]) // a single one is no list
	}
	members := []reply{}
	for _, id := range slices.SortedFunc(maps.Keys(f.members[server]), compareIDs) {
		m := f.members[server][id]
		if query != nil && strings.HasPrefix(strings.ToLower(f.users[id].Name), strings.ToLower(*query)) || slices.Contains(ids, id) {
			members = append(members, f.memberJSON(m, true))
		}
	}
	for chunk := range slices.Chunk(members, MaxMembers) {
		all = append(all, reply{"guild_id": server, "members": chunk, "chunk_index": len(all), "not_found": []string{}})
	}
	if len(all) == 0 {
		all = append(all, reply{"guild_id": server, "members": []reply{}, "chunk_index": 0, "not_found": []string{}})
	}
	for _, c := range all {
		c["chunk_count"] = len(all)
	}
	return all
}
