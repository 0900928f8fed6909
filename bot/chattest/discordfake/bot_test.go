package discordfake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// j is a JSON object.
type j = map[string]any

// api makes one call, as the bot.
func api(t *testing.T, f *discordfake.Fake, method, path string, body any) (int, j) {
	t.Helper()
	status, text := apiText(t, f, method, path, body)
	var out j
	_ = json.Unmarshal(text, &out) // a list is none
	return status, out
}

func apiText(t *testing.T, f *discordfake.Fake, method, path string, body any) (int, []byte) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	// Not the test's context: calls are made while it ends as well.
	r, err := http.NewRequestWithContext(context.Background(), method, f.URL()+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bot "+f.BotToken())
	r.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, text
}

// conn is one connection to the gateway.
type conn struct {
	t  *testing.T
	ws *websocket.Conn
}

// dial opens a connection; at is empty for the address that the API gives.
func dial(t *testing.T, f *discordfake.Fake, at string) *conn {
	t.Helper()
	if at == "" {
		_, where := api(t, f, "GET", "/gateway/bot", nil)
		at = where["url"].(string)
	}
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), at+"?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	return &conn{t: t, ws: ws}
}

func (c *conn) send(frame any) {
	c.t.Helper()
	if err := c.ws.WriteJSON(frame); err != nil {
		c.t.Fatal(err)
	}
}

// next reads a frame; nil when the connection ended, whose code is in closed.
func (c *conn) next() (frame j, code int) {
	c.t.Helper()
	_ = c.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, text, err := c.ws.ReadMessage()
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed):
		return nil, closed.Code
	case err != nil:
		return nil, -1
	}
	if err := json.Unmarshal(text, &frame); err != nil {
		c.t.Fatalf("%q: %v", text, err)
	}
	return frame, 0
}

// until reads until an event, or an opcode, comes: "READY", "op 11".
func (c *conn) until(what string) j {
	c.t.Helper()
	for {
		frame, code := c.next()
		switch {
		case frame == nil:
			c.t.Fatalf("ended with %d before %s", code, what)
		case frame["t"] == what, what == "op "+strconv.Itoa(int(frame["op"].(float64))):
			return frame
		}
	}
}

// ends reads until the connection ends, and gives the code.
func (c *conn) ends() int {
	c.t.Helper()
	for {
		if frame, code := c.next(); frame == nil {
			return code
		}
	}
}

func identify(token string, intents int) j {
	return j{"op": 2, "d": j{"token": token, "intents": intents, "properties": j{"os": "linux", "browser": "x", "device": "x"}}}
}

const usual = discordfake.IntentGuilds | discordfake.IntentGuildMessages | discordfake.IntentDirectMessages

// ready is a connection that is identified, and what READY said.
func ready(t *testing.T, f *discordfake.Fake, intents int) (*conn, j) {
	t.Helper()
	c := dial(t, f, "")
	c.until("op 10")
	c.send(identify(f.BotToken(), intents))
	r := c.until("READY")["d"].(j)
	if intents&discordfake.IntentGuilds != 0 {
		c.until("GUILD_CREATE")
	}
	return c, r
}

// answering is a bot on the gateway that answers every interaction with what answer gives; nil: nothing.
func answering(t *testing.T, f *discordfake.Fake, answer func(i j) any) *conn {
	t.Helper()
	c, _ := ready(t, f, usual)
	done := make(chan struct{})
	t.Cleanup(func() { _ = c.ws.Close(); <-done })
	go func() {
		defer close(done)
		for {
			_, text, err := c.ws.ReadMessage()
			if err != nil {
				return
			}
			var frame j
			if json.Unmarshal(text, &frame) != nil || frame["t"] != "INTERACTION_CREATE" {
				continue
			}
			i := frame["d"].(j)
			if a := answer(i); a != nil {
				if status, out := callback(t, f, i, a); status != http.StatusNoContent {
					t.Errorf("the answer %v got %d %v", a, status, out)
				}
			}
		}
	}()
	return c
}

func callback(t *testing.T, f *discordfake.Fake, i j, answer any) (int, j) {
	t.Helper()
	return api(t, f, "POST", "/interactions/"+i["id"].(string)+"/"+i["token"].(string)+"/callback", answer)
}

// says is an answer with a text.
func says(text string, flags int) j {
	return j{"type": 4, "data": j{"content": text, "flags": flags, "allowed_mentions": j{"parse": []string{}}}}
}

// crew is a fake with people: ana may manage the server, ben is an ordinary member.
func crew(t *testing.T, o discordfake.Options) (f *discordfake.Fake, ana, ben string) {
	t.Helper()
	f = discordfake.New(t, o)
	ana, ben = f.AddUser(discordfake.User{Name: "ana"}), f.AddUser(discordfake.User{Name: "ben"})
	owners := f.AddRole(discordfake.Role{Name: "owners", Permissions: discordfake.ManageServer})
	f.AddMember(discordfake.Member{User: ana, Roles: []string{owners}})
	f.AddMember(discordfake.Member{User: ben})
	f.Gateway(0).Window(0)
	return f, ana, ben
}

const here = "/applications/" + discordfake.App + "/guilds/" + discordfake.Server + "/commands"

// register writes the commands of the tests.
func register(t *testing.T, f *discordfake.Fake, more ...any) {
	t.Helper()
	all := append([]any{
		j{"name": "release", "description": "Releases", "default_member_permissions": "32", "options": []any{
			j{"type": 1, "name": "status", "description": "How it stands"},
			j{"type": 1, "name": "sign", "description": "Sign", "options": []any{
				j{"type": 3, "name": "item", "description": "What", "required": true, "autocomplete": true, "max_length": 20},
				j{"type": 3, "name": "vote", "description": "How", "choices": []any{j{"name": "Yes", "value": "yes"}, j{"name": "No", "value": "no"}}},
				j{"type": 4, "name": "days", "description": "How long", "min_value": 1, "max_value": 9},
				j{"type": 6, "name": "who", "description": "Who"},
				j{"type": 5, "name": "now", "description": "Now"},
			}},
			j{"type": 2, "name": "candidate", "description": "Candidates", "options": []any{j{"type": 1, "name": "new", "description": "New"}}},
		}},
		j{"name": "Acknowledge", "type": 3},
	}, more...)
	if status, text := apiText(t, f, "PUT", here, all); status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
}

// post is a message of the bot's with components.
func post(t *testing.T, f *discordfake.Fake, channel, text string, components ...any) string {
	t.Helper()
	if components == nil {
		components = []any{}
	}
	status, m := api(t, f, "POST", "/channels/"+channel+"/messages", j{
		"content": text, "components": components, "allowed_mentions": j{"parse": []string{}},
		"nonce": strconv.FormatInt(time.Now().UnixNano(), 36), "enforce_nonce": true,
	})
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, m)
	}
	return m["id"].(string)
}

func row(all ...any) j { return j{"type": 1, "components": all} }

func btn(label, id string) j { return j{"type": 2, "style": 1, "label": label, "custom_id": id} }

// glimpse says in a word what a frame is.
func glimpse(kind int, text []byte, err error) string {
	var closed *websocket.CloseError
	if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
		return strconv.Itoa(closed.Code)
	}
	if err != nil {
		return "-1"
	}
	if kind == websocket.BinaryMessage {
		return "binary"
	}
	var in *struct {
		Op int
		T  string
		D  any
	}
	switch err := json.Unmarshal(text, &in); {
	case err != nil:
		return "garbage"
	case in == nil:
		return "null"
	case in.T != "":
		return in.T
	case in.Op == 9 && in.D == true:
		return "op9true"
	case in.Op == 9:
		return "op9false"
	}
	return "op" + strconv.Itoa(in.Op)
}
