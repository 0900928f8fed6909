package embeds

import (
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/lines/linestest"
	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/workflows"
)

// seen is a page as it is read: embeds stand behind a bar with its colour, what is quoted behind another one, small print in
// round brackets, buttons in square ones (dangerous ones with !, the next step with *), lists in angular ones.
func (s shown) seen() string {
	var b strings.Builder
	for _, l := range s.content {
		b.WriteString(l.text + "\n")
	}
	small := s.small
	for i, e := range s.embeds {
		bar := map[int]string{0: "|", color(lines.Go): "| green", color(lines.NoGo): "| red", color(lines.OnHold): "| amber"}[s.colors[i]]
		if bar != "|" {
			b.WriteString(bar + "\n")
		}
		for _, l := range e {
			text := l.text
			if l.bold != "" {
				text = strings.Replace(text, l.bold, "«"+l.bold+"»", 1)
			}
			if l.quoted {
				text = "| " + text
			}
			b.WriteString(strings.TrimRight("| "+text, " ") + "\n")
		}
		if i == len(s.embeds)-1 && len(small) > 0 {
			b.WriteString("| (" + small[0] + ")\n")
			small = nil
		}
	}
	for _, l := range small {
		b.WriteString("(" + l + ")\n")
	}
	row := 0
	for i, c := range s.buttons {
		if i > 0 && c.row != row {
			b.WriteString("\n")
		}
		row = c.row
		switch {
		case c.values != nil && (i == 0 || s.buttons[i-1].row != row):
			b.WriteString("<" + c.hint + ">\n   " + c.label)
		case c.values != nil:
			b.WriteString("\n   " + c.label)
		default:
			mark := map[int]string{4: "!", 1: "*"}[c.style]
			b.WriteString("[" + mark + c.label + "] ")
		}
	}
	return strings.TrimRight(b.String(), " \n") + "\n"
}

func button(label, line string, basis ...string) chat.Button {
	return chat.Button{Label: label, Line: line, Basis: strings.Join(basis, "")}
}

const general = "290926798626357999/645027906669510667"

// card is a release in its channel, with some items of its gate signed.
func card(items int) chat.Message {
	m := chat.Message{
		Title: fmt.Sprintf("app invoices · before tech preview · 3f2a9c1 · feature, risk normal · NO-GO 2/%d: performance-metrics, … (bound to %s)", items, general),
		Lines: []string{"Invoices", "target Wed 2026-01-14 09:00", fmt.Sprintf("before tech preview (definition of ready) · 2/%d", items)},
		Whole: "item list 17",
	}
	kinds := []string{
		"  ○ performance-metrics%s · unsigned · waiting for @ana, @ben (sre)",
		"  ✗ utilization_metrics%s · needs work · by @ana as product · 2026-01-05 09:00 · no dashboard · waiting for @ana to rework it",
		"  – preliminary-docs%s · not applicable · by @ana as docs · 2026-01-05 09:00 · nothing to read yet",
		"  ✓ tests%s · @ben as engineering · 3f2a9c1 · by hand · 2026-01-05 09:00 · https://ci.example.org/7",
		"  ~ audit-logs%s · waived until 2026-01-09 by @ana: @everyone *can* wait · @mia owes it",
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

func choices(n int) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("ambiguous: which release? %d are open → name one: /release check PRODUCT@VERSION", n)}
	for i := range n {
		m.Buttons = append(m.Buttons, button(fmt.Sprintf("app 1.%d.0", i), fmt.Sprintf("check app@1.%d.0", i)))
	}
	return m
}

func refusal() chat.Message {
	no := workflows.Refuse(workflows.NotAllowed, "tests is signed by engineering; @docs has docs").By("@ana", "@ben").Type("/release item show tests", "/release sign ITEM")
	m, _ := lines.Answer(chat.Reply{Refusal: no, Message: &chat.Message{
		Title: "not_allowed: tests is signed by engineering; @docs has docs · can: @ana, @ben → /release item show tests · /release sign ITEM"}})
	return m
}

// drawings are messages as the bot makes them, by the name of their golden.
var drawings = map[string]chat.Message{
	"card":       card(5),
	"card of 90": card(90),
	"card go": {
		Title:   "app invoices · before tech preview · 3f2a9c1 · feature, risk normal · GO 2/2 (bound to " + general + ")",
		Lines:   []string{"Invoices", "before tech preview (definition of ready) · 2/2", "  ✓ tests · @ben as engineering · 3f2a9c1 · by hand · 2026-01-05 09:00 · https://ci.example.org/7", "  ✓ audit-logs · @ben as security · 2026-01-05 09:00", "flag invoices · off"},
		Buttons: []chat.Button{button("Open tech preview", "advance 17", "~3f2a9c1.0"), button("Notes", "notes show 17"), button("Briefing", "brief show 17"), button("Hold", "hold 17")},
	},
	"card on hold": {
		Title:   "app invoices · tech preview · 3f2a9c1 · feature, risk normal · ON HOLD (bound to " + general + ")",
		Lines:   []string{"on hold by @mia since 2026-01-05 09:00: wrong totals", "to close tech preview (definition of done) · 0/1", "  ○ alerts · unsigned · waiting for @ana, @ben (sre)"},
		Buttons: []chat.Button{button("Notes", "notes show 17"), button("Briefing", "brief show 17"), button("Resume", "resume 17")},
	},
	"check": {
		Title:   "NO-GO 1/3 · app invoices · before tech preview · 2 yours",
		Lines:   []string{"○ performance-metrics · unsigned · waiting for @ana, @ben (sre)", "○ audit-logs · unsigned · waiting for @ana, @ben (security)", "you may sign → /release sign performance-metrics,audit-logs"},
		Buttons: []chat.Button{button("Sign performance-metrics", "sign 17 preview.ready/performance-metrics ok", "~3f2a9c1.0"), button("Sign audit-logs", "sign 17 preview.ready/audit-logs ok", "~3f2a9c1.0")},
	},
	"question": {
		Title:   "Release app invoices (3f2a9c1) to everyone? before GA → GA · tells " + general + ", @mia · only @ana, until 09:02",
		Buttons: []chat.Button{button("Release to everyone", "confirm k3f9abcd"), button("Not now", "confirm k3f9abcd no")},
		Small:   "typed: confirm k3f9abcd · or: confirm k3f9abcd no",
	},
	"question with lines": {
		Title:   "Have app invoices go by hotfix as it stands now?",
		Lines:   []string{"+ ga.ready/on-call-told", "− ga.ready/changelog", "only @ana, until 09:00"},
		Buttons: []chat.Button{button("Take it over", "confirm k3f9abcd"), button("Not now", "confirm k3f9abcd no")},
		Small:   "typed: confirm k3f9abcd · or: confirm k3f9abcd no",
	},
	"refusal":        refusal(),
	"few to choose":  choices(3),
	"many to choose": choices(14),
	"more to choose": choices(60),
	"briefing": {
		Title:   "Briefing · app invoices · Customers can take their invoices along.",
		Lines:   []string{"what changes: Invoices can be exported.", "  And copied.", "how to help: Ask for the number.", "whom to ask: @ana", "read by 1/2 support"},
		Buttons: []chat.Button{button("Got it", "brief ack 17", "~.1"), button("I have a question…", "brief ask 17")},
	},
	"notes": {
		Title:   "notes of app invoices · draft · since the beginning",
		Lines:   []string{"# app invoices: Invoices", "", "## New", "", "- *export* invoices, `as_csv`", "  - and <b>copy</b> them", "1. first :tada:", "", "> see https://docs.example.org/invoices?a=1&b=2."},
		Buttons: []chat.Button{button("Edit…", "notes edit 17"), button("Approve", "notes approve 17", "~.1")},
	},
	"notes long": {
		Title:   "notes of app invoices · approved by @ben · since the beginning",
		Lines:   strings.Split(strings.Repeat("- something was made better for everyone who exports invoices, and nobody has to wait for it any more\n\n", 110), "\n"),
		Buttons: []chat.Button{button("Edit…", "notes edit 17"), button("Publish", "notes publish 17", "~.1")},
	},
	"digest": {
		Title: "Good morning: 2 things wait for you",
		Lines: []string{"app invoices · to sign: feedback, leftovers · target 2026-01-09 09:00 · since 2026-01-05 → /release sign app@invoices feedback,leftovers",
			"app 1.0.0 · briefing to read → /release brief ack app@1.0.0"},
	},
	"answer":            {Title: "ok ga.ready/tests · @ana as engineering · 8be1d02 · by hand · 1/4"},
	"answer to undo":    {Title: "app invoices is on hold: wrong totals", Buttons: []chat.Button{button("Undo", "undo k3f9abcd")}, Small: "typed: undo k3f9abcd, until 09:02"},
	"public card":       {Title: "app invoices is in tech preview", Buttons: []chat.Button{button("Tell me when it ships", "feedback follow app@invoices"), button("Feedback", "feedback add --rel app@invoices")}},
	"too long to press": {Title: "sign", Lines: []string{"which?"}, Buttons: []chat.Button{button("Sign it", "sign 17 "+strings.Repeat("a-long-name-", 9)+" ok", "~3f2a9c1.0")}},
	"hostile": {
		Title: "@everyone **GO** 7/7 · GO 7/7 · NO-GO 1/7",
		Lines: []string{"[bank](https://evil.example) <@123> <#5> <t:1:R> @here :wave: <:a:1>", "# big", "-# small", "> quote", "* list", "1. one", "a\u202eb \xff\x1b[31m",
			"https://ana:pw@evil.example/ http://bank.example.evil.example/ https://bänk.example/ discord.gg/abc", "```code``` _it_ ~~no~~ ||spoiler|| \\*a\\*"},
		Buttons: []chat.Button{button("**here** :wave: <@1>", "scope add https://x.example/?a=1&b=<2>")},
		Small:   "<@&1> **x**",
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
			one := One(m)
			golden.Equal(t, "testdata/"+name+".txt", look(t, one).seen())
			if name == "card" || name == "question" || name == "many to choose" || name == "hostile" {
				golden.Equal(t, "testdata/"+name+".json", golden.JSON(t, sent{one.Content(), one.Embeds(), one.Components()}))
			}
			drawn := Pages(m)
			nothingLost(t, m, drawn)
			if len(drawn) > 1 {
				var all []string
				for _, p := range drawn {
					all = append(all, look(t, p).seen())
				}
				golden.Equal(t, "testdata/"+name+" paged.txt", strings.Join(all, "\n=== next message\n\n"))
			}
			if len(one.Embeds()) == 0 {
				golden.Equal(t, "testdata/"+name+" marked.txt", look(t, Marked(one, MarkURL("@me", "5", "key"), false)).seen())
			}
		})
	}
}
