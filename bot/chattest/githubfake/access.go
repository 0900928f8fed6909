package githubfake

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// grant is what a token may do.
type grant struct {
	login        string
	installation int64             // it is one of an installation; zero: of a person
	all          bool              // everything
	may          map[string]string // "contents": "write"
	repos        []string          // "acme/app"; nil: every one
	expires      time.Time         // zero: never
	revoked      bool
}

// Permit says what a token may do from now on, and makes it one that is taken if it was not: Permit(token,
// map[string]string{"contents": "read"}). It is one of a person, whose login is Bot, and "metadata" may always be read.
func (f *Fake) Permit(token string, may map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.grants[token]
	if g == nil {
		g = &grant{login: Bot}
		f.grants[token] = g
	}
	g.may, g.all = maps.Clone(may), false
}

// Forbid takes one permission from a token that may have had it.
func (f *Fake) Forbid(token, permission string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.grants[token]
	if g.all {
		g.all, g.may = false, map[string]string{}
		for _, name := range Permissions {
			g.may[name] = "write"
		}
	}
	delete(g.may, permission)
}

// Permissions are those that a token can have here.
var Permissions = strings.Fields("actions administration checks contents deployments environments issues metadata pull_requests statuses workflows")

// Restrict says which repositories a token reaches from now on.
func (f *Fake) Restrict(token string, repos ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grants[token].repos = slices.Clone(repos)
}

// RevokeToken ends a token.
func (f *Fake) RevokeToken(token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.grants[token]; g != nil {
		g.revoked = true
	}
}

// Tokens are all that were ever valid here: what no log may show.
func (f *Fake) Tokens() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := slices.Sorted(maps.Keys(f.grants))
	for _, h := range f.hooks {
		all = append(all, h.secret)
	}
	return all
}

// bearer is the token of a header.
func bearer(header string) (token string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		return strings.TrimSpace(token), true
	}
	return "", false
}

// valid gives what a token may do; nil: nothing, it is not valid.
func (f *Fake) valid(token string) *grant {
	g := f.grants[token]
	if g == nil || g.revoked || !g.expires.IsZero() && !f.o.Now().Before(g.expires) {
		return nil
	}
	return g
}

// tokenName says which token a call came with; the lock is held.
func (f *Fake) tokenName(header string) string {
	token, is := bearer(header)
	switch g := f.valid(token); {
	case header == "":
		return ""
	case is && g != nil && g.installation != 0:
		return "installation"
	case is && g != nil:
		return g.login
	case is && strings.Count(token, ".") == 2:
		return "app"
	}
	return "other"
}

func (g *grant) reaches(r *Repo) bool {
	return g != nil && (g.repos == nil || slices.Contains(g.repos, r.name()))
}

// has is whether a token has all permissions of a set: "pull_requests=write,contents=read".
func (g *grant) has(set string) bool {
	if g == nil {
		return false
	}
	rank := map[string]int{"read": 1, "write": 2, "admin": 3}
	for one := range strings.SplitSeq(set, ",") {
		name, level, _ := strings.Cut(one, "=")
		if !g.all && name != "metadata" && rank[g.may[name]] < rank[level] {
			return false
		}
	}
	return true
}
