package githubfake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Repo is a repository. Its methods are what people and machines do there.
type Repo struct {
	f           *Fake
	id          int64
	owner, repo string
	def         string // the branch that is meant when none is said
	public      bool
	archived    bool
	protected   map[string]bool // branches that only pull requests change
	required    map[string]*protection
	rulesets    map[string][]*ruleset // by branch
	ruleless    string                // how it has no rulesets; see Rulesets
	deleted     bool
	made        time.Time
	objects
	refs       map[string]string // "refs/heads/main": an id
	number     int64             // the last of an issue or pull request
	issues     map[int64]*Issue
	pulls      map[int64]*Pull
	milestones []*Milestone
	checks     []*Check
	statuses   []*Status
	releases   []*Release
	deploys    []*Deployment
	envs       []*Environment
	workflows  []*Workflow
	runs       []*Run
	treeCut    int // so many entries of a tree are listed; zero: all
}

// AddRepo makes an empty, private repository whose default branch is main: AddRepo("acme/app").
func (f *Fake) AddRepo(name string) *Repo {
	owner, repo, ok := strings.Cut(name, "/")
	if !ok {
		f.t.Fatalf("githubfake: %q is no owner/name", name)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	r := &Repo{
		f: f, id: f.id(), owner: owner, repo: repo, def: "main", made: f.now(), objects: newObjects(), refs: map[string]string{},
		protected: map[string]bool{}, required: map[string]*protection{}, rulesets: map[string][]*ruleset{}, issues: map[int64]*Issue{}, pulls: map[int64]*Pull{},
	}
	f.repos[strings.ToLower(name)] = r
	return r
}

// Repo is the repository of that name, or nil.
func (f *Fake) Repo(name string) *Repo {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.repos[strings.ToLower(name)]
}

// Name is what the repository is called: "acme/app".
func (r *Repo) Name() string {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	return r.name()
}

func (r *Repo) name() string { return r.owner + "/" + r.repo }

// url is where the API has something of the repository.
func (r *Repo) url(path string) string { return r.f.base + "/repos/" + r.name() + path }

// html is where people see something of it.
func (r *Repo) html(path string) string { return web + r.name() + path }

// Publish lets everybody read the repository.
func (r *Repo) Publish() { r.set(func() { r.public = true }) }

// Archive makes it read-only.
func (r *Repo) Archive() { r.set(func() { r.archived = true; r.tell("repository", "archived", nil) }) }

// Unarchive takes that back.
func (r *Repo) Unarchive() {
	r.set(func() { r.archived = false; r.tell("repository", "unarchived", nil) })
}

// Delete deletes the repository.
func (r *Repo) Delete() { r.set(func() { r.tell("repository", "deleted", nil); r.deleted = true }) }

// Rename gives it another name, or owner; whoever asks by the old one is sent to the new one.
func (r *Repo) Rename(name string) {
	r.set(func() {
		r.owner, r.repo, _ = strings.Cut(name, "/")
		r.f.repos[strings.ToLower(name)] = r
		r.tell("repository", "renamed", nil)
	})
}

// DefaultBranch says which branch is meant when none is said.
func (r *Repo) DefaultBranch(name string) { r.set(func() { r.def = name }) }

// CutTrees lists only so many entries of a tree from now on, and says that it is truncated; zero: all.
func (r *Repo) CutTrees(n int) { r.set(func() { r.treeCut = n }) }

// set changes something, under the lock.
func (r *Repo) set(do func()) {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	do()
	r.f.stirred.Stir()
}

// fatal ends the test: it asked for what is not there. The lock is held, and given back.
func (r *Repo) fatal(format string, args ...any) {
	r.f.t.Helper()
	r.f.mu.Unlock()
	defer r.f.mu.Lock()
	r.f.t.Fatalf("githubfake: "+r.name()+": "+format, args...)
}

func init() {
	serve(route{method: "GET", pattern: "/repos/{owner}/{repo}", needs: "metadata=read", do: func(_ *Fake, c *Call) (any, refusal) {
		out := c.repo.all()
		writes := c.writer()
		out["permissions"] = reply{"admin": false, "maintain": false, "push": writes, "triage": writes, "pull": true}
		return out, refusal{}
	}})
}

// all is the repository as the API has it.
func (r *Repo) all() reply {
	visibility := "private"
	if r.public {
		visibility = "public"
	}
	return reply{
		"id": r.id, "node_id": node("Repository", r.id), "name": r.repo, "full_name": r.name(), "private": !r.public, "visibility": visibility,
		"owner": r.f.userAll(r.f.user(r.owner)), "html_url": r.html(""), "description": nil, "fork": false, "url": r.url(""),
		"default_branch": r.def, "archived": r.archived, "disabled": false, "created_at": stamp(r.made), "updated_at": stamp(r.made),
		"pushed_at": stamp(r.made), "has_issues": true, "clone_url": r.html(".git"), "ssh_url": "git@github.com:" + r.name() + ".git",
		"open_issues_count": 0, "size": 0, "language": nil, "license": nil,
	}
}

// stamp is a time as GitHub writes it; of none, null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// node is an id as GraphQL has it; nobody should read anything into it.
func node(kind string, id int64) string { return fmt.Sprintf("%s_kw%d", kind, id) }

var shaPattern = regexp.MustCompile(`^[0-9a-f]{4,40}$`)

// resolve gives the commit that somebody means: a branch, a tag, with or without what comes before their names, or an id
// of which four digits are enough. A branch is meant rather than a tag of its name.
func (r *Repo) resolve(ref string) (string, bool) {
	if ref == "" {
		ref = r.def
	}
	for _, full := range []string{"refs/heads/" + ref, "refs/tags/" + ref, "refs/" + ref, ref} {
		if id, ok := r.refs[full]; ok {
			return r.peeled(id), true
		}
	}
	if !shaPattern.MatchString(ref) {
		return "", false
	}
	if r.commits[ref] != nil {
		return ref, true
	}
	found := ""
	for id := range r.commits {
		if strings.HasPrefix(id, ref) {
			if found != "" {
				return "", false
			}
			found = id
		}
	}
	return found, found != ""
}

// named gives the commit of a branch or a tag, not of an id.
func (r *Repo) named(ref string) (string, bool) {
	if shaPattern.MatchString(ref) && r.refs["refs/heads/"+ref] == "" && r.refs["refs/tags/"+ref] == "" {
		return "", false
	}
	return r.resolve(ref)
}

// peeled is the commit that an annotated tag, or a tag of one, names.
func (r *Repo) peeled(id string) string {
	for t := r.tags[id]; t != nil; t = r.tags[id] {
		id = t.object
	}
	return id
}
