package discordfake_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// record is a test that may fail without the test around it doing so.
type record struct {
	testing.TB
	said []string
}

func (r *record) Helper()        {}
func (r *record) Error(a ...any) { r.said = append(r.said, fmt.Sprint(a...)) }
func (r *record) Errorf(f string, a ...any) {
	r.said = append(r.said, fmt.Sprintf(f, a...))
}

// TestCannot: what no client can do fails the test that asks for it.
func TestCannot(t *testing.T) {
	rec := &record{TB: t}
	f := discordfake.New(rec, discordfake.Options{})
	ana, out := f.AddUser(discordfake.User{Name: "ana"}), f.AddUser(discordfake.User{Name: "out"})
	f.AddMember(discordfake.Member{User: ana})
	quiet := f.AddChannel(discordfake.Channel{Name: "quiet", Overwrites: []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.SendMessages}}})
	locked := f.AddChannel(discordfake.Channel{Name: "t", Type: discordfake.PublicThread, Parent: discordfake.General, Locked: true})
	post(t, f, discordfake.General, "x", row(with(btn("Off", "off"), j{"disabled": true}), btn("On", "on")),
		row(j{"type": 3, "custom_id": "list", "options": []any{j{"label": "A", "value": "a"}, j{"label": "B", "value": "b"}}}))
	ctx := t.Context()
	p := f.As(ana)
	for _, c := range []struct {
		do   func() discordfake.Result
		want string
	}{
		{func() discordfake.Result { return p.Press(ctx, discordfake.General, "Off") }, "switched off"},
		{func() discordfake.Result { return p.Press(ctx, discordfake.General, "Go") }, `none among ["[Off (off)]" "[On]" "(A | B)"]`},
		{func() discordfake.Result { return p.Pick(ctx, discordfake.General, "list", "A; B") }, "none among"},
		{func() discordfake.Result { return p.Pick(ctx, discordfake.General, "list", "C") }, "none among"},
		{func() discordfake.Result { return p.Submit(ctx, nil) }, "none is open"},
		{func() discordfake.Result { return p.Say(ctx, quiet, "x") }, "may not"},
		{func() discordfake.Result { return p.Say(ctx, locked, "x") }, "may not"},
		{func() discordfake.Result { return p.Reply(ctx, discordfake.General, "1100000000000000999", "x") }, "no message"},
		{func() discordfake.Result { return f.As(out).Say(ctx, discordfake.General, "x") }, "do not see"},
		{func() discordfake.Result { return f.As(out).Say(ctx, f.DM(ana), "x") }, "do not see"},
		{func() discordfake.Result { return p.Slash(ctx, "1100000000000000999", []string{"a"}, nil) }, "no channel"},
	} {
		rec.said = nil
		r := c.do()
		if r.Err == nil || len(rec.said) != 1 || !strings.Contains(rec.said[0], c.want) {
			t.Errorf("%v %q, want %q", r.Err, rec.said, c.want)
		}
	}
	f.SetMember(discordfake.Server, ana, func(m *discordfake.Member) { m.TimedOut = time.Now().Add(time.Hour) })
	if r := p.Say(ctx, discordfake.General, "x"); r.Err == nil {
		t.Error("who is timed out speaks")
	}
}

// TestTimedOut: who is timed out uses no commands.
func TestTimedOut(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	f.SetMember(discordfake.Server, ana, func(m *discordfake.Member) { m.TimedOut = time.Now().Add(time.Hour) })
	if r := f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil); !strings.Contains(r.Shown, "timed out") {
		t.Errorf("%+v", r)
	}
}

// TestOtherToken: a session is resumed with the token that it began with.
func TestOtherToken(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	_, r := ready(t, f, usual)
	f.Grant("another")
	c := dial(t, f, r["resume_gateway_url"].(string))
	c.until("op 10")
	c.send(j{"op": 6, "d": j{"token": "another", "session_id": r["session_id"], "seq": 1}})
	c.until("op 9")
}

// TestNoAcks: a line may leave heartbeats unanswered.
func TestNoAcks(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	f.Gateway(0).Script(discordfake.Line{NoAcks: true})
	c := dial(t, f, "")
	c.until("op 10")
	c.send(j{"op": 1, "d": nil})
	f.Wait(t.Context(), "the heartbeat", func() bool { return f.Gateway(0).Counts().Beats == 1 })
	f.Gateway(0).Push(discordfake.UnknownOpFrame())
	if frame, _ := c.next(); frame["op"] != 99.0 {
		t.Errorf("%v", frame)
	}
}

// TestFollowUps: five are taken where only the user installed the app.
func TestFollowUps(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	for _, c := range []struct {
		how  discordfake.Forgery
		last int
	}{{discordfake.UserInstall(), 400}, {discordfake.With("x", 1), 200}} {
		i := f.As(ana).Interaction(discordfake.ComponentUse, discordfake.General, map[string]any{"custom_id": "x", "component_type": 2}, c.how)
		if status, _ := callback(t, f, j{"id": i.ID, "token": i.Token}, says("x", 64)); status != http.StatusNoContent {
			t.Fatal(status)
		}
		var status int
		var out j
		for range discordfake.MaxFollowUps + 1 {
			status, out = api(t, f, "POST", "/webhooks/"+f.AppID()+"/"+i.Token, says("x", 64)["data"])
		}
		if status != c.last || c.last == 400 && out["code"] != 40094.0 {
			t.Errorf("%d %v", status, out)
		}
	}
}

// TestPermissionsHere: a member comes with what they may in the channel, not in the server.
func TestPermissionsHere(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	post(t, f, discordfake.General, "x", row(btn("Go", "go")))
	f.SetChannel(discordfake.General, func(c *discordfake.Channel) {
		c.Overwrites = append(c.Overwrites, discordfake.Overwrite{ID: ana, Member: true, Deny: discordfake.AddReactions})
	})
	var got j
	answering(t, f, func(i j) any { got = i; return j{"type": 6} })
	f.As(ana).Press(t.Context(), discordfake.General, "Go")
	if want := fmt.Sprint(uint64(discordfake.Everyone&^discordfake.AddReactions | discordfake.ManageServer)); got["member"].(j)["permissions"] != want {
		t.Errorf("%v, want %s", got["member"], want)
	}
}

// TestWhen: a moment is read in UTC, one that is relative by the clock of the fake.
func TestWhen(t *testing.T) {
	f := discordfake.New(t, discordfake.Options{Now: func() time.Time { return time.Unix(1_767_603_600, 0) }})
	for text, want := range map[string]string{"<t:1767609000:R>": "in 1h30m0s", "<t:1767603540:R>": "1m0s ago"} {
		if got := strings.Join(f.Lines(discordfake.Message{Content: text}), ""); got != want {
			t.Errorf("%s is read %q", text, got)
		}
	}
}
