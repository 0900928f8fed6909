package discordfake

func init() {
	// Text inputs in rows of their own are what modals consisted of before there were labels; they are still taken.
	types["legacy row"], types["legacy input"] = 1, 4
	kinds["legacy row"] = kind{"components": {is: isList, needs: true, of: []string{"legacy input"}}}
	kinds["legacy input"] = kind{"label": aNeeded}
	for name, f := range kinds["text input"] {
		kinds["legacy input"][name] = f
	}
	rules["legacy input"] = (*inspection).input
	for _, l := range Limits {
		if l.Of == "text input" {
			l.Of = "legacy input"
			Limits = append(Limits, l)
		}
	}
	Limits = append(Limits, Limit{"legacy row", "components", 1, 1}, Limit{"legacy input", "label", 1, 45})
	inner := kinds["modal"]["components"]
	inner.of = append(inner.of, "legacy row")
	kinds["modal"]["components"] = inner
}
