package githubfake_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// driven are lines, and below some what they say: "=" all of it, "~" a part, "!" a part of the error.
const driven = `
repo acme/app public
user ben 'Ben B' ben@example.org
commit main 'feat: begin' by=ben README.md hello
issue Broken by=ben labels=bug,ui
= 1
milestone 1.0
= 1
branch topic
commit topic 'fix: mend' by=mia
pull topic 'Mend it' by=mia 'body=Fixes #1' milestone=1
= 2
label 2 bug
merge 2
show pulls
= #2 merged topic→main: Mend it
branch other
commit other 'fix: other'
pull other Other by=mia
= 3
close-pull 3
show pulls
~ #3 closed other→main: Other
reopen-pull 3
squash 3
say 1 ana 'me too'
lock 1
close 1
show comments 1
= ana: me too
tag v1 main
annotate v2 main
delete-tag v2
tag v1.1 topic
force-push topic main
delete-branch topic
show refs
~ tag v1.1
show file main README.md
= hello
show commits v1
~ feat: begin
check test in_progress
check test success
check test success by=jenkins
status ci pending
status ci success by=ben
environment production required_reviewers
deploy staging v1 by=ben
deploy-status staging success
show deployments
~ success by ben
deploy-status nowhere success
! nothing was deployed to nowhere
workflow deploy.yml 'deploy ${{ inputs.op }}' op staging
show runs
= nothing
run-status deploy.yml success
! deploy.yml was never run
show releases
= nothing
show release v1
= nothing
close-milestone 1
fail 'GET /repos/{owner}/{repo}' 502 reset stored-cut empty null {} html 429 ordinary
fail 'GET /repos/{owner}/{repo}' sometimes
! "sometimes" is no fault
permit contents=write metadata=read
permit everything
! "everything" is no PERMISSION=LEVEL
forbid contents
revoke
hook URL/hooks secret
archive
hook-deliver forged repository
~ a body that is gone: 401
hook-deliver all
~ repository archived: 202
unarchive
hook-deliver backwards
= repository unarchived: 202
hook-deliver again ping
= ping: 202
unarchive
hook-deliver none
hook-deliver sideways
! nothing is delivered "sideways"
publish
rename acme/web
show calls
= nothing
protect main
require main test ci@jenkins
rule main slow@github-actions
rulesets hidden
show nonsense
! "nonsense" cannot be shown
down
up
delete
tag
! write tag NAME [AT]
dance
! there is no "dance"
`

// words are those of a line; quotes hold some together.
func words(line string) (all []string) {
	for i, part := range strings.Split(line, "'") {
		switch {
		case i%2 == 0:
			all = append(all, strings.Fields(part)...)
		case len(all) > 0 && strings.HasSuffix(line[:strings.Index(line, part)-1], "="):
			all[len(all)-1] += part // body='Fixes #1'
		default:
			all = append(all, part)
		}
	}
	return all
}

// TestDriver carries out every kind of line.
func TestDriver(t *testing.T) {
	f := githubfake.New(t, githubfake.Options{Now: newClock().Now})
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if text, err := io.ReadAll(q.Body); err != nil || q.Header.Get("X-Hub-Signature-256") != githubfake.Signature("secret", text) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer app.Close()
	d := f.Driver()
	if _, err := d.Do(t.Context(), "archive"); err == nil || !strings.Contains(err.Error(), "write repo acme/app first") {
		t.Error(err)
	}
	if _, err := d.Do(t.Context()); err == nil || !strings.Contains(err.Error(), "hook-deliver") {
		t.Error(err)
	}
	done := map[string]bool{}
	lines := slices.DeleteFunc(strings.Split(driven, "\n"), func(l string) bool { return l == "" })
	for i, l := range lines {
		if strings.ContainsAny(l[:1], "=~!") {
			continue
		}
		args := words(strings.ReplaceAll(l, "URL", app.URL))
		done[args[0]] = true
		said, err := d.Do(t.Context(), args...)
		want := " "
		if i+1 < len(lines) && strings.ContainsAny(lines[i+1][:1], "=~!") {
			want = lines[i+1]
		}
		good := err == nil
		switch rest := strings.TrimSpace(want[1:]); want[0] {
		case '=':
			good = err == nil && strings.TrimSpace(said) == rest
		case '~':
			good = err == nil && strings.Contains(said, rest)
		case '!':
			good = err != nil && strings.Contains(err.Error(), rest)
		}
		if !good {
			t.Errorf("%s: %q, %v; want %s", l, said, err, want)
		}
	}
	for _, usage := range githubfake.Verbs() {
		if name, _, _ := strings.Cut(usage, " "); !done[name] {
			t.Errorf("nobody wrote %s", usage)
		}
	}
}
