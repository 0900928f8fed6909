package githubfake

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// Demand is a check that must be well before anything gets onto a branch.
type Demand struct {
	Name string
	App  string // that must have made it; empty: whichever
}

// protection is what a branch's own protection demands.
type protection struct {
	level   string // of whom: "everyone", "non_admins", "off"
	demands []Demand
}

// ruleset is a rule that checks must be well, among others.
type ruleset struct {
	id      int64
	demands []Demand
	kind    string // of a rule beside them; empty: of none that matters here
}

func init() {
	serve(route{method: "GET", pattern: "/repos/{owner}/{repo}/rules/branches/{branch...}", needs: "metadata=read", query: []string{"page"}, do: branchRules})
}

// Protect has only pull requests change a branch.
func (r *Repo) Protect(branch string) { r.set(func() { r.protected[branch] = true }) }

// Require demands checks of a branch by its protection; of none, none.
func (r *Repo) Require(branch string, demands ...Demand) {
	r.set(func() {
		r.protected[branch], r.required[branch] = true, &protection{"non_admins", demands}
		if len(demands) == 0 {
			delete(r.required, branch)
		}
	})
}

// Enforce says of whom a branch's protection demands checks: "everyone", "non_admins", or "off", of nobody.
func (r *Repo) Enforce(branch, level string) { r.set(func() { r.required[branch].level = level }) }

// Rule demands checks of a branch by a ruleset beside those that there are; of none, it takes them all away.
func (r *Repo) Rule(branch string, demands ...Demand) {
	r.set(func() {
		if len(demands) == 0 {
			delete(r.rulesets, branch)
			return
		}
		r.rulesets[branch] = append(r.rulesets[branch], &ruleset{id: r.f.id(), demands: demands})
	})
}

// RuleOf adds a ruleset in force for a branch with a rule of another kind: "workflows".
func (r *Repo) RuleOf(branch, kind string) {
	r.set(func() { r.rulesets[branch] = append(r.rulesets[branch], &ruleset{id: r.f.id(), kind: kind}) })
}

// Rulesets says whether rulesets can be seen: "shown"; "old", where the server knows of none; "plan", where the owner pays
// too little for them; "hidden", where the token may not see them.
func (r *Repo) Rulesets(how string) { r.set(func() { r.ruleless = how }) }

// shielded is whether a branch counts as protected, in whichever way.
func (r *Repo) shielded(branch string) bool {
	return r.protected[branch] || len(r.rulesets[branch]) > 0
}

// guarded refuses to change a branch that is protected.
func (r *Repo) guarded(ref string) refusal {
	branch, is := strings.CutPrefix(ref, "refs/heads/")
	if !is || !r.shielded(branch) {
		return refusal{}
	}
	var all []Demand
	if p := r.required[branch]; p != nil && p.level != "off" {
		all = p.demands
	}
	for _, s := range r.rulesets[branch] {
		all = append(all, s.demands...)
	}
	why := "Changes must be made through a pull request."
	if len(all) > 0 {
		why = fmt.Sprintf("Required status check %q is expected.", all[0].Name)
	}
	return refuse(http.StatusConflict, "Repository rule violations found\n\n"+why+"\n\n")
}

// protectionAll is a branch's own protection as it stands with the branch.
func (r *Repo) protectionAll(branch string) reply {
	level, names, checks := "off", []string{}, []reply{}
	if p := r.required[branch]; p != nil {
		level = p.level
		for _, d := range p.demands {
			app := any(nil)
			if d.App != "" {
				app = r.f.app(d.App)
			}
			names, checks = append(names, d.Name), append(checks, reply{"context": d.Name, "app_id": app})
		}
	}
	return reply{"enabled": r.protected[branch], "required_status_checks": reply{"enforcement_level": level, "contexts": names, "checks": checks}}
}

// branchRules are the rules of the rulesets in force, of which most are not about checks, and some of a kind that not
// everybody knows.
func branchRules(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	switch r.ruleless {
	case "old":
		return nil, notFound()
	case "plan":
		return nil, refuse(http.StatusForbidden, "Upgrade to GitHub Pro or make this repository public to enable this feature.")
	case "hidden":
		return nil, c.grant.inaccessible()
	}
	all := []reply{}
	for _, s := range r.rulesets[c.Params["branch"]] {
		checks := []reply{}
		for _, d := range s.demands {
			one := reply{"context": d.Name}
			if d.App != "" {
				one["integration_id"] = r.f.app(d.App)
			}
			checks = append(checks, one)
		}
		for _, rule := range []reply{
			{"type": "deletion"},
			{"type": cmp.Or(s.kind, "copilot_code_review"), "parameters": reply{"review_on_push": true}},
			{"type": "required_status_checks", "parameters": reply{"strict_required_status_checks_policy": false, "do_not_enforce_on_create": false, "required_status_checks": checks}},
		} {
			rule["ruleset_source_type"], rule["ruleset_source"], rule["ruleset_id"] = "Repository", r.name(), s.id
			all = append(all, rule)
		}
	}
	return paged(c, all), refusal{}
}
