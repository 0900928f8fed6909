package githubfake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func postDeployment(_ *Fake, c *Call) (any, refusal) {
	r, ref := c.repo, c.text("ref")
	id, ok := r.resolve(ref)
	if !ok || ref == "" {
		return nil, unprocessable("No ref found for: " + ref)
	}
	d := &Deployment{SHA: id, Ref: ref, Task: c.text("task"), Env: c.text("environment"), Description: c.text("description"), Payload: payload(c), Creator: c.grant.login}
	if d.Task == "" {
		d.Task = "deploy"
	}
	if d.Env == "" {
		d.Env = "production"
	}
	d.transient, d.production = c.is("transient_environment", false), c.is("production_environment", d.Env == "production")
	if c.is("auto_merge", true) {
		if merged, no := r.autoMerge(c, ref, id); merged || no.given() {
			return accepted{reply{"message": "Auto-merged " + r.def + " into " + ref + " on deployment."}}, no
		}
	}
	if failed := r.unwell(c, id); len(failed) > 0 {
		return nil, refusal{
			status: http.StatusConflict, message: "Conflict: Commit status checks failed for " + ref + ".",
			errors: []any{reply{"contexts": failed, "resource": "Deployment", "field": "required_contexts", "code": "invalid"}},
		}
	}
	return created{r.deploymentAll(r.deploy(d))}, refusal{}
}

// payload is what whoever deploys is told: an object, or a text, which may be JSON.
func payload(c *Call) string {
	switch p := c.in["payload"].(type) {
	case nil:
		return "{}"
	case string:
		if p == "" {
			return "{}"
		}
		return string(marshal(p))
	default:
		return string(marshal(p))
	}
}

// autoMerge brings a branch that is behind the default branch up to it. Then there is no deployment.
func (r *Repo) autoMerge(c *Call, ref, id string) (merged bool, no refusal) {
	name := "refs/heads/" + strings.TrimPrefix(strings.TrimPrefix(ref, "refs/"), "heads/")
	head := r.refs["refs/heads/"+r.def]
	if r.refs[name] == "" || head == "" || r.reach(id)[head] {
		return false, refusal{}
	}
	base := r.mergeBase(id, head)
	if base == "" {
		return false, refuse(http.StatusConflict, "Conflict merging "+r.def+" into "+ref+".")
	}
	files, theirs := map[string]string{}, map[string]bool{}
	for _, x := range r.diff(r.commits[base].tree, r.commits[id].tree) {
		theirs[x.path] = true
	}
	for _, x := range r.diff(r.commits[base].tree, r.commits[head].tree) {
		if theirs[x.path] {
			return false, refuse(http.StatusConflict, "Conflict merging "+r.def+" into "+ref+".")
		}
		files[x.path] = Gone
		if x.after != "" {
			files[x.path] = r.blobs[x.after]
		}
	}
	message := "Merge branch '" + r.def + "' into " + ref
	r.move(name, r.grow(id, Change{Author: c.grant.login, Message: message, Files: files, Parents: []string{head}}), c.grant.login)
	return true, refusal{}
}

// unwell are the contexts that are required and are not well: those that were said, or, if none were, all there are.
func (r *Repo) unwell(c *Call, id string) []reply {
	states := map[string]string{}
	for _, x := range r.current(id, false) {
		states[x.Name] = x.Status
		if x.Status == "completed" {
			states[x.Name] = x.Conclusion
		}
	}
	for _, s := range r.said(id, false) {
		states[s.Context] = s.State
	}
	var required []string
	if list, said := c.in["required_contexts"].([]any); said {
		for _, name := range list {
			required = append(required, fmt.Sprint(name))
		}
	} else {
		for name := range states {
			required = append(required, name)
		}
		slices.Sort(required)
	}
	var failed []reply
	for _, name := range required {
		if states[name] != "success" {
			state := states[name]
			if state == "" {
				state = "pending"
			}
			failed = append(failed, reply{"context": name, "state": state})
		}
	}
	return failed
}
