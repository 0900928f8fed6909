package git

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// However what git writes of commits comes in pieces, they are read as if it came at once.
func TestALogInPieces(t *testing.T) {
	word := rapid.StringMatching(`[a-z:#\n<>é ]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		files := rapid.Bool().Draw(t, "files")
		var all strings.Builder
		for i := range rapid.IntRange(0, 6).Draw(t, "commits") {
			id, message := fmt.Sprintf("%040x", i+1), word.Draw(t, "message")
			parents := rapid.SampledFrom([]string{"", id, id + " " + id}).Draw(t, "parents")
			fmt.Fprint(&all, strings.Join([]string{id, id, "1700000000", "a@b", "a@b", word.Draw(t, "name"), message, message, parents, "", ""}, "\x00"))
			for range rapid.IntRange(0, 2).Draw(t, "files") {
				if files {
					fmt.Fprint(&all, "\n:100644 100644 M\x00"+word.Draw(t, "file")+"\x00")
				}
			}
		}
		out := all.String()
		if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
			out += "no commit" + strings.Repeat("\x00", rapid.IntRange(0, 12).Draw(t, "words"))
		}
		commits, written, err := parseLog(out)
		l := logged{files: files}
		for rest := out; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			if _, err := l.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		again := l.read(len(l.rest))
		if (err != nil) != (again != nil) {
			t.Fatalf("at once: %v, in pieces: %v", err, again)
		}
		if err != nil {
			return
		}
		opts := []cmp.Option{cmp.AllowUnexported(raw{}), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(commits, l.commits, opts...) + cmp.Diff(written, l.written, opts...); diff != "" {
			t.Errorf("(-at once +in pieces):\n%s", diff)
		}
	})
}

// What a command says is handed on up to the limit, and no further.
func TestAnswersOverTheLimit(t *testing.T) {
	var got strings.Builder
	b := bounded{to: &got, left: 5}
	for _, piece := range []string{"one", "two", "three"} {
		if n, err := b.Write([]byte(piece)); (err == nil) != (n == len(piece)) {
			t.Errorf("%q: %d, %v", piece, n, err)
		}
	}
	if got.String() != "onetw" || !b.full {
		t.Errorf("%q, full %v", got.String(), b.full)
	}
}
