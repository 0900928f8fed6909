package bolt

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var (
	images = flag.Int("images", 500, "crash images to try")
	flips  = flag.Int("flips", 1000, "bits to flip")
	seed   = flag.Uint64("seed", 1, "seed of images, flips and the sample of faults")
)

// trialDeadline is when a child that says nothing more is taken for one that never will.
const trialDeadline = 10 * time.Second

// trials runs a child for trials 0 to n and gives the verdict of each. What a damaged tree may do to whoever reads it,
// ending the process or never ending, is a verdict too: "died", "hung"; another child then goes on behind it.
func trials(t *testing.T, name string, n int, dir string) (verdicts []string) {
	t.Helper()
	for len(verdicts) < n {
		cmd := childCommand(t, nil, name, dir, *seed, len(verdicts), n)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var dying bytes.Buffer
		cmd.Stderr = &dying
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var hung atomic.Bool
		watch := time.AfterFunc(trialDeadline, func() { hung.Store(true); _ = cmd.Process.Kill() })
		before := len(verdicts)
		for in := bufio.NewScanner(out); in.Scan(); watch.Reset(trialDeadline) {
			number, verdict, _ := strings.Cut(in.Text(), " ")
			if number != strconv.Itoa(len(verdicts)) {
				t.Fatalf("the child said %q after %d verdicts", in.Text(), len(verdicts))
			}
			verdicts = append(verdicts, verdict)
		}
		watch.Stop()
		err = cmd.Wait()
		switch {
		case hung.Load():
			verdicts = append(verdicts, "hung")
		case err != nil && len(verdicts) < n:
			verdicts = append(verdicts, "died")
			t.Logf("trial %d: the child died: %.300s", len(verdicts)-1, dying.String())
		case err != nil || len(verdicts) == before:
			t.Fatalf("the child ended after %d verdicts: %v", len(verdicts), err)
		}
	}
	return verdicts
}

// eachTrial is the child's side: try says the verdict of one trial, which is drawn from its own seed.
func eachTrial(args []string, try func(i int, r *rand.Rand) (string, error)) error {
	if err := limitMemory(); err != nil {
		return err
	}
	debug.SetMaxStack(64 << 20)
	var seed uint64
	var from, to int
	if _, err := fmt.Sscan(strings.Join(args[1:], " "), &seed, &from, &to); err != nil {
		return err
	}
	for i := from; i < to; i++ {
		verdict, err := try(i, rand.New(rand.NewPCG(seed, uint64(i))))
		if err != nil {
			return fmt.Errorf("trial %d: %w", i, err)
		}
		fmt.Println(i, verdict)
	}
	return nil
}

// tally counts verdicts.
func tally(verdicts []string) map[string]int {
	counts := map[string]int{}
	for _, v := range verdicts {
		counts[v]++
	}
	return counts
}

// readFile and writeFile fail the test rather than answer.
func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, fileMode); err != nil {
		t.Fatal(err)
	}
}

// overwrite changes some bytes of a file.
func overwrite(path string, b []byte, at int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(b, at)
	return errors.Join(err, f.Close())
}
