package cards_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
)

// TestFollow draws what whoever follows is answered and told, wherever the release stands, and what the team sees of them.
func TestFollow(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	p.do("ana", release.New{ID: "app@invoices", Template: "feature"})
	list := func() string { return drawn(cards.Feedback(p.rel, p.said, p.book, p.view(), line)) }
	follows := func(heading string, by workflows.PersonID, w feedback.Want) {
		events := p.do(by, feedback.Follow{Want: w})
		pg.show(heading, publicly(cards.Following(p.rel.ID, events[0].Event)))
	}
	follows("ships", "zoe", feedback.Ships)
	pg.show("the team sees one", list())
	follows("and the preview", "zoe", feedback.Preview)
	follows("the preview", "mia", feedback.Preview)
	follows("ships, somebody else", "ben", feedback.Ships)
	pg.show("the team sees three", list())
	follows("off", "ben", feedback.Off)
	_, no := p.decide("mia", feedback.Follow{Want: feedback.Ships})
	var ref *workflows.Refusal
	if !errors.As(no, &ref) {
		t.Fatal(no)
	}
	pg.show("again", drawn(cards.Refusal(ref))+fmt.Sprint(ref.Choices))
	for _, stage := range []workflows.Stage{workflows.Before, workflows.Preview, workflows.Between} {
		e := feedback.Followed{Want: feedback.Preview, Stage: stage}
		pg.show(fmt.Sprint("the preview, asked ", stage), publicly(cards.Following(p.rel.ID, e)))
	}
	for passed := range len(p.rel.Gates) + 1 {
		r := p.rel
		r.Passed = passed
		pg.show(fmt.Sprint("anybody sees, after ", passed, " gates"), publicly(cards.PublicCard(r)))
		for _, news := range []feedback.News{feedback.Opened, feedback.Shipped, feedback.TakenBack, feedback.Never} {
			r.Cancelled = news == feedback.Never
			stage := map[feedback.News]workflows.Stage{feedback.Opened: workflows.Preview, feedback.Shipped: workflows.GA}[news]
			if m, ok := cards.Followed(feedback.Announced{News: news, Stage: stage}, r); ok {
				pg.show(fmt.Sprintf("told of %s, after %d gates", news, passed), publicly(m))
			}
		}
	}
	simple := release.Release{ID: "app@1.0", Gates: release.Templates()["simple"].Gates}
	pg.show("without a preview", publicly(cards.PublicCard(simple)))
	back, _ := cards.PublicPost("rolled-back", release.RolledBack{}, simple)
	pg.show("a rollback", publicly(back))
	for i := range 60 {
		p.do(workflows.PersonID(fmt.Sprint("x", i)), feedback.Follow{Want: feedback.Preview})
	}
	pg.show("more than a list shows", list())
	pg.equals("follow")
}
