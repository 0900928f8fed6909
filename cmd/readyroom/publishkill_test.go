package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

const pressed workflows.ReleaseID = "dock@1.0"

// prints publishes the notes of a release, and corrects them.
func (v *voyage) prints() {
	v.t.Helper()
	sha := v.repo.Commit("main", "ana", "feat: one", map[string]string{"a.go": "package a", "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n"})
	v.asks("", release.New{ID: pressed, Ref: sha, Risk: "low"})
	v.asks(pressed, notes.Edit{Text: "It is fast."})
	v.asks(pressed, notes.Approve{})
	v.asks(pressed, release.Sign{Items: []string{"tests", "changelog", "way-back"}})
	v.asks(pressed, release.Advance{})
	v.asks(pressed, notes.Publish{At: v.now.Add(time.Minute)})
	v.now = v.now.Add(2 * time.Minute)
	v.out("It is fast.")
	v.asks(pressed, notes.Edit{Text: "It is twice as fast."})
	v.asks(pressed, notes.Approve{})
	v.asks(pressed, notes.Correct{Why: "how much was not said"})
	v.out("It is twice as fast.")
}

// out goes on until a text is everywhere; what GitHub did not take is published again, as the manager is told to.
func (v *voyage) out(text string) {
	v.t.Helper()
	for range 40 {
		v.step()
		n, err := v.desk.Notes(context.Background(), pressed)
		if err != nil {
			v.t.Fatal(err)
		}
		waiting, err := v.store.Waiting(context.Background())
		if err != nil {
			v.t.Fatal(err)
		}
		left := slices.ContainsFunc(waiting, func(p storage.Pending) bool { return slices.Contains(v.mortal, p.What) })
		if done := func(o notes.Outlet) bool { return o.Fate == workflows.Done }; n.Out != nil && n.Out.Text.String() == text && !left &&
			len(n.Out.Outlets) == 2 && done(n.Out.Outlets[0]) && done(n.Out.Outlets[1]) {
			return
		}
		if n.Out != nil && n.Out.Lacks() {
			v.asks(pressed, notes.Publish{})
		}
		v.forgets(waiting)
		v.now = v.now.Add(6 * time.Minute)
	}
	v.t.Fatalf("%q never gets everywhere", text)
}

// forgets drops what waits for a human, once it is published again.
func (v *voyage) forgets(waiting []storage.Pending) {
	v.t.Helper()
	for _, p := range waiting {
		if p.State != storage.Stuck && p.State != storage.Dead {
			continue
		}
		if _, err := v.desk.Settle(context.Background(), p.ID, ledger.WordDrop, "ops", v.now); err != nil {
			v.t.Fatal(err)
		}
	}
}

// printedOnce: there is one release, one pull request and one post, and each reads as it was corrected.
func (v *voyage) printedOnce() {
	v.t.Helper()
	if all := v.repo.Releases(); len(all) != 1 || all[0].Draft || !strings.HasPrefix(all[0].Body, "It is twice as fast.\n") || !slices.Equal(v.repo.Tags(), []string{"v1.0"}) {
		v.t.Errorf("releases: %+v, tags %v", all, v.repo.Tags())
	}
	file, _ := v.repo.File("readyroom/changelog-1.0", "CHANGELOG.md")
	if all := v.repo.Pulls(); len(all) != 1 || strings.Count(file, "## [1.0]") != 1 || !strings.Contains(file, "twice as fast") || strings.Contains(file, "It is fast") {
		v.t.Errorf("pull requests: %+v, the file reads %q", all, file)
	}
	posts, lines := 0, 0
	for _, m := range v.chat.Shows("chat/#news") {
		switch {
		case strings.HasSuffix(m.Message.Title, " is out"):
		case m.Thread != "":
			lines++
		default:
			posts++
			if !slices.Equal(m.Message.Lines, []string{"It is twice as fast."}) {
				v.t.Errorf("the post reads %q", m.Message.Lines)
			}
		}
	}
	if posts != 1 || lines != 1 {
		v.t.Errorf("%d posts, and %d lines that say that they were corrected", posts, lines)
	}
}

// Whenever the program dies while notes are published, at their time, and corrected, and whatever GitHub answered then,
// they are everywhere once.
func TestPublishKilled(t *testing.T) {
	odd := map[string]githubfake.Fault{"": {}, "reset behind it": githubfake.Stored(githubfake.Ends(githubfake.Reset)), "502": githubfake.HTML(502),
		"empty behind it": githubfake.Stored(githubfake.Raw(200, "")), "null": githubfake.Raw(200, "null")}
	const at = "/repos/{owner}/{repo}"
	writes := []string{"POST " + at + "/releases", "PATCH " + at + "/releases/{id}", "POST " + at + "/git/refs", "PUT " + at + "/contents/{path...}", "POST " + at + "/pulls"}
	for _, point := range []string{"", bot.Claimed, bot.BeforeSend, bot.AfterSend, bot.BeforeWake, bot.AfterWake, bot.Settled} {
		last := 8 // the wake-up; twice a post, a release and a change log; and the line that says that it was corrected
		switch point {
		case "", bot.BeforeWake, bot.AfterWake:
			last = 1
		case bot.BeforeSend, bot.AfterSend:
			last = 7
		}
		for passing := 1; passing <= last; passing++ {
			for name, fault := range odd {
				t.Run(strings.Join([]string{point, fmt.Sprint(passing), name}, "/"), inTimeOfItsOwn(func(t *testing.T) {
					v := embark(t)
					v.point, v.left, v.mortal = point, passing, []string{notes.WakePublish, "notes", notes.ToldCorrected, workflows.ActRelease, workflows.ActChangelog}
					for _, route := range writes {
						if name != "" {
							v.fake.Fail(route, fault)
						}
					}
					v.prints()
					v.printedOnce()
					if v.died != (point != "") {
						t.Errorf("it died: %v", v.died)
					}
				}))
			}
		}
	}
}
