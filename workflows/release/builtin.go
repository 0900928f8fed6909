package release

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Templates lists the built-in templates by name.
func Templates() map[string]Template {
	out := map[string]Template{}
	for _, t := range []Template{simple, feature, hotfix} {
		out[t.Name] = t
	}
	return out
}

// DefaultTemplate is what `new` takes where the configuration names none.
const DefaultTemplate = "simple"

var simple = Template{Name: DefaultTemplate, Risk: policy.Low, Gates: []Gate{
	{workflows.GA, Ready, pick("tests", "changelog", "way-back")},
	{workflows.GA, Done, pick("announced", "healthy")},
}}

var hotfix = Template{Name: "hotfix", Risk: policy.Normal, Gates: []Gate{
	{workflows.GA, Ready, pick("tests", "way-back", "on-call-told")},
	{workflows.GA, Done, pick("retrospective")},
}}

var feature = Template{Name: "feature", Risk: policy.Normal, Gates: []Gate{
	{workflows.Preview, Ready, pick("performance-metrics", "utilization-metrics", "audit-logs", "security-assessment",
		"production-deployment", "preliminary-docs")},
	{workflows.Preview, Done, pick("feedback", "leftovers", "internal-comms", "alerts")},
	{workflows.GA, Ready, beforeGA()},
	{workflows.GA, Done, pick("leftovers", "cli-api", "retrospective")},
}}

// beforeGA has the alerts of the preview once more, for more people.
func beforeGA() []Item {
	items := pick("public-docs", "skilling-up", "kpis", "changelog", "alerts", "marketing")
	items[4].Text = "alerts and pagers are ready for everyone's load"
	return items
}

// added is what each risk adds to what the one below it adds, by gate.
var added = map[policy.Risk]map[string][]string{
	policy.Normal: {
		"preview.ready": {"tests"},
		"ga.ready":      {"tests", "rollback-plan"},
		"ga.done":       {"validation"},
	},
	policy.High: {
		"ga.ready": {"risk-assessment", "rollback-rehearsal", "compliance"},
	},
}

// AddedBy lists what a risk adds to a gate, named by its key. Whatever the template, a release of that risk has these
// items there; nobody drops or moves them.
func AddedBy(risk policy.Risk, gate string) []Item {
	if !slices.Contains(policy.Risks(), risk) { // as its tier: with the most care
		risk = policy.High
	}
	var out []Item
	for _, r := range policy.Risks() {
		if !r.Above(risk) {
			out = append(out, pick(added[r][gate]...)...)
		}
	}
	for i := range out {
		out[i].Origin = OfRisk
	}
	return out
}
