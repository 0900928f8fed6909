//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// ordealTeam is who types in the kill loop. What they sign is bound to commits of Mia's.
const ordealTeam = `owners: [ana]
people:
  ana: {name: Ana, code: [ana@example.org]}
  ben: {name: Ben, code: [ben@example.org]}
  mia: {name: Mia, code: [mia@example.org]}
  sam: {name: Sam, code: none}
roles: {'*': [ana, ben], engineering: [mia], support: [sam]}
default: {template: feature}
products:
  app: {repository: ., branch: main, environments: [staging, production], changelog: CHANGELOG.md, github: {repository: acme/app, checks: none, deploy: {staging: deployment}}}
audiences:
  support: {people: [sam, mia], channel: "#support", quota: 50%}
  field: {people: [ben], quota: 100%}
  news: {channel: "#news", public: true}
audit: {channel: "#ledger", tag: app, at: "18:00"}
time: {zone: UTC, days: mon-sun, hours: "09:00-17:00", digest: "09:00", channel: "09:30"}
`

// typing is a line of the ordeal as it is typed. KEY is the key that the line before it was answered with. Each says who
// types where, so that it means the same behind any other.
type typing struct {
	text    string
	refused workflows.Reason // the answer; empty: it is carried out
}

// course takes a feature through everything: to the preview, back and there again, to everyone, and to its end. Lines of
// one group follow each other.
var course = [][]typing{
	{{`@ana #r new app@f --paths billing/** --candidate main~1 --target 2026-01-09`, ""}},
	{{`@ana #after new app@3.0 --template simple --why small --after app@f`, ""}},
	{{`@ana #r flag new invoices --why "who may have invoices"`, ""}},
	{{`@sam #r feedback follow app@f preview`, ""}},
	{{`@ana #r scope add #1 --title "Save as a file"`, ""}},
	{{`@ana #r sign performance-metrics,utilization-metrics,audit-logs,security-assessment,production-deployment,preliminary-docs`, ""}},
	{{`@mia #r sign preview.ready/tests -- mine`, ""}},
	{{`@ana #r advance`, workflows.NotReady}},
	{{`@ben #r sign preview.ready/tests -- build 38`, ""}},
	{{`@ana #r candidate set main`, ""}},
	{{`@ana #r advance`, workflows.NotReady}},
	{{`@ben #r sign security-assessment,production-deployment,preview.ready/tests`, ""}},
	{{`@ana #r advance`, ""}},
	{{`@ana #r flag set invoices 10%`, ""}},
	{{`@ana #r flag set invoices 100%`, "gate_closed"}},
	{{`@ben #r feedback add -- the totals are off by a cent`, ""}},
	{{`@ana #r feedback plan --rel app@f 1 @ben --due 2026-01-09`, ""}, {`@ben #r feedback done --rel app@f 1 -- mended`, ""}},
	{{`@ana #r notes draft`, ""}},
	{{`@ana #r brief draft --changes "Invoices are files" --help "Billing > Save"`, ""}},
	{{`@ana #r brief send`, ""}, {`@ana #r confirm KEY`, ""}},
	{{`@sam #support brief ack app@f`, ""}},
	{{`@ben #r brief ack app@f`, ""}},
	{{`@ana #two set --here app@f`, ""}},
	{
		{`@ana #r rollback start app@f -- errors rise`, ""}, {`@ana #r confirm KEY`, ""},
		{`@ana #r advance app@f`, workflows.OnHold}, {`@ana #r resume app@f -- repaired`, ""},
	},
	{{`@ana #r advance app@f`, ""}},
	{{`@ana #r sign app@f feedback,leftovers,internal-comms,preview.done/alerts`, ""}},
	{{`!wait 25h`, ""}},
	{{`@ana #r advance app@f`, ""}},
	{{`@ana #r notes edit app@f -- Invoices can be saved as files.`, ""}},
	{{`@ana #r notes approve app@f`, ""}},
	{{`@ben #r sign app@f public-docs,kpis,ga.ready/alerts,ga.ready/tests,rollback-plan`, ""}},
	{{`@ana #r brief send app@f`, ""}, {`@ana #r confirm KEY`, ""}},
	{{`@mia #support brief ack app@f`, ""}},
	{{`@ben #r brief ack app@f`, ""}},
	{{`!wait 24h`, ""}},
	{{`@ana #r sign app@f marketing`, ""}},
	{{`!wait 24h`, ""}},
	{{`@ana #r advance app@f`, ""}, {`@ana #r confirm KEY`, ""}},
	{{`@ana #r flag set invoices 100%`, ""}, {`@ana #r confirm KEY`, ""}},
	{{`@ana #r notes publish app@f --at "2026-01-09 09:00"`, ""}, {`@ana #r confirm KEY`, ""}, {`@ana #r notes publish app@f --at never`, ""}},
	{{`@ana #r notes publish app@f`, ""}, {`@ana #r confirm KEY`, ""}},
	{
		{`@ana #r notes edit app@f -- Invoices can be saved as files, by admins.`, ""}, {`@ana #r notes approve app@f`, ""},
		{`@ana #r notes correct app@f -- not everybody may`, ""}, {`@ana #r confirm KEY`, ""},
	},
	{{`@ben #r sign app@f ga.done/leftovers,cli-api,retrospective,validation`, ""}},
	{{`!wait 25h`, ""}},
	{{`@ana #r advance app@f`, ""}},
}

// detours are taken once each, somewhere on the way: they lead back to where they began.
var detours = [][]typing{
	{{`@ana #r set app@f --title "another title"`, ""}},
	{{`@ana #r set app@f --title "a dry title" --dry-run`, ""}},
	{{`@sam #r hold app@f -- the load is high`, ""}, {`@sam #r undo KEY`, ""}},
	{{`@ben #r hold app@f -- to look at it`, ""}, {`@ana #r resume app@f`, ""}, {`@ana #r resume app@f`, workflows.Unchanged}},
	{{`@mia #r sign app@f ga.done/cli-api block -- a doubt`, ""}, {`@mia #r sign app@f ga.done/cli-api withdraw -- none`, ""}},
	{{`@ana #r audit anchor #ledger`, ""}, {`@ben #r audit anchor app@f --tag`, ""}},
	{{`@ana #r sign app@f nothing-like-it`, workflows.UnknownItem}},
	{{`@ben #r candidate deploy app@f production`, release.NotConfigured}},
	{{`@sam #r set app@f --title mine`, workflows.NotAllowed}},
	{{`@ben #r flag new app@f other`, ""}, {`@ben #r flag expire other 2026-09-01`, ""}, {`@ben #r flag kill other -- not wanted`, ""}},
	{{`@ana #r admin link @mia slack T1/U9`, ""}, {`@ana #r admin unlink @mia slack T1/U9`, ""}},
	{{`@mia #r admin code`, ""}, {`@ben #r admin claim aaaaa-bbbbb-ccccc-ddddd`, workflows.Expired}},
	{{`@sam #support remind away 2026-06-01 @mia`, ""}, {`@sam #support remind away off`, ""}},
	{
		{`@ana #side new app@2.0 --template simple --why small`, ""}, {`@mia #side scope add #12 --title "Save as a file" --for @sam`, ""},
		{`@mia #side scope from 2.0`, "no_roadmap"}, {`@ben #side feedback follow app@2.0`, ""}, {`@sam #side feedback follow app@2.0`, ""}, {`@sam #side feedback follow app@2.0 off`, ""},
		{`@ben #side scope drop 1 -- in another release`, ""}, {`@ana #side set app@2.0 --cancelled -- a slip`, ""}, {`@ana #side confirm KEY no`, ""},
		{`@ana #side set app@2.0 --cancelled -- a slip`, ""}, {`@ana #side confirm KEY`, ""},
	},
	{
		{`@ben #side new app@4.0 --template simple --why small`, ""}, {`@ben #side candidate deploy app@4.0 staging`, ""}, {`@ben #side item add app@4.0 runbook`, ""},
		{`@ben #side item move app@4.0 runbook ga.done`, ""}, {`@ben #side item drop app@4.0 ga.done/runbook -- not this time`, ""},
		{`@ben #side item assign app@4.0 way-back @sam --due 2026-01-30`, ""}, {`@ben #side item ask app@4.0 way-back @ana -- it is short`, ""},
		{`@ben #side item plan app@4.0 way-back @sam --due 2026-01-30 -- written down`, ""},
		{`@ben #side item waive app@4.0 changelog @mia --until 2026-01-30 -- it lists nothing new`, ""}, {`@ben #side confirm KEY`, ""},
		{`@ben #side candidate deploy app@4.0 staging`, ""},
		{`@ben #side advance app@4.0 --break-glass -- it is down`, workflows.NotAllowed},
		{`@ana #side advance app@4.0 --break-glass -- it is down`, ""}, {`@ana #side confirm KEY`, ""},
		{`@ben #side set app@4.0 --risk normal`, ""}, {`@ben #side set app@4.0 --manager @ana -- I am away`, ""},
		{`@ana #side set app@4.0 --risk low -- small after all`, ""}, {`@ana #side confirm KEY`, ""},
		{`@ben #side notes edit app@4.0 -- It is up again.`, ""}, {`@mia #side notes approve app@4.0`, ""},
		{`@ana #side notes publish app@4.0`, ""}, {`@ana #side confirm KEY`, ""},
		{`@ana #side rollback start app@4.0 -- it was not that`, ""}, {`@ana #side confirm KEY`, ""},
		{`@ana #side set app@4.0 --cancelled -- in vain`, ""}, {`@ana #side confirm KEY`, ""},
	},
}

// line is a line of one ordeal.
type line struct {
	typing
	id   string        // as which it is typed, each time
	key  *line         // whose answer has its KEY
	wait time.Time     // of !wait: the time at its end, once it began
	was  *printed      // its answer, once it was printed whole
	kept string        // its answer as the store has it, once it was seen there
	from workflows.Seq // the first and the last of its events, once they were seen in the ledger
	to   workflows.Seq
}

// stored reports whether its answer is kept: time that passes, and a dry run, leave none.
func (l *line) stored() bool { return !strings.Contains(l.text, "--dry-run") && !l.waits() }

func (l *line) waits() bool { return strings.HasPrefix(l.text, "!wait ") }

// shows reports whether its answer shows how something stands by now, rather than what the line did. That of new comes as
// a post, once; a code is known to the process alone that made it.
func (l *line) shows() bool {
	verb := verbOf(l.text)
	return verb == "new" || verb == "admin code" || verb == "brief draft" || strings.HasPrefix(verb, "notes ")
}

// linesOf is the course with the detours at places of chance, and the ids that they bear.
func linesOf(chance *rand.Rand) (lines []*line) {
	way := slices.Clone(course)
	for _, d := range detours {
		way = slices.Insert(way, chance.IntN(len(way)-1)+1, d)
	}
	for _, s := range slices.Concat(way...) {
		l := &line{typing: s, id: fmt.Sprintf("%d.%s", len(lines), strings.ReplaceAll(verbOf(s.text), " ", "-"))}
		if strings.Contains(s.text, "KEY") {
			l.key = lines[len(lines)-1]
		}
		lines = append(lines, l)
	}
	return lines
}

// verbOf is the row of the grammar that a line is of.
func verbOf(text string) string {
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return strings.ContainsAny(w[:1], "@#") })
	for _, c := range commands.All {
		if n := len(c.Path); len(words) >= n && slices.Equal(words[:n], c.Path) {
			return c.Name()
		}
	}
	return words[0]
}

// Every verb that changes something is typed in the kill loop.
func TestKillTypesEveryVerb(t *testing.T) {
	typed := map[string]bool{}
	for _, l := range linesOf(rand.New(rand.NewPCG(1, 1))) {
		typed[verbOf(l.text)] = true
	}
	for _, c := range commands.All {
		acts := c.Wish != nil || c.Name() == "confirm" || c.Name() == "undo" // these two carry out what was asked before
		if acts && !typed[c.Name()] {
			t.Errorf("no line of the kill loop is of %q", c.Name())
		}
	}
}
