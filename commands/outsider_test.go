package commands

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// blurred is a desk all of whose reads have every field drawn anew but what anyone may know: their names, where they stand
// and in which order they came, what was published, and how much was said and answered.
type blurred struct {
	Desk
	dice *rand.Rand
}

// blur draws what was read anew but for what is open.
func blur[V any](b blurred, v V, err error, open ...string) (V, error) {
	if err == nil {
		chattest.Scramble(b.dice, &v, open...)
	}
	return v, err
}

func (b blurred) Release(ctx context.Context, on workflows.Selectors, at workflows.Place) (release.Release, error) {
	r, err := b.Desk.Release(ctx, on, at)
	return blur(b, r, err, "ID", "Passed", "Cancelled", "Gates.Stage", "Gates.Half")
}

func (b blurred) Rows(ctx context.Context, key string) ([]release.Row, error) {
	rows, err := b.Desk.Rows(ctx, key)
	rows = slices.Clone(rows)
	for i := range rows {
		chattest.Scramble(b.dice, &rows[i], "ID", "Number", "Stage", "Open", "Shipped", "Created", "Ended")
	}
	return rows, err
}

func (b blurred) Feedback(ctx context.Context, id workflows.ReleaseID) (feedback.Feedback, error) {
	said, err := b.Desk.Feedback(ctx, id)
	return blur(b, said, err, "Release", "Entries.Done")
}

func (b blurred) Notes(ctx context.Context, id workflows.ReleaseID) (notes.Notes, error) {
	n, err := b.Desk.Notes(ctx, id)
	return blur(b, n, err, "Release", "Out.Text")
}

func (b blurred) Briefing(ctx context.Context, id workflows.ReleaseID) (briefing.Briefing, error) {
	x, err := b.Desk.Briefing(ctx, id)
	return blur(b, x, err)
}

func (b blurred) Flag(ctx context.Context, key string) (flag.Flag, error) {
	f, err := b.Desk.Flag(ctx, key)
	return blur(b, f, err)
}

func (b blurred) Flags(ctx context.Context, id workflows.ReleaseID) ([]flag.Flag, error) {
	all, err := b.Desk.Flags(ctx, id)
	return blur(b, all, err)
}

func (b blurred) Offer(release.Release) (d release.Diff) {
	chattest.Scramble(b.dice, &d)
	return d
}

func (b blurred) Todo(context.Context, workflows.PersonID, time.Time) (all []todo.Entry, err error) {
	return blur(b, all, nil)
}

func (b blurred) Reminders(context.Context, workflows.PersonID) (all []todo.Reminder, err error) {
	return blur(b, all, nil)
}

func (b blurred) Persons(context.Context) (all []people.State, err error) { return blur(b, all, nil) }

// team is one of two that could not be less alike, but for what they show.
type teamOf struct {
	owner, other, support string
	word                  string // in all that they write to each other
	more                  bool   // they hold more, ask more, and are followed by others
}

// house is a whole bot of such a team: releases of every standing, about which the two differ in everything inside.
func (v teamOf) house(t *testing.T, dice *rand.Rand) *office {
	t.Helper()
	ctx := context.Background()
	store, err := storage.Open(ctx, memory.New(), storage.Options{Random: bytes.NewReader(make([]byte, 32))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	book := &policy.Book{Owners: []workflows.PersonID{workflows.PersonID(v.owner)}, People: map[workflows.PersonID]workflows.Person{}, Hash: v.word,
		Roles: map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{workflows.PersonID(v.owner), workflows.PersonID(v.other)}}},
		Audiences: []policy.Audience{{Name: "news", Place: "console/#news", Public: true},
			{Name: workflows.Audience("a-" + v.word), People: []workflows.PersonID{workflows.PersonID(v.support)}, Quota: 80}}}
	for _, id := range []string{v.owner, v.other, v.support, "rob"} {
		book.People[workflows.PersonID(id)] = workflows.Person{ID: workflows.PersonID(id), NoCode: true, Handles: []workflows.Handle{workflows.Handle("console/" + id)}}
	}
	o := &office{t: t, now: noon}
	o.desk = desk.New(store, repository{}, desk.Config{Book: book, Worktree: desk.Product{Repository: "."}, Templates: release.Templates(),
		Default: release.DefaultTemplate, Week: calendar.Week{Zone: time.UTC}, Digest: spec(t, "09:00"), Readiness: spec(t, "weekdays 09:30"),
		Platforms: []string{"console"}, Codes: desk.Codes{Key: make([]byte, 32)}})
	if err := o.desk.Start(ctx, o.now); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(&o.log, nil))
	o.handle = Handler(o.desk, log)
	v.live(o)
	o.handle = Handler(blurred{o.desk, dice}, log)
	return o
}

// standing are the releases, by where they stand.
var standing = []string{"app@1.0.0", "app@done", "app@old", "app@search", "app@invoices"}

func (v teamOf) live(o *office) {
	w := v.word
	o.does(v.owner, "new app@1.0.0 --title "+w+" --why "+w, "sign tests,changelog,way-back -- "+w, "notes draft", "notes edit -- It is here.", "notes approve", "advance", "notes publish")
	o.does(v.owner, "new app@done --title "+w, "sign app@done tests,changelog,way-back -- "+w, "advance app@done", "sign app@done announced,healthy -- "+w, "advance app@done")
	o.does(v.owner, "new app@old --why "+w, "set app@old --cancelled -- "+w)
	o.does(v.owner, "new app@search --template feature --risk low --why "+w,
		"sign app@search performance-metrics,utilization-metrics,audit-logs,security-assessment,production-deployment,preliminary-docs -- "+w, "advance app@search")
	o.does(v.owner, "new app@invoices --template feature --risk low --why "+w, "notes draft app@invoices", "notes edit app@invoices -- "+w, "brief draft app@invoices --changes "+w+" --help "+w)
	for _, id := range standing[3:] {
		o.does("kim", "feedback add --rel "+id+" -- "+w, "feedback add --rel "+id+" -- "+w+", and more", "feedback follow "+id)
		o.does(v.owner, "feedback done --rel "+id+" 1 -- "+w)
	}
	if !v.more {
		return
	}
	o.does(v.owner, "feedback plan --rel app@search 2 @"+v.other+" --due friday -- "+w, "set app@invoices --target friday --title "+w+" --manager @"+v.other, "item add runbook --rel app@invoices",
		"flag new app@search dark --why "+w, "scope add #12 --rel app@invoices --for @"+v.support, "brief send app@invoices", "hold app@search -- "+w)
	o.does(v.other, "candidate set next --rel app@invoices", "sign app@invoices audit-logs block -- "+w)
	o.does("lou", "feedback follow app@search", "feedback follow app@invoices preview")
	o.does(v.support, "feedback follow app@invoices")
}

// whatOutsidersTry is every verb in every form: its examples, bare, about each release, dry, in words of who may what, and
// the buttons of what is public.
func whatOutsidersTry() []string {
	lines := []string{"", "app", "help nonsense", "nonsense", "status 1", "status nothing", "list shipped app", "list mine", "list coming", "list overdue", "feedback follow nothing"}
	for _, c := range All {
		lines = append(lines, c.Examples...)
		lines = append(lines, c.Name(), "help "+c.Name())
		for act, w := range who {
			if act == c.Name() || strings.HasPrefix(act, c.Name()+" --") {
				lines = append(lines, w.line, dry(w.line))
			}
		}
		for _, id := range standing {
			lines = append(lines, c.Name()+" --rel "+id)
		}
	}
	for _, id := range standing {
		for _, verb := range []string{"feedback follow %s", "feedback follow %s preview", "feedback follow %s", "feedback follow %s off", "feedback add %s -- it is slow",
			"feedback add %s -- it is slow", "feedback follow %s preview", "feedback follow %s off --dry-run"} {
			lines = append(lines, fmt.Sprintf(verb, id))
		}
	}
	slices.Sort(lines) // who may what has no order
	return slices.Compact(lines)
}

// allOf is every word, button and field of an answer.
func allOf(r chat.Reply) string {
	return fmt.Sprintf("%s|%v|%v|%v|%d files", answered(r), r.Items, r.Wrong, r.Open, len(r.Files))
}

// TestOutsidersReadNothingOfTheTeams has outsiders type and press all there is, at two teams that differ in all that is
// the team's own: people, votes, items, notes and briefings, holds and reasons, flags, candidates, what was said and who
// follows. What they are answered is the same to the last byte.
func TestOutsidersReadNothingOfTheTeams(t *testing.T) {
	one := teamOf{"ana", "ben", "mia", "leak-alpha", false}.house(t, rand.New(rand.NewPCG(1, 1)))
	two := teamOf{"olga", "pia", "quinn", "leak-beta", true}.house(t, rand.New(rand.NewPCG(2, 2)))
	lines := whatOutsidersTry()
	tried := 0
	for _, by := range []string{"zoe", "rob"} {
		for _, at := range []workflows.Place{general, "console/#news", workflows.Direct(workflows.Handle("console/" + by))} {
			for _, text := range lines {
				for _, press := range []bool{false, true} {
					for _, values := range []map[string]string{nil, {"text": "it is slow", "what": "preview"}} {
						a, b := allOf(one.request(by, at, text, press, values)), allOf(two.request(by, at, text, press, values))
						if tried++; a != b {
							t.Errorf("%s types %q in %s, and reads of the team (-one +other):\n%s", by, text, at, cmp.Diff(a, b))
						}
						if strings.Contains(a, "leak") {
							t.Errorf("%s types %q in %s, and reads %s", by, text, at, a)
						}
					}
				}
			}
		}
		for _, text := range append(slices.Clone(lines), typed...) {
			o := func(o *office) string { return fmt.Sprint(o.completes(by, text)) }
			if a, b := o(one), o(two); a != b {
				t.Errorf("%s is offered behind %q (-one +other):\n%s", by, text, cmp.Diff(a, b))
			}
		}
	}
	if one.log.Len()+two.log.Len() > 0 {
		t.Errorf("something broke: %s%s", one.log.String(), two.log.String())
	}
	t.Logf("%d answers", tried)
}
