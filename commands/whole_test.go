package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// nowhere is a channel without a release.
const nowhere = workflows.Place("console/#nowhere")

// TestWholeShowsAll: the card of a release with sixty items names the line that shows each of them, from anywhere.
func TestWholeShowsAll(t *testing.T) {
	o := open(t)
	const own = 55 // beside the five of the checklist
	o.does("ana", "new app@1.0.0 --risk low")
	for i := range own {
		o.does("ana", fmt.Sprintf("item add ga.ready own-x%dx --role sre -- number %d", i, i))
	}
	o.request("ana", random, "new app@2.0.0 --risk low", false, nil) // so that the release must be named
	card := o.types("ana", "status").Message
	if len(card.Whole) == 0 || len(card.Whole) > chat.MaxLine {
		t.Fatalf("the card names %q", card.Whole)
	}
	all := o.request("ana", nowhere, card.Whole, false, nil)
	for i := range own {
		if key := fmt.Sprintf("own-x%dx ", i); !strings.Contains(answered(all), key) {
			t.Errorf("%s lacks %s", card.Whole, key)
		}
	}
}

// TestWholeNamesWhatItShows: whatever may be long names a line that shows the same to the same person, wherever it is
// typed, of one release or of none.
func TestWholeNamesWhatItShows(t *testing.T) {
	o := busy(t)
	o.does("ana", "resume", "scope add #7")
	o.request("ana", random, "new app@invoices --template feature --why small", false, nil)
	shown := 0
	for _, text := range []string{"", "status", "item list", "check", "check closed", "todo", "todo @ben", "help", "help sign", "list", "list mine", "notes", "brief", "brief status", "scope", "flag list",
		"flag show invoices", "candidate show", "rollback plan", "remind list", "admin roles", "admin config", "audit"} {
		r := o.types("ana", text)
		if r.Message == nil || len(r.Message.Lines) == 0 {
			continue
		}
		shown++
		line := r.Message.Whole
		if line == "" || len(line) > chat.MaxLine {
			t.Errorf("%q names %q", text, line)
			continue
		}
		again := o.types("ana", line)
		if card := text == "" || text == "status"; !card && answered(again) != answered(r) {
			t.Errorf("%q names %q, which shows\n%s\nnot\n%s", text, line, answered(again), answered(r))
		}
		if strings.Contains(line, "--rel") {
			if far := o.request("ana", nowhere, line, false, nil); far.Refusal != nil {
				t.Errorf("%q elsewhere: %s", line, answered(far))
			}
		}
	}
	if shown < 16 {
		t.Errorf("%d answers had lines", shown)
	}
}

// TestWholeIsShort: also of a release with five hundred items and the longest ids there are, and of what is posted.
func TestWholeIsShort(t *testing.T) {
	r := worst("feature", 0, false)
	for i := range 500 {
		r.Gates[0].Items = append(slices.Clone(r.Gates[0].Items), release.Item{Key: fmt.Sprintf("own-%d", i), Text: "so", Role: workflows.SRE})
	}
	book := &policy.Book{Owners: []workflows.PersonID{workflows.PersonID(long)}, People: map[workflows.PersonID]workflows.Person{workflows.PersonID(long): {NoCode: true}}}
	v := cards.View{Now: noon, Me: workflows.PersonID(long)}
	judged := release.Check(r, book, noon)
	for _, m := range []chat.Message{cards.Card(cards.Whole{Release: r, Book: book}, v), cards.Items(r, book, v), cards.Readiness(r, judged.Open(), v),
		cards.Check(cards.Whole{Release: r, Book: book}, judged, v, func(release.Status) bool { return true }, bare), cards.Todo(v.Me, nil, v)} {
		if len(m.Lines) == 0 {
			continue
		}
		p, err := All.Parse(m.Whole, Context{Now: noon})
		if err != nil || len(m.Whole) > chat.MaxLine || p.Args.On.Release != "1000000" {
			t.Errorf("%q names %q: %v", m.Title, m.Whole, err)
		}
	}
}
