package discordfake_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestPermissions are computed as Discord does: roles, then the overwrites of @everyone, of the roles, of the member.
func TestPermissions(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	red := a.AddRole(discordfake.Role{Name: "red"})
	blue := a.AddRole(discordfake.Role{Name: "blue", Permissions: discordfake.ManageMessages})
	admin := a.AddRole(discordfake.Role{Name: "admin", Permissions: discordfake.Administrator})
	send, view := discordfake.SendMessages, discordfake.ViewChannel
	over := func(id string, allow, deny discordfake.Permission) discordfake.Overwrite {
		return discordfake.Overwrite{ID: id, Allow: allow, Deny: deny, Member: id == a.ana}
	}
	tests := []struct {
		name       string
		roles      []string
		overwrites []discordfake.Overwrite
		has, lacks discordfake.Permission
	}{
		{"of everyone", nil, nil, send | view, discordfake.ManageMessages},
		{"of a role", []string{blue}, nil, send | discordfake.ManageMessages, 0},
		{"nobody here", nil, []discordfake.Overwrite{over(discordfake.Server, 0, send)}, view, send},
		{"only red here", []string{red}, []discordfake.Overwrite{over(discordfake.Server, 0, send), over(red, send, 0)}, send, 0},
		{"a role's allowance is above another's denial", []string{red, blue}, []discordfake.Overwrite{over(red, send, 0), over(blue, 0, send)}, send, 0},
		{"a role that she has not", nil, []discordfake.Overwrite{over(red, 0, send)}, send, 0},
		{"not ana", []string{red}, []discordfake.Overwrite{over(red, send, 0), over(a.ana, 0, send)}, view, send},
		{"who does not see does nothing", nil, []discordfake.Overwrite{over(a.ana, send, view)}, 0, send | view},
		{"who says nothing embeds nothing", nil, []discordfake.Overwrite{over(a.ana, 0, send)}, view, discordfake.EmbedLinks | discordfake.AttachFiles},
		{"an administrator", []string{admin}, []discordfake.Overwrite{over(a.ana, 0, send|view)}, discordfake.All, 0},
	}
	for _, tt := range tests {
		a.SetMember(discordfake.Server, a.ana, func(m *discordfake.Member) { m.Roles = tt.roles })
		a.SetChannel(discordfake.General, func(c *discordfake.Channel) { c.Overwrites = tt.overwrites })
		if got := a.Permissions(discordfake.General, a.ana); !got.Has(tt.has) || got&tt.lacks != 0 {
			t.Errorf("%s: %b", tt.name, got)
		}
	}
	a.SetMember(discordfake.Server, a.ana, func(m *discordfake.Member) { m.Roles, m.TimedOut = nil, time.Now().Add(time.Hour) })
	a.SetChannel(discordfake.General, func(c *discordfake.Channel) { c.Overwrites = nil })
	if got := a.Permissions(discordfake.General, a.ana); got != view|discordfake.ReadMessageHistory {
		t.Errorf("timed out: %b", got)
	}
	if got := a.Permissions(discordfake.General, discordfake.Owner); got != discordfake.All {
		t.Errorf("the owner: %b", got)
	}
	if got := a.Permissions(discordfake.General, "1100000000000000099"); got != 0 {
		t.Errorf("a stranger: %b", got)
	}
}

// TestAccess takes one permission from the bot at a time.
func TestAccess(t *testing.T) {
	post := `{"content":"x","embeds":[{"description":"d"}],"nonce":"%d","enforce_nonce":true,` + quiet + `}`
	embed := `{"embeds":[{"description":"d"}],"nonce":"%d","enforce_nonce":true,` + quiet + `}`
	buttons := `{"embeds":[{"description":"d"}],"components":[{"type":1,"components":[{"type":2,"style":1,"label":"b","custom_id":"b"}]}],"nonce":"%d","enforce_nonce":true,` + quiet + `}`
	tests := []struct {
		without            discordfake.Permission
		method, path, body string
		status, code       int
	}{
		{0, "POST", "", post, 200, 0},
		{discordfake.ViewChannel, "POST", "", post, 403, 50001},
		{discordfake.ViewChannel, "GET", "", "", 403, 50001},
		{discordfake.SendMessages, "POST", "", post, 403, 50013},
		{discordfake.SendMessagesInThreads, "POST", "", post, 200, 0},
		{discordfake.EmbedLinks, "POST", "", post, 200, 0},
		{discordfake.EmbedLinks, "POST", "", embed, 403, 50013},
		{discordfake.EmbedLinks, "POST", "", buttons, 200, 0},
		{discordfake.ReadMessageHistory, "GET", "", "", 200, 0},
		{discordfake.ReadMessageHistory, "GET", "/mine", "", 403, 50013},
		{discordfake.CreatePublicThreads, "POST", "/mine/threads", `{"name":"t"}`, 403, 50013},
		{0, "POST", "/mine/threads", `{"name":"t"}`, 201, 0},
		{0, "PATCH", "/hers", `{"content":"y",` + quiet + `}`, 403, 50005},
		{discordfake.SendMessages, "PATCH", "/mine", `{"content":"y",` + quiet + `}`, 200, 0},
		{0, "DELETE", "/hers", "", 403, 50013},
		{0, "DELETE", "/mine", "", 204, 0},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%s%s without %b", tt.method, tt.path, tt.without), func(t *testing.T) {
			a := newAcme(t, discordfake.Options{})
			ids := map[string]string{"": "", "/mine": "/" + a.post(t, discordfake.General, "first").id(), "/hers": "/" + a.Say(discordfake.General, a.ana, "hello")}
			ids["/mine/threads"] = ids["/mine"] + "/threads"
			a.SetRole(discordfake.Server, func(r *discordfake.Role) { r.Permissions &^= tt.without })
			body := tt.body
			if tt.method == "POST" && tt.path == "" {
				body = fmt.Sprintf(tt.body, i)
			}
			g := a.do(t.Context(), t, tt.method, messages+ids[tt.path], body)
			if g.status != tt.status || g.code() != tt.code {
				t.Errorf("%d %s", g.status, g.text)
			}
			switch all := a.Messages(discordfake.General); {
			case tt.without == discordfake.EmbedLinks && tt.status == 200 && all[len(all)-1].Embeds != nil:
				t.Error("the embed is there")
			case tt.without == discordfake.ReadMessageHistory && tt.path == "" && string(g.text) != "[]":
				t.Errorf("the history is %s", g.text)
			}
		})
	}
}

// TestManager deletes what others wrote.
func TestManager(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	id := a.Say(discordfake.General, a.ana, "hello")
	a.SetRole(discordfake.BotRole, func(r *discordfake.Role) { r.Permissions = discordfake.ManageMessages })
	if g := a.do(t.Context(), t, "DELETE", messages+"/"+id, ""); g.status != 204 {
		t.Errorf("%d %s", g.status, g.text)
	}
}

// TestContent of others is shown where the switch is on, where they speak to the bot, and in direct messages.
func TestContent(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	plain, to := a.Say(discordfake.General, a.ana, "hello"), a.Say(discordfake.General, a.ana, "<@"+a.BotUser()+"> status")
	direct := a.Say(a.DM(a.ana), a.ana, "status")
	read := func(channel, id string) string {
		return a.do(t.Context(), t, "GET", "/channels/"+channel+"/messages/"+id, "").str("content")
	}
	if got := []string{read(discordfake.General, plain), read(discordfake.General, to), read(a.DM(a.ana), direct)}; got[0] != "" || got[1] == "" || got[2] != "status" {
		t.Errorf("read %q", got)
	}
	a.SetApplication(func(app *discordfake.Application) { app.Content = true })
	if got := read(discordfake.General, plain); got != "hello" {
		t.Errorf("read %q with the switch on", got)
	}
}

// TestNotThere names what is missing.
func TestNotThere(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	away := a.AddServer(discordfake.Guild{Name: "Away", WithoutBot: true})
	hidden := a.AddChannel(discordfake.Channel{Server: away, Name: "hidden"})
	category := a.AddChannel(discordfake.Channel{Name: "team", Type: discordfake.Category})
	stranger := a.AddUser(discordfake.User{Name: "stranger"})
	const none = "1100000000000000099"
	tests := []struct {
		method, path, body string
		code               int
	}{
		{"GET", "/channels/" + none, "", 10003},
		{"GET", "/channels/" + hidden, "", 50001},
		{"GET", "/channels/general", "", 50035},
		{"GET", messages + "/" + none, "", 10008},
		{"POST", "/channels/" + category + "/messages", `{"content":"x"}`, 50008},
		{"GET", "/guilds/" + none, "", 10004},
		{"GET", "/guilds/" + away, "", 50001},
		{"GET", "/guilds/" + discordfake.Server + "/members/" + none, "", 10013},
		{"GET", "/guilds/" + discordfake.Server + "/members/" + stranger, "", 10007},
		{"GET", "/guilds/" + discordfake.Server + "/members?limit=1000", "", 50001},
		{"POST", "/users/@me/channels", `{"recipient_id":"` + none + `"}`, 50033},
		{"POST", "/users/@me/channels", `{"recipient_id":"` + a.BotUser() + `"}`, 50007},
		{"PATCH", "/channels/" + discordfake.General, `{"name":"x"}`, 50013},
	}
	for _, tt := range tests {
		if g := a.do(t.Context(), t, tt.method, tt.path, tt.body); g.code() != tt.code {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, g.status, g.text)
		}
	}
	a.SetServer(discordfake.Server, func(g *discordfake.Guild) { g.Unavailable = true })
	if g := a.do(t.Context(), t, "GET", messages, ""); g.status != 503 {
		t.Errorf("in an outage: %d", g.status)
	}
	a.RemoveServer(discordfake.Server)
	if g := a.do(t.Context(), t, "GET", messages, ""); g.code() != 10003 {
		t.Errorf("thrown out: %s", g.text)
	}
}

// TestDirectMessages reach who shares a server with the bot and wants them.
func TestDirectMessages(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	g := a.do(t.Context(), t, "POST", "/users/@me/channels", `{"recipient_id":"`+a.ana+`"}`)
	if g.status != 200 || g.id() != a.DM(a.ana) || g.m["type"] != 1.0 {
		t.Fatalf("%d %s", g.status, g.text)
	}
	if g := a.post(t, g.id(), "for ana"); g.status != 200 || a.Messages(a.DM(a.ana))[0].Content != "for ana" {
		t.Errorf("%s", g.text)
	}
	a.SetUser(a.ana, func(u *discordfake.User) { u.NoDMs = true })
	if g := a.post(t, a.DM(a.ana), "again"); g.status != 403 || g.code() != 50007 {
		t.Errorf("she wants none: %s", g.text)
	}
	elsewhere := a.AddServer(discordfake.Guild{Name: "Elsewhere", WithoutBot: true})
	a.AddMember(discordfake.Member{Server: elsewhere, User: a.ben})
	a.RemoveMember(discordfake.Server, a.ben)
	if g := a.post(t, a.DM(a.ben), "to ben"); g.code() != 50007 {
		t.Errorf("he left: %s", g.text)
	}
}

// TestDirectory lists members by their ids, and says what is switched on.
func TestDirectory(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	if g := a.do(t.Context(), t, "GET", "/applications/@me", ""); g.id() != a.AppID() || g.str("verify_key") != a.PublicKey() || g.m["flags"] != 0.0 {
		t.Errorf("%s", g.text)
	}
	for _, tt := range []struct {
		app  discordfake.Application
		want float64
	}{
		{discordfake.Application{Members: true}, discordfake.FlagMembersLimited},
		{discordfake.Application{Members: true, Content: true, Verified: true}, discordfake.FlagMembers | discordfake.FlagContent},
		{discordfake.Application{Members: true, Content: true}, discordfake.FlagMembersLimited | discordfake.FlagContentLimited},
	} {
		a.SetApplication(func(app *discordfake.Application) { *app = tt.app })
		if g := a.do(t.Context(), t, "GET", "/applications/@me", ""); g.m["flags"] != tt.want {
			t.Errorf("%+v: %v", tt.app, g.m["flags"])
		}
	}
	var all []string
	for after := "0"; ; {
		g := a.do(t.Context(), t, "GET", "/guilds/"+discordfake.Server+"/members?limit=2&after="+after, "")
		if len(g.list) == 0 {
			break
		}
		for _, m := range g.list {
			after = m.(map[string]any)["user"].(map[string]any)["id"].(string)
			all = append(all, after)
		}
	}
	if len(all) != 4 || all[2] != a.ana || all[3] != a.ben {
		t.Errorf("members: %v", all)
	}
	if g := a.do(t.Context(), t, "GET", "/guilds/"+discordfake.Server+"/members?limit=1001", ""); g.code() != 50035 {
		t.Errorf("1001: %s", g.text)
	}
	if g := a.do(t.Context(), t, "GET", "/guilds/"+discordfake.Server+"/members/"+a.ana, ""); g.str("nick") != "ana (release)" {
		t.Errorf("ana: %s", g.text)
	}
	if g := a.do(t.Context(), t, "GET", "/users/@me/guilds", ""); len(g.ids()) != 1 || g.ids()[0] != discordfake.Server {
		t.Errorf("servers: %s", g.text)
	}
	if g := a.do(t.Context(), t, "GET", "/guilds/"+discordfake.Server+"/channels", ""); len(g.list) != 2 {
		t.Errorf("channels: %s", g.text)
	}
	if g := a.do(t.Context(), t, "GET", "/guilds/"+discordfake.Server+"/roles", ""); len(g.list) != 2 || g.ids()[0] != discordfake.Server {
		t.Errorf("roles: %s", g.text)
	}
}

// TestPrivateThread is seen by who made it, and by who may manage threads.
func TestPrivateThread(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	th := a.AddChannel(discordfake.Channel{Name: "t", Type: discordfake.PrivateThread, Parent: discordfake.General, Creator: a.ana})
	if g := a.do(t.Context(), t, "GET", "/channels/"+th, ""); g.code() != 50001 || a.Permissions(th, a.ana) == 0 {
		t.Errorf("%d %s", g.status, g.text)
	}
	a.SetRole(discordfake.BotRole, func(r *discordfake.Role) { r.Permissions = discordfake.ManageThreads })
	if g := a.do(t.Context(), t, "GET", "/channels/"+th, ""); g.status != 200 {
		t.Errorf("%d %s", g.status, g.text)
	}
}
