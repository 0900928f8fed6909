package git_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

const message = "readyroom/0123456789abcdef\n31\nAQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

func tagging(r *gittest.Repo, name string) workflows.Tag {
	return workflows.Tag{Repository: r.Dir, Name: name, Message: message, At: gittest.Day(3)}
}

func act(t *testing.T, g *git.Git, tag workflows.Tag) error {
	t.Helper()
	data, err := json.Marshal(tag)
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Act(t.Context(), data)
	return err
}

func gitOf(r *gittest.Repo) *git.Git { return git.New(git.Options{Path: r.Path, Home: r.Home}) }

// TestTag makes a tag whose text is the message, once, in a repository that has commits and in one that has none.
func TestTag(t *testing.T) {
	for _, commits := range []bool{true, false} {
		r := gittest.New(t)
		if commits {
			r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "a", "1")
			r.Git("tag", "--annotate", "--message", "one", "v1.0.0")
		}
		tag := tagging(r, "readyroom-ledger-31")
		for range 2 {
			if err := act(t, gitOf(r), tag); err != nil {
				t.Fatal(err)
			}
		}
		if got := r.Git("for-each-ref", "--format=%(objecttype) %(*objecttype) %(contents)%(taggername) %(taggerdate:iso-strict)", "refs/tags/"+tag.Name); got !=
			"tag blob "+message+"readyroom 2026-01-03T09:00:00+00:00" {
			t.Errorf("it reads %q", got)
		}
		if got := r.Git("show", tag.Name+"^{blob}"); got != strings.TrimSuffix(message, "\n") {
			t.Errorf("it names %q", got)
		}
		r.Git("fsck", "--strict")
		if commits {
			if got := r.Git("describe", "HEAD"); got != "v1.0.0" {
				t.Errorf("the commit is called %s by it", got)
			}
		}
	}
}

// TestTagIsNeverMoved: whatever else bears the name stays, byte for byte, and a human is asked.
func TestTagIsNeverMoved(t *testing.T) {
	for name, make := range map[string]func(r *gittest.Repo){
		"another message": func(r *gittest.Repo) { r.Git("tag", "--annotate", "--message", "other", "readyroom-ledger-31") },
		"a light tag":     func(r *gittest.Repo) { r.Tag("readyroom-ledger-31") },
		"more than it": func(r *gittest.Repo) {
			r.Git("tag", "--annotate", "--cleanup=verbatim", "--message", message+"more", "readyroom-ledger-31")
		},
	} {
		r := gittest.New(t)
		r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "a", "1")
		make(r)
		before := r.Git("rev-parse", "refs/tags/readyroom-ledger-31")
		var no *workflows.Refusal
		if err := act(t, gitOf(r), tagging(r, "readyroom-ledger-31")); !errors.As(err, &no) || no.Reason != workflows.Exists || len(no.Who) == 0 || len(no.Next) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if after := r.Git("rev-parse", "refs/tags/readyroom-ledger-31"); after != before {
			t.Errorf("%s: it was moved from %s to %s", name, before, after)
		}
	}
}

// TestATagThatComesMeanwhile, between the look and the act, stays as well.
func TestATagThatComesMeanwhile(t *testing.T) {
	r := gittest.New(t)
	id := r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "a", "1")
	program := filepath.Join(r.Path, "git")
	quick := t.TempDir()
	text := "#!/bin/sh\ncase \"$*\" in *mktag*) " + program + " update-ref refs/tags/readyroom-ledger-31 " + id + ";; esac\nexec " + program + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(quick, "git"), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	g := git.New(git.Options{Path: quick, Home: r.Home})
	var no *workflows.Refusal
	if err := act(t, g, tagging(r, "readyroom-ledger-31")); err == nil || errors.As(err, &no) {
		t.Errorf("it ended with %v, and nobody can know how", err)
	}
	if err := act(t, g, tagging(r, "readyroom-ledger-31")); !errors.As(err, &no) || no.Reason != workflows.Exists {
		t.Errorf("looked at again: %v", err)
	}
	if got := r.Git("rev-parse", "refs/tags/readyroom-ledger-31"); got != id {
		t.Errorf("it was moved to %s", got)
	}
}

// TestTagByAnother: the same message counts, whoever made the tag and whatever it names.
func TestTagByAnother(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "a", "1")
	r.Git("tag", "--annotate", "--cleanup=verbatim", "--message", message, "readyroom-ledger-31")
	if err := act(t, gitOf(r), tagging(r, "readyroom-ledger-31")); err != nil {
		t.Error(err)
	}
}

// TestTagRunsNothing: neither a hook nor a program that the repository's configuration names for signing and editing.
func TestTagRunsNothing(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "a", "1")
	ran := filepath.Join(t.TempDir(), "ran")
	trap := filepath.Join(t.TempDir(), "trap")
	text := "#!/bin/sh\necho >> " + ran + "\n"
	if err := os.WriteFile(trap, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, hook := range []string{"reference-transaction", "pre-push", "post-update"} {
		r.Write(".git/hooks/"+hook, text)
		if err := os.Chmod(filepath.Join(r.Dir, ".git/hooks", hook), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, setting := range []string{"gpg.program", "core.editor", "core.sshCommand"} {
		r.Git("config", setting, trap)
	}
	for _, setting := range []string{"tag.gpgSign", "tag.forceSignAnnotated", "push.followTags"} {
		r.Git("config", setting, "true")
	}
	r.Git("remote", "add", "origin", "ssh://nowhere.example/x")
	if _, err := os.Stat(ran); err == nil {
		if err := os.Remove(ran); err != nil { // git config itself may have tripped it
			t.Fatal(err)
		}
	}
	if err := act(t, gitOf(r), tagging(r, "readyroom-ledger-31")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("something was run")
	}
}

// TestTagAtOnce: of several that make the same tag, none breaks it, and asked again each is content.
func TestTagAtOnce(t *testing.T) {
	r := gittest.New(t)
	g, tag := gitOf(r), tagging(r, "readyroom-ledger-31")
	var all sync.WaitGroup
	for range 6 {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := act(t, g, tag); err != nil {
				if err = act(t, g, tag); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	all.Wait()
	if got := r.Git("for-each-ref", "--format=%(refname) %(contents:subject)"); got != "refs/tags/readyroom-ledger-31 "+strings.ReplaceAll(strings.TrimSpace(message), "\n", " ") {
		t.Errorf("there is %q", got)
	}
}

func TestTagRefuses(t *testing.T) {
	r := gittest.New(t)
	var no *workflows.Refusal
	for _, name := range []string{"", "-d", "a b", "a..b", "a~1"} {
		if err := act(t, gitOf(r), tagging(r, name)); !errors.As(err, &no) && name != "a~1" || err == nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	elsewhere := tagging(r, "x")
	elsewhere.Repository = t.TempDir()
	if err := act(t, gitOf(r), elsewhere); !errors.As(err, &no) || no.Reason != workflows.NoRepository {
		t.Errorf("no repository: %v", err)
	}
	if err := act(t, git.New(git.Options{}), tagging(r, "x")); !errors.As(err, &no) || no.Reason != workflows.Unavailable {
		t.Errorf("no git: %v", err)
	}
	if _, err := gitOf(r).Act(context.Background(), json.RawMessage("{")); err == nil || errors.As(err, &no) {
		t.Errorf("what cannot be read: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := gitOf(r).Act(ctx, mustMarshal(t, tagging(r, "x"))); !errors.Is(err, context.Canceled) {
		t.Errorf("no time left: %v", err)
	}
	if got := r.Git("for-each-ref"); got != "" {
		t.Errorf("there is %q", got)
	}
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
