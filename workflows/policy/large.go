package policy

// Beyond these a candidate is called large: what goes wrong in one is harder to find and to take back. They warn, they
// never stop anybody.
const (
	LargeCommits = 100
	LargeDays    = 30
)
