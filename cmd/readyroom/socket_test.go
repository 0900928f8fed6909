package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// answering is somebody on a data directory's socket who gives one answer, byte for byte.
func answering(t *testing.T, answer string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	l, err := listenLocal(t.Context(), filepath.Join(dir, socketFile), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		asked := make([]byte, 4096)
		_, _ = c.Read(asked)
		_, _ = io.WriteString(c, answer)
	}()
	return dir
}

// TestAnswersThatBreakOff are never taken for whole: an answer is one that says how it ended.
func TestAnswersThatBreakOff(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Readyroom-Ending\r\n\r\n4\r\nhalf\r\n"
	tests := []struct{ answer, want string }{
		{head + "0\r\nReadyroom-Ending: \"{\\\"code\\\":0}\"\r\n\r\n", ""},
		{head + "0\r\nReadyroom-Ending: \"{\\\"code\\\":1,\\\"words\\\":\\\"no \\u2192 yes\\\"}\"\r\n\r\n", "no → yes"},
		{head, "broke off: "},
		{head + "0\r\n\r\n", "broke off before it was done"},
		{head + "0\r\nReadyroom-Ending: junk\r\n\r\n", "broke off before it was done"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalf", "broke off before it was done"},
		{"", "ask the running bot to status: "},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		ok, err := askRunning(t.Context(), answering(t, tt.answer), "status", []byte("{}"), &out)
		switch {
		case !ok:
			t.Errorf("%q: nobody answered", tt.answer)
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%q: %v, want %q", tt.answer, err, tt.want)
		case tt.answer != "" && out.String() != "half":
			t.Errorf("%q: printed %q", tt.answer, out.String())
		}
	}
}

// TestNobodyAnswers where there is no socket, or one that somebody left who died.
func TestNobodyAnswers(t *testing.T) {
	dir := t.TempDir()
	if ok, err := askRunning(t.Context(), dir, "status", nil, io.Discard); ok {
		t.Errorf("without a socket: %v", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, socketFile), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	_ = l.Close()
	if ok, err := askRunning(t.Context(), dir, "status", nil, io.Discard); ok {
		t.Errorf("on a stale socket: %v", err)
	}
	again, err := listenLocal(t.Context(), filepath.Join(dir, socketFile), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("a stale socket is not replaced: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, socketFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is %v, %v", info.Mode(), err)
	}
	_ = again.Close()
}

// TestSocketIsNoOtherFile: what is no socket is not removed.
func TestSocketIsNoOtherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), socketFile)
	writeFile(t, path, "mine")
	if l, err := listenLocal(t.Context(), path, slog.New(slog.DiscardHandler)); err == nil {
		_ = l.Close()
		t.Error("a file was taken for a socket")
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "mine" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

// TestLongPath: a data directory whose path is too long for a socket has its socket elsewhere, where nobody else can go,
// and is found all the same.
func TestLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	path, clean, err := socketPath(dir)
	if err != nil || len(path) > maxSocket {
		t.Fatal(path, err)
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the socket is %v, %v", info, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := begin(ctx, wiring{command: serveName, dir: dir, create: true, acts: true, socket: path, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	d := serving(t, r)
	if out := d.must("status", "--data", dir); !strings.Contains(out, "running as pid") {
		t.Errorf("the status is %s", out)
	}
	if err := d.stop(); err != nil {
		t.Error(err)
	}
	clean()
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder of the socket is left")
	}
}
