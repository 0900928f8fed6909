package commands

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// long is the longest id there is.
var long = strings.Repeat("w", 32)

// large is more changes than one thing will see.
const large = 1_000_000_000

// worst is a release whose ids, number and revisions are as long as they get.
func worst(template string, passed int, held bool) release.Release {
	id := strings.Repeat("f", 40)
	r := release.Release{ID: workflows.NewReleaseID(workflows.Product(long), "W"+long[1:]), Number: 1_000_000, Template: template, Risk: policy.Normal,
		Gates: release.Templates()[template].At(policy.Normal), Passed: passed, Manager: workflows.PersonID(long), Target: noon,
		Candidate: &release.Candidate{Commit: workflows.Commit{ID: id}, Builds: map[string]string{"app": "sha256:1"}}, Revisions: map[string]uint64{}}
	for n, g := range r.Gates {
		r.Gates[n].Items = append(slices.Clone(g.Items), release.Item{Key: strings.Repeat("k", 32), Text: "of one's own", Role: workflows.SRE, Origin: release.OfPerson})
		for _, i := range r.Gates[n].Items {
			r.Revisions[g.Full(i)] = large
		}
	}
	if held {
		r.Held = &release.Hold{By: r.Manager, Why: "wait", At: noon}
	}
	return r
}

// everyButton draws all the cards there are of the worst releases and flags, and collects their buttons.
func everyButton(t *testing.T) []chat.Button {
	t.Helper()
	var all []chat.Button
	add := func(m chat.Message) { all = append(all, m.Buttons...) }
	book := &policy.Book{Owners: []workflows.PersonID{workflows.PersonID(long)}, People: map[workflows.PersonID]workflows.Person{workflows.PersonID(long): {NoCode: true}}}
	v := cards.View{Zone: time.UTC, Now: noon, Me: workflows.PersonID(long)}
	for name, template := range release.Templates() {
		for passed := range len(template.Gates) + 1 {
			for _, held := range []bool{false, true} {
				r := worst(name, passed, held)
				judged := release.Check(r, book, noon)
				w := cards.Whole{Release: r, Book: book}
				add(cards.Card(w, v))
				add(cards.PublicCard(r).Message())
				add(cards.PublicNotes(notes.Post{Release: r.ID}, r).Message())
				for _, news := range []feedback.News{feedback.Opened, feedback.Shipped, feedback.TakenBack, feedback.Never} {
					told, _ := cards.Followed(feedback.Announced{News: news, Stage: r.Stage()}, r)
					add(told.Message())
				}
				add(cards.Following(r.ID, feedback.Followed{Want: feedback.Preview}).Message())
				add(cards.Following(r.ID, feedback.Unfollowed{}).Message())
				add(cards.Check(w, judged, v, func(release.Status) bool { return true }, bare))
				add(cards.Readiness(r, judged.Open(), v))
				if !r.Over() {
					all = append(all, cards.AdvanceButton(r))
				}
				for _, g := range r.Gates {
					for _, s := range release.CheckGate(r, g, book, noon).Items {
						add(cards.Item(r, s, v, release.OK, release.NeedsWork, release.Block))
						add(cards.Item(r, s, v, release.Withdraw))
						all = append(all, cards.ItemButtons(r, s, cards.Can{Ask: true, Plan: true, Assign: true, Waive: true})...)
						for what, e := range map[string]workflows.Event{"asked": release.Asked{Item: s.Full()}, "assigned": release.Assigned{Item: s.Full()},
							"sent-back": release.Signed{Vote: release.Vote{Item: s.Full(), Value: release.Block}}, "owed": release.WaiverEnded{Item: s.Full()},
							"planned": release.Planned{Item: s.Full(), Plan: release.Planning{Line: s.Full()}}, "waived": release.Waived{Item: s.Full()},
							"manages": release.Changed{Manager: r.Manager}} {
							add(cards.Post(what, workflows.Recorded{Event: e}, r, book, v))
						}
					}
				}
				add(cards.Joined(cards.Home(cards.Page{Who: v.Me, Book: book, Open: []todo.Wait{{Release: r}}, Makes: true, Entries: append(todo.For(v.Me, []todo.Work{{Release: r}}, book, v.Week, noon),
					todo.Entry{Release: r.ID, Kind: todo.Acknowledge, Line: "brief ack"}, todo.Entry{Release: r.ID, Kind: todo.Brief, Line: "brief draft x"})}, v)))
				all = append(all, cards.ToDraft(r, "notes"), cards.ToDraft(r, "briefing"))
				add(cards.RollbackPlan(r, release.Plan{Gate: r.Gates[0]}, briefing.Briefing{}, v))
				sent := briefing.Briefing{Draft: briefing.Text{Digest: "a", Revision: large}, Sent: briefing.Text{Digest: "b", Revision: large}}
				add(cards.Briefing(r, sent, nil, cards.Hand{Edit: true, Send: true}))
				add(cards.BriefingCard(r, sent, nil))
				draft := notes.Notes{Text: "x", Revision: large, Commit: r.Candidate.Commit.ID}
				add(cards.Notes(r, draft, cards.Hand{Edit: true, Approve: true, Send: true}, v))
				draft.Approvals = []notes.Approval{{Commit: draft.Commit}}
				add(cards.Notes(r, draft, cards.Hand{Edit: true, Approve: true, Send: true}, v))
			}
		}
	}
	add(cards.Todo(v.Me, []todo.Entry{{}}, v))
	for _, percent := range []int{0, 1, 100} {
		f := flag.Flag{Key: workflows.FlagKey(long), Revision: large, Percents: map[workflows.Environment]int{workflows.Environment(long): percent, "b": 1}}
		add(cards.Flag(f, []workflows.Environment{"b", workflows.Environment(long)}, workflows.Standing{Reach: workflows.ReachEveryone}, v))
	}
	asked := chat.Message{}
	p := workflows.Pending{Key: "k" + long[:7], By: workflows.PersonID(long), Until: noon}
	add(cards.Question(workflows.Receipt{Confirm: &p}, v))
	cards.AddUndo(&asked, p, v)
	add(asked)
	return all
}

// TestEveryButtonFitsAndComesBack walks every button of every card: it fits the smallest platform, and its press is
// understood as the command, the release and the basis that it was drawn for.
func TestEveryButtonFitsAndComesBack(t *testing.T) {
	seen, longest := map[string]bool{}, ""
	for _, b := range everyButton(t) {
		value := b.Value()
		if len(value) > len(longest) {
			longest = value
		}
		if len(value) > chat.MaxLine {
			t.Errorf("%q holds %d bytes, %d fit: %s", b.Label, len(value), chat.MaxLine, value)
		}
		p, err := All.Parse(value, Context{Now: noon, Press: true})
		if err != nil {
			if !seen[err.Error()] {
				t.Errorf("%q cannot be pressed: %s: %v", b.Label, value, err)
			}
			seen[err.Error()] = true
			continue
		}
		seen[p.Command.Name()] = true
		if !strings.HasPrefix(b.Line, p.Command.Name()) {
			t.Errorf("%s is understood as %s", value, p.Command.Name())
		}
		if named := strings.Contains(b.Line, "1000000"); named != (p.Args.On.Release == "1000000") {
			t.Errorf("%s is understood as of %q", value, p.Args.On.Release)
		}
		if id := string(worst("simple", 0, false).ID); strings.Contains(b.Line, "@") != (p.Args.On.Release == id) {
			t.Errorf("%s is understood as of %q", value, p.Args.On.Release)
		}
		if wish := p.Command.Wish; wish != nil && len(p.Missing) == 0 {
			if _, err := wish(p.Args); err != nil {
				t.Errorf("%s wishes nothing: %v", value, err)
			}
		}
		if (b.Basis != "") != p.Args.Basis.Said || b.Basis != "" && cards.Basis(p.Args.Basis) != b.Basis {
			t.Errorf("%s is understood as drawn at %+v", value, p.Args.Basis)
		}
		if len(p.Missing) > 0 && p.Command.Form == nil {
			t.Errorf("%s lacks %v and nothing asks for it", value, p.Missing)
		}
	}
	for _, name := range []string{"sign", "check", "notes show", "brief show", "hold", "resume", "advance", "rollback start", "brief ack", "brief send",
		"notes edit", "notes approve", "notes publish", "flag set", "flag kill", "item ask", "item show",
		"item plan", "item assign", "item waive", "brief draft", "notes draft", "new", "status", "home", "confirm", "undo", "feedback follow", "feedback add"} {
		if !seen[name] {
			t.Errorf("no button of %s was drawn: this test no longer walks them all", name)
		}
	}
	t.Logf("the longest, %d bytes: %s", len(longest), longest)
}

// bare writes a line that need not name the release.
func bare(verb string, words ...string) string { return workflows.Line("", verb, words...) }
