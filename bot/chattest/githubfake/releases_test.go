package githubfake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

const releases = "/repos/acme/app/releases"

// TestReleases: a draft has no tag; published, it is made where it was meant, unless it is there.
func TestReleases(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	first := r.Head("main")
	second := r.Commit("main", "ana", "feat: more", nil)
	a := api.post(releases, j{"tag_name": "v1", "target_commitish": first, "name": "One", "body": "b", "draft": true}).must(t, 201)
	id := fmt.Sprintf("%.0f", a.at(t, "id"))
	a.says(t, "published_at", nil)
	if !strings.Contains(a.at(t, "html_url").(string), "/untagged-") || len(r.Tags()) != 0 {
		t.Errorf("%s, tags %v", a.text, r.Tags())
	}
	api.get(releases+"/tags/v1").must(t, 404)
	api.get(releases+"/latest").must(t, 404)
	api.get(releases).says(t, "#", 1)
	a = api.do("PATCH", releases+"/"+id, j{"draft": false}).must(t, 200)
	a.says(t, "html_url", "https://github.com/acme/app/releases/tag/v1")
	if r.Head("tags/v1") != first {
		t.Errorf("the tag names %s", r.Head("tags/v1"))
	}
	api.get(releases+"/tags/v1").says(t, "name", "One")
	// The tag is there: where it was to be made is not looked at.
	r.Tag("v2", second)
	api.post(releases, j{"tag_name": "v2", "target_commitish": "nothing", "make_latest": "false"}).must(t, 201).says(t, "target_commitish", "nothing")
	api.get(releases+"/latest").says(t, "tag_name", "v2") // the newest by its commit, whatever "false" once said
	api.do("PATCH", releases+"/"+id, j{"make_latest": "true"}).must(t, 200)
	api.get(releases+"/latest").says(t, "tag_name", "v1")
	api.do("DELETE", releases+"/"+id, nil).must(t, 204)
	api.get(releases+"/"+id).must(t, 404)
	if got := r.Releases(); len(got) != 1 || got[0].Tag != "v2" || len(r.Tags()) != 2 {
		t.Errorf("%+v, tags %v", got, r.Tags())
	}
}

// TestReleaseRefused walks what is refused, and how.
func TestReleaseRefused(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	api.post(releases, j{"tag_name": "v1"}).must(t, 201)
	tests := []struct {
		name      string
		body      j
		field, is string // of the first error
	}{
		{"twice", j{"tag_name": "v1"}, "tag_name", "already_exists"},
		{"no name for a tag", j{"tag_name": "v 2"}, "tag_name", "custom"},
		{"a target that is not there", j{"tag_name": "v2", "target_commitish": "nothing"}, "target_commitish", "invalid"},
		{"a latest draft", j{"tag_name": "v2", "draft": true, "make_latest": "true"}, "make_latest", "invalid"},
		{"a latest prerelease", j{"tag_name": "v2", "prerelease": true, "make_latest": "true"}, "make_latest", "invalid"},
		{"too long", j{"tag_name": "v2", "body": strings.Repeat("é", 125001)}, "body", "custom"},
	}
	for _, x := range tests {
		a := api.post(releases, x.body).must(t, 422)
		a.says(t, "message", "Validation Failed")
		a.says(t, "errors.0.field", x.field)
		a.says(t, "errors.0.code", x.is)
	}
	api.post(releases, j{"tag_name": "v2", "make_latest": true}).must(t, 422)
	// A tag on other workflows than the default branch's needs a permission more, and the answer does not say so.
	old := r.Head("main")
	r.Commit("main", "ana", "ci: test", map[string]string{".github/workflows/test.yml": "on: push"})
	f.Permit("narrow", map[string]string{"contents": "write"})
	api.token = "narrow"
	api.post(releases, j{"tag_name": "v3", "target_commitish": old}).must(t, 404)
	api.post(releases, j{"tag_name": "v3", "target_commitish": "main"}).must(t, 201)
	// Drafts are for those who write.
	api.post(releases, j{"tag_name": "v4", "draft": true}).must(t, 201)
	api.get(releases).says(t, "#", 3)
	f.Permit("narrow", map[string]string{"contents": "read"})
	api.get(releases).says(t, "#", 2)
}

// TestGeneratedNotes drafts notes of what was merged, and saves nothing.
func TestGeneratedNotes(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	r.Tag("v1", "main")
	r.Branch("topic", "main")
	r.Commit("topic", "ben", "feat: x", map[string]string{"x": "x"})
	n := r.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "Add x", Author: "ben"}, Head: "topic"})
	r.Squash(n)
	a := api.post(releases+"/generate-notes", j{"tag_name": "v2", "target_commitish": "main", "previous_tag_name": "v1"}).must(t, 200)
	if body := a.at(t, "body").(string); !strings.Contains(body, "* Add x by @ben in https://github.com/acme/app/pull/1\n") || !strings.HasSuffix(body, "/compare/v1...v2") {
		t.Errorf("%q", body)
	}
	api.post(releases+"/generate-notes", j{"tag_name": "v2", "previous_tag_name": "v0"}).must(t, 422)
	api.post(releases, j{"tag_name": "v2", "body": "Ours.", "generate_release_notes": true}).must(t, 201)
	if x := r.Releases()[0]; !strings.HasPrefix(x.Body, "Ours.\n\n## What's Changed\n") || x.Name != "v2" {
		t.Errorf("%+v", x)
	}
}
