package githubfake

import (
	"net/http"
	"slices"
	"strings"
)

// compareMax is how many commits a comparison lists that nobody asked for in pages: the newest.
const compareMax = 250

// compare answers base...head: the commits of head that base has not, the oldest first.
func compare(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	from, to, ok := strings.Cut(c.Params["basehead"], "...")
	base, there := r.resolve(from)
	head, too := r.resolve(to)
	if !ok || from == "" || to == "" || !there || !too {
		return nil, notFound()
	}
	fork := r.mergeBase(base, head)
	if fork == "" {
		return nil, refuse(http.StatusNotFound, "No common ancestor between "+from+" and "+to+".")
	}
	ahead := r.log(head, r.reach(base))
	behind := r.log(base, r.reach(head))
	slices.Reverse(ahead)
	out := reply{
		"url": r.url("/compare/" + from + "..." + to), "html_url": r.html("/compare/" + from + "..." + to),
		"permalink_url": r.html("/compare/acme:" + base[:7] + "...acme:" + head[:7]), "diff_url": r.html("/compare/x.diff"), "patch_url": r.html("/compare/x.patch"),
		"base_commit": r.commitAll(r.commits[base]), "merge_base_commit": r.commitAll(r.commits[fork]),
		"status": status(len(ahead), len(behind)), "ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead),
	}
	page, listed := 1, ahead
	if c.Query.Get("page") != "" || c.Query.Get("per_page") != "" {
		page, _ = c.page()
		listed = paged(c, ahead)
	} else if len(listed) > compareMax {
		listed = listed[len(listed)-compareMax:]
	}
	out["commits"] = each(listed, r.commitAll)
	if page == 1 {
		files := r.diff(r.commits[fork].tree, r.commits[head].tree)
		out["files"] = each(files[:min(len(files), filesMax)], func(x change) reply { return r.fileAll(head, x) })
	}
	return out, refusal{}
}

func status(ahead, behind int) string {
	switch {
	case ahead > 0 && behind > 0:
		return "diverged"
	case ahead > 0:
		return "ahead"
	case behind > 0:
		return "behind"
	}
	return "identical"
}
