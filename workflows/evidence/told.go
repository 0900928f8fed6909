package evidence

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/notes"
)

// What people were told: notes for users, the briefing for staff. And what they said.

func notesDrafted(_ *telling, _ workflows.Header, e notes.Drafted) Facts {
	return Facts{"commit": e.Commit, "since": e.Since}
}

func notesEdited(*telling, workflows.Header, notes.Edited) Facts { return nil }

func notesApproved(t *telling, h workflows.Header, e notes.Approved) Facts {
	t.Texts[e.Digest] = e.Text
	a := Approval{Act: act(h), As: e.As, Commit: e.Commit, Digest: e.Digest}
	if e.Changelog != "" {
		a.Changelog = workflows.Digest(e.Changelog)
		t.Texts[a.Changelog] = e.Changelog
	}
	t.Approvals = append(t.Approvals, a)
	return Facts{"digest": e.Digest, "commit": e.Commit, "why": e.Note}
}

func notesPublished(t *telling, h workflows.Header, e notes.Published) Facts {
	p := publication(t, h, e.Going)
	p.For = e.For
	t.Published = append(t.Published, p)
	return Facts{"digest": e.Digest, "to": goes(e.To, e.Outlets()), "for": string(e.For)}
}

func notesCorrected(t *telling, h workflows.Header, e notes.Corrected) Facts {
	p := publication(t, h, e.Going)
	p.Corrects = e.Why
	t.Published = append(t.Published, p)
	return Facts{"digest": e.Digest, "to": goes(e.To, e.Outlets()), "why": e.Why}
}

func publication(t *telling, h workflows.Header, g notes.Going) Publication {
	t.Texts[g.Digest] = g.Text.String()
	p := Publication{Act: act(h), Digest: g.Digest, To: g.To}
	for _, o := range g.Outlets() {
		p.Outside = append(p.Outside, Outside{Op: o.Op, Made: outlet(o)})
	}
	return p
}

// goes is where notes go: places, and what is made outside of them.
func goes(to []notes.Channel, outlets []notes.Outlet) string {
	var all []string
	for _, c := range to {
		all = append(all, string(c.Place))
	}
	for _, o := range outlets {
		all = append(all, outlet(o))
	}
	return strings.Join(all, ", ")
}

func outlet(o notes.Outlet) string { return o.What + " " + o.Name + " of " + o.At }

func notesScheduled(_ *telling, _ workflows.Header, e notes.Scheduled) Facts {
	return Facts{"digest": e.Digest, "when": stamp(e.At), "to": goes(e.To, e.Outlets)}
}

func notesUnscheduled(_ *telling, _ workflows.Header, e notes.Unscheduled) Facts {
	return Facts{"when": stamp(e.Was)}
}

func notesMissed(_ *telling, _ workflows.Header, e notes.Missed) Facts {
	return Facts{"when": stamp(e.Was), "why": e.Why}
}

func notesLanded(t *telling, h workflows.Header, e notes.Landed) Facts {
	t.ended(e.What, e.Op, func(o *Outside) { o.Fate, o.Link, o.Why, o.Ended = workflows.Done, e.Link, "", h.At })
	return Facts{"what": e.What, "link": e.Link}
}

func notesStranded(t *telling, h workflows.Header, e notes.Stranded) Facts {
	t.ended(e.What, e.Op, func(o *Outside) { o.Fate, o.Why, o.Ended = e.Fate, e.Why, h.At })
	return Facts{"what": e.What, "fate": string(e.Fate), "why": e.Why}
}

func notesAnswered(_ *telling, _ workflows.Header, e notes.Answered) Facts {
	return Facts{"pull": string(e.Pull), "link": e.Link}
}

// ended takes in how something came out that was made of published notes.
func (t *telling) ended(what, op string, change func(*Outside)) {
	for i := range t.Published {
		for j := range t.Published[i].Outside {
			if o := &t.Published[i].Outside[j]; o.Op == op && strings.HasPrefix(o.Made, what+" ") {
				change(o)
			}
		}
	}
}

func briefingDrafted(_ *telling, _ workflows.Header, e briefing.Drafted) Facts {
	return Facts{"digest": e.Digest}
}

func briefingSent(t *telling, h workflows.Header, e briefing.Sent) Facts {
	t.Briefed = append(t.Briefed, Briefed{Act: act(h), To: e.To, Digest: e.Digest})
	return Facts{"to": joined(e.To), "digest": e.Digest}
}

func briefingRead(t *telling, h workflows.Header, e briefing.Acked) Facts {
	r := Reading{Act: act(h), Digest: e.Digest}
	r.By = e.Person
	t.Read = append(t.Read, r)
	return Facts{"digest": e.Digest}
}

func quotaMet(t *telling, h workflows.Header, e briefing.QuotaMet) Facts {
	t.Quotas = append(t.Quotas, Quota{Act: act(h), Met: true, Digest: e.Digest, Counts: e.Counts})
	return nil
}

func quotaLost(t *telling, h workflows.Header, e briefing.QuotaLost) Facts {
	t.Quotas = append(t.Quotas, Quota{Act: act(h), Digest: e.Digest, Why: e.Why})
	return Facts{"why": e.Why}
}

func countered(t *telling, h workflows.Header, e briefing.Countered) Facts {
	t.Briefed = append(t.Briefed, Briefed{Act: act(h), Countered: e.To, Why: e.Why})
	return Facts{"to": joined(e.To), "why": e.Why}
}

func feedbackHeard(_ *telling, _ workflows.Header, e feedback.Heard) Facts {
	return Facts{"n": fmt.Sprint(e.N), "what": e.Text, "link": e.Link}
}

func feedbackPlanned(_ *telling, _ workflows.Header, e feedback.Planned) Facts {
	return Facts{"n": fmt.Sprint(e.N), "who": e.Owner.At(), "until": day(e.Due), "why": e.What}
}

func feedbackSettled(_ *telling, _ workflows.Header, e feedback.Settled) Facts {
	return Facts{"n": fmt.Sprint(e.N), "why": e.What}
}

// newsTold is what those who follow were told, in words.
var newsTold = map[feedback.News]string{feedback.Opened: "that its tech preview is open", feedback.Shipped: "that it is out",
	feedback.TakenBack: "that it was taken back for now", feedback.Never: "that it will not come"}

func feedbackAnnounced(_ *telling, _ workflows.Header, e feedback.Announced) Facts {
	to := "nobody"
	if len(e.To) > 0 {
		to = workflows.Told{N: len(e.To)}.In()
	}
	return Facts{"to": to, "what": newsTold[e.News]}
}

// onIssue is an issue as an auditor finds it.
func onIssue(forge string, n int) string { return fmt.Sprintf("%s#%d", forge, n) }

func issueFollowed(_ *telling, _ workflows.Header, e feedback.IssueFollowed) Facts {
	return Facts{"to": onIssue(e.Forge, e.N), "what": string(e.Want)}
}

func issueUnfollowed(_ *telling, _ workflows.Header, e feedback.IssueUnfollowed) Facts {
	return Facts{"to": onIssue(e.Forge, e.N)}
}

func feedbackInformed(_ *telling, _ workflows.Header, e feedback.Informed) Facts {
	var on []string
	for _, w := range e.On {
		on = append(on, onIssue(e.Forge, w.N))
	}
	return Facts{"to": joined(on), "what": newsTold[e.News]}
}

func feedbackCommented(_ *telling, _ workflows.Header, e feedback.Commented) Facts {
	return Facts{"to": onIssue(e.Forge, e.N), "fate": string(e.Fate), "link": e.Link, "why": e.Why}
}

func joined[S ~string](all []S) string {
	out := make([]string, 0, len(all))
	for _, s := range all {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}
