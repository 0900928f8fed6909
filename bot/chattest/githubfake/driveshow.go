package githubfake

import (
	"fmt"
	"slices"
	"strings"
)

// shows are what can be looked at, each as lines.
var shows map[string]func(d *Driver, l line) []string

func init() {
	shows = map[string]func(d *Driver, l line) []string{
		"commits": func(d *Driver, l line) []string { return d.r.Log(l.word(1, "")) },
		"refs": func(d *Driver, _ line) (all []string) {
			for _, n := range d.r.Branches() {
				all = append(all, "branch "+n+" "+d.r.Head("heads/"+n))
			}
			for _, n := range d.r.Tags() {
				all = append(all, "tag "+n+" "+d.r.Head("tags/"+n))
			}
			return all
		},
		"releases": showReleases,
		"release": func(d *Driver, l line) []string {
			for _, x := range d.r.Releases() {
				if x.Tag == l.word(1, "") {
					return []string{x.Name, "", x.Body}
				}
			}
			return nil
		},
		"deployments": showDeployments,
		"runs": func(d *Driver, _ line) (all []string) {
			for _, x := range d.r.Runs() {
				all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %.7s %s %s", x.File, x.Branch, x.SHA, x.Title, either(x.Conclusion, x.Status))))
			}
			return all
		},
		"pulls": func(d *Driver, _ line) (all []string) {
			for _, p := range d.r.Pulls() {
				all = append(all, fmt.Sprintf("#%d %s %s→%s: %s", p.Number, pullState(p), p.Head, p.Base, p.Title))
			}
			return all
		},
		"comments": func(d *Driver, l line) (all []string) {
			for _, m := range d.r.Comments(l.number(1)) {
				all = append(all, m.Author+": "+m.Body)
			}
			return all
		},
		"file": func(d *Driver, l line) []string {
			content, ok := d.r.File(l.word(1, ""), l.word(2, ""))
			if !ok {
				return nil
			}
			return []string{strings.TrimSuffix(content, "\n")}
		},
		"calls": func(d *Driver, l line) (all []string) {
			for _, c := range d.f.Calls("") {
				if c.Token != "" && strings.HasPrefix(c.Route, l.word(1, "")) {
					all = append(all, fmt.Sprintf("%s %s %d", strings.SplitN(c.Route, " ", 2)[0], c.Path, c.Status))
				}
			}
			return all
		},
	}
}

func driveShow(d *Driver, l line) (string, error) {
	list, known := shows[l.words[0]]
	if !known {
		return "", fmt.Errorf("githubfake: %q cannot be shown", l.words[0])
	}
	all := list(d, l)
	if len(all) == 0 {
		return "nothing\n", nil
	}
	return strings.Join(all, "\n") + "\n", nil
}

func showReleases(d *Driver, _ line) (all []string) {
	for _, x := range d.r.Releases() {
		words := []string{x.Tag, x.Name}
		for word, is := range map[string]bool{"draft": x.Draft, "prerelease": x.Pre, "latest": x.Latest} {
			if is {
				words = append(words, word)
			}
		}
		slices.Sort(words[2:])
		all = append(all, strings.Join(words, " · "))
	}
	return all
}

func showDeployments(d *Driver, _ line) (all []string) {
	for _, x := range d.r.Deployments() {
		all = append(all, fmt.Sprintf("%s %.7s %s by %s", x.Env, x.SHA, x.State(), x.Creator))
	}
	return all
}

// Log are the first lines of the messages of all commits of a ref, the newest first, behind the beginnings of their ids.
func (r *Repo) Log(ref string) (all []string) {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	id, _ := r.resolve(ref)
	for _, c := range r.log(id, nil) {
		all = append(all, c.sha[:7]+" "+c.subject())
	}
	return all
}

func pullState(p Pull) string {
	switch {
	case p.MergedAs != "":
		return "merged"
	case p.Closed:
		return "closed"
	}
	return "open"
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
