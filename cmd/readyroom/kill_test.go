//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var (
	killRounds = flag.Int("kill.rounds", 20, "how often the kill loop kills")
	killSeed   = flag.Uint64("kill.seed", 0, "seed of the kill loop; 0: another each time")
)

// The real program is killed at any moment while lines pour in. Whatever it had answered is in the store, sending it
// again changes nothing and is answered the same, and nothing is posted twice.
func TestKill(t *testing.T) {
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-kill.seed=%d", seed)
	k := &killer{t: t, chance: rand.New(rand.NewPCG(seed, 0)), repo: gittest.New(t), data: filepath.Join(t.TempDir(), "data")}
	for i := range 3 {
		k.repo.Commit(gittest.Ana, gittest.Day(i+1), fmt.Sprint("change ", i), "", "file", fmt.Sprint(i))
	}
	for n := range *killRounds {
		k.round(n)
		if t.Failed() {
			return
		}
	}
	k.quiet()
	t.Logf("%d kills, %d answers had been printed, %d lines had been carried out", *killRounds, k.printed, k.done)
	if *killRounds >= 20 && (k.printed == 0 || k.cut == 0) {
		t.Errorf("the kills never came in between: %d answers printed, %d rounds cut short", k.printed, k.cut)
	}
}

// killer is the loop's state.
type killer struct {
	t       *testing.T
	chance  *rand.Rand
	repo    *gittest.Repo
	data    string
	printed int // answers
	done    int // lines that are in the store
	cut     int // rounds in which some lines were not reached
}

// said is a line with the id it bore.
type said struct{ id, text string }

// lines is what one round types: a release of its own in a channel of its own, and much that changes it.
func (k *killer) lines(round int) []said {
	out := []said{{fmt.Sprintf("k-%d-new", round), fmt.Sprintf("#r%d new app@%d.0", round, round+1)}}
	for n := range 60 {
		out = append(out, said{fmt.Sprintf("k-%d-%d", round, n), []string{
			fmt.Sprintf("sign way-back -- look %d", n), "sign tests", "sign changelog needs-work -- words", "sign tests withdraw -- oh",
			fmt.Sprintf("hold -- reason %d", n), "resume", "resume", fmt.Sprintf(`set --title "title %d"`, n), "candidate set HEAD~1", "candidate set HEAD",
			fmt.Sprintf("flag new f%d-%d", round, n), "advance", "sign nothing-like-it", "notes draft", "notes approve",
		}[k.chance.IntN(15)]})
	}
	return out
}

// printed is what the test reads of a line of JSON.
type printed struct {
	Kind    string
	Message struct{ Title string }
	Refusal *struct{ Reason string }
}

func (p printed) answer() bool { return p.Kind == "ephemeral" || p.Kind == "reply" }

func (p printed) String() string {
	if p.Refusal != nil {
		return p.Refusal.Reason + ": " + p.Message.Title
	}
	return p.Message.Title
}

// command is the program over this round's data.
func (k *killer) command() *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	c := exec.CommandContext(k.t.Context(), self, "console", "--json", "--data", k.data)
	c.Dir = k.repo.Dir
	c.Env = append(os.Environ(), modeVariable+"=readyroom", "HOME="+k.repo.Home, "GORACE=atexit_sleep_ms=0")
	return c
}

// round lets lines pour in, kills, and compares what was printed with what is there.
func (k *killer) round(n int) {
	lines := k.lines(n)
	answers := k.interrupted(lines, time.Duration(k.chance.IntN(120))*time.Millisecond)
	k.printed += len(answers)
	kept, tip := k.stored(lines)
	for i, a := range answers {
		if kept[lines[i].id] == "" {
			k.t.Fatalf("%q was answered with %q and is not in the store", lines[i].text, a)
		}
	}
	var again []said
	for _, l := range lines {
		if kept[l.id] != "" {
			again = append(again, l)
		}
	}
	k.done += len(again)
	if len(again) < len(lines) {
		k.cut++
	}
	if len(again) == 0 {
		return
	}
	repeated := k.whole(again, fmt.Sprintf("#r%d", n))
	for i, was := range answers {
		if i == 0 || strings.HasPrefix(lines[i].text, "notes") {
			continue // the card that answers the first line comes as a post, once; notes are shown as they stand
		}
		if got := repeated[i]; got.String() != was.String() {
			k.t.Errorf("%q was answered with\n%s\nand, sent again, with\n%s", lines[i].text, was, got)
		}
	}
	keptAgain, tipAgain := k.stored(lines)
	if tip != tipAgain {
		k.t.Fatalf("sent again, %d lines led from event %d to %d", len(again), tip, tipAgain)
	}
	for id, data := range kept {
		if keptAgain[id] != data {
			k.t.Errorf("the answer to %s changed from %s to %s", id, data, keptAgain[id])
		}
	}
	k.posts(n)
}

// interrupted types lines and kills the program a while after it said its first word, perhaps before.
func (k *killer) interrupted(lines []said, after time.Duration) []printed {
	c := k.command()
	in, out := k.pipes(c)
	go func() { // fails when the program dies, as it shall
		for _, l := range lines {
			_, _ = fmt.Fprintf(in, "!id %s\n%s\n", l.id, l.text)
		}
	}()
	first, all := make(chan struct{}), make(chan []printed)
	go func() { all <- k.read(out, first) }()
	if k.chance.IntN(5) > 0 {
		<-first
	}
	time.Sleep(after)
	if err := c.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	answers := <-all
	_ = c.Wait() // it was killed
	_ = in.Close()
	return answers
}

func (k *killer) pipes(c *exec.Cmd) (io.WriteCloser, io.Reader) {
	in, err := c.StdinPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	return in, out
}

// read gives the answers that were printed whole.
func (k *killer) read(out io.Reader, first chan struct{}) (answers []printed) {
	r := bufio.NewReader(out)
	begun := false
	for {
		line, err := r.ReadBytes('\n')
		if !begun {
			begun = true
			close(first)
		}
		if err != nil {
			return answers
		}
		var p printed
		if err := json.Unmarshal(line, &p); err != nil {
			k.t.Errorf("printed %q: %v", line, err)
		}
		if p.answer() {
			answers = append(answers, p)
		}
	}
}

// whole types lines to the end and gives their answers.
func (k *killer) whole(lines []said, channel string) []printed {
	var typed strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&typed, "!id %s\n%s\n", l.id, l.text)
	}
	c := k.command()
	c.Stdin = strings.NewReader(channel + "\n" + typed.String())
	out, err := c.Output()
	if err != nil {
		k.t.Fatalf("%v: %s", err, out)
	}
	answers := k.read(bytes.NewReader(out), make(chan struct{}))
	if len(answers) != len(lines) {
		k.t.Fatalf("%d lines were answered with %d answers", len(lines), len(answers))
	}
	return answers
}

// stored gives the answers that the store holds to lines, and the number of the last event. Each event of a line whose
// answer is not there, and each answer without its events, is half of something.
func (k *killer) stored(lines []said) (kept map[string]string, tip workflows.Seq) {
	s, _, err := openData(k.t.Context(), k.data)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	kept = map[string]string{}
	err = s.View(k.t.Context(), func(tx *storage.Tx) error {
		for _, l := range lines {
			a, ok, err := tx.Answer(l.id)
			if err != nil {
				return err
			}
			if ok {
				kept[l.id] = string(a.Data)
			}
		}
		events := map[string]workflows.Seq{}
		if err := tx.Ledger(0, func(r ledger.Record) (bool, error) { events[r.Ask], tip = r.Seq, r.Seq; return true, nil }); err != nil {
			return err
		}
		for _, l := range lines {
			asked := strings.Contains(kept[l.id], `"confirm":`) // a question, of which nothing came yet
			if (events[l.id] != 0) != (kept[l.id] != "" && !asked) {
				k.t.Errorf("%s %q: event %d, answer %q", l.id, l.text, events[l.id], kept[l.id])
			}
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return kept, tip
}

// posts: in the chat's memory no delivery was posted twice, and the channel shows one card and each hold once.
func (k *killer) posts(round int) (held, holds int) {
	s, _, err := openData(k.t.Context(), k.data)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	what := map[string]string{} // delivery → what it brought
	data, err := os.ReadFile(filepath.Join(k.data, "console.jsonl"))
	if err != nil {
		k.t.Fatal(err)
	}
	err = s.View(k.t.Context(), func(tx *storage.Tx) error {
		for line := range bytes.Lines(data) {
			var m struct {
				Key, Place string
				Edit       bool
			}
			if json.Unmarshal(line, &m) != nil || m.Key == "" || m.Edit || m.Place != fmt.Sprintf("console/#r%d", round) {
				continue
			}
			if what[m.Key] != "" {
				k.t.Errorf("delivery %s is there twice", m.Key)
			}
			d, _, err := tx.Sent(m.Key)
			if err != nil {
				return err
			}
			what[m.Key] = d.What
			if what[m.Key] == "" {
				what[m.Key] = "on its way"
			}
		}
		return tx.Ledger(0, func(r ledger.Record) (bool, error) {
			if r.Kind == "release.held" && r.Stream.ID() == fmt.Sprintf("app@%d.0", round+1) {
				holds++
			}
			return true, nil
		})
	})
	if err != nil {
		k.t.Fatal(err)
	}
	cards := 0
	for _, w := range what {
		switch w {
		case "card":
			cards++
		case "held":
			held++
		}
	}
	if cards > 1 || held > holds {
		k.t.Errorf("#r%d shows %d cards, and %d posts about %d holds", round, cards, held, holds)
	}
	return held, holds
}

// quiet lets the program deliver what the kills left, and finds everything said once.
func (k *killer) quiet() {
	c := k.command()
	c.Stdin = strings.NewReader("status\n")
	if out, err := c.Output(); err != nil {
		k.t.Fatalf("%v: %s", err, out)
	}
	for n := range *killRounds {
		if held, holds := k.posts(n); held != holds {
			k.t.Errorf("in the end #r%d shows %d posts about %d holds", n, held, holds)
		}
	}
}
