package slackfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// dial opens one connection of Socket Mode, and reads what it is greeted with.
func dial(t *testing.T, api *slack.Client) (*websocket.Conn, map[string]any) {
	t.Helper()
	_, at, err := api.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), at, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	return ws, receive(t, ws)
}

func receive(t *testing.T, ws *websocket.Conn) (got map[string]any) {
	t.Helper()
	_, text, err := ws.ReadMessage()
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestSocketEnvelope: an envelope goes out, and its acknowledgement comes back with what it says.
func TestSocketEnvelope(t *testing.T) {
	f, api := acme(t, slackfake.Options{Patience: 200 * time.Millisecond})
	sock := f.Socket(0)
	f.Deliver(sock)
	ws, hello := dial(t, api)
	if info, ok := hello["connection_info"].(map[string]any); hello["type"] != "hello" || !ok || info["app_id"] != slackfake.App {
		t.Fatalf("greeted with %v", hello)
	}
	for name, c := range map[string]struct{ payload, reads string }{
		"said":     {`,"payload":{"text":"all is well"}`, "all is well"},
		"nothing":  {"", ""},
		"too long": {`,"payload":{"text":"` + strings.Repeat("x", slackfake.MaxLinkAck) + `"}`, "lost"},
	} {
		acked := make(chan struct{}) // one writes at a time
		go func() {
			defer close(acked)
			e := map[string]any{}
			if _, text, err := ws.ReadMessage(); err == nil && json.Unmarshal(text, &e) == nil && e["accepts_response_payload"] == true {
				id, _ := e["envelope_id"].(string)
				_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"envelope_id":"`+id+`"`+c.payload+`}`))
			}
		}()
		r := f.As("U0ANA").Slash(t.Context(), "C0APP", "/release", "status")
		<-acked
		switch texts := r.Texts(); {
		case c.reads == "lost":
			if !errors.Is(r.Err, slackfake.ErrTimeout) || r.Shown != "operation_timeout" {
				t.Errorf("%s: %v", name, r.Err)
			}
		case r.Err != nil || strings.Join(texts, "") != c.reads:
			t.Errorf("%s: %q, %v", name, texts, r.Err)
		}
	}
	_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"envelope_id":"of nobody"}`))
	late, done := context.WithTimeout(t.Context(), 5*time.Second)
	defer done()
	for {
		if _, _, strays, lost := sock.Counts(); strays == 1 && lost == 1 {
			return
		}
		select {
		case <-late.Done():
			t.Fatal("what fitted nothing, and what was too long, was not counted")
		case <-time.After(time.Millisecond):
		}
	}
}

// TestSocketLimits: ten connections are open at most, and none where Socket Mode is off.
func TestSocketLimits(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	sock := f.Socket(0)
	for range slackfake.MaxLinks {
		if _, hello := dial(t, api); hello["type"] != "hello" {
			t.Fatalf("greeted with %v", hello)
		}
	}
	if _, bye := dial(t, api); bye["type"] != "disconnect" || bye["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh is told %v", bye)
	}
	sock.Enable(false)
	if _, bye := dial(t, api); bye["reason"] != "link_disabled" {
		t.Errorf("told %v", bye)
	}
	sock.Enable(true)
	if _, hello := dial(t, api); hello["type"] != "hello" {
		t.Errorf("told %v", hello)
	}
}
