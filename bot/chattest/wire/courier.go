package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Request is one request to the app, as its bytes are.
type Request struct {
	Path   string
	Header http.Header
	Body   []byte
}

// Clone is a request that can be changed without the other.
func (r Request) Clone() Request {
	return Request{Path: r.Path, Header: r.Header.Clone(), Body: bytes.Clone(r.Body)}
}

// Answer is how the app took one.
type Answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Elapsed time.Duration
}

// OK is whether it took it.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Courier brings requests to an app, exactly as they are. Its fields may be set before it is used.
type Courier struct {
	// Quiet is whether requests are not remembered, where there are very many.
	Quiet bool
	// Client sends; it does not follow redirects by itself.
	Client *http.Client
	// Base is where the app listens: "http://127.0.0.1:8080".
	Base string
	// Patience is how long it waits for the answer, and Late the error when none came.
	Patience time.Duration
	Late     error

	mu   sync.Mutex
	sent []Request
}

// NewCourier makes one that keeps its connections until the test is over.
func NewCourier(t testing.TB, base string, patience time.Duration, late error) *Courier {
	pool := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(pool.CloseIdleConnections)
	return &Courier{Base: base, Patience: patience, Late: late, Client: &http.Client{
		Transport:     pool,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send sends exactly these bytes: to forge, or to replay.
func (c *Courier) Send(ctx context.Context, r Request) (Answer, error) {
	if !c.Quiet {
		c.mu.Lock()
		c.sent = append(c.sent, r.Clone())
		c.mu.Unlock()
	}
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	out, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, err
	}
	out.Header = r.Header.Clone()
	start := time.Now()
	in, err := c.Client.Do(out)
	if err != nil {
		return Answer{Elapsed: time.Since(start)}, c.late(ctx, err)
	}
	defer func() { _ = in.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(in.Body, 1<<20))
	return Answer{Status: in.StatusCode, Header: in.Header, Body: text, Elapsed: time.Since(start)}, c.late(ctx, err)
}

func (c *Courier) late(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return c.Late
	}
	return err
}

// Same sends the same bytes n times at once.
func (c *Courier) Same(ctx context.Context, r Request, n int) []Answer {
	answers := make([]Answer, n)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i], _ = c.Send(ctx, r) })
	}
	all.Wait()
	return answers
}

// Sent are all requests so far, as they were sent.
func (c *Courier) Sent() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Request(nil), c.sent...)
}
