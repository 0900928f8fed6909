package discordfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Answer is how the app took an interaction over HTTP.
type Answer = wire.Answer

// Transport brings interactions to the app. Over HTTP the first answer is in what it gives; over the gateway, and after
// 202, it comes by a call. An error means that it did not get there.
type Transport interface {
	Deliver(ctx context.Context, i Interaction) (Answer, error)
}

// ErrTimeout is that no answer came in time.
var ErrTimeout = errors.New("discordfake: the application did not respond")

// The words that a client shows by itself.
const (
	DidNotRespond = "The application did not respond"
	Failed        = "This interaction failed"
	WentWrong     = "Something went wrong. Try again."
	Unavailable   = "Loading options failed"
)

// Deliver says how what people do reaches the app from now on. It is the gateway where nothing is said; with an Endpoint
// the portal shows its address, and nothing of it comes over the gateway.
func (f *Fake) Deliver(t Transport) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.transport = t
	f.app.InteractionsURL = ""
	if h, ok := t.(*Endpoint); ok {
		f.app.InteractionsURL = h.Base + InteractionsPath
	}
}

// Delivery is one sending of an interaction, and how it was taken.
type Delivery struct {
	Interaction Interaction
	At          time.Time
	Took        time.Duration // until the first answer
	Answer      int           // its type; zero: none came
	Err         error
	Done        bool // false while no answer came yet
}

// Deliveries are all sendings, in the order they began, of one kind; zero: of every kind.
func (f *Fake) Deliveries(kind int) []Delivery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.sent, func(d *Delivery) bool { return kind == 0 || d.Interaction.Kind == kind })
}

// send brings one interaction to the app, and waits for its first answer.
func (f *Fake) send(ctx context.Context, i *interaction, raw json.RawMessage) (err error) {
	f.mu.Lock()
	t := f.transport
	d := &Delivery{Interaction: Interaction{ID: i.id, Token: i.token, Kind: i.kind, Payload: raw}, At: f.o.Now()}
	f.sent = append(f.sent, d)
	f.mu.Unlock()
	start := time.Now()
	err = f.await(ctx, t, i, d.Interaction)
	f.mu.Lock()
	defer f.mu.Unlock()
	if i.answer == 0 {
		i.late = true
	} else {
		err = nil // it came at the last moment
	}
	d.Answer, d.Err, d.Done, d.Took = i.answer, err, true, time.Since(start)
	f.stir()
	return err
}

// await waits until the first answer came, or cannot come any more. The request itself goes on after a call has
// answered it.
func (f *Fake) await(ctx context.Context, t Transport, i *interaction, as Interaction) error {
	late := time.NewTimer(f.o.Patience)
	defer late.Stop()
	got := make(chan error, 1)
	f.sending.Go(func() {
		ctx, cancel := context.WithTimeout(f.ends, f.o.Patience)
		defer cancel()
		a, err := t.Deliver(ctx, as)
		if err == nil && a.Status != 0 && a.Status != http.StatusAccepted {
			err = f.responded(i, a)
		}
		if err != nil {
			got <- err
		}
	})
	select {
	case <-i.answered:
		return nil
	case err := <-got:
		return err
	case <-late.C:
		return ErrTimeout
	case <-ctx.Done():
		return ctx.Err()
	case <-f.server.Done:
		return ErrTimeout
	}
}
