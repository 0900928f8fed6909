package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

const (
	anInstance = "0123456789abcdef0123456789abcdef"
	aHash      = "Ez8V0rPxUCmdn2hzb/3lg3AnV4kOH0SMnKwIH8YcrEw="
)

func someTip(t interface{ Fatal(...any) }) ledger.Tip {
	h, err := tlog.ParseHash(aHash)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Tip{Instance: anInstance, Size: 9876, Hash: h}
}

func TestTipText(t *testing.T) {
	tip := someTip(t)
	if want := "readyroom/" + anInstance + "\n9876\n" + aHash + "\n"; tip.Text() != want {
		t.Errorf("its text is %q", tip.Text())
	}
	if want := "readyroom/" + anInstance + " 9876 " + aHash; tip.String() != want {
		t.Errorf("in a line, it is %q", tip)
	}
	b, err := json.Marshal(tip)
	if want := `{"instance":"` + anInstance + `","size":9876,"hash":"` + aHash + `"}`; err != nil || string(b) != want {
		t.Errorf("in JSON, it is %s, %v", b, err)
	}
	if tip.IsZero() || !(ledger.Tip{}).IsZero() {
		t.Error("one that names a ledger is zero, or none is not")
	}
}

// A tip is found as people keep it: copied from a file, quoted in a chat, written into a tag's message.
func TestParseTip(t *testing.T) {
	tip := someTip(t)
	line, lines := tip.String(), tip.Text()
	quoted := "> " + strings.Join(strings.Split(strings.TrimSpace(lines), "\n"), "\n> ")
	for name, text := range map[string]string{
		"its text":            lines,
		"its text on Windows": strings.ReplaceAll(lines, "\n", "\r\n"),
		"a line":              line,
		"a line break in it":  strings.Replace(line, " 9876", "\n   9876", 1),
		"hard spaces":         strings.ReplaceAll(line, " ", "\u00a0"),
		"code":                "The tip at noon: `" + line + "`.",
		"a block of code":     "```\n" + lines + "```\n",
		"a quoted line":       "> " + line,
		"quoted lines":        "ana wrote:\n" + quoted + "\nand that is that",
		"quoted twice":        strings.ReplaceAll(quoted, "> ", ">>"),
		"a bullet":            "• " + line + "\n• another thing",
		"a list":              "- " + line,
		"bold":                "*" + line + "*",
		"a sentence":          "It was (" + line + "), said the bot. The year was 2024.",
		"words before it":     "readyroom kept 12 tips, readyroom/ is its name, and one is " + line,
	} {
		if got, err := ledger.ParseTip(text); err != nil || got != tip {
			t.Errorf("%s: %v, %v, in\n%s", name, got, err, text)
		}
	}
	for name, text := range map[string]string{
		"nothing":                 "",
		"other words":             "the release is out",
		"two":                     lines + lines,
		"two beside each other":   line + " " + line,
		"no size":                 strings.Replace(line, " 9876", "", 1),
		"a size with a comma":     strings.Replace(line, "9876", "9,876", 1),
		"a size with a zero":      strings.Replace(line, "9876", "09876", 1),
		"a size with a sign":      strings.Replace(line, "9876", "+9876", 1),
		"a size beyond all":       strings.Replace(line, "9876", "18446744073709551615", 1),
		"a size that tlog hangs":  strings.Replace(line, "9876", "4611686018427387905", 1),
		"a hash without its end":  line[:len(line)-1],
		"a hash with more":        line + "=",
		"a hash of another end":   strings.Replace(line, "Ew=", "Ex=", 1), // the same bytes to a lenient reader
		"a hash cut in two":       strings.Replace(line, "Ez8V", "Ez8V ", 1),
		"a hash in other letters": strings.ToUpper(line),
		"a ledger of no name":     strings.Replace(line, anInstance, "", 1),
		"a ledger of another":     strings.Replace(line, anInstance, "ana/"+anInstance, 1),
		"a name of other letters": strings.Replace(line, "abcdef", "ABCDEF", 1),
		"another program's":       "not" + line,
	} {
		if got, err := ledger.ParseTip(text); !errors.Is(err, ledger.ErrNotTip) || got != (ledger.Tip{}) {
			t.Errorf("%s: %v, %v, in\n%s", name, got, err, text)
		}
	}
}

// Every tip is found in its text and in its line; with one letter changed it is another tip or none, not the same.
func TestParseTipAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tip := ledger.Tip{
			Instance: rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "instance"),
			Size:     workflows.Seq(rapid.Uint64Range(0, 1<<62).Draw(t, "size")),
			Hash:     tlog.Hash(rapid.SliceOfN(rapid.Byte(), tlog.HashSize, tlog.HashSize).Draw(t, "hash")),
		}
		for _, text := range []string{tip.Text(), tip.String()} {
			if got, err := ledger.ParseTip(text); err != nil || got != tip {
				t.Fatalf("%q was read as %v, %v", text, got, err)
			}
			i := rapid.IntRange(len("readyroom/"), len(text)-1).Draw(t, "where")
			c := rapid.SampledFrom([]byte("0123456789abcdefABCXYZxyz+/=-_")).Draw(t, "letter")
			if c == text[i] || strings.ContainsRune(" \n", rune(text[i])) {
				continue
			}
			if got, _ := ledger.ParseTip(text[:i] + string(c) + text[i+1:]); got == tip {
				t.Fatalf("%q with %q at %d is the same tip", text, c, i)
			}
		}
	})
}

// What is found in any text stands there, word for word.
func FuzzParseTip(f *testing.F) {
	line := someTip(f).String()
	f.Add(line)
	f.Add("> " + strings.ReplaceAll(line, " ", "\n> "))
	f.Add(line + line)
	f.Add("`" + strings.Replace(line, "9876", "4611686018427387904", 1) + "`")
	f.Fuzz(func(t *testing.T, text string) {
		tip, err := ledger.ParseTip(text)
		if (err == nil) == tip.IsZero() {
			t.Fatalf("%v, %v", tip, err)
		}
		if err != nil {
			return
		}
		rest := text
		for word := range strings.FieldsSeq(tip.String()) {
			_, after, ok := strings.Cut(rest, word)
			if !ok {
				t.Fatalf("%q holds no %v", text, tip)
			}
			rest = after
		}
		if again, err := ledger.ParseTip(fmt.Sprintf("before %s after", tip)); err != nil || again != tip {
			t.Fatalf("%v is read as %v, %v", tip, again, err)
		}
	})
}
