package githubfake

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// reply is a JSON object.
type reply = map[string]any

// route is one call of the API.
type route struct {
	method, pattern string // "POST", "/repos/{owner}/{repo}/releases"; {ref...} holds slashes too
	// needs are the permissions: "contents=write"; alternatives stand behind semicolons. Empty: none, or the app itself.
	needs string
	kind  string   // of its body; empty: there is none
	query []string // what it may be asked with; pages are where "page" is
	// creates is whether it counts as content that is made.
	creates bool
	// app is whether it is the app itself that asks, by a JWT.
	app bool
	// free is whether it does not count as a request.
	free bool
	// do answers, with the lock held: what is given is sent as JSON with 200; nil: 204 without a body; a created, an
	// accepted, a plain: as they say.
	do func(*Fake, *Call) (any, refusal)
}

type (
	created  struct{ body any }          // 201
	accepted struct{ body any }          // 202
	plain    struct{ kind, text string } // 200, and no JSON
)

// name is how a route is called in Call.Route and in Fail.
func (r route) name() string { return r.method + " " + r.pattern }

// writes is whether it may change something.
func (r route) writes() bool { return r.method != "GET" }

// routes are all that a fake serves, the plainest patterns first. Each file that serves some adds them in its init.
var routes []route

// Route is one call that a fake serves.
type Route struct {
	Name  string // "POST /repos/{owner}/{repo}/releases", as Fail and Calls have it
	Needs string // the permissions, as X-Accepted-GitHub-Permissions has them; empty: none
	Takes string // the kind of its body, as Limits has it; empty: none
	App   bool   // the app itself asks, by a JWT
}

// Routes are all calls that a fake serves.
func Routes() []Route {
	all := make([]Route, 0, len(routes))
	for _, r := range routes {
		all = append(all, Route{r.name(), r.needs, r.kind, r.app})
	}
	return all
}

func serve(more ...route) {
	routes = append(routes, more...)
	slices.SortStableFunc(routes, func(a, b route) int { return cmp.Compare(plainness(b), plainness(a)) })
}

// plainness is how much of a pattern is literal.
func plainness(r route) (n int) {
	for part := range strings.SplitSeq(r.pattern, "/") {
		switch {
		case strings.HasSuffix(part, "...}"):
			n--
		case !strings.HasPrefix(part, "{"):
			n += 10
		}
	}
	return n
}

// find gives the route of a path, as it is escaped, and what stands in it; other is whether it exists for other methods.
func find(method, path string) (to route, params map[string]string, ok bool) {
	var parts []string
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return route{}, nil, false
		}
		parts = append(parts, plain)
	}
	for _, r := range routes {
		params := map[string]string{}
		if r.method == method && match(strings.Split(strings.TrimPrefix(r.pattern, "/"), "/"), parts, params) {
			return r, params, true
		}
	}
	return route{}, nil, false
}

func match(pattern, parts []string, params map[string]string) bool {
	if len(pattern) == 0 || len(parts) == 0 {
		return len(pattern) == len(parts)
	}
	name, wild := strings.CutPrefix(pattern[0], "{")
	name = strings.TrimSuffix(name, "}")
	if !wild {
		return pattern[0] == parts[0] && match(pattern[1:], parts[1:], params)
	}
	if short, many := strings.CutSuffix(name, "..."); many {
		for n := len(parts); n > 0; n-- {
			if match(pattern[1:], parts[n:], params) {
				params[short] = strings.Join(parts[:n], "/")
				return params[short] != ""
			}
		}
		return false
	}
	if parts[0] == "" || !match(pattern[1:], parts[1:], params) {
		return false
	}
	params[name] = parts[0]
	return true
}
