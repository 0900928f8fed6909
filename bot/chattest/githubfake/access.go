package githubfake

import (
	"maps"
	"net/http"
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

// know finds out who asks.
func (f *Fake) know(c *Call) refusal {
	header := c.Header.Get("Authorization")
	token, _ := bearer(header)
	if c.to.app {
		return f.verified(token)
	}
	switch c.Token {
	case "":
		return refusal{}
	case "other", "app":
		return refuse(http.StatusUnauthorized, "Bad credentials")
	}
	c.grant = f.valid(token)
	if !c.grant.expires.IsZero() {
		c.out.Set("Github-Authentication-Token-Expiration", c.grant.expires.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	return refusal{}
}

// enter finds the repository, if the one who asks may know of it. One that was renamed is elsewhere.
func (f *Fake) enter(c *Call) refusal {
	if c.Params["repo"] == "" {
		return refusal{}
	}
	r := f.repos[strings.ToLower(c.Params["owner"]+"/"+c.Params["repo"])]
	if r == nil || r.deleted || !r.public && !c.grant.reaches(r) && !c.to.app {
		return notFound()
	}
	if !strings.EqualFold(r.name(), c.Params["owner"]+"/"+c.Params["repo"]) {
		return f.moved(c, r)
	}
	c.repo = r
	return refusal{}
}

func (g *grant) reaches(r *Repo) bool {
	return g != nil && (g.repos == nil || slices.Contains(g.repos, r.name()))
}

// moved sends those who ask by an old name to the repository's id.
func (f *Fake) moved(c *Call, r *Repo) refusal {
	status, message := http.StatusMovedPermanently, "Moved Permanently"
	if c.to.writes() {
		status, message = http.StatusTemporaryRedirect, "Temporary Redirect"
	}
	to := f.base + "/repositories/" + itoa(r.id)
	if parts := strings.SplitN(c.Path, "/", 5); len(parts) == 5 {
		to += "/" + parts[4]
	}
	if q := c.Query.Encode(); q != "" {
		to += "?" + q
	}
	c.out.Set("Location", to)
	return refusal{status: status, message: message, more: reply{"url": to}}
}

// allow holds what a call needs to what its token may. What anybody may read needs nothing.
func (f *Fake) allow(c *Call) refusal {
	if c.to.needs == "" || c.to.app {
		return refusal{}
	}
	c.out.Set("X-Accepted-Github-Permissions", c.to.needs)
	if c.grant == nil && (c.to.writes() || c.repo == nil) {
		return refuse(http.StatusUnauthorized, "Requires authentication")
	}
	if c.repo != nil && c.to.writes() && c.repo.archived {
		return refuse(http.StatusForbidden, "Repository was archived so is read-only.")
	}
	if c.repo != nil && c.repo.public && !c.to.writes() {
		return refusal{}
	}
	for set := range strings.SplitSeq(c.to.needs, "; ") {
		if c.grant.has(set) && (c.repo == nil || c.grant.reaches(c.repo)) {
			return refusal{}
		}
	}
	return c.grant.inaccessible()
}

func (g *grant) inaccessible() refusal {
	if g != nil && g.installation != 0 {
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	return refuse(http.StatusForbidden, "Resource not accessible by personal access token")
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

// writer is whether the one who asks may write to the repository, and so sees its drafts.
func (c *Call) writer() bool { return c.grant.has("contents=write") && c.grant.reaches(c.repo) }
