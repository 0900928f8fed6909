package githubfake

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Load keeps an object as git has it, raw: of the kind "blob", "tree", "commit" or "tag". So a clone's history becomes the
// repository's own, ids and all. Refs then says what names it.
func (r *Repo) Load(kind string, raw []byte) (id string) {
	r.set(func() {
		id = hash(kind, string(raw))
		switch kind {
		case "blob":
			r.blobs[id] = string(raw)
		case "tree":
			r.trees[id] = entries(string(raw))
		case "commit":
			r.keep(parsedCommit(string(raw)), id)
		case "tag":
			r.tags[id] = parsedTag(string(raw), id)
		default:
			r.fatal("git has no %q", kind)
		}
	})
	return id
}

// Refs pushes refs: what they name was loaded before. Those that it does not speak of stay.
func (r *Repo) Refs(refs map[string]string) {
	r.set(func() {
		for _, name := range slices.Sorted(maps.Keys(refs)) {
			id := refs[name]
			if r.commits[r.peeled(id)] == nil {
				r.fatal("%s names %s, which is not here", name, id)
			}
			r.move(name, id, Bot)
		}
	})
}

// entries takes a raw tree apart.
func entries(raw string) (all []entry) {
	for raw != "" {
		head, rest, _ := strings.Cut(raw, "\x00")
		mode, name, _ := strings.Cut(head, " ")
		all = append(all, entry{mode: mode, name: name, sha: hex.EncodeToString([]byte(rest[:20]))})
		raw = rest[20:]
	}
	return all
}

func parsedCommit(raw string) *commit {
	head, message, _ := strings.Cut(raw, "\n\n")
	c := &commit{message: message}
	for line := range strings.SplitSeq(head, "\n") {
		switch name, value, _ := strings.Cut(line, " "); name {
		case "tree":
			c.tree = value
		case "parent":
			c.parents = append(c.parents, value)
		case "author":
			c.author = parsedSignature(value)
		case "committer":
			c.committer = parsedSignature(value)
		}
	}
	return c
}

func parsedTag(raw, id string) *tagObject {
	head, message, _ := strings.Cut(raw, "\n\n")
	t := &tagObject{sha: id, message: message}
	for line := range strings.SplitSeq(head, "\n") {
		switch name, value, _ := strings.Cut(line, " "); name {
		case "object":
			t.object = value
		case "type":
			t.kind = value
		case "tag":
			t.name = value
		case "tagger":
			t.tagger = parsedSignature(value)
		}
	}
	return t
}

// parsedSignature reads "Ana <ana@example.org> 1767603600 +0100".
func parsedSignature(line string) signature {
	name, rest, _ := strings.Cut(line, " <")
	email, when, _ := strings.Cut(rest, "> ")
	stamp, zone, _ := strings.Cut(when, " ")
	n, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("githubfake: no signature: %q", line))
	}
	return signature{name: name, email: email, at: time.Unix(n, 0).UTC(), zone: zone}
}
