package slack

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// clocked is an idle world that knows who it is, on a clock of its own.
func clocked(t *testing.T, me identity) (*linkWorld, *wire.Clock) {
	t.Helper()
	c := newClock()
	w := idle(t, func(o *Options) { o.Now = c.Now })
	w.become(me)
	return w, c
}

var (
	alone   = identity{team: slackfake.Team, user: slackfake.Bot, bot: slackfake.BotID, app: slackfake.App}
	grouped = identity{enterprise: "E0ACME", team: slackfake.Team, user: slackfake.Bot, bot: slackfake.BotID, app: slackfake.App}
)

// TestWho: full members of the workspace, or of its enterprise, have a handle that can be linked, and nobody else has.
func TestWho(t *testing.T) {
	for name, c := range map[string]struct {
		me               identity
		enterprise, team string // as the request names them
		user             slackfake.User
		want             workflows.Handle
	}{
		"a member":                 {alone, "", "T0ACME", slackfake.User{ID: "U1"}, "slack/T0ACME/U1"},
		"of no team that is named": {alone, "", "", slackfake.User{ID: "U1"}, "slack/T0ACME/U1"},
		"a guest":                  {alone, "", "T0ACME", slackfake.User{ID: "U1", Guest: true}, "slack/guest/T0ACME/U1"},
		"of one channel":           {alone, "", "T0ACME", slackfake.User{ID: "U1", SingleChannelGuest: true}, "slack/guest/T0ACME/U1"},
		"a stranger":               {alone, "", "T0ACME", slackfake.User{ID: "U1", Stranger: true}, "slack/guest/T0ACME/U1"},
		"who left":                 {alone, "", "T0ACME", slackfake.User{ID: "U1", Deleted: true}, "slack/guest/T0ACME/U1"},
		"a bot":                    {alone, "", "T0ACME", slackfake.User{ID: "U1", Bot: true}, "slack/guest/T0ACME/U1"},
		"from elsewhere, by Slack": {alone, "", "T0ACME", slackfake.User{ID: "U1", TeamID: "T9"}, "slack/guest/T9/U1"},
		"from elsewhere, it says":  {alone, "", "T9", slackfake.User{ID: "U1"}, "slack/guest/T9/U1"},
		"of another enterprise":    {alone, "E9", "T9", slackfake.User{ID: "U1"}, "slack/guest/T9/U1"},
		"nobody":                   {alone, "", "T0ACME", slackfake.User{}, "slack/guest/T0/U1"},
		"of the enterprise":        {grouped, "E0ACME", "T0ACME", slackfake.User{ID: "U1", EnterpriseID: "E0ACME"}, "slack/E0ACME/T0ACME/U1"},
		"from beside":              {grouped, "E0ACME", "T2", slackfake.User{ID: "U1", TeamID: "T2", EnterpriseID: "E0ACME"}, "slack/E0ACME/T0ACME/U1"},
		"at home in all of it":     {grouped, "", "E0ACME", slackfake.User{ID: "U1", TeamID: "E0ACME"}, "slack/E0ACME/T0ACME/U1"},
		"its guest":                {grouped, "E0ACME", "T0ACME", slackfake.User{ID: "U1", EnterpriseID: "E0ACME", Guest: true}, "slack/guest/T0ACME/U1"},
		"another's, it says":       {grouped, "E9", "T9", slackfake.User{ID: "U1", EnterpriseID: "E0ACME"}, "slack/guest/T9/U1"},
		"another's, by Slack":      {grouped, "E0ACME", "T0ACME", slackfake.User{ID: "U1", TeamID: "T9", EnterpriseID: "E9"}, "slack/guest/T9/U1"},
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := clocked(t, c.me)
			if c.user.ID != "" {
				w.f.AddUser(c.user)
			}
			got, err := w.who(t.Context(), c.enterprise, c.team, "U1")
			if err != nil || got != c.want {
				t.Errorf("%s, %v", got, err)
			}
			if got.Guest() != strings.HasPrefix(string(c.want), "slack/guest/") {
				t.Errorf("%s: a guest is %t", got, got.Guest())
			}
		})
	}
}

// TestWhoNot: what names nobody is nobody, without a question to Slack.
func TestWhoNot(t *testing.T) {
	w, _ := clocked(t, alone)
	for _, user := range []string{"", "ana", "u1", "U1/../U2", "U", "T1", "U1 ", "guest/T1/U1", "U" + strings.Repeat("1", 40)} {
		if h, err := w.who(t.Context(), "", "", user); err == nil {
			t.Errorf("%q is %s", user, h)
		}
	}
	if h, err := w.who(t.Context(), "", "T9/../x", "U1"); err != nil || h != "slack/guest/T0/U1" {
		t.Errorf("%s, %v", h, err)
	}
	w.me.Store(nil)
	if h, err := w.who(t.Context(), "", "", "U0ANA"); err == nil {
		t.Errorf("%s, though the bot does not know who it is", h)
	}
	if n := len(w.f.Calls("users.info")); n != 0 {
		t.Errorf("%d questions", n)
	}
}

// TestWhoAges: how long an answer holds, with Slack there and without.
func TestWhoAges(t *testing.T) {
	for _, c := range []struct {
		age       time.Duration
		down      bool
		known     bool // that ana is a member, as was said before
		questions int  // in all
	}{
		{0, false, true, 1},
		{listen.AccountFresh, false, true, 1},
		{listen.AccountFresh + 1, false, true, 2}, // behind the answer, which is the old one
		{listen.AccountGood, true, true, 2},
		{listen.AccountGood + 1, false, false, 2},
		{listen.AccountGood + 1, true, true, 2},
		{listen.AccountUsable, true, true, 2},
		{listen.AccountUsable + 1, true, false, 2},
		{-time.Second, true, false, 2},
	} {
		t.Run(fmt.Sprint(c.age, c.down), func(t *testing.T) {
			w, clock := clocked(t, alone)
			if h, err := w.who(t.Context(), "", "", "U0ANA"); err != nil || h.Guest() {
				t.Fatal(h, err)
			}
			w.f.SetUser("U0ANA", func(u *slackfake.User) { u.Guest = true })
			clock.Pass(c.age)
			if c.down {
				w.f.Fail("users.info", slackfake.Ends(slackfake.Reset))
			}
			h, err := w.who(t.Context(), "", "", "U0ANA")
			if known := err == nil && !h.Guest(); known != c.known || err == nil && c.down && !c.known {
				t.Errorf("%s, %v", h, err)
			}
			w.directory.Settle()
			if n := len(w.f.Calls("users.info")); n != c.questions {
				t.Errorf("%d questions", n)
			}
			if c.age == listen.AccountFresh+1 {
				if h, err := w.who(t.Context(), "", "", "U0ANA"); err != nil || !h.Guest() {
					t.Errorf("after the answer: %s, %v", h, err)
				}
			}
		})
	}
}

// TestUserChanged: news of somebody end what was known of them, also if it is just being answered, and fail closed.
func TestUserChanged(t *testing.T) {
	w, _ := clocked(t, alone)
	if h, err := w.who(t.Context(), "", "", "U0ANA"); err != nil || h.Guest() {
		t.Fatal(h, err)
	}
	w.userChanged("U0ANA")
	w.f.Fail("users.info", slackfake.Raw(500, ""))
	if h, err := w.who(t.Context(), "", "", "U0ANA"); err == nil {
		t.Errorf("%s, from before the news", h)
	}
	w.f.Fail("users.info", slackfake.Late(100*time.Millisecond, slackfake.Raw(200, `{"ok":true,"user":{"id":"U0ANA","team_id":"T0ACME"}}`)))
	q := w.directory.Ask(t.Context(), "U0ANA")
	w.until("Slack is asked", func() bool { return len(w.f.Calls("users.info")) == 3 })
	w.userChanged("U0ANA")
	w.f.SetUser("U0ANA", func(u *slackfake.User) { u.Deleted = true })
	if h, err := w.who(t.Context(), "", "", "U0ANA"); err != nil || !h.Guest() {
		t.Errorf("%s, %v", h, err)
	}
	<-q.Done
	if h, err := w.who(t.Context(), "", "", "U0ANA"); err != nil || !h.Guest() {
		t.Errorf("an answer from before the news counts: %s, %v", h, err)
	}
}

// TestWhoAtOnce: many who ask for one account ask Slack once, and whoever gives up takes no answer from the others.
func TestWhoAtOnce(t *testing.T) {
	w, _ := clocked(t, alone)
	w.f.Fail("users.info", slackfake.Late(100*time.Millisecond, slackfake.Ends(slackfake.Ordinary)))
	hasty, giveUp := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := w.who(hasty, "", "", "U0ANA"); err == nil {
			t.Error("an answer before there was one")
		}
	})
	w.until("Slack is asked", func() bool { return len(w.f.Calls("users.info")) == 1 })
	for range 20 {
		all.Go(func() {
			if h, err := w.who(t.Context(), "", "", "U0ANA"); err != nil || h != "slack/T0ACME/U0ANA" {
				t.Errorf("%s, %v", h, err)
			}
		})
	}
	giveUp()
	all.Wait()
	if n := len(w.f.Calls("users.info")); n != 1 {
		t.Errorf("%d questions", n)
	}
}

// TestWhoAnswers: what is no answer about the account is none.
func TestWhoAnswers(t *testing.T) {
	for _, fault := range []slackfake.Fault{
		slackfake.Raw(200, `{"ok":true}`), slackfake.Raw(200, `{"ok":true,"user":{"id":"U0BEN","team_id":"T0ACME"}}`), slackfake.Raw(200, `{}`),
		slackfake.HTML(), slackfake.TooMany("1"), slackfake.Error("internal_error"), slackfake.Error("token_revoked"), slackfake.Ends(slackfake.Silent),
	} {
		w, _ := clocked(t, alone)
		w.f.Fail("users.info", fault)
		if h, err := w.who(t.Context(), "", "", "U0ANA"); err == nil {
			t.Errorf("%+v makes it %s", fault, h)
		}
	}
}
