package githubfake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Call is a call of the API.
type Call struct {
	N       int               // which one it was, from 1
	Route   string            // "POST /repos/{owner}/{repo}/releases"
	Path    string            // "/repos/acme/app/releases"
	Params  map[string]string // what stands in the path: "owner", "repo", "ref", "number", ...
	Query   url.Values
	Header  http.Header
	Body    json.RawMessage // nil: none
	At      time.Time
	Token   string // which one it came with: a login, "app", "installation", "" for none, "other" for one that is not valid
	Status  int    // of the answer; 0: none was given
	Faulted bool   // whether the answer was a scripted fault
	Host    string // that it was sent to

	base  string // what stands before Path
	to    route
	repo  *Repo
	grant *grant
	in    reply       // the body
	out   http.Header // of the answer
}

// Calls are all calls of a route, in the order they came: Calls("POST /repos/{owner}/{repo}/releases"); empty: of every
// route.
func (f *Fake) Calls(route string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.calls, func(c *Call) bool { return route == "" || c.Route == route })
}

// text is a field of the body; "" where there is none.
func (c *Call) text(field string) string {
	s, _ := c.in[field].(string)
	return s
}

// has is whether a field was given, and not null.
func (c *Call) has(field string) bool { return c.in[field] != nil }

// is is a truth in the body, or what it is when it was not given.
func (c *Call) is(field string, fallback bool) bool {
	if b, ok := c.in[field].(bool); ok {
		return b
	}
	return fallback
}

// number is one in the path.
func (c *Call) number(param string) int64 {
	n, err := strconv.ParseInt(c.Params[param], 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// The pages of lists.
const (
	perPage    = 30
	perPageMax = 100
)

// page is which page of a list was asked for, from 1, and how long pages are.
func (c *Call) page() (page, size int) {
	page, size = 1, perPage
	if n, err := strconv.Atoi(c.Query.Get("page")); err == nil && n > 0 {
		page = n
	}
	if n, err := strconv.Atoi(c.Query.Get("per_page")); err == nil && n > 0 {
		size = min(n, perPageMax)
	}
	return page, size
}

// paged gives the page of a list that was asked for, and says in the header Link where the others are.
func paged[T any](c *Call, all []T) []T {
	page, size := c.page()
	c.links(page, (len(all)+size-1)/size)
	from := min((page-1)*size, len(all))
	return all[from:min(from+size, len(all))]
}

// links says where the other pages are.
func (c *Call) links(page, last int) {
	var all []string
	add := func(rel string, n int) {
		q := url.Values{}
		for k, v := range c.Query {
			q[k] = v
		}
		q.Set("page", strconv.Itoa(n))
		all = append(all, "<"+c.base+c.Path+"?"+q.Encode()+`>; rel="`+rel+`"`)
	}
	if page > 1 {
		add("prev", page-1)
	}
	if page < last {
		add("next", page+1)
		add("last", last)
	}
	if page > 1 {
		add("first", 1)
	}
	if len(all) > 0 {
		c.out.Set("Link", strings.Join(all, ", "))
	}
}

// each makes one answer of each.
func each[T any](all []T, one func(T) reply) []reply {
	out := make([]reply, 0, len(all))
	for _, x := range all {
		out = append(out, one(x))
	}
	return out
}
