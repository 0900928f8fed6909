package desk

import (
	"fmt"
	"slices"
	"time"
)

// turn is whose word an open item waits for.
type turn struct {
	kind string
	who  []string
}

// waits says what an open item waits for; v is how it stands.
func (x eye) waits(r *told, g gateTold, i itemTold, v verdict) turn {
	full := g.key() + "/" + i.Key
	c, w := r.care[full], r.waivers[full]
	helps := x.helps(r, g, i, v)
	untouched, since := x.untouched(r, g, i)
	expired := w.Owner != "" && !x.now.Before(w.Until)
	owner := x.one(c.owner)
	switch {
	case v.why == "block":
		return turn{"your block", []string{x.one(v.vote.By)}}
	case w.Owner != "" && !expired: // and not in force, or it would not be open
		return turn{"to agree", without(x.inTurn(r, "release-manager"), x.behind(r, w))}
	case c.askedOf && (untouched && !expired || !c.askedAt.Before(since)):
		asked := x.one(c.asked)
		switch {
		case asked != "" && slices.Contains(helps, asked):
			return turn{"to sign", []string{asked}}
		case v.why == "needs-work" && c.asked == "":
			return turn{"to sign", []string{x.one(v.vote.By)}}
		}
		return turn{"to sign", helps}
	case v.why == "needs-work" && owner == "":
		return turn{"needs work", []string{x.one(r.manager)}}
	case v.why == "needs-work":
		return turn{"needs work", []string{owner}}
	case owner != "" && untouched && !expired:
		return turn{"to do", []string{owner}}
	}
	return turn{"to sign", helps}
}

// untouched: nobody vouched for it or spoke against it. Since is when the last did, or when the stage was entered.
func (x eye) untouched(r *told, g gateTold, i itemTold) (bool, time.Time) {
	since := r.entered
	v := x.byVotes(r, g, i)
	if v.why != "" {
		return false, v.vote.At
	}
	untouched := true
	var counted []voteTold
	for _, o := range x.onItem(r, g.key()+"/"+i.Key) {
		if !o.vouches() {
			continue
		}
		untouched = false
		if x.counts(r, o, i) {
			counted = append(counted, o)
		} else {
			since = o.At
		}
	}
	enough := g.Half != "ready" || len(v.by) >= eachOf[r.risk]
	alone := r.risk != "low" && i.Binds != "" && enough && x.alone(r, v.by)
	if len(counted) > 0 && !alone {
		since = counted[len(counted)-1].At
	}
	return untouched, since
}

// helps lists those in turn whose vote would make it better; where nobody who is there can, those who are away.
func (x eye) helps(r *told, g gateTold, i itemTold, v verdict) []string {
	if out := x.among(x.inTurn(r, i.Role), r, g, i, v); len(out) > 0 {
		return out
	}
	y := x
	y.back = true
	return x.among(y.inTurn(r, i.Role), r, g, i, v)
}

func (x eye) among(ids []string, r *told, g gateTold, i itemTold, v verdict) []string {
	var out []string
	for _, id := range ids {
		_, judged := x.authors(id)
		few := g.Half == "ready" && len(v.by) < eachOf[r.risk]
		switch {
		case x.ownGlass(r, g.key()+"/"+i.Key, id):
		case r.risk != "low" && i.Binds != "" && !judged:
		case len(v.by) > 0 && few && slices.Contains(v.by, id):
		case len(v.by) > 0 && !few && r.risk != "low" && i.Binds != "" && x.alone(r, v.by) && x.alone(r, append(slices.Clone(v.by), id)):
		default:
			out = append(out, id)
		}
	}
	return out
}

func without(all, but []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(but, id) })
}

// does says what of somebody an open item waits for; nothing where it waits for others, or for what they cannot do.
func (x eye) does(r *told, at int, i itemTold, v verdict, id string) string {
	t, c := x.waits(r, r.gates[at], i, v), r.care[r.gates[at].key()+"/"+i.Key]
	theirs := slices.Contains(t.who, id)
	switch named := x.one(c.owner) == id || c.askedOf && x.one(c.asked) == id; {
	case at > r.passed && !named:
		return ""
	case t.kind == "to sign" && i.Binds != "" && r.cand == nil: // nobody can: first a commit must be named
		if at == r.passed && x.makes(r, id) && (theirs || x.inCharge(r, id)) {
			return "to do"
		}
		return ""
	case t.kind == "to sign" && r.risk != "low" && i.From == "briefing" && x.briefs():
		return "" // the one in charge sends it
	case !theirs:
		return ""
	case t.kind == "to sign" && r.risk != "low" && i.From == "notes":
		return "notes to approve"
	}
	return t.kind
}

// inCharge: the manager, while they hold any role, and the deputy who may while they are away; else the release managers.
func (x eye) inCharge(r *told, id string) bool {
	if x.leads(r, r.manager) {
		a, away := x.absent(r.manager)
		return x.one(r.manager) == id || away && x.one(a.deputy) == id && x.isKnown(id) && x.manages(r, id)
	}
	return slices.Contains(x.inTurn(r, "release-manager"), id)
}

// briefs: somebody who can be briefed is in an audience.
func (x eye) briefs() bool {
	for _, a := range x.b.Audiences {
		if !a.Public && len(a.People) > 0 {
			return true
		}
	}
	return false
}

// todo lists what waits for somebody in a release: "kind item", sorted.
func (x eye) todo(r *told, id string) []string {
	var out []string
	say := func(kind, key string) { out = append(out, fmt.Sprintf("%s %s", kind, key)) }
	switch {
	case r.cancelled || r.passed == len(r.gates):
		return nil
	case r.held:
		if x.inCharge(r, id) {
			say("on hold", "")
		}
		return out
	}
	if x.opens(r) && x.inCharge(r, id) {
		say("to advance", "")
	}
	for at, g := range r.gates {
		for _, i := range g.Items {
			full := g.key() + "/" + i.Key
			v := x.how(r, g, i)
			w := r.waivers[full]
			behind := at < r.passed
			if behind && !slices.Contains(r.owing, full) {
				continue
			}
			late := w.Owner != "" && !x.now.Before(w.Until) && v.why == "needs-work"
			if x.one(w.Owner) == id && id != "" && (v.state == "open" || v.state == "waived") && v.why != "block" && !late {
				say("you owe", i.Key)
			}
			if v.state != "open" || behind {
				continue
			}
			switch kind := x.does(r, at, i, v, id); kind {
			case "":
			case "notes to approve":
				say(kind, "")
			default:
				say(kind, i.Key)
			}
		}
	}
	slices.Sort(out)
	return out
}
