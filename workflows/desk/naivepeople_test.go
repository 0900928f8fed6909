package desk

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// crowd is what the ledger says of people: groups, accounts, who is away.
type crowd struct {
	groups  map[string]group
	links   map[string]string // handle → person
	away    map[string]absence
	claimed struct{ Person, Handle string }
}

type group struct {
	handles []string
	asOf    time.Time
}

type absence struct {
	until  time.Time
	deputy string
}

func newCrowd() crowd {
	return crowd{groups: map[string]group{}, links: map[string]string{}, away: map[string]absence{}}
}

func (w *world) crowded(rec ledger.Record) {
	var e struct {
		Platform, Group, Person, Handle, Deputy string
		Members                                 []struct{ Handle string }
		AsOf                                    time.Time `json:"as_of"`
		Until                                   time.Time
		ByCode                                  bool `json:"by_code"`
	}
	if err := json.Unmarshal(rec.Data, &e); err != nil {
		w.wrongf(rec, "%v", err)
		return
	}
	x := w.under(rec.Policy, rec.At)
	by := string(rec.By.Person)
	switch rec.Kind {
	case "team.arrived":
		g := group{asOf: e.AsOf}
		for _, m := range e.Members {
			g.handles = append(g.handles, m.Handle)
		}
		w.groups[e.Platform+"/"+e.Group] = g
	case "people.linked":
		if x.configured(x.bearer(e.Handle)) && x.bearer(e.Handle) != x.one(e.Person) {
			w.wrongf(rec, "%s is %s's in the configuration", e.Handle, x.bearer(e.Handle))
		}
		if e.ByCode && string(rec.By.Handle) != e.Handle || !e.ByCode && !x.owns(by) {
			w.wrongf(rec, "%s gave %s to %s", by, e.Handle, e.Person)
		}
		w.links[e.Handle] = e.Person
	case "people.unlinked":
		if !x.owns(by) {
			w.wrongf(rec, "%s is no owner", by)
		}
		delete(w.links, e.Handle)
	case "people.left":
		if x.one(by) != x.one(e.Person) || e.Deputy != "" && (x.one(e.Deputy) == x.one(by) || !x.member(e.Deputy)) || !e.Until.After(rec.At) {
			w.wrongf(rec, "%s sends %s away until %s, with %s for them", by, e.Person, e.Until, e.Deputy)
		}
		w.away[e.Person] = absence{e.Until, e.Deputy}
	case "people.returned":
		delete(w.away, e.Person)
	case "people.owned":
		if len(x.b.Owners) > 0 {
			w.wrongf(rec, "%s claims what has owners", e.Person)
		}
		w.claimed.Person, w.claimed.Handle = e.Person, e.Handle
	}
}

// eye is the world as somebody sees it at a moment, under a configuration.
type eye struct {
	*world
	b    *policy.Book
	now  time.Time
	back bool // as if nobody were away
}

func (w *world) under(hash string, now time.Time) eye {
	return eye{world: w, b: w.cfgs[hash].Book, now: now}
}

func (x eye) configured(id string) bool { _, ok := x.b.People[workflows.PersonID(id)]; return ok }

// one is the one name of a human being: who is called after an account that is somebody's is that somebody. Who stands
// in the configuration is themselves.
func (x eye) one(id string) string {
	for range len(x.links) + 2 {
		if id == "" || x.configured(id) {
			return id
		}
		next := ""
		for _, p := range x.b.People {
			for _, h := range p.Handles {
				if string(team.PersonID(h)) == id {
					next = string(p.ID)
				}
			}
		}
		for h, to := range x.links {
			if next == "" && string(team.PersonID(workflows.Handle(h))) == id {
				next = to
			}
		}
		if next == "" {
			return id
		}
		id = next
	}
	return id
}

// bearer is whose an account is.
func (x eye) bearer(handle string) string {
	for _, p := range x.b.People {
		if slices.Contains(p.Handles, workflows.Handle(handle)) {
			return string(p.ID)
		}
	}
	if to, ok := x.links[handle]; ok {
		return x.one(to)
	}
	return x.one(string(team.PersonID(workflows.Handle(handle))))
}

// known lists the human beings that there are.
func (x eye) known() []string {
	var out []string
	for id := range x.b.People {
		out = append(out, string(id))
	}
	for _, g := range x.groups {
		for _, h := range g.handles {
			out = append(out, x.bearer(h))
		}
	}
	if o := x.owner(); o != "" {
		out = append(out, o)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (x eye) isKnown(id string) bool { return id != "" && slices.Contains(x.known(), x.one(id)) }

// actor is who acts by a handle; nobody, if nobody is known by it.
func (x eye) actor(handle string) string {
	if id := x.bearer(handle); x.isKnown(id) {
		return id
	}
	return ""
}

// owner is who claimed the installation, where the configuration names no owner.
func (x eye) owner() string {
	if len(x.b.Owners) > 0 || x.claimed.Person == "" {
		return ""
	}
	id := x.bearer(x.claimed.Handle)
	if id == string(team.PersonID(workflows.Handle(x.claimed.Handle))) && x.claimed.Person != id {
		return "" // they left the configuration, and the claim with it
	}
	return id
}

func (x eye) owns(id string) bool {
	id = x.one(id)
	return id != "" && (slices.Contains(x.b.Owners, workflows.PersonID(id)) || x.owner() == id)
}

// member: whoever holds a role, belongs to an audience that is not public, or owns it all.
func (x eye) member(id string) bool {
	for _, a := range x.b.Audiences {
		if !a.Public && slices.Contains(a.People, workflows.PersonID(x.one(id))) {
			return true
		}
	}
	return x.owns(id) || x.anyRole(id, "low")
}

// self says whether somebody holds a role themselves: by name, in a group that was read within a day (or whenever it was,
// where ever is set), or as an owner of what nobody is named for. At high risk owners do not stand in.
func (x eye) self(id, role, risk string, ever bool) bool {
	id = x.one(id)
	named := 0
	for configured, m := range x.b.Roles {
		if string(configured) != role && configured != "*" {
			continue
		}
		named += len(m.People) + len(m.Groups)
		if slices.Contains(m.People, workflows.PersonID(id)) {
			return id != ""
		}
		for _, name := range m.Groups {
			for _, h := range x.groups[name].handles {
				if (ever || x.now.Sub(x.groups[name].asOf) <= 24*time.Hour) && x.bearer(h) == id {
					return id != ""
				}
			}
		}
	}
	return named == 0 && risk != "high" && x.owns(id)
}

// absent is how long somebody is away. An account that turned out to be somebody's says nothing for them.
func (x eye) absent(id string) (absence, bool) {
	a, ok := x.away[id]
	return a, ok && !x.back && x.one(id) == id && x.now.Before(a.until)
}

// holds is self, or self of somebody who is away and whose deputy this is. Deputies have no deputies.
func (x eye) holds(id, role, risk string) bool {
	if x.self(id, role, risk, false) {
		return true
	}
	for who := range x.away {
		a, is := x.absent(who)
		if is && x.isKnown(id) && x.one(a.deputy) == x.one(id) && x.self(who, role, risk, false) {
			return true
		}
	}
	return false
}

func (x eye) anyRole(id, risk string) bool {
	roles := workflows.Roles()
	for r := range x.b.Roles {
		if r != "*" {
			roles = append(roles, r)
		}
	}
	for _, r := range roles {
		if x.holds(id, string(r), risk) {
			return true
		}
	}
	return false
}

// plays says whether somebody has a role in a release: its manager is release manager of it, with any role at all.
func (x eye) plays(r *told, id, role string) bool {
	return x.holds(id, role, r.risk) || role == "release-manager" && x.leads(r, id)
}

func (x eye) leads(r *told, id string) bool {
	return x.one(id) == x.one(r.manager) && x.anyRole(id, r.risk)
}

// manages says whether somebody may what is a release manager's.
func (x eye) manages(r *told, id string) bool {
	return id != "" && (x.one(id) == x.one(r.manager) || x.holds(id, "release-manager", r.risk))
}

// makes says whether somebody may what is engineering's and sre's.
func (x eye) makes(r *told, id string) bool {
	return x.manages(r, id) || x.holds(id, "engineering", r.risk) || x.holds(id, "sre", r.risk)
}

// inTurn lists whom one waits for where a role is wanted: its holders who are there, and the deputies of the others; the
// others only where nobody is there. A release's manager is one of its release managers.
func (x eye) inTurn(r *told, role string) []string {
	var there, gone []string
	for _, id := range x.known() {
		if !x.self(id, role, r.risk, false) {
			continue
		}
		a, away := x.absent(id)
		if !away {
			there = append(there, id)
			continue
		}
		gone = append(gone, id)
		deputy := x.one(a.deputy)
		if _, too := x.absent(deputy); !too && x.isKnown(deputy) {
			there = append(there, deputy)
		}
	}
	if len(there) == 0 {
		there = gone
	}
	if id := x.one(r.manager); role == "release-manager" && x.leads(r, id) {
		there = append(there, id)
	}
	slices.Sort(there)
	return slices.Compact(there)
}

// authors are the addresses under which somebody writes code; judged is false where nobody knows.
func (x eye) authors(id string) (addresses []string, judged bool) {
	p, ok := x.b.People[workflows.PersonID(x.one(id))]
	return p.Code, ok && (p.NoCode || len(p.Code) > 0)
}
