package discord

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// TestWho: members of the bot's own servers have a handle that can be linked, and nobody else has.
func TestWho(t *testing.T) {
	member1 := func(user user, pending bool) *member { return &member{User: &user, Pending: pending} }
	for name, tt := range map[string]struct {
		user string
		m    *member // as it came; nil: Discord is asked
		said string  // by Discord
		want workflows.Handle
	}{
		"a member, it came":        {anaUser, member1(user{ID: anaUser}, false), "", "discord/" + anaUser},
		"not let in yet, it came":  {anaUser, member1(user{ID: anaUser}, true), "", "discord/guest/" + anaUser},
		"a bot, it came":           {anaUser, member1(user{ID: anaUser, Bot: true}, false), "", "discord/guest/" + anaUser},
		"Discord's own, it came":   {anaUser, member1(user{ID: anaUser, System: true}, false), "", "discord/guest/" + anaUser},
		"of another, it came":      {anaUser, member1(user{ID: benUser}, false), "", ""},
		"of nobody, it came":       {anaUser, &member{}, "", ""},
		"a member":                 {anaUser, nil, "", "discord/" + anaUser},
		"not let in yet":           {anaUser, nil, `{"user":{"id":"` + anaUser + `"},"pending":true}`, "discord/guest/" + anaUser},
		"a visitor, it came":       {anaUser, &member{User: &user{ID: anaUser}, Flags: 1<<4 | 1}, "", "discord/guest/" + anaUser},
		"one who came back":        {anaUser, &member{User: &user{ID: anaUser}, Flags: 1}, "", "discord/" + anaUser},
		"a visitor":                {anaUser, nil, `{"user":{"id":"` + anaUser + `"},"flags":16}`, "discord/guest/" + anaUser},
		"a bot":                    {anaUser, nil, `{"user":{"id":"` + anaUser + `","bot":true}}`, "discord/guest/" + anaUser},
		"in no server":             {eveUser, nil, "", "discord/guest/" + eveUser},
		"an answer about another":  {anaUser, nil, `{"user":{"id":"` + benUser + `"}}`, ""},
		"an answer about nobody":   {anaUser, nil, `{}`, ""},
		"names nobody":             {"guest/1", nil, "", ""},
		"names nobody, empty":      {"", nil, "", ""},
		"names nobody, with a dot": {anaUser + "/../" + benUser, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			if tt.said != "" {
				e.api.scripted(func(call) (int, string) { return 200, tt.said })
			}
			got, err := e.who(t.Context(), tt.user, tt.m)
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("%s, %v", got, err)
			}
			if got.Guest() != strings.HasPrefix(string(tt.want), "discord/guest/") {
				t.Errorf("%s: a guest is %t", got, got.Guest())
			}
			if n := len(e.api.all()); tt.m != nil && n > 0 {
				t.Errorf("%d questions", n)
			}
		})
	}
}

// TestWhoSeveral: with several servers a member of any is one, and that somebody is of none, all must say.
func TestWhoSeveral(t *testing.T) {
	for name, tt := range map[string]struct {
		first, second int // what each server says: a member, nobody, or nothing
		want          workflows.Handle
	}{
		"of both":                     {200, 200, "discord/" + anaUser},
		"of the second":               {404, 200, "discord/" + anaUser},
		"of the second, first broken": {500, 200, "discord/" + anaUser},
		"of none":                     {404, 404, "discord/guest/" + anaUser},
		"of none, one broken":         {500, 404, ""},
		"of none, one closed":         {404, 403, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				e.me.Store(&identity{app: ourApp, user: ourBot, servers: []string{hereServer, otherServer}})
				e.api.scripted(func(c call) (int, string) {
					status := tt.second
					if strings.Contains(c.path, hereServer) {
						status = tt.first
					}
					return status, map[int]string{200: `{"user":{"id":"` + anaUser + `"}}`, 404: `{"message":"x","code":10007}`, 403: `{"message":"x","code":50001}`, 500: `{}`}[status]
				})
				got, err := e.who(t.Context(), anaUser, nil)
				if got != tt.want || (err != nil) != (tt.want == "") {
					t.Errorf("%s, %v", got, err)
				}
			})
		})
	}
}

// TestWhoAges: how long an answer holds, with Discord there and without, and that news end it.
func TestWhoAges(t *testing.T) {
	for _, tt := range []struct {
		age   time.Duration
		down  bool
		news  bool
		known bool // that ana is a member, as was said before
	}{
		{0, true, false, true},
		{listen.AccountGood, true, false, true},
		{listen.AccountGood + 1, false, false, false},
		{listen.AccountUsable - time.Minute, true, false, true},
		{listen.AccountUsable + 1, true, false, false},
		{0, true, true, false},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				if h, err := e.who(t.Context(), anaUser, nil); err != nil || h.Guest() {
					t.Fatal(h, err)
				}
				e.api.scripted(func(call) (int, string) {
					if tt.down {
						return 503, `{}`
					}
					return 404, `{"message":"Unknown Member","code":10007}`
				})
				time.Sleep(tt.age)
				if tt.news {
					e.happened(t.Context(), "GUILD_MEMBER_REMOVE", jsonOf(object{"guild_id": hereServer, "user": object{"id": anaUser}}))
				}
				h, err := e.who(t.Context(), anaUser, nil)
				if known := err == nil && !h.Guest(); known != tt.known || tt.down && !tt.known && err == nil {
					t.Errorf("%s, %v", h, err)
				}
				e.directory.Settle()
			})
		})
	}
}

// TestWhoIsUnknown: as long as Discord does not say who somebody is, nothing is done for them, and they are told.
func TestWhoIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.api.scripted(func(c call) (int, string) {
			if strings.HasPrefix(c.path, "/guilds/") {
				return 500, `{}`
			}
			return 0, ""
		})
		e.does(t, pressedBy(inDM(anaUser), "advance"))
		e.settles(t)
		if changed, _ := e.answers(t); len(e.inbox.all()) > 0 || len(changed) == 1 && !strings.Contains(changed[0].text(), nobody[:30]) {
			t.Errorf("asked %v, answered %+v", e.inbox.all(), changed)
		}
	})
}

// TestWhoElse: that a server is not found says nothing of who is in it.
func TestWhoElse(t *testing.T) {
	e := newEar(t)
	e.api.scripted(func(call) (int, string) { return 404, `{"message":"Unknown Guild","code":10004}` })
	if h, err := e.who(t.Context(), anaUser, nil); err == nil {
		t.Errorf("%s", h)
	}
}
