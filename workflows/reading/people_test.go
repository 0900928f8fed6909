package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// Whoever votes or passes a gate must hold the role at that moment, by what was in force.
func TestAuthority(t *testing.T) {
	forgeries{
		"passed by nobody who may": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ana")
			f.put("@zoe", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa"})
		}, []string{"event N: @zoe passed the gate preview.ready and had no role that may"}},
		"a voter without the role": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "zoe")
		}, []string{"event N: @zoe voted on preview.ready/alerts and did not hold the role sre"}},
		"a voter who lost the role": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "mia", "ana")
			f.policy("p2", everyRole("ana", "mia"))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts; the vote of @ben (event 3) is of one who did not hold the role sre"}},
		"a voter whose address nobody knows": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "leo")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and tests did not hold: no vote on it counts; the vote of @leo (event 4) is of one whose address in commits is not known"}},
		"a roster that is too old": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.SRE: {Groups: []string{"chat/crew"}}, workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}})
			f.put("chat", "team/chat.crew", team.Arrived{Platform: "chat", Group: "crew", AsOf: f.now, Members: []team.Member{{Handle: "chat/mia"}}})
			f.open("normal")
			f.sign("preview.ready/alerts", "mia")
			f.sign("preview.ready/tests", "ben")
			f.wait(24*time.Hour + 1)
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts; the vote of @mia (event 5) is of one who did not hold the role sre"}},
		"a roster without the voter": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.SRE: {Groups: []string{"chat/crew"}}, workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}})
			f.put("chat", "team/chat.crew", team.Arrived{Platform: "chat", Group: "crew", AsOf: f.now, Members: []team.Member{{Handle: "chat/ana"}}})
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/alerts", "mia")
		}, []string{"event N: @mia voted on preview.ready/alerts and did not hold the role sre"}},
		"a roster with a handle that may be the voter's": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.SRE: {Groups: []string{"other/crew"}}, workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}})
			f.put("other", "team/other.crew", team.Arrived{Platform: "other", Group: "crew", AsOf: f.now, Members: []team.Member{{Handle: "other/T1/mia"}}})
			f.open("normal")
			f.sign("preview.ready/alerts", "mia")
		}, nil},
		"owners where nobody holds a role": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.Engineering: {People: []workflows.PersonID{"ben"}}})
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"owners at high risk": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.Engineering: {People: []workflows.PersonID{"ben"}}})
			f.open("high")
			f.sign("preview.ready/alerts", "ana")
		}, []string{"event N: @ana voted on preview.ready/alerts and did not hold the role sre"}},
		"owners where somebody holds the role": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.SRE: {People: []workflows.PersonID{"ben"}}})
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
		}, []string{"event N: @ana voted on preview.ready/alerts and did not hold the role sre"}},
		"passed by one who manages nothing and may": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ana")
			f.put("@ben", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa"})
		}, nil},
		"under a configuration that the ledger does not hold": {func(f *forger) {
			f.hash = "p0"
			f.open("normal")
			f.found = nil // it says of each event that another one was in force
			f.put("@zoe", forged, release.Signed{Vote: vote("zoe", "preview.ready/tests", release.OK)})
		}, []string{`event N: it was decided under the configuration "p0", while "p1" was in force`}},
	}.try(t)
}
