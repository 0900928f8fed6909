package listen_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// TestStanding: only a no that stays one is held against the token, and only a look that went well takes it back.
func TestStanding(t *testing.T) {
	st := listen.NewStanding()
	no := fmt.Errorf("asked: %w", listen.Refused("take a new one"))
	for _, tt := range []struct {
		name    string
		look    error
		refused bool
		health  string
		known   bool
		doubt   bool
	}{
		{"no answer", errors.New("silence"), false, "Chat did not say yet who the bot is: silence", false, true},
		{"a no", no, true, "Chat does not take the bot token: asked: take a new one", true, false},
		{"then no answer", errors.New("silence"), true, "Chat does not take the bot token: asked: take a new one", true, false},
		{"nowhere to work", listen.Unplaced("the bot is in no server"), true, "the bot is in no server", true, false},
		{"a yes", nil, false, "", true, true},
		{"a yes without a name", nil, false, "Chat did not say yet who the bot is", false, true},
	} {
		st.Authenticated(tt.look)
		if got := st.Refusal() != nil; got != tt.refused {
			t.Errorf("%s: refused %t", tt.name, got)
		}
		health := ""
		if err := st.Health("Chat", tt.known); err != nil {
			health = err.Error()
		}
		if health != tt.health {
			t.Errorf("%s: %q", tt.name, health)
		}
		st.Doubt()
		st.Doubt() // asks for one look
		doubt := len(st.Again()) == 1
		if doubt {
			<-st.Again()
		}
		if doubt != tt.doubt {
			t.Errorf("%s: a doubt asks for a look: %t", tt.name, doubt)
		}
	}
}

// TestStandingKnown: who the bot is can be said again.
func TestStandingKnown(t *testing.T) {
	st := listen.NewStanding()
	select {
	case <-st.Known():
		t.Error("it is known before anybody said so")
	default:
	}
	st.Identified()
	st.Identified()
	<-st.Known()
}

// TestClock: what a doctor and health say of two clocks.
func TestClock(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		ahead   time.Duration
		state   chat.State
		found   string
		warning string
	}{
		{30 * time.Second, chat.Well, "it agrees with Chat's", ""},
		{31 * time.Second, chat.Odd, "it is 31s ahead of Chat's", ""},
		{-2 * time.Minute, chat.Odd, "it is 2m0s behind Chat's", ""},
		{-121 * time.Second, chat.Odd, "it is 2m1s behind Chat's", "the clock here is 2m1s behind Chat's: from five minutes on Chat's requests are refused; let it be set over the network"},
		{301 * time.Second, chat.Failing, "it is 5m1s ahead of Chat's", "the clock here is 5m1s ahead of Chat's: from five minutes on Chat's requests are refused; let it be set over the network"},
	} {
		st := listen.NewStanding()
		st.Timed(http.Header{"Date": {at.Format(http.TimeFormat)}}, at.Add(tt.ahead), at.Add(tt.ahead))
		skew, told := st.Skew()
		if skew != tt.ahead || !told {
			t.Errorf("%s: %s, %t", tt.ahead, skew, told)
		}
		f := listen.ClockFinding(skew, "Chat", "set it")
		if f.State != tt.state || f.Found != tt.found || (f.Next == "set it") != (tt.state != chat.Well) {
			t.Errorf("%s: %+v", tt.ahead, f)
		}
		warning := ""
		if err := listen.ClockWarning(skew, "Chat"); err != nil {
			warning = err.Error()
		}
		if warning != tt.warning {
			t.Errorf("%s: %q", tt.ahead, warning)
		}
		st.Untimed()
		if _, told := st.Skew(); told {
			t.Errorf("%s: still told", tt.ahead)
		}
	}
}
