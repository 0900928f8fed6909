package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/workflows"
)

const (
	appID  = discordfake.General
	opsID  = "1200000000000000001"
	newsID = "1200000000000000002"
	anaID  = "1200000000000000003"
	farID  = "1200000000000000004" // a server that is not served
)

var (
	inApp  = channelPlace(discordfake.Server, appID)
	inOps  = channelPlace(discordfake.Server, opsID)
	inNews = channelPlace(discordfake.Server, newsID)
	toAna  = workflows.Direct(handle(anaID))
)

// The routes that the tests break.
const (
	posting    = "POST /channels/{channel}/messages"
	editing    = "PATCH /channels/{channel}/messages/{message}"
	reading    = "GET /channels/{channel}/messages"
	threading  = "POST /channels/{channel}/messages/{message}/threads"
	publishing = "POST /channels/{channel}/messages/{message}/crosspost"
	opening    = "POST /users/@me/channels"
	looking    = "GET /channels/{channel}"
	listed     = "GET /guilds/{guild}/channels"
)

func newClock() *wire.Clock { return wire.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) }

// acme is a server with two channels, one for announcements, and a person.
func acme(t testing.TB, o discordfake.Options) *discordfake.Fake {
	t.Helper()
	f := discordfake.New(t, o)
	f.AddUser(discordfake.User{ID: anaID, Name: "ana"})
	f.AddMember(discordfake.Member{User: anaID})
	f.AddChannel(discordfake.Channel{ID: opsID, Name: "ops"})
	f.AddChannel(discordfake.Channel{ID: newsID, Name: "news", Type: discordfake.Announcement})
	t.Cleanup(func() {
		for _, x := range f.Failures() {
			t.Errorf("Discord takes it, and nobody wants it: %s %s", x.What, x.Name)
		}
	})
	return f
}

// sending is the platform on that server, at a pace that no test waits for.
func sending(f *discordfake.Fake, now func() time.Time) *Discord {
	d := New(Options{Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: f.URL(), Now: now, Log: slog.New(slog.DiscardHandler)})
	d.me.Store(&identity{app: discordfake.App, user: discordfake.Bot, servers: []string{discordfake.Server}})
	d.pace.scale = 1000
	return d
}

func says(title string, lines ...string) chat.Message {
	return chat.Message{Title: title, Lines: lines}
}

// longMessage is one that takes several of Discord's.
func longMessage(t testing.TB) (m chat.Message, parts int) {
	t.Helper()
	m = says("A long list")
	for i := range 40 {
		m.Lines = append(m.Lines, fmt.Sprintf("%d %s", i, strings.Repeat("and one more word ", 14)))
	}
	if parts = len(embeds.Pages(m)); parts < 2 {
		t.Fatalf("a message of %d lines is drawn on %d pages: the test needs several", len(m.Lines), parts)
	}
	return m, parts
}

func TestSenderContract(t *testing.T) {
	thread := func(t *testing.T) *discordfake.Fake {
		f := acme(t, discordfake.Options{})
		f.AddChannel(discordfake.Channel{ID: "1200000000000000009", Name: "thread", Type: discordfake.PublicThread, Parent: appID})
		return f
	}
	for name, at := range map[string][2]workflows.Place{
		"channels": {inApp, inOps}, "direct messages": {toAna, inOps}, "announcements": {inNews, inOps},
		"a thread": {channelPlace(discordfake.Server, "1200000000000000009"), inOps},
	} {
		t.Run(name, func(t *testing.T) {
			chattest.Sender(t, at[0], at[1], func(t *testing.T) chattest.Platform { return sending(thread(t), time.Now) })
		})
	}
}

// TestSendPosts: what is sent is explicit about whom it rings, bears its mark, and is known by its nonce.
func TestSendPosts(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	id, err := d.Send(t.Context(), chat.Post{Key: "k1", Place: inApp, Message: says("app@1.4 is *ready* @everyone", "<@"+anaID+"> see #ops")})
	if err != nil {
		t.Fatal(err)
	}
	got := f.Messages(appID)
	if len(got) != 1 || messageID(appID, got[0].ID) != id {
		t.Fatalf("%d messages stand there; the id is %s", len(got), id)
	}
	if p := got[0].Pings; p.Everyone || len(p.Users) > 0 || len(p.Roles) > 0 {
		t.Errorf("it rings %+v", p)
	}
	if markAt(got[0]) != embeds.Mark("k1") {
		t.Errorf("it bears the mark %q: %s", markAt(got[0]), got[0].Embeds)
	}
	var body struct {
		Mentions map[string]any `json:"allowed_mentions"`
		Nonce    string         `json:"nonce"`
		Enforce  bool           `json:"enforce_nonce"`
	}
	call := f.Calls(posting)[0]
	if err := json.Unmarshal(call.Body, &body); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(body.Mentions); err != nil || string(text) != `{"parse":[],"replied_user":false}` {
		t.Errorf("allowed_mentions is %s", text)
	}
	if len(body.Nonce) < 20 || len(body.Nonce) > 25 || !body.Enforce {
		t.Errorf("the nonce is %q, enforced %v", body.Nonce, body.Enforce)
	}
	if call.Agent != agent || call.Token != "bot" || call.Host != strings.Split(f.URL(), "/")[2] {
		t.Errorf("it was sent by %q with the token %q to %q", call.Agent, call.Token, call.Host)
	}
	if !slices.ContainsFunc(f.Calls(listed), func(discordfake.Call) bool { return true }) || len(f.Calls(looking)) > 0 {
		t.Error("the channels should be looked at all at once")
	}
}

// markAt is the mark that a message bears.
func markAt(m discordfake.Message) string {
	var all []struct{ URL string }
	if err := json.Unmarshal(m.Embeds, &all); err != nil || len(all) == 0 {
		return ""
	}
	hash, _ := embeds.MarkOf(all[0].URL)
	return hash
}

func TestSendEdits(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	m := says("NO-GO", "three items are open")
	m.Buttons = []chat.Button{{Label: "Sign", Line: "sign app@1.4"}}
	id, err := d.Send(t.Context(), chat.Post{Key: "k1", Place: inApp, Stays: true, Message: m})
	if err != nil {
		t.Fatal(err)
	}
	before := f.Messages(appID)[0]
	if before.Components == nil {
		t.Fatal("the button is not there")
	}
	long := says("GO", strings.Repeat("é&<", 9000))
	if got, err := d.Send(t.Context(), chat.Post{Key: "k2", Place: inApp, Edit: id, Stays: true, Message: long}); err != nil || got != id {
		t.Fatal(got, err)
	}
	after := f.Messages(appID)
	if len(after) != 1 || after[0].Edits != 1 || after[0].Components != nil || string(after[0].Embeds) == string(before.Embeds) {
		t.Errorf("after the edit: %+v", after)
	}
	if body := string(f.Calls(editing)[0].Body); !strings.Contains(body, `"components":[]`) || !strings.Contains(body, `"allowed_mentions":{"parse":[]`) {
		t.Errorf("what an edit leaves out stays: %.200s", body)
	}
	if markAt(after[0]) != embeds.Mark("k2") {
		t.Errorf("after the edit it bears %q", markAt(after[0]))
	}
}

// What does not fit into an edited message goes on in its thread, once, also where an answer is lost.
func TestSendEditGoesOn(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	id, err := d.Send(t.Context(), chat.Post{Key: "k1", Place: inApp, Message: says("notes", "one")})
	if err != nil {
		t.Fatal(err)
	}
	m, parts := longMessage(t)
	p := chat.Post{Key: "k2", Place: inApp, Edit: id, Message: m}
	f.Fail(posting, discordfake.Stored(discordfake.Ends(discordfake.Reset)))
	if _, err := d.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Unclear {
		t.Fatal(err)
	}
	p.Again = true
	for range 2 {
		if got, err := sending(f, time.Now).Send(t.Context(), p); err != nil || got != id {
			t.Fatal(got, err)
		}
	}
	_, thread, _ := channelAndMessage(id)
	if got := f.Messages(thread); len(got) != parts-1 || len(f.Messages(appID)) != 1 || f.Messages(appID)[0].Edits != 3 {
		t.Errorf("%d messages in the thread, not %d", len(got), parts-1)
	}
}

// TestSendGoesOnInTheThread: what does not fit goes on in the first part's thread; or, in a thread and in direct messages,
// below it.
func TestSendGoesOnInTheThread(t *testing.T) {
	m, parts := longMessage(t)
	for _, tt := range []struct {
		name     string
		place    workflows.Place
		threaded bool
	}{{"channel", inApp, false}, {"thread", inApp, true}, {"direct", toAna, false}, {"an answer to somebody", toAna, true}} {
		t.Run(tt.name, func(t *testing.T) {
			f := acme(t, discordfake.Options{})
			d := sending(f, time.Now)
			p := chat.Post{Key: "k", Place: tt.place, Message: m}
			var card string
			if tt.threaded {
				id, err := d.Send(t.Context(), chat.Post{Key: "card", Place: tt.place, Stays: true, Message: says("app@1.4: *NO-GO*")})
				if err != nil {
					t.Fatal(err)
				}
				_, card, _ = channelAndMessage(id)
				p.Thread = id
			}
			id, err := d.Send(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			channel, first, _ := channelAndMessage(id)
			all := f.Messages(channel)
			if tt.place == inApp && !tt.threaded {
				all = append(all, f.Thread(appID, first)...)
			}
			if tt.place == toAna && tt.threaded {
				if all[1].Reply != card {
					t.Errorf("the answer answers %q, want %q", all[1].Reply, card)
				}
				all = all[1:]
			}
			if len(all) != parts || all[0].ID != first || tt.place == inApp && tt.threaded && channel != card {
				t.Fatalf("%d parts, the first %s in %s; want %d, %s", len(all), all[0].ID, channel, parts, first)
			}
			for i, part := range all {
				if markAt(part) != embeds.Mark(partKey("k", i)) {
					t.Errorf("part %d bears the mark %q", i, markAt(part))
				}
				if i > 0 && part.Reply != "" {
					t.Errorf("part %d answers something", i)
				}
			}
			if names := threadNames(t, f); tt.place == inApp && !slices.Equal(names, []string{map[bool]string{false: "A long list", true: "app@1.4: *NO-GO*"}[tt.threaded]}) {
				t.Errorf("the threads are called %q", names)
			}
			p.Stays, p.Key = true, "card 2"
			before := len(f.Posted())
			if _, err := d.Send(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if got := len(f.Posted()) - before; got != 1 {
				t.Errorf("what stays took %d messages", got)
			}
		})
	}
}

// threadNames are what the threads were called that were started.
func threadNames(t *testing.T, f *discordfake.Fake) (names []string) {
	t.Helper()
	for _, c := range f.Calls(threading) {
		var body struct {
			Name    string `json:"name"`
			Archive int    `json:"auto_archive_duration"`
		}
		if err := json.Unmarshal(c.Body, &body); err != nil || body.Archive != 10080 {
			t.Errorf("a thread is started with %s", c.Body)
		}
		names = append(names, body.Name)
	}
	return names
}

// TestThreads: a thread is started once, found again by another process, opened where it was archived, and started anew
// where it was deleted.
func TestThreads(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	id, err := d.Send(t.Context(), chat.Post{Key: "card", Place: inApp, Stays: true, Message: says(strings.Repeat("a long title ", 30))})
	if err != nil {
		t.Fatal(err)
	}
	_, card, _ := channelAndMessage(id)
	tell := func(d *Discord, key string) chat.MessageID {
		t.Helper()
		id, err := d.Send(t.Context(), chat.Post{Key: key, Place: inApp, Thread: id, Message: says(key)})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := tell(d, "one")
	tell(d, "two")
	if n := len(f.Calls(threading)); n != 1 {
		t.Errorf("the thread was started %d times", n)
	}
	if name := threadNames(t, f)[0]; len([]rune(name)) > 100 || !strings.HasPrefix(name, "a long title") {
		t.Errorf("it is called %q", name)
	}
	later := sending(f, time.Now)
	tell(later, "three")
	f.SetChannel(card, func(c *discordfake.Channel) { c.Archived = true })
	if _, err := later.Send(t.Context(), chat.Post{Key: "edit", Place: inApp, Edit: first, Message: says("one, corrected")}); err != nil {
		t.Errorf("an edit in an archived thread: %v", err)
	}
	f.SetChannel(card, func(c *discordfake.Channel) { c.Archived = true })
	tell(later, "four")
	if n := len(f.Thread(appID, card)); n != 4 {
		t.Errorf("%d messages stand in the thread", n)
	}
	answer := chat.Post{Key: "answer", Place: inApp, Thread: first, Message: says("to the first")}
	got, err := later.Send(t.Context(), answer)
	if all := f.Thread(appID, card); err != nil || len(all) != 5 || messageID(card, all[4].ID) != got || messageID(card, all[4].Reply) != first {
		t.Errorf("an answer to what stands in a thread: %v, %v", got, err)
	}
	f.RemoveChannel(card)
	if _, err := later.Send(t.Context(), chat.Post{Key: "five", Place: inApp, Thread: id, Message: says("five")}); chattest.VerdictOf(err) != chat.Retry {
		t.Errorf("in a thread that was deleted: %v", err)
	}
	var f2 *chat.Fault
	if _, err := later.Send(t.Context(), chat.Post{Key: "six", Place: inApp, Edit: first, Message: says("six")}); !errors.As(err, &f2) || !f2.Gone {
		t.Errorf("an edit in a thread that was deleted: %v", err)
	}
}

// TestThreadName: whatever a title is, Discord takes the name.
func TestThreadName(t *testing.T) {
	for title, want := range map[string]string{"": "history", " \n": "history", "a\nb": "a b", "@everyone": "@everyone", "for @discord.80351110224678912": "for @discord.80351110224678912"} {
		if got := threadName(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}

// TestSendSpells: commands are told as they are typed in Discord, but in what was approved word for word.
func TestSendSpells(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	d.spell = tree.Spell([]chat.Command{{Path: []string{"notes", "draft"}}})
	m := says("news", "→ /release notes draft")
	for _, verbatim := range []bool{false, true} {
		m.Verbatim = verbatim
		if _, err := d.Send(t.Context(), chat.Post{Key: fmt.Sprint(verbatim), Place: inApp, Message: m}); err != nil {
			t.Fatal(err)
		}
		all := f.Messages(appID)
		if got := f.Text(all[len(all)-1]); strings.Contains(got, "/release notes draft") != verbatim {
			t.Errorf("word for word %v, it reads %q", verbatim, got)
		}
	}
	m.Verbatim = false
	if _, err := d.Send(t.Context(), chat.Post{Key: "direct", Place: toAna, Message: m}); err != nil {
		t.Fatal(err)
	}
	if got := f.Text(f.Messages(f.DM(anaID))[0]); !strings.Contains(got, "→ @readyroom notes draft") {
		t.Errorf("in direct messages it reads %q", got)
	}
}

func TestSendDirect(t *testing.T) {
	f := acme(t, discordfake.Options{})
	f.AddUser(discordfake.User{ID: "1200000000000000021", Name: "shy", NoDMs: true})
	d := sending(f, time.Now)
	var last chat.MessageID
	for i := range 3 {
		id, err := d.Send(t.Context(), chat.Post{Key: fmt.Sprint(i), Place: toAna, Message: says("for you")})
		if err != nil {
			t.Fatal(err)
		}
		last = id
	}
	if n := len(f.Calls(opening)); n != 1 {
		t.Errorf("the direct messages were opened %d times", n)
	}
	if n := len(f.Messages(f.DM(anaID))); n != 3 {
		t.Errorf("%d messages arrived", n)
	}
	if id, err := d.Send(t.Context(), chat.Post{Key: "e", Place: toAna, Edit: last, Message: says("for you, corrected")}); err != nil || id != last {
		t.Errorf("the edit: %v, %v", id, err)
	}
	if id, err := sending(f, time.Now).Send(t.Context(), chat.Post{Key: "e2", Place: toAna, Edit: last, Message: says("for you, again")}); err != nil || id != last {
		t.Errorf("the edit of another process: %v, %v", id, err)
	}
	if n := len(f.Calls(opening)); n != 1 {
		t.Errorf("for edits the direct messages were opened %d times", n-1)
	}
	_, err := d.Send(t.Context(), chat.Post{Key: "x", Place: "discord/@1200000000000000021", Message: says("for you")})
	if chattest.VerdictOf(err) != chat.Park || !strings.Contains(err.Error(), "50007") {
		t.Errorf("an account that takes none: %v", err)
	}
	_, _ = d.Send(t.Context(), chat.Post{Key: "x2", Place: "discord/@1200000000000000021", Message: says("for you")})
	if n := len(f.Calls(opening)); n != 2 {
		t.Errorf("what takes none was opened %d times", n-1)
	}
	_, err = d.Send(t.Context(), chat.Post{Key: "x", Place: "discord/@1200000000000000099", Message: says("for you")})
	if chattest.VerdictOf(err) != chat.Park {
		t.Errorf("an account that is not there: %v", err)
	}
	f.AddUser(discordfake.User{ID: "1200000000000000022", Name: "bea"})
	f.Fail(opening, discordfake.Raw(502, ""), discordfake.Raw(200, `{}`), discordfake.OtherID("x"), discordfake.Raw(200, `{"id":"`+appID+`","type":0}`))
	for range 4 {
		_, err := d.Send(t.Context(), chat.Post{Key: "y", Place: "discord/@1200000000000000022", Message: says("for you")})
		if chattest.VerdictOf(err) != chat.Retry {
			t.Errorf("nothing was posted yet, so it is safe to try again: %v", err)
		}
	}
}

// TestSendRefuses: what is not in order posts nothing.
func TestSendRefuses(t *testing.T) {
	f := acme(t, discordfake.Options{})
	f.AddServer(discordfake.Guild{ID: farID})
	far := f.AddChannel(discordfake.Channel{ID: "1200000000000000031", Server: farID, Name: "far"})
	for id, kind := range map[string]discordfake.ChannelType{
		"1200000000000000032": discordfake.Category, "1200000000000000033": discordfake.Voice, "1200000000000000034": discordfake.Forum,
	} {
		f.AddChannel(discordfake.Channel{ID: id, Name: "other", Type: kind})
	}
	d := sending(f, time.Now)
	ok := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
	tests := map[string]func(*chat.Post){
		"empty":              func(p *chat.Post) { p.Message = chat.Message{} },
		"no key":             func(p *chat.Post) { p.Key = "" },
		"no place":           func(p *chat.Post) { p.Place = "" },
		"another platform":   func(p *chat.Post) { p.Place = "slack/T0ACME/C0APP" },
		"no channel":         func(p *chat.Post) { p.Place = "discord/" + discordfake.Server + "/" },
		"no server":          func(p *chat.Post) { p.Place = workflows.Place("discord/" + appID) },
		"another server":     func(p *chat.Post) { p.Place = channelPlace(farID, far) },
		"another's channel":  func(p *chat.Post) { p.Place = channelPlace(discordfake.Server, far) },
		"direct messages":    func(p *chat.Post) { p.Place = channelPlace(discordfake.Server, f.DM(anaID)) },
		"category":           func(p *chat.Post) { p.Place = channelPlace(discordfake.Server, "1200000000000000032") },
		"voice":              func(p *chat.Post) { p.Place = channelPlace(discordfake.Server, "1200000000000000033") },
		"forum":              func(p *chat.Post) { p.Place = channelPlace(discordfake.Server, "1200000000000000034") },
		"edit elsewhere":     func(p *chat.Post) { p.Edit = messageID(opsID, "1200000000000000050") },
		"edit far away":      func(p *chat.Post) { p.Edit = messageID(far, "1200000000000000050") },
		"edit of nothing":    func(p *chat.Post) { p.Edit = appID },
		"thread elsewhere":   func(p *chat.Post) { p.Thread = messageID(opsID, "1200000000000000050") },
		"thread of nothing":  func(p *chat.Post) { p.Thread = "/1200000000000000050" },
		"edit of no message": func(p *chat.Post) { p.Edit = messageID(appID, "1200000000000000050") },
	}
	for name, spoil := range tests {
		p := ok
		spoil(&p)
		if _, err := d.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Fatal {
			t.Errorf("%s: %v, want a fatal fault", name, err)
		}
	}
	if n := len(f.Posted()); n > 0 {
		t.Errorf("%d were posted", n)
	}
	d.me.Store(nil)
	if _, err := d.Send(t.Context(), ok); chattest.VerdictOf(err) != chat.Retry {
		t.Errorf("while nobody knows which servers are served: %v", err)
	}
}

// TestSendWithoutEmbeds: Discord drops the embeds of who may not embed. Half a message does not stay.
func TestSendWithoutEmbeds(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	deny := func(what discordfake.Permission) {
		f.SetChannel(appID, func(c *discordfake.Channel) {
			c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: what}}
		})
	}
	deny(discordfake.EmbedLinks)
	p := chat.Post{Key: "k", Place: inApp, Message: says("hello", "there is more to say", "and more")}
	if _, err := d.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Park || len(f.Messages(appID)) > 0 {
		t.Errorf("%v, and %d messages", err, len(f.Messages(appID)))
	}
	deny(0)
	if _, err := d.Send(t.Context(), p); err != nil || len(f.Messages(appID)) != 1 {
		t.Errorf("when it is mended: %v, %d messages", err, len(f.Messages(appID)))
	}
}

// TestCancelledAtOnce: no pace of the library's keeps a call that nobody waits for.
func TestCancelledAtOnce(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	f.Fail(posting, discordfake.TooMany(time.Hour, "3600", "user"))
	p := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
	begun := time.Now()
	var fault *chat.Fault
	if _, err := d.Send(t.Context(), p); !errors.As(err, &fault) || !fault.Paced || fault.After != time.Hour {
		t.Fatalf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.Fail(editing, discordfake.Ends(discordfake.Silent))
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := d.Send(ctx, chat.Post{Key: "k", Place: inApp, Edit: messageID(appID, "1200000000000000050"), Message: says("x")}); chattest.VerdictOf(err) != chat.Unclear {
		t.Errorf("broken off: %v", err)
	}
	if _, err := d.Send(ctx, p); chattest.VerdictOf(err) != chat.Retry {
		t.Errorf("after that: %v", err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}
