package githubfake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Transport leads straight into the fake, without a port: for a test that lives in a synctest bubble. Every way of an
// answer arrives as over a wire.
func (f *Fake) Transport() http.RoundTripper { return plug{f} }

// Client is one with that transport, which follows redirects as usual.
func (f *Fake) Client() *http.Client { return &http.Client{Transport: f.Transport()} }

type plug struct{ f *Fake }

// RoundTrip has the fake answer in a goroutine of its own, so that an answer may come in pieces, or never.
func (p plug) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.Host, in.RequestURI = r.URL.Host, r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.Header.Get("User-Agent") == "" {
		if _, said := in.Header["User-Agent"]; !said {
			in.Header.Set("User-Agent", "Go-http-client/1.1") // as the usual transport does
		}
	}
	s := &socket{header: http.Header{}, ready: make(chan *http.Response, 1), request: r}
	p.f.asked.Go(func() {
		defer func() { _ = in.Body.Close() }()
		p.f.ServeHTTP(s, in)
		s.end()
	})
	select {
	case response := <-s.ready:
		if response == nil {
			return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
		}
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// socket is the writer of one answer.
type socket struct {
	header  http.Header
	ready   chan *http.Response // nil in it: there is no answer
	request *http.Request
	once    sync.Once
	body    *io.PipeWriter
}

// Header is that of the answer.
func (s *socket) Header() http.Header { return s.header }

// WriteHeader begins the answer.
func (s *socket) WriteHeader(status int) {
	s.once.Do(func() {
		read, write := io.Pipe()
		s.body = write
		context.AfterFunc(s.request.Context(), func() { _ = write.CloseWithError(s.request.Context().Err()) })
		response := &http.Response{
			Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: s.header.Clone(), Body: read, ContentLength: -1, Request: s.request,
		}
		if response.Header.Get("Content-Encoding") == "gzip" && s.request.Header.Get("Accept-Encoding") == "" {
			response.Header.Del("Content-Encoding")
			response.Body, response.Uncompressed = &unpacked{packed: read}, true
		}
		s.ready <- response
	})
}

// Write sends bytes of the answer, until its reader is gone.
func (s *socket) Write(text []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	if s.body == nil {
		return 0, net.ErrClosed
	}
	return s.body.Write(text)
}

// Flush has nothing to do: what is written is there.
func (s *socket) Flush() {}

// end is all of the answer, unless the caller gave up.
func (s *socket) end() {
	s.once.Do(func() { s.ready <- nil })
	if s.body != nil {
		_ = s.body.CloseWithError(s.request.Context().Err())
	}
}

// Hijack gives the connection away: whoever has it writes the answer by hand, or ends it without one.
func (s *socket) Hijack() (net.Conn, *bufio.ReadWriter, error) { return &torn{s: s}, nil, nil }

// unpacked is a body that came packed though nobody asked for that, as the usual transport gives it.
type unpacked struct {
	packed io.ReadCloser
	plain  *gzip.Reader
}

// Read unpacks.
func (u *unpacked) Read(into []byte) (int, error) {
	if u.plain == nil {
		var err error
		if u.plain, err = gzip.NewReader(u.packed); err != nil {
			return 0, err
		}
	}
	return u.plain.Read(into)
}

// Close ends it.
func (u *unpacked) Close() error { return u.packed.Close() }

// torn is a connection on which half an answer is written by hand.
type torn struct {
	s    *socket
	text bytes.Buffer
	done bool
}

// Close is the end of the connection. What was announced and did not come is an unexpected end.
func (t *torn) Close() error {
	if t.done {
		return nil
	}
	t.done = true
	response, err := http.ReadResponse(bufio.NewReader(&t.text), t.s.request)
	t.s.once.Do(func() {
		if err != nil {
			response = nil
		}
		t.s.ready <- response
	})
	return nil
}

func (t *torn) Write(text []byte) (int, error)   { return t.text.Write(text) }
func (t *torn) Read([]byte) (int, error)         { return 0, errors.ErrUnsupported }
func (t *torn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (t *torn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (t *torn) SetDeadline(time.Time) error      { return nil }
func (t *torn) SetReadDeadline(time.Time) error  { return nil }
func (t *torn) SetWriteDeadline(time.Time) error { return nil }
