package bolt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// full makes a store with records of every kind.
func full(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.db")
	s, err := steadyStore(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := everything(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every bit that rots in a page of the tree is either found or changes nothing that anybody reads.
func TestBitFlips(t *testing.T) {
	t.Parallel()
	path, n := full(t), *flips/trialShare
	counts := tally(trials(t, "flip", n, path))
	found := n - counts["harmless"]
	for verdict, k := range counts {
		switch verdict {
		case "open", "reading", "tree", "frame", "rows", "pages", "died", "hung", "harmless":
		default:
			t.Errorf("%d: %s", k, verdict)
		}
	}
	for _, verdict := range []string{"reading", "pages", "harmless"} {
		if counts[verdict] == 0 {
			t.Errorf("none: %s", verdict)
		}
	}
	t.Logf("seed %d: %d bits flipped, %d found, %d harmless: %v", *seed, n, found, counts["harmless"], counts)
}

// pageSize is bbolt's, which is the machine's.
func pageSize() int { return os.Getpagesize() }

// flipTrials flips one bit at a time of a copy of the file at args[0].
func flipTrials(args []string) error {
	whole, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	path := args[0] + ".flipped" // its own copy: the child before this one may have died of what it did to its own
	if err := os.WriteFile(path, whole, fileMode); err != nil {
		return err
	}
	base, raw, found := look(ctxOfChild(), path)
	if found != "" {
		return fmt.Errorf("before any flip it is found damaged by %s", found)
	}
	used, _ := wantedOf(path)
	span := int(used) - 2*pageSize()
	return eachTrial(args, func(_ int, r *rand.Rand) (string, error) {
		at := 2*pageSize() + r.IntN(span)
		switch page := at / pageSize() * pageSize(); r.IntN(8) {
		case 0: // among the 16 bytes that say what kind of page it is
			at = page + r.IntN(16)
		case 1: // how many entries it has: with fewer, good rows vanish
			at = page + 10 + r.IntN(2)
		}
		if err := overwrite(path, []byte{whole[at] ^ 1<<r.IntN(8)}, int64(at)); err != nil {
			return "", err
		}
		defer func() { _ = overwrite(path, whole[at:at+1], int64(at)) }()
		b, now, found := look(ctxOfChild(), path)
		switch {
		case !within(now, raw):
			return fmt.Sprintf("byte %d changed a row, and its own checksum fits", at), nil
		case found != "":
			return found, nil
		case b.String() != base.String() || len(now) != len(raw):
			return fmt.Sprintf("byte %d changed what is read, and nothing was found", at), nil
		}
		return "harmless", nil
	})
}

// within says whether all rows are as they were; some may be gone.
func within(now, was map[string]string) bool {
	for k, v := range now {
		if old, ok := was[k]; !ok || old != v {
			return false
		}
	}
	return true
}
