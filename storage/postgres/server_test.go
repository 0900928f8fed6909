//go:build unix

package postgres

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// server is the private PostgreSQL of this test run; without its programs dir is empty.
var server struct {
	dir  string // of its socket
	stop func() error
}

// TestMain is also the other process of TestPaused.
func TestMain(m *testing.M) {
	if dsn := os.Getenv(childEnv); dsn != "" {
		os.Exit(child(dsn))
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("12") // each of them makes a schema
	}
	if err := startServer(); err != nil {
		fmt.Fprintln(os.Stderr, "start PostgreSQL:", err)
		os.Exit(1)
	}
	code := m.Run()
	if server.stop != nil {
		if err := server.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
			code = max(code, 1)
		}
	}
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// startServer runs PostgreSQL on a socket in a folder of its own. A shell holds it: when the test run ends, however
// that is, the shell's input ends, and it stops the server and removes the folder.
func startServer() error {
	bin, err := programs()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	as, err := notRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return err
	}
	if as != nil {
		err = os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	run := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
		cmd.Dir, cmd.Stderr, cmd.SysProcAttr = dir, os.Stderr, &syscall.SysProcAttr{Credential: as, Setpgid: true}
		return cmd
	}
	data := filepath.Join(dir, "data")
	init := run(filepath.Join(bin, "initdb"), "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err := errors.Join(err, init.Run()); err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	keep := run("sh", "-c", `"$@" 2>"$0/log" & cat >/dev/null; kill -INT $!; wait $! && rm -r "$0"`, dir,
		filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "log_min_messages=fatal")
	input, err := keep.StdinPipe()
	if err := errors.Join(err, keep.Start()); err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	server.dir = dir
	server.stop = func() error { return errors.Join(input.Close(), keep.Wait()) }
	if err := answers(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return fmt.Errorf("%w: %s", errors.Join(err, server.stop(), os.RemoveAll(dir)), log)
	}
	return nil
}

func answers() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		var conn *pgx.Conn
		if conn, err = pgx.Connect(ctx, address(server.dir)); err == nil {
			return conn.Close(ctx)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// programs gives the folder of initdb and postgres: where PATH has both, or else the newest that Debian installed.
func programs() (string, error) {
	initdb, err1 := exec.LookPath("initdb")
	_, err2 := exec.LookPath(filepath.Join(filepath.Dir(initdb), "postgres"))
	if err1 == nil && err2 == nil {
		return filepath.Abs(filepath.Dir(initdb))
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.Join(err, fs.ErrNotExist)
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4])
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// notRoot is who the server runs as where the tests run as root, which PostgreSQL refuses; else nil.
func notRoot() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

func address(dir string) string { return "host=" + dir + " user=test dbname=postgres sslmode=disable" }

// dsn leads to the server, or skips the test.
func dsn(t *testing.T) string {
	t.Helper()
	if server.dir == "" {
		t.Skip("initdb and postgres are neither on PATH nor in /usr/lib/postgresql: install PostgreSQL (Debian: apt-get install postgresql)")
	}
	return address(server.dir)
}

var schemas atomic.Int64

// fresh names a schema that no other test uses.
func fresh() string { return fmt.Sprintf("Test %d", schemas.Add(1)) }
