package commands

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// class is a row of the grammar's table "Who may", written down a second time.
type class string

const (
	anyone     class = "anyone"
	member     class = "any role or audience"
	engineer   class = "the role engineering" // of the items that are signed here
	roled      class = "any role"
	answerer   class = "any role, or the release manager"             // and whoever was to see to it
	tender     class = "the role engineering, or the release manager" // of the items that are asked about here
	maker      class = "engineering or sre, or the release manager"
	founder    class = "engineering or sre, or who holds the role release-manager" // of what belongs to no release yet
	manager    class = "the release manager: who typed new, or the rota"
	rota       class = "the release manager, who holds a role still" // or their word would not count later
	ownership  class = "an owner"
	itsAsker   class = "whoever was asked"
	keyOfPress       = "KEY" // in a line: of the manager's question or undo
)

// who may what, and a line that says it. Every verb of the grammar stands here: one that is added does first of all.
var who = map[string]struct {
	may  class
	line string
}{
	"help":                  {anyone, "help"},
	"status":                {anyone, "status"},
	"list":                  {anyone, "list"},
	"notes show":            {anyone, "notes show"},
	"admin claim":           {anyone, "admin claim aaaaa-bbbbb-ccccc-ddddd"},
	"feedback list":         {anyone, "feedback list"},
	"feedback add":          {anyone, "feedback add -- it is slow"},
	"feedback follow":       {anyone, "feedback follow"},
	"feedback plan":         {roled, "feedback plan 1 @qa --due 2026-03-20 -- half of it"},
	"feedback done":         {answerer, "feedback done 1 -- it is quick now"},
	"check":                 {member, "check"},
	"todo":                  {member, "todo"},
	"hold":                  {member, "hold -- wait"},
	"candidate show":        {member, "candidate show"},
	"candidate diff":        {member, "candidate diff"},
	"item list":             {member, "item list"},
	"item show":             {member, "item show tests"},
	"flag list":             {member, "flag list"},
	"flag show":             {member, "flag show invoices"},
	"rollback plan":         {member, "rollback plan"},
	"brief show":            {member, "brief show"},
	"brief ack":             {member, "brief ack"},
	"brief status":          {member, "brief status"},
	"remind list":           {member, "remind list"},
	"remind away":           {member, "remind away 2026-05-01"},
	"audit show":            {member, "audit show"},
	"audit verify":          {member, "audit verify"},
	"audit export":          {member, "audit export"},
	"admin code":            {member, "admin code"},
	"sign":                  {engineer, "sign tests"},
	"notes approve":         {engineer, "notes approve"},
	"new":                   {founder, "new app@2.0.0"},
	"scope list":            {member, "scope list"},
	"scope add":             {maker, "scope add #7"},
	"scope drop":            {maker, "scope drop 1 -- wrong"},
	"scope from":            {maker, "scope from next"},
	"item ask":              {tender, "item ask tests"},
	"item assign":           {tender, "item assign tests @qa"},
	"item plan":             {engineer, "item plan tests @qa --due 2026-03-20 -- half of them"},
	"item add":              {roled, "item add validation"},
	"item drop":             {manager, "item drop runbook"},
	"item waive":            {rota, "item waive tests @qa --until 2026-03-20 -- flaky"},
	"item move":             {manager, "item move tests ga.done"},
	"advance":               {maker, "advance"},
	"candidate set":         {maker, "candidate set next"},
	"candidate deploy":      {maker, "candidate deploy production"},
	"candidate where":       {member, "candidate where"},
	"flag new":              {maker, "flag new other"},
	"flag set":              {maker, "flag set invoices 0%"},
	"flag kill":             {maker, "flag kill invoices -- wrong"},
	"flag expire":           {maker, "flag expire invoices never"},
	"rollback start":        {maker, "rollback start -- wrong"},
	"notes draft":           {maker, "notes draft"},
	"notes edit":            {maker, "notes edit -- words"},
	"brief draft":           {maker, "brief draft --changes a --help b"},
	"audit anchor":          {founder, "audit anchor #general"},
	"set":                   {manager, "set --title another"},
	"resume":                {manager, "resume"},
	"notes publish":         {manager, "notes publish"},
	"notes correct":         {manager, "notes correct -- wrong"},
	"brief send":            {manager, "brief send"},
	"admin roles":           {ownership, "admin roles"},
	"admin config":          {ownership, "admin config"},
	"admin link":            {ownership, "admin link @qa slack T9/U9"},
	"admin unlink":          {ownership, "admin unlink @qa slack T9/U9"},
	"advance --break-glass": {ownership, "advance --break-glass -- down"},
	"home":                  {anyone, "home"},
	"confirm":               {itsAsker, "confirm KEY no"},
	"undo":                  {itsAsker, "undo KEY"},
}

// kind is a kind of person: by which account they come, and what they may.
type kind struct {
	name    string
	account func(platform string) workflows.Handle
	known   bool
	may     []class
}

// platforms are those on which everybody has an account.
var platforms = []string{"console", "slack", "discord", "github"}

// accountOf is the account of somebody, by a number that is theirs.
func accountOf(platform string, n int) workflows.Handle {
	switch platform {
	case "slack":
		return workflows.Handle(fmt.Sprintf("slack/T1/U%d", n))
	case "discord":
		return workflows.Handle(fmt.Sprintf("discord/%d", 1000+n))
	}
	return workflows.Handle(fmt.Sprintf("%s/p%d", platform, n))
}

func numbered(n int) func(string) workflows.Handle {
	return func(platform string) workflows.Handle { return accountOf(platform, n) }
}

// cast are the people of the configuration, each with a number. All but the owners hold what they are called after.
var cast = []workflows.PersonID{"engineering", "product", "qa", "security", "compliance", "sre", "docs", "support", "marketing", "release-manager",
	"owner", "owner-who-builds", "listener", "reader", "opener", "for-engineering", "for-manager", "for-owner"}

func number(id workflows.PersonID) int { return slices.Index(cast, id) }

// The numbers of accounts that the configuration does not know.
const (
	strangers = 100 + iota
	linkedTo
	mergedInto
	rostered
	outdated
)

// kinds are all there are.
func kinds() []kind {
	one := func(id workflows.PersonID, may ...class) kind {
		return kind{string(id), numbered(number(id)), true, may}
	}
	all := []kind{
		{"a stranger", numbered(strangers), false, nil},
		one("reader"), // of a public audience alone
		one("listener", member),
		one("opener", member, answerer, tender, maker, manager, itsAsker), // who typed new, and holds no role since
		one("owner", member, ownership),
		one("owner-who-builds", member, roled, answerer, engineer, tender, maker, founder, ownership),
		one("for-engineering", member, roled, answerer, engineer, tender, maker, founder),
		one("for-manager", member, roled, answerer, tender, maker, founder, manager, rota),
		one("for-owner", member),
		{"an account linked to engineering", numbered(linkedTo), true, []class{member, roled, answerer, engineer, tender, maker, founder}},
		{"an account of a group that turned out to be qa", numbered(mergedInto), true, []class{member, roled, answerer}},
		{"a member of docs' group", numbered(rostered), true, []class{member, roled, answerer}},
		{"a member of a group that was read too long ago", numbered(outdated), true, nil},
	}
	for _, role := range workflows.Roles() {
		k := one(workflows.PersonID(role), member, roled, answerer)
		switch role {
		case workflows.Engineering:
			k.may = append(k.may, engineer, tender, maker, founder)
		case workflows.SRE:
			k.may = append(k.may, maker, founder)
		case workflows.ReleaseManager:
			k.may = append(k.may, tender, maker, founder, manager, rota)
		}
		all = append(all, k)
	}
	return all
}

// hall is an office where everybody of the cast is, with a release of everything in it.
type hall struct {
	*office
	store *storage.Store
}

func openHall(t *testing.T) *hall {
	ctx := context.Background()
	store, err := storage.Open(ctx, memory.New(), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	h := &hall{office: &office{t: t, now: noon}, store: store}
	cfg := desk.Config{Worktree: desk.Product{Repository: "."}, Templates: release.Templates(), Default: release.DefaultTemplate, Week: calendar.Week{Zone: time.UTC},
		Digest: spec(t, "09:00"), Readiness: spec(t, "weekdays 09:30"), Platforms: []string{"console"}, Codes: desk.Codes{Key: make([]byte, 32)}}
	cfg.Book = castBook("opener")
	h.desk = desk.New(store, repository{}, cfg)
	if err := h.desk.Start(ctx, h.now); err != nil {
		t.Fatal(err)
	}
	h.handle = Handler(h.desk, slog.New(slog.NewTextHandler(&h.log, nil)))
	h.rosters(ctx)
	h.as("opener", "new app@1.0.0", "item add runbook", "scope add #1", "flag new invoices", "notes draft", "brief draft --changes a --help b", "feedback add -- it crashes")
	cfg.Book = castBook()
	if err := h.desk.Reload(ctx, cfg, h.now); err != nil {
		t.Fatal(err)
	}
	for _, platform := range platforms {
		for id, n := range map[workflows.PersonID]int{"engineering": linkedTo, "qa": mergedInto} {
			account := accountOf(platform, n)
			h.as("owner", fmt.Sprintf("admin link @%s %s %s", id, platform, account.Name()))
		}
	}
	h.as("engineering", "remind away 2026-04-01 @for-engineering")
	h.as("release-manager", "remind away 2026-04-01 @for-manager")
	h.as("owner", "remind away 2026-04-01 @for-owner")
	return h
}

// castBook gives every role to whom it is called after; builders hold engineering beside them.
func castBook(builders ...workflows.PersonID) *policy.Book {
	b := &policy.Book{Owners: []workflows.PersonID{"owner", "owner-who-builds"}, People: map[workflows.PersonID]workflows.Person{}, Roles: map[workflows.Role]policy.Members{},
		Hash: fmt.Sprint("cast and ", builders), Audiences: []policy.Audience{{Name: "inside", Quota: 80, People: []workflows.PersonID{"listener", "opener", "for-engineering", "for-manager", "for-owner"}},
			{Name: "outside", Public: true, People: []workflows.PersonID{"reader"}}}}
	for n, id := range cast {
		p := workflows.Person{ID: id, NoCode: true}
		for _, platform := range platforms {
			p.Handles = append(p.Handles, accountOf(platform, n))
		}
		b.People[id] = p
	}
	for _, role := range workflows.Roles() {
		b.Roles[role] = policy.Members{People: []workflows.PersonID{workflows.PersonID(role)}}
	}
	add := func(role workflows.Role, people []workflows.PersonID, group string) {
		m := b.Roles[role]
		m.People = append(m.People, people...)
		for _, platform := range platforms {
			if group != "" {
				m.Groups = append(m.Groups, platform+"/"+group)
			}
		}
		b.Roles[role] = m
	}
	add(workflows.Engineering, append(builders, "owner-who-builds"), "")
	add(workflows.Docs, nil, "new")
	add(workflows.Marketing, nil, "old")
	return b
}

// rosters are read of two groups on each platform: one a moment ago, one too long ago.
func (h *hall) rosters(ctx context.Context) {
	for _, platform := range platforms {
		for group, members := range map[string][]int{"new": {rostered, mergedInto}, "old": {outdated}} {
			r := team.Roster{Platform: platform, Group: group, AsOf: h.now}
			if group == "old" {
				r.AsOf = h.now.Add(-policy.RosterAge - time.Second)
			}
			for _, n := range members {
				r.Members = append(r.Members, team.Member{Handle: accountOf(platform, n)})
			}
			if _, err := h.desk.Do(ctx, workflows.Ask{ID: "roster/" + platform + group, Bot: platform, When: h.now, Wish: r}); err != nil {
				h.t.Fatalf("roster: %v", err)
			}
		}
	}
}

// as has somebody of the cast type lines that must be carried out.
func (h *hall) as(id workflows.PersonID, lines ...string) chat.Reply {
	var r chat.Reply
	for _, text := range lines {
		if r = h.typed(accountOf("console", number(id)), text); r.Refusal != nil || r.Form != nil {
			h.t.Fatalf("%s types %q: %s", id, text, answered(r))
		}
	}
	return r
}

// typed is a line that an account types.
func (h *hall) typed(by workflows.Handle, text string) chat.Reply {
	h.n++
	return h.handle(context.Background(), chat.Request{ID: fmt.Sprintf("m%d", h.n), By: by, At: general, Text: text, When: h.now})
}

// last is the number of the ledger's last event.
func (h *hall) last() (seq workflows.Seq) {
	err := h.store.View(context.Background(), func(tx *storage.Tx) (err error) {
		seq, _, err = tx.Last()
		return err
	})
	if err != nil {
		h.t.Fatalf("ledger: %v", err)
	}
	return seq
}

// refusals lists the refusals that the ledger holds behind a number, by whom.
func (h *hall) refusals(after workflows.Seq) (by []workflows.Handle) {
	err := h.store.View(context.Background(), func(tx *storage.Tx) error {
		return tx.Ledger(after, func(r ledger.Record) (bool, error) {
			if r.Kind == (ledger.Refused{}).Kind() {
				by = append(by, r.By.Handle)
			}
			return true, nil
		})
	})
	if err != nil {
		h.t.Fatalf("ledger: %v", err)
	}
	return by
}

// pressed puts the key of a question, or of an undo, of the release's manager into a line.
func (h *hall) pressed(line string) string {
	if !strings.Contains(line, keyOfPress) {
		return line
	}
	h.typed(accountOf("console", number("release-manager")), "resume")
	asks := "set --cancelled -- a slip"
	if strings.HasPrefix(line, "undo") {
		asks = "hold -- a moment"
	}
	_, key, _ := strings.Cut(h.as("opener", asks).Message.Buttons[0].Line, " ")
	return strings.Replace(line, keyOfPress, key, 1)
}

// dry is a line with --dry-run.
func dry(line string) string {
	words, note, noted := strings.Cut(line, " -- ")
	if noted {
		return words + " --dry-run -- " + note
	}
	return words + " --dry-run"
}

// denied tells that somebody may not from that something cannot be.
func denied(r chat.Reply) bool {
	return r.Refusal != nil && slices.Contains([]workflows.Reason{workflows.NotAllowed, workflows.UnknownPerson, workflows.RosterStale}, r.Refusal.Reason)
}

// TestWhoMay types every verb of the grammar by every kind of person through every platform. Whoever may is let do it
// (or is told what stands against it), and nobody else; what a known person was denied is on record, a stranger leaves
// nothing.
func TestWhoMay(t *testing.T) {
	h := openHall(t)
	for verb := range maps.Keys(who) {
		path, _, _ := strings.Cut(verb, " --")
		if c, _ := All.row(strings.Fields(path)...); c == nil {
			t.Errorf("%q is no verb", verb)
		}
	}
	for _, row := range slices.Concat(rowsThat(false), rowsThat(true)) { // evidence is quick while little was refused
		acts := []string{row.Name()}
		for name := range row.Also { // a switch that makes another act of it
			acts = append(acts, row.Name()+" --"+name)
		}
		for _, act := range acts {
			want, ok := who[act]
			if !ok {
				t.Errorf("nothing here says who may %q", act)
				continue
			}
			for _, k := range kinds() {
				for _, platform := range platforms {
					h.tries(row, k, platform, want.line, want.may == anyone || slices.Contains(k.may, want.may))
				}
			}
		}
	}
	if h.log.Len() > 0 {
		t.Errorf("something broke: %s", h.log.String())
	}
}

// rowsThat are the rows whose denial is on record, or the others.
func rowsThat(recorded bool) (rows []Command) {
	for _, c := range All {
		if (c.Wish != nil || c.Hidden) == recorded {
			rows = append(rows, c)
		}
	}
	return rows
}

// tries has one account type one line. What changes something is tried dry first: all of them meet the same release.
func (h *hall) tries(row Command, k kind, platform, line string, may bool) {
	by := k.account(platform)
	line = h.pressed(line)
	before := h.last()
	text := line
	if row.Wish != nil {
		text = dry(line)
	}
	r := h.typed(by, text)
	if denied(r) == may {
		h.t.Errorf("%s (%s) types %q, and is answered %s", k.name, by, text, answered(r))
		return
	}
	if may {
		return
	}
	if unknown := r.Refusal.Reason == workflows.UnknownPerson; unknown == k.known {
		h.t.Errorf("%s (%s) types %q, and is told %s", k.name, by, text, r.Refusal.Reason)
	}
	if row.Wish != nil {
		if h.last() != before {
			h.t.Errorf("%s (%s) tried %q dry, and it is on record", k.name, by, text)
		}
		if r = h.typed(by, line); !denied(r) {
			h.t.Errorf("%s (%s) types %q, and is answered %s", k.name, by, line, answered(r))
			return
		}
	}
	want := 0
	if k.known && (row.Wish != nil || row.Hidden) { // what only shows something leaves no trace
		want = 1
	}
	at, grown := h.refusals(before), int(h.last()-before)
	if len(at) != want || want == 1 && at[0] != by || grown != want {
		h.t.Errorf("%s (%s) was denied %q, and on record are %v and %d events", k.name, by, line, at, grown)
	}
}
