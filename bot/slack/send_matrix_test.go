package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// delivery is that of one post.
type delivery struct {
	t    *testing.T
	fake *slackfake.Fake
	chattest.Delivery
}

func newDelivery(t *testing.T, f *slackfake.Fake, c *wire.Clock, s *Slack) *delivery {
	return &delivery{t, f, chattest.Delivery{
		From: s, Anew: func() chattest.Platform { return sending(f, c.Now) }, Pass: c.Pass, Patience: 20 * time.Second,
		Odd: func() bool { return f.Unspent() > 0 },
	}}
}

// odd are the answers that a call may get instead of Slack's. Those with slow end when the caller gives up.
var odd = []struct {
	name  string
	fault slackfake.Fault
	never bool // a message is never stored where this is answered
	slow  bool
}{
	{name: "429 in a second", fault: slackfake.TooMany("1"), never: true},
	{name: "429 at once", fault: slackfake.TooMany("0"), never: true},
	{name: "429 with a fraction", fault: slackfake.TooMany("1.5"), never: true},
	{name: "429 at a date", fault: slackfake.TooMany("Mon, 02 Mar 2026 09:00:20 GMT"), never: true},
	{name: "429 some time", fault: slackfake.TooMany(""), never: true},
	{name: "429 in years", fault: slackfake.TooMany("1000000000"), never: true},
	{name: "429 long ago", fault: slackfake.TooMany("-7"), never: true},
	{name: "ratelimited", fault: slackfake.Error("ratelimited"), never: true},
	{name: "500", fault: slackfake.Raw(500, "")},
	{name: "502 with a page", fault: slackfake.Raw(502, "<html>Bad Gateway</html>")},
	{name: "503", fault: slackfake.Raw(503, `{"ok":false,"error":"service_unavailable"}`)},
	{name: "504", fault: slackfake.Raw(504, "")},
	{name: "404", fault: slackfake.Raw(404, "")},
	{name: "403 of a proxy", fault: slackfake.Raw(403, "who are you")},
	{name: "204", fault: slackfake.Raw(204, "")},
	{name: "a redirect", fault: slackfake.Redirect("http://127.0.0.1:1/")},
	{name: "reset", fault: slackfake.Ends(slackfake.Reset)},
	{name: "reset half-way", fault: slackfake.Ends(slackfake.Cut)},
	{name: "half a JSON", fault: slackfake.Ends(slackfake.Short)},
	{name: "a page", fault: slackfake.HTML()},
	{name: "nothing", fault: slackfake.Raw(200, " ")},
	{name: "{}", fault: slackfake.Raw(200, "{}")},
	{name: "null", fault: slackfake.Raw(200, "null")},
	{name: "[]", fault: slackfake.Raw(200, "[]")},
	{name: "a word", fault: slackfake.Raw(200, `"ok"`)},
	{name: "a bare yes", fault: slackfake.Raw(200, `{"ok":true}`)},
	{name: "a bare no", fault: slackfake.Raw(200, `{"ok":false}`)},
	{name: "a yes in words", fault: slackfake.Raw(200, `{"ok":"true","ts":"1.2"}`)},
	{name: "a yes with an empty ts", fault: slackfake.Raw(200, `{"ok":true,"ts":"","messages":null}`)},
	{name: "a yes with odd types", fault: slackfake.Raw(200, `{"ok":true,"ts":7,"messages":{},"channel":[]}`)},
	{name: "a yes with more to come", fault: slackfake.Raw(200, `{"ok":true,"has_more":true,"messages":[]}`)},
	{name: "internal_error", fault: slackfake.Error("internal_error")},
	{name: "fatal_error", fault: slackfake.Error("fatal_error")},
	{name: "service_unavailable", fault: slackfake.Error("service_unavailable")},
	{name: "too long", fault: slackfake.Raw(200, `{"ok":true,"ts":"1.2","x":"`+strings.Repeat("x", maxAnswer)+`"}`)},
	{name: "silent", fault: slackfake.Ends(slackfake.Silent), slow: true},
	{name: "byte by byte", fault: slackfake.Ends(slackfake.Dribble), slow: true},
	{name: "endless", fault: slackfake.Ends(slackfake.Endless)},
	{name: "a bomb", fault: slackfake.Ends(slackfake.Bomb)},
}

// shape is a kind of post, with the call that is answered oddly: how many are let pass before it.
type shape struct {
	name   string
	method string
	pass   int
	thread bool
	edit   bool
	long   bool
}

var shapes = []shape{
	{name: "first", method: "chat.postMessage"},
	{name: "thread", method: "chat.postMessage", thread: true},
	{name: "edit", method: "chat.update", edit: true},
	{name: "long, first part", method: "chat.postMessage", long: true},
	{name: "long, second part", method: "chat.postMessage", long: true, pass: 1},
	{name: "long in a thread, second part", method: "chat.postMessage", thread: true, long: true, pass: 1},
}

// TestOneCopy is the matrix: every odd answer, with the message stored or not, for every kind of post, once more with an
// odd answer to the search as well, and with the process killed before it wrote down that the message arrived. In the
// end it stands there once, whole, or a person is asked.
func TestOneCopy(t *testing.T) {
	for _, sh := range shapes {
		for _, o := range odd {
			for _, stored := range []bool{false, true} {
				for _, blind := range []bool{false, true} {
					if stored && o.never || blind && sh.edit {
						continue
					}
					name := fmt.Sprintf("%s/%s/stored %v/blind %v", sh.name, o.name, stored, blind)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						fault := o.fault
						fault.Stored = stored
						oneCopy(t, sh, fault, blind, o.slow)
					})
				}
			}
		}
		t.Run(sh.name+"/killed", func(t *testing.T) { oneCopy(t, sh, slackfake.Ends(slackfake.Ordinary), false, false) })
	}
}

func oneCopy(t *testing.T, sh shape, fault slackfake.Fault, blind, slow bool) {
	c := newClock()
	f := acme(t, slackfake.Options{Now: c.Now})
	s := sending(f, c.Now)
	d := newDelivery(t, f, c, s)
	d.Killed = fault.Way == slackfake.Ordinary
	if slow {
		d.Slow = 300 * time.Millisecond
	}
	p := chat.Post{Key: "the-post", Place: inApp, Message: says("the post")}
	parts := 1
	if sh.thread || sh.edit {
		card, err := s.Send(t.Context(), chat.Post{Key: "card", Place: inApp, Stays: true, Message: says("the card")})
		if err != nil {
			t.Fatal(err)
		}
		if sh.thread {
			p.Thread = card
		} else {
			p.Edit = card
		}
	}
	if sh.long {
		p.Message, parts = longMessage(t)
	}
	for range sh.pass {
		f.Fail(sh.method, slackfake.Ends(slackfake.Ordinary))
	}
	f.Fail(sh.method, fault)
	if blind {
		unheard := fault
		unheard.Stored = false
		f.Fail("conversations.history", unheard)
		f.Fail("conversations.replies", unheard)
	}
	d.Deliver(t.Context(), p)
	d.check(sh, p, parts)
	notBefore(t, f.Calls(sh.method), fault)
}

// check looks at what people see.
func (d *delivery) check(sh shape, p chat.Post, parts int) {
	if d.End != "sent" {
		d.t.Fatalf("it ended as %q", d.End)
	}
	if sh.edit {
		all := d.fake.Messages(appID)
		if len(all) != 1 || !strings.Contains(all[0].Text, "the post") || d.ID != p.Edit {
			d.t.Errorf("after the edit there are %d messages, the first reads %q; it gave %s", len(all), all[0].Text, d.ID)
		}
		return
	}
	copies := map[string]int{}
	for _, m := range d.fake.Posted() {
		copies[keyAt(m)]++
		if keyAt(m) == p.Key && messageID(appID, m.TS) != d.ID {
			d.t.Errorf("the id is %s, the message %s", d.ID, m.TS)
		}
		if root := sh.thread && m.ThreadTS == "" && keyAt(m) != "card"; root {
			d.t.Errorf("%s is outside of the thread", keyAt(m))
		}
	}
	for i := range parts {
		if n := copies[partKey(p.Key, i)]; n != 1 {
			d.t.Errorf("part %d of %d stands there %d times", i+1, parts, n)
		}
	}
}

func keyAt(m slackfake.Message) string {
	var meta struct {
		Payload struct{ Key string } `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &meta)
	return meta.Payload.Key
}

// notBefore holds a call after a 429 to the time that was named.
func notBefore(t *testing.T, calls []slackfake.Call, fault slackfake.Fault) {
	t.Helper()
	for i, call := range calls {
		if call.Status != 429 || i+1 == len(calls) {
			continue
		}
		want := max(retryAfter(fault.Header["Retry-After"], call.At), time.Second)
		if got := calls[i+1].At.Sub(call.At); got < want {
			t.Errorf("called again %s after a 429 that asked for %s", got, want)
		}
	}
}

// TestNeedsHuman: a line that stays down after the message was sent is nobody's guess.
func TestNeedsHuman(t *testing.T) {
	c := newClock()
	f := acme(t, slackfake.Options{Now: c.Now})
	d := newDelivery(t, f, c, sending(f, c.Now))
	f.Fail("chat.postMessage", slackfake.Stored(slackfake.Ends(slackfake.Reset)))
	for range 20 {
		f.Fail("conversations.history", slackfake.Raw(502, ""))
	}
	d.Deliver(t.Context(), chat.Post{Key: "k", Place: inApp, Message: says("hello")})
	if d.End != "needs human" || d.Sends != 1 || len(f.Messages(appID)) != 1 {
		t.Errorf("ended as %q after %d sends, %d messages", d.End, d.Sends, len(f.Messages(appID)))
	}
}

// TestOrderUnderRefusals: what goes to one channel arrives in order, however often Slack asks for patience.
func TestOrderUnderRefusals(t *testing.T) {
	c := newClock()
	f := acme(t, slackfake.Options{Now: c.Now})
	s := sending(f, c.Now)
	for i := range 40 {
		if i%3 == 0 {
			f.Fail("chat.postMessage", slackfake.TooMany("2"), slackfake.TooMany(""))
		}
		d := newDelivery(t, f, c, s)
		if d.Deliver(t.Context(), chat.Post{Key: fmt.Sprint(i), Place: inApp, Message: says(fmt.Sprint("post ", i))}); d.End != "sent" {
			t.Fatalf("post %d ended as %q", i, d.End)
		}
	}
	got := f.Messages(appID)
	for i, m := range got {
		if keyAt(m) != fmt.Sprint(i) {
			t.Fatalf("post %s is in place %d", keyAt(m), i)
		}
	}
	if len(got) != 40 {
		t.Errorf("%d of 40 arrived", len(got))
	}
}
