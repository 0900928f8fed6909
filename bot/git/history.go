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
		found.Since, found.SinceAs, found.Aside, err = r.named(ctx, since, id)
	} else {
		found.Since, found.SinceAs, err = r.nearestTag(ctx, id, q.Own)
	}
	if err != nil {
		return found, err
	}
	most := r.g.opts.Log
	args := []string{"--date-order", fmt.Sprintf("--max-count=%d", most+1), id}
	if found.Since != "" {
		args = append(args, "^"+found.Since)
	}
	if found.Log, err = r.walk(ctx, args, q.Files || len(patterns) > 0); err != nil {
		return found, err
	}
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
		if !q.Files { // whoever does not want them does not hold them
			found.Log[i].Files = nil
		}
	}
	return found, nil
}

// changes makes git log list the files that commits change. Of a merge they are those that differ from all its parents: what
// somebody wrote into the merge itself.
var changes = []string{"--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", "-c"}

// walk reads the commits that args list, with their files where those are wanted. To compare trees takes longer than all
// else: where they are not wanted, only merges are looked into, which count by what was written into them.
func (r repo) walk(ctx context.Context, args []string, files bool) ([]workflows.Commit, error) {
	if files {
		return r.log(ctx, append(slices.Concat(changes, args), "--")...)
	}
	all, err := r.log(ctx, append(slices.Concat([]string{"--no-patch"}, args), "--")...)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var ids []string
	for i, c := range all {
		if c.Merge {
			at[c.ID], ids = i, append(ids, c.ID)
		}
	}
	for some := range slices.Chunk(ids, 500) { // as many as a command line surely takes
		merges, err := r.log(ctx, append(slices.Concat(changes, []string{"--no-walk"}, some), "--")...)
		if err != nil {
			return nil, err
		}
		for _, c := range merges {
			all[at[c.ID]].Files = c.Files
		}
	}
	return all, nil
}

// named resolves where a log was asked to begin, and says how people call it.
func (r repo) named(ctx context.Context, since, id string) (begin, as string, aside bool, err error) {
	if begin, err = r.resolve(ctx, since); err != nil {
		return "", "", false, err
	}
	as = workflows.Display(since, 60) + " (" + workflows.ShortID(begin) + ")"
	if hexPattern.MatchString(since) && strings.HasPrefix(begin, since) {
		as = "commit " + workflows.ShortID(begin)
	} else if _, err := r.verify(ctx, "refs/tags/"+since); err == nil {
		as = "tag " + workflows.Display(since, 60)
	}
	_, err = r.run(ctx, "", "merge-base", "--is-ancestor", begin, id)
	if f := failed(err); f != nil && f.code == 1 {
		return begin, as + " (not an ancestor of " + workflows.ShortID(id) + ")", true, nil
	}
	if err != nil {
		return "", "", false, fmt.Errorf("comparing histories: %w", err)
	}
	return begin, as, false, nil
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
