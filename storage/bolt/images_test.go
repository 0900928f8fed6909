package bolt

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

const sector = 512

// weights are of the messages that commits carry: within a page, several pages, more than the file has room for.
var weights = []int{10, 3000, 60_000, 10, 3000, 1_500_000}

// A power cut leaves the state before the commit under way, or the one after it. A disk that said it had written what
// it had not leaves what is found, or what a tip kept elsewhere tells.
func TestCrashImages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	s, err := steadyStore(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := everything(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for i, weight := range weights {
		writeFile(t, filepath.Join(dir, fmt.Sprint(i)), readFile(t, path))
		if err := s.Update(t.Context(), act(asks+i, weight)); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, filepath.Join(dir, fmt.Sprint(len(weights))), readFile(t, path))
	n := *images / trialShare
	verdicts := trials(t, "image", n, dir)
	for i, v := range verdicts {
		if v == "died" || v == "hung" {
			verdicts[i] = classes[i%len(classes)].name + " " + v
		}
	}
	counts := tally(verdicts)
	for verdict, k := range counts {
		switch verdict {
		case "data old", "torn old", "torn new", "grown old":
		case "lying, found by open", "lying, found by reading", "lying, found by tree", "lying, found by frame",
			"lying, found by rows", "lying, found by pages", "lying died", "lying hung", "lying new", "lying behind":
		default:
			t.Errorf("%d: %s", k, verdict)
		}
	}
	for _, verdict := range []string{"data old", "torn old", "torn new", "grown old", "lying, found by reading"} {
		if counts[verdict] == 0 {
			t.Errorf("none: %s", verdict)
		}
	}
	t.Logf("seed %d: %d images: %v", *seed, n, counts)
}

// imageTrials makes files that a crash may leave, out of the file before and after a commit.
func imageTrials(args []string) error {
	dir := args[0]
	var files [][]byte
	var books []*book
	for i := range len(weights) + 1 {
		path := filepath.Join(dir, fmt.Sprint(i))
		b, _, found := look(ctxOfChild(), path)
		if found != "" {
			return fmt.Errorf("state %d is found damaged by %s", i, found)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files, books = append(files, file), append(books, b)
	}
	return eachTrial(args, func(i int, r *rand.Rand) (string, error) {
		// Each has a file of its own: bbolt's check of one before, given up, may still be looking at that.
		path := filepath.Join(dir, fmt.Sprint("image", i))
		defer func() { _ = os.Remove(path) }()
		n := r.IntN(len(weights))
		class := classes[i%len(classes)]
		if err := os.WriteFile(path, class.make(r, files[n], files[n+1]), fileMode); err != nil {
			return "", err
		}
		b, _, found := look(ctxOfChild(), path)
		switch {
		case found != "" && class.name == "lying":
			return "lying, found by " + found, nil
		case found != "":
			return fmt.Sprintf("%s: commit %d was found damaged by %s", class.name, n, found), nil
		case b.String() == books[n+1].String():
			return class.name + " new", nil
		case b.last < books[n+1].last && class.name == "lying":
			return "lying behind", nil
		case b.String() == books[n].String():
			return class.name + " old", nil
		}
		return fmt.Sprintf("%s: commit %d left a state that never was", class.name, n), nil
	})
}

// classes are the ways to crash.
var classes = []struct {
	name string
	make func(r *rand.Rand, before, after []byte) []byte
}{
	{"data", func(r *rand.Rand, before, after []byte) []byte { return some(r, before, after, len(before)) }},
	{"torn", torn},
	{"grown", func(r *rand.Rand, before, after []byte) []byte { return some(r, before, after, len(after)) }},
	{"lying", lying},
}

// some has the old meta pages, and those of the new data that made it to the disk.
func some(r *rand.Rand, before, after []byte, size int) []byte {
	image := append(bytes.Clone(before), make([]byte, size-len(before))...)
	share := r.Float64()
	for at := 2 * pageSize(); at < size; at += sector {
		if r.Float64() < share {
			copy(image[at:at+sector], after[at:])
		}
	}
	return image
}

// torn has all new data, and the new meta page up to some byte.
func torn(r *rand.Rand, before, after []byte) []byte {
	image := bytes.Clone(after)
	for page := range 2 {
		at := page*pageSize() + r.IntN(120)
		copy(image[at:(page+1)*pageSize()], before[at:])
	}
	return image
}

// lying has the new meta page, and not all of the new data: sectors are lost, or pages, each a write of its own.
func lying(r *rand.Rand, before, after []byte) []byte {
	image := bytes.Clone(after)
	old := append(bytes.Clone(before), make([]byte, len(after)-len(before))...)
	unit := sector
	if r.IntN(2) == 0 {
		unit = pageSize()
	}
	var changed []int
	for at := 2 * pageSize(); at < len(after); at += unit {
		if !bytes.Equal(old[at:at+unit], after[at:at+unit]) {
			changed = append(changed, at)
		}
	}
	r.Shuffle(len(changed), func(i, j int) { changed[i], changed[j] = changed[j], changed[i] })
	lost := len(changed)
	if r.IntN(4) > 0 { // with many, the first page that anybody reads is bad
		lost = min(lost, 2)
	}
	for _, at := range changed[:1+r.IntN(lost)] {
		copy(image[at:at+unit], old[at:])
	}
	return image
}
