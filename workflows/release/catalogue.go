package release

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Lead times in working days.
const (
	soon = 3
	week = 5
	long = 10
)

// rehearsed is for how many days a rehearsal says something: what it walked through changes.
const rehearsed = 30

// catalogue is every item that comes with Readyroom: those of the built-in templates first, then those that a tier, a
// team's template or a single release takes.
var catalogue = slices.Concat(ofTemplates, further)

var ofTemplates = []Item{
	{Key: "tests", Text: "the tests pass on this very commit", Role: workflows.Engineering,
		Binds: ToCommit, From: CI, Evidence: "build URL", Lead: soon},
	{Key: "changelog", Text: "the change log lists all that changed since the last release",
		Role: workflows.Engineering, Binds: ToCommit, From: Notes, Lead: soon},
	{Key: "way-back", Text: "we know how to take this back, and who would do it", Role: workflows.SRE, Lead: soon},
	{Key: "announced", Text: "whoever waits for this has been told", Role: workflows.ProductRole, Lead: soon},
	{Key: "healthy", Text: "it runs in production as it should", Role: workflows.SRE, Lead: soon},
	{Key: "on-call-told", Text: "whoever is on call knows what changes and when", Role: workflows.SRE, Lead: soon},
	{Key: "retrospective", Text: "the retrospective took place and its actions have owners",
		Role: workflows.ReleaseManager, From: Retro, Lead: soon},
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
	{Key: "feedback", Text: "preview users told us something we can act on", Role: workflows.ProductRole, Lead: soon},
	{Key: "leftovers", Text: "every open ticket, problem and wish is fixed, or has a plan with an owner and a date",
		Role: workflows.Engineering, Evidence: "issues URL", Lead: soon},
	{Key: "internal-comms", Text: "everyone who supports production knows the problems found and what helps",
		Role: workflows.Support, Lead: soon},
	{Key: "alerts", Text: "chat alerts and pagers are set up, and on-call knows", Role: workflows.SRE,
		Evidence: "alert URL", Lead: soon},
	{Key: "public-docs", Text: "the public docs are updated and say which plans have it", Role: workflows.Docs,
		Evidence: "doc URL", Lead: week},
	{Key: "skilling-up", Text: "support and everyone who meets customers is briefed", Role: workflows.Support,
		From: Briefing, Lead: week},
	{Key: "kpis", Text: "its goals are set from what the preview showed", Role: workflows.ProductRole,
		Evidence: "KPI target", Lead: soon},
	{Key: "marketing", Text: "we know how users are told, and what interest that should raise", Role: workflows.Marketing, Lead: long},
	{Key: "cli-api", Text: "the CLI and the public API support it", Role: workflows.Engineering, Lead: soon},
}

var further = []Item{
	{Key: "test-plan", Text: "what is tested, how and by whom is written down", Role: workflows.QA, Evidence: "plan URL", Lead: soon},
	{Key: "acceptance", Text: "whoever asked for it has tried it and takes it as it is", Role: workflows.ProductRole, Lead: soon},
	{Key: "contract-tests", Text: "what other services and we promise each other holds on both sides", Role: workflows.Engineering,
		Evidence: "build URL", Lead: soon},
	{Key: "performance-tests", Text: "it carries the load we expect, with room to spare", Role: workflows.QA, Evidence: "report URL", Lead: soon},
	{Key: "accessibility", Text: "it can be used with a keyboard alone, with a screen reader and at high contrast", Role: workflows.QA,
		Evidence: "report URL", Lead: soon},
	{Key: "licence-check", Text: "the licences of everything we ship are known, and allow what we do with it", Role: workflows.Compliance,
		Evidence: "report URL", Lead: soon},
	{Key: "compliance", Text: "the rules we answer to are met, and the proof is filed", Role: workflows.Compliance,
		Evidence: "report URL", Lead: soon},
	{Key: "risk-assessment", Text: "what may go wrong, whom it would hurt and how badly is written down and accepted", Role: workflows.ReleaseManager,
		Evidence: "assessment URL", Lead: soon},
	{Key: "data-migration", Text: "data was moved forward and back on a copy of the real one, and nothing was lost", Role: workflows.Engineering,
		Evidence: "report URL", Lead: soon},
	{Key: "backup-restored", Text: "a backup of before was restored, and what came back is whole", Role: workflows.SRE,
		Evidence: "report URL", Lead: soon},
	{Key: "rollback-plan", Text: "the way back is written down, step by step", Role: workflows.SRE, Evidence: "plan URL", Lead: soon},
	{Key: "rollback-rehearsal", Text: "the way back was walked to its end, and took no longer than planned", Role: workflows.SRE,
		Evidence: "report URL", Lead: soon, Valid: rehearsed},
	{Key: "runbook", Text: "whoever is on call can read what breaks, how it shows and what to do", Role: workflows.SRE,
		Evidence: "runbook URL", Lead: week},
	{Key: "upgrade-guide", Text: "who runs it themselves can read how to come here from the version before", Role: workflows.Docs,
		Evidence: "doc URL", Lead: week},
	{Key: "downgrade-path", Text: "who must go back to the version before can, keeps their data, and can read how", Role: workflows.Docs,
		Evidence: "doc URL", Lead: week},
	{Key: "licensing", Text: "who may use it and on which plan is settled, and the product keeps to it", Role: workflows.ProductRole, Lead: soon},
	{Key: "compatibility", Text: "what worked with the version before works with this one", Role: workflows.Engineering,
		Evidence: "report URL", Lead: soon},
	{Key: "field-support", Text: "those who stand beside a customer can find and mend the common problems", Role: workflows.Support, Lead: soon},
	{Key: "validation", Text: "it was checked in production after everyone had it", Role: workflows.QA, Lead: soon},
}

// Catalogue gives every item that comes with Readyroom, by key. Where a built-in template says an item in other words
// (the alerts before GA are for everyone's load), the catalogue has the plain ones.
func Catalogue() map[string]Item {
	out := make(map[string]Item, len(catalogue))
	for _, i := range catalogue {
		out[i.Key] = i
	}
	return out
}

// CatalogueKeys lists the keys of the catalogue in its order: what the built-in templates ask first.
func CatalogueKeys() []string {
	keys := make([]string, len(catalogue))
	for n, i := range catalogue {
		keys[n] = i.Key
	}
	return keys
}

// Catalogued finds an item of the catalogue.
func Catalogued(key string) (Item, bool) {
	n := slices.IndexFunc(catalogue, func(i Item) bool { return i.Key == key })
	if n < 0 {
		return Item{}, false
	}
	return catalogue[n], true
}

// afterwards are the items that only make sense once users have it.
var afterwards = []string{"announced", "healthy", "retrospective", "feedback", "leftovers", "internal-comms", "cli-api",
	"field-support", "validation"}

// Usual is the half of a stage's checklists to which an item belongs where nobody says another: ready, but for what can
// only be true afterwards.
func Usual(key string) Half {
	if slices.Contains(afterwards, key) {
		return Done
	}
	return Ready
}

// pick takes items of the catalogue. A key that it lacks is a mistake in this package.
func pick(keys ...string) []Item {
	items := make([]Item, len(keys))
	for n, key := range keys {
		item, ok := Catalogued(key)
		if !ok {
			panic("the catalogue has no item " + key)
		}
		items[n] = item
	}
	return items
}
