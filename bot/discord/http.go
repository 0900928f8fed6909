package discord

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
)

const (
	// interactionsPath is where interactions come by HTTP.
	interactionsPath = "/discord/interactions"
	// maxBody is how much Discord may send at once: a form's whole state is far below it.
	maxBody = 1 << 20
)

// Routes are the endpoints that Discord sends to, by pattern. There are none where interactions come over the gateway.
func (d *Discord) Routes() map[string]http.Handler {
	if !d.HTTP {
		return nil
	}
	return map[string]http.Handler{"POST " + interactionsPath: http.HandlerFunc(d.serve)}
}

// serve lets only through what Discord signed, lately, and answers it. What is refused learns nothing but that: Discord
// sends bad signatures on purpose, to see them refused.
func (d *Discord) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	key, ok := d.verifyKey(r.Context())
	if !ok {
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		d.turnAway(w, status)
		return
	}
	if !d.authentic(key, r.Header, body) {
		d.turnAway(w, http.StatusUnauthorized)
		return
	}
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != "application/json" {
		d.turnAway(w, http.StatusUnsupportedMediaType)
		return
	}
	d.interact(w, r, body)
}

// turnAway refuses a request, and counts it.
func (d *Discord) turnAway(w http.ResponseWriter, status int) {
	d.door.refused.Add(1)
	refuse(w, status)
}

func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// interact answers an interaction; or Discord's question whether somebody is there, which it asks before it takes the
// address.
func (d *Discord) interact(w http.ResponseWriter, r *http.Request, body []byte) {
	i, ok := readAsked(body)
	switch {
	case !ok:
		d.turnAway(w, http.StatusBadRequest)
	case i.Type == ping:
		d.door.pinged.Add(1)
		acknowledge(w, []byte(`{"type":1}`))
	case !d.begun(r.Context()):
		refuse(w, http.StatusServiceUnavailable)
	case !d.firstTime(i.ID): // sent again by somebody who saw it: Discord sends once
		d.turnAway(w, http.StatusUnauthorized)
	case !d.gateway.asked.enter(d.timing.stuck):
		d.Log.WarnContext(r.Context(), "there is room for no more interactions")
		refuse(w, http.StatusServiceUnavailable)
	default:
		defer d.gateway.asked.leave()
		answer := d.answerTo(r.Context(), i, body)
		if len(answer) == 0 {
			refuse(w, http.StatusBadRequest)
			return
		}
		acknowledge(w, answer)
	}
}

// begun waits a moment for Discord to say who the bot is: before, there is nobody to carry anything out.
func (d *Discord) begun(ctx context.Context) bool {
	if d.me.Load() != nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, d.timing.begin)
	defer cancel()
	return d.known(ctx)
}

// acknowledge writes the answer.
func acknowledge(w http.ResponseWriter, answer json.RawMessage) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer) // whoever asked went away: what was done stays done
}
