package git

import (
	"context"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// glance is what one git process says of a repository when it is opened. Each process takes longer to start than to answer,
// and what one of them reads does not move meanwhile.
type glance struct {
	here   Here // where HEAD stands; without a commit: it is to be asked for
	points map[string]point
}

// point is what a name means.
type point struct {
	commit string
	ref    string // the one ref that it names in full; empty: it names none by itself, or several
}

// peek reads at a glance whether the clone is shallow, where HEAD stands, and what names mean. Where one of them means nothing
// git says nothing of the others either: then they are asked for one by one, and what is missing is refused in its own words.
func (r *repo) peek(ctx context.Context, names []string) error {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "HEAD" || workflows.WrongRef(n) != "" })
	const shallow = "--is-shallow-repository"
	args := []string{"rev-parse", shallow, "HEAD^{commit}"}
	for _, n := range names {
		args = append(args, n+"^{commit}")
	}
	args = append(args, "--symbolic-full-name", "HEAD", shallow) // which says what a name is, and nothing at all where it is several
	for _, n := range names {
		args = append(args, n, shallow)
	}
	out, err := r.lines(ctx, args...)
	if failed(err) != nil {
		out, err = r.lines(ctx, "rev-parse", shallow)
	}
	if err != nil {
		return err
	}
	r.shallow = len(out) > 0 && out[0] == "true"
	r.glance = glanced(out, names)
	return nil
}

// glanced takes apart what git said: whether the clone is shallow, the commits of HEAD and of the names, and then of each the
// ref that it is. The first word, said again, stands behind each of those, for some are not said.
func glanced(out, names []string) glance {
	all := append([]string{"HEAD"}, names...)
	if len(out) <= len(all) {
		return glance{}
	}
	mark, ids, refs := out[0], out[1:len(all)+1], out[len(all)+1:]
	points := map[string]point{}
	for i, name := range all {
		p := point{commit: ids[i]}
		if len(refs) > 1 && refs[0] != mark {
			p.ref, refs = refs[0], refs[1:]
		}
		if !isID(p.commit) || len(refs) == 0 || refs[0] != mark {
			return glance{}
		}
		points[name], refs = p, refs[1:]
	}
	if len(refs) > 0 {
		return glance{}
	}
	return glance{here(points["HEAD"]), points}
}

// here is where HEAD stands: at a branch, or at a commit alone. If it is not said which, it is to be asked for.
func here(head point) Here {
	switch {
	case head.ref == "HEAD":
		return Here{Head: head.commit}
	case strings.HasPrefix(head.ref, "refs/"):
		return Here{Head: head.commit, Branch: short(head.ref)}
	}
	return Here{}
}

// sole reports whether a name is that of a single ref and of nothing else: not of a branch and a tag, and not how an id begins.
func (p point) sole(name string) bool {
	return strings.HasSuffix("/"+p.ref, "/"+name) && !hexPattern.MatchString(name)
}
