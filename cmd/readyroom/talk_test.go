package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// typist is somebody at the console: they type the next line when it is waited for, and so know what was printed in
// answer to each. A typed KEY is the key of the question or of the undo that was shown last.
type typist struct {
	lines   []string
	answers []string // what was printed before each line was typed (the first is the banner), and after the last
	before  func(line int)
	screen  bytes.Buffer
	key     string
	rest    []byte
}

var keyPattern = regexp.MustCompile(`\bk[a-z2-7]{7}\b`)

// Write is the console's screen.
func (t *typist) Write(p []byte) (int, error) { return t.screen.Write(p) }

// Read is the console's keyboard.
func (t *typist) Read(p []byte) (int, error) {
	if len(t.rest) == 0 {
		t.note()
		n := len(t.answers) - 1
		if n >= len(t.lines) {
			return 0, io.EOF
		}
		if t.before != nil {
			t.before(n)
		}
		t.rest = []byte(strings.ReplaceAll(t.lines[n], "KEY", t.key) + "\n")
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// note keeps what was printed since the last time.
func (t *typist) note() {
	said := t.screen.String()
	t.screen.Reset()
	if keys := keyPattern.FindAllString(said, -1); keys != nil {
		t.key = keys[len(keys)-1]
	}
	t.answers = append(t.answers, said)
}

// exchange is a typed line with what should be printed.
type exchange struct {
	typed string // as it stands in the file
	line  string // what is typed
	want  []string
}

// parseTalk reads a conversation. Behind > stands a line as it is typed, behind >> one in Go's quotes; below it what is
// printed. A line "..." stands for any lines. What stands before the first typed line is the banner, which may be left out.
func parseTalk(text string, names *strings.Replacer) ([]exchange, error) {
	all := []exchange{{}}
	for l := range strings.Lines(text) {
		l = strings.TrimSuffix(l, "\n")
		e := exchange{typed: l}
		switch {
		case strings.HasPrefix(l, "> "):
			e.line = names.Replace(l[2:])
		case strings.HasPrefix(l, ">> "):
			line, err := strconv.Unquote(l[3:])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", l, err)
			}
			e.line = line
		default:
			all[len(all)-1].want = append(all[len(all)-1].want, l)
			continue
		}
		all = append(all, e)
	}
	if len(all[0].want) == 0 {
		all[0].want = []string{anything}
	}
	return all, nil
}

const anything = "..."

// fits reports whether lines are what was wanted.
func fits(want, got []string) bool {
	switch {
	case len(want) == 0:
		return len(got) == 0
	case want[0] == anything:
		return fits(want[1:], got) || len(got) > 0 && fits(want, got[1:])
	}
	return len(got) > 0 && want[0] == got[0] && fits(want[1:], got[1:])
}

// talk is a program for scripts: it types the lines of a file into the console and prints the conversation. Where what
// is printed fits the file, it prints what stands in the file, so that cmp shows the differences alone. The other
// arguments are the console's own. $c1, $c2, … are the commits of the script, $g1, $g2, … those made at GitHub.
func talk() {
	args := os.Args[1:]
	file := args[len(args)-1]
	text, err := os.ReadFile(file)
	to, from := commitNames(os.Environ())
	conversation, err2 := parseTalk(string(text), to)
	if err != nil || err2 != nil {
		fmt.Fprintln(os.Stderr, "talk:", err, err2)
		os.Exit(3)
	}
	spacing = -1
	t := &typist{}
	for _, e := range conversation[1:] {
		t.lines = append(t.lines, e.line)
	}
	code := run(context.Background(), append([]string{"console", "--clock", "simulated"}, args[:len(args)-1]...), t, t, os.Stderr)
	t.note()
	for i, e := range conversation {
		printExchange(e, i, t.answers, from)
	}
	os.Exit(code)
}

func printExchange(e exchange, i int, answers []string, names *strings.Replacer) {
	if i > 0 {
		fmt.Println(e.typed)
	}
	said := ""
	if i < len(answers) {
		said = keyPattern.ReplaceAllString(names.Replace(answers[i]), "KEY")
	}
	got := strings.Split(strings.TrimRight(said, "\n"), "\n")
	if said == "" {
		got = nil
	}
	want := slices.Clone(e.want)
	for len(want) > 0 && want[len(want)-1] == "" {
		want = want[:len(want)-1]
	}
	switch {
	case i == 0 && slices.Equal(e.want, []string{anything}):
		return
	case fits(want, got):
		got = want
	}
	for _, l := range slices.Concat(got, e.want[len(want):]) {
		fmt.Println(l)
	}
}

var commitVariable = regexp.MustCompile(`^([cg]\d+)=([0-9a-f]{40})$`)

// commitNames translates the names of a script's commits to shortened ids and back; $$c1 is the whole id.
func commitNames(environ []string) (to, from *strings.Replacer) {
	ids := map[string]string{}
	for _, v := range environ {
		if g := commitVariable.FindStringSubmatch(v); g != nil {
			ids[g[1]] = g[2]
		}
	}
	var there, back []string
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(ids))) { // c12 before c1
		there = append(there, "$$"+name, ids[name], "$"+name, ids[name][:7])
		back = append(back, ids[name], "$$"+name, ids[name][:7], "$"+name)
	}
	return strings.NewReplacer(there...), strings.NewReplacer(back...)
}
