package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostileFiles are configurations made to take long, to take much, or to be read for what they are not: each with where
// the first mistake is told, and what is told there.
func hostileFiles() map[string][2]string {
	bomb := "templates: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := range 20 {
		bomb += fmt.Sprintf("%c: &%[1]c [%s]\n", 'b'+i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", 'a'+i), 9), ","))
	}
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	return map[string][2]string{
		"alias bomb":     {bomb, "1:12: anchors, aliases and merges"},
		"deep":           {"risk: {raise: " + strings.Repeat("[", 1<<19) + "}", "1:1: more than 10000 lines, or 50000 marks"},
		"deep and few":   {"templates: {team: {add: {ga.ready: " + strings.Repeat("[", 100), "1:49: more than 16 levels"},
		"tabs":           {"templates: {team: {add: {ga.ready: [{key: a, text: \"x" + strings.Repeat("\t", 1<<20-99) + "x\", role: sre}]}}}", "1:1: more than 100 tabs"},
		"reserved":       {"templates: " + strings.Repeat("@", 1<<20-99), "1:1: more than 10000 lines, or 50000 marks"},
		"commas":         {"templates: [b" + strings.Repeat(",", 49900) + "]", "1:1"},
		"twice":          {"templates:\n  team: {}\n  other: {}\n  team: {}\n", "4:3: templates.team: the key stands in line 2 already"},
		"twice within":   {"templates:\n  team:\n    drop: [tests]\n    drop: []\n", "4:5: templates.team.drop: the key stands in line 3 already"},
		"reads alike":    {"templates:\n  bill: {}\n  bi11: {}\n", "3:3: templates.bi11: it looks like bill in line 2"},
		"items alike":    {"templates:\n  team:\n    add:\n      ga.done: [{key: change1og, text: x, role: docs}]\n", "4:17: templates.team.add.ga.done: «change1og» looks like changelog"},
		"roles alike":    {"roles:\n  docs: []\n  d0cs: []\n", "3:3: roles.d0cs: it looks like docs in line 2"},
		"turned around":  {"templates:\n  team:\n    add:\n      ga.done:\n        - {key: a, text: \"\\u202Edekcehc si ti\", role: docs}\n", "5:26: templates.team.add.ga.done.text: «\\u202edekcehc si ti» holds characters that are not shown but act"},
		"turned in key":  {"templates: {\"te\u202eam\": {}}\n", "1:16: the character U+202E is not shown but acts"},
		"turned role":    {"roles: {\"sr\\u202Ee\": []}\n", "1:9: roles: «sr\\u202ee» holds characters that are not shown but act"},
		"vast and sound": {"owners: [p-0.0]\npeople:\n" + many(4000, "  p-%d.%[1]d: {name: x, slack: T1/U%[1]d, github: g%[1]d, zone: UTC}\n"), ""},
		"all templates":  {"owners: [ana]\npeople: {ana: {}}\ntemplates:\n" + many(99, "  t-%d.%[1]d:\n    add:\n      ga.ready:\n"+many(55, "        - {key: x-%[1]d.%[1]d, text: a, role: qa}\n")), ""},
	}
}

// TestHostileConfiguration reads each of them in a process of its own: it is refused at its line, soon, and takes little
// memory beside what the program takes anyway. A running bot that is given one goes on as it was.
func TestHostileConfiguration(t *testing.T) {
	const roomy = 64 << 10 // KiB, as the system counts what a process had at most
	dir := t.TempDir()
	lint := func(text string) (said string, status int, most int64) {
		file := filepath.Join(dir, "f.yaml")
		writeFile(t, file, text)
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		c := exec.CommandContext(t.Context(), self, "lint", file)
		c.Env = []string{modeVariable + "=readyroom", "GOGC=10", "GORACE=" + raceQuickly} // little garbage: what it takes is what it holds
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		err = c.Run()
		var ended *exec.ExitError
		if err != nil && !errors.As(err, &ended) {
			t.Fatal(err)
		}
		usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			t.Fatal("the system does not say what a process took")
		}
		return out.String(), c.ProcessState.ExitCode(), usage.Maxrss
	}
	_, _, usual := lint("owners: []\n")
	for name, c := range hostileFiles() {
		began := time.Now()
		said, status, most := lint(c[0])
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if (status == 0) != (c[1] == "") || !strings.Contains(said, "f.yaml:"+c[1]) && status != 0 || status != 0 && status != 2 {
			t.Errorf("%s ended with %d: %.300s", name, status, said)
		}
		if took := most - usual; took > roomy && runtime.GOOS == "linux" && !underRace {
			t.Errorf("%s takes %d MiB", name, took>>10)
		} else if testing.Verbose() {
			t.Logf("%s: %d MiB", name, took>>10)
		}
	}
}

// TestHostileReload: a running bot that is given such a file goes on with the one that it has.
func TestHostileReload(t *testing.T) {
	d, _ := begun(t)
	sound := d.must("reload")
	for name, c := range hostileFiles() {
		if c[1] == "" {
			continue
		}
		writeFile(t, defaultConfig, c[0])
		if out, code := d.says("reload"); code != 2 || !strings.Contains(out, defaultConfig+":"+c[1]) || !strings.Contains(out, "stays in force") {
			t.Errorf("%s ended with %d: %.300s", name, code, out)
		}
	}
	if now := summary(*d.cfg.Load()); !strings.Contains(sound, now) {
		t.Errorf("in force is %s, and was %s", now, sound)
	}
	d.must("run", "new app@1.0.0")
}
