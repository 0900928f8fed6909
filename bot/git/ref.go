package git

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

var hexPattern = regexp.MustCompile(`^[0-9a-f]{4,64}$`)

// isID reports whether a word is the whole id of an object.
func isID(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// resolve finds the one commit that ref names.
func (r repo) resolve(ctx context.Context, ref string) (string, error) {
	if no := workflows.RefuseRef(ref); no != nil {
		return "", no
	}
	if !r.glance.points[ref].sole(ref) {
		if err := r.ambiguous(ctx, ref); err != nil {
			return "", err
		}
	}
	if there, err := r.there(ctx, ref); err != nil {
		return "", err
	} else if !there {
		return "", r.unknown(ctx, ref, &failure{})
	}
	id, err := r.verify(ctx, ref)
	if err != nil && failed(err) != nil {
		return "", r.unknown(ctx, ref, failed(err))
	}
	return id, err
}

// there reports whether what is called by its full name is there by that: else git would take a branch that is called like
// a full name.
func (r repo) there(ctx context.Context, ref string) (bool, error) {
	if !strings.HasPrefix(ref, "refs/") || r.glance.points[ref].ref == ref {
		return true, nil
	}
	if at := strings.IndexAny(ref, "~^"); at >= 0 { // what is counted from it
		ref = ref[:at]
	}
	out, err := r.lines(ctx, "for-each-ref", "--format=%(refname)", ref)
	if err != nil {
		return false, fmt.Errorf("looking for %s: %w", workflows.Display(ref, 60), err)
	}
	return slices.Contains(out, ref), nil
}

// verify asks git for the commit behind a ref that was checked before.
func (r repo) verify(ctx context.Context, ref string) (string, error) {
	if p, known := r.glance.points[ref]; known {
		return p.commit, nil
	}
	out, err := r.lines(ctx, "rev-parse", "--verify", "--end-of-options", ref+"^{commit}")
	if err != nil {
		return "", err
	}
	if len(out) != 1 || !isID(out[0]) {
		return "", fmt.Errorf("git rev-parse: no commit id for %q", ref)
	}
	return out[0], nil
}

// ambiguous refuses a name that is a branch and a tag at different commits: git would silently take the tag, and a
// tag is easily pushed.
func (r repo) ambiguous(ctx context.Context, ref string) error {
	if ref == "HEAD" || isID(ref) {
		return nil
	}
	branch, tag := "refs/heads/"+ref, "refs/tags/"+ref
	out, err := r.lines(ctx, "for-each-ref", "--format=%(refname)", branch, tag)
	if err != nil {
		return fmt.Errorf("looking for branches and tags: %w", err)
	}
	switch {
	case !slices.Contains(out, branch) && !slices.Contains(out, tag):
		return nil
	case !slices.Contains(out, branch):
		return r.likeAnID(ctx, ref, "tag", tag)
	case !slices.Contains(out, tag):
		return r.likeAnID(ctx, ref, "branch", branch)
	}
	a, errA := r.verify(ctx, branch)
	b, errB := r.verify(ctx, tag)
	if errA == nil && errB == nil && a == b {
		return nil
	}
	return workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%s is a branch (%s) and a tag (%s)", workflows.Display(ref, 60),
		workflows.ShortID(a), workflows.ShortID(b))).Type("/release candidate set "+branch, "/release candidate set "+tag)
}

// shortest is with how many digits people shorten an id at least.
const shortest = 7

// likeAnID refuses the name of a branch or a tag that is also how another commit's id begins: git would take the name, and
// whoever may push may have called it so.
func (r repo) likeAnID(ctx context.Context, ref, kind, full string) error {
	if !hexPattern.MatchString(ref) || len(ref) < shortest {
		return nil
	}
	named, err := r.verify(ctx, full)
	if err != nil || strings.HasPrefix(named, ref) {
		return nil //nolint:nilerr // what is no commit is refused by whoever asks for it
	}
	ids, err := r.lines(ctx, "rev-parse", "--disambiguate="+ref)
	if err != nil {
		return fmt.Errorf("looking for ids that begin with %s: %w", ref, err)
	}
	for _, id := range ids {
		if commit, err := r.verify(ctx, id); err == nil && commit == id {
			return workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%s is a %s (%s), and how the id of a commit begins (%s)", ref, kind,
				workflows.ShortID(named), workflows.ShortID(id))).Type("/release candidate set "+full, "/release candidate set "+id)
		}
	}
	return nil
}

// unknown refuses a ref that names no commit, with the names it may have meant.
func (r repo) unknown(ctx context.Context, ref string, f *failure) error {
	shown := workflows.Display(ref, 60)
	if strings.Contains(f.said, "is ambiguous") {
		return workflows.Refuse(workflows.Ambiguous, "several commits begin with "+shown).Type("git log --oneline")
	}
	names, err := r.names(ctx)
	if err != nil {
		return err
	}
	why := r.called + " has no commit, branch or tag «" + shown + "»"
	switch {
	case slices.Contains(names, ref):
		why = "«" + shown + "» is not a commit"
	case hexPattern.MatchString(ref) && r.shallow:
		why += " (this clone is shallow)"
	}
	no := workflows.Refuse(workflows.UnknownRef, why)
	no.Nearest = workflows.Nearest(ref, slices.DeleteFunc(names, func(n string) bool { return n == ref }), 3)
	if remote := "origin/" + ref; slices.Contains(names, remote) {
		no.Nearest = []string{remote}
	}
	if len(no.Nearest) == 0 {
		return no.Type("git fetch", "/release candidate set REF")
	}
	no.Why += "; nearest: " + strings.Join(no.Nearest, ", ")
	return no.Type("/release candidate set " + no.Nearest[0])
}

// names lists branches, tags and the branches of remotes as people type them, the newest first.
func (r repo) names(ctx context.Context) ([]string, error) {
	out, err := r.lines(ctx, "for-each-ref", "--sort=-creatordate", "--count=1000", "--format=%(refname)",
		"refs/heads", "refs/tags", "refs/remotes")
	if err != nil {
		return nil, fmt.Errorf("listing branches and tags: %w", err)
	}
	for i, name := range out {
		out[i] = workflows.Display(short(name), workflows.MaxRef)
	}
	return out, nil
}

func short(ref string) string {
	for _, kind := range []string{"refs/heads/", "refs/tags/", "refs/remotes/"} {
		if name, ok := strings.CutPrefix(ref, kind); ok {
			return name
		}
	}
	return ref
}
