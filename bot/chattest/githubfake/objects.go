package githubfake

import (
	"crypto/sha1" //nolint:gosec // what git's ids are made with
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// objects are what git keeps by id. The ids are git's own: the same commit has the same one in a clone.
type objects struct {
	blobs   map[string]string
	trees   map[string][]entry // in git's order
	commits map[string]*commit
	tags    map[string]*tagObject
}

// entry is a line of a tree.
type entry struct {
	mode, name, sha string // "100644", "40000" of a tree
}

func (e entry) tree() bool { return e.mode == "40000" }

// commit is one as git keeps it.
type commit struct {
	sha, tree         string
	parents           []string
	author, committer signature
	message           string
	n                 int // in which order it came here
}

// subject is the first line of its message.
func (c *commit) subject() string {
	first, _, _ := strings.Cut(c.message, "\n")
	return first
}

// tagObject is an annotated tag.
type tagObject struct {
	sha, object, kind, name string
	tagger                  signature
	message                 string
}

// signature is who did something, and when.
type signature struct {
	name, email string
	at          time.Time
	zone        string // "+0000"; kept, for it is part of the id
}

func (s signature) line() string {
	return fmt.Sprintf("%s <%s> %d %s", s.name, s.email, s.at.Unix(), s.zone)
}

func newObjects() objects {
	return objects{blobs: map[string]string{}, trees: map[string][]entry{}, commits: map[string]*commit{}, tags: map[string]*tagObject{}}
}

func hash(kind, raw string) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%s %d\x00%s", kind, len(raw), raw)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

func (o objects) blob(content string) string {
	sha := hash("blob", content)
	o.blobs[sha] = content
	return sha
}

// tree keeps one, in git's order: a folder sorts as if its name ended in a slash.
func (o objects) tree(entries []entry) string {
	key := func(e entry) string {
		if e.tree() {
			return e.name + "/"
		}
		return e.name
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(key(a), key(b)) })
	var raw strings.Builder
	for _, e := range entries {
		id, err := hex.DecodeString(e.sha)
		if err != nil {
			panic(err)
		}
		raw.WriteString(e.mode + " " + e.name + "\x00" + string(id))
	}
	sha := hash("tree", raw.String())
	o.trees[sha] = entries
	return sha
}

// commit keeps one, with its id.
func (o objects) commit(c *commit) string {
	var raw strings.Builder
	raw.WriteString("tree " + c.tree + "\n")
	for _, p := range c.parents {
		raw.WriteString("parent " + p + "\n")
	}
	raw.WriteString("author " + c.author.line() + "\ncommitter " + c.committer.line() + "\n\n" + c.message)
	return o.keep(c, hash("commit", raw.String()))
}

func (o objects) keep(c *commit, sha string) string {
	if o.commits[sha] == nil {
		c.sha, c.n = sha, len(o.commits)+1
		o.commits[sha] = c
	}
	return sha
}

func (o objects) tag(t *tagObject) string {
	raw := "object " + t.object + "\ntype " + t.kind + "\ntag " + t.name + "\ntagger " + t.tagger.line() + "\n\n" + t.message
	t.sha = hash("tag", raw)
	o.tags[t.sha] = t
	return t.sha
}

// changed gives the tree with files written, or gone, in it. mode is of what is written.
func (o objects) changed(root string, files map[string]string) string {
	for _, path := range slices.Sorted(maps.Keys(files)) {
		blob := ""
		if files[path] != Gone {
			blob = o.blob(files[path])
		}
		root = o.put(root, strings.Split(path, "/"), "100644", blob)
	}
	if root == "" {
		root = o.tree(nil)
	}
	return root
}

// put writes one entry at a path below a tree, and gives the new tree; the blob "" takes it away. What is empty is "".
func (o objects) put(root string, path []string, mode, sha string) string {
	entries := slices.Clone(o.trees[root])
	at := slices.IndexFunc(entries, func(e entry) bool { return e.name == path[0] })
	if len(path) > 1 {
		below := ""
		if at >= 0 && entries[at].tree() {
			below = entries[at].sha
		}
		mode, sha = "40000", o.put(below, path[1:], mode, sha)
	}
	switch {
	case sha == "" && at >= 0:
		entries = slices.Delete(entries, at, at+1)
	case sha == "":
	case at >= 0:
		entries[at] = entry{mode, path[0], sha}
	default:
		entries = append(entries, entry{mode, path[0], sha})
	}
	if len(entries) == 0 {
		return ""
	}
	return o.tree(entries)
}

// at is what stands at a path of a tree; "" is the tree itself.
func (o objects) at(root, path string) (entry, bool) {
	e := entry{mode: "40000", sha: root}
	for name := range strings.SplitSeq(path, "/") {
		if name == "" {
			continue
		}
		i := slices.IndexFunc(o.trees[e.sha], func(x entry) bool { return x.name == name })
		if !e.tree() || i < 0 {
			return entry{}, false
		}
		e = o.trees[e.sha][i]
	}
	return e, true
}

// walk visits everything below a tree, folders before what is in them.
func (o objects) walk(root, at string, visit func(path string, e entry)) {
	for _, e := range o.trees[root] {
		visit(at+e.name, e)
		if e.tree() {
			o.walk(e.sha, at+e.name+"/", visit)
		}
	}
}
