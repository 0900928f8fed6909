package githubfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// deliveryMax is how large a payload may be; what is larger is not sent at all.
const deliveryMax = 25 << 20

// Hook is a webhook: somebody who wants to hear what happens.
type Hook struct {
	f      *Fake
	id     int64
	url    string
	secret string
	events []string // nil: every one
	to     http.Handler
}

// Delivery is what a webhook sends once. Its id stays the same when it is sent again.
type Delivery struct {
	ID, Event, Action string
	Repo              string // "acme/app"
	URL               string
	Header            http.Header
	Body              []byte
	// Statuses are what it was answered with, each time that it was sent; 0 is no answer in time.
	Statuses []int

	hook *Hook
}

// Hook has whoever listens at url told of what happens from now on, in every repository, beginning with a ping. Without
// events it is all of them. What is told waits in Deliveries until it is delivered.
func (f *Fake) Hook(url, secret string, events ...string) *Hook {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := &Hook{f: f, id: f.id(), url: url, secret: secret, events: slices.Clone(events)}
	f.hooks = append(f.hooks, h)
	h.queue("ping", "", "", reply{"zen": "Keep it logically awesome.", "hook_id": h.id, "hook": h.all(), "sender": f.userAll(f.user(Bot))})
	return h
}

// To has deliveries go to a handler, not over the network.
func (h *Hook) To(handler http.Handler) *Hook {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	h.to = handler
	return h
}

// Stop ends a webhook: nothing more is told it.
func (h *Hook) Stop() {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	h.f.hooks = slices.DeleteFunc(h.f.hooks, func(x *Hook) bool { return x == h })
}

func (h *Hook) all() reply {
	events := h.events
	if events == nil {
		events = []string{"*"}
	}
	return reply{
		"type": "Repository", "id": h.id, "name": "web", "active": true, "events": events,
		"config": reply{"content_type": "json", "insecure_ssl": "0", "url": h.url},
	}
}

// tell has everybody who wants to hear it told what happened; the lock is held.
func (r *Repo) tell(event, action string, more reply) {
	if len(r.f.hooks) == 0 {
		return
	}
	who := r.f.actor
	if who == "" {
		who = "ana"
	}
	payload := reply{"repository": r.all(), "sender": r.f.userAll(r.f.user(who))}
	if action != "" {
		payload["action"] = action
	}
	for k, v := range more {
		payload[k] = v
	}
	for _, h := range r.f.hooks {
		if h.events == nil || slices.Contains(h.events, event) {
			h.queue(event, action, r.name(), payload)
		}
	}
}

func (h *Hook) queue(event, action, repo string, payload reply) {
	body := marshal(payload)
	if len(body) > deliveryMax {
		return
	}
	n := h.f.id()
	d := &Delivery{ID: fmt.Sprintf("%08x-fa4e-11f0-8000-%012x", n, h.id), Event: event, Action: action, Repo: repo, URL: h.url, Body: body, hook: h}
	d.Header = http.Header{
		"Content-Type": {"application/json"}, "User-Agent": {"GitHub-Hookshot/fa4e000"}, "Accept": {"*/*"}, "X-Github-Event": {event}, "X-Github-Delivery": {d.ID},
		"X-Github-Hook-Id": {itoa(h.id)}, "X-Github-Hook-Installation-Target-Type": {"repository"}, "X-Github-Hook-Installation-Target-Id": {itoa(h.id)},
	}
	if h.secret != "" {
		d.Header["X-Hub-Signature-256"] = []string{Signature(h.secret, body)}
	}
	h.f.deliveries = append(h.f.deliveries, d)
}

// Signature is what a body is signed with, as the header X-Hub-Signature-256 has it.
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// zero is the id of what is not there.
var zero = strings.Repeat("0", 40)

// pushed tells of a ref that was made, moved or deleted.
func (r *Repo) pushed(ref, before, after, who string) {
	if len(r.f.hooks) == 0 {
		return
	}
	more := reply{
		"ref": ref, "created": before == "", "deleted": after == "", "forced": false, "base_ref": nil, "commits": []reply{}, "head_commit": nil,
		"before": before, "after": after, "pusher": reply{"name": who, "email": r.f.person(who).email},
	}
	from, to := r.peeled(before), r.peeled(after)
	without := r.reach(from)
	if before == "" {
		more["before"], without = zero, r.behind(ref)
	}
	if after == "" {
		more["after"] = zero
	} else {
		commits := r.log(to, without)
		slices.Reverse(commits)
		more["commits"] = each(commits[:min(len(commits), pushMax)], r.pushedCommit)
		more["head_commit"] = r.pushedCommit(r.commits[to])
		more["forced"] = before != "" && !r.reach(to)[from]
	}
	more["compare"] = r.html(fmt.Sprint("/compare/", more["before"].(string)[:12], "...", more["after"].(string)[:12]))
	repository := r.all()
	repository["created_at"], repository["pushed_at"] = r.made.Unix(), r.f.now().Unix()
	more["repository"] = repository
	r.tell("push", "", more)
	kind, name := "branch", strings.TrimPrefix(ref, "refs/heads/")
	if tag, is := strings.CutPrefix(ref, "refs/tags/"); is {
		kind, name = "tag", tag
	}
	more = reply{"ref": name, "ref_type": kind, "pusher_type": "user"}
	switch {
	case before == "":
		more["master_branch"], more["description"] = r.def, nil
		r.tell("create", "", more)
	case after == "":
		r.tell("delete", "", more)
	}
}

// pushMax is how many commits a push tells of.
const pushMax = 2048

// behind are the commits that other refs than this have.
func (r *Repo) behind(ref string) map[string]bool {
	all := map[string]bool{}
	for name, id := range r.refs {
		if name != ref {
			for c := range r.reach(r.peeled(id)) {
				all[c] = true
			}
		}
	}
	return all
}

func (r *Repo) pushedCommit(c *commit) reply {
	person := func(s signature) reply { return reply{"name": s.name, "email": s.email} }
	before := ""
	if len(c.parents) > 0 {
		before = r.commits[c.parents[0]].tree
	}
	paths := map[string][]string{"added": {}, "modified": {}, "removed": {}}
	for _, x := range r.diff(before, c.tree) {
		paths[x.status] = append(paths[x.status], x.path)
	}
	return reply{
		"id": c.sha, "tree_id": c.tree, "distinct": true, "message": strings.TrimRight(c.message, "\n"), "timestamp": c.committer.at.Format("2006-01-02T15:04:05Z07:00"),
		"url": r.html("/commit/" + c.sha), "author": person(c.author), "committer": person(c.committer),
		"added": paths["added"], "removed": paths["removed"], "modified": paths["modified"],
	}
}
