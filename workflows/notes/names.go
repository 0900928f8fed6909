package notes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxNames = 50   // people who are named; more are counted
	maxName  = 60   // characters of one
	maxCrowd = 1000 // people whom an entry remembers
)

// people are those who wrote the changes, in alphabetical order, as Markdown that shows their names and pings nobody.
// Bots are none.
func people(all []Entry) []string {
	seen, raw := map[string]string{}, map[string]bool{}
	for _, e := range all {
		for _, name := range e.By {
			if raw[name] {
				continue
			}
			raw[name] = true
			if name = person(name); name != "" && seen[strings.ToLower(name)] == "" {
				seen[strings.ToLower(name)] = name
			}
		}
	}
	var out []string
	for _, name := range seen {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return out
}

// crowd joins the names of those who wrote something, up to as many as are remembered: one commit may name any number.
func crowd(a, b []string) []string {
	seen := map[string]bool{}
	for _, name := range a {
		seen[name] = true
	}
	for _, name := range b {
		if len(a) >= maxCrowd {
			break
		}
		if !seen[name] {
			seen[name] = true
			a = append(a, name)
		}
	}
	return a
}

// machines are who writes commits where nobody does, beside those whose name says that they are a bot.
var machines = []string{"github", "web-flow", "github-actions", "github actions", "github action"}

// person is a name as it is shown: never an address, and nobody's handle. It is empty for a bot.
func person(name string) string {
	name = strings.TrimSpace(name)
	if low := strings.ToLower(strings.TrimLeft(name, "@ ")); strings.HasSuffix(low, "[bot]") || slices.Contains(machines, low) {
		return ""
	}
	name, _, _ = strings.Cut(strings.TrimLeft(name, "@ "), "@") // of an address, what stands before its host
	return plain(workflows.Display(strings.TrimSpace(name), maxName))
}

// listed writes names in one line; of very many the rest is counted.
func listed(names []string, most int) string { return listedBy(names, ", ", most) }

func listedBy(all []string, mark string, most int) string {
	more := len(all) - most
	if more <= 0 {
		return strings.Join(all, mark)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], mark), more)
}
