package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage/datadir"
)

const (
	socketFile = "readyroom.sock"
	// maxSocket is how long a socket's path may be on every system, in bytes.
	maxSocket = 100
	// maxAsked bounds what a subcommand may ask, in bytes.
	maxAsked = 1 << 20
	// maxWords bounds how an answer says that it ended, in bytes; quoted twice it may be seven times that.
	maxWords = 64 << 10
	// endingTrailer is where the answer says how it ended; without it the answer was cut off.
	endingTrailer = "Readyroom-Ending"
)

// maxSilence is how long a bot may take to let it be known that it is there.
var maxSilence = 10 * time.Second

// socketPath is where a bot over a data directory answers: in it, or, where that is too long a path, in a new folder of
// its own, which clean removes.
func socketPath(dir string) (path string, clean func(), err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", nil, fmt.Errorf("data directory: %w", err)
	}
	if path = filepath.Join(dir, socketFile); len(path) <= maxSocket {
		return path, func() {}, nil
	}
	short, err := os.MkdirTemp("", "readyroom-")
	if err != nil {
		return "", nil, fmt.Errorf("a folder for the socket: %w; → --data with a shorter path", err)
	}
	if path = filepath.Join(short, "s"); len(path) > maxSocket {
		return "", nil, errors.Join(fmt.Errorf("%s is too long a path for a socket; → --data with a shorter path", dir), os.Remove(short))
	}
	return path, func() { _ = os.RemoveAll(short) }, nil // it is empty, in a folder for what may be lost
}

// listenLocal answers at a path. What a bot that died left there is removed: whoever holds the data knows that nobody
// else answers.
func listenLocal(ctx context.Context, path string, log *slog.Logger) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == os.ModeSocket {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("replace the old socket: %w", err)
		}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("answer other commands at %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("keep others from %s: %w", path, err), l.Close())
	}
	return ownUser{l, log}, nil
}

// ownUser lets in who runs as the same user as the bot, or as root.
type ownUser struct {
	net.Listener
	log *slog.Logger
}

// Accept waits for the next of them.
func (l ownUser) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if err = samePeer(c); err == nil {
			return c, nil
		}
		l.log.Warn("somebody was turned away from the socket", "error", err)
		_ = c.Close() // a stranger's
	}
}

// operator answers the socket.
func (r *running) operator() *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{operation}", func(w http.ResponseWriter, q *http.Request) {
		if !r.asked.TryRLock() {
			http.Error(w, "it is ending", http.StatusServiceUnavailable)
			return
		}
		defer r.asked.RUnlock()
		o, ok := operations[q.PathValue("operation")]
		args, err := io.ReadAll(http.MaxBytesReader(w, q.Body, maxAsked))
		w.Header().Set("Trailer", endingTrailer)
		switch {
		case !ok:
			err = fmt.Errorf("the bot that is running does not know %s: it is of another version; → start it anew", q.PathValue("operation"))
		case err == nil:
			_ = http.NewResponseController(w).Flush() // so that whoever asks knows that somebody is there
			err = o.carryOut(q.Context(), r, args, w)
		}
		e := *endingOf(err)
		if len(e.Words) > maxWords {
			e.Words = strings.ToValidUTF8(e.Words[:maxWords], "") + "…"
		}
		text, _ := json.Marshal(e) // a number and a string
		w.Header().Set(endingTrailer, strconv.QuoteToASCII(string(text)))
	})
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(r.log.Handler(), slog.LevelWarn)}
}

// askRunning has the bot that is running on the data carry out an operation; ok is false when none answers.
func askRunning(ctx context.Context, dir, name string, args []byte, out io.Writer) (ok bool, err error) {
	conn := dialRunning(ctx, dir)
	if conn == nil {
		return false, nil
	}
	// The trailer has to fit into what is read at a time.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, ReadBufferSize: 8 * maxWords, ResponseHeaderTimeout: maxSilence,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://readyroom/"+name, bytes.NewReader(args))
	if err != nil {
		return true, errors.Join(fmt.Errorf("%s: %w", name, err), conn.Close())
	}
	answer, err := client.Do(req)
	if err != nil {
		return true, fmt.Errorf("ask the running bot to %s: %w; nobody can say whether it did → readyroom status, then again; or end that process%s", name, err, who(dir))
	}
	defer answer.Body.Close()
	if _, err := io.Copy(out, answer.Body); err != nil {
		return true, fmt.Errorf("%s: the running bot broke off: %w; → readyroom status, then again", name, err)
	}
	var e ending
	text, err := strconv.Unquote(answer.Trailer.Get(endingTrailer))
	if err == nil {
		err = json.Unmarshal([]byte(text), &e)
	}
	switch {
	case err != nil:
		return true, fmt.Errorf("%s: the running bot broke off before it was done; → readyroom status, then again", name)
	case e.Code == 0:
		return true, nil
	}
	return true, &e
}

// who is the process that holds the data, to follow a word; empty when nobody wrote it down.
func who(dir string) string {
	h, err := datadir.Held(dir)
	if err != nil {
		return ""
	}
	return ", " + h.String()
}

// dialRunning reaches the bot that is running on the data; nil when none answers.
func dialRunning(ctx context.Context, dir string) net.Conn {
	paths := []string{filepath.Join(dir, socketFile)}
	if h, err := datadir.Held(dir); err == nil && h.Socket != "" {
		paths = append(paths, h.Socket)
	}
	for _, path := range paths {
		if c, err := (&net.Dialer{}).DialContext(ctx, "unix", path); err == nil {
			return c
		}
	}
	return nil
}
