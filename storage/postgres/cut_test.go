//go:build unix

package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/readyroom/readyroom/storage"
)

// proxy stands between an engine and the server, and cuts a connection where a test wants it.
type proxy struct {
	dir    string // of its socket
	listen net.Listener
	wg     sync.WaitGroup

	mu    sync.Mutex
	cut   func(*line, []byte) // takes the next thing that the engine sends
	lines []*line
}

// line is one connection through the proxy.
type line struct {
	engine, server net.Conn
	mu             sync.Mutex
	mute           chan struct{} // once set, answers are dropped, and the first closes it
}

func newProxy(t *testing.T) *proxy {
	t.Helper()
	dsn(t)
	dir, err := os.MkdirTemp("", "px")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{dir: dir}
	const socket = ".s.PGSQL.5432"
	if p.listen, err = new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, socket)); err != nil {
		t.Fatal(err)
	}
	p.wg.Go(func() {
		for {
			engine, err := p.listen.Accept()
			if err != nil {
				return
			}
			server, err := new(net.Dialer).DialContext(context.Background(), "unix", filepath.Join(server.dir, socket))
			if err != nil {
				engine.Close()
				continue
			}
			l := &line{engine: engine, server: server}
			p.mu.Lock()
			p.lines = append(p.lines, l)
			p.mu.Unlock()
			p.wg.Go(func() { p.forth(l) })
			p.wg.Go(l.back)
		}
	})
	t.Cleanup(func() { p.close(); p.wg.Wait(); _ = os.RemoveAll(dir) })
	return p
}

func (p *proxy) close() {
	p.listen.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.lines {
		l.engine.Close()
		l.server.Close()
	}
}

// forth passes on what the engine sends, unless it is to be cut. Requests to cancel a statement get lost.
func (p *proxy) forth(l *line) {
	buf := make([]byte, 1<<16)
	for {
		n, err := l.engine.Read(buf)
		if cut := p.take(n); cut != nil {
			cut(l, buf[:n])
			return
		}
		if err != nil || isCancel(buf[:n]) {
			l.server.Close()
			return
		}
		if _, err := l.server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// take gives the cut that n bytes are to meet, once.
func (p *proxy) take(n int) (cut func(*line, []byte)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n > 0 {
		cut, p.cut = p.cut, nil
	}
	return cut
}

func isCancel(request []byte) bool {
	return len(request) >= 8 && binary.BigEndian.Uint32(request[4:]) == 80877102
}

func (l *line) back() {
	defer l.engine.Close()
	buf := make([]byte, 1<<16)
	for {
		n, err := l.server.Read(buf)
		l.mu.Lock()
		muted := l.mute
		l.mu.Unlock()
		if muted != nil {
			close(muted)
			_, _ = io.Copy(io.Discard, l.server)
			return
		}
		if _, werr := l.engine.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

// answered passes a request on, keeps the answer to itself, and returns once there is one.
func (l *line) answered(request []byte) {
	mute := make(chan struct{})
	l.mu.Lock()
	l.mute = mute
	l.mu.Unlock()
	_, _ = l.server.Write(request)
	<-mute
}

// scene is an engine behind a proxy, with two ways around it.
type scene struct {
	*proxy
	*Engine
	look       *Engine // the same store
	lock, rows *pgx.Conn
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{proxy: newProxy(t), lock: connected(t), rows: connected(t)}
	s.Engine = opened(t, address(s.dir), Options{Wait: 500 * time.Millisecond})
	look := *s.Engine
	if err := look.connect(t.Context(), dsn(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(look.shut)
	s.look = &look
	put(t, s.Engine, "a") // from here on a commit is one thing to send
	return s
}

// commit writes a key, and cuts the connection at the commit.
func (s *scene) commit(t *testing.T, cut func(l *line, request []byte)) error {
	done := make(chan struct{})
	err := s.Update(t.Context(), func(w storage.Writer) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.cut = func(l *line, request []byte) { defer close(done); cut(l, request) }
		return w.Put([]byte("b"), nil)
	})
	<-done
	return err
}

func (s *scene) exec(t *testing.T, sql string) {
	if _, err := s.lock.Exec(context.Background(), s.sql(sql)); err != nil {
		t.Error(err)
	}
}

// blocked returns once n statements wait for locks.
func (s *scene) blocked(t *testing.T, n int) {
	for range 500 {
		var waiting int
		err := s.rows.QueryRow(t.Context(), "select count(*) from pg_stat_activity where wait_event_type = 'Lock'").Scan(&waiting)
		if err != nil || waiting >= n {
			if err != nil {
				t.Error(err)
			}
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("never did %d statements wait", n)
}

func connected(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func isUnknown(err error) bool { return errors.As(err, new(*storage.Unknown)) }

func TestCutBefore(t *testing.T) {
	s := newScene(t)
	err := s.commit(t, func(l *line, _ []byte) { l.engine.Close(); l.server.Close() })
	if err == nil || isUnknown(err) {
		t.Errorf("answer: %v", err)
	}
	hold(t, s.look, "a")
	put(t, s.Engine, "c")
}

func TestCutAfter(t *testing.T) {
	s := newScene(t)
	err := s.commit(t, func(l *line, request []byte) { l.answered(request); l.engine.Close() })
	if err != nil {
		t.Errorf("answer: %v", err)
	}
	hold(t, s.look, "a", "b")
	put(t, s.Engine, "c")
}

// What was answered by "no" stays undone, even if the commit was only late.
func TestCutAndLate(t *testing.T) {
	s := newScene(t)
	var late func()
	err := s.commit(t, func(l *line, request []byte) {
		late = func() { l.answered(request) }
		l.engine.Close()
	})
	if err == nil || isUnknown(err) {
		t.Errorf("answer: %v", err)
	}
	late()
	hold(t, s.look, "a")
}

// A commit that still waits for a lock is waited for.
func TestCutWhileLocked(t *testing.T) {
	s := newScene(t)
	err := s.commit(t, func(l *line, request []byte) {
		s.exec(t, "begin")
		s.exec(t, "select * from @lease for update")
		_, _ = l.server.Write(request)
		s.blocked(t, 1)
		l.engine.Close()
		s.blocked(t, 2)
		s.exec(t, "rollback")
	})
	if err != nil {
		t.Errorf("answer: %v", err)
	}
	hold(t, s.look, "a", "b")
}

// When nobody can be asked, the outcome is unknown, whichever it was.
func TestCutForGood(t *testing.T) {
	for _, want := range [][]string{{"a"}, {"a", "b"}} {
		s := newScene(t)
		err := s.commit(t, func(l *line, request []byte) {
			if len(want) > 1 {
				l.answered(request)
			}
			s.close()
		})
		if !isUnknown(err) {
			t.Errorf("answer: %v", err)
		}
		hold(t, s.look, want...)
	}
}

// One that lost its lease cannot say how its last commit ended.
func TestCutAndTakenOver(t *testing.T) {
	s := newScene(t)
	err := s.commit(t, func(l *line, request []byte) {
		l.answered(request)
		s.exec(t, `update @lease set epoch = epoch + 1, holder = 'next'`)
		l.engine.Close()
	})
	if !isUnknown(err) || !errors.Is(err, ErrLost) {
		t.Errorf("answer: %v", err)
	}
	hold(t, s.look, "a", "b")
}
