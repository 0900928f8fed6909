//go:build linux

package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var mutants = flag.Bool("mutants", false, "break the program in every listed way, and see each found out")

// mutant is a way to break the program, and the test that must notice.
type mutant struct {
	name string
	file string
	edit []string // old, new, old, new …
	pkg  string
	test string
}

const killedAt = "TestKillAtEveryPoint/points/"

// wanted are the mutants that the tests of durability and authority must find out.
var wanted = []mutant{
	{"a request that comes again is decided again", "workflows/desk/do.go",
		[]string{"d.answered(tx, a); err != nil || ok {\n\t\t\treceipt = again", "d.answered(tx, a); err != nil || ok && a.By == \"\" {\n\t\t\treceipt = again"},
		"cmd/readyroom", killedAt + "console.answered"},
	{"a refusal leaves no line in the ledger", "workflows/desk/answer.go",
		[]string{"_, err = tx.Append(ledger.Record{Kind: ledger.Refused{}", "_, err = s.d.store, error(nil); _ = (ledger.Record{Kind: ledger.Refused{}", "As: a.As, Ask: a.ID, Policy: w.book.Hash}})", "As: a.As, Ask: a.ID, Policy: w.book.Hash}}); _ = data"},
		"cmd/readyroom", killedAt + "bot.before_wake"},
	{"the answer comes before the commit", "storage/commit.go",
		[]string{"	if s.commits.enter(m) || s.commits.wait(m) {\n		s.lead(m)\n	}\n	return m.err\n", early, "	\"sync\"\n", "	\"errors\"\n	\"sync\"\n	\"time\"\n"},
		"cmd/readyroom", killedAt + "storage.before_commit"},
	{"a send is recorded before it happens", "bot/lanes.go",
		[]string{"o := b.deliver(ctx, c, now)\n", "o := storage.Outcome{At: now, Result: storage.Sent}\n", "	b.at(Settled, c)\n", "	b.deliver(ctx, c, now)\n	b.at(Settled, c)\n"},
		"cmd/readyroom", killedAt + "bot.claimed"},
	{"what may have been sent is sent again unseen", "bot/bot.go",
		[]string{"if c.Unresolved && post.Edit == \"\" {", "if c.Unresolved && post.Edit == \"never\" {"},
		"cmd/readyroom", killedAt + "bot.after_send"},
	{"what failed once more is no longer in doubt", "bot/outcome.go",
		[]string{"if o.Result == storage.Retry && c.Unresolved &&", "if o.Result == storage.Retry && c.Attempt < 0 &&"},
		"bot", "TestDoubtStays"},
	{"who must hear first hears with the others", "bot/lanes.go",
		[]string{"r.what != c.What || ", ""},
		"bot", "TestWhoMustHearFirstDoes"},
	{"a place that hangs keeps all others waiting", "bot/lanes.go",
		[]string{"time.AfterFunc(b.LetGo, leave)", "time.AfterFunc(10*b.LetGo, leave)"},
		"bot", "TestALaneIsLetGo"},
	{"claims of a dead process stay claimed", "storage/store.go",
		[]string{"return t.disown(o.Process)", "return nil"},
		"cmd/readyroom", killedAt + "bot.claimed"},
	{"claims are not written", "storage/claim.go",
		[]string{"	p.State, p.Process, p.When = Claimed, process, until\n", "	if p.Slot == \"\" {\n		return Claim{Delivery: p.Delivery, Attempt: p.Attempt + 1}, nil\n	}\n	p.State, p.Process, p.When = Claimed, process, until\n"},
		"cmd/readyroom", killedAt + "bot.before_send"},
	{"a wake-up asks under another name each time", "bot/draw.go",
		[]string{"a := workflows.Ask{ID: \"wake/\" + c.ID + \"/\"", "a := workflows.Ask{ID: \"wake/\" + c.ID + \"/\" + fmt.Sprint(c.Attempt)"},
		"cmd/readyroom", killedAt + "bot.after_wake"},
	{"an author alone may let their own work out", "workflows/policy/tier.go",
		[]string{"return slices.ContainsFunc(b.People[b.Canon(id)].Code, func(a string) bool { return slices.Contains(authors, a) })",
			"return id == \"\" && slices.Contains(authors, \"\")"},
		"cmd/readyroom", killedAt + "bot.before_wake"},
	{"stale votes count", "workflows/release/judge.go",
		[]string{"case !r.Fresh(v), v.Machine == CI && !r.wellChecked():", "case !r.Fresh(v) && v.By == \"\":"},
		"cmd/readyroom", killedAt + "bot.before_wake"},
	{"a held release goes on", "workflows/release/advance.go",
		[]string{"case r.Held != nil:", "case r.Held != nil && a.Note == \"held\":"},
		"cmd/readyroom", killedAt + "bot.before_wake"},
	{"the tip is not kept", "storage/datadir/tip.go",
		[]string{"_, err := k.file.WriteAt(text, 0)", "_, err := k.file.WriteAt(nil, 0)"},
		"storage/datadir", "TestTipIsKept"},
	{"an older copy is started", "storage/datadir/datadir.go",
		[]string{"case now.Size < kept.Size:", "case kept.Size < 0:"},
		"storage/datadir", "TestRefused"},
	{"a second process may write", "storage/bolt/open.go",
		[]string{"		e.db.AllocSize = growth\n", "		e.db.AllocSize = growth\n		unlock(file)\n"},
		"storage/datadir", "TestHeld"},
	{"commits are not synced", "storage/bolt/open.go",
		[]string{"		e.db.AllocSize = growth\n", "		e.db.AllocSize, e.db.NoSync = growth, true\n"},
		"storage/bolt", "TestFaults"},
	{"an I/O error is taken for a plain refusal", "storage/bolt/verdict.go",
		[]string{"last >= number || is(err, syscall.EIO) ||", "last >= number ||"},
		"storage/bolt", "TestFaults"},
	{"a full disk poisons", "storage/bolt/verdict.go",
		[]string{"		return fmt.Errorf(\"commit: %w: %w\", storage.ErrFull, err)", "		return &storage.Unknown{Err: err}"},
		"storage/bolt", "TestFullDisk"},
	{"an unknown outcome is forgotten", "storage/store.go",
		[]string{"	if s.dead == nil {\n		s.dead = err\n	}", "	_ = err"},
		"storage/memory", "TestEngine"},
	{"a poisoned store shows what it holds", "storage/store.go",
		[]string{"	if err := s.poisoned(); err != nil {\n		return err\n	}\n	err := s.engine.View", "	err := s.engine.View", "if dead := s.poisoned(); dead != nil {", "if dead := s.poisoned(); dead != nil && err != nil {"},
		"storage/memory", "TestEngine"},
	{"a wrong checksum is not noticed", "storage/frame.go",
		[]string{"	case binary.BigEndian.Uint32(frame[len(body):]) != sum(k, body):\n		return nil, damaged(k, \"its checksum does not fit\")\n", ""},
		"storage", "TestVerifyDamage"},
	{"one person counts twice", "workflows/release/check.go",
		[]string{"voters[b.Canon(vote.By)] = true", "v.Voters = append(v.Voters, vote.By)"},
		"workflows/release", "TestPeopleOfAGate"},
	{"rosters never age", "workflows/policy/roles.go",
		[]string{"			if at.Sub(g.AsOf) <= RosterAge {\n				return Holding{Role: role}, \"\"", "			if at.Sub(g.AsOf) <= 1000*RosterAge {\n				return Holding{Role: role}, \"\""},
		"workflows/desk", "TestRosterTooOld"},
	{"a waiver never ends", "workflows/release/care.go",
		[]string{"w != nil && now.Before(w.Until) && len(", "w != nil && len("},
		"workflows/release", "TestWaiver"},
	{"one release manager waives at high risk", "workflows/release/care.go",
		[]string{">= r.Risk.Tier().Waivers", ">= 1"},
		"workflows/release", "TestTwoWaive"},
	{"who broke the glass reviews it", "workflows/release/judge.go",
		[]string{"if by == \"\" || by != b.Canon(v.By) {", "if by != \"nobody\" {"},
		"workflows/release", "TestBreakGlass"},
	{"owners stand in at high risk", "workflows/policy/book.go",
		[]string{"if !risk.Tier().OwnersOut || b.strict {", "if risk != \"\" || b.strict {"},
		"workflows/release", "TestOwnersAtHigh"},
	{"who holds no role holds one that nobody is named for", "workflows/policy/roles.go",
		[]string{"if b.fallsToOwners(role) && b.IsOwner(id) {", "if b.fallsToOwners(role) {"},
		"workflows/desk", "TestOthersEmptyList"},
	{"one person is enough for a gate", "workflows/release/whole.go",
		[]string{"|| len(v.Voters) >= need ||", "|| len(v.Voters) >= min(need, 1) ||"},
		"workflows/desk", "TestOthersTwoPlacesOnePerson"},
	{"whose address nobody knows wrote nothing", "workflows/release/judge.go",
		[]string{"item.Binds == Unbound || b.CodeKnown(id)", "item.Binds == Unbound || id != \"\""},
		"workflows/desk", "TestOthersUnresolvedReviewer"},
	{"another build of a commit keeps its votes", "workflows/release/candidate.go",
		[]string{"	if len(builds) == 0 {\n		return digest", "	if len(builds) >= 0 {\n		return digest"},
		"workflows/desk", "TestOthersApprovalOfAnotherScope"},
	{"a yes is for any release", "workflows/desk/pending.go",
		[]string{"x00%s\", stream, basis, data)", "x00%s\", \"\", basis, data)"},
		"workflows/desk", "TestOthersApprovalOfAnotherScope"},
	{"whoever makes a release says what it is judged by", "workflows/release/set.go",
		[]string{"func (Set) Needs() workflows.Need { return workflows.Manager }", "func (Set) Needs() workflows.Need { return workflows.Maker }"},
		"workflows/desk", "TestOthersPolicyOfTheChange"},
	{"a reminder is a message of its own", "workflows/desk/remind.go",
		[]string{"Slot: \"readiness/\" + string(stream), Due: s.now}", "Slot: \"readiness/\" + string(stream) + s.now.String(), Due: s.now}"},
		"workflows/desk", "TestOthersWaitingMessage"},
	{"a vote is for whatever the branch holds", "workflows/release/vote.go",
		[]string{"v.Digest == r.Candidate.digest(item.Binds))", "v.Digest != \"\")"},
		"workflows/desk", "TestOthersRewrittenBranch"},
	{"an account that was linked stays somebody else", "workflows/desk/book.go",
		[]string{"if to := b.root(id); to != id {", "if to := b.root(id); to != id && id == \"\" {"},
		"workflows/desk", "TestOthersSecondAccount"},
	{"the vote of who left counts", "workflows/release/judge.go",
		[]string{"	case r.standsBehind(b, v, item.Role, now) != \"\":\n		return workflows.ItemUnauthorised", "	case v.As == \"\":\n		return workflows.ItemUnauthorised"},
		"workflows/desk", "TestOthersRevokedApprover"},
	{"to ask again takes a block away", "workflows/release/ask.go",
		[]string{"	a := e.Asking\n", "	a := e.Asking\n	r.Votes = slices.DeleteFunc(r.Votes, func(v Vote) bool { return v.Item == e.Item && !v.counts() })\n"},
		"workflows/desk", "TestOthersAskedAgain"},
	{"whoever knows a release's number acts on it", "workflows/desk/admit.go",
		[]string{"t.release.Manager, s.now); why != \"\" {", "t.release.Manager, s.now); why == workflows.RosterStale {"},
		"workflows/desk", "TestOthersByNumber"},
	{"a question is about the moment it was asked", "workflows/desk/pending.go",
		[]string{"	data = bytes.ReplaceAll(data, moment, []byte(`\"now\"`))\n", "	_ = bytes.ReplaceAll(data, moment, nil)\n"},
		"workflows/desk", "TestConfirmAWhileLater"},
	{"an item of one's own stays in the template's place", "workflows/release/adopt.go",
		[]string{"case k.Origin != OfPerson || plain(k) == plain(out[i]):", "default:"},
		"workflows/release", "TestDifference"},
	{"evidence is not wanted", "workflows/release/judge.go",
		[]string{"if tier.Evidence && s.Item.Evidence", "if tier.Evidence && s.Item.Key == \"\" && s.Item.Evidence"},
		"workflows/release", "TestEvidenceOfOthers"},
	{"a plan does not return", "workflows/release/planitem.go",
		[]string{"r = r.take(p.Line).put(e.Gate, e.Line)", "r = r.take(p.Line)"},
		"workflows/release", "TestPlan"},
	{"an item that moves loses its votes", "workflows/release/moveitem.go",
		[]string{"r.Votes[i].Item = to", "r.Votes[i].Item = \"\""},
		"workflows/release", "TestMoveItem"},
	{"a block is waived", "workflows/release/judge.go",
		[]string{"case w == nil || s.Reason == workflows.ItemBlocked:", "case w == nil:"},
		"workflows/release", "TestWaiveRefused"},
	{"two accounts of one person are two people", "workflows/policy/book.go",
		[]string{"if to, ok := b.Merged[id]; ok {", "if to, ok := b.Merged[id]; ok && to == id {"},
		"workflows/release", "TestVotesThatAge"},
	{"the typed version is not compared", "workflows/desk/pending.go",
		[]string{"|| s.ask.Typed == question.Typed", "|| s.ask.Typed != \"\""},
		"workflows/desk", "TestTypedVersion"},
	{"an account from outside says as much as it likes", "workflows/feedback/add.go",
		[]string{"case !f.Inside && own >= MaxAccount:", "case !f.Inside && own >= 10*MaxOpen:"},
		"workflows/desk", "TestAFloodIsBounded"},
	{"whoever belongs to an audience settles what was said", "workflows/feedback/settle.go",
		[]string{"if !f.answers() && !b.sees(w.N, f) {", "if !f.Inside {"},
		"workflows/feedback", "TestRefused"},
	{"what a stranger says is by nobody", "workflows/desk/people.go",
		[]string{"		return bearing(s.actor)\n", "		return s.actor\n"},
		"workflows/desk", "TestAnybodySays"},
	{"what was said is shown to whoever has no role", "commands/feedback.go",
		[]string{"if c.Args.Public || !c.inside() {", "if c.Args.Public {"},
		"commands", "TestFeedbackAnswers"},
	{"whoever follows by two accounts is told twice", "workflows/feedback/announce.go",
		[]string{"if id := f.Book.Canon(x.By); !heard[id] {", "if id := x.By; !heard[id] {"},
		"workflows/desk", "TestOnePersonIsToldOnce"},
	{"what was taken back is not told of when it returns", "workflows/feedback/announce.go",
		[]string{"		x.Told = \"\"\n", ""},
		"workflows/feedback", "TestFollowTale"},
	{"what certainly could not be said on an issue is taken for said", "workflows/feedback/issue.go",
		[]string{"if c.Fate != workflows.Refused {", "if true {"},
		"workflows/desk", "TestIssuesThatTakeNothing"},
	{"old news goes to an issue after newer ones", "workflows/desk/tell.go",
		[]string{"d.Slot = effect.Slot + \"/\" + string(e.Stream)", "d.Slot = \"\""},
		"workflows/desk", "TestIssuesHearNoOldNews"},
	{"a check counts whoever made it", "workflows/checkname.go",
		[]string{"n.Name == c.Name && (n.By == \"\" || strings.EqualFold(n.By, c.By))", "n.Name == c.Name && (n.By == c.Name || strings.EqualFold(c.By, c.By))"},
		"workflows/release", "TestCheckedByWhom"},
	{"what the repository requires is not asked about", "workflows/release/checked.go",
		[]string{"		wanted = rules.Checks\n", "		wanted = nil\n"},
		"workflows/release", "TestCheckedByWhom"},
	{"rules that the bot may not see are taken for none", "bot/github/required.go",
		[]string{"case missing(err) || costs(err):", "case missing(err) || hidden(err):"},
		"bot/github", "TestRequiredChecks"},
	{"any program's check is the one that is required", "bot/github/required.go",
		[]string{"err == nil && app.GetID() == want.app && ", "err == nil && "},
		"bot/github", "TestRequiredChecks"},
	{"a deployment asks for a check of whoever", "bot/github/deploy.go",
		[]string{"ofSomebody(d.Checks)); err != nil", "nil); err != nil"},
		"bot/github", "TestDeployRefusals"},
	{"whoever copies the mark of a comment keeps the bot silent", "bot/github/comment.go",
		[]string{"self.wrote(c.GetUser())", "self != \"-\""},
		"bot/github", "TestCommentForged"},
	{"an empty list of comments is believed", "bot/github/comment.go",
		[]string{"len(list) == 0 && before > 0", "false"},
		"bot/github", "TestCommentsThatAreNotListed"},
	{"a comment that may be there is not looked for", "bot/github/comment.go",
		[]string{"if err != nil || said != nil {", "if err != nil {"},
		"cmd/readyroom", killedAt + "bot.after_send"},
	{"a deployment that may be there is not looked for", "bot/github/deploy.go",
		[]string{"			if bears(x, d) {", "			if bears(x, d) && d.Op == \"\" {"},
		"cmd/readyroom", killedAt + "bot.after_send"},
	{"a repository's configuration hides that a name is a branch and a tag", "bot/git/run.go",
		[]string{"core.warnAmbiguousRefs=true", "core.warnAmbiguousRefs=false"},
		"bot/git", "TestABranchIsNotMistakenForATag"},
	{"a name that is several refs is not looked at twice", "bot/git/ref.go",
		[]string{"if !r.glance.points[ref].sole(ref) {", "if r.glance.points[ref].commit == \"\" {"},
		"bot/git", "TestABranchIsNotMistakenForATag"},
	{"a gate opens on what nobody can see", "workflows/release/advance.go",
		[]string{"	if sight.blind(f) != nil {", "	if sight.blind(f) != nil && r.Held != nil {"},
		"workflows/desk", "TestNothingOpensUnseen"},
	{"a gate opens on the checks as they were heard of last", "workflows/desk/look.go",
		[]string{"		return s.sight(t, w)\n", "		return workflows.Query{}, nil\n"},
		"workflows/desk", "TestNothingOpensUnseen"},
	{"what was seen of the checks is not on record", "workflows/desk/do.go",
		[]string{"	if err := d.takeIn(ctx, r, a, got); err != nil {", "	if err := error(nil); err != nil {"},
		"workflows/desk", "TestAdvanceLooksFirst"},
	{"notes begin at the tag of their own version", "workflows/desk/look.go",
		[]string{"q.Since, q.Own = base, ownTag(t)", "q.Since = base"},
		"cmd/readyroom", "TestScripts/story_github"},
	{"whether a release is on hold shows in public", "bot/cards/follow.go",
		[]string{"	if r.Over() {\n		return nil\n	}\n	switch r.Stage()", "	if r.Over() || r.Held != nil {\n		return nil\n	}\n	switch r.Stage()"},
		"bot/cards", "TestPublicTextIsNotTouchedByPrivateFields"},
	{"when a release is due is told to whoever asks", "commands/list.go",
		[]string{"c.allowed(workflows.Member)", "c.allowed(workflows.Anyone)"},
		"commands", "TestOutsidersReadNothingOfTheTeams"},
	{"less care shortens a soak that runs", "workflows/release/soak.go",
		[]string{"		r.Soak = was\n", "		r.Soak = is\n"},
		"workflows/release", "TestSoakWhenTheRiskChanges"},
	{"a decision rests on a state that is out of date", "workflows/desk/state.go",
		[]string{"	if at.rev == upto {\n", "	if at.rev > 0 {\n		at.rev = upto\n	}\n	if at.rev == upto {\n"},
		"workflows/desk", "TestVotesAtOnce"},
	{"whoever signs for Slack is believed", "bot/slack/http_sign.go",
		[]string{"	if !good {\n		return false", "	if !good && len(given) == 0 {\n		return false"},
		"bot/slack", "TestForged"},
	{"a signature never ages", "bot/listen/signed.go",
		[]string{"	if ahead.Abs() <= Window {", "	if ahead.Abs() <= 1000*Window {"},
		"bot/slack", "TestSignature"},
	{"every workspace is listened to", "bot/slack/listen.go",
		[]string{"	case !s.ours(from, *me):", "	case !s.ours(from, *me) && from.team == \"\":"},
		"bot/slack", "TestForeign"},
	{"a guest is a member", "bot/slack/members.go",
		[]string{"	if a.outside {\n		return false", "	if a.outside && a.team == \"\" {\n		return false"},
		"bot/slack", "TestWho"},
	{"an event that comes again is a new one", "bot/slack/listen_event.go",
		[]string{"	if !first {", "	if !first && e.ID == \"\" {"},
		"cmd/readyroom", "TestSameLine/slack"},
	{"an answer that may be there is given again", "bot/slack/listen_event.go",
		[]string{"a.again, a.young = retry > 0, young", "a.again, a.young = false, young && e.ID == \"\""},
		"cmd/readyroom", "TestSameLine/slack"},
	{"what Slack may have taken is sent again unseen", "bot/slack/classify.go",
		[]string{"	if t.unsent {\n", "	if t.what != \"\" {\n"},
		"cmd/readyroom", "TestFaults/slack"},
	{"what is posted in Slack bears no key", "bot/slack/send_post.go",
		[]string{"EventPayload: map[string]any{keyField: key}", "EventPayload: map[string]any{keyField: \"\"}"},
		"cmd/readyroom", "TestKillInSlack/points/bot.after_send"},
	{"a part that is there is posted again", "bot/slack/send_post.go",
		[]string{"		if there[i] == \"\" {", "		if there[i] == \"\" || i > 0 {"},
		"cmd/readyroom", "TestKillInSlack/points/call.done"},
	{"nobody waits as long as Slack asks", "bot/slack/pace_lane.go",
		[]string{"		l.hold = until\n", "		l.hold = now\n"},
		"bot/slack", "TestPaceHolds"},
	{"an edit takes the blocks away", "bot/slack/send_post.go",
		[]string{"UpdateMessageContext(ctx, channel, ts, content(d)...)", "UpdateMessageContext(ctx, channel, ts, append(content(d)[:1], content(d)[2:]...)...)"},
		"cmd/readyroom", "TestKillInSlack/points/bot.settled"},
	{"answers go wherever they are asked to", "bot/slack/answer_ways.go",
		[]string{"	if err != nil || u.Host == \"\" || u.User != nil {\n		return false", "	if err == nil {\n		return true"},
		"bot/slack", "TestAnswersAt"},
	{"what people write can call everybody", "bot/slack/blocks/wording.go",
		[]string{`"<", "&lt;", `, ""},
		"bot/slack/blocks", "TestMessageGoldens"},
	{"an event that comes too early is lost", "bot/slack/http.go",
		[]string{"	if !s.begun(r.Context()) {", "	if s.begun(r.Context()); false {"},
		"bot/slack", "TestEventBeforeBeginning"},
	{"whoever signs for Discord is believed", "bot/discord/http_sign.go",
		[]string{"if !ed25519.Verify(key, slices.Concat([]byte(timestamp), body), signature) {", "if !ed25519.Verify(key, slices.Concat([]byte(timestamp), body), signature) && timestamp == \"\" {"},
		"bot/discord", "TestSignature"},
	{"an interaction's signature never ages", "bot/discord/http_sign.go",
		[]string{"return d.door.clocks.Noted(d.Now().Sub(time.Unix(seconds, 0)))", "return d.door.clocks.Noted(d.Now().Sub(time.Unix(seconds, 0))) || seconds > 0"},
		"bot/discord", "TestSignature"},
	{"every server is listened to", "bot/discord/listen.go",
		[]string{"return slices.Contains(me.servers, i.Server) && i.isContext(inServer)", "return i.isContext(inServer)"},
		"bot/discord", "TestTenants"},
	{"a stranger in direct messages is a member", "bot/discord/members.go",
		[]string{"	case !a.member:\n", "	case !a.member && user == \"\":\n"},
		"bot/discord", "TestWho"},
	{"an interaction that comes again is a new one", "bot/discord/gateway_take.go",
		[]string{"	return first\n", "	return first || id != \"\"\n"},
		"bot/discord", "TestReplay"},
	{"what Discord may have taken is sent again unseen", "bot/discord/rest.go",
		[]string{"	if t.unsent {\n", "	if t.unsent || t.what != \"\" {\n"},
		"bot/discord", "TestOneCopy"},
	{"what is posted in Discord bears no mark of its own", "bot/discord/send_post.go",
		[]string{"embeds.MarkURL(w.server, w.ID, key), p.Thread", "embeds.MarkURL(w.server, w.ID, \"\"), p.Thread", "m.mark() != embeds.Mark(key):", "m.mark() != embeds.Mark(\"\"):"},
		"bot/discord", "TestFindPartOfAPost"},
	{"a post bears no nonce", "bot/discord/send_post.go",
		[]string{"out.Nonce, out.Enforce = nonce(w.ID, key), true", "out.Enforce = nonce(w.ID, key) == \"\""},
		"cmd/readyroom", "TestKillInDiscord/points/bot.settled_over_gateway"},
	{"a page that is there is posted again", "bot/discord/send_post.go",
		[]string{"		if there.ids[i] != \"\" {\n", "		if there.ids[i] != \"\" && p.Key == \"\" {\n"},
		"cmd/readyroom", "TestKillInDiscord/points/call.came_over_gateway"},
	{"a post that is there and not published counts as done", "bot/discord/find.go",
		[]string{" || w.publishes(p) && !there.published {", " {"},
		"cmd/readyroom", "TestKillInDiscord/points/call.came_over_gateway"},
	{"what is announced is not published", "bot/discord/crosspost.go",
		[]string{"return w.Kind == discordgo.ChannelTypeGuildNews && !p.Stays", "return w.Kind == discordgo.ChannelTypeGuildNews && p.Key == \"\" && !p.Stays"},
		"bot/discord", "TestPublish"},
	{"what is due when a process begins fails", "bot/discord/send.go",
		[]string{"	d.begun(ctx) //", "	//"},
		"cmd/readyroom", "TestKillInDiscord/points/bot.claimed_over_gateway"},
	{"nobody waits as long as Discord asks", "bot/discord/pace_answer.go",
		[]string{"after = x.wants()", "after = x.wants() / 1000"},
		"bot/discord", "TestPaceHolds"},
	{"a channel that must wait holds all others", "bot/discord/pace_answer.go",
		[]string{"		l.hold = later(l.hold, until)\n", "		p.hold = later(p.hold, until)\n"},
		"bot/discord", "TestPaceHolds"},
	{"a message says nothing of whom it may ring", "bot/discord/send_post.go",
		[]string{"`json:\"allowed_mentions\"`", "`json:\"-\"`"},
		"bot/discord", "TestSendPosts"},
}

// early is Update as it must not be: it answers when it has decided, while the commit is under way.
const early = `	decided := make(chan error, 1)
	m.fn = func(t *Tx) error {
		err := fn(t)
		if d := (*Declined)(nil); errors.As(err, &d) {
			decided <- d.Err
		} else {
			decided <- err
		}
		time.Sleep(20 * time.Millisecond)
		return err
	}
	go func() {
		if s.commits.enter(m) || s.commits.wait(m) {
			s.lead(m)
		}
	}()
	return <-decided
`

// The tests that vouch for the rest are tried themselves: each finds the program whole as it is, and broken as it is
// not to be. Breaking it leaves the files alone: the compiler is told of others.
func TestMutants(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &laboratory{root: root, dir: t.TempDir(), whole: map[[2]string]bool{}}
	for _, x := range wanted {
		t.Run(x.name, func(t *testing.T) {
			if m.broken(t, x); !*mutants {
				t.Skip("takes minutes; → make mutants")
			}
			m.try(t, x)
		})
	}
}

// laboratory is where mutants are made.
type laboratory struct {
	root, dir string
	whole     map[[2]string]bool // tests that passed on the program as it is
}

func (m *laboratory) try(t *testing.T, x mutant) {
	began := time.Now()
	overlay := m.overlay(t, x)
	if key := [2]string{x.pkg, x.test}; !m.whole[key] {
		out, err := m.test(t, x, "")
		switch {
		case err != nil:
			t.Fatalf("%s %s fails on the program as it is: %s", x.pkg, x.test, out)
		case strings.Contains(out, "--- SKIP"):
			t.Skipf("%s %s is skipped here", x.pkg, x.test)
		case !strings.Contains(out, "--- PASS: "+strings.Split(x.test, "/")[0]):
			t.Fatalf("%s has no test %s: %s", x.pkg, x.test, out)
		}
		m.whole[key] = true
	}
	out, err := m.test(t, x, overlay)
	switch {
	case err == nil:
		t.Errorf("nobody noticed: %s %s passes", x.pkg, x.test)
	case strings.Contains(out, "[build failed]") || !strings.Contains(out, "--- FAIL") && !strings.Contains(out, "panic: "):
		t.Errorf("the mutant cannot be tried: %s", out)
	default:
		t.Logf("noticed by %s %s in %s: %s", x.pkg, x.test, time.Since(began).Round(time.Second), complaint(out))
	}
}

// complaint is the first line that a failing test wrote.
func complaint(out string) string {
	for line := range strings.Lines(out) {
		if strings.Contains(line, "_test.go:") || strings.Contains(line, "panic: ") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// broken is the file of a mutant as it changes it. Text that is not there, or not there once, is an error of the list.
func (m *laboratory) broken(t *testing.T, x mutant) (path, text string) {
	path = filepath.Join(m.root, filepath.FromSlash(x.file))
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = string(source)
	for i := 0; i < len(x.edit); i += 2 {
		if n := strings.Count(text, x.edit[i]); n != 1 {
			t.Fatalf("%s has %d times %q: move the mutant along with the code", x.file, n, x.edit[i])
		}
		text = strings.Replace(text, x.edit[i], x.edit[i+1], 1)
	}
	return path, text
}

// overlay writes the mutant and what tells the compiler of it.
func (m *laboratory) overlay(t *testing.T, x mutant) string {
	path, text := m.broken(t, x)
	file, list := filepath.Join(m.dir, "broken.go"), filepath.Join(m.dir, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: file}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{file: []byte(text), list: replace} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// test runs the mutant's test, with or without the mutant.
func (m *laboratory) test(t *testing.T, x mutant, overlay string) (out string, err error) {
	run := "^" + strings.ReplaceAll(x.test, "/", "$/^") + "$"
	args := []string{"test", "-count=1", "-vet=off", "-timeout=3m", "-v", "-run=" + run, "./" + x.pkg}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	c := exec.CommandContext(t.Context(), "go", args...)
	c.Dir = m.root
	text, err := c.CombinedOutput()
	return string(text), err
}
