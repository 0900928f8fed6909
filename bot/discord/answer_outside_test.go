package discord

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

const strangerUser = "167348773423415299" // a member of the server, and nobody of the team

// TestSpokenOf: who only speaks of the bot asks it for nothing; who begins as a line does, or with its name, does.
func TestSpokenOf(t *testing.T) {
	const it = "<@" + ourBot + ">"
	for text, asked := range map[string]bool{
		"great work " + it + " !":              false,
		"thanks " + it + " you are great":      false,
		"cc " + it:                             false,
		"<@" + benUser + "> " + it + " status": false,
		it + " great":                          true,
		"  " + it:                              true,
		"status " + it:                         true,
		"scope " + it + " add x":               true,
	} {
		e := newEar(t)
		e.says(t, wrote(anaUser, text))
		if got := len(e.inbox.all()) == 1; got != asked {
			t.Errorf("%q is asked: %t", text, got)
		}
		if !asked && len(e.board.said()) > 0 {
			t.Errorf("%q is answered %q", text, e.board.said())
		}
	}
}

// TestOutsidersInPrivate: no direct messages are opened for who is not of the team, whatever they write and however long it
// takes; who can type the commands is told of them, once an hour.
func TestOutsidersInPrivate(t *testing.T) {
	for _, everyone := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) { outsidersInPrivate(t, everyone) })
	}
}

func outsidersInPrivate(t *testing.T, everyone bool) {
	t.Helper()
	e := newEar(t)
	e.Everyone = everyone
	e.inbox.answers(func(context.Context, chat.Request) chat.Reply {
		time.Sleep(2 * savingAfter)
		r := words("unknown_command: there is no command great")
		r.Files = []chat.File{{Name: "x", Data: []byte("x")}}
		return r
	})
	for i := range 60 {
		if i == 20 {
			time.Sleep(hintEvery)
		}
		e.says(t, with(wrote(strangerUser, named+"great"), object{"id": strconv.Itoa(800000000000000100 + i)}))
	}
	want := 0
	if everyone {
		want = 2
	}
	got := e.board.said()
	if len(got) != want || strings.Contains(strings.Join(got, ""), "@"+strangerUser) || want > 0 && got[0] != "discord/"+hereServer+"/"+hereChannel+" "+inPrivateOnly {
		t.Errorf("everyone: %t, said %q", everyone, got)
	}
	for _, c := range e.api.all() {
		if c.path == "/users/@me/channels" {
			t.Errorf("direct messages are opened: %v", c)
		}
	}
}
