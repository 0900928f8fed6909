package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/workflows"
)

// handedIn is one roster.
type handedIn struct {
	Group   string
	Members []workflows.Handle
	Names   map[workflows.Handle]string
	AsOf    time.Time
}

// rosterWorld is a world in which roles matter.
type rosterWorld struct {
	*gateWorld
	mu     sync.Mutex
	groups []string
	got    []handedIn
	refuse error
}

const (
	roleQA  = "1100000000000000100"
	roleOps = "1100000000000000101"
	qa      = discordfake.Server + "/" + roleQA
	ops     = discordfake.Server + "/" + roleOps
)

func crew(t *testing.T, groups ...string) *rosterWorld {
	r := &rosterWorld{groups: groups}
	r.gateWorld = idle(t, func(o *Options) {
		o.Groups = func() []string { r.mu.Lock(); defer r.mu.Unlock(); return slices.Clone(r.groups) }
		o.Roster = func(_ context.Context, group string, members []workflows.Handle, names map[workflows.Handle]string, asOf time.Time) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.got = append(r.got, handedIn{group, members, names, asOf})
			return r.refuse
		}
	})
	r.f.SetApplication(func(a *discordfake.Application) { a.Members = true })
	for _, id := range []string{roleQA, roleOps} {
		r.f.AddRole(discordfake.Role{ID: id, Name: "role"})
	}
	for i, m := range []discordfake.Member{
		{Nick: "Ana", Roles: []string{roleQA}}, {Roles: []string{roleQA, roleOps}}, {Roles: []string{roleOps}, Pending: true}, {Roles: nil},
		{Roles: []string{roleQA}}, // of a bot
	} {
		m.User = r.f.AddUser(discordfake.User{ID: userOf(i), Name: fmt.Sprint("user", i), Bot: i == 4})
		r.f.AddMember(m)
	}
	return r
}

func userOf(i int) string { return fmt.Sprint(1100000000000000200 + i) }

func (r *rosterWorld) last(group string) (handedIn, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var last handedIn
	n := 0
	for _, h := range r.got {
		if h.Group == group {
			last, n = h, n+1
		}
	}
	return last, n
}

func (r *rosterWorld) has(group string, users ...int) bool {
	h, n := r.last(group)
	var want []workflows.Handle
	for _, i := range users {
		want = append(want, handle(userOf(i)))
	}
	return n > 0 && slices.Equal(h.Members, want)
}

// warns waits until a group's being unread is said.
func (r *rosterWorld) warns(words string) {
	r.Helper()
	r.until("it is said: "+words, func() bool {
		err := r.HealthWarnings()
		return err != nil && strings.Contains(err.Error(), words)
	})
}

// TestRosters: who has which role, read once for all roles of a server.
func TestRosters(t *testing.T) {
	r := crew(t, qa, ops)
	began := time.Now()
	r.run()
	r.until("both are handed in", func() bool { return r.has(qa, 0, 1) && r.has(ops, 1) })
	h, _ := r.last(qa)
	want := map[workflows.Handle]string{handle(userOf(0)): "Ana", handle(userOf(1)): "user1"}
	if d := cmp.Diff(want, h.Names); d != "" || h.AsOf.Before(began) || h.AsOf.After(time.Now()) {
		t.Error(d, h.AsOf)
	}
	if n := len(r.f.Calls("GET /guilds/{guild}/members")); n != 1 {
		t.Errorf("the members were read %d times", n)
	}
	r.well()
}

// TestRosterPages: a server of many members is read to its end.
func TestRosterPages(t *testing.T) {
	r := crew(t, qa)
	for i := 10; i < 10+2*membersPage; i++ {
		m := discordfake.Member{User: r.f.AddUser(discordfake.User{ID: userOf(i), Name: "x"})}
		if i == 9+2*membersPage {
			m.Roles = []string{roleQA}
		}
		r.f.AddMember(m)
	}
	r.run()
	r.until("all are read", func() bool { return r.has(qa, 0, 1, 9+2*membersPage) })
	if n := len(r.f.Calls("GET /guilds/{guild}/members")); n != 3 {
		t.Errorf("%d pages", n)
	}
}

// TestRosterNews: news that change something are followed soon, together; others are passed over.
func TestRosterNews(t *testing.T) {
	r := crew(t, qa, ops)
	r.run()
	r.until("both are handed in", func() bool { return r.has(qa, 0, 1) && r.has(ops, 1) })
	r.well()
	pages := func() int { return len(r.f.Calls("GET /guilds/{guild}/members")) }
	before := pages()
	for range 20 {
		r.f.AddMember(discordfake.Member{User: r.f.AddUser(discordfake.User{Name: "passer-by"})})
		r.f.SetMember(discordfake.Server, userOf(0), func(m *discordfake.Member) { m.Nick += "!" })
	}
	r.until("they came", func() bool { return r.noted("GUILD_MEMBER_UPDATE") >= 20 })
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := pages() - before; n > 0 {
		t.Errorf("nothing changed, and the members were read %d times", n)
	}
	r.f.SetMember(discordfake.Server, userOf(0), func(m *discordfake.Member) { m.Roles = nil })
	r.f.SetMember(discordfake.Server, userOf(3), func(m *discordfake.Member) { m.Roles = []string{roleQA, roleOps} })
	r.until("it is followed", func() bool { return r.has(qa, 1, 3) && r.has(ops, 1, 3) })
	if n := pages() - before; n > 2 {
		t.Errorf("the members were read %d times for two changes", n)
	}
	r.f.RemoveMember(discordfake.Server, userOf(1))
	r.until("who left has no say", func() bool { return r.has(qa, 3) && r.has(ops, 3) })
	r.f.RemoveRole(roleOps)
	r.until("nobody has what is not there", func() bool { return r.has(ops) })
	r.warns("no such role")
}

// TestRosterChangesWhileRead: what changes while the members are read is not lost.
func TestRosterChangesWhileRead(t *testing.T) {
	r := crew(t, qa)
	r.run()
	r.until("it is handed in", func() bool { return r.has(qa, 0, 1) })
	r.well()
	late := discordfake.Late(100*time.Millisecond, discordfake.Ends(discordfake.Ordinary)) // read at once, and told late
	r.f.Fail("GET /guilds/{guild}/members", late)
	r.f.SetMember(discordfake.Server, userOf(3), func(m *discordfake.Member) { m.Roles = []string{roleQA} })
	r.until("it is being read", func() bool { return len(r.f.Calls("GET /guilds/{guild}/members")) == 2 })
	r.f.SetMember(discordfake.Server, userOf(3), func(m *discordfake.Member) { m.Roles = nil })
	r.until("the last word is handed in", func() bool { _, n := r.last(qa); return n >= 3 && r.has(qa, 0, 1) })
}

// TestRosterUnread: what cannot be read is said, and nothing is handed in.
func TestRosterUnread(t *testing.T) {
	const members = "GET /guilds/{guild}/members"
	for name, c := range map[string]struct {
		group string
		spoil func(*rosterWorld)
		words string
	}{
		"the switch is off": {qa, func(r *rosterWorld) { r.f.Fail(members, discordfake.Error(50001)) }, "Server Members Intent"},
		"everyone":          {discordfake.Server + "/" + discordfake.Server, nil, "@everyone"},
		"of another server": {"5/6", nil, "not of a server that is listened to: name it group:discord/" + discordfake.Server + "/ROLE"},
		"of no server":      {"x", nil, "not of a server"},
		"no answer":         {qa, func(r *rosterWorld) { r.f.Fail(members, gateFaults(3, discordfake.HTTP(500))...) }, "broke at Discord's side"},
		"nobody":            {qa, func(r *rosterWorld) { r.f.Fail(members, discordfake.Raw(200, "[]")) }, "nobody is in the server"},
		"null":              {qa, func(r *rosterWorld) { r.f.Fail(members, gateFaults(3, discordfake.Raw(200, "null"))...) }, "no answer of Discord's"},
		"no members":        {qa, func(r *rosterWorld) { r.f.Fail(members, discordfake.Raw(200, `[{}]`)) }, "a member that is none"},
		"round in circles":  {qa, func(r *rosterWorld) { r.f.Fail(members, discordfake.Raw(200, `[{"user":{"id":"0"}}]`)) }, "a member that is none"},
		"roles of nowhere":  {qa, func(r *rosterWorld) { r.f.Fail("GET /guilds/{guild}/roles", discordfake.Raw(200, "[]")) }, "which roles"},
		"no roles":          {qa, func(r *rosterWorld) { r.f.Fail("GET /guilds/{guild}/roles", discordfake.Error(10004)) }, "no such server"},
		"nobody keeps it":   {qa, func(r *rosterWorld) { r.refuse = errors.New("the disk is full") }, "the disk is full"},
	} {
		t.Run(name, func(t *testing.T) {
			r := crew(t, c.group)
			if c.spoil != nil {
				c.spoil(r)
			}
			r.run()
			r.warns(c.words)
			if _, n := r.last(c.group); n > 0 && r.refuse == nil {
				t.Error("it was handed in")
			}
			r.mu.Lock()
			r.refuse = nil
			r.groups = []string{qa}
			r.mu.Unlock()
			if err := r.Reload(t.Context(), *r.secrets.Load(), *r.settings.Load()); err != nil {
				t.Fatal(err)
			}
			r.until("it is read again", func() bool { return r.has(qa, 0, 1) })
			r.until("and well", func() bool { return r.Health() == nil && r.HealthWarnings() == nil })
		})
	}
}

// TestThrownOut: a bot that is removed from its server says so at once, and is well again when it is let in.
func TestThrownOut(t *testing.T) {
	w := idle(t)
	w.timing.check = time.Hour
	w.run()
	w.well()
	w.f.RemoveMember(discordfake.Server, discordfake.Bot)
	w.red("in no server: choose one, and let one of its admins open")
	if !strings.Contains(w.log.String(), "level=ERROR") {
		t.Error("it was not loud")
	}
	w.f.AddMember(discordfake.Member{User: discordfake.Bot})
	w.until("it is well", func() bool { return w.Health() == nil })
}

// TestRosterVisitors: somebody who was only invited into a voice channel has no say by a role.
func TestRosterVisitors(t *testing.T) {
	for flags, in := range map[int]bool{0: true, 1: true, 1 << 4: false, 1<<4 | 1: false} {
		m := rosterMember{Roles: []string{"7"}, Flags: flags}
		if m.in("7") != in {
			t.Errorf("with flags %b: %v", flags, !in)
		}
	}
}
