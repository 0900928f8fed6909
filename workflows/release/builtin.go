package release

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Lead times in working days.
const (
	soon = 3
	week = 5
	long = 10
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

var (
	tests = Item{Key: "tests", Text: "the tests pass on this very commit", Role: workflows.Engineering,
		Binds: ToCommit, From: CI, Evidence: "build URL", Lead: soon}
	changelog = Item{Key: "changelog", Text: "the change log lists all that changed since the last release",
		Role: workflows.Engineering, Binds: ToCommit, From: Notes, Lead: soon}
	wayBack = Item{Key: "way-back", Text: "we know how to take this back, and who would do it", Role: workflows.SRE, Lead: soon}
	retro   = Item{Key: "retrospective", Text: "the retrospective took place and its actions have owners",
		Role: workflows.ReleaseManager, From: Retro, Lead: soon}
	alerts = Item{Key: "alerts", Text: "chat alerts and pagers are set up, and on-call knows", Role: workflows.SRE,
		Evidence: "alert URL", Lead: soon}
	leftovers = Item{Key: "leftovers", Text: "every open ticket, problem and wish is fixed, or has a plan with an owner and a date",
		Role: workflows.Engineering, Evidence: "issues URL", Lead: soon}
)

var simple = Template{Name: "simple", Risk: policy.Low, Gates: []Gate{
	{workflows.GA, Ready, []Item{tests, changelog, wayBack}},
	{workflows.GA, Done, []Item{
		{Key: "announced", Text: "whoever waits for this has been told", Role: workflows.ProductRole, Lead: soon},
		{Key: "healthy", Text: "it runs in production as it should", Role: workflows.SRE, Lead: soon},
	}},
}}

var hotfix = Template{Name: "hotfix", Risk: policy.Normal, Gates: []Gate{
	{workflows.GA, Ready, []Item{tests, wayBack,
		{Key: "on-call-told", Text: "whoever is on call knows what changes and when", Role: workflows.SRE, Lead: soon}}},
	{workflows.GA, Done, []Item{retro}},
}}

var feature = Template{Name: "feature", Risk: policy.Normal, Gates: []Gate{
	{workflows.Preview, Ready, []Item{
		{Key: "performance-metrics", Text: "every new part is on the dashboard: latency, traffic, errors, saturation",
			Role: workflows.SRE, Evidence: "dashboard URL", Lead: soon},
		{Key: "utilization-metrics", Text: "we can see whether and how it is used", Role: workflows.ProductRole,
			Evidence: "dashboard URL", Lead: soon},
		{Key: "audit-logs", Text: "what it does is in the audit log", Role: workflows.Security, Lead: soon},
		{Key: "security-assessment", Text: "no critical weakness is known, and the standards we follow hold",
			Role: workflows.Security, Binds: ToTree, Evidence: "report URL", Lead: soon},
		{Key: "production-deployment", Text: "it is deployed to production, behind a flag", Role: workflows.SRE,
			Binds: ToCommit, From: Deployment, Lead: soon},
		{Key: "preliminary-docs", Text: "preview users can read what changed and how to use it", Role: workflows.Docs,
			Evidence: "doc URL", Lead: week},
	}},
	{workflows.Preview, Done, []Item{
		{Key: "feedback", Text: "preview users told us something we can act on", Role: workflows.ProductRole, Lead: soon},
		leftovers,
		{Key: "internal-comms", Text: "everyone who supports production knows the problems found and what helps",
			Role: workflows.Support, Lead: soon},
		alerts,
	}},
	{workflows.GA, Ready, []Item{
		{Key: "public-docs", Text: "the public docs are updated and say which plans have it", Role: workflows.Docs,
			Evidence: "doc URL", Lead: week},
		{Key: "skilling-up", Text: "support and everyone who meets customers is briefed", Role: workflows.Support,
			From: Briefing, Lead: week},
		{Key: "kpis", Text: "its goals are set from what the preview showed", Role: workflows.ProductRole,
			Evidence: "KPI target", Lead: soon},
		changelog,
		{Key: "alerts", Text: "alerts and pagers are ready for everyone's load", Role: workflows.SRE, Evidence: "alert URL", Lead: soon},
		{Key: "marketing", Text: "we know how users are told, and what interest that should raise", Role: workflows.Marketing, Lead: long},
	}},
	{workflows.GA, Done, []Item{
		leftovers,
		{Key: "cli-api", Text: "the CLI and the public API support it", Role: workflows.Engineering, Lead: soon},
		retro,
	}},
}}

// catalogue holds the further items that a tier takes.
var catalogue = map[string]Item{
	"tests": tests,
	"rollback-plan": {Key: "rollback-plan", Text: "the way back is written down, step by step", Role: workflows.SRE,
		Evidence: "plan URL", Lead: soon},
	"validation": {Key: "validation", Text: "it was checked in production after everyone had it", Role: workflows.QA, Lead: soon},
}

// added is what a risk adds, by gate.
var added = map[policy.Risk]map[string][]string{
	policy.Normal: {
		"preview.ready": {"tests"},
		"ga.ready":      {"tests", "rollback-plan"},
		"ga.done":       {"validation"},
	},
}
