package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/workflows"
)

// sitting is the console at a terminal of its own, with somebody who types.
type sitting struct {
	*exec.Cmd
	t      *testing.T
	master *os.File // the keyboard and the screen
	slave  *os.File // the terminal itself
	found  unix.Termios
	drawn  chan struct{} // closed once nothing more comes on the screen

	mu     sync.Mutex
	screen vt
}

// sit starts the program at a terminal.
func sit(t *testing.T, columns int, mode string, env []string, args ...string) *sitting {
	t.Helper()
	s := &sitting{t: t, drawn: make(chan struct{}), screen: vt{width: columns}}
	s.openTerminal(columns)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s.Cmd = exec.CommandContext(t.Context(), self, args...)
	s.Env = append(append(os.Environ(), modeVariable+"="+mode, "GORACE="+raceQuickly, "TERM=xterm", "NO_COLOR=", "VISUAL=", "EDITOR="), env...)
	s.Stdin, s.Stdout, s.Stderr = s.slave, s.slave, s.slave
	s.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill(); _ = s.Wait() })
	go func() {
		defer close(s.drawn)
		b := make([]byte, 4096)
		for {
			n, err := s.master.Read(b)
			s.mu.Lock()
			s.screen.write(string(b[:n]))
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *sitting) openTerminal(columns int) {
	s.t.Helper()
	var err error
	if s.master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		s.t.Skip("no terminals here: ", err)
	}
	s.t.Cleanup(func() { _ = s.master.Close() })
	c, err := s.master.SyscallConn()
	if err != nil {
		s.t.Fatal(err)
	}
	n := 0
	err = c.Control(func(fd uintptr) {
		if err := unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err != nil {
			s.t.Error(err)
		}
		if n, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN); err != nil {
			s.t.Error(err)
		}
		if err := unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}); err != nil {
			s.t.Error(err)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if s.slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.slave.Close() })
	s.found = s.termios()
}

// termios is how the terminal is set.
func (s *sitting) termios() unix.Termios {
	s.t.Helper()
	got, err := unix.IoctlGetTermios(int(s.slave.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return *got
}

func (s *sitting) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.shown()
}

// written is all that was written to the terminal, with what steers it.
func (s *sitting) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.raw.String()
}

// types presses keys once the terminal listens.
func (s *sitting) types(keys string) {
	s.t.Helper()
	until(s.t, "keys are read", func() bool { return s.termios().Lflag&unix.ICANON == 0 })
	if _, err := io.WriteString(s.master, keys); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits until the screen ends in these rows.
func (s *sitting) sees(rows ...string) {
	s.t.Helper()
	want := strings.Join(rows, "\n")
	for end := time.Now().Add(10 * time.Second); !strings.HasSuffix("\n"+s.shown(), "\n"+want); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("the screen shows\n%s\nand not at its end\n%s", s.shown(), want)
		}
	}
}

// answer waits for a row that begins so, and gives it whole.
func (s *sitting) answer(begin string) (whole string) {
	s.t.Helper()
	until(s.t, begin+" is answered", func() bool {
		for row := range strings.SplitSeq(s.shown(), "\n") {
			if strings.HasPrefix(row, begin) {
				whole = row
			}
		}
		return whole != ""
	})
	return whole
}

// ends waits for the end, and sees that the terminal is as it was.
func (s *sitting) ends(code int) {
	s.t.Helper()
	_ = s.Wait()
	left := s.termios()
	_ = s.slave.Close() // the last one: the screen ends where it was written to
	<-s.drawn
	if got := s.ProcessState.ExitCode(); got != code {
		s.t.Errorf("it ended with %d:\n%s", got, s.shown())
	}
	if left != s.found {
		s.t.Errorf("it leaves the terminal as\n%+v, not as\n%+v", left, s.found)
	}
	if all := s.written(); strings.LastIndex(all, "\x1b[?2004h") > strings.LastIndex(all, "\x1b[?2004l") {
		s.t.Errorf("it leaves the terminal marking what is pasted: %q", all)
	}
}

const (
	up    = "\x1b[A"
	ctrlC = "\x03"
	ctrlD = "\x04"
	ctrlU = "\x15"
)

// TestTerminal types as people do: the beginnings of words and Tab, Enter, the arrows; and again in another run.
func TestTerminal(t *testing.T) {
	inWorktree(t)
	s := sit(t, 200, "readyroom", nil, "console")
	s.types("new app@1.0.0\r")
	s.sees("  [Sign…] [Why not?] [Notes] [Briefing] [Hold]", ">")
	s.types("si\t")
	s.sees("> sign")
	s.types("ch\t")
	s.sees("> sign changelog")
	s.types("--a\teng\t-- looked\r")
	s.sees("> sign changelog --as engineering -- looked", s.answer("ok ga.ready/changelog"), ">")
	s.types(up)
	s.sees("> sign changelog --as engineering -- looked")
	s.types(ctrlU + "h\t\t")
	s.sees("  help  What you may do here", "  hold  Stop a release where it is", "> h")
	s.types(ctrlU + "  !press why\t")
	s.sees("  hold  Stop a release where it is", ">   !press Why not?")
	s.types(ctrlU + "@a\t#g\t!h\t\r")
	s.sees("  Tab completes, a second Tab lists what there is; ↑ and ↓ bring back what was typed, but for lines that begin with a blank", ">")
	s.types(ctrlD)
	s.ends(0)

	file := filepath.Join(defaultData, "console.history")
	text, err := os.ReadFile(file)
	if want := "new app@1.0.0\nsign changelog --as engineering -- looked\n@ana #general !help\n"; err != nil || string(text) != want {
		t.Errorf("kept is %q, %v", text, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("whoever reads the history: %v, %v", info.Mode(), err)
	}

	s = sit(t, 200, "readyroom", nil, "console")
	s.types(up + up)
	s.sees("> sign changelog --as engineering -- looked")
	s.types(ctrlU + "!quit\r")
	s.ends(0)
}

// TestTerminalIsGivenBack however it ends.
func TestTerminalIsGivenBack(t *testing.T) {
	inWorktree(t)
	for name, end := range map[string]func(*sitting){
		"Ctrl-C":                   func(s *sitting) { s.types("half a li" + ctrlC) },
		"SIGTERM":                  func(s *sitting) { s.types("half a li"); s.sees("> half a li"); _ = s.Process.Signal(syscall.SIGTERM) },
		"Ctrl-C while time passes": func(s *sitting) { s.types("!wait 3000d\r"); s.interrupt() },
	} {
		t.Run(name, func(t *testing.T) {
			s := sit(t, 80, "readyroom", nil, "console", "--clock", "simulated")
			end(s)
			s.ends(0)
		})
	}
	for _, where := range []string{"complete", "step", "handle"} {
		t.Run("a panic of "+where, func(t *testing.T) {
			s := sit(t, 80, "broken", nil, where)
			s.types(map[string]string{"complete": "x\t", "step": "x", "handle": "x\r"}[where])
			s.ends(2)
			if !strings.Contains(s.written(), "broken "+where) {
				t.Errorf("it says\n%s", s.written())
			}
		})
	}
}

// interrupt types Ctrl-C while a line is carried out.
func (s *sitting) interrupt() {
	s.t.Helper()
	until(s.t, "the line is carried out", func() bool { return s.termios().Lflag&unix.ICANON != 0 })
	if _, err := io.WriteString(s.master, ctrlC); err != nil {
		s.t.Fatal(err)
	}
}

func init() { modes["broken"] = brokenConsole }

// brokenConsole is a console of which one part panics.
func brokenConsole() {
	where := os.Args[1]
	breaks := func(at string) {
		if at == where {
			panic("broken " + at)
		}
	}
	memory, err := console.OpenMemory(filepath.Join(os.TempDir(), fmt.Sprintf("broken-%d.jsonl", os.Getpid())))
	if err != nil {
		panic(err)
	}
	steps := 0
	_, err = console.New(console.Options{
		Handle:   func(context.Context, chat.Request) chat.Reply { breaks("handle"); return chat.Reply{Posted: true} },
		Complete: func(context.Context, chat.Request) []chat.Completion { breaks("complete"); return nil },
		Step: func(context.Context) (time.Time, bool, error) {
			if steps++; steps > 1 { // while a line is awaited
				breaks("step")
			}
			return time.Now().Add(300 * time.Millisecond), true, nil
		},
		Known: func(context.Context, workflows.Handle) bool { return true }, IDs: func() string { return "x" },
		Memory: memory, Clock: console.RealClock(time.Now), TTY: console.NewTTY(os.Stdin, os.Stdout, true),
	}).Run(context.Background())
	panic(err)
}

// TestTerminalColours: they are there, but not where they are not wanted; and a terminal that can do nothing is only
// written to.
func TestTerminalColours(t *testing.T) {
	inWorktree(t)
	plain := map[string]string{}
	for name, env := range map[string][]string{"colours": nil, "none": {"NO_COLOR=1"}, "dumb": {"TERM=dumb"}} {
		s := sit(t, 60, "readyroom", env, "console", "--data", filepath.Join(t.TempDir(), "d"), "--clock", "simulated")
		if name == "dumb" {
			until(t, "a line is awaited", func() bool { return strings.HasSuffix(s.shown(), "\n>") })
			if _, err := io.WriteString(s.master, "new app@1.0.0\n"+ctrlD); err != nil {
				t.Fatal(err)
			}
		} else {
			s.types("new app@1.0.0\r")
			s.sees("  [Sign…] [Why not?] [Notes] [Briefing] [Hold]", ">")
			s.types(ctrlD)
		}
		s.ends(0)
		all := s.written()
		if got := strings.Contains(all, "\x1b[1;31mNO-GO\x1b[0m"); got != (name == "colours") {
			t.Errorf("%s: a red NO-GO: %v in %q", name, got, all)
		}
		if name == "dumb" && strings.Contains(all, "\x1b") || name == "none" && strings.Contains(all, "\x1b[0m") {
			t.Errorf("%s: %q", name, all)
		}
		_, plain[name], _ = strings.Cut(s.shown(), "> new app@1.0.0")
	}
	if plain["colours"] != plain["none"] {
		t.Errorf("in colours it shows\n%s\nand without\n%s", plain["colours"], plain["none"])
	}
	rows := strings.Split(plain["none"], "\n")
	if i := slices.IndexFunc(rows, func(r string) bool { return len([]rune(r)) > 60 }); i >= 0 || len(rows) < 8 {
		t.Errorf("a terminal of 60 columns shows\n%s", plain["none"])
	}
}

// TestTerminalKeepsTheLine that is being typed clear of what is posted meanwhile.
func TestTerminalKeepsTheLine(t *testing.T) {
	inWorktree(t)
	onHold(t, 1500*time.Millisecond)
	s := sit(t, 100, "readyroom", nil, "console")
	s.types("status app@1.")
	s.sees("> status app@1.")
	until(t, "the news is there", func() bool { return strings.Contains(s.shown(), "#general: app 1.0.0 is on hold") })
	s.types("0\t\r" + ctrlD)
	s.ends(0)
	if got := s.shown(); strings.Count(got, "\n> status app@1.0.0\n") != 1 || strings.Contains(got, "> status app@1.\n") || strings.Contains(got, "app@1.#") {
		t.Errorf("the screen shows\n%s", got)
	}
}

// TestTerminalPaste: several lines that are pasted are several lines, and a tab in them is a blank.
func TestTerminalPaste(t *testing.T) {
	inWorktree(t)
	s := sit(t, 100, "readyroom", nil, "console")
	s.types("\x1b[200~new app@1.0.0\rhold -- it is\tslow\rlist\rsta\x1b[201~tus\r" + ctrlD)
	s.ends(0)
	got := s.shown()
	for _, want := range []string{"\napp 1.0.0 is on hold: it is slow [Undo]\n", "\n1 release · open\n", "\n> status\napp 1.0.0 · before GA"} {
		if !strings.Contains(got, want) {
			t.Errorf("the screen lacks %q:\n%s", want, got)
		}
	}
}
