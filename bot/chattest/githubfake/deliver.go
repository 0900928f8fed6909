package githubfake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// ErrTimeout is that a delivery was not answered in time.
var ErrTimeout = errors.New("githubfake: the webhook timed out")

// Deliveries are all that webhooks sent or will, in the order that it happened, also what was delivered already.
func (f *Fake) Deliveries() []Delivery { return f.some(func(*Delivery) bool { return true }) }

// Undelivered are those that were not delivered yet.
func (f *Fake) Undelivered() []Delivery {
	return f.some(func(d *Delivery) bool { return len(d.Statuses) == 0 })
}

func (f *Fake) some(which func(*Delivery) bool) []Delivery {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := wire.Copies(f.deliveries, which)
	for i, d := range all {
		all[i].Header, all[i].Body, all[i].Statuses = d.Header.Clone(), slices.Clone(d.Body), slices.Clone(d.Statuses)
	}
	return all
}

// Deliver sends one, as often as it is called: now, later, again, changed. It gives the status that it was answered with.
// GitHub itself sends nothing again.
func (f *Fake) Deliver(ctx context.Context, d Delivery) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, f.o.Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0, fmt.Errorf("githubfake: %w", err)
	}
	r.Header = d.Header.Clone()
	status, err := f.sent(r, d.hook)
	if errors.Is(err, context.DeadlineExceeded) {
		err = ErrTimeout
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, known := range f.deliveries {
		if known.ID == d.ID {
			known.Statuses = append(known.Statuses, status)
		}
	}
	f.stirred.Stir()
	return status, err
}

// courier brings deliveries, one connection each, and does not go where it is sent on to.
var courier = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (f *Fake) sent(r *http.Request, h *Hook) (int, error) {
	f.mu.Lock()
	to := h.to
	f.mu.Unlock()
	if to != nil {
		w := httptest.NewRecorder()
		r.RequestURI = r.URL.RequestURI()
		to.ServeHTTP(w, r)
		if err := r.Context().Err(); err != nil {
			return 0, err
		}
		return w.Code, nil
	}
	answer, err := courier.Do(r)
	if err != nil {
		return 0, fmt.Errorf("githubfake: %w", err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, errors.Join(err, answer.Body.Close())
}

// Drop loses deliveries: they count as delivered, and nobody got them.
func (f *Fake) Drop(all ...Delivery) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range all {
		for _, known := range f.deliveries {
			if known.ID == d.ID {
				known.Statuses = append(known.Statuses, 0)
			}
		}
	}
}

// DeliverAll delivers what was not delivered yet, in the order that it happened. It gives an error if one is not taken.
func (f *Fake) DeliverAll(ctx context.Context) error {
	for _, d := range f.Undelivered() {
		switch status, err := f.Deliver(ctx, d); {
		case err != nil:
			return fmt.Errorf("%s %s: %w", d.Event, d.Action, err)
		case status/100 != 2:
			return fmt.Errorf("githubfake: %s %s was answered with %d", d.Event, d.Action, status)
		}
	}
	return nil
}

// Forgery is a delivery that GitHub did not send.
type Forgery struct {
	Name string
	Delivery
}

// Forgeries are what somebody without the secret may make of a delivery. None of them may be taken.
func (d Delivery) Forgeries() []Forgery {
	const sign, old = "X-Hub-Signature-256", "X-Hub-Signature"
	var all []Forgery
	bad := func(name string, change func(*Delivery)) {
		x := d
		x.Header, x.Body = d.Header.Clone(), slices.Clone(d.Body)
		x.ID = fmt.Sprintf("%08x-0bad-11f0-8000-000000000000", len(all))
		x.Header.Set("X-Github-Delivery", x.ID)
		change(&x)
		all = append(all, Forgery{name, x})
	}
	set := func(value string) func(*Delivery) { return func(x *Delivery) { x.Header.Set(sign, value) } }
	good := d.Header.Get(sign)
	digest := strings.TrimPrefix(good, "sha256=")
	bad("no signature", func(x *Delivery) { x.Header.Del(sign) })
	bad("another secret", set(Signature("not the secret", d.Body)))
	bad("the empty secret", set(Signature("", d.Body)))
	bad("SHA-1 alone", func(x *Delivery) {
		x.Header.Del(sign)
		x.Header.Set(old, "sha1="+digest[:min(40, len(digest))])
	})
	bad("SHA-1 by the new name", set("sha1="+digest))
	bad("no algorithm", set(digest))
	bad("too short", set(strings.TrimSuffix(good, good[max(0, len(good)-2):])))
	bad("too long", set(good+"00"))
	bad("no hex", set("sha256="+strings.Repeat("z", 64)))
	bad("empty", set(""))
	bad("the algorithm alone", set("sha256="))
	bad("zeros", set("sha256="+strings.Repeat("0", 64)))
	bad("a body that was changed", func(x *Delivery) { x.Body = append(x.Body, ' ') })
	bad("a body that is gone", func(x *Delivery) { x.Body = nil })
	return all
}
