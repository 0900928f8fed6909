package discord

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/workflows"
)

// delivery is that of one post.
type delivery struct {
	t    *testing.T
	fake *discordfake.Fake
	chattest.Delivery
}

func newDelivery(t *testing.T, f *discordfake.Fake, c *wire.Clock, s *Discord) *delivery {
	return &delivery{t, f, chattest.Delivery{
		From: s, Anew: func() chattest.Platform { return sending(f, c.Now) }, Pass: c.Pass, Patience: 20 * time.Second,
		Odd: func() bool { return f.Unspent() > 0 },
	}}
}

// odd are the answers that a call may get instead of Discord's. Those with slow end when the caller gives up.
var odd = []struct {
	name  string
	fault discordfake.Fault
	never bool // a message is never stored where this is answered
	slow  bool
}{
	{name: "429 in a second", fault: discordfake.TooMany(time.Second, "1", "user"), never: true},
	{name: "429 with a wrong header", fault: discordfake.TooMany(1163*time.Second, "1", "shared"), never: true},
	{name: "429 for all", fault: discordfake.TooMany(3*time.Second, "3", "global"), never: true},
	{name: "429 at once", fault: discordfake.TooMany(0, "0", "user"), never: true},
	{name: "429 without a time", fault: discordfake.Raw(429, `{"message":"slow down"}`), never: true},
	{name: "429 in years", fault: discordfake.Raw(429, `{"message":"slow down","retry_after":1e30}`), never: true},
	{name: "429 long ago", fault: discordfake.Raw(429, `{"message":"slow down","retry_after":-7}`), never: true},
	{name: "429 of a page", fault: discordfake.HTML(429), never: true},
	{name: "500", fault: discordfake.HTTP(500)},
	{name: "502 with a page", fault: discordfake.HTML(502)},
	{name: "503", fault: discordfake.HTTP(503)},
	{name: "504", fault: discordfake.Raw(504, "")},
	{name: "overloaded", fault: discordfake.Raw(503, `{"message":"API resource is currently overloaded","code":130000}`)},
	{name: "404 of a proxy", fault: discordfake.Raw(404, "")},
	{name: "403 of a proxy", fault: discordfake.Raw(403, "who are you")},
	{name: "204", fault: discordfake.Raw(204, "")},
	{name: "a redirect", fault: discordfake.Redirect("http://127.0.0.1:1/")},
	{name: "reset", fault: discordfake.Ends(discordfake.Reset)},
	{name: "reset half-way", fault: discordfake.Ends(discordfake.Cut)},
	{name: "half a JSON", fault: discordfake.Ends(discordfake.Short)},
	{name: "a page", fault: discordfake.HTML(200)},
	{name: "nothing", fault: discordfake.Raw(200, " ")},
	{name: "{}", fault: discordfake.Raw(200, "{}")},
	{name: "null", fault: discordfake.Raw(200, "null")},
	{name: "a list of nothing", fault: discordfake.Raw(200, "[null]")},
	{name: "a list of odd things", fault: discordfake.Raw(200, `[{"id":"x"}]`)},
	{name: "a word", fault: discordfake.Raw(200, `"ok"`)},
	{name: "an empty id", fault: discordfake.Raw(200, `{"id":"","channel_id":""}`)},
	{name: "no id", fault: discordfake.Raw(200, `{"id":"0","channel_id":"`+appID+`"}`)},
	{name: "odd types", fault: discordfake.Raw(200, `{"id":7,"channel_id":[],"embeds":{}}`)},
	{name: "elsewhere", fault: discordfake.Raw(200, `{"id":"1200000000000000077","channel_id":"1200000000000000078"}`)},
	{name: "too long", fault: discordfake.Raw(200, `{"id":"1200000000000000077","x":"`+strings.Repeat("x", maxRead)+`"}`)},
	{name: "silent", fault: discordfake.Ends(discordfake.Silent), slow: true},
	{name: "byte by byte", fault: discordfake.Ends(discordfake.Dribble), slow: true},
	{name: "endless", fault: discordfake.Ends(discordfake.Endless)},
	{name: "a bomb", fault: discordfake.Ends(discordfake.Bomb)},
}

// shape is a kind of post, with the call that is answered oddly: how many are let pass before it.
type shape struct {
	name   string
	route  string
	pass   int
	place  workflows.Place
	thread bool
	edit   bool
	long   bool
}

var shapes = []shape{
	{name: "first", route: posting},
	{name: "thread", route: posting, thread: true},
	{name: "thread, starting it", route: threading, thread: true},
	{name: "edit", route: editing, edit: true},
	{name: "direct", route: posting, place: toAna},
	{name: "direct, opening it", route: opening, place: toAna},
	{name: "long, first part", route: posting, long: true},
	{name: "long, starting the thread", route: threading, long: true},
	{name: "long, second part", route: posting, long: true, pass: 1},
	{name: "long in a thread, second part", route: posting, thread: true, long: true, pass: 1},
	{name: "news", route: posting, place: inNews},
	{name: "news, publishing", route: publishing, place: inNews},
	{name: "long news, publishing", route: publishing, place: inNews, long: true},
}

// TestOneCopy is the matrix: every odd answer, with the call having its effect or not, for every kind of post, once more
// with an odd answer to the search as well, once more with Discord's own memory of the post gone, and with the process
// killed before it wrote down that the message arrived. In the end it stands there once, whole, or a person is asked.
func TestOneCopy(t *testing.T) {
	for _, sh := range shapes {
		for _, o := range odd {
			for i := range 8 {
				stored, blind, forgets := i&1 > 0, i&2 > 0, i&4 > 0
				if stored && o.never || blind && sh.edit || forgets && (sh.edit || blind || !stored) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/stored %v/blind %v/forgets %v", sh.name, o.name, stored, blind, forgets), func(t *testing.T) {
					t.Parallel()
					fault := o.fault
					fault.Stored = stored
					oneCopy(t, sh, fault, blind, forgets, o.slow)
				})
			}
		}
		t.Run(sh.name+"/killed", func(t *testing.T) {
			oneCopy(t, sh, discordfake.Ends(discordfake.Ordinary), false, true, false)
		})
	}
}

func oneCopy(t *testing.T, sh shape, fault discordfake.Fault, blind, forgets, slow bool) {
	c := newClock()
	f := acme(t, discordfake.Options{Now: c.Now})
	s := sending(f, c.Now)
	d := newDelivery(t, f, c, s)
	d.Killed = fault.Way == discordfake.Ordinary
	if forgets {
		d.Between = 10 * time.Minute
	}
	if slow {
		d.Slow = 150 * time.Millisecond
	}
	if sh.place == "" {
		sh.place = inApp
	}
	p := chat.Post{Key: "the-post", Place: sh.place, Since: c.Now(), Message: says("the post", "and its line")}
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
		f.Fail(sh.route, discordfake.Ends(discordfake.Ordinary))
	}
	f.Fail(sh.route, fault)
	if blind {
		unheard := fault
		unheard.Stored = false
		f.Fail(reading, unheard)
	}
	d.Deliver(t.Context(), p)
	d.check(sh, p, parts)
	if early := f.Early(); len(early) > 0 {
		t.Errorf("%d calls were made before their time, the first %s", len(early), early[0].Route)
	}
}

// check looks at what people see.
func (d *delivery) check(sh shape, p chat.Post, parts int) {
	if d.End != "sent" {
		d.t.Fatalf("it ended as %q", d.End)
	}
	if sh.edit {
		all := d.fake.Messages(appID)
		if len(all) != 1 || markAt(all[0]) != embeds.Mark(p.Key) || d.ID != p.Edit {
			d.t.Errorf("after the edit there are %d messages, the first reads %s; it gave %s", len(all), all[0].Embeds, d.ID)
		}
		return
	}
	copies := map[string]int{}
	for _, m := range d.fake.Posted() {
		copies[markAt(m)]++
		if markAt(m) == embeds.Mark(p.Key) {
			d.first(sh, m)
		}
		if sh.thread && m.Channel == appID && markAt(m) != embeds.Mark("card") {
			d.t.Errorf("%s is outside of the thread", m.Embeds)
		}
	}
	for i := range parts {
		if n := copies[embeds.Mark(partKey(p.Key, i))]; n != 1 {
			d.t.Errorf("part %d of %d stands there %d times", i+1, parts, n)
		}
	}
}

// first looks at the first part of a post.
func (d *delivery) first(sh shape, m discordfake.Message) {
	if messageID(m.Channel, m.ID) != d.ID {
		d.t.Errorf("the id is %s, the message %s/%s", d.ID, m.Channel, m.ID)
	}
	if m.Published != (sh.place == inNews) {
		d.t.Errorf("published: %v", m.Published)
	}
}

// TestNeedsHuman: a line that stays down after the message was sent is nobody's guess.
func TestNeedsHuman(t *testing.T) {
	c := newClock()
	f := acme(t, discordfake.Options{Now: c.Now})
	d := newDelivery(t, f, c, sending(f, c.Now))
	f.Fail(posting, discordfake.Stored(discordfake.Ends(discordfake.Reset)))
	for range 20 {
		f.Fail(reading, discordfake.Raw(502, ""))
	}
	d.Deliver(t.Context(), chat.Post{Key: "k", Place: inApp, Since: c.Now(), Message: says("hello")})
	if d.End != "needs human" || d.Sends != 1 || len(f.Messages(appID)) != 1 {
		t.Errorf("ended as %q after %d sends, %d messages", d.End, d.Sends, len(f.Messages(appID)))
	}
}

// TestOrderUnderRefusals: what goes to one channel arrives in order, however often Discord asks for patience.
func TestOrderUnderRefusals(t *testing.T) {
	c := newClock()
	f := acme(t, discordfake.Options{Now: c.Now})
	s := sending(f, c.Now)
	for i := range 40 {
		if i%3 == 0 {
			f.Fail(posting, discordfake.TooMany(2*time.Second, "1", "user"), discordfake.TooMany(700*time.Millisecond, "1", "global"))
		}
		d := newDelivery(t, f, c, s)
		if d.Deliver(t.Context(), chat.Post{Key: fmt.Sprint(i), Place: inApp, Message: says(fmt.Sprint("post ", i))}); d.End != "sent" {
			t.Fatalf("post %d ended as %q", i, d.End)
		}
	}
	got := f.Messages(appID)
	for i, m := range got {
		if markAt(m) != embeds.Mark(fmt.Sprint(i)) {
			t.Fatalf("post %s is in place %d", m.Embeds, i)
		}
	}
	if len(got) != 40 || len(f.Early()) > 0 {
		t.Errorf("%d of 40 arrived, %d calls too early", len(got), len(f.Early()))
	}
}
