package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// request is one call of Discord's API.
type request struct {
	method string
	path   string      // below the API's address, with the query: "/channels/1/messages?limit=100"
	body   any         // as JSON; nil: none
	files  []chat.File // sent beside the body
	// asked is a call by the token of an interaction: it has a pace of its own, and somebody waits for it. The bot's own
	// token does not go with it.
	asked bool
}

// call makes one call at Discord's pace and reads the answer into out, which may be nil. The fault says what a failure
// means for a post; apiError is wrapped in it where Discord answered.
func (d *Discord) call(ctx context.Context, r request, out any) *chat.Fault {
	return d.callAs(ctx, d.rest.Load(), r, out)
}

// callAs is call with another token than the one in force.
func (d *Discord) callAs(ctx context.Context, s *discordgo.Session, r request, out any) *chat.Fault {
	if err := ctx.Err(); err != nil {
		return &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	if d.Still {
		x, f := d.carry(ctx, s, r)
		if f == nil {
			f = x.read(out)
		}
		d.doubted(s, r, x)
		return f
	}
	t, f := d.pace.wait(ctx, d.Now, r)
	if f != nil {
		return f
	}
	sent := d.Now()
	x, f := d.carry(ctx, s, r)
	d.standing.Timed(x.header, sent, d.Now())
	after := d.pace.answered(d.Now(), t, x)
	if f == nil {
		f = x.read(out)
	}
	d.doubted(s, r, x)
	if f != nil && f.Paced {
		f.After = after
	}
	return f
}

// doubted has the token looked at where a call with the one in force was turned away.
func (d *Discord) doubted(s *discordgo.Session, r request, x *exchange) {
	if x.status == http.StatusUnauthorized && !r.asked && s == d.rest.Load() {
		d.standing.Doubt()
	}
}

// carry makes the call itself, once, and gives what came back. The fault is of a call that cannot be made.
func (d *Discord) carry(ctx context.Context, s *discordgo.Session, r request) (*exchange, *chat.Fault) {
	x := &exchange{base: s.Client.Transport, api: d.address(), limit: maxAnswer, open: r.asked}
	if r.method == http.MethodGet {
		x.limit = maxRead
	}
	kind, body, err := encode(r)
	if err != nil {
		x.bad = &trouble{unsent: true, what: "the call cannot be written as JSON"}
		return x, fatal("the call cannot be written as JSON: %w", err)
	}
	// The bucket is the library's own pace, which sleeps deaf to the context: a fresh one never waits.
	bucket := discordgo.NewRatelimiter().LockBucket("")
	_, err = s.RequestWithLockedBucket(r.method, discordgo.EndpointAPI+strings.TrimPrefix(r.path, "/"), kind, body, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false),
		discordgo.WithClient(&http.Client{Transport: x}))
	if err != nil && x.status == 0 && x.bad == nil {
		x.bad = &trouble{unsent: true, what: "the call could not be made"}
	}
	return x, nil
}

// address is where the API is.
func (d *Discord) address() string {
	if d.URL == "" {
		return ownAPI
	}
	return strings.TrimSuffix(d.URL, "/")
}

// encode writes what a call sends: nothing, JSON, or JSON with files beside it.
func encode(r request) (kind string, body []byte, err error) {
	switch {
	case len(r.files) > 0:
		files := make([]*discordgo.File, len(r.files))
		for i, f := range r.files {
			files[i] = &discordgo.File{Name: f.Name, Reader: bytes.NewReader(f.Data)}
		}
		return discordgo.MultipartBodyWithJSON(r.body, files)
	case r.body == nil:
		return "", nil, nil
	}
	body, err = json.Marshal(r.body)
	return "application/json", body, err
}

// read says how the call ended, and reads a yes into out: what is none of Discord's answers is not taken for one.
func (x *exchange) read(out any) *chat.Fault {
	switch {
	case x.bad != nil && (x.status == 0 || x.status < 300):
		return x.bad.fault()
	case x.status < 200 || x.status > 299:
		return x.refused()
	case len(bytes.TrimSpace(x.body)) == 0 && out == nil:
		return nil
	case !answers(x.body, out):
		return &chat.Fault{Verdict: chat.Unclear, Err: errors.New("what came back is no answer of Discord's")}
	}
	return nil
}

// answers reads a body into out, and reports whether it is an answer: an object or a list, as is wanted.
func answers(body []byte, out any) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] != '{' && body[0] != '[' {
		return false
	}
	if out == nil {
		return json.Valid(body)
	}
	return json.Unmarshal(body, out) == nil
}

// fault says what a call without an answer means: only what certainly did not reach Discord may be sent again without a
// look.
func (t *trouble) fault() *chat.Fault {
	f := &chat.Fault{Verdict: chat.Unclear, Err: errors.New(t.what)}
	if t.unsent {
		f.Verdict = chat.Retry
	}
	if t.err != nil {
		f.Err = t
	}
	return f
}

func fatal(format string, args ...any) *chat.Fault {
	return &chat.Fault{Verdict: chat.Fatal, Err: fmt.Errorf(format, args...)}
}
