package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
)

// press publishes at a fake.
type press struct {
	*testing.T
	fake   *githubfake.Fake
	repo   *githubfake.Repo
	commit string // the candidate, which is not the newest commit
	g      *GitHub
}

func pressing(t *testing.T) *press {
	t.Helper()
	f := githubfake.New(t, githubfake.Options{})
	p := &press{T: t, fake: f, repo: f.AddRepo("acme/app")}
	p.commit = p.repo.Commit("main", "ana", "feat: sign in", map[string]string{"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.9.0]\n\n- old\n"})
	p.repo.Commit("main", "ana", "feat: next", map[string]string{"b.go": "package b"})
	p.anew()
	return p
}

// anew is another process: it knows nothing of what the former one did.
func (p *press) anew() {
	p.Helper()
	g, err := New(Options{Secrets: Secrets{Token: chat.Secret(p.fake.Token())}, URL: p.fake.URL(), Spacing: -1})
	if err != nil {
		p.Fatal(err)
	}
	p.g = g
}

func op(n int) string { return fmt.Sprintf("app@1.0.0/notes/%d", n) }

func (p *press) release(n int, text string, changes ...func(*workflows.ForgeRelease)) (string, error) {
	p.Helper()
	r := workflows.ForgeRelease{Forge: "acme/app", Op: op(n), Tag: "v1.0.0", Commit: p.commit, Title: workflows.Say("app 1.0.0"), Text: workflows.Approved(text)}
	for _, change := range changes {
		change(&r)
	}
	return p.does(Releases{p.g}, r)
}

func (p *press) changelog(n int, text string, changes ...func(*workflows.Changelog)) (string, error) {
	p.Helper()
	c := workflows.Changelog{Forge: "acme/app", Op: op(n), File: "CHANGELOG.md", Release: "app@1.0.0", Head: workflows.Say("# Changelog\n\n## [Unreleased]"), Title: workflows.Say("Change log of app 1.0.0"), Text: workflows.Say("As it was approved."),
		Section: workflows.Approved("## [1.0.0] - 2026-01-05\n\n" + text)}
	for _, change := range changes {
		change(&c)
	}
	return p.does(Changelogs{p.g}, c)
}

func (p *press) does(actor interface {
	Act(ctx context.Context, data json.RawMessage) (string, error)
}, what any,
) (string, error) {
	p.Helper()
	data, err := json.Marshal(what)
	if err != nil {
		p.Fatal(err)
	}
	return actor.Act(p.Context(), data)
}

// api is what somebody else does at GitHub, or looks at.
func (p *press) api(method, path string, body any) (out map[string]any) {
	p.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.Context(), method, p.fake.URL()+"repos/acme/app/"+path, bytes.NewReader(data))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.fake.Token())
	r.Header.Set("User-Agent", "somebody")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || resp.StatusCode > 299 {
		p.Fatalf("%s %s: %d, %v (%v)", method, path, resp.StatusCode, out, err)
	}
	return out
}

// settled tries until it is done or refused, as the bot's queue does, each time by another process.
func (p *press) settled(act func() (string, error)) (link string, err error) {
	p.Helper()
	for range 8 {
		var no *workflows.Refusal
		if link, err = act(); err == nil || errors.As(err, &no) {
			return link, err
		}
		p.anew()
	}
	p.Errorf("it came to no end: %v", err)
	return link, err
}

func (p *press) refuses(link string, err error, want ...string) {
	p.Helper()
	var no *workflows.Refusal
	if !errors.As(err, &no) {
		p.Fatalf("not refused: %s, %v", link, err)
	}
	for _, w := range want {
		if !strings.Contains(no.Error(), w) {
			p.Errorf("%v does not say %q", no, w)
		}
	}
	if len(no.Who) == 0 || len(no.Next) == 0 {
		p.Errorf("%v says not who can or what next", no)
	}
}

// one wants exactly one release, published, as it should be.
func (p *press) one(link, text string) {
	p.Helper()
	all := p.repo.Releases()
	if len(all) != 1 || all[0].Draft || !strings.HasPrefix(all[0].Body, text+"\n\n<!-- readyroom app@1.0.0/notes/") || all[0].Name != "app 1.0.0" || link != "https://github.com/acme/app/releases/tag/v1.0.0" {
		p.Errorf("%s: %+v", link, all)
	}
	if p.repo.Head("refs/tags/v1.0.0") != p.commit {
		p.Errorf("the tag names %s, not %s", p.repo.Head("refs/tags/v1.0.0"), p.commit)
	}
}

func TestRelease(t *testing.T) {
	p := pressing(t)
	link, err := p.release(1, "- one, thanks @ana")
	if err != nil {
		t.Fatal(err)
	}
	p.one(link, "- one, thanks @\u200bana")
	calls := len(p.fake.Calls(""))
	if again, err := p.release(1, "- one, thanks @ana"); err != nil || again != link {
		t.Errorf("again: %s, %v", again, err)
	}
	for _, c := range p.fake.Calls("")[calls:] {
		if !strings.HasPrefix(c.Route, "GET ") {
			t.Errorf("again it calls %s", c.Route)
		}
	}
	link, err = p.release(2, "- one, corrected")
	if err != nil {
		t.Fatal(err)
	}
	p.one(link, "- one, corrected")
	late, err := p.release(1, "- one, thanks @ana")
	p.refuses(late, err, "overtaken", "a later publication", link)
	p.one(link, "- one, corrected") // what was meant before comes too late
}

// A release for few becomes one for everybody; a tag that is there is taken, however it was made.
func TestReleaseOfATag(t *testing.T) {
	p := pressing(t)
	p.repo.AnnotatedTag("v1.0.0", p.commit, "it is out")
	pre := func(r *workflows.ForgeRelease) { r.Pre = true }
	if _, err := p.release(1, "- one", pre); err != nil || !p.repo.Releases()[0].Pre {
		t.Fatal(err, p.repo.Releases())
	}
	if _, err := p.release(2, "- one"); err != nil || p.repo.Releases()[0].Pre || !p.repo.Releases()[0].Latest {
		t.Fatal(err, p.repo.Releases())
	}
}

func TestReleaseRefused(t *testing.T) {
	with := func(change func(*workflows.ForgeRelease)) func(*press) (string, error) {
		return func(p *press) (string, error) { return p.release(1, "- one", change) }
	}
	plain := with(func(*workflows.ForgeRelease) {})
	for name, c := range map[string]struct {
		before func(*press)
		act    func(*press) (string, error)
		want   []string
		left   int // releases
	}{
		"the tag names another commit": {func(p *press) { p.repo.Tag("v1.0.0", p.repo.Head("main")) }, plain, []string{"conflict", "names", "The bot moves no tag"}, 0},
		"somebody else's": {func(p *press) {
			p.api("POST", "releases", map[string]any{"tag_name": "v1.0.0", "target_commitish": p.commit, "body": "mine"})
		}, plain,
			[]string{"exists", "https://github.com/acme/app/releases/tag/v1.0.0", "others made it"}, 1},
		"no such commit": {nil, with(func(r *workflows.ForgeRelease) { r.Commit = strings.Repeat("1", 40) }), []string{"v1.0.0", "git push origin"}, 1},
		"no full commit": {nil, with(func(r *workflows.ForgeRelease) { r.Commit = "1234567" }), []string{"no full id"}, 0},
		"no tag":         {nil, with(func(r *workflows.ForgeRelease) { r.Tag = "v 1" }), []string{"no tag can be called so"}, 0},
		"too long":       {nil, func(p *press) (string, error) { return p.release(1, strings.Repeat("é", 125_000)) }, []string{"125000 is the most"}, 0},
		"no title":       {nil, with(func(r *workflows.ForgeRelease) { r.Title = workflows.Public{} }), []string{"title"}, 0},
		"archived":       {func(p *press) { p.repo.Archive() }, plain, []string{"archived", "an owner of acme"}, 0},
		"no repository":  {nil, with(func(r *workflows.ForgeRelease) { r.Forge = "acme/none" }), []string{"not_found"}, 0},
		"may only read": {func(p *press) { p.fake.Permit(p.fake.Token(), map[string]string{"contents": "read"}) }, plain,
			[]string{"permission", "contents: write"}, 0},
		"other workflows": {func(p *press) {
			p.repo.Commit("main", "ana", "ci", map[string]string{".github/workflows/ci.yml": "on: push"})
			p.fake.Permit(p.fake.Token(), map[string]string{"contents": "write"})
		}, plain, []string{"Workflows: write", "git push origin"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := pressing(t)
			if c.before != nil {
				c.before(p)
			}
			link, err := c.act(p)
			p.refuses(link, err, c.want...)
			if all := p.repo.Releases(); len(all) != c.left || c.left == 1 && name != "somebody else's" && !all[0].Draft {
				t.Errorf("releases: %+v", all)
			}
		})
	}
	p := pressing(t)
	p.g = nil
	link, err := p.release(1, "- one")
	p.refuses(link, err, "GITHUB_TOKEN")
}

// Somebody's own draft of the same tag stays theirs, and is no release.
func TestReleaseBesideADraft(t *testing.T) {
	p := pressing(t)
	p.api("POST", "releases", map[string]any{"tag_name": "v1.0.0", "target_commitish": "main", "body": "a draft of a robot's", "draft": true})
	if _, err := p.release(1, "- one"); err != nil {
		t.Fatal(err)
	}
	if all := p.repo.Releases(); len(all) != 2 || !all[0].Draft || all[1].Draft {
		t.Errorf("releases: %+v", all)
	}
}

// A draft that was made by an attempt whose answer was lost, and that is not listed at once, is cleared away.
func TestReleaseOfALostDraft(t *testing.T) {
	p := pressing(t)
	p.fake.Fail("POST /repos/{owner}/{repo}/releases", githubfake.Stored(githubfake.Ends(githubfake.Reset)))
	if link, err := p.release(1, "- one"); err == nil || len(p.repo.Releases()) != 1 {
		t.Fatal(link, err, p.repo.Releases())
	}
	p.anew()
	p.fake.Fail("GET /repos/{owner}/{repo}/releases", githubfake.Raw(200, "[]"))
	link, err := p.release(1, "- one")
	if err != nil {
		t.Fatal(err)
	}
	p.one(link, "- one")
}

// A tag that is made meanwhile, and names another commit, is told of: the release goes by it.
func TestReleaseWhoseTagIsTaken(t *testing.T) {
	p := pressing(t)
	p.fake.Between(func(int) {
		if calls := p.fake.Calls("PATCH /repos/{owner}/{repo}/releases/{id}"); len(calls) == 0 && len(p.repo.Releases()) == 1 && !slices.Contains(p.repo.Tags(), "v1.0.0") {
			p.repo.Tag("v1.0.0", p.repo.Head("main"))
		}
	})
	link, err := p.release(1, "- one")
	p.refuses(link, err, "published under it all the same", "The bot moves no tag")
}

func TestChangelog(t *testing.T) {
	p := pressing(t)
	link, err := p.changelog(1, "- one")
	if err != nil || link != "https://github.com/acme/app/pull/1" {
		t.Fatal(link, err)
	}
	file := func(ref string) string { text, _ := p.repo.File(ref, "CHANGELOG.md"); return text }
	const head, tail = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-05\n\n", "\n\n## [0.9.0]\n\n- old\n"
	if got := file("readyroom/changelog-1.0.0"); got != head+"- one"+tail {
		t.Errorf("the file reads %q", got)
	}
	pull := p.repo.Pulls()[0]
	if pull.Title != "Change log of app 1.0.0" || pull.Base != "main" || !strings.Contains(pull.Body, "approved") || strings.ContainsAny(pull.Body, "@#") && !strings.Contains(pull.Body, marker(op(1))) {
		t.Errorf("the pull request: %+v", pull)
	}
	if again, err := p.changelog(1, "- one"); err != nil || again != link || len(p.repo.Pulls()) != 1 {
		t.Errorf("again: %s, %v", again, err)
	}
	if same, err := p.changelog(2, "- two"); err != nil || same != link || file("readyroom/changelog-1.0.0") != head+"- two"+tail {
		t.Errorf("corrected while it is open: %s, %v, %q", same, err, file("readyroom/changelog-1.0.0"))
	}
	p.repo.Merge(pull.Number)
	if same, err := p.changelog(2, "- two"); err != nil || same != link {
		t.Errorf("once it is merged: %s, %v", same, err)
	}
	other, err := p.changelog(3, "- three")
	if err != nil || other == link || file("readyroom/changelog-1.0.0-2") != head+"- three"+tail || file("main") != head+"- two"+tail {
		t.Errorf("corrected after the merge: %s, %v", other, err)
	}
	if late, err := p.changelog(2, "- two"); err != nil || late != link || len(p.repo.Pulls()) != 2 {
		t.Errorf("what was merged before: %s, %v", late, err)
	}
	late, err := p.changelog(1, "- one") // as whoever was brought back from a backup counts
	p.refuses(late, err, "overtaken", "a later publication", link)
}

func TestChangelogElsewhere(t *testing.T) {
	p := pressing(t)
	p.repo.Branch("stable", p.commit)
	if _, err := p.changelog(1, "- one", func(c *workflows.Changelog) { c.Branch, c.File = "stable", "docs/NEWS.md" }); err != nil {
		t.Fatal(err)
	}
	if text, _ := p.repo.File("readyroom/changelog-1.0.0", "docs/NEWS.md"); !strings.HasPrefix(text, "# Changelog\n") || p.repo.Pulls()[0].Base != "stable" {
		t.Errorf("a file that was not there: %q", text)
	}
	p = pressing(t)
	text, _ := p.repo.File("main", "CHANGELOG.md")
	p.repo.Commit("main", "ana", "by hand", map[string]string{"CHANGELOG.md": workflows.Changelog{Release: "app@1.0.0", Section: workflows.Approved("## [1.0.0] - 2026-01-05\n\n- one")}.Into(text)})
	if link, err := p.changelog(1, "- one"); err != nil || len(p.repo.Pulls()) > 0 || len(p.repo.Branches()) != 1 || !strings.Contains(link, "/blob/") {
		t.Errorf("the file has it already: %s, %v, %v", link, err, p.repo.Branches())
	}
}

func TestChangelogRefused(t *testing.T) {
	const branch = "readyroom/changelog-1.0.0"
	for name, c := range map[string]struct {
		before func(*press)
		change func(*workflows.Changelog)
		want   []string
	}{
		"a branch of others": {func(p *press) {
			p.repo.Branch(branch, p.commit)
			p.repo.Commit(branch, "ben", "mine", map[string]string{"c.go": "package c"})
		}, nil, []string{"conflict", branch, "commits of others"}},
		"a pull request of others": {func(p *press) {
			p.repo.Branch(branch, p.commit)
			p.repo.Commit(branch, "ben", "mine", map[string]string{"c.go": "package c"})
			p.repo.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "mine"}, Head: branch, Base: "main"})
		}, nil, []string{"exists", "of others", "/pull/1"}},
		"a pull request that says it is the bot's": {func(p *press) {
			p.repo.Branch(branch, p.commit)
			p.repo.Commit(branch, "eve", "mine", map[string]string{"c.go": "package c"})
			p.repo.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "mine", Author: "eve", Body: "x\n\n" + marker(op(1))}, Head: branch, Base: "main"})
		}, nil, []string{"exists", "of others", "/pull/1"}},
		"closed by people": {func(p *press) {
			if _, err := p.changelog(1, "- one"); err != nil {
				p.Fatal(err)
			}
			p.api("PATCH", "pulls/1", map[string]any{"state": "closed"})
		}, nil, []string{"#1", "closed without being merged"}},
		"no such branch": {nil, func(c *workflows.Changelog) { c.Branch = "none" }, []string{"unknown_ref", "no branch none"}},
		"a folder":       {func(p *press) { p.repo.Commit("main", "ana", "x", map[string]string{"docs/a.md": "x"}) }, func(c *workflows.Changelog) { c.File = "docs" }, []string{"no file that can be changed"}},
		"a version":      {nil, func(c *workflows.Changelog) { c.Release = "app@1..0" }, []string{"no branch can be called"}},
		"archived":       {func(p *press) { p.repo.Archive() }, nil, []string{"archived"}},
		"may not propose": {func(p *press) {
			p.fake.Permit(p.fake.Token(), map[string]string{"contents": "write", "pull_requests": "read"})
		}, nil, []string{"permission", "pull_requests: write"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := pressing(t)
			if c.before != nil {
				c.before(p)
			}
			before := len(p.repo.Pulls())
			link, err := p.changelog(1, "- one", func(w *workflows.Changelog) {
				if c.change != nil {
					c.change(w)
				}
			})
			p.refuses(link, err, c.want...)
			if len(p.repo.Pulls()) != before {
				t.Errorf("pull requests: %+v", p.repo.Pulls())
			}
		})
	}
}

// faults are the ways in which an answer goes wrong.
func faultsOf() map[string]githubfake.Fault {
	return map[string]githubfake.Fault{
		"502": githubfake.HTTP(502), "a page": githubfake.HTML(503), "empty": githubfake.Raw(200, ""), "null": githubfake.Raw(200, "null"), "nothing": githubfake.Raw(200, "{}"),
		"a list": githubfake.Raw(200, "[]"), "half": githubfake.Raw(201, `{"id": 1, "bo`), "202": githubfake.Raw(202, `{"message": "later"}`),
		"reset": githubfake.Ends(githubfake.Reset), "cut": githubfake.Ends(githubfake.Cut),
	}
}

// atEveryPoint breaks each request of an act in each way, before and after it had its effect; each attempt is another
// process'. check says what must be so in the end.
func atEveryPoint(t *testing.T, before func(*press), act func(*press) (string, error), check func(p *press, link string)) {
	t.Helper()
	p := pressing(t)
	before(p)
	from := len(p.fake.Calls(""))
	link, err := act(p)
	if err != nil {
		t.Fatal(err)
	}
	steps := len(p.fake.Calls("")) - from
	check(p, link)
	for name, fault := range faultsOf() {
		for k := 1; k <= steps; k++ {
			for _, stored := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, request %d, effect %t", name, k, stored), func(t *testing.T) {
					t.Parallel()
					p := pressing(t)
					before(p)
					fault := fault // each breaks its own
					fault.Stored = stored
					p.fake.FailAt(k, fault)
					link, err := p.settled(func() (string, error) { return act(p) })
					if err != nil {
						t.Fatal(err)
					}
					check(p, link)
					if p.fake.Unspent() > 0 {
						t.Error("nothing broke")
					}
				})
			}
		}
	}
}

func TestReleaseAtEveryPoint(t *testing.T) {
	atEveryPoint(t, func(*press) {}, func(p *press) (string, error) { return p.release(1, "- one") }, func(p *press, link string) { p.one(link, "- one") })
}

func TestCorrectedReleaseAtEveryPoint(t *testing.T) {
	before := func(p *press) {
		if _, err := p.release(1, "- one"); err != nil {
			p.Fatal(err)
		}
	}
	atEveryPoint(t, before, func(p *press) (string, error) { return p.release(2, "- two") }, func(p *press, link string) { p.one(link, "- two") })
}

// proposed wants one pull request, of one commit.
func proposed(p *press, link, text string, commits int) {
	p.Helper()
	const branch = "readyroom/changelog-1.0.0"
	file, _ := p.repo.File(branch, "CHANGELOG.md")
	if len(p.repo.Pulls()) != 1 || link != "https://github.com/acme/app/pull/1" || !strings.Contains(file, "2026-01-05\n\n"+text+"\n") || len(p.repo.Branches()) != 2 {
		p.Errorf("%s: %+v, %q, %v", link, p.repo.Pulls(), file, p.repo.Branches())
	}
	if got := p.api("GET", "compare/main..."+branch, nil)["total_commits"]; got != float64(commits) {
		p.Errorf("%v commits, not %d", got, commits)
	}
}

func TestChangelogAtEveryPoint(t *testing.T) {
	atEveryPoint(t, func(*press) {}, func(p *press) (string, error) { return p.changelog(1, "- one") }, func(p *press, link string) { proposed(p, link, "- one", 1) })
}

func TestCorrectedChangelogAtEveryPoint(t *testing.T) {
	before := func(p *press) {
		if _, err := p.changelog(1, "- one"); err != nil {
			p.Fatal(err)
		}
	}
	atEveryPoint(t, before, func(p *press) (string, error) { return p.changelog(2, "- two") }, func(p *press, link string) { proposed(p, link, "- two", 2) })
}

// The bot's own account is none of those who wrote what is new, however its pull request was merged; whoever wrote to it is.
func TestTheBotWroteNothing(t *testing.T) {
	for name, merged := range map[string]func(*githubfake.Repo, int64) string{"merged": (*githubfake.Repo).Merge, "squashed": (*githubfake.Repo).Squash} {
		t.Run(name, func(t *testing.T) {
			p := pressing(t)
			if _, err := p.changelog(1, "- one"); err != nil {
				t.Fatal(err)
			}
			n := p.repo.Pulls()[0].Number
			p.repo.Commit("readyroom/changelog-1.0.0", "mia", "docs: one word", map[string]string{"NEWS": "x"})
			merged(p.repo, n)
			p.repo.Commit("feat", "ana", "feat: more", map[string]string{"c.go": "package c"})
			own := p.repo.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "feat: more", Author: "ana"}, Head: "feat"})
			merged(p.repo, own)
			found, err := p.g.Look(t.Context(), workflows.Query{Forge: "acme/app", Ref: "main", Log: true, Pulls: true, Since: p.commit})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range found.Log {
				if slices.Contains(c.Names, githubfake.Bot) || c.Pull != nil && c.Pull.Author == githubfake.Bot {
					t.Errorf("%s is by %v, of %+v", c.Subject, c.Names, c.Pull)
				}
				if c.Pull != nil && int64(c.Pull.Number) == own && c.Pull.Author != "ana" || c.Own != (len(c.Names) == 0) {
					t.Errorf("%+v of %+v", c, c.Pull)
				}
			}
			if len(found.Log) < 3 {
				t.Errorf("%+v", found.Log)
			}
		})
	}
}

// How a pull request stands is what GitHub says of that very one; of what it does not show, nothing is said.
func TestHowAPullRequestStands(t *testing.T) {
	p := pressing(t)
	if _, err := p.changelog(1, "- one"); err != nil {
		t.Fatal(err)
	}
	n := p.repo.Pulls()[0].Number
	stands := func(what string, number int64, want workflows.PullState) {
		t.Helper()
		found, err := p.g.Look(t.Context(), workflows.Query{Forge: "acme/app", Pull: int(number)})
		if err != nil || found.Pull != want {
			t.Errorf("%s: %q, %v; want %q", what, found.Pull, err, want)
		}
	}
	stands("new", n, workflows.PullOpen)
	p.repo.ClosePull(n)
	stands("closed", n, workflows.PullClosed)
	p.repo.ReopenPull(n)
	stands("open again", n, workflows.PullOpen)
	p.repo.Merge(n)
	stands("merged", n, workflows.PullMerged)
	stands("nobody's", 99, "")
	for answer, want := range map[string]string{`{}`: "says nothing", `{"number":77,"state":"open"}`: "another one", fmt.Sprintf(`{"number":%d,"state":"hovering"}`, n): "says nothing here: hovering", "": "says nothing"} {
		p.anew()
		p.fake.FailAt(1, githubfake.Raw(200, answer))
		if found, err := p.g.Look(t.Context(), workflows.Query{Forge: "acme/app", Pull: int(n)}); err == nil || found.Pull != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v", answer, found.Pull, err)
		}
	}
}
