package git

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// history fills the log of a commit: what came after since, or after the nearest tag, newest first.
func (r repo) history(ctx context.Context, found workflows.Found, q workflows.Query, patterns []workflows.Pattern) (workflows.Found, error) {
	id, since := found.Commit.ID, q.Since
	var err error
	if since != "" {
		found.Since, found.SinceAs, err = r.named(ctx, since)
	} else {
		found.Since, found.SinceAs, err = r.nearestTag(ctx, id, q.Own)
	}
	if err != nil {
		return found, err
	}
	if found, err = r.listed(ctx, found, since != "", q.Files && !q.OwnFiles || len(patterns) > 0); err != nil {
		return found, err
	}
	most := r.g.opts.Log
	if len(found.Log) > most {
		if since != "" { // whoever named a beginning relies on all that came since
			return found, workflows.Refuse(workflows.Invalid, fmt.Sprintf("more than %d commits since %s", most, found.SinceAs)).
				Type("--from REF")
		}
		found.Log = found.Log[:most]
		found.SinceAs += fmt.Sprintf(" (the newest %d commits)", most)
	}
	found.Mentions = workflows.Mentioned(found.Log) // before merges go: often they alone name what was merged
	found.Log = workflows.Written(found.Log, patterns)
	for i := range found.Log {
		if !q.Files || q.OwnFiles { // whoever does not want them does not hold them
			found.Log[i].Files = nil
		}
	}
	return found, nil
}

// listed reads the log, up to one commit more than it may have, and what follows from it: the commit that it is of, and
// whether a beginning that somebody named lies beside it.
func (r repo) listed(ctx context.Context, found workflows.Found, named, files bool) (workflows.Found, error) {
	id := found.Commit.ID
	args := []string{"--date-order", fmt.Sprintf("--max-count=%d", r.g.opts.Log+1), id}
	if found.Since != "" {
		args = append(args, "^"+found.Since)
	}
	var written []raw
	var err error
	if found.Log, written, err = r.walk(ctx, args, files); err != nil {
		return found, err
	}
	if named {
		if found.Aside, err = r.aside(ctx, found.Since, id, written); err != nil {
			return found, err
		}
		if found.Aside {
			found.SinceAs += " (not an ancestor of " + workflows.ShortID(id) + ")"
		}
	}
	found.Commit, err = r.first(ctx, found)
	return found, err
}

// walk reads the commits that args list, with their files where those are wanted. To compare trees takes longer than all
// else: where they are not wanted, only merges are looked into, which count by what was written into them.
func (r repo) walk(ctx context.Context, args []string, files bool) ([]workflows.Commit, []raw, error) {
	all, written, err := r.log(ctx, files, args...)
	if err == nil {
		err = r.addAuthors(ctx, all, written)
	}
	if err != nil || files {
		return all, written, err
	}
	at := map[string]int{}
	var ids []string
	for i, c := range all {
		if c.Merge {
			at[c.ID], ids = i, append(ids, c.ID)
		}
	}
	for some := range slices.Chunk(ids, 500) { // as many as a command line surely takes
		merges, _, err := r.log(ctx, true, append([]string{"--no-walk"}, some...)...)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range merges {
			all[at[c.ID]].Files = c.Files
		}
	}
	return all, written, nil
}

// named resolves where a log was asked to begin, and says how people call it.
func (r repo) named(ctx context.Context, since string) (begin, as string, err error) {
	if begin, err = r.resolve(ctx, since); err != nil {
		return "", "", err
	}
	as = workflows.Display(since, 60) + " (" + workflows.ShortID(begin) + ")"
	if hexPattern.MatchString(since) && strings.HasPrefix(begin, since) {
		as = "commit " + workflows.ShortID(begin)
	} else if tag := "refs/tags/" + since; r.glance.points[since].ref == tag {
		as = "tag " + workflows.Display(since, 60)
	} else if _, err := r.verify(ctx, tag); err == nil {
		as = "tag " + workflows.Display(since, 60)
	}
	return begin, as, nil
}

// aside reports whether a commit does not have another in its past, by the log of what it has that the other has not: on the
// way from the one to the other, the last that is listed is the other's child.
func (r repo) aside(ctx context.Context, begin, id string, log []raw) (bool, error) {
	if begin == id || slices.ContainsFunc(log, func(c raw) bool { return strings.Contains(c.parents, begin) }) {
		return false, nil
	}
	if len(log) <= r.g.opts.Log {
		return true, nil
	}
	_, err := r.run(ctx, "", "merge-base", "--is-ancestor", begin, id) // the log was cut
	if f := failed(err); f != nil && f.code == 1 {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("comparing histories: %w", err)
	}
	return false, nil
}

// first completes the commit that a log was asked for. It is the first there, unless the log is empty.
func (r repo) first(ctx context.Context, found workflows.Found) (c workflows.Commit, err error) {
	if len(found.Log) > 0 && found.Log[0].ID == found.Commit.ID {
		c = found.Log[0]
	} else if c, err = r.commit(ctx, found.Commit.ID); err != nil {
		return c, err
	}
	c.Ref, c.Under, c.Files = found.Commit.Ref, found.Commit.Under, found.Commit.Files
	return c, nil
}

// nearestTag is the tag before a commit; the commit's own tags and that of its version do not count, for they name what is
// being released.
func (r repo) nearestTag(ctx context.Context, id, version string) (begin, as string, err error) {
	own, err := r.lines(ctx, "for-each-ref", "--points-at="+id, "--format=%(refname:strip=2)", "refs/tags")
	if err != nil {
		return "", "", fmt.Errorf("listing tags: %w", err)
	}
	if version != "" && workflows.WrongRef(version) == "" {
		own = append(own, version)
	}
	args := []string{"describe", "--tags", "--abbrev=0"}
	for _, tag := range own {
		args = append(args, "--exclude="+tag) // a name cannot hold the characters of a pattern
	}
	out, err := r.lines(ctx, append(args, id)...)
	if f := failed(err); f != nil && strings.Contains(f.said, "describe") { // no tag is reachable
		if r.shallow {
			return "", "the beginning of this shallow clone", nil
		}
		return "", "the beginning", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("looking for the nearest tag: %w", err)
	}
	tag := strings.Join(out, "\n")
	if begin, err = r.verify(ctx, "refs/tags/"+tag); err != nil {
		return "", "", fmt.Errorf("reading the tag %s: %w", workflows.Display(tag, 60), err)
	}
	return begin, "tag " + workflows.Display(tag, 60), nil
}
