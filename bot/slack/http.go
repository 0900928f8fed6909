package slack

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
)

// maxBody is how much Slack may send at once: a form's whole state is far below it.
const maxBody = 1 << 20

// Routes are the endpoints that Slack sends to, by pattern. They are for a workspace whose app has a signing secret:
// without one, everything is refused.
func (s *Slack) Routes() map[string]http.Handler {
	const form, data = "application/x-www-form-urlencoded", "application/json"
	return map[string]http.Handler{
		"POST /slack/commands":     s.signed(form, s.serveCommand),
		"POST /slack/interactions": s.signed(form, s.serveInteraction),
		"POST /slack/events":       s.signed(data, s.serveEvent),
	}
}

// signed lets only through what Slack signed, lately, and of the media type that it sends. What is refused learns
// nothing but that.
func (s *Slack) signed(media string, next func(http.ResponseWriter, *http.Request, []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			s.replies.refused.Add(1)
			status := http.StatusBadRequest
			if errors.As(err, new(*http.MaxBytesError)) {
				status = http.StatusRequestEntityTooLarge
			}
			refuse(w, status)
			return
		}
		if !s.authentic(r.Header, body) {
			s.replies.refused.Add(1)
			refuse(w, http.StatusUnauthorized)
			return
		}
		if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != media {
			s.replies.refused.Add(1)
			refuse(w, http.StatusUnsupportedMediaType)
			return
		}
		next(w, r, body)
	})
}

func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// serveCommand takes a slash command. What cannot be read is acknowledged all the same, and counted: an error status
// would have Slack call the bot broken.
func (s *Slack) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		s.replies.ignored.Add(1)
		return
	}
	c := slashCommand{
		Enterprise: fields.Get("enterprise_id"), Team: fields.Get("team_id"), App: fields.Get("api_app_id"), User: fields.Get("user_id"),
		Channel: fields.Get("channel_id"), ChannelName: fields.Get("channel_name"), Command: fields.Get("command"), Text: fields.Get("text"),
		ResponseURL: fields.Get("response_url"), Trigger: fields.Get("trigger_id"),
	}
	acknowledge(w, s.takeCommand(r.Context(), c, body))
}

func (s *Slack) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	fields, err := url.ParseQuery(string(body))
	if err != nil || fields.Get("payload") == "" {
		s.replies.ignored.Add(1)
		return
	}
	acknowledge(w, s.take(r.Context(), inbound{kind: interaction, body: []byte(fields.Get("payload"))}))
}

// serveEvent takes an event, and answers the question by which Slack makes sure that the endpoint is the bot's.
func (s *Slack) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var outer struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(body, &outer); err == nil && outer.Type == "url_verification" {
		answer, err := json.Marshal(map[string]string{"challenge": outer.Challenge})
		if err == nil {
			acknowledge(w, answer)
		}
		return
	}
	again, err := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num"))
	if err != nil {
		again = 0
	}
	acknowledge(w, s.take(r.Context(), inbound{kind: event, body: body, retry: again}))
}

// acknowledge writes what take gave. Nothing at all is a whole answer: the status says that it arrived.
func acknowledge(w http.ResponseWriter, ack []byte) {
	if len(ack) == 0 {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(ack) // whoever asked went away: what was done stays done
}
