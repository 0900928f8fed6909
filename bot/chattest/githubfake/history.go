package githubfake

import (
	"container/heap"
	"slices"
)

// reach are the commits that a commit has behind it, itself among them.
func (o objects) reach(sha string) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{sha}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if c := o.commits[next]; c != nil && !seen[next] {
			seen[next] = true
			todo = append(todo, c.parents...)
		}
	}
	return seen
}

// log lists what a commit has behind it and others have not, newest first, and never a parent before its child.
func (o objects) log(sha string, without map[string]bool) []*commit {
	in := o.reach(sha)
	for gone := range without {
		delete(in, gone)
	}
	children := map[string]int{}
	for id := range in {
		for _, p := range o.commits[id].parents {
			children[p]++
		}
	}
	ready := &byDate{}
	if in[sha] {
		heap.Push(ready, o.commits[sha])
	}
	var all []*commit
	for ready.Len() > 0 {
		c := heap.Pop(ready).(*commit)
		all = append(all, c)
		for _, p := range c.parents {
			if children[p]--; children[p] == 0 && in[p] {
				heap.Push(ready, o.commits[p])
			}
		}
	}
	return all
}

// byDate gives the newest commit first; of the same second, the one that came last.
type byDate []*commit

func (b byDate) Len() int { return len(b) }
func (b byDate) Less(i, j int) bool {
	if c := b[i].committer.at.Compare(b[j].committer.at); c != 0 {
		return c > 0
	}
	return b[i].n > b[j].n
}
func (b byDate) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func (b *byDate) Push(x any)   { *b = append(*b, x.(*commit)) }
func (b *byDate) Pop() any {
	last := len(*b) - 1
	x := (*b)[last]
	*b = (*b)[:last]
	return x
}

// mergeBase is the best common ancestor of two commits; "" without one.
func (o objects) mergeBase(a, b string) string {
	common := o.reach(a)
	for _, c := range o.log(b, nil) {
		if common[c.sha] {
			return c.sha
		}
	}
	return ""
}

// change is what became of a file between two trees.
type change struct {
	path, status     string // "added", "modified", "removed"
	before, after    string // the blobs
	additions, gones int    // lines
}

// diff lists the files that differ, by path.
func (o objects) diff(before, after string) []change {
	was, is := o.files(before), o.files(after)
	var all []change
	for path, sha := range is {
		switch old, there := was[path]; {
		case !there:
			all = append(all, change{path: path, status: "added", after: sha})
		case old != sha:
			all = append(all, change{path: path, status: "modified", before: old, after: sha})
		}
	}
	for path, sha := range was {
		if _, there := is[path]; !there {
			all = append(all, change{path: path, status: "removed", before: sha})
		}
	}
	slices.SortFunc(all, func(a, b change) int { return slices.Compare([]byte(a.path), []byte(b.path)) })
	for i := range all {
		all[i].gones, all[i].additions = lines(o.blobs[all[i].before]), lines(o.blobs[all[i].after])
	}
	return all
}

func (o objects) files(root string) map[string]string {
	all := map[string]string{}
	o.walk(root, "", func(path string, e entry) {
		if !e.tree() {
			all[path] = e.sha
		}
	})
	return all
}

func lines(text string) (n int) {
	for i := range len(text) {
		if text[i] == '\n' {
			n++
		}
	}
	if text != "" && text[len(text)-1] != '\n' {
		n++
	}
	return n
}
