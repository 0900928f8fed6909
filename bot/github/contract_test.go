package github_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

// both is one history in two places: in a clone, as git itself writes it, and at GitHub.
type both struct {
	t     *testing.T
	clone *git.Git
	dir   string
	forge *github.GitHub
	fake  *githubfake.Repo
}

// over makes a client of a fake that has no port.
func over(t *testing.T, f *githubfake.Fake) *github.GitHub {
	t.Helper()
	g, err := github.New(github.Options{Secrets: github.Secrets{Token: "github_pat_11FAKE00Zm9yLXRlc3RzX2FuZF9ub3RoaW5nX2Vsc2VfYXRfYWxs"},
		URL: "http://localhost/", Transport: f.Transport(), Spacing: -1})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// history is a line of commits that is told to both.
type history struct {
	stream bytes.Buffer
	fake   *githubfake.Repo
	by     string                       // who commits what others wrote; empty: whoever wrote it
	marks  map[string]int               // by commit id
	trees  map[string]map[string]string // the files of a commit
	heads  map[string]string
	ids    []string
}

// commit adds a commit to a branch; with merged it is a merge of those, whose files are its own to say.
func (h *history) commit(branch, author, message string, at time.Time, files map[string]string, merged ...string) {
	head := h.heads[branch]
	id := h.fake.Push(githubfake.Change{Branch: branch, Author: author, Committer: h.by, Message: message, Files: files, At: at, Parents: merged})
	mark := len(h.ids) + 1
	h.marks[id] = mark
	h.ids = append(h.ids, id)
	fmt.Fprintf(&h.stream, "commit refs/heads/%s\nmark :%d\n", branch, mark)
	fmt.Fprintf(&h.stream, "author %s %d +0000\ncommitter %s %d +0000\n", author, at.Unix(), cmp.Or(h.by, author), at.Unix())
	fmt.Fprintf(&h.stream, "data %d\n%s\n\n", len(message)+1, message)
	if head != "" {
		fmt.Fprintf(&h.stream, "from :%d\n", h.marks[head])
	}
	for _, other := range merged {
		fmt.Fprintf(&h.stream, "merge :%d\n", h.marks[other])
	}
	tree := maps.Clone(h.trees[head])
	if tree == nil {
		tree = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if files[name] == githubfake.Gone {
			fmt.Fprintf(&h.stream, "D %s\n", name)
			delete(tree, name)
			continue
		}
		fmt.Fprintf(&h.stream, "M 100644 inline %s\ndata %d\n%s\n", name, len(files[name]), files[name])
		tree[name] = files[name]
	}
	h.stream.WriteString("\n")
	h.heads[branch], h.trees[id] = id, tree
}

func newHistory(f *githubfake.Fake) *history {
	return &history{fake: f.AddRepo("acme/app"), marks: map[string]int{}, trees: map[string]map[string]string{}, heads: map[string]string{}}
}

// branch begins one.
func (h *history) branch(name, at string) {
	h.fake.Branch(name, at)
	fmt.Fprintf(&h.stream, "reset refs/heads/%s\nfrom :%d\n\n", name, h.marks[at])
	h.heads[name] = at
}

func (h *history) tag(name, at string, annotated bool) {
	if !annotated {
		h.fake.Tag(name, at)
		fmt.Fprintf(&h.stream, "reset refs/tags/%s\nfrom :%d\n\n", name, h.marks[at])
		return
	}
	h.fake.AnnotatedTag(name, at, "notes")
	fmt.Fprintf(&h.stream, "tag %s\nfrom :%d\ntagger Ana <ana@example.org> 1700000000 +0000\ndata 6\nnotes\n\n", name, h.marks[at])
}

// places gives the history to git as well.
func (h *history) places(t *testing.T, f *githubfake.Fake) both {
	t.Helper()
	r := gittest.New(t)
	dir := filepath.Join(t.TempDir(), "app.git")
	r.Git("init", "--quiet", "--bare", "--initial-branch=main", dir)
	c := exec.CommandContext(t.Context(), filepath.Join(r.Path, "git"), "fast-import", "--quiet", "--force")
	c.Dir, c.Stdin = dir, &h.stream
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("fast-import: %v\n%s", err, out)
	}
	return both{t, git.New(git.Options{Path: r.Path, Home: r.Home}), dir, over(t, f), h.fake}
}

// alike asks both, and compares what they say.
func (b both) alike(q workflows.Query) {
	b.t.Helper()
	q.Repository = b.dir
	want, wantErr := b.clone.Look(b.t.Context(), q)
	q.Repository, q.Forge = "", "acme/app"
	got, err := b.forge.Look(b.t.Context(), q)
	var a, o *workflows.Refusal
	if errors.As(wantErr, &a) != errors.As(err, &o) || a != nil && a.Reason != o.Reason || a == nil && (err != nil || wantErr != nil) {
		b.t.Errorf("%+v: the clone says %v, GitHub %v", q, wantErr, err)
		return
	}
	byReason := gocmp.Transformer("reason", func(no *workflows.Refusal) workflows.Reason {
		if no == nil {
			return ""
		}
		return no.Reason
	})
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), byReason); diff != "" {
		b.t.Errorf("%+v: what GitHub says differs (+) from the clone (-):\n%s", q, diff)
	}
}

// committers are those who commit what others wrote, some of them nobody.
var committers = []string{"", "", "", "Ben <Ben@Example.org>", "Ana Old <ana@old.example.org>", "GitHub <noreply@github.com>", "web-flow <NoReply@GitHub.com>", "Ci <>"}

var people = []string{"Ana <ana@example.org>", "Ben <Ben@Example.org>", "Mia <mia@example.org>", "Ana Old <ana@old.example.org>"}

// messages are odd ones that git takes.
var messages = []string{
	"  begins with spaces", "wrapped \nsubject\t\n  goes on\n\nbody", "\n\nlate", "CR\r\nand LF\r\n\r\nbody (#7)", "tab\there, ünï ✓ \u202e", strings.Repeat("long ", 300),
	"x\n\nCo-authored-by: Ben\n <ben@example.org>\nCo-authored-by: <Mia@Example.org>\nco-authored-by: Old <ana@old.example.org>", "see https://github.com/acme/app/pull/9 and GH-3",
}

// grow makes a history with branches, merges with and without changes of their own, renames, tags and equal dates; with back
// also dates that run back.
func grow(h *history, random *rand.Rand, n int, back bool) {
	pick := func(all []string) string { return all[random.IntN(len(all))] }
	paths := []string{"a", "auth/a.go", "auth/b.go", "auth.md", "auth/deep/c.go", "docs/index.md", "z"}
	at := gittest.Day(1)
	h.commit("main", people[0], "root", at, map[string]string{"a": "1", ".mailmap": "Ana <ana@example.org> <ana@old.example.org>\n"})
	for i := range n {
		at = at.Add(time.Duration(random.IntN(4)) * time.Second)
		if back {
			at = at.Add(-time.Second)
		}
		branches := slices.Sorted(maps.Keys(h.heads))
		branch := pick(branches)
		h.by = pick(committers)
		message := fmt.Sprintf("change %d (#%d)\nand on\n\nFixes #%d, ABC-%d\n\nCo-authored-by: Mia M <mia@example.org>", i, i, i+1, i)
		switch k := random.IntN(10); {
		case k == 0 && len(branches) < 4:
			h.branch(fmt.Sprintf("topic/%d", i), h.heads[branch])
		case k <= 2 && len(branches) > 1:
			other := h.heads[pick(branches)]
			if other == h.heads[branch] {
				continue
			}
			files := map[string]string{}
			for name, text := range h.trees[other] {
				if mine, ok := h.trees[h.heads[branch]][name]; mine != text && (!ok || random.IntN(2) == 0) {
					files[name] = text
				}
			}
			if random.IntN(3) == 0 {
				files[pick(paths)] = fmt.Sprint("of the merge ", i)
			}
			h.commit(branch, pick(people), fmt.Sprintf("Merge %d", i), at, files, other)
		case k == 3:
			h.tag(fmt.Sprintf("v%d", i), pick(h.ids), random.IntN(2) == 0)
		default:
			files := map[string]string{pick(paths): fmt.Sprint(i)}
			if name := pick(paths); h.trees[h.heads[branch]][name] != "" && files[name] == "" {
				files[name] = githubfake.Gone
			}
			if random.IntN(4) == 0 {
				message = pick(messages)
			}
			h.commit(branch, pick(people), message, at, files)
		}
	}
}

// The same repository is the same in a clone and at GitHub: commits, digests, logs and their order, where a log begins.
func TestGitHubSaysWhatAClonSays(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			f := githubfake.New(t, githubfake.Options{Portless: true})
			h := newHistory(f)
			back := seed%2 == 1 // then git only guesses which tag is the nearest
			grow(h, random, 10+random.IntN(60), back)
			b := h.places(t, f)
			some := func() string { return h.ids[random.IntN(len(h.ids))] }
			refs := append(slices.Sorted(maps.Keys(h.heads)), "", "HEAD", some(), some()[:8], "refs/heads/main", "nothing", strings.Repeat("7", 40))
			refs = append(refs, h.fake.Tags()[:min(3, len(h.fake.Tags()))]...)
			for _, ref := range refs {
				b.alike(workflows.Query{Ref: ref, Files: true, Paths: []string{"auth", "**", "docs/*.md"}})
				since := cmp.Or(refs[random.IntN(len(refs))], "main")
				b.alike(workflows.Query{Ref: ref, Log: true, Files: true, Since: since})
				b.alike(workflows.Query{Ref: ref, Log: true, Files: true, OwnFiles: true, Since: since})
				if back {
					b.alike(workflows.Query{Ref: ref, Log: true, Since: h.ids[0], Paths: []string{"auth/**"}})
					continue
				}
				b.alike(workflows.Query{Ref: ref, Log: true})
				for _, own := range h.fake.Tags() {
					b.alike(workflows.Query{Ref: ref, Log: true, Own: own})
				}
				b.alike(workflows.Query{Ref: ref, Log: true, Files: true, Paths: []string{"auth/**"}})
			}
			b.alike(workflows.Query{Branch: "topic/none"})
			b.alike(workflows.Query{Branch: "main", Optional: true, Ref: "none"})
		})
	}
}

// A mailmap is read as git reads it: it decides whose commits somebody's addresses are.
func TestMailmapsAreReadAsGitDoes(t *testing.T) {
	f := githubfake.New(t, githubfake.Options{Portless: true})
	h := newHistory(f)
	h.commit("main", people[0], "root", gittest.Day(1), map[string]string{".mailmap": strings.Join([]string{
		"# a comment <x@example.org> <ana@example.org>", "Proper Ana <ana@example.org>", "<ben@work.example.org> <BEN@example.org>",
		"Mia <mia@work.example.org> Mia M <mia@example.org>", "Mia <mia@home.example.org> Mia   <mia@example.org>", "<old@example.org> <twice@example.org>",
		"  New <new@example.org>   <twice@example.org>  ", "broken <nothing", "<only@example.org>", "> <", "<> <empty@example.org>", "Nobody <> <nobody@example.org>",
		"Ünï <UNI@Example.org> ünï <uni@old.example.org>", "X <x@example.org> <x1@example.org> # behind <x2@example.org>", "\tT <t@example.org>\t<t1@example.org>\r",
	}, "\n")})
	at := gittest.Day(2)
	for i, who := range []string{"Ana <ana@example.org>", "Ben <ben@Example.org>", "Mia M <mia@example.org>", "Mia <mia@example.org>", "MIA m <MIA@example.org>", "Other <mia@example.org>",
		"T <twice@example.org>", "O <only@example.org>", "E <empty@example.org>", "N <nobody@example.org>", "Ünï <uni@old.example.org>", "ünï <uni@old.example.org>", "X <x1@example.org>", "X <x2@example.org>",
		"T <t1@example.org>"} {
		h.commit("main", who, fmt.Sprintf("%d\n\nCo-authored-by: %s", i, who), at.Add(time.Duration(i)*time.Minute), map[string]string{"a": fmt.Sprint(i)})
		h.by = who // the next one's work
	}
	h.places(t, f).alike(workflows.Query{Log: true})
}
