package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// An account and who is called after it, and the people whose configuration these tests go by.
const (
	account = workflows.Handle("slack/T1/U9")
	guest   = workflows.PersonID("slack.t1.u9")
)

// crewed gives sre to mia and a group, engineering to ana and ben.
func (f *forger) crewed() {
	f.Helper()
	f.policy("p2", map[workflows.Role]ledger.Holders{workflows.SRE: {People: []workflows.PersonID{"mia"}, Groups: []string{"slack/crew"}},
		workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}})
	f.put("slack", "team/slack.crew", team.Arrived{Platform: "slack", Group: "crew", AsOf: f.now, Members: []team.Member{{Handle: account}}})
}

// alone gives sre to mia.
func (f *forger) alone() {
	f.Helper()
	f.policy("p2", map[workflows.Role]ledger.Holders{workflows.SRE: {People: []workflows.PersonID{"mia"}}, workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}})
}

// through is an event that somebody brought about by the account.
func (f *forger) through(id workflows.PersonID, stream workflows.Stream, e workflows.Event) {
	f.Helper()
	head := f.header("@"+string(id), stream)
	head.By.Handle = account
	f.write(head, e)
}

// unowned is a configuration that names no owner, and nobody for any role but one.
func (f *forger) unowned() {
	f.Helper()
	f.hash = "p3"
	f.put("config", "", ledger.Policy{Hash: "p3", Roles: map[workflows.Role]ledger.Holders{workflows.Docs: {People: []workflows.PersonID{"zoe"}}},
		People: map[workflows.PersonID]ledger.Author{"ana": {Code: ledger.CodeKnown}, "zoe": {Code: ledger.CodeNone}}})
}

// gives is a configuration that gives an account to somebody.
func (f *forger) gives(called, to workflows.PersonID) {
	f.Helper()
	f.hash = "p4"
	f.put("config", "", ledger.Policy{Hash: "p4", Roles: map[workflows.Role]ledger.Holders{workflows.SRE: {People: []workflows.PersonID{"mia"}},
		workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}}, People: map[workflows.PersonID]ledger.Author{
		"ana": {Code: ledger.CodeKnown}, "ben": {Code: ledger.CodeKnown}, "mia": {Code: ledger.CodeNone}},
		Accounts: map[workflows.PersonID]workflows.PersonID{called: to}})
}

func (f *forger) links(by string, to workflows.PersonID) {
	f.Helper()
	f.put(by, people.StreamOf(to), people.Linked{Person: to, Handle: account})
}

func (f *forger) leaves(id, deputy workflows.PersonID) {
	f.Helper()
	f.put("@"+string(id), people.StreamOf(id), people.Left{Person: id, Until: f.now.Add(time.Hour), Deputy: deputy})
}

// Whose account it is, who signs for whom, who owns the place: the second judge follows what was recorded of people.
func TestPeople(t *testing.T) {
	forgeries{
		"two accounts of one person are one voter": {func(f *forger) {
			f.crewed()
			f.open("normal")
			f.through(guest, forged, release.Signed{Vote: vote(string(guest), "preview.ready/alerts", release.OK)})
			f.sign("preview.ready/tests", "ben")
			f.links("@ana", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed with the votes of @ben; at risk normal it needs those of 2 different people"}},
		"and one vote where an item needs two": {func(f *forger) {
			f.crewed()
			f.open("high")
			f.sign("preview.ready/alerts", "mia")
			f.through(guest, forged, release.Signed{Vote: vote(string(guest), "preview.ready/alerts", release.OK)})
			f.sign("preview.ready/tests", "ben", "ana")
			f.links("@ana", "mia")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: @mia alone vouched for it, and risk high asks for 2 people"}},
		"by a link the group's word is theirs": {func(f *forger) {
			f.crewed()
			f.open("low")
			f.links("@ana", "zoe")
			f.sign("preview.ready/alerts", "zoe")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"and no longer when it was taken away": {func(f *forger) {
			f.crewed()
			f.open("low")
			f.through(guest, forged, release.Signed{Vote: vote(string(guest), "preview.ready/alerts", release.OK)})
			f.links("@ana", "zoe")
			f.put("@ana", people.StreamOf("zoe"), people.Unlinked{Person: "zoe", Handle: account})
			f.sign("preview.ready/alerts", "zoe")
		}, []string{"event N: @zoe voted on preview.ready/alerts and did not hold the role sre"}},
		"linked by nobody who may": {func(f *forger) { f.links("@ben", "zoe") },
			[]string{"people/zoe, event N: @ben linked an account to @zoe and was no owner"}},
		"linked twice": {func(f *forger) {
			f.links("@ana", "zoe")
			f.links("@ana", "ben")
		}, []string{"event N: slack/T1/U9 was linked to @ben while it was linked to @zoe"}},
		"a code that another account typed": {func(f *forger) {
			f.put("@zoe", people.StreamOf("zoe"), people.Linked{Person: "zoe", Handle: account, ByCode: true})
		}, []string{"event N: the code of @zoe was typed by chat/zoe, and made slack/T1/U9 theirs"}},
		"a code": {func(f *forger) {
			f.through("zoe", people.StreamOf("zoe"), people.Linked{Person: "zoe", Handle: account, ByCode: true})
		}, nil},
		"a deputy": {func(f *forger) {
			f.alone()
			f.open("low")
			f.leaves("mia", "zoe")
			f.sign("preview.ready/alerts", "zoe")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"a deputy's deputy": {func(f *forger) {
			f.alone()
			f.open("low")
			f.leaves("mia", "zoe")
			f.leaves("zoe", "leo")
			f.sign("preview.ready/alerts", "leo")
		}, []string{"event N: @leo voted on preview.ready/alerts and did not hold the role sre"}},
		"a deputy, too late": {func(f *forger) {
			f.alone()
			f.open("low")
			f.leaves("mia", "zoe")
			f.wait(time.Hour)
			f.sign("preview.ready/alerts", "zoe")
		}, []string{"event N: @zoe voted on preview.ready/alerts and did not hold the role sre"}},
		"a deputy of one who is back": {func(f *forger) {
			f.alone()
			f.open("low")
			f.leaves("mia", "zoe")
			f.put("@mia", people.StreamOf("mia"), people.Returned{Person: "mia", Deputy: "zoe"})
			f.sign("preview.ready/alerts", "zoe")
		}, []string{"event N: @zoe voted on preview.ready/alerts and did not hold the role sre"}},
		"sent away by another": {func(f *forger) {
			f.put("@zoe", people.StreamOf("mia"), people.Left{Person: "mia", Until: f.now.Add(time.Hour), Deputy: "zoe"})
		}, []string{"event N: that @mia is away was said by @zoe"}},
		"claimed where there are owners": {func(f *forger) {
			f.through(guest, people.Claims, people.Owned{Person: guest, Handle: account})
		}, []string{"event N: @slack.t1.u9 claimed the installation while the configuration named owners"}},
		"what falls to a claimant": {func(f *forger) {
			f.unowned()
			f.through(guest, people.Claims, people.Owned{Person: guest, Handle: account})
			f.through(guest, people.StreamOf("zoe"), people.Linked{Person: "zoe", Handle: "slack/T1/U8"})
			f.open("low")
			f.through(guest, forged, release.Signed{Vote: vote(string(guest), "preview.ready/alerts", release.OK)})
		}, nil},
		"what falls to nobody": {func(f *forger) {
			f.unowned()
			f.through(guest, people.StreamOf("zoe"), people.Linked{Person: "zoe", Handle: "slack/T1/U8"})
		}, []string{"event N: @slack.t1.u9 linked an account to @zoe and was no owner"}},
		"an account that the configuration gave to somebody": {func(f *forger) {
			f.crewed()
			f.open("low")
			f.through(guest, forged, release.Signed{Vote: vote(string(guest), "preview.ready/alerts", release.OK)})
			f.sign("preview.ready/tests", "ben")
			f.policy("p1", map[workflows.Role]ledger.Holders{workflows.SRE: {People: []workflows.PersonID{"mia"}}, workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}})
			f.pass("preview.ready") // whose it is by now, the ledger does not say
		}, nil},
		"and the configuration says so": {func(f *forger) {
			f.crewed()
			f.open("normal")
			f.through(guest, forged, release.Signed{Vote: vote(string(guest), "preview.ready/alerts", release.OK)})
			f.sign("preview.ready/tests", "ben")
			f.gives(guest, "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts; the vote of @slack.t1.u9 (event 5) is of one who did not hold the role sre"}},
		"a configuration that gives an account to nobody": {func(f *forger) {
			f.gives(guest, "eve")
		}, []string{"event N: the configuration makes @slack.t1.u9 and @eve one person, and cannot"}},
		"a configuration that makes two of its people one": {func(f *forger) {
			f.gives("ben", "mia")
		}, []string{"event N: the configuration makes @ben and @mia one person, and cannot"}},
	}.try(t)
}
