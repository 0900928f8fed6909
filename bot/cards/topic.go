package cards

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Topics are the words that help explains beside the commands.
func Topics() []string { return []string{"gates", "votes", "turns", "risk", "roles", "overrides"} }

// Topic explains how things work here, for somebody with these roles: as the configuration has it.
func Topic(name string, s todo.Settings, roles []policy.Holding, owners []workflows.PersonID) chat.Message {
	var held, risks, raise []string
	for _, h := range roles {
		held = append(held, h.String())
	}
	for _, r := range policy.Risks() {
		risks = append(risks, riskLine(r))
	}
	for _, r := range s.Raise {
		raise = append(raise, strings.Join(append(append([]string{}, r.Paths...), labelled(r.Labels)...), ", ")+" → "+string(r.To))
	}
	return say("topic."+name, map[string]any{"Templates": s.Templates, "Default": s.Default, "Roles": held, "Risks": risks, "Raise": raise, "Owners": owners})
}

func labelled(labels []string) []string {
	var out []string
	for _, l := range labels {
		out = append(out, "label "+l)
	}
	return out
}

// riskLine is what a risk asks for, in one line.
func riskLine(r policy.Risk) string {
	t := r.Tier()
	var parts []string
	add := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(t.People == 1, "one person may sign everything")
	add(t.People > 1 && t.Each == 1, "a gate that lets users in holds votes of %d different people", t.People)
	add(t.Each > 1, "each item of a gate that lets users in holds votes of %d different people", t.Each)
	add(t.AuthorOut, "who wrote code does not vouch for it alone")
	add(t.Evidence, "evidence is wanted with the vote")
	add(t.Managed, "a release manager passes the gates")
	add(t.Soak > 0, "a stage stays open for %d d", int(t.Soak.Hours())/24)
	add(t.Waivers > 1, "%d agree to a waiver", t.Waivers)
	add(t.Typed, "whoever confirms types the version")
	if keys := added(r); len(keys) > 0 {
		parts = append(parts, "adds "+strings.Join(keys, ", "))
	}
	return string(r) + ": " + strings.Join(parts, "; ")
}

// added are the items that a risk adds, by name.
func added(r policy.Risk) []string {
	var keys []string
	seen := map[string]bool{}
	for _, gate := range []string{"preview.ready", "preview.done", "ga.ready", "ga.done"} {
		for _, i := range release.AddedBy(r, gate) {
			if !seen[i.Key] {
				seen[i.Key] = true
				keys = append(keys, i.Key)
			}
		}
	}
	return keys
}
