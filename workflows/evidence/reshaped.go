package evidence

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Asks is what the risk asks of a gate beyond its items.
type Asks struct {
	People     int  `json:"people,omitempty"`      // different people whose votes it needs as a whole
	SoakHours  int  `json:"soak_hours,omitempty"`  // how long its stage must stay open before
	AuthorRule bool `json:"author_rule,omitempty"` // who wrote a commit does not vouch for it alone
	Each       int  `json:"each,omitempty"`        // different people whose votes each item needs, where one is not enough
	Evidence   bool `json:"evidence,omitempty"`    // what wants evidence does not hold without
}

// RiskChange is one time that the release came to be treated with more or less care.
type RiskChange struct {
	Act
	From policy.Risk `json:"from"`
	To   policy.Risk `json:"to"`
	Why  string      `json:"why,omitempty"`
}

// Adoption is one time that the release took over a template.
type Adoption struct {
	Act
	From     string `json:"from"` // the template until then
	Template string `json:"template"`
	Revision string `json:"revision"`
}

// Handover is one time that the release got another manager.
type Handover struct {
	Act
	From workflows.PersonID `json:"from"`
	To   workflows.PersonID `json:"to"`
}

// Broken is why a gate was passed although it did not hold, and over what.
type Broken struct {
	Event  workflows.Seq `json:"event"`
	Why    string        `json:"why"`
	Open   []string      `json:"open,omitempty"`  // the items that did not hold, in full
	Whole  []string      `json:"whole,omitempty"` // what the gate as a whole lacked
	Review string        `json:"review"`          // the item in which that is reviewed
}

func riskSet(t *telling, h workflows.Header, e release.RiskSet) Facts {
	t.Risks = append(t.Risks, RiskChange{Act: act(h), From: e.From, To: e.To, Why: e.Why})
	t.Risk, t.RiskWhy = e.To, e.Why
	return Facts{"from_risk": string(e.From), "risk": string(e.To), "why": e.Why}
}

func adopted(t *telling, h workflows.Header, e release.Adopted) Facts {
	t.Adoptions = append(t.Adoptions, Adoption{Act: act(h), From: t.Template, Template: e.Template, Revision: e.Revision})
	t.Template, t.Revision = e.Template, e.Revision
	return Facts{"template": e.Template, "revision": e.Revision}
}

func glassBroken(t *telling, h workflows.Header, e release.GlassBroken) Facts {
	g := e.Glass
	t.glass = &Broken{Event: h.Seq, Why: g.Why, Open: g.Open, Whole: g.Whole, Review: g.Review}
	return Facts{"gate": t.mustGate(g.Gate).Title, "open": joined(slices.Concat(g.Open, g.Whole)), "item": g.Review, "why": g.Why}
}

// reshape brings the report's gates to those of the release as it is now. What is no longer asked stays, and says since
// when; what the risk asks of a gate is that of the last moment before it was passed.
func (t *telling) reshape(e workflows.Recorded) {
	var since *Act
	if _, first := e.Event.(release.Opened); !first {
		since = new(act(e.Header))
	}
	for n, g := range t.release.Gates {
		out := t.gate(g.Key())
		if out == nil {
			t.Gates = append(t.Gates, Gate{Key: g.Key(), Title: g.Title(), Opens: g.Opens()})
			out = &t.Gates[len(t.Gates)-1]
		}
		if n >= t.release.Passed {
			out.Asks = asks(t.release.Risk.Tier(), g)
		}
		out.reshape(g, since)
	}
	for i := range t.Gates {
		if _, there := gateOf(t.release, t.Gates[i].Key); !there {
			t.Gates[i].reshape(release.Gate{}, since)
		}
	}
}

func gateOf(r release.Release, key string) (release.Gate, bool) {
	i := slices.IndexFunc(r.Gates, func(g release.Gate) bool { return g.Key() == key })
	if i < 0 {
		return release.Gate{}, false
	}
	return r.Gates[i], true
}

// asks is what a tier asks of a gate.
func asks(tier policy.Tier, g release.Gate) Asks {
	a := Asks{AuthorRule: tier.AuthorOut && binds(g), Evidence: tier.Evidence}
	if !g.Opens() {
		a.SoakHours = int(tier.Soak / time.Hour)
		return a
	}
	if a.People = tier.People; tier.Each > 1 {
		a.Each = tier.Each
	}
	return a
}

// reshape brings a gate's items to those that the release has there.
func (g *Gate) reshape(now release.Gate, since *Act) {
	for _, i := range now.Items {
		item := g.live(now.Full(i))
		if item == nil {
			g.Items = append(g.Items, Item{Key: now.Full(i), Since: since})
			item = &g.Items[len(g.Items)-1]
		}
		item.Text, item.Role, item.Binds, item.From, item.Origin, item.Late = i.Text, i.Role, i.Binds, i.From, i.Origin, i.Late
	}
	for n := range g.Items {
		asked := slices.ContainsFunc(now.Items, func(i release.Item) bool { return now.Full(i) == g.Items[n].Key })
		if !asked && g.Items[n].Gone == nil {
			g.Items[n].Gone = since
		}
	}
}

// live finds an item that is still asked; nil: there is none of that name.
func (g *Gate) live(full string) *Item {
	i := slices.IndexFunc(g.Items, func(i Item) bool { return i.Key == full && i.Gone == nil })
	if i < 0 {
		return nil
	}
	return &g.Items[i]
}

func (g *Gate) remove(full string) {
	g.Items = slices.DeleteFunc(slices.Clone(g.Items), func(i Item) bool { return i.Key == full && i.Gone == nil })
}

// Wanted lists the items of a gate that are still asked.
func (g Gate) Wanted() []Item {
	return slices.DeleteFunc(slices.Clone(g.Items), func(i Item) bool { return i.Gone != nil })
}

// settle leaves out of each passing what is as it was then.
func (g *Gate) settle(risk policy.Risk) {
	for i := range g.Passed {
		p := &g.Passed[i]
		if p.Risk == risk {
			p.Risk = ""
		}
		if *p.Needed == g.Asks {
			p.Needed = nil
		}
	}
}

// Lowered are the times that the release came to be treated with less care.
func (r Report) Lowered() []RiskChange {
	return slices.DeleteFunc(slices.Clone(r.Risks), func(c RiskChange) bool { return !c.From.Above(c.To) })
}
