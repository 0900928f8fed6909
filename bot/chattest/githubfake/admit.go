package githubfake

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// admit says whether a call may be made: its client is known, its words are understood, it is not too much, it may be done
// to that repository, and with that body; the lock is held.
func (f *Fake) admit(c *Call) refusal {
	for _, step := range []func(*Call) refusal{f.greet, f.know, f.take, f.enter, f.allow, f.understand} {
		if no := step(c); no.given() {
			return no
		}
	}
	return refusal{}
}

// greet looks at what a client says of itself.
func (f *Fake) greet(c *Call) refusal {
	if c.Header.Get("User-Agent") == "" {
		return refuse(http.StatusForbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header")
	}
	switch v := c.Header.Get("X-Github-Api-Version"); v {
	case "", "2022-11-28", "2026-03-10":
	default:
		return refuse(http.StatusBadRequest, fmt.Sprintf("The X-GitHub-Api-Version header value %q is not a supported version", v))
	}
	for kind := range strings.SplitSeq(c.Header.Get("Accept"), ",") {
		kind, _, _ = strings.Cut(strings.TrimSpace(kind), ";")
		if kind == "" || kind == "*/*" || kind == "application/*" || strings.Contains(kind, "json") || strings.HasPrefix(kind, "application/vnd.github.") {
			return refusal{}
		}
	}
	return refuse(http.StatusUnsupportedMediaType, "Unsupported 'Accept' header: '"+c.Header.Get("Accept")+"'. Must accept 'application/json'.")
}

// accepts is whether a kind of answer was asked for: "sha", "raw".
func (c *Call) accepts(kind string) bool {
	a := c.Header.Get("Accept")
	return strings.Contains(a, "application/vnd.github."+kind) || strings.Contains(a, "application/vnd.github.v3."+kind)
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

// writer is whether the one who asks may write to the repository, and so sees its drafts.
func (c *Call) writer() bool { return c.grant.has("contents=write") && c.grant.reaches(c.repo) }

// understand reads the question and the body. A question that GitHub does not know fails the test: it would be passed
// over there.
func (f *Fake) understand(c *Call) refusal {
	allowed := c.to.query
	if slices.Contains(allowed, "page") {
		allowed = append(slices.Clone(allowed), "per_page")
	}
	for _, k := range slices.Sorted(maps.Keys(c.Query)) {
		if c.to.pattern != "unknown" && !slices.Contains(allowed, k) {
			f.t.Errorf("githubfake: %s knows no %q in its query", c.Route, k)
		}
	}
	if c.to.kind == "" {
		return refusal{}
	}
	in, no := inspect(c.to.kind, c.Body)
	c.in = in
	return no
}
