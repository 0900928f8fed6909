package slackfake

import (
	"io"
	"net/http"
	"time"
)

// ResponseLife is how long a response URL can be posted to.
const ResponseLife = 30 * time.Minute

// responseURL is where an answer to one command or press goes.
type responseURL struct {
	id            string
	user, channel string
	at            time.Time
	used          int
	slash         bool
	message       *Message // that was pressed
	whisper       *Whisper
}

// newResponseURL gives one to post to; the lock is held.
func (f *Fake) newResponseURL(r responseURL) string {
	r.id, r.at = f.newID("rsp"), f.o.Now()
	f.urls[r.id] = &r
	return f.server.URL + "/response/" + r.id
}

// serveResponseURL takes one post to a response URL.
func (f *Fake) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	args := map[string]string{}
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil {
		err = object(text, args)
	}
	c := &Call{Method: "response_url", At: f.o.Now(), Args: args, Host: r.Host}
	args["response_url"] = r.PathValue("id")
	f.mu.Lock()
	f.calls = append(f.calls, c)
	f.mu.Unlock()
	fault, faulted := f.nextFault(c)
	if faulted && !fault.Stored {
		f.fault(w, r, c, fault, nil)
		return
	}
	status, name := http.StatusBadRequest, "invalid_payload"
	if err == nil {
		f.mu.Lock()
		status, name = f.respond(r.PathValue("id"), args)
		f.mu.Unlock()
	}
	text = []byte("ok")
	if name != "" {
		text = body(nil, refuse(name))
	}
	if faulted && fault.Way != Ordinary {
		f.fault(w, r, c, fault, text)
		return
	}
	if !f.server.Pass(r, fault.Delay) {
		return
	}
	f.mu.Lock()
	c.Status, c.Error = status, name
	f.mu.Unlock()
	f.dated(w)
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// respond does what a post to a response URL says; the lock is held.
func (f *Fake) respond(id string, args map[string]string) (status int, name string) {
	u := f.urls[id]
	switch {
	case u == nil:
		return http.StatusNotFound, "invalid_url"
	case f.o.Now().Sub(u.at) > ResponseLife:
		return http.StatusNotFound, "expired_url"
	case u.used >= MaxResponses:
		return http.StatusNotFound, "used_url"
	}
	u.used++
	replace, drop := args["replace_original"] == "true", args["delete_original"] == "true"
	if (replace || drop) && u.message == nil && u.whisper == nil {
		return http.StatusNotFound, "no_original_message"
	}
	if drop {
		u.remove(f.stir())
		return http.StatusOK, ""
	}
	said, no := f.content(args)
	if no.given() {
		return http.StatusBadRequest, no.name
	}
	if no := f.threadable(u.channel, args["thread_ts"]); no.given() {
		return http.StatusBadRequest, no.name
	}
	if replace {
		u.replace(said, f.stir())
		return http.StatusOK, ""
	}
	f.say(u, args, said)
	return http.StatusOK, ""
}

func (u *responseURL) remove(revision int) {
	if m := u.message; m != nil {
		m.Deleted, m.revision = true, revision
		return
	}
	u.whisper.Gone, u.whisper.revision = true, revision
}

func (u *responseURL) replace(c content, revision int) {
	if m := u.message; m != nil {
		m.Text, m.Blocks, m.blocks, m.revision = c.text, c.raw, c.blocks, revision
		m.Edits++
		return
	}
	w := u.whisper
	w.Text, w.Blocks, w.blocks, w.revision = c.text, c.raw, c.blocks, revision
	w.Edits++
}

// say shows an answer to the person, or to all; the lock is held.
func (f *Fake) say(u *responseURL, args map[string]string, c content) {
	if args["response_type"] == "in_channel" {
		f.post(&Message{
			Channel: u.channel, ThreadTS: args["thread_ts"], Author: Bot, Text: c.text, Blocks: c.raw, blocks: c.blocks, app: App,
		})
		return
	}
	w := f.whisper(u.channel, u.user, args["thread_ts"], c)
	w.Slash = u.slash
}

// ResponseUses is how often each response URL was posted to, by its id (the last part of its path).
func (f *Fake) ResponseUses() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := map[string]int{}
	for id, u := range f.urls {
		all[id] = u.used
	}
	return all
}
