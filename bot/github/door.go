package github

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

const (
	// DoorPath is where GitHub's webhooks come.
	DoorPath = "/github/webhooks"
	// maxPayload is how much may come at once: GitHub sends nothing that is larger.
	maxPayload = 25 << 20
	// maxReading is how many bodies are read at once, so that they never fill the memory together.
	maxReading = 4
	// roomSoon is how long somebody waits for a place among those. GitHub waits ten seconds for the answer.
	roomSoon = 3 * time.Second
	// maxKnocks is how many repositories are remembered that were knocked for and not looked at yet.
	maxKnocks = 1000
)

// heeded are the events after which it is worth to look. Of all others it is only said that they came.
var heeded = map[string]bool{
	"push": true, "create": true, "delete": true, "pull_request": true, "check_run": true, "check_suite": true, "status": true, "release": true,
	"deployment": true, "deployment_status": true, "workflow_run": true, "milestone": true, "issues": true,
}

// Door is where GitHub knocks by webhook. What it brings is believed in nothing but that there is something to look at in
// a repository: so it does not matter whether a delivery comes twice, late, in another order, or never. It needs neither
// store nor network, and answers at once.
type Door struct {
	log     *slog.Logger
	known   func(forge string) bool
	secrets atomic.Pointer[[]chat.Secret]
	reading chan struct{}
	knocked chan struct{}

	refused, ignored atomic.Int64

	mu    sync.Mutex
	waits map[string]bool // the repositories that were knocked for
}

// NewDoor makes a door. What is not signed with one of the secrets is refused; without any there is no door. Knocks for
// repositories that are not known are ignored; their names are given in lower case.
func NewDoor(secrets []chat.Secret, known func(forge string) bool, log *slog.Logger) *Door {
	d := &Door{log: log, known: known, reading: make(chan struct{}, maxReading), knocked: make(chan struct{}, 1), waits: map[string]bool{}}
	d.Reload(secrets)
	return d
}

// Reload takes other secrets. While one is replaced, both are given.
func (d *Door) Reload(secrets []chat.Secret) {
	var all []chat.Secret
	for _, s := range secrets {
		if s != "" { // with an empty one anybody could sign
			all = append(all, s)
		}
	}
	d.secrets.Store(&all)
}

// Open reports whether anything is taken.
func (d *Door) Open() bool { return len(*d.secrets.Load()) > 0 }

// Routes is where GitHub sends requests, by pattern.
func (d *Door) Routes() map[string]http.Handler {
	return map[string]http.Handler{"POST " + DoorPath: http.HandlerFunc(d.serve)}
}

// Unheard counts the requests that led to no look, by why: those that nobody who knows a secret sent, and those of other
// events or repositories.
func (d *Door) Unheard() map[string]int {
	return map[string]int{"refused": int(d.refused.Load()), "ignored": int(d.ignored.Load())}
}

// Knocked has something when there was a knock since Knocks was called last.
func (d *Door) Knocked() <-chan struct{} { return d.knocked }

// Knocks gives the repositories that were knocked for since it was called last, in lower case.
func (d *Door) Knocks() map[string]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.waits
	d.waits = map[string]bool{}
	return all
}

// serve lets only through what GitHub signed. What is refused learns nothing but that.
func (d *Door) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	secrets := *d.secrets.Load()
	if len(secrets) == 0 {
		http.NotFound(w, r)
		return
	}
	mac, signed := signature(r.Header)
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if len(r.Header.Values("Content-Type")) != 1 || err != nil || media != jsonMedia && media != formMedia || !signed {
		d.turnAway(w, http.StatusUnauthorized) // before a byte of it is read
		return
	}
	body, status := d.read(w, r)
	switch {
	case status != 0:
		d.turnAway(w, status)
	case !authentic(secrets, mac, body):
		d.turnAway(w, http.StatusUnauthorized)
	default:
		d.take(w, r, media, body)
	}
}

const (
	jsonMedia = "application/json"
	formMedia = "application/x-www-form-urlencoded"
)

// read reads a body, or gives the status to refuse it with.
func (d *Door) read(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	soon := time.NewTimer(roomSoon)
	defer soon.Stop()
	select {
	case d.reading <- struct{}{}:
	case <-soon.C:
		return nil, http.StatusServiceUnavailable
	case <-r.Context().Done():
		return nil, http.StatusServiceUnavailable
	}
	defer func() { <-d.reading }()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return body, 0
}

// turnAway refuses a request, and counts it: whoever sent it is nobody, and leaves nothing else behind.
func (d *Door) turnAway(w http.ResponseWriter, status int) {
	d.refused.Add(1)
	http.Error(w, http.StatusText(status), status)
}

// take hears a knock.
func (d *Door) take(w http.ResponseWriter, r *http.Request, media string, body []byte) {
	event, ok := listen.Only(r.Header, "X-GitHub-Event")
	if !ok {
		d.turnAway(w, http.StatusBadRequest)
		return
	}
	if media == formMedia {
		fields, err := url.ParseQuery(string(body))
		if err != nil || len(fields["payload"]) != 1 {
			d.turnAway(w, http.StatusBadRequest)
			return
		}
		body = []byte(fields.Get("payload"))
	}
	var told struct {
		Repository struct {
			FullName string `json:"full_name"`
		} `json:"repository"`
	}
	if err := json.Unmarshal(body, &told); err != nil {
		d.turnAway(w, http.StatusBadRequest)
		return
	}
	forge := strings.ToLower(told.Repository.FullName)
	switch {
	case event == "ping":
		d.log.InfoContext(r.Context(), "a webhook of GitHub reaches the bot", "repository", cmp.Or(clip(forge), "a whole organisation, or an App"))
		w.WriteHeader(http.StatusOK)
		return
	case heeded[event] && d.known(forge):
		d.knock(forge)
	default:
		d.ignored.Add(1)
	}
	w.WriteHeader(http.StatusAccepted)
}

// clip keeps a name short enough for the log.
func clip(name string) string { return name[:min(len(name), 140)] }

// knock remembers that there is something to look at.
func (d *Door) knock(forge string) {
	d.mu.Lock()
	if len(d.waits) < maxKnocks { // beyond that, they are looked at when their time comes
		d.waits[forge] = true
	}
	d.mu.Unlock()
	select {
	case d.knocked <- struct{}{}:
	default:
	}
}
