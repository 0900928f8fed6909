package slackfake

import (
	"fmt"
	"slices"
	"time"
)

// trigger lets one modal be opened for a person.
type trigger struct {
	user string
	at   time.Time
	used bool
	from *View // the modal that it was pressed in
}

// TriggerLife is how long a trigger can be used.
const TriggerLife = 3 * time.Second

// newTrigger gives one to use; the lock is held.
func (f *Fake) newTrigger(user string, from *View) string {
	id := fmt.Sprintf("%d.%s.%s", f.o.Now().Unix(), Team, f.newID("trg"))
	f.triggers[id] = &trigger{user: user, at: f.o.Now(), from: from}
	return id
}

// pull uses a trigger up; the lock is held.
func (f *Fake) pull(id string) (*trigger, refusal) {
	t := f.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case f.o.Now().Sub(t.at) > TriggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, refusal{}
}

// keep remembers a view as open; the lock is held.
func (f *Fake) keep(v *View, user string) refusal {
	for _, other := range f.views.byID {
		if v.ExternalID != "" && other.ExternalID == v.ExternalID && !other.closed && other.ID != v.ID {
			return refuse("duplicate_external_id")
		}
	}
	if v.ID == "" {
		v.ID = f.newID("V")
	}
	v.user, v.Hash = user, f.newID("h")
	f.views.byID[v.ID] = v
	return refusal{}
}

func (f *Fake) viewsOpen(c *Call) (reply, refusal) {
	v, no := f.readView(c.Args["view"], "modal")
	if no.given() {
		return nil, no
	}
	t, no := f.pull(c.Args["trigger_id"])
	if no.given() {
		return nil, no
	}
	if no := f.keep(v, t.user); no.given() {
		return nil, no
	}
	t.used = true
	f.closeAll(t.user)
	f.views.stacks[t.user] = []*View{v}
	return reply{"view": f.viewJSON(v)}, refusal{}
}

func (f *Fake) viewsPush(c *Call) (reply, refusal) {
	v, no := f.readView(c.Args["view"], "modal")
	if no.given() {
		return nil, no
	}
	t, no := f.pull(c.Args["trigger_id"])
	if no.given() {
		return nil, no
	}
	stack := f.views.stacks[t.user]
	if t.from == nil || !slices.Contains(stack, t.from) {
		return nil, refuse("invalid_trigger_id", "[ERROR] a view is pushed from a modal that is open")
	}
	if len(stack) >= MaxStack {
		return nil, refuse("push_limit_reached")
	}
	if no := f.keep(v, t.user); no.given() {
		return nil, no
	}
	t.used = true
	f.views.stacks[t.user] = append(stack, v)
	return reply{"view": f.viewJSON(v)}, refusal{}
}

func (f *Fake) viewsUpdate(c *Call) (reply, refusal) {
	old := f.views.byID[c.Args["view_id"]]
	if id := c.Args["external_id"]; old == nil && id != "" {
		for _, v := range f.views.byID {
			if v.ExternalID == id && !v.closed {
				old = v
			}
		}
	}
	switch {
	case old == nil || old.closed:
		return nil, refuse("not_found")
	case c.Args["hash"] != "" && c.Args["hash"] != old.Hash:
		return nil, refuse("hash_conflict")
	}
	v, no := f.readView(c.Args["view"], old.Type)
	if no.given() {
		return nil, no
	}
	if no := f.change(old, v); no.given() {
		return nil, no
	}
	return reply{"view": f.viewJSON(old)}, refusal{}
}

// change puts another view in the place of an open one, which keeps what was typed where block and action stayed; the
// lock is held.
func (f *Fake) change(old, v *View) refusal {
	id, user, typed := old.ID, old.user, old.typed
	v.ID = id
	if no := f.keep(v, user); no.given() {
		return no
	}
	hash := v.Hash
	*old = *v
	old.Hash, old.typed = hash, map[string]map[string]any{}
	for _, in := range old.Inputs {
		if value, ok := typed[in.Block][in.Action]; ok {
			old.typed[in.Block] = map[string]any{in.Action: value}
		}
	}
	f.views.byID[id] = old
	return refusal{}
}

func (f *Fake) viewsPublish(c *Call) (reply, refusal) {
	u := f.users[c.Args["user_id"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	v, no := f.readView(c.Args["view"], "home")
	if no.given() {
		return nil, no
	}
	old := f.views.homes[u.ID]
	if h := c.Args["hash"]; h != "" && old != nil && h != old.Hash {
		return nil, refuse("hash_conflict")
	}
	if old != nil {
		v.ID = old.ID
	}
	if no := f.keep(v, u.ID); no.given() {
		return nil, no
	}
	f.views.homes[u.ID] = v
	return reply{"view": f.viewJSON(v)}, refusal{}
}

// closeAll closes all modals of a person; the lock is held.
func (f *Fake) closeAll(user string) {
	for _, v := range f.views.stacks[user] {
		v.closed = true
	}
	delete(f.views.stacks, user)
}
