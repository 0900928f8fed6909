package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/web"
)

// BenchmarkSlackCommand is a signed command to its acknowledgement over 64 connections, decided and written durably by the
// whole bot; beside it a server that does nothing but verify the signature and write one record durably to the same kind
// of store; and a command that only shows something.
func BenchmarkSlackCommand(b *testing.B) {
	b.Setenv(slackSigning, slackfake.New(b, slackfake.Options{}).SigningSecret())
	var bare, whole measured
	b.Run("bare", func(b *testing.B) {
		bare = loaded(b, slackfake.Bare(oneRecord(b)), inSlack(b, time.Now, retitle), "saved")
	})
	b.Run("readyroom", func(b *testing.B) {
		whole = loaded(b, crowded(b), inSlack(b, console.SimulatedStart, retitle), "number-")
		whole.beside(b, bare)
	})
	b.Run("status", func(b *testing.B) {
		loaded(b, crowded(b), inSlack(b, console.SimulatedStart, func(int) string { return "status" }), "text")
	})
}

// retitle is what is typed: everybody calls their own release something new, which leads to one event, an edit of its card
// and a line in its thread.
func retitle(i int) string {
	return fmt.Sprintf("set app@%d.0.0 --title number-%d", i%crowd, i)
}

// crowded is the handler chain of the whole bot, of which everybody has been asked for once.
func crowded(b *testing.B) http.Handler {
	f := slackfake.New(b, slackfake.Options{})
	config := crowdConfig(func(i int) string {
		f.AddUser(slackfake.User{ID: userOf(fmt.Sprint("p", i)), Name: fmt.Sprint("p", i)})
		return "slack: T0ACME/" + userOf(fmt.Sprint("p", i))
	})
	r := beginIn(b, config, map[string]string{slackURL: f.URL(), slackBot: f.BotToken(), slackSigning: f.SigningSecret()}, wiring{chats: true, clock: "simulated"})
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { r.slack.Run(ctx); close(done) }()
	b.Cleanup(func() { cancel(); <-done; _ = r.Close() })
	for r.slack.Health() != nil {
		time.Sleep(time.Millisecond)
	}
	app := web.New(web.Options{Checks: r.checks, Metrics: r.metrics, Log: r.log, Chats: r.chatRoutes()}).Handler
	for i := range crowd {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, signedCommand(b.Context(), "", i, fmt.Sprintf("new app@%d.0.0 --why small", i), console.SimulatedStart()))
	}
	if err := r.slack.Drain(ctx); err != nil {
		b.Fatal(err)
	}
	return app
}

// inSlack are lines of the crowd, as Slack sends them.
func inSlack(b *testing.B, now func() time.Time, line func(int) string) func(base string, i int) *http.Request {
	return func(base string, i int) *http.Request { return signedCommand(b.Context(), base, i, line(i), now()) }
}

// signedCommand is a line of the i-th person of the crowd, as Slack sends it.
func signedCommand(ctx context.Context, base string, i int, line string, at time.Time) *http.Request {
	user := userOf(fmt.Sprint("p", i%crowd))
	body := []byte(url.Values{
		"token": {"deprecated"}, "team_id": {slackfake.Team}, "team_domain": {slackfake.Domain}, "channel_id": {"C0APP"}, "channel_name": {"app"},
		"user_id": {user}, "user_name": {user}, "command": {"/release"}, "text": {line}, "api_app_id": {slackfake.App},
		"is_enterprise_install": {"false"}, "trigger_id": {fmt.Sprintf("%d.%d.%s", time.Now().UnixNano(), i, user)}, "response_url": {base + "/response/none"},
	}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+slackfake.CommandsPath, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	timestamp, signature := slackfake.Sign(os.Getenv(slackSigning), body, at)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", timestamp)
	r.Header.Set("X-Slack-Signature", signature)
	return r
}
