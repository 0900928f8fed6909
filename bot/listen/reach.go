package listen

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
)

// Carrier carries calls: through what is given, or directly.
func Carrier(given http.RoundTripper) http.RoundTripper {
	if given != nil {
		return given
	}
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.Proxy = nil // the environment is read in cmd alone
	own.MaxResponseHeaderBytes, own.MaxIdleConnsPerHost = 64<<10, 16
	return own
}

// Traced gives a context for one call, and what tells of that call, once it failed, whether it certainly was not sent.
func Traced(ctx context.Context) (context.Context, func() (unsent bool)) {
	var looked, got atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { looked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	// Before there is a connection nothing is written; with one, nobody knows.
	return ctx, func() bool { return looked.Load() && !got.Load() }
}

// Unanswered says why a call to a platform got no answer, in words that hold no address; end is set where a context's end
// is why.
func Unanswered(ctx context.Context, platform string, err error, unsent bool) (what string, end error) {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return platform + " did not answer in time", context.DeadlineExceeded
	case ctx.Err() != nil:
		return "the call was broken off here", context.Canceled
	case unsent:
		return platform + " cannot be reached: " + whyUnreachable(err), nil
	}
	return "the connection to " + platform + " broke off", nil
}

// whyUnreachable says why there was no connection, without the address that the error may hold.
func whyUnreachable(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns):
		return "its name is not found (DNS)"
	case errors.As(err, &certificate):
		return "its certificate is not trusted (TLS)"
	case errors.As(err, &record):
		return "what answers there does not speak TLS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection is refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no way to it in the network"
	}
	return "no connection came about"
}
