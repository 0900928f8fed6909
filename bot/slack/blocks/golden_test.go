package blocks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines/linestest"
	"github.com/readyroom/readyroom/internal/golden"
)

// keeps compares what is sent with testdata/NAME.json.
func keeps(t *testing.T, name string, sent any) {
	t.Helper()
	golden.Equal(t, "testdata/"+name+".json", golden.JSON(t, sent))
}

// sent is a page as a golden shows it.
type sent struct {
	Text   string `json:"text"`
	Blocks any    `json:"blocks"`
}

func button(label, line string, basis ...string) chat.Button {
	return chat.Button{Label: label, Line: line, Basis: strings.Join(basis, "")}
}

// card is a release in its channel, with some items of its gate signed.
func card(items int) chat.Message {
	m := chat.Message{
		Title: fmt.Sprintf("app invoices · before tech preview · 3f2a9c1 · feature, risk normal · NO-GO 2/%d: performance-metrics, … (bound to #general)", items),
		Lines: []string{"Invoices", "target Wed 2026-01-14 09:00", fmt.Sprintf("before tech preview (definition of ready) · 2/%d", items)},
		Whole: "item list 17",
	}
	kinds := []string{
		"  ○ performance-metrics%s · unsigned · waiting for @ana, @ben (sre)",
		"  ✗ utilization-metrics%s · needs work · by @ana as product · 2026-01-05 09:00 · no dashboard · waiting for @ana to rework it",
		"  ✗ security-assessment%s · only its author signed: 3f2a9c1 was written by its only voters · @ana as security · 3f2a9c1 · 2026-01-05 09:00 · waiting for @ben (security)",
		"  – preliminary-docs%s · not applicable · by @ana as docs · 2026-01-05 09:00 · nothing to read yet",
		"  ✓ tests%s · @ben as engineering · 3f2a9c1 · by hand · 2026-01-05 09:00 · https://ci.example.org/7",
		"  ~ audit-logs%s · waived until 2026-01-09 by @ana: <!channel> *can* wait · @mia owes it",
	}
	for i := range items {
		suffix := ""
		if i >= len(kinds) {
			suffix = fmt.Sprintf("-%d", i)
		}
		m.Lines = append(m.Lines, fmt.Sprintf(kinds[i%len(kinds)], suffix))
	}
	m.Lines = append(m.Lines, "to close tech preview (definition of done) · 0/4", "before GA (definition of ready) · 0/8",
		"✗ tech preview must stay open for 1 d at risk normal, until 2026-01-06 09:00", "flag invoices · production 20 %", "briefing · read by 11/14 support")
	m.Buttons = []chat.Button{button("Sign…", "sign 17"), button("Why not?", "check 17"), button("Notes", "notes show 17"),
		button("Briefing", "brief show 17"), button("Hold", "hold 17")}
	return m
}

// drawings are messages as the bot makes them, by the name of their golden.
var drawings = map[string]chat.Message{
	"card":       card(6),
	"card of 60": card(60),
	"card go": {
		Title:   "app invoices · before tech preview · 3f2a9c1 · feature, risk normal · GO 2/2 (bound to #general)",
		Lines:   []string{"Invoices", "target Wed 2026-01-14 09:00", "before tech preview (definition of ready) · 2/2", "  ✓ tests · @ben as engineering · 3f2a9c1 · by hand · 2026-01-05 09:00 · https://ci.example.org/7", "  ✓ audit-logs · @ben as security · 2026-01-05 09:00", "flag invoices · off"},
		Buttons: []chat.Button{button("Open tech preview", "advance 17", "~3f2a9c1.0"), button("Notes", "notes show 17"), button("Briefing", "brief show 17"), button("Hold", "hold 17")},
	},
	"card on hold": {
		Title:   "app invoices · tech preview · 3f2a9c1 · feature, risk normal · ON HOLD (bound to #general)",
		Lines:   []string{"on hold by @mia since 2026-01-05 09:00: wrong totals", "to close tech preview (definition of done) · 0/1", "  ○ alerts · unsigned · waiting for @ana, @ben (sre)"},
		Buttons: []chat.Button{button("Notes", "notes show 17"), button("Briefing", "brief show 17"), button("Resume", "resume 17")},
	},
	"check": {
		Title:   "NO-GO 1/3 · app invoices · before tech preview · 2 yours",
		Lines:   []string{"○ performance-metrics · unsigned · waiting for @ana, @ben (sre)", "○ audit-logs · unsigned · waiting for @ana, @ben (security)", "you may sign → /release sign performance-metrics,audit-logs"},
		Buttons: []chat.Button{button("Sign performance-metrics", "sign 17 preview.ready/performance-metrics ok", "~3f2a9c1.0"), button("Sign audit-logs", "sign 17 preview.ready/audit-logs ok", "~3f2a9c1.0")},
	},
	"readiness": {
		Title:   "app invoices · target 2026-01-09: 2 missing",
		Lines:   []string{"feedback · unsigned · waiting for @ana, @ben (product), 2 d of 5", "alerts · unsigned · waiting for @ana, @ben (sre)"},
		Buttons: []chat.Button{button("Sign…", "sign 17"), button("Why not?", "check 17")},
	},
	"question": {
		Title:   "Release app invoices (3f2a9c1) to everyone? before GA → GA · tells #general, @mia · only @ana, until 09:02",
		Buttons: []chat.Button{button("Release to everyone", "confirm k3f9abcd"), button("Not now", "confirm k3f9abcd no")},
		Small:   "typed: confirm k3f9abcd · or: confirm k3f9abcd no",
	},
	"refusal with choices": {
		Title:   "which release? two are open",
		Lines:   []string{"reason: ambiguous", "next: name one → /release check PRODUCT@VERSION"},
		Buttons: []chat.Button{button("app 1.0.0", "check app@1.0.0"), button("app invoices", "check app@invoices")},
	},
	"briefing": {
		Title:   "Briefing · app invoices · Customers can take their invoices along.",
		Lines:   []string{"what changes: Invoices can be exported.", "  And copied.", "how to help: Ask for the number.", "whom to ask: @ana", "read by 1/2 support"},
		Buttons: []chat.Button{button("Got it", "brief ack 17", "~.1")},
	},
	"notes": {
		Title:   "notes of app invoices · draft · since the beginning",
		Lines:   []string{"# app invoices: Invoices", "", "## New", "", "- *export* invoices, `as_csv`", "  - and <b>copy</b> them", "", "> see https://docs.example.org/invoices?a=1&b=2."},
		Buttons: []chat.Button{button("Edit…", "notes edit 17"), button("Approve", "notes approve 17", "~.1")},
	},
	"notes long": {
		Title:   "notes of app invoices · approved by @ben · since the beginning",
		Lines:   strings.Split(strings.Repeat("- something was made better for everyone who exports invoices, and nobody has to wait for it any more\n\n", 80), "\n"),
		Buttons: []chat.Button{button("Edit…", "notes edit 17"), button("Publish", "notes publish 17", "~.1")},
	},
	"digest": {
		Title: "Good morning: 2 things wait for you",
		Lines: []string{"app invoices · to sign: feedback, leftovers · target 2026-01-09 09:00 · since 2026-01-05 → /release sign app@invoices feedback,leftovers",
			"app 1.0.0 · briefing to read → /release brief ack app@1.0.0"},
	},
	"asked in a direct message": {
		Title:   "@ana asks you to sign preview.done/internal-comms of app invoices",
		Lines:   []string{"two of the four are mine", "https://wiki.example.org/known", "look: /release item show app@invoices preview.done/internal-comms"},
		Buttons: []chat.Button{button("Sign internal-comms", "sign 17 preview.done/internal-comms ok", "~3f2a9c1.0"), button("Needs work…", "sign 17 preview.done/internal-comms needs-work", "~3f2a9c1.0")},
	},
	"answer":          {Title: "ok ga.ready/tests · @ana as engineering · 8be1d02 · by hand · 1/4"},
	"answer to undo":  {Title: "app invoices is on hold: wrong totals", Buttons: []chat.Button{button("Undo", "undo k3f9abcd")}, Small: "typed: undo k3f9abcd, until 09:02"},
	"card for anyone": {Title: "app invoices is in tech preview"},
	"hostile": {
		Title: "<!channel> *GO* 7/7 · GO 7/7 · NO-GO 1/7",
		Lines: []string{"<https://evil.example|https://bank.example> <@U123> @here #general", "&lt;!everyone&gt; a\u202eb \xff\x1b[31m", "https://ana:pw@evil.example/ http://bank.example.evil.example/ https://bänk.example/",
			"```code``` _it_ ~no~ :wave:"},
		Buttons: []chat.Button{button("<!here> & me", "scope add https://x.example/?a=1&b=<2>")},
		Small:   "<!subteam^S1>",
	},
}

// The notes of one change set, for each of their readers, as the room of notes keeps them.
func init() {
	for reader, m := range linestest.Editions("../../../workflows/notes/testdata/editions") {
		drawings["notes for "+reader] = m
	}
}

func TestMessageGoldens(t *testing.T) {
	for name, m := range drawings {
		t.Run(name, func(t *testing.T) {
			p := One(m)
			newJudge(t).message(p)
			keeps(t, name, sent{p.text, p.blocks})
			var all []sent
			drawn := Pages(m)
			for _, p := range drawn {
				newJudge(t).message(p)
				all = append(all, sent{p.text, p.blocks})
			}
			nothingLost(t, m, drawn)
			if len(all) > 1 {
				keeps(t, name+" paged", all)
			}
		})
	}
}

// forms are those that commands open, by the name of their golden.
var forms = map[string]chat.Form{
	"form new": {Title: "New release", Line: "new", Submit: "Open", Fields: []chat.Field{
		{Key: "release", Label: "Release", Hint: "product@version", Required: true, Kind: chat.KindNew},
		{Key: "template", Label: "Checklist", Choices: []string{"feature", "hotfix", "simple"}, Value: "feature", Kind: chat.KindTemplate},
		{Key: "risk", Label: "Risk", Choices: []string{"low", "normal", "high"}, Kind: chat.KindChoice},
		{Key: "target", Label: "Target", Kind: chat.KindDate}, {Key: "title", Label: "Title"}}},
	"form sign": {Title: "Sign", Line: "sign --rel app@invoices", Submit: "Sign", Fields: []chat.Field{
		{Key: "item", Label: "Item", Value: "preview.ready/tests", Choices: []string{"preview.ready/tests", "preview.ready/audit-logs"}, Required: true, Kind: chat.KindItems},
		{Key: "vote", Label: "Vote", Value: "ok", Choices: []string{"ok", "needs-work", "block", "na", "withdraw"}},
		{Key: "url", Label: "Evidence", Hint: "a link", Kind: chat.KindURL}, {Key: "note", Label: "Note", Long: true, Kind: chat.KindRest}}},
	"form needs work": {Title: "Sign preview.ready/utilization-metrics", Line: "sign 17 preview.ready/utilization-metrics needs-work", Basis: "~3f2a9c1.0", Submit: "Sign",
		Fields: []chat.Field{{Key: "note", Label: "Why", Hint: "others must know", Required: true, Long: true}}},
	"form waive": {Title: "Waive", Submit: "Waive", Fields: []chat.Field{{Key: "item", Label: "Item", Required: true}, {Key: "who", Label: "Who owes it", Hint: "@name", Required: true, Kind: chat.KindPerson},
		{Key: "until", Label: "Until when", Hint: "friday, 2026-12-18", Required: true, Kind: chat.KindDate}, {Key: "reason", Label: "Why it may wait", Required: true, Long: true}}},
	"form assign": {Title: "Assign", Submit: "Assign", Fields: []chat.Field{{Key: "item", Label: "Item", Required: true, Value: "ga.ready/public-docs"},
		{Key: "who", Label: "Who", Required: true, Kind: chat.KindPerson, Value: "@mia"}, {Key: "due", Label: "By when", Kind: chat.KindDate, Value: "friday 17:00"}}},
	"form plan": {Title: "Plan", Submit: "Plan", Fields: []chat.Field{{Key: "item", Label: "Item", Required: true}, {Key: "who", Label: "Who does it", Required: true, Kind: chat.KindPerson, Value: "U0123ABCD"},
		{Key: "due", Label: "By when", Required: true, Kind: chat.KindDate, Value: "2026-12-18"}, {Key: "what", Label: "What will be done", Required: true, Long: true}}},
	"form add item": {Title: "Ask for more", Submit: "Add", Fields: []chat.Field{{Key: "where", Label: "Where", Hint: "a gate, or a name from the catalogue", Required: true, Kind: chat.KindCatalogue},
		{Key: "key", Label: "Name"}, {Key: "role", Label: "Role", Kind: chat.KindRole, Choices: []string{"sre", "docs", "a role whose name is longer than an option may be, so that all of them are typed here"}}, {Key: "text", Label: "What must be true", Long: true}}},
	"form notes": {Title: "Release notes", Submit: "Save", Basis: "~.2", Fields: []chat.Field{{Key: "text", Label: "Text", Hint: "Markdown", Required: true, Long: true,
		Value: "# Invoices\n\n" + strings.Repeat("- something was made better, & <nobody> has to wait\n", 90)}}},
	"form briefing": {Title: "Briefing", Submit: "Save draft", Fields: []chat.Field{{Key: "changes", Label: "What changes", Value: "Invoices can be exported.\nAnd copied.", Long: true, Required: true},
		{Key: "who", Label: "Who has it", Hint: "on which plans", Value: "all plans"}, {Key: "line", Label: "One line for stakeholders"}}},
	"form hold":    {Title: "Hold the release", Submit: "Hold", Fields: []chat.Field{{Key: "reason", Label: "Why", Hint: "others will ask", Required: true, Long: true}}},
	"form confirm": {Title: "Confirm", Line: "confirm k3f9abcd", Submit: "Go on", Fields: []chat.Field{{Key: "answer", Label: "Type invoices", Hint: "app invoices is of high risk", Required: true}}},
}

func TestFormGoldens(t *testing.T) {
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			v := Modal(f, `{"line":"`+f.Line+`"}`)
			newJudge(t).view(v)
			keeps(t, name, v)
			got := Values(untouched(t, v), func(u string) string { return u })
			for _, field := range f.Fields {
				if back, ok := got[field.Key]; !ok || back != field.Value {
					t.Errorf("%s was %q, comes back as %q", field.Key, field.Value, back)
				}
			}
		})
	}
}

func TestViewGoldens(t *testing.T) {
	v := Home([]chat.Message{drawings["digest"], {Title: "coming", Lines: []string{"app 2.0.0 · before GA · target 2026-02-01"}},
		{Title: "you wait for", Lines: []string{"@ben · ga.ready/tests of app 1.0.0, 2 d"}, Buttons: []chat.Button{button("Ask again", "item ask 17 ga.ready/tests")}}})
	newJudge(t).view(v)
	keeps(t, "home", v)
	var many []chat.Message
	for range 200 {
		many = append(many, card(3))
	}
	v = Home(many)
	newJudge(t).view(v)
	s := look(t, v.Blocks)
	if last := s.lines[len(s.lines)-1]; !strings.HasPrefix(last, "… and ") {
		t.Errorf("a full page ends in %q", last)
	}
	keeps(t, "home of nothing", Home(nil))
	waiting := Waiting("Saving what you said of preview.ready/tests", "this takes longer than usual; the answer will show here")
	newJudge(t).view(waiting)
	keeps(t, "waiting", waiting)
	answer := Answer(drawings["question"])
	newJudge(t).view(answer)
	keeps(t, "answer in a view", answer)
}

// indented is JSON as people read it.
