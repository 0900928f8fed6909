package discord

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// canary looks as a bot's token does; nothing that people read may hold it.
const canary = "MTEwMDAwMDAwMDAwMDAwMDAwNA.GfAke0.canary"

// no is an answer of Discord's that says no.
func no(status, code int) *exchange {
	return &exchange{status: status, header: http.Header{}, body: fmt.Appendf(nil, `{"message":"%s","code":%d}`, canary, code)}
}

// TestRulings says again, apart from the table, what each code means. A code that the table knows and this test does not
// is a mistake as well.
func TestRulings(t *testing.T) {
	tests := []struct {
		verdict            chat.Verdict
		gone, paced, alone bool
		codes              string
	}{
		{verdict: chat.Retry, paced: true, codes: "20016 20028 20029 30034 40003 40062"},
		{verdict: chat.Retry, paced: true, alone: true, codes: "20022 30046"},
		{verdict: chat.Retry, codes: `40004 40006 110001
			40001 40002 40012 50014 10002 20001 20012 50002 50010 50025 50026 40333`},
		{verdict: chat.Unclear, codes: "130000"},
		{verdict: chat.Park, codes: `10003 10004 50055 50001 50009 50013 60003 400001 160002 40058 40067 50003 50008 50024 50068
			50083 160005 30033 160006 160007 20009 20031 200000 200001 240000 50095 50097 50101 50178
			10007 10013 30004 40007 50007 50033`},
		{verdict: chat.Fatal, codes: `30015 40005 40041 50006 50028 50035 50041 50045 50046 50067 50084 50109 50110 50123 50146 10063 10011 10066
			10015 10062 40043 40060 40094 50027 40033 160004 30032`},
		{verdict: chat.Fatal, gone: true, codes: "10008 50005 50021"},
	}
	known := map[int]bool{}
	for _, tt := range tests {
		for _, name := range strings.Fields(tt.codes) {
			code, err := strconv.Atoi(name)
			if err != nil {
				t.Fatal(err)
			}
			known[code] = true
			status := 400
			f := no(status, code).refused()
			if f.Verdict != tt.verdict || f.Gone != tt.gone || f.Paced != tt.paced || f.Alone != tt.alone {
				t.Errorf("%d is %s, gone %v, paced %v, alone %v", code, f.Verdict, f.Gone, f.Paced, f.Alone)
			}
			text := f.Err.Error()
			if !strings.Contains(text, name) || strings.HasSuffix(text, ".") || strings.Contains(text, "canary") {
				t.Errorf("%d reads %q", code, text)
			}
			if tt.verdict == chat.Park && !strings.Contains(text, "→") {
				t.Errorf("%d does not say what to do: %q", code, text)
			}
			if codeOf(f) != code {
				t.Errorf("the code of %d is %d", code, codeOf(f))
			}
		}
	}
	for code := range rulings {
		if !known[code] {
			t.Errorf("nothing is said here of %d", code)
		}
	}
}

// TestRulingsByStatus: what has no code that is known is ruled by its status.
func TestRulingsByStatus(t *testing.T) {
	for _, tt := range []struct {
		answer *exchange
		want   chat.Verdict
		paced  bool
	}{
		{no(400, 0), chat.Fatal, false},
		{no(401, 0), chat.Retry, false},
		{no(403, 0), chat.Park, false},
		{no(404, 0), chat.Park, false},
		{no(405, 0), chat.Fatal, false},
		{no(400, 987654), chat.Park, false},
		{no(403, 987654), chat.Park, false},
		{no(429, 987654), chat.Retry, true},
		{no(429, 0), chat.Retry, true},
		{no(429, 50013), chat.Retry, true},
		{no(500, 0), chat.Unclear, false},
		{no(502, 50013), chat.Unclear, false},
		{no(503, 130000), chat.Unclear, false},
		{no(304, 0), chat.Unclear, false},
		{&exchange{status: 401, body: []byte("<html>")}, chat.Unclear, false},
		{&exchange{status: 403, body: []byte("[]")}, chat.Unclear, false},
		{&exchange{status: 404, body: []byte("{}")}, chat.Unclear, false},
		{&exchange{status: 429, body: []byte("<html>")}, chat.Retry, true},
	} {
		f := tt.answer.refused()
		if f.Verdict != tt.want || f.Paced != tt.paced {
			t.Errorf("%d with %s is %s, paced %v", tt.answer.status, tt.answer.body, f.Verdict, f.Paced)
		}
	}
}

// TestFaultNames: what is repeated of Discord's no are numbers and names of fields, never its words.
func TestFaultNames(t *testing.T) {
	x := no(400, 50035)
	x.body = []byte(`{"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"0":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"` + canary + `"}]},
		"` + canary + `":{"_errors":[{"code":"X"}]}},"1":{"_errors":[{"code":"` + canary + `"}]}}}}`)
	if text := x.refused().Err.Error(); !strings.HasSuffix(text, "(at embeds.0.description BASE_TYPE_MAX_LENGTH)") || strings.Contains(text, "canary") {
		t.Errorf("it reads %q", text)
	}
	deep := strings.Repeat(`{"a":`, 5000) + `{}` + strings.Repeat(`}`, 5000)
	x.body = []byte(`{"message":"x","code":50035,"errors":` + deep + `}`)
	if text := x.refused().Err.Error(); strings.Contains(text, "(at") {
		t.Errorf("it reads %q", text)
	}
}

// TestRetryAfter: the body counts, not the header.
func TestRetryAfter(t *testing.T) {
	for body, want := range map[string]time.Duration{
		`{"message":"x","retry_after":1163.097}`: 1163097 * time.Millisecond,
		`{"message":"x","retry_after":0.5}`:      500 * time.Millisecond,
		`{"message":"x","retry_after":0}`:        leastAfter,
		`{"message":"x","retry_after":-5}`:       leastAfter,
		`{"message":"x","retry_after":1e300}`:    mostAfter,
		`{"message":"x"}`:                        7 * time.Second,
		`{"message":"x","retry_after":"1"}`:      7 * time.Second,
		`<html>`:                                 7 * time.Second,
		``:                                       7 * time.Second,
	} {
		x := &exchange{status: 429, header: http.Header{"Retry-After": {"7"}}, body: []byte(body)}
		if got := x.wants(); got != want {
			t.Errorf("%s is %s, want %s", body, got, want)
		}
	}
	for header, want := range map[string]time.Duration{"": 0, "soon": 0, "NaN": 0, "3600": time.Hour, "1e9": mostAfter} {
		if got := (&exchange{status: 429, header: http.Header{"Retry-After": {header}}}).wants(); got != want {
			t.Errorf("%q is %s, want %s", header, got, want)
		}
	}
}

// TestSendParks walks what an owner has to mend, at a server where it is so: in one place, or, where the app itself is not
// well, everywhere.
func TestSendParks(t *testing.T) {
	deny := func(what discordfake.Permission) func(*discordfake.Fake) {
		return func(f *discordfake.Fake) {
			f.SetChannel(appID, func(c *discordfake.Channel) {
				c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: what}}
			})
		}
	}
	card := func(p *chat.Post, id chat.MessageID) { p.Thread = id }
	tests := []struct {
		name        string
		wrong, mend func(*discordfake.Fake)
		of          func(*chat.Post, chat.MessageID)
		words       string
		want        chat.Verdict
	}{
		{"may not look", deny(discordfake.ViewChannel), deny(0), nil, "View Channel", chat.Park},
		{"may not post", deny(discordfake.SendMessages), deny(0), nil, "Send Messages", chat.Park},
		{"may not embed", deny(discordfake.EmbedLinks), deny(0), nil, "Embed Links", chat.Park},
		{"may start no thread", deny(discordfake.CreatePublicThreads), deny(0), card, "Create Public Threads", chat.Park},
		{"may not write in threads", deny(discordfake.SendMessagesInThreads), deny(0), card, "Send Messages in Threads", chat.Park},
		{"deleted", func(f *discordfake.Fake) { f.RemoveChannel(appID) }, func(f *discordfake.Fake) {
			f.AddChannel(discordfake.Channel{ID: appID, Name: "general"})
		}, nil, "/release set --here", chat.Park},
		{"revoked", func(f *discordfake.Fake) { f.Revoke(f.BotToken()) }, func(f *discordfake.Fake) { f.Grant(f.BotToken()) }, nil, "doctor", chat.Retry},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := acme(t, discordfake.Options{})
			d := sending(f, time.Now)
			p := chat.Post{Key: "k", Place: inApp, Message: says("hello", "to all")}
			if tt.of != nil {
				id, err := d.Send(t.Context(), chat.Post{Key: "card", Place: inApp, Message: says("card", "of a release")})
				if err != nil {
					t.Fatal(err)
				}
				tt.of(&p, id)
			}
			before := len(f.Posted())
			tt.wrong(f)
			_, err := d.Send(t.Context(), p)
			if chattest.VerdictOf(err) != tt.want || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %v, want %s, with %q", err, tt.want, tt.words)
			}
			tt.mend(f)
			if _, err := d.Send(t.Context(), p); err != nil {
				t.Errorf("when it is mended: %v", err)
			}
			standing := 0
			for _, m := range f.Posted() {
				if !m.Deleted {
					standing++
				}
			}
			if standing-before != 1 {
				t.Errorf("%d messages", standing-before)
			}
		})
	}
}

// TestAPIErrors: whoever calls finds what Discord said.
func TestAPIErrors(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	fault := d.call(t.Context(), request{method: "GET", path: "/channels/1200000000000000088"}, nil)
	var said *apiError
	if !errors.As(fault, &said) || said.Status != 404 || said.Code != codeUnknownChannel {
		t.Errorf("got %v", fault)
	}
	if codeOf(nil) != 0 || codeOf(fatal("x")) != 0 {
		t.Error("nothing has a code")
	}
}
