package desk

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// What went wrong in other tools that ask people before something goes out, held against this one. Each test names where
// it is told in public; mutants_test.go of cmd/readyroom breaks the program so, and sees the test notice.

// The list of who may approve is empty, and so anybody may.
//
//   - https://github.com/pipe-cd/pipecd/issues/2550: «In case the approvers field was not configured, anyone in the project
//     … can approve», and who was not on a list could, too
//   - https://github.com/trstringer/manual-approval/pull/113: «Allow anyone to approve if approvers is left blank»
//   - https://github.com/runatlantis/atlantis/issues/4962: anyone can approve a failed policy
func TestOthersEmptyList(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Book.Roles = map[workflows.Role]policy.Members{workflows.Docs: {People: []workflows.PersonID{"ben"}}, workflows.SRE: {Groups: []string{"chat/empty"}}}
	})
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"})) // an owner, to whom engineering falls
	sign := func(who, item string) workflows.Ask {
		return h.ask(who, "app@1.0", release.Sign{Items: []string{item}})
	}
	h.refuses(sign("ben", "tests"), workflows.NotAllowed)    // holds a role, and not this one
	h.refuses(sign("zoe", "tests"), workflows.NotAllowed)    // is only told things
	h.refuses(sign("eve", "tests"), workflows.UnknownPerson) // is nobody here
	h.refuses(sign("ana", "way-back"), workflows.NotAllowed) // a group without members is no empty list: nobody stands in
	h.refuses(h.ask("ana", "", release.New{ID: "app@1.1", Risk: "high", Template: "feature"}), workflows.Unsatisfiable)
	h.must(sign("ana", "tests"))
}

// Two people are asked for, whoever they are, and one takes both places.
//
//   - https://github.com/superplanehq/superplane/issues/1785: «a single user should be able to provide only one such approval»
//   - https://github.com/palantir/policy-bot/issues/33: «Don't allow multiple approvals by the same person»
func TestOthersTwoPlacesOnePerson(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("mia", "", release.New{ID: "app@1.0", Template: "hotfix", Ref: "dddddddd"}))
	all := release.Sign{Items: []string{"tests", "way-back", "on-call-told", "rollback-plan"}}
	h.must(h.ask("mia", "app@1.0", all))
	again := h.ask("mia", "app@1.0", release.Sign{Items: all.Items, Note: "I looked twice"})
	again.By = "other/T1/mia" // her other account
	h.must(again)
	if v := h.first(); v.Go || len(v.Voters) != 1 || len(v.Open()) > 0 || v.Whole[0].Reason != workflows.ItemQuorum {
		t.Errorf("one person fills two places: %+v", v)
	}
	h.refuses(h.ask("mia", "app@1.0", release.Advance{}), workflows.NotReady)
	h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"way-back"}}))
	if v := h.first(); !v.Go {
		t.Errorf("two people do not: %+v", v.Whole)
	}
}

// Who approves could not be told, and so was taken for somebody else than the author.
//
//   - https://github.com/Tr3kkR/Yuzu/issues/4128: «a degraded session read» lets somebody approve their own
//   - https://github.com/Tr3kkR/Yuzu/issues/2030: the reviewer «unknown» never equals who submitted
//   - https://github.com/gravitational/teleport/issues/68069: who pressed is found by e-mail where no id is known
func TestOthersUnresolvedReviewer(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low", Ref: "eeeeeeee"})) // ana wrote it
	sign := func(who string) workflows.Ask { return h.ask(who, "app@1.0", release.Sign{Items: []string{"tests"}}) }
	unresolved := sign("")
	for _, by := range []workflows.Handle{"", "chat/", "chat/ana@example.org", "chat/ANA", "chat/Ana", "console/ana"} {
		unresolved.ID, unresolved.By = "by "+string(by), by
		h.refuses(unresolved, workflows.UnknownPerson)
	}
	h.must(sign("leo")) // whose address nobody knows: at risk low that is no question
	if s := h.item("app@1.0", "ga.ready/tests"); s.State != release.Holds {
		t.Fatalf("tests %s %s", s.State, s.Reason)
	}
	h.must(h.ask("ana", "app@1.0", release.Set{Risk: policy.Normal}))
	if s := h.item("app@1.0", "ga.ready/tests"); s.State != release.Open || s.Reason != workflows.ItemUnauthorised {
		t.Errorf("who may have written it counts as somebody else: %s %s", s.State, s.Reason)
	}
	h.refuses(sign("leo"), workflows.NotAllowed)
	h.must(sign("ana"))
	if s := h.item("app@1.0", "ga.ready/tests"); s.Reason != workflows.ItemAuthorAlone {
		t.Errorf("its author and nobody known: %s %s", s.State, s.Reason)
	}
	h.must(sign("mia"))
	if s := h.item("app@1.0", "ga.ready/tests"); s.State != release.Holds {
		t.Errorf("somebody else: %s %s", s.State, s.Reason)
	}
}

// What was approved for one thing is taken for the approval of another.
//
//   - https://github.com/yc-software/qm/issues/219: «An approval granted for one action can currently be re-used for other
//     actions»
//   - https://github.com/NousResearch/hermes-agent/pull/24212: the answer to one run resolved the question of another
func TestOthersApprovalOfAnotherScope(t *testing.T) {
	h := newHouse(t)
	for _, id := range []workflows.ReleaseID{"app@1.0", "app@1.1", "shop@1.0"} {
		h.must(h.ask("ana", "", release.New{ID: id, Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	}
	h.must(h.ask("mia", "app@1.0", release.Sign{Items: []string{"preview.done/leftovers", "changelog"}}))
	for _, c := range []struct {
		id   workflows.ReleaseID
		item string
	}{{"app@1.1", "ga.ready/changelog"}, {"shop@1.0", "ga.ready/changelog"}, {"app@1.0", "ga.done/leftovers"}} {
		if s := h.item(c.id, c.item); s.State != release.Open || len(s.Votes) > 0 {
			t.Errorf("%s of %s holds by the vote on another: %s %v", c.item, c.id, s.State, s.Votes)
		}
	}
	h.must(h.ask("ana", "app@1.0", release.SetCandidate{Ref: "bbbbbbbb", Builds: map[string]string{"app": "sha256:1"}}))
	if s := h.item("app@1.0", "ga.ready/changelog"); s.Reason != workflows.ItemStale {
		t.Errorf("the vote on one build holds for another of the same commit: %s %s", s.State, s.Reason)
	}
	waive := h.ask("ana", "app@1.0", release.Waive{Item: "audit-logs", Owner: "mia", Until: h.now.AddDate(0, 0, 3), Why: "slow"})
	q := h.must(waive).Confirm
	other := press(waive, "press", q.Key)
	other.On.Release = "app@1.1"
	if got, err := h.do(other); err == nil && got.Confirm == nil {
		t.Errorf("a yes of one release was one for another: %v", kinds(got.Events))
	}
	if s := h.item("app@1.1", "preview.ready/audit-logs"); s.State != release.Open || s.Waiver != nil {
		t.Errorf("it is waived: %+v", s)
	}
}

// Whoever changes what is judged changes by what it is judged.
//
//   - https://github.com/runatlantis/atlantis/pull/3960 and issues/3908: a repository's own file takes the requirement away
//     that policies hold, «which ultimately allows bypassing policy checking approval»
func TestOthersPolicyOfTheChange(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Book.Roles[workflows.EveryRole] = policy.Members{People: []workflows.PersonID{"mia", "leo"}}
		c.Book.Roles[workflows.Engineering] = policy.Members{People: []workflows.PersonID{"ben"}}
	})
	h.must(h.ask("mia", "", release.New{ID: "app@1.0", Template: "feature", Risk: "normal", Ref: "bbbbbbbb"}))
	before := h.release("app@1.0").Gates
	h.repo.commit("ffffffff", "readyroom.yaml: owners: [ben]", map[string]string{"readyroom.yaml": "owners: [ben]"}, "ben@example.org")
	h.must(h.ask("ben", "app@1.0", release.SetCandidate{Ref: "ffffffff"}))
	h.refuses(h.ask("ben", "app@1.0", release.BreakGlass{Why: "I own it now"}), workflows.NotAllowed)
	easy := h.cfg // and even where the file is the one that the host reads: what is under way keeps its checklist
	easy.Templates = maps.Clone(easy.Templates)
	easy.Templates["feature"] = release.Template{Name: "feature", Risk: policy.Low, Gates: []release.Gate{{Stage: workflows.GA, Half: release.Ready}, {Stage: workflows.GA, Half: release.Done}}}
	b := *easy.Book
	b.Hash = "policy-2"
	easy.Book = &b
	h.reload(easy)
	r := h.release("app@1.0")
	if !slices.EqualFunc(r.Gates, before, func(a, b release.Gate) bool { return slices.Equal(a.Items, b.Items) }) || r.Risk != policy.Normal {
		t.Errorf("its checklist became %v at risk %s", r.Gates, r.Risk)
	}
	h.refuses(h.ask("ben", "app@1.0", release.Set{Template: "feature"}), workflows.NotAllowed) // that is the manager's to do
	got := h.must(h.ask("mia", "app@1.0", release.Set{Template: "feature"}))
	if _, adopted := got.Events[0].Event.(release.Adopted); !adopted || got.Events[0].Policy != "policy-2" {
		t.Errorf("%v under %s", kinds(got.Events), got.Events[0].Policy)
	}
	told := slices.IndexFunc(h.ledger(), func(r ledger.Record) bool { return r.Kind == ledger.Policy{}.Kind() && r.Policy == "policy-2" })
	if told < 0 {
		t.Error("no line says that another configuration came into force")
	}
}

// What waits is said again at every interval, in a message of its own.
//
//   - https://github.com/dependabot/dependabot-core/issues/7825: «It just ends up spamming me every minute»
//   - https://github.com/JuliaRegistries/RegistryCI.jl/issues/155: a new comment every time where the first could be edited
func TestOthersWaitingMessage(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low", Target: monday.AddDate(0, 0, 4)}))
	h.must(h.ask("ana", "app@1.0", release.Ask{Item: "tests", Who: "ben"}))
	for minutes := range 60 * 60 { // to Wednesday evening: it blocks since Tuesday
		if minutes%7 == 0 {
			h.step(f, monday.Add(time.Duration(minutes)*time.Minute))
		}
	}
	var reminders []chattest.Shown
	for _, s := range f.Shows("chat/#app") {
		if strings.Contains(s.Message.Title, "missing") {
			reminders = append(reminders, s)
		}
	}
	if len(reminders) != 1 || len(reminders[0].Keys) != 2 { // of Tuesday, edited on Wednesday
		t.Errorf("the channel is reminded by %d messages: %+v", len(reminders), reminders)
	}
	if got := direct(f, "ben"); len(got) != 3 { // that he was asked, and two mornings
		t.Errorf("ben was told %q", got)
	}
}

// The branch was rewritten, and the approval of what it held before is kept.
//
//   - https://github.com/kamp-us/phoenix/issues/5215: a gate «may accept a pre-force-push approval»
//   - https://github.com/go-gitea/gitea/issues/16536: stale approvals are dismissed on paper, and shown as if they stood
func TestOthersRewrittenBranch(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low", Ref: "HEAD"}))
	h.must(h.ask("mia", "app@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	waiting := h.must(h.ask("ana", "app@1.0", release.Advance{}))
	h.repo.mu.Lock()
	h.repo.commits = h.repo.commits[:3] // what was signed is gone
	h.repo.mu.Unlock()
	h.repo.commit("f0f0f0f0", "6", map[string]string{"api/**": "6"}, "ben@example.org")
	h.must(h.ask("ben", "app@1.0", release.SetCandidate{Ref: "HEAD"}))
	for item, want := range map[string]release.State{"tests": release.Open, "changelog": release.Open, "way-back": release.Holds} {
		if s := h.item("app@1.0", "ga.ready/"+item); s.State != want || want == release.Open && s.Reason != workflows.ItemStale {
			t.Errorf("%s is %s %s", item, s.State, s.Reason)
		}
	}
	h.refuses(press(h.ask("ana", "app@1.0", release.Advance{}), "late", waiting.Confirm.Key), workflows.NotReady)
}

// One person asks with one account and approves with another.
//
//   - https://github.com/self-evolving/repo/issues/224: the approving account differs from the author's, and who is behind
//     it does not
//   - https://github.com/isaacs/github/issues/1730: who pushed to somebody else's branch approves it
func TestOthersSecondAccount(t *testing.T) {
	h := newHouse(t, coded, func(c *Config) { c.Book.Roles[workflows.SRE] = policy.Members{Groups: []string{"chat/crew"}} })
	h.roster(h.now, "chat/alt") // an account that the group brought: somebody, as far as anybody knows
	h.must(h.ask("ben", "", release.New{ID: "app@1.0", Template: "hotfix", Risk: "normal", Ref: "cccccccc"}))
	h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests", "on-call-told", "rollback-plan"}}))
	if s := h.item("app@1.0", "ga.ready/tests"); s.Reason != workflows.ItemAuthorAlone {
		t.Errorf("who wrote it with somebody else lets it out: %s %s", s.State, s.Reason)
	}
	h.must(h.ask("mia", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.must(h.ask("mia", "app@1.0", release.Sign{Items: []string{"tests"}, Value: release.Withdraw, Note: "not mine to say"}))
	h.must(h.ask("alt", "app@1.0", release.Sign{Items: []string{"way-back"}}))
	if v := h.first(); len(v.Voters) != 2 { // as far as anybody knows
		t.Fatalf("voters %v", v.Voters)
	}
	before := h.item("app@1.0", "ga.ready/way-back")
	h.link("ben", "chat/alt")
	after := h.item("app@1.0", "ga.ready/way-back")
	if before.State != release.Holds || after.State != release.Holds || h.whoIs("chat/alt") != "ben" { // it was said, by ben
		t.Fatalf("%+v, then %+v", before, after)
	}
	if v := h.first(); v.Go || !slices.Equal(v.Voters, []workflows.PersonID{"ben"}) {
		t.Errorf("two accounts of one are two people: %v", v.Voters)
	}
}

// Whoever approved may not any more, and what they said counts on; or they may press still what they were shown before.
//
//   - https://github.com/wso2/product-is/issues/25308: «Permission revoked approver can still perform workflow approval tasks»
//   - https://github.com/MicrosoftDocs/azure-devops-docs/issues/13745: the list of approvers is that of when the run began
func TestOthersRevokedApprover(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("mia", "", release.New{ID: "app@1.0", Risk: "low", Ref: "bbbbbbbb"}))
	h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	shown := h.ask("ben", "app@1.0", release.Advance{})
	q := h.must(shown).Confirm
	left := h.cfg
	b := testBook()
	b.Roles, b.Hash = everyRole("ana", "mia", "leo"), "without ben"
	left.Book = b
	h.reload(left)
	h.refuses(press(shown, "press", q.Key), workflows.NotAllowed)
	if s := h.item("app@1.0", "ga.ready/way-back"); s.State != release.Open || s.Reason != workflows.ItemUnauthorised {
		t.Errorf("way-back is %s %s", s.State, s.Reason)
	}
	h.refuses(h.ask("mia", "app@1.0", release.Advance{}), workflows.NotReady)
}

// To ask for a review again takes away what stood in the way.
//
//   - https://github.com/GiteaBot/gitea-backporter/pull/105: «we shouldn't remove change requests by requesting reviews»
func TestOthersAskedAgain(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	says := func(who string, value release.Value, items ...string) {
		h.must(h.ask(who, "app@1.0", release.Sign{Items: items, Value: value, Note: who + " looked"}))
	}
	says("ben", release.OK, "tests", "changelog", "way-back")
	says("mia", release.Block, "tests")
	says("leo", release.NeedsWork, "way-back")
	for _, item := range []string{"tests", "way-back"} {
		for _, who := range []workflows.PersonID{"", "ben", "mia"} {
			h.must(h.ask("ana", "app@1.0", release.Ask{Item: item, Who: who, Note: "again, please, " + string(who)}))
		}
	}
	h.refuses(h.ask("ana", "app@1.0", release.Waive{Item: "tests", Owner: "ben", Until: h.now.AddDate(0, 0, 3), Why: "mia is out"}), workflows.ItemBlocked)
	says("ana", release.OK, "tests")
	for item, want := range map[string]workflows.Reason{"tests": workflows.ItemBlocked, "way-back": workflows.ItemNeedsWork} {
		if s := h.item("app@1.0", "ga.ready/"+item); s.State != release.Open || s.Reason != want {
			t.Errorf("%s is %s %s, want %s", item, s.State, s.Reason, want)
		}
	}
	h.refuses(h.ask("ana", "app@1.0", release.Advance{}), workflows.NotReady)
}

// Whoever knows the number of a thing may approve it.
//
//   - https://github.com/permission-protocol/deploy-gate/issues/57: «non-member GitHub session can approve deploy request by ID»
func TestOthersByNumber(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	shown := h.ask("ana", "1", release.Advance{})
	q := h.must(shown).Confirm
	for who, want := range map[string]workflows.Reason{"eve": workflows.UnknownPerson, "zoe": workflows.NotAllowed} {
		for _, on := range []workflows.ReleaseID{"1", "app@1.0", "app"} {
			no := h.refuses(h.ask(who, on, release.Sign{Items: []string{"tests"}}), want)
			if who == "eve" && strings.Contains(no.Error(), "app") {
				t.Errorf("eve learns of %s: %v", on, no)
			}
			h.refuses(h.ask(who, on, release.Advance{}), want)
		}
		stolen := press(shown, "press of "+who, q.Key)
		stolen.By = workflows.Handle("chat/" + who)
		h.refuses(stolen, want)
	}
	if got := h.release("app@1.0").Stage(); got != workflows.Before {
		t.Errorf("it is %s", got)
	}
}

// first is how the next gate of app 1.0 stands now.
func (h *house) first() release.Verdict {
	h.Helper()
	return release.Check(h.release("app@1.0"), h.book0(), h.now)
}
