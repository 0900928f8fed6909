package githubfake

import (
	"slices"
	"strings"
	"time"
)

// Gone instead of a file's content takes the file away.
const Gone = "\x00gone"

// Change is a commit as somebody makes it.
type Change struct {
	Branch    string            // a new one begins at the default branch
	Author    string            // a login, or "Ana <ana@example.org>"
	Committer string            // empty: the author
	Message   string            // with its body
	Files     map[string]string // what is written, by path; Gone takes a file away
	At        time.Time         // zero: now
	Parents   []string          // beside the branch's; for a merge
}

// Commit pushes a commit onto a branch, and gives its id.
func (r *Repo) Commit(branch, author, message string, files map[string]string) string {
	return r.Push(Change{Branch: branch, Author: author, Message: message, Files: files})
}

// Push pushes a commit, and gives its id.
func (r *Repo) Push(c Change) string {
	var id string
	r.set(func() { id = r.push(c) })
	return id
}

func (r *Repo) push(c Change) string {
	ref := "refs/heads/" + c.Branch
	head := r.refs[ref]
	if head == "" {
		head = r.refs["refs/heads/"+r.def]
	}
	id := r.grow(head, c)
	r.move(ref, id, c.Author)
	return id
}

// grow makes a commit on top of another, or the first.
func (r *Repo) grow(head string, c Change) string {
	one := &commit{author: r.f.person(c.Author), message: strings.TrimRight(c.Message, "\n") + "\n"}
	if !c.At.IsZero() {
		one.author.at = c.At.UTC().Truncate(time.Second)
	}
	one.committer = one.author
	if c.Committer != "" {
		one.committer = r.f.person(c.Committer)
		one.committer.at = one.author.at
	}
	base := ""
	if head != "" {
		one.parents, base = []string{head}, r.commits[head].tree
	}
	one.parents = append(one.parents, c.Parents...)
	one.tree = r.changed(base, c.Files)
	return r.commit(one)
}

// move has a ref name another object, and tells of it; "" deletes it. who is the login of whoever pushes.
func (r *Repo) move(ref, id, who string) {
	before := r.refs[ref]
	if before == id {
		return
	}
	if id == "" {
		delete(r.refs, ref)
	} else {
		r.refs[ref] = id
	}
	r.pushed(ref, before, id, who)
	if branch, is := strings.CutPrefix(ref, "refs/heads/"); is && id != "" {
		r.synchronize(branch, before)
	}
}

// target is the commit that a test means; it ends the test without one.
func (r *Repo) target(ref string) string {
	id, ok := r.resolve(ref)
	if !ok {
		r.fatal("there is no %q", ref)
	}
	return id
}

// Branch begins a branch at a commit, or moves it there.
func (r *Repo) Branch(name, at string) {
	r.set(func() { r.move("refs/heads/"+name, r.target(at), Bot) })
}

// ForcePush moves a branch to any commit.
func (r *Repo) ForcePush(name, at string) { r.Branch(name, at) }

// DeleteBranch deletes one.
func (r *Repo) DeleteBranch(name string) { r.set(func() { r.move("refs/heads/"+name, "", Bot) }) }

// Tag names a commit, or moves the tag to it.
func (r *Repo) Tag(name, at string) {
	r.set(func() { r.move("refs/tags/"+name, r.target(at), Bot) })
}

// AnnotatedTag names a commit with a tag that is an object of its own; it gives that object's id.
func (r *Repo) AnnotatedTag(name, at, message string) (id string) {
	r.set(func() {
		id = r.tag(&tagObject{object: r.target(at), kind: "commit", name: name, tagger: r.f.person(Bot), message: message + "\n"})
		r.move("refs/tags/"+name, id, Bot)
	})
	return id
}

// DeleteTag deletes one.
func (r *Repo) DeleteTag(name string) { r.set(func() { r.move("refs/tags/"+name, "", Bot) }) }

// Head is the commit of a branch, a tag, or the default branch if nothing is said; "" without one.
func (r *Repo) Head(ref string) string {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	id, _ := r.resolve(ref)
	return id
}

// Tags are the names of all tags.
func (r *Repo) Tags() []string { return r.names("refs/tags/") }

// Branches are the names of all branches.
func (r *Repo) Branches() []string { return r.names("refs/heads/") }

func (r *Repo) names(prefix string) []string {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	return r.refNames(prefix)
}

func (r *Repo) refNames(prefix string) []string {
	var all []string
	for ref := range r.refs {
		if name, is := strings.CutPrefix(ref, prefix); is {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// File is what a file holds at a branch, tag or commit.
func (r *Repo) File(ref, path string) (string, bool) {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	id, ok := r.resolve(ref)
	if !ok {
		return "", false
	}
	e, ok := r.at(r.commits[id].tree, path)
	if !ok || e.tree() {
		return "", false
	}
	return r.blobs[e.sha], true
}
