package bolt

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/readyroom/readyroom/storage"
)

var faultsAll = flag.Bool("faults.all", false, "inject every fault into every system call of a commit, not a sample")

const (
	faultsSample = 30
	tested       = 3 // the ask whose commit meets the fault
	faultMark    = "/readyroom-commit-under-test"
)

func init() { children["faults"] = childFaults }

// childFaults does a few commits, and a look after the one that is marked; it says what it was told of each.
func childFaults(args []string) error {
	runtime.LockOSThread() // strace counts the calls of each thread by itself
	ctx := ctxOfChild()
	weight, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	reserve, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	s, _, err := openStore(ctx, args[0], Options{reserve: int64(reserve)})
	if err != nil {
		return err
	}
	ask := func(i, weight int) { fmt.Println("ask", i, word(s.Update(ctx, act(i, weight)))) }
	for i := range tested {
		ask(i, 10)
	}
	_ = syscall.Access(faultMark, 0)
	ask(tested, weight)
	_ = syscall.Access(faultMark, 0)
	var stands string
	err = s.View(ctx, func(tx *storage.Tx) (err error) { stands, err = standing(tx, tested); return err })
	fmt.Println("view", word(err), stands)
	ask(tested+1, 10)
	return s.Close()
}

// scenario is a commit to break.
type scenario struct {
	name            string
	weight, reserve int
}

var scenarios = []scenario{
	{"within the file", 10, 0},
	{"growing the file", 1_500_000, 0},
	{"growing the map", 1_500_000, 1},
}

// fault is one thing that goes wrong, in one call of a commit.
type fault struct {
	scenario
	call  string
	which int // counted from the start of the process
	how   string
}

func (f fault) String() string { return fmt.Sprintf("%s, %s %d: %s", f.name, f.call, f.which, f.how) }

// straced runs the child and gives what it said and the calls it made on the file, in strace's words.
func straced(t *testing.T, dir string, sc scenario, options ...string) (path string, said []string, log string) {
	t.Helper()
	dir, err := os.MkdirTemp(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	path, logPath := filepath.Join(dir, "a.db"), filepath.Join(dir, "log")
	s, _, err := openStore(t.Context(), path, Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	under := append([]string{"strace", "-f", "-o", logPath, "-P", path, "-P", faultMark}, options...)
	cmd := childCommand(t, under, "faults", path, sc.weight, sc.reserve)
	cmd.Env = append(cmd.Env, "GODEBUG=asyncpreemptoff=1") // each signal would be a stop
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.Exited()) {
		t.Fatalf("%v: %s%s", err, out, complaint.String())
	}
	return path, lines(out), string(readFile(t, logPath))
}

var callLine = regexp.MustCompile(`(?m)^\d+ +(\w+)\((.*)$`)

// callsOf lists the system calls on the file that the commit under test makes: all that can fail of it.
func callsOf(t *testing.T, sc scenario) (faults []fault) {
	t.Helper()
	_, _, log := straced(t, t.TempDir(), sc, "-e", "trace=all")
	counts, marks, order := map[string]int{}, 0, ""
	for _, m := range callLine.FindAllStringSubmatch(log, -1) {
		counts[m[1]]++
		if strings.Contains(m[2], faultMark) {
			marks++
		} else if marks == 1 {
			order += " " + m[1]
			for _, how := range []string{"error=EIO", "error=ENOSPC", "signal=KILL"} {
				faults = append(faults, fault{sc, m[1], counts[m[1]], how})
			}
		}
	}
	if marks != 2 || !strings.HasSuffix(order, " pwrite64 fdatasync pwrite64 fdatasync") {
		t.Fatalf("a commit writes its pages, then what points to them, and each durably; this one (%d marks) did%s", marks, order)
	}
	return faults
}

// Each system call of a commit fails once, with an error of the disk, for want of space, and by the end of the
// process before it. No answer may be wrong about it, then or after a restart.
func TestFaults(t *testing.T) {
	t.Parallel()
	needStrace(t)
	var faults []fault
	for _, sc := range scenarios {
		faults = append(faults, callsOf(t, sc)...)
	}
	all := len(faults)
	if !*faultsAll {
		r := rand.New(rand.NewPCG(*seed, 0))
		r.Shuffle(all, func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
		faults = faults[:min(all, faultsSample)]
	}
	var seen []string
	for _, f := range faults {
		seen = append(seen, f.how+" "+inject(t, f))
	}
	t.Logf("seed %d: %d faults of %d: %v", *seed, len(faults), all, tally(seen))
	for _, verdict := range []string{"error=EIO unknown", "error=ENOSPC full", "signal=KILL killed"} {
		if !slices.Contains(seen, verdict) {
			t.Errorf("none: %s", verdict)
		}
	}
}

func needStrace(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not installed")
	}
	if out, err := exec.CommandContext(t.Context(), "strace", "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v: %s", err, out)
	}
}

// inject lets one fault happen and says what the child was told of its commit.
func inject(t *testing.T, f fault) (verdict string) {
	t.Helper()
	path, said, log := straced(t, t.TempDir(), f.scenario, "-e", "trace=access,faccessat,faccessat2,"+f.call,
		"-e", fmt.Sprintf("inject=%s:%s:when=%d", f.call, f.how, f.which))
	first, last := strings.Index(log, faultMark), strings.LastIndex(log, faultMark)
	hit := strings.Index(log, "(INJECTED)")
	killed := f.how == "signal=KILL"
	if !killed && (hit < first || hit > last) || killed && (first < 0 || first != last) {
		t.Errorf("%s: it fell elsewhere:\n%s", f, log)
	}
	verdict = judge(t, f, said)
	reopen(t, f, path, verdict)
	return verdict
}

// judge holds what the child was told to what it may be told.
func judge(t *testing.T, f fault, said []string) (verdict string) {
	t.Helper()
	want := []string{"ask 0 ok", "ask 1 ok", "ask 2 ok"}
	verdict = "killed"
	if len(said) > tested {
		verdict = strings.TrimPrefix(said[tested], fmt.Sprint("ask ", tested, " "))
		want = append(want, said[tested])
	}
	switch verdict {
	case "unknown":
		want = append(want, "view unknown ", "ask 4 unknown")
	case "full", "fault":
		want = append(want, "view ok none", "ask 4 ok")
	case "ok":
		want = append(want, "view ok whole", "ask 4 ok")
	case "killed":
		if f.how != "signal=KILL" {
			t.Errorf("%s: the child died", f)
		}
	}
	if f.how == "error=EIO" && verdict != "unknown" { // what the kernel holds and what the disk holds may differ
		t.Errorf("%s: the child was told %s", f, verdict)
	}
	if !slices.Equal(said, want) {
		t.Errorf("%s: the child said %q, want %q", f, said, want)
	}
	return verdict
}

// reopen looks at what is left, and asks again.
func reopen(t *testing.T, f fault, path, verdict string) {
	t.Helper()
	s, e, err := openStore(t.Context(), path, Options{})
	if err != nil {
		t.Errorf("%s: afterwards: %v", f, err)
		return
	}
	defer s.Close()
	stand := func(i int) (how string) {
		if err := s.View(t.Context(), func(tx *storage.Tx) (err error) { how, err = standing(tx, i); return err }); err != nil {
			t.Errorf("%s: afterwards: %v", f, err)
		}
		return how
	}
	lasting := map[string][]string{ // by verdict: how the ask may stand, and the one after it
		"ok": {"whole whole"}, "full": {"none whole"}, "fault": {"none whole"},
		"unknown": {"whole none", "none none"}, "killed": {"whole none", "none none"},
	}
	if got := stand(tested) + " " + stand(tested+1); !slices.Contains(lasting[verdict], got) {
		t.Errorf("%s: it was told %s, and the asks stand %s", f, verdict, got)
	}
	if err := s.Update(t.Context(), act(tested, f.weight)); err != nil {
		t.Errorf("%s: asked again: %v", f, err)
	}
	for i := range tested + 1 {
		if got := stand(i); got != "whole" {
			t.Errorf("%s: in the end ask %d stands %s", f, i, got)
		}
	}
	if err := e.Check(t.Context()); err != nil {
		t.Errorf("%s: in the end: %v", f, err)
	}
}
