package cards_test

import (
	"encoding/json"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// outlets draws how notes stand that go to more than channels: asked about, later, under way, there, refused, in doubt,
// corrected.
func (p *play) outlets(pg *page) {
	all := cards.Hand{Edit: true, Approve: true, Send: true}
	shown := func(heading string) { pg.show(heading, drawn(cards.Notes(p.rel, p.notes, all, p.view()))) }
	asked := func(heading string, wish workflows.Intent) {
		was := *p
		r := p.receipt("ana", wish)
		r.Told = []workflows.Told{{Place: news, What: "notes"}}
		r.Confirm = &workflows.Pending{Key: "k3f9", By: "ana", Until: p.now.Add(2 * time.Minute)}
		pg.show(heading, drawn(cards.Question(r, p.view())), drawn(cards.NotesPublished(r, p.view())))
		*p = was
	}
	p.forge = notes.Outside{Forge: "acme/app", Releases: true, Tag: "v1.0.0", Changelog: "CHANGELOG.md"}
	first := p.notes
	p.notes.Out = nil
	asked("notes: asked about, a feature", notes.Publish{})
	p.as = "app@1.0.0"
	asked("notes: asked about", notes.Publish{})
	asked("notes: asked about, later", notes.Publish{At: p.now.Add(time.Hour)})
	p.notes = first

	p.do("ana", notes.Publish{At: p.now.Add(time.Hour)})
	shown("notes: to be published later")
	asked("notes: not to be published later", notes.Publish{Never: true})
	out := p.do("ana", notes.Publish{})[0].Event.(notes.Published)
	shown("notes: under way")
	end := func(act string, data any, fate workflows.Fate, link, why string) {
		raw, err := json.Marshal(data)
		if err != nil {
			p.t.Fatal(err)
		}
		p.do("", notes.Acted{Acted: workflows.Acted{What: act, Data: raw, Fate: fate, Link: link, Why: why}})
	}
	end(workflows.ActRelease, out.Release, workflows.Unclear, "", "the connection was lost")
	end(workflows.ActChangelog, out.Changelog, workflows.Done, "https://github.com/acme/app/pull/31", "")
	shown("notes: in doubt, and proposed")
	end(workflows.ActRelease, out.Release, workflows.Refused, "", "the tag v1.0.0 names another commit")
	end(workflows.ActChangelog, out.Changelog, workflows.Done, "https://github.com/acme/app/pull/31", "")
	shown("notes: refused")
	again := p.do("ana", notes.Publish{})[0].Event.(notes.Published)
	end(workflows.ActRelease, again.Release, workflows.Done, "https://github.com/acme/app/releases/tag/v1.0.0", "")
	shown("notes: everywhere")
	p.answered(workflows.PullClosed)
	shown("notes: the change log is not taken")
	p.answered(workflows.PullOpen, workflows.PullMerged)
	shown("notes: the change log is merged")
	p.do("ana", notes.Edit{Text: p.notes.Text + "\n\nFor admins."})
	shown("notes: other words are published")
	p.do("ben", notes.Approve{})
	shown("notes: a correction is approved")
	asked("notes: asked about a correction", notes.Correct{Why: "not everybody may"})
	p.do("ana", notes.Correct{Why: "not everybody may"})
	shown("notes: corrected")
	p.forge, p.as, p.notes = notes.Outside{}, "", first
}
