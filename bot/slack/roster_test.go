package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/workflows"
)

// handedIn is one roster.
type handedIn struct {
	Group   string
	Members []workflows.Handle
	Names   map[workflows.Handle]string
	AsOf    time.Time
}

// rosterWorld is a world in which groups matter.
type rosterWorld struct {
	*linkWorld
	mu     sync.Mutex
	groups []string
	got    []handedIn
	refuse error
}

func crew(t *testing.T, groups ...string) *rosterWorld {
	r := &rosterWorld{groups: groups}
	r.linkWorld = idle(t, func(o *Options) {
		o.Groups = func() []string { r.mu.Lock(); defer r.mu.Unlock(); return slices.Clone(r.groups) }
		o.Roster = func(_ context.Context, group string, members []workflows.Handle, names map[workflows.Handle]string, asOf time.Time) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.got = append(r.got, handedIn{group, members, names, asOf})
			return r.refuse
		}
	})
	for _, u := range []slackfake.User{
		{ID: "U0BEN", Name: "ben"}, {ID: "U0GIL", Name: "gil", Guest: true}, {ID: "U0ZOE", Name: "zoe", TeamID: "T9"}, {ID: "U0BOB", Name: "bob", Deleted: true},
	} {
		r.f.AddUser(u)
	}
	r.f.AddGroup(slackfake.Group{ID: "S1", Handle: "engineers", Users: []string{"U0BEN", "U0GIL", "U0ANA", "U0ZOE", "U0BOB", "U0NOT"}})
	r.f.AddGroup(slackfake.Group{ID: "S2", Handle: "nobody"})
	return r
}

func (r *rosterWorld) handed() []handedIn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]handedIn(nil), r.got...)
}

// TestRosters: full members are handed in as of when Slack said it, once at the start, and after news.
func TestRosters(t *testing.T) {
	r := crew(t, "T0ACME/S1", "T0ACME/S2")
	began := time.Now()
	r.run()
	r.until("both are handed in", func() bool { return len(r.handed()) == 2 })
	got := r.handed()
	want := []handedIn{{"T0ACME/S1", []workflows.Handle{"slack/T0ACME/U0ANA", "slack/T0ACME/U0BEN"},
		map[workflows.Handle]string{"slack/T0ACME/U0ANA": "ana", "slack/T0ACME/U0BEN": "ben"}, got[0].AsOf},
		{"T0ACME/S2", nil, map[workflows.Handle]string{}, got[1].AsOf}}
	if diff := cmp.Diff(want, got); diff != "" || got[0].AsOf.Before(began) || got[0].AsOf.After(time.Now()) {
		t.Errorf("handed in (-want +got), as of %s:\n%s", got[0].AsOf, diff)
	}
	r.groupChanged("S9") // matters to nobody
	r.f.SetGroup("S1", func(g *slackfake.Group) { g.Users = []string{"U0BEN"} })
	r.groupChanged("S1")
	r.until("the news are handed in", func() bool { return len(r.handed()) == 3 })
	if last := r.handed()[2]; last.Group != "T0ACME/S1" || len(last.Members) != 1 || last.Members[0] != "slack/T0ACME/U0BEN" {
		t.Errorf("%+v", last)
	}
	if n := len(r.f.Calls("users.info")); n != 6 {
		t.Errorf("%d questions for six accounts", n)
	}
}

// TestRostersPolled: groups are read again and again.
func TestRostersPolled(t *testing.T) {
	r := crew(t, "T0ACME/S1")
	r.timing.groups = 20 * time.Millisecond
	r.run()
	r.until("it was read four times", func() bool { return len(r.handed()) >= 4 })
}

// TestRostersReload: a group that is named only now grants something as soon as that is in force, not ten minutes later.
func TestRostersReload(t *testing.T) {
	r := crew(t, "T0ACME/S1")
	r.run()
	r.until("it is handed in", func() bool { return len(r.handed()) == 1 })
	r.mu.Lock()
	r.groups = []string{"T0ACME/S1", "T0ACME/S2"}
	r.mu.Unlock()
	if err := r.Reload(t.Context(), *r.secrets.Load()); err != nil {
		t.Fatal(err)
	}
	r.until("the new one is handed in, too", func() bool {
		got := r.handed()
		return len(got) == 3 && got[2].Group == "T0ACME/S2"
	})
}

// TestRosterEnterprise: in an enterprise handles have it in front, however the group is named.
func TestRosterEnterprise(t *testing.T) {
	for _, group := range []string{"T0ACME/S1", "E0ACME/T0ACME/S1"} {
		r := crew(t, group)
		r.become(grouped)
		r.f.SetUser("U0ZOE", func(u *slackfake.User) { u.EnterpriseID = "E0ACME" })
		if err := r.readGroup(t.Context(), group); err != nil {
			t.Fatal(err)
		}
		want := []workflows.Handle{"slack/E0ACME/T0ACME/U0ANA", "slack/E0ACME/T0ACME/U0BEN", "slack/E0ACME/T0ACME/U0ZOE"}
		if got := r.handed(); len(got) != 1 || got[0].Group != group || cmp.Diff(want, got[0].Members) != "" {
			t.Errorf("%+v", got)
		}
	}
}

// TestRosterUnread: of a group that cannot be read as a whole nothing is handed in, and somebody is told why.
func TestRosterUnread(t *testing.T) {
	broken := slackfake.Raw(500, "")
	for name, c := range map[string]struct {
		group  string
		method string
		fault  slackfake.Fault
		n      int
		words  string
	}{
		"no such group":        {group: "T0ACME/S9", words: "no such group"},
		"of another workspace": {group: "T9/S1", words: "not of the bot's workspace"},
		"without a workspace":  {group: "S1", words: "not of the bot's workspace"},
		"Slack is down":        {"T0ACME/S1", "usergroups.users.list", broken, 3, "500"},
		"an empty yes":         {"T0ACME/S1", "usergroups.users.list", slackfake.Raw(200, `{"ok":true}`), 1, "who is in it"},
		"without the scope":    {"T0ACME/S1", "usergroups.users.list", slackfake.Raw(200, `{"ok":false,"error":"missing_scope","needed":"usergroups:read","provided":""}`), 1, "usergroups:read"},
		"of one member":        {"T0ACME/S1", "users.info", broken, 3, "a member"},
	} {
		t.Run(name, func(t *testing.T) {
			r := crew(t, c.group)
			if c.method != "" {
				r.f.Fail(c.method, many(c.n, c.fault)...)
			}
			r.run()
			r.until("it is warned of", func() bool {
				err := r.HealthWarnings()
				return err != nil && strings.Contains(err.Error(), c.group+" could not be read") && strings.Contains(err.Error(), c.words)
			})
			if got := r.handed(); len(got) != 0 {
				t.Errorf("handed in: %+v", got)
			}
			if err := r.Health(); err != nil && !strings.Contains(err.Error(), "nothing is heard") {
				t.Error(err) // the links may not be up yet
			}
			if c.method == "" {
				return
			}
			r.groupChanged("S1")
			r.until("it is read", func() bool { return len(r.handed()) == 1 })
			r.well()
		})
	}
}

// TestRosterPatient: a slower pace is kept, and what passes by itself is tried again.
func TestRosterPatient(t *testing.T) {
	r := crew(t, "T0ACME/S1")
	r.become(alone)
	r.f.Fail("usergroups.users.list", slackfake.TooMany("1"), slackfake.Raw(502, ""))
	r.f.Fail("users.info", slackfake.Ends(slackfake.Reset))
	began := time.Now()
	if err := r.readGroup(t.Context(), "T0ACME/S1"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < time.Second {
		t.Errorf("after %s", took)
	}
	r.refuse = errors.New("the disk is full")
	if err := r.readGroup(t.Context(), "T0ACME/S1"); !errors.Is(err, r.refuse) {
		t.Errorf("nobody hears that it was not taken: %v", err)
	}
}
