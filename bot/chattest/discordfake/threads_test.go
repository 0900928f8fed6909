package discordfake_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestThread starts one from a message: it has the message's id, and holds what is said there.
func TestThread(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	id := a.post(t, discordfake.General, "1.4").id()
	path := messages + "/" + id
	g := a.do(t.Context(), t, "POST", path+"/threads", `{"name":"1.4","auto_archive_duration":1440}`)
	if g.status != 201 || g.id() != id || g.m["type"] != 11.0 || g.str("parent_id") != discordfake.General || g.str("owner_id") != a.BotUser() {
		t.Fatalf("%d %s", g.status, g.text)
	}
	if g := a.do(t.Context(), t, "POST", path+"/threads", `{"name":"again"}`); g.status != 400 || g.code() != 160004 {
		t.Errorf("again: %s", g.text)
	}
	answer := a.post(t, id, "ana signed").id()
	if all := a.Thread(discordfake.General, id); len(all) != 1 || all[0].ID != answer || all[0].Channel != id {
		t.Errorf("there stand %+v", all)
	}
	if got := a.do(t.Context(), t, "GET", "/channels/"+id+"/messages", ""); len(got.ids()) != 2 || got.ids()[1] != id || got.list[1].(map[string]any)["type"] != 21.0 {
		t.Errorf("it reads %s", got.text)
	}
	root := a.do(t.Context(), t, "GET", path, "")
	if th, _ := root.m["thread"].(map[string]any); th["id"] != id || root.m["flags"] != float64(discordfake.FlagHasThread) {
		t.Errorf("the message: %s", root.text)
	}
	if got := a.do(t.Context(), t, "GET", "/guilds/"+discordfake.Server+"/threads/active", ""); len(got.m["threads"].([]any)) != 1 || len(got.m["members"].([]any)) != 1 {
		t.Errorf("active: %s", got.text)
	}
	news := a.post(t, a.news, "news").id()
	if g := a.do(t.Context(), t, "POST", "/channels/"+a.news+"/messages/"+news+"/threads", `{"name":"n"}`); g.m["type"] != 10.0 {
		t.Errorf("of an announcement: %s", g.text)
	}
	if g := a.do(t.Context(), t, "POST", "/channels/"+id+"/messages/"+answer+"/threads", `{"name":"n"}`); g.code() != 50024 {
		t.Errorf("in a thread: %s", g.text)
	}
	a.do(t.Context(), t, "DELETE", path, "")
	if g := a.post(t, id, "still here"); g.status != 200 {
		t.Errorf("an orphan: %s", g.text)
	}
}

// TestThreadNeeds its own permission to be written in.
func TestThreadNeeds(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	th := a.AddChannel(discordfake.Channel{Name: "t", Type: discordfake.PublicThread, Parent: discordfake.General})
	a.SetRole(discordfake.Server, func(r *discordfake.Role) { r.Permissions &^= discordfake.SendMessages })
	if g := a.post(t, th, "without SEND_MESSAGES"); g.status != 200 {
		t.Errorf("%s", g.text)
	}
	a.SetChannel(discordfake.General, func(c *discordfake.Channel) {
		c.Overwrites = []discordfake.Overwrite{{ID: a.BotUser(), Member: true, Deny: discordfake.SendMessagesInThreads}}
	})
	if g := a.post(t, th, "without its own"); g.code() != 50013 {
		t.Errorf("%s", g.text)
	}
}

// TestArchived threads are opened by a message, unless they are locked, and nothing in them is changed before.
func TestArchived(t *testing.T) {
	tests := []struct {
		name                          string
		archived, locked, manager     bool
		send, edit, drop, rename, raw int // the codes; zero: it is done
	}{
		{"open", false, false, false, 0, 0, 0, 0, 0},
		{"archived", true, false, false, 0, 50083, 0, 50083, 0},
		{"locked", false, true, false, 160005, 160005, 0, 0, 0},
		{"archived and locked", true, true, false, 50083, 50083, 50083, 50083, 0},
		{"for who may manage threads", true, true, true, 0, 50083, 0, 50083, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := func() (acme, string, string) {
				a := newAcme(t, discordfake.Options{})
				th := a.do(t.Context(), t, "POST", messages+"/"+a.post(t, discordfake.General, "root").id()+"/threads", `{"name":"t"}`).id()
				m := a.post(t, th, "first").id()
				a.SetChannel(th, func(c *discordfake.Channel) { c.Archived, c.Locked = tt.archived, tt.locked })
				if tt.manager {
					a.SetRole(discordfake.BotRole, func(r *discordfake.Role) { r.Permissions = discordfake.ManageThreads })
				}
				return a, th, m
			}
			try := func(what, method, path, body string, want int) {
				t.Helper()
				a, th, m := start()
				paths := map[string]string{"thread": "/channels/" + th, "messages": "/channels/" + th + "/messages", "message": "/channels/" + th + "/messages/" + m}
				if g := a.do(t.Context(), t, method, paths[path], body); g.code() != want || want == 0 && g.status >= 400 {
					t.Errorf("%s: %d %s", what, g.status, g.text)
				}
				if got := a.do(t.Context(), t, "GET", "/channels/"+th, "").m["thread_metadata"].(map[string]any)["archived"]; what == "send" && want == 0 && got != false {
					t.Error("it is archived still")
				}
			}
			try("send", "POST", "messages", `{"content":"x","nonce":"2","enforce_nonce":true,`+quiet+`}`, tt.send)
			try("edit", "PATCH", "message", `{"content":"x",`+quiet+`}`, tt.edit)
			try("delete", "DELETE", "message", "", tt.drop)
			try("rename", "PATCH", "thread", `{"name":"x"}`, tt.rename)
			try("open and rename", "PATCH", "thread", `{"name":"x","archived":false}`, tt.raw)
		})
	}
}

// TestLocking is for who may manage threads.
func TestLocking(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	th := a.AddChannel(discordfake.Channel{Name: "t", Type: discordfake.PublicThread, Parent: discordfake.General, Creator: a.BotUser()})
	if g := a.do(t.Context(), t, "PATCH", "/channels/"+th, `{"locked":true}`); g.code() != 50013 {
		t.Errorf("%s", g.text)
	}
	a.SetRole(discordfake.BotRole, func(r *discordfake.Role) { r.Permissions = discordfake.ManageThreads })
	if g := a.do(t.Context(), t, "PATCH", "/channels/"+th, `{"locked":true,"archived":true}`); g.status != 200 {
		t.Errorf("%s", g.text)
	}
	other := a.AddChannel(discordfake.Channel{Name: "o", Type: discordfake.PublicThread, Parent: discordfake.General, Archived: true})
	a.SetRole(discordfake.BotRole, func(r *discordfake.Role) { r.Permissions = 0 })
	if g := a.do(t.Context(), t, "PATCH", "/channels/"+other, `{"archived":false}`); g.status != 200 {
		t.Errorf("opening somebody's: %s", g.text)
	}
	a.SetChannel(other, func(c *discordfake.Channel) { c.Archived, c.Locked = true, true })
	if g := a.do(t.Context(), t, "PATCH", "/channels/"+other, `{"archived":false}`); g.code() != 50013 {
		t.Errorf("opening somebody's that is locked: %s", g.text)
	}
	a.SetChannel(other, func(c *discordfake.Channel) { c.Archived, c.Locked = false, false })
	if g := a.do(t.Context(), t, "PATCH", "/channels/"+other, `{"name":"mine"}`); g.code() != 50013 {
		t.Errorf("renaming somebody's: %s", g.text)
	}
}

// TestCrosspost publishes once, in an announcement channel, ten times an hour; the header of the 429 is wrong.
func TestCrosspost(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Scale: 1}})
	publish := func(channel string) (got, string) {
		t.Helper()
		c.Pass(5 * time.Second)
		id := a.post(t, channel, c.Now().Format("15:04:05")).id()
		if id == "" {
			t.Fatal("it was not posted")
		}
		return a.do(t.Context(), t, "POST", "/channels/"+channel+"/messages/"+id+"/crosspost", ""), id
	}
	if g, _ := publish(discordfake.General); g.code() != 50024 {
		t.Errorf("elsewhere: %s", g.text)
	}
	begun := c.Now().Add(5 * time.Second)
	g, id := publish(a.news)
	if g.status != 200 || g.m["flags"] != float64(discordfake.FlagCrossposted) || !a.Messages(a.news)[0].Published || g.m["edited_timestamp"] != nil {
		t.Fatalf("%d %s", g.status, g.text)
	}
	if g := a.do(t.Context(), t, "POST", "/channels/"+a.news+"/messages/"+id+"/crosspost", ""); g.status != 400 || g.code() != 40033 {
		t.Errorf("again: %s", g.text)
	}
	for i := range 9 {
		if g, _ := publish(a.news); g.status != 200 {
			t.Errorf("the %d.: %s", i+2, g.text)
		}
	}
	g, id = publish(a.news)
	left := begun.Add(time.Hour).Sub(c.Now()).Seconds()
	if g.status != 429 || g.code() != 20028 || g.m["retry_after"] != left || g.header.Get("Retry-After") != "1" || g.header.Get("X-RateLimit-Scope") != "shared" {
		t.Errorf("the eleventh: %d %s %v", g.status, g.text, g.header)
	}
	before := a.Invalid()
	a.do(t.Context(), t, "POST", "/channels/"+a.news+"/messages/"+id+"/crosspost", "")
	if len(a.Early()) != 1 || a.Invalid() != before {
		t.Errorf("%d came early, %d were invalid", len(a.Early()), a.Invalid()-before)
	}
	c.Pass(time.Hour)
	if g := a.do(t.Context(), t, "POST", "/channels/"+a.news+"/messages/"+id+"/crosspost", ""); g.status != 200 {
		t.Errorf("an hour later: %s", g.text)
	}
}

// TestPublishedEdits are three an hour, of each message.
func TestPublishedEdits(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Scale: 1}})
	ids := []string{a.post(t, a.news, "a").id(), a.post(t, a.news, "b").id()}
	edit := func(id string) got {
		c.Pass(time.Minute)
		return a.do(t.Context(), t, "PATCH", "/channels/"+a.news+"/messages/"+id, `{"content":"x",`+quiet+`}`)
	}
	for range 4 {
		if g := edit(ids[0]); g.status != 200 {
			t.Errorf("before: %s", g.text)
		}
	}
	for _, id := range ids {
		a.do(t.Context(), t, "POST", "/channels/"+a.news+"/messages/"+id+"/crosspost", "")
		for range 3 {
			if g := edit(id); g.status != 200 {
				t.Errorf("%s", g.text)
			}
		}
		if g := edit(id); g.code() != 20028 || g.header.Get("Retry-After") != "1" || g.m["retry_after"] != 57.0*60 {
			t.Errorf("the fourth: %s", g.text)
		}
	}
	if n := len(a.Early()); n != 0 {
		t.Errorf("%d came early: what waits is the message alone", n)
	}
	edit(ids[0])
	if n := len(a.Early()); n != 1 {
		t.Errorf("%d came early", n)
	}
}

// TestOldEdits are limited, where the test says how much.
func TestOldEdits(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{OldEdits: 2}})
	id := a.post(t, discordfake.General, "a").id()
	edit := func() got {
		return a.do(t.Context(), t, "PATCH", messages+"/"+id, `{"content":"x",`+quiet+`}`)
	}
	c.Pass(time.Hour)
	for range 3 {
		if g := edit(); g.status != 200 {
			t.Errorf("an hour old: %s", g.text)
		}
	}
	c.Pass(time.Millisecond)
	edit()
	edit()
	if g := edit(); g.status != 429 || g.code() != 30046 || g.m["retry_after"] != 20.0 {
		t.Errorf("older: %d %s", g.status, g.text)
	}
	c.Pass(20 * time.Second)
	if g := edit(); g.status != 200 {
		t.Errorf("later: %s", g.text)
	}
}
