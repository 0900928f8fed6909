package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// hostCode is what the tests' host has in its log.
const hostCode = "owner-owner-owner-owner"

// coded gives a house what codes are made with.
func coded(c *Config) {
	c.Codes = Codes{Key: bytes.Repeat([]byte{7}, 32), Owner: people.Sum(hostCode)}
}

// unowned leaves a house without an owner, as the configuration has it.
func unowned(c *Config) {
	coded(c)
	b := *c.Book
	b.Owners, b.Hash = nil, "no-owners"
	c.Book = &b
}

// by is a request through an account, whoever bears it.
func (h *house) by(account workflows.Handle, wish workflows.Intent) workflows.Ask {
	a := h.ask("", "", wish)
	a.By, a.Line = account, fmt.Sprintf("%T", wish)
	if c, ok := wish.(people.Claim); ok {
		a.Line = "admin claim " + c.Code
	}
	return a
}

// codeOf is a code that somebody asks for.
func (h *house) codeOf(who string) string {
	h.Helper()
	code := h.must(h.ask(who, "", people.Code{})).Secret
	if code == "" {
		h.Fatal("no code came")
	}
	return code
}

func (h *house) link(id workflows.PersonID, account workflows.Handle) {
	h.Helper()
	h.must(h.ask("ana", "", people.Link{Person: id, Account: account}))
}

// slackers are members of a group of Slack's, which gives nobody a role.
func (h *house) slackers(accounts ...workflows.Handle) {
	h.Helper()
	r := team.Roster{Platform: "slack", Group: "T1/S1", AsOf: h.now}
	for _, x := range accounts {
		r.Members = append(r.Members, team.Member{Handle: x})
	}
	h.must(h.machine("slack", "", r))
}

// whoIs is who an account is now.
func (h *house) whoIs(account workflows.Handle) workflows.PersonID {
	h.Helper()
	v, err := h.Who(context.Background(), account)
	if err != nil {
		h.Fatal(err)
	}
	return v.Person.ID
}

// verified holds the ledger to itself.
func (h *house) verified() {
	h.Helper()
	if _, err := Verify(context.Background(), h.store, func(key, why string) { h.Errorf("%s: %s", key, why) }); err != nil {
		h.Fatal(err)
	}
}

// folk is everything that can happen to what is known of people.
func (h *house) folk() {
	h.Helper()
	c := h.cfg
	if c.Book == nil {
		c = testConfig(testBook())
	}
	coded(&c)
	h.reload(c)
	h.link("ben", "slack/T1/U9")
	h.must(h.ask("ana", "", people.Unlink{Person: "ben", Account: "slack/T1/U9"}))
	h.must(h.by("slack/T1/U8", people.Claim{Code: h.codeOf("mia")}))
	h.must(h.ask("ben", "", people.Leave{Until: h.now.Add(48 * time.Hour), Deputy: "mia"}))
	h.must(h.ask("ben", "", people.Leave{Until: h.now.Add(72 * time.Hour), Deputy: "leo"}))
	h.must(h.ask("ben", "", people.Return{}))
	unowned(&c)
	h.reload(c)
	h.must(h.by("slack/T1/U7", people.Claim{Code: hostCode}))
}

// A member's code makes the account that types it theirs, once, and nothing of it is in the ledger that anybody could
// type.
func TestCode(t *testing.T) {
	h := newHouse(t, coded)
	code := h.codeOf("mia")
	if again := h.codeOf("mia"); again == code {
		t.Fatal("two codes are one")
	}
	code = h.codeOf("mia")
	typed := strings.ToUpper(strings.ReplaceAll(code, "-", " ")) // as a phone has it
	got := h.must(h.by("slack/T1/U9", people.Claim{Code: typed}))
	if e := got.Events[0]; e.By != (workflows.Actor{Person: "mia", Handle: "slack/T1/U9"}) || e.Event != (people.Linked{Person: "mia", Handle: "slack/T1/U9", ByCode: true}) {
		t.Errorf("recorded by %+v: %+v", e.By, e.Event)
	}
	if told := whats(got.Told); len(told) != 1 || told[0] != "linked chat/@mia" {
		t.Errorf("told: %v", told)
	}
	if who := h.whoIs("slack/T1/U9"); who != "mia" {
		t.Errorf("the account is %q", who)
	}
	for _, r := range h.ledger() {
		if text := string(r.Data); strings.Contains(text, code) || strings.Contains(text, strings.ReplaceAll(code, "-", "")) {
			t.Errorf("event %d holds the code: %s", r.Seq, text)
		}
	}
	h.verified()
}

// The same request again is given the same code while the process lives, and none by another.
func TestCodeIsGivenAgain(t *testing.T) {
	h := newHouse(t, coded)
	a := h.ask("mia", "", people.Code{})
	code := h.must(a).Secret
	if again := h.must(a); again.Secret != code || !again.Again {
		t.Errorf("again: %q, %t", again.Secret, again.Again)
	}
	h.restart(func(c *Config) { c.Codes.Key = bytes.Repeat([]byte{8}, 32) })
	if again := h.must(a); again.Secret != "" {
		t.Errorf("another process knows the code: %q", again.Secret)
	}
	h.must(h.by("slack/T1/U9", people.Claim{Code: code})) // it is good all the same
}

// A code that is not good is refused alike, whatever is wrong with it.
func TestCodeRefused(t *testing.T) {
	h := newHouse(t, coded)
	refused := func(why string, account workflows.Handle, code string, want workflows.Reason) {
		t.Helper()
		before := len(h.ledger())
		h.refuses(h.by(account, people.Claim{Code: code}), want)
		_, known := h.book0().Resolve(account)
		grew := len(h.ledger()) - before
		if known && grew != 1 || !known && grew != 0 {
			t.Errorf("%s: %d events in the ledger, known %t", why, grew, known)
		}
	}
	refused("guessed", "slack/T1/U9", "aaaaa-bbbbb-ccccc-ddddd", workflows.Expired)
	refused("nothing", "slack/T1/U9", "-", workflows.Expired)
	refused("the host's, while there is an owner", "slack/T1/U9", hostCode, workflows.Expired)
	refused("guessed by somebody", "chat/ben", "aaaaa-bbbbb-ccccc-ddddd", workflows.Expired)
	code := h.codeOf("mia")
	refused("somebody configured", "chat/ben", code, workflows.Exists)
	refused("their own", "chat/mia", code, workflows.Unchanged)
	other := h.codeOf("mia")
	refused("the one before", "slack/T1/U9", code, workflows.Expired)
	h.link("ben", "slack/T1/U8")
	refused("somebody linked", "slack/T1/U8", other, workflows.Exists)
	h.must(h.by("slack/T1/U9", people.Claim{Code: other}))
	refused("used, by the same", "slack/T1/U9", other, workflows.Expired)
	refused("used, by another", "slack/T1/U7", other, workflows.Expired)
	late := h.codeOf("mia")
	h.later(people.CodeLife)
	refused("expired", "slack/T1/U7", late, workflows.Expired)
	mended := h.codeOf("mia")
	h.must(h.ask("ana", "", people.Unlink{Person: "mia", Account: "slack/T1/U9"}))
	refused("made before an account was taken away", "slack/T1/U9", mended, workflows.Expired)
	for _, r := range h.ledger() {
		if strings.Contains(string(r.Data), hostCode) || strings.Contains(string(r.Data), other) {
			t.Errorf("event %d holds a code: %s", r.Seq, r.Data)
		}
	}
	h.verified()
}

// Only who belongs here is given a code, and only where one can be made.
func TestCodeIsForMembers(t *testing.T) {
	h := newHouse(t)
	h.refuses(h.ask("mia", "", people.Code{}), workflows.Unavailable)
	h.restart(coded, func(c *Config) { c.Book.People["rob"] = person("rob") })
	h.refuses(h.ask("rob", "", people.Code{}), workflows.NotAllowed)
	h.refuses(h.by("slack/T1/U9", people.Code{}), workflows.UnknownPerson)
	key := h.rules.Load().Codes
	text, err := json.Marshal(key)
	ok(t, err)
	for _, printed := range []string{string(text), fmt.Sprintf("%v", key), fmt.Sprintf("%+v", key), fmt.Sprintf("%#v", key), key.Key.String()} {
		if !strings.Contains(printed, "(secret)") {
			t.Errorf("the key is printed: %s", printed)
		}
	}
}

// Without an owner in the configuration, whoever types the host's code is one, from then on and after each start; for as
// long as the configuration names none.
func TestOwnership(t *testing.T) {
	h := newHouse(t, unowned)
	own := func(account workflows.Handle) bool {
		v, err := h.Who(context.Background(), account)
		ok(t, err)
		return v.Known && v.May(workflows.Owner, "", h.now)
	}
	h.refuses(h.by("slack/T1/U7", people.Claim{Code: "aaaaa-bbbbb-ccccc-ddddd"}), workflows.Expired)
	h.must(h.by("slack/T1/U7", people.Claim{Code: hostCode}))
	if !own("slack/T1/U7") || h.whoIs("slack/T1/U7") != "slack.t1.u7" {
		t.Fatalf("the owner is %v", h.book0().Owners)
	}
	h.refuses(h.by("slack/T1/U6", people.Claim{Code: hostCode}), workflows.Expired)
	h.refuses(h.ask("ben", "", people.Claim{Code: hostCode}), workflows.Expired)
	h.must(h.by("slack/T1/U7", people.Link{Person: "ben", Account: "slack/T1/U5"})) // what an owner may
	h.restart()
	if !own("slack/T1/U7") {
		t.Error("after a start nobody owns it")
	}
	h.restart(func(c *Config) { *c = testConfig(testBook()) })
	if own("slack/T1/U7") || h.whoIs("slack/T1/U7") != "" || !own("chat/ana") {
		t.Error("the configuration names an owner, and the claim still counts")
	}
	h.restart(unowned, func(c *Config) {
		p := c.Book.People["ben"]
		p.Handles = append(p.Handles, "slack/T1/U7")
		c.Book.People["ben"] = p
	})
	if !own("chat/ben") || h.book0().Canon("slack.t1.u7") != "ben" {
		t.Errorf("the claimant's account is ben's, and the owner is %v", h.book0().Owners)
	}
	h.verified()
}

// Somebody configured who claims owns it as themselves, and no more once they are gone.
func TestOwnershipOfSomebodyConfigured(t *testing.T) {
	h := newHouse(t, unowned)
	h.must(h.ask("ben", "", people.Claim{Code: hostCode}))
	if got := h.book0().Owners; len(got) != 1 || got[0] != "ben" {
		t.Fatalf("the owner is %v", got)
	}
	h.restart(func(c *Config) { delete(c.Book.People, "ben") })
	if got := h.book0().Owners; len(got) != 0 {
		t.Errorf("ben is gone, and the owner is %v", got)
	}
	h.must(h.ask("mia", "", people.Claim{Code: hostCode}))
	h.verified()
}

// A link is an owner's to make, of an account that is nobody's, to somebody who is known; and to mend.
func TestLinks(t *testing.T) {
	h := newHouse(t, crewed, func(c *Config) { c.Book.Roles[workflows.QA] = policy.Members{People: []workflows.PersonID{"mia"}} })
	h.roster(monday, "chat/G7")
	link := func(id workflows.PersonID, account workflows.Handle) workflows.Ask {
		return h.ask("ana", "", people.Link{Person: id, Account: account})
	}
	h.refuses(h.ask("mia", "", people.Link{Person: "mia", Account: "slack/T1/U9"}), workflows.NotAllowed)
	if no := h.refuses(link("mia", "chat/ben"), workflows.Exists); !strings.Contains(no.Why, "@ben's in readyroom.yaml") {
		t.Errorf("why: %s", no.Why)
	}
	h.refuses(link("mia", "chat/mia"), workflows.Unchanged)
	if no := h.refuses(link("mai", "slack/T1/U9"), workflows.UnknownPerson); no.Next[0] != "@mia" {
		t.Errorf("next: %v", no.Next)
	}
	got := h.must(link("mia", "slack/T1/U9"))
	if told := whats(got.Told); len(told) != 1 || told[0] != "linked chat/@mia" {
		t.Errorf("told: %v", told)
	}
	h.refuses(link("mia", "slack/T1/U9"), workflows.Unchanged)
	h.refuses(link("ben", "slack/T1/U9"), workflows.Exists)
	h.restart()
	if who := h.whoIs("slack/T1/U9"); who != "mia" {
		t.Errorf("after a start the account is %q", who)
	}
	gone := h.cfg
	h.restart(func(c *Config) {
		b := *c.Book
		b.People = teamOfFive()
		delete(b.People, "mia")
		b.Hash, c.Book = "mia-is-gone", &b
	})
	if who := h.whoIs("slack/T1/U9"); who != "" {
		t.Errorf("mia is gone, and her account is %q", who)
	}
	h.refuses(link("ben", "slack/T1/U9"), workflows.Exists) // one account is never linked twice
	h.restart(func(c *Config) { *c = gone })
	h.refuses(h.ask("ana", "", people.Unlink{Person: "ben", Account: "slack/T1/U9"}), workflows.Unchanged)
	h.refuses(h.ask("ana", "", people.Unlink{Person: "mia", Account: "chat/mia"}), workflows.Exists)
	undo := h.must(link("ben", "slack/T1/U4"))
	if undo.Undo == nil || undo.Undo.Line != "admin unlink @ben slack T1/U4" {
		t.Errorf("undo: %+v", undo.Undo)
	}
	h.must(h.ask("ana", "", people.Unlink{Person: "mia", Account: "slack/T1/U9"}))
	if who := h.whoIs("slack/T1/U9"); who != "" {
		t.Errorf("taken away, the account is %q", who)
	}
	h.verified()
}

// Two accounts turn out to be one person: what each did is that person's, and they are counted once.
func TestMergedAccounts(t *testing.T) {
	h := newHouse(t, crewed)
	h.roster(monday, "chat/G7", "chat/G8", "chat/ben")
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("G7", "app@1.0", release.Sign{Items: []string{"tests"}}))
	guest, known := team.PersonID("chat/G7"), h.book0().Known()
	h.link("mia", "chat/G7")
	b := h.book0()
	if b.Canon(guest) != "mia" || b.Known() != known-1 || h.whoIs("chat/G7") != "mia" {
		t.Errorf("%s is %s; known are %d, were %d", guest, b.Canon(guest), b.Known(), known)
	}
	for _, id := range []workflows.PersonID{"mia", guest} { // the group's word counts for her, by either name
		if _, why := b.Holds(id, workflows.Engineering, h.now); why != "" {
			t.Errorf("%s holds nothing: %s", id, why)
		}
	}
	if v := release.Check(h.release("app@1.0"), b, h.now); v.Items[0].State != release.Holds {
		t.Errorf("the vote of the account that was: %+v", v.Items[0])
	}
	if who := b.Holders(workflows.Engineering, h.now); len(who) != 3 || who[0] != "ben" || who[2] != "mia" {
		t.Errorf("holders: %v", who)
	}
	h.link("mia", "chat/G8") // twice in the group, and still one
	if b := h.book0(); len(b.Holders(workflows.Engineering, h.now)) != 2 || len(b.Groups["chat/crew"].Members) != 2 {
		t.Errorf("of the group: %v", b.Groups["chat/crew"].Members)
	}
	h.must(h.ask("G8", "app@1.0", release.Sign{Items: []string{"changelog"}}))
	h.verified()
	h.must(h.ask("ana", "", people.Unlink{Person: "mia", Account: "chat/G7"}))
	if b := h.book0(); b.Canon(guest) != guest || h.whoIs("chat/G7") != guest {
		t.Errorf("taken apart again, %s is %s", guest, b.Canon(guest))
	}
	h.verified()
}

// Links of an account that is itself linked lead to the end of the chain, and a circle to no hang.
func TestLinksOfLinks(t *testing.T) {
	h := newHouse(t, crewed)
	h.slackers("slack/T1/U1", "slack/T1/U2")
	first := team.PersonID("slack/T1/U1")
	h.link(first, "slack/T1/U2")
	h.link(first, "discord/77")
	if who := h.whoIs("discord/77"); who != first {
		t.Errorf("discord/77 is %q", who)
	}
	h.link("zoe", "slack/T1/U1")
	for _, account := range []workflows.Handle{"slack/T1/U1", "slack/T1/U2", "discord/77"} {
		if who := h.whoIs(account); who != "zoe" {
			t.Errorf("%s is %q", account, who)
		}
	}
	h.refuses(h.ask("ana", "", people.Link{Person: team.PersonID("slack/T1/U2"), Account: "slack/T1/U1"}), workflows.Unchanged)
	b := completed(testBook().Indexed(), nil, []people.State{
		{Person: "slack.t1.u1", Accounts: []workflows.Handle{"slack/T1/U2"}}, {Person: "slack.t1.u2", Accounts: []workflows.Handle{"slack/T1/U1"}}})
	if _, ok := b.Resolve("slack/T1/U1"); ok {
		t.Error("a circle is somebody")
	}
}

// A configuration that gives somebody an account makes them one with whom that account was; who bears an account's very
// name stays themselves.
func TestConfiguredLater(t *testing.T) {
	h := newHouse(t, crewed)
	h.roster(monday, "chat/G7")
	h.slackers("slack/T1/U1")
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("G7", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.restart(func(c *Config) {
		b := *c.Book
		b.People, b.Hash = teamOfFive(), "configured"
		p := b.People["mia"]
		p.Handles = append(p.Handles, "chat/G7", "slack/T1/U2")
		b.People["mia"] = p
		b.People["slack.t1.u2"] = workflows.Person{ID: "slack.t1.u2", Handles: []workflows.Handle{"chat/another"}}
		b.People["slack.t1.u1"] = workflows.Person{ID: "slack.t1.u1", Handles: []workflows.Handle{"chat/other"}}
		c.Book = &b
	})
	b := h.book0()
	if b.Canon(team.PersonID("chat/G7")) != "mia" || b.Canon("slack.t1.u1") != "slack.t1.u1" || b.Canon("slack.t1.u2") != "slack.t1.u2" {
		t.Errorf("merged: %v", b.Merged)
	}
	if _, known := b.Resolve("slack/T1/U1"); known {
		t.Error("an account passes for somebody who only bears its name")
	}
	h.must(h.ask("G7", "app@1.0", release.Sign{Items: []string{"changelog"}}))
	h.verified()
}

// While somebody is away their deputy signs for them, and they get no digest; both end by themselves.
func TestAway(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Book.Roles = map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ana"}}, workflows.SRE: {People: []workflows.PersonID{"ben"}},
			workflows.ReleaseManager: {People: []workflows.PersonID{"leo"}}}
		c.Book.People["rob"] = person("rob")
	})
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	leave := func(who string, days int, deputy workflows.PersonID) workflows.Ask {
		return h.ask(who, "", people.Leave{Until: h.now.Add(time.Duration(days) * 24 * time.Hour), Deputy: deputy})
	}
	sign := func(who string) workflows.Ask {
		return h.ask(who, "app@1.0", release.Sign{Items: []string{"way-back"}})
	}
	h.refuses(sign("mia"), workflows.NotAllowed)
	h.refuses(leave("ben", 0, "mia"), workflows.Invalid)
	h.refuses(leave("ben", 400, "mia"), workflows.Invalid)
	h.refuses(leave("ben", 2, "ben"), workflows.Invalid)
	h.refuses(leave("ben", 2, "mai"), workflows.UnknownPerson)
	h.refuses(leave("ben", 2, "rob"), workflows.NotAllowed) // who has no role and no audience
	h.refuses(leave("rob", 2, ""), workflows.NotAllowed)
	got := h.must(leave("ben", 2, "mia"))
	if told := whats(got.Told); len(told) != 1 || told[0] != "away chat/@mia" || got.Undo == nil || got.Undo.Line != "remind away off" {
		t.Errorf("told: %v, undo %+v", told, got.Undo)
	}
	h.refuses(leave("ana", 1, "ben"), workflows.Invalid) // who is away stands in for nobody
	if who := h.book0().Holders(workflows.SRE, h.now); len(who) != 1 || who[0] != "mia" {
		t.Errorf("whose turn it is: %v", who)
	}
	voted := h.must(sign("mia")).Events[0]
	if v := voted.Event.(release.Signed).Vote; v.By != "mia" || v.As != workflows.SRE {
		t.Errorf("the deputy's vote: %+v", v)
	}
	h.must(sign("ben")) // away is not gone
	h.must(leave("leo", 2, "mia"))
	h.must(h.ask("mia", "app@1.0", release.Set{Title: new("a deputy's title")}))                          // what a release manager may
	h.refuses(h.ask("mia", "", people.Link{Person: "mia", Account: "slack/T1/U9"}), workflows.NotAllowed) // but nobody owns it for another
	h.must(leave("ana", 2, "mia"))
	h.refuses(h.ask("mia", "", people.Link{Person: "mia", Account: "slack/T1/U9"}), workflows.NotAllowed)
	h.verified()
	h.later(48*time.Hour - time.Second)
	h.must(h.ask("mia", "app@1.0", release.Sign{Items: []string{"way-back"}, Note: "once more"}))
	h.later(time.Second)
	h.refuses(sign("mia"), workflows.NotAllowed)
	h.refuses(h.ask("ben", "", people.Return{}), workflows.Unchanged)
	h.must(leave("ben", 2, ""))
	if who := h.book0().Holders(workflows.SRE, h.now); len(who) != 1 || who[0] != "ben" {
		t.Errorf("nobody else holds it, and it is the turn of %v", who)
	}
	h.must(h.ask("ben", "", people.Return{}))
	h.verified()
}

// Who is away gets no digest, and has it again when they are back.
func TestNoDigestWhileAway(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "its manager must say when it goes on"}))
	morning := func() int {
		return len(h.must(h.machine("clock", "", calendar.Due{Schedule: calendar.Schedule{Kind: calendar.Digest, Person: "ana", Spec: "09:00", Zone: "UTC"}, At: h.now})).Told)
	}
	if morning() != 1 {
		t.Fatal("ana has no digest at all")
	}
	h.must(h.ask("ana", "", people.Leave{Until: h.now.Add(24 * time.Hour)}))
	if morning() != 0 {
		t.Error("ana is away and is told what waits for her")
	}
	h.later(24 * time.Hour)
	if morning() != 1 {
		t.Error("ana is back and is told nothing")
	}
}

// What was done by a linked account, and by a deputy, is in a release's evidence with what gave them the right to; what
// others did is not.
func TestEvidenceOfPeople(t *testing.T) {
	h := newHouse(t, coded, crewed, func(c *Config) {
		c.Book.Roles[workflows.SRE] = policy.Members{People: []workflows.PersonID{"ben"}}
		c.Book.Roles[workflows.Engineering] = policy.Members{People: []workflows.PersonID{"ana", "leo"}, Groups: []string{"chat/crew"}}
	})
	h.roster(monday, "chat/G7", "chat/ana")
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("G7", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.link("leo", "chat/G7")
	h.later(time.Hour)
	h.roster(h.now, "chat/ana") // the account left the group, and its vote counts as leo's
	h.must(h.ask("G7", "app@1.0", release.Sign{Items: []string{"changelog"}}))
	h.link("zoe", "slack/T1/U5") // who does nothing here
	h.must(h.ask("ben", "", people.Leave{Until: h.now.Add(48 * time.Hour), Deputy: "leo"}))
	h.must(h.ask("zoe", "", people.Leave{Until: h.now.Add(48 * time.Hour)}))
	h.codeOf("ana")
	h.must(h.ask("leo", "app@1.0", release.Sign{Items: []string{"way-back"}}))
	h.confirmed(h.ask("ana", "app@1.0", release.Advance{}))
	h.must(h.ask("ben", "", people.Return{})) // after all was done
	b, err := h.Evidence(context.Background(), workflows.Selectors{Release: "app@1.0"}, "", h.now)
	if err != nil {
		t.Fatal(err)
	}
	var about []string
	for _, l := range b.Report.Timeline {
		if strings.HasPrefix(l.Kind, people.Room+".") {
			about = append(about, l.Kind+" by "+string(l.By))
		}
	}
	if got := strings.Join(about, ", "); got != "people.linked by ana, people.left by ben" {
		t.Errorf("of people the evidence holds: %s", got)
	}
	for _, g := range b.Report.Gates {
		for _, p := range g.Passed {
			if len(p.Doubts) > 0 {
				t.Errorf("%s: %+v", g.Key, p.Doubts)
			}
		}
	}
	h.verified()
}

// Whoever claimed a house, or was in a group, and did things under their account's own name is in the configuration
// since: what the live gate counts as theirs, the evidence and the second judge do, too.
func TestEvidenceOfConfiguredLater(t *testing.T) {
	for name, c := range map[string]struct {
		linked, later bool // to another person first; all was done only later, by their own name
		change        func(*policy.Book)
	}{
		"as an owner":     {false, false, func(b *policy.Book) { b.Owners = []workflows.PersonID{"zoe"} }},
		"by the claim":    {false, false, func(*policy.Book) {}},
		"by it alone":     {false, true, func(*policy.Book) {}},
		"in a role":       {false, false, func(b *policy.Book) { b.Roles = everyRole("zoe") }},
		"whatever a link": {true, false, func(b *policy.Book) { b.Owners = []workflows.PersonID{"zoe"} }},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, unowned, func(c *Config) { c.Book.Roles = nil })
			h.must(h.by("slack/T1/U7", people.Claim{Code: hostCode}))
			acts := func(by workflows.Handle) {
				h.must(h.by(by, release.New{ID: "app@1.0", Risk: "low"}))
				sign := h.by(by, release.Sign{Items: []string{"tests", "changelog", "way-back"}})
				sign.On.Release = "app@1.0"
				h.must(sign)
			}
			if !c.later {
				acts("slack/T1/U7")
			}
			if c.linked {
				h.must(h.by("slack/T1/U7", people.Link{Person: "ben", Account: "slack/T1/U7"}))
			}
			h.restart(func(cfg *Config) {
				b := *cfg.Book
				b.Hash, b.People = "configured", teamOfFive()
				zoe := b.People["zoe"]
				zoe.Handles = append(zoe.Handles, "slack/T1/U7", "slack/T1/U8")
				b.People["zoe"] = zoe
				c.change(&b)
				cfg.Book = &b
			})
			if c.later {
				acts("chat/zoe")
			}
			h.confirmed(h.ask("zoe", "app@1.0", release.Advance{}))
			p := h.evidence("app@1.0").Report.Gates[0].Passed[0]
			if len(p.Doubts) > 0 || len(p.Counted) != 3 || !slices.Equal(p.Voters, []workflows.PersonID{"zoe"}) {
				t.Errorf("judged again: %+v, of %v count %v", p.Doubts, p.Voters, p.Counted)
			}
			told := h.policyEvents()
			if got := told[len(told)-1].Accounts; len(got) != 1 || got["slack.t1.u7"] != "zoe" {
				t.Errorf("of accounts the ledger says %v: no more than it knew is said", got)
			}
			h.restart()
			if n := len(h.policyEvents()); n != len(told) {
				t.Errorf("%d events of configurations, were %d: a start is no news", n, len(told))
			}
			h.verified()
		})
	}
}

// A ledger of before has the configuration without accounts: where it gives any, that is told at the next start, once.
func TestAccountsAreToldLate(t *testing.T) {
	h := newHouse(t)
	h.slackers("slack/T1/U7")
	h.restart(func(c *Config) {
		b := *c.Book
		b.Hash, b.People = "configured", teamOfFive()
		zoe := b.People["zoe"]
		zoe.Handles = append(zoe.Handles, "slack/T1/U7")
		b.People["zoe"] = zoe
		c.Book = &b
	})
	n := len(h.policyEvents())
	older := func() {
		t.Helper()
		ok(t, h.store.Update(context.Background(), func(tx *storage.Tx) error { return tx.DeleteRow(policyTable, accountsTold) }))
	}
	for range 2 {
		older()
		h.restart()
		h.restart()
		told := h.policyEvents()
		if n++; len(told) != n || told[n-1].Accounts["slack.t1.u7"] != "zoe" || told[n-1].Hash != "configured" {
			t.Errorf("the configurations: %+v, want one more than %d", told, n-1)
		}
	}
	h.verified()
}

func (h *house) policyEvents() (all []ledger.Policy) {
	h.Helper()
	for _, r := range h.ledger() {
		e, err := evidence.Event(r)
		if err != nil {
			h.Fatal(err)
		}
		if p, isPolicy := e.Event.(ledger.Policy); isPolicy {
			all = append(all, p)
		}
	}
	return all
}

// What never could be is found by whoever reads the ledger: an account given by one who owns nothing, and an absence that
// somebody else declared.
func TestReadingFindsWhatPeopleMayNot(t *testing.T) {
	for why, forged := range map[string]workflows.Recorded{
		"linked an account to @ben and was no owner": {Header: workflows.Header{Stream: people.StreamOf("ben"), By: workflows.Actor{Person: "mia", Handle: "chat/mia"}},
			Event: people.Linked{Person: "ben", Handle: "slack/T1/U9"}},
		"that @ben is away was said by @mia": {Header: workflows.Header{Stream: people.StreamOf("ben"), By: workflows.Actor{Person: "mia", Handle: "chat/mia"}},
			Event: people.Left{Person: "ben", Until: monday.Add(time.Hour), Deputy: "mia"}},
		"claimed the installation while": {Header: workflows.Header{Stream: people.Claims, By: workflows.Actor{Person: "mia", Handle: "chat/mia"}},
			Event: people.Owned{Person: "mia", Handle: "chat/mia"}},
		"was typed by chat/mia": {Header: workflows.Header{Stream: people.StreamOf("ben"), By: workflows.Actor{Person: "mia", Handle: "chat/mia"}},
			Event: people.Linked{Person: "ben", Handle: "slack/T1/U9", ByCode: true}},
	} {
		h := newHouse(t)
		err := h.store.Update(context.Background(), func(tx *storage.Tx) error {
			forged.At, forged.Ask, forged.Policy = monday, "forged", "policy-1"
			rec, err := stored(forged)
			if err == nil {
				_, err = tx.Append(rec)
			}
			return err
		})
		ok(t, err)
		var found []string
		_, err = Verify(context.Background(), h.store, func(_, why string) { found = append(found, why) })
		ok(t, err)
		if got := strings.Join(found, "\n"); !strings.Contains(got, why) {
			t.Errorf("%s: found %q", why, got)
		}
	}
}

// An account that was away, with somebody in its stead, and then turned out to be a person of the configuration: they are
// there, and nobody signs for them by what the account said.
func TestAbsenceOfAnAccountIsNotItsPersons(t *testing.T) {
	account := team.PersonID("chat/x7")
	b := completed(testBook().Indexed(), nil, []people.State{
		{Person: account, Until: monday.Add(time.Hour), Deputy: "ben"},
		{Person: "ana", Accounts: []workflows.Handle{"chat/x7"}},
	})
	if id := b.Canon(account); id != "ana" {
		t.Fatalf("the account is %s's", id)
	}
	if a, away := b.IsAway("ana", monday); away {
		t.Errorf("ana is away until %s, and %s signs for her", a.Until, a.Deputy)
	}
}
