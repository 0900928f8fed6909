package githubfake

import "time"

// Milestone is what issues are planned for.
type Milestone struct {
	Number int64
	Title  string
	Due    time.Time // zero: none
	Closed bool
	id     int64
	made   time.Time
	done   time.Time
}

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/milestones", needs: "issues=read; pull_requests=read", query: []string{"state", "sort", "direction", "page"}, do: listMilestones},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/milestones/{number}", needs: "issues=read; pull_requests=read", do: func(_ *Fake, c *Call) (any, refusal) {
			m := c.repo.milestone(c.number("number"))
			if m == nil {
				return nil, notFound()
			}
			return c.repo.milestoneAll(m), refusal{}
		}},
	)
}

// Milestone makes one, and gives its number.
func (r *Repo) Milestone(title string, due time.Time) (number int64) {
	r.set(func() {
		m := &Milestone{Number: int64(len(r.milestones) + 1), Title: title, Due: due, id: r.f.id(), made: r.f.now()}
		r.milestones = append(r.milestones, m)
		number = m.Number
		r.tell("milestone", "created", reply{"milestone": r.milestoneAll(m)})
	})
	return number
}

// CloseMilestone closes one.
func (r *Repo) CloseMilestone(number int64) {
	r.set(func() {
		m := r.milestone(number)
		if m == nil {
			r.fatal("there is no milestone %d", number)
		}
		m.Closed, m.done = true, r.f.now()
		r.tell("milestone", "closed", reply{"milestone": r.milestoneAll(m)})
	})
}

func (r *Repo) milestone(number int64) *Milestone {
	for _, m := range r.milestones {
		if m.Number == number {
			return m
		}
	}
	return nil
}

func (r *Repo) milestoneOf(i *Issue) any {
	if m := r.milestone(i.Milestone); m != nil {
		return r.milestoneAll(m)
	}
	return nil
}

func (r *Repo) milestoneAll(m *Milestone) reply {
	state, open, closed := "open", 0, 0
	if m.Closed {
		state = "closed"
	}
	for _, i := range r.issues {
		switch {
		case i.Milestone != m.Number:
		case i.Closed:
			closed++
		default:
			open++
		}
	}
	number := itoa(m.Number)
	return reply{
		"id": m.id, "node_id": node("MI", m.id), "number": m.Number, "title": m.Title, "description": "", "state": state, "open_issues": open, "closed_issues": closed,
		"url": r.url("/milestones/" + number), "html_url": r.html("/milestone/" + number), "labels_url": r.url("/milestones/" + number + "/labels"),
		"creator": r.f.userAll(r.f.user(Bot)), "created_at": stamp(m.made), "updated_at": stamp(m.made), "closed_at": stamp(m.done), "due_on": stamp(m.Due),
	}
}

func listMilestones(_ *Fake, c *Call) (any, refusal) {
	var all []*Milestone
	for _, m := range c.repo.milestones {
		if inState(c, m.Closed) {
			all = append(all, m)
		}
	}
	return each(paged(c, all), c.repo.milestoneAll), refusal{}
}
