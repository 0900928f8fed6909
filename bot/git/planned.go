package git

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// maxRoadmap is how long a roadmap may be, in bytes: people write it.
const maxRoadmap = 1 << 20

// planned reads what the roadmap says of a milestone, as the file was at a commit.
func (r repo) planned(ctx context.Context, at workflows.Commit, q workflows.Query) ([]workflows.Planned, error) {
	name := path.Clean(cmp.Or(q.Roadmap, workflows.Roadmap))
	text, err := r.file(ctx, at.ID, name)
	if failed(err) != nil {
		return nil, workflows.Refuse(noRoadmap, fmt.Sprintf("%s has no file %s at %s: that is where milestones are read",
			r.called, workflows.Display(name, 80), at.Short())).By("whoever writes the roadmap").Type("/release scope add URL", "products: roadmap: in readyroom.yaml")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the roadmap: %w", err)
	}
	return milestone(headings(text), q.Milestone, name)
}

// noRoadmap says that there is no roadmap to read milestones from; unknownMilestone that it has none of that name.
const (
	noRoadmap        workflows.Reason = "no_roadmap"
	unknownMilestone workflows.Reason = "unknown_milestone"
)

// file reads a file of a commit's tree.
func (r repo) file(ctx context.Context, id, name string) (string, error) {
	object := id + ":" + name
	out, err := r.run(ctx, "", "cat-file", "-s", object)
	if err != nil {
		return "", err
	}
	if size, err := strconv.Atoi(strings.TrimSpace(out)); err != nil || size > maxRoadmap {
		return "", workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is longer than %d bytes", workflows.Display(name, 80), maxRoadmap)).
			By("whoever writes the roadmap").Type("/release scope add URL")
	}
	return r.run(ctx, "", "cat-file", "blob", object)
}

// milestone finds the heading that bears a name and reads the list under it.
func milestone(all []heading, name, file string) ([]workflows.Planned, error) {
	var exact, last []heading
	for _, h := range all {
		switch {
		case strings.EqualFold(h.text, name), strings.EqualFold(h.bare(), name):
			exact = append(exact, h)
		case strings.HasSuffix(strings.ToLower(h.bare()), " "+strings.ToLower(name)):
			last = append(last, h)
		}
	}
	found := exact
	if len(found) == 0 {
		found = last
	}
	shown, file := workflows.Display(name, 60), workflows.Display(file, 80)
	switch {
	case len(found) == 0:
		no := workflows.Refuse(unknownMilestone, fmt.Sprintf("no heading of %s is called %s", file, shown))
		if no.Nearest = nearest(all, name); len(no.Nearest) > 0 {
			return nil, no.Type("/release scope from " + quoted(no.Nearest[0]))
		}
		return nil, no.Type("/release scope add URL")
	case len(found) > 1:
		return nil, workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%d headings of %s are called %s", len(found), file, shown)).
			By("whoever writes the roadmap").Type("/release scope add URL")
	case len(found[0].items) == 0:
		return nil, workflows.Refuse(unknownMilestone, fmt.Sprintf("nothing is listed under «%s» in %s", workflows.Display(found[0].text, 80), file)).
			By("whoever writes the roadmap").Type("/release scope add URL")
	}
	var out []workflows.Planned
	for _, item := range found[0].items {
		out = append(out, plan(item))
	}
	return out, nil
}

// nearest are the headings with a list that a name may have meant; where none is near, the first of them.
func nearest(all []heading, name string) []string {
	const few = 3
	var names []string
	for _, h := range all {
		if h.own {
			names = append(names, workflows.Display(h.called(), 60))
		}
	}
	if near := workflows.Nearest(name, names, few); len(near) > 0 {
		return near
	}
	return names[:min(few, len(names))]
}

// quoted writes a name as it is typed.
func quoted(name string) string {
	if strings.Contains(name, " ") {
		return `"` + name + `"`
	}
	return name
}
