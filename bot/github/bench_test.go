package github_test

import (
	"fmt"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

// BenchmarkLook reads a log of 400 commits with their files, digests and checks, as a candidate is set; again: when it is
// looked at anew and nothing changed.
func BenchmarkLook(b *testing.B) {
	f := githubfake.New(b, githubfake.Options{Portless: true})
	r := f.AddRepo("acme/app")
	r.Tag("v1", r.Commit("main", "ana", "root", map[string]string{"auth/a": "0"}))
	for i := range 400 {
		r.Commit("main", "ana", fmt.Sprint("change ", i), map[string]string{fmt.Sprintf("auth/%d", i%50): fmt.Sprint(i)})
	}
	fresh := func() *github.GitHub {
		g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(f.Token())}, URL: "http://localhost/", Transport: f.Transport(), Spacing: -1})
		if err != nil {
			b.Fatal(err)
		}
		return g
	}
	q := workflows.Query{Forge: "acme/app", Log: true, Files: true, Paths: []string{"auth"}, Checks: true}
	run := func(client func() *github.GitHub) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				if found, err := client().Look(b.Context(), q); err != nil || len(found.Log) != 400 {
					b.Fatal(len(found.Log), err)
				}
			}
		}
	}
	b.Run("first", run(fresh))
	g := fresh()
	b.Run("again", run(func() *github.GitHub { return g }))
}
