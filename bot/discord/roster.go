package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

const (
	membersPage = 1000 // the most that Discord gives at once
	maxPages    = 1000 // of the members of one server
)

// rosters is what is known of roles: whether they can be read, and who had them, so that news that change nothing are
// passed over.
type rosters struct {
	wake chan struct{} // something changed

	mu      sync.Mutex
	changed map[string]bool            // servers, since they were read
	failed  map[string]error           // by group, as the configuration names it
	had     map[string]map[string]bool // by group: the accounts that had the role
}

func newRosters() *rosters {
	return &rosters{wake: make(chan struct{}, 1), changed: map[string]bool{}, failed: map[string]error{}, had: map[string]map[string]bool{}}
}

// groups are the roles that somebody's authority hangs on.
func (d *Discord) groups() []string {
	if d.Groups == nil {
		return nil
	}
	return d.Groups()
}

// serverOf is the server of a group, and the role.
func serverOf(group string) (server, role string) {
	server, role, _ = strings.Cut(group, "/")
	return server, role
}

// groupsBy are the groups of each server.
func (d *Discord) groupsBy() map[string][]string {
	by := map[string][]string{}
	for _, g := range d.groups() {
		s, _ := serverOf(g)
		by[s] = append(by[s], g)
	}
	return by
}

// rostersAnew has every role read soon: one that the configuration names only now would grant nothing until then.
func (d *Discord) rostersAnew() {
	for s := range d.groupsBy() {
		d.rosters.read(s)
	}
}

// read has the roles of a server read soon.
func (r *rosters) read(server string) {
	r.mu.Lock()
	r.changed[server] = true
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// watchRosters reads the roles of every server when it begins, at a reload and every ten minutes; and those of servers
// with news soon, once for all news of a moment.
func (d *Discord) watchRosters(ctx context.Context) {
	if !d.known(ctx) {
		return
	}
	for ctx.Err() == nil {
		d.rosters.keepOnly(d.groups())
		d.rosters.news()
		by := d.groupsBy()
		d.readServers(ctx, by, slices.Sorted(maps.Keys(by)))
		timer := time.NewTimer(listen.Jitter(d.timing.groups))
		for due := false; !due; {
			select {
			case <-ctx.Done():
				due = true
			case <-timer.C:
				due = true
			case <-d.rosters.wake:
				listen.Rest(ctx, d.timing.gather)
				d.readServers(ctx, d.groupsBy(), d.rosters.news())
			}
		}
		timer.Stop()
	}
}

// readServers reads the roles of servers, one after the other. What could not be read is said, and nothing is handed in
// for it: what was handed in before grows old.
func (d *Discord) readServers(ctx context.Context, by map[string][]string, servers []string) {
	for _, s := range servers {
		if len(by[s]) == 0 {
			continue
		}
		failed := d.readServer(ctx, s, by[s])
		if ctx.Err() != nil {
			return
		}
		for _, g := range by[s] {
			d.rosters.note(g, failed[g])
			if failed[g] != nil {
				d.Log.WarnContext(ctx, "a role could not be read", "group", g, "error", failed[g])
			}
		}
	}
}

// readServer asks who is in a server, and hands in who has which of the roles. Bots, and who did not agree to the
// server's rules yet, are left out. It gives what failed, by group.
func (d *Discord) readServer(ctx context.Context, server string, groups []string) map[string]error {
	failed := map[string]error{}
	all := func(err error) map[string]error {
		for _, g := range groups {
			failed[g] = err
		}
		return failed
	}
	if me := d.me.Load(); !slices.Contains(me.servers, server) {
		return all(refused{"it is not of a server that is listened to: name it group:discord/" + me.servers[0] + "/ROLE, with the role's id"})
	}
	known, err := d.rolesOf(ctx, server)
	if err != nil {
		return all(rosterTold(err))
	}
	asOf := d.Now() // whoever lost the role while the pages are turned is found by the next reading
	has, names, err := d.membersWith(ctx, server, groups)
	if err != nil {
		return all(rosterTold(err))
	}
	for _, g := range groups {
		_, role := serverOf(g)
		switch {
		case role == server:
			failed[g] = refused{"it is the role @everyone, which anybody has who joins: name a role that somebody gives"}
			continue
		case !known[role]: // nobody has what is not there
			failed[g] = refused{"the server has no such role: take its id from the server's settings, or take it out of readyroom.yaml"}
		}
		if err := d.handIn(ctx, g, has[g], names, asOf); err != nil {
			failed[g] = err
		}
	}
	return failed
}

// handIn hands one roster in.
func (d *Discord) handIn(ctx context.Context, group string, has map[string]bool, names map[string]string, asOf time.Time) error {
	shown := map[workflows.Handle]string{}
	for id := range has {
		shown[handle(id)] = names[id]
	}
	err := d.Roster(ctx, group, slices.Sorted(maps.Keys(shown)), shown, asOf)
	if err == nil {
		d.rosters.handed(group, has)
	}
	return err
}

// rolesOf asks which roles a server has.
func (d *Discord) rolesOf(ctx context.Context, server string) (map[string]bool, error) {
	var roles []struct {
		ID string `json:"id"`
	}
	if err := d.insist(ctx, "/guilds/"+server+"/roles", &roles); err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, r := range roles {
		known[r.ID] = true
	}
	if !known[server] { // @everyone has the server's id, and is always there
		return nil, errors.New("the answer does not say which roles the server has")
	}
	return known, nil
}

// inServer is a member of a server as Discord describes one.
type rosterMember struct {
	User struct {
		ID     string `json:"id"`
		Name   string `json:"username"`
		Global string `json:"global_name"`
		Bot    bool   `json:"bot"`
	} `json:"user"`
	Nick    string   `json:"nick"`
	Roles   []string `json:"roles"`
	Pending bool     `json:"pending"`
}

// name is how the member is called there.
func (m rosterMember) name() string {
	switch {
	case m.Nick != "":
		return m.Nick
	case m.User.Global != "":
		return m.User.Global
	}
	return m.User.Name
}

// in reports whether the member has a role, and a say.
func (m rosterMember) in(role string) bool {
	return !m.User.Bot && !m.Pending && slices.Contains(m.Roles, role)
}

// membersWith turns the pages of a server's members once, for all of its roles.
func (d *Discord) membersWith(ctx context.Context, server string, groups []string) (map[string]map[string]bool, map[string]string, error) {
	has, names := map[string]map[string]bool{}, map[string]string{}
	for _, g := range groups {
		has[g] = map[string]bool{}
	}
	after := "0"
	for range maxPages {
		var page []rosterMember
		err := d.insist(ctx, "/guilds/"+server+"/members?limit="+strconv.Itoa(membersPage)+"&after="+after, &page)
		if err != nil {
			return nil, nil, err
		}
		last := after
		for _, m := range page {
			if !validID(m.User.ID) || !newer(m.User.ID, after) {
				return nil, nil, errors.New("the answer names a member that is none")
			}
			if newer(m.User.ID, last) {
				last = m.User.ID
			}
			for _, g := range groups {
				if _, role := serverOf(g); m.in(role) {
					has[g][m.User.ID], names[m.User.ID] = true, m.name()
				}
			}
		}
		if len(page) < membersPage {
			if after == "0" && len(page) == 0 {
				return nil, nil, errors.New("the answer says that nobody is in the server, and the bot is")
			}
			return has, names, nil
		}
		after = last
	}
	return nil, nil, errors.New("the server has more members than can be read")
}

// rosterTold puts an error of reading a server's members into words.
func rosterTold(err error) error {
	no, ok := errors.AsType[*apiError](err)
	switch {
	case ok && no.Status == http.StatusForbidden:
		return refused{"Discord does not let the bot see the members of the server: " + membersWords}
	case ok && no.Status == http.StatusNotFound:
		return refused{"Discord knows no such server, or the bot is not in it"}
	}
	return err
}

// rosterNews takes note of what the gateway says of members and roles.
func (d *Discord) rosterNews(ctx context.Context, event string, body json.RawMessage) {
	var e struct {
		rosterMember
		ID          string `json:"id"`
		Server      string `json:"guild_id"`
		Role        string `json:"role_id"`
		Unavailable bool   `json:"unavailable"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return
	}
	switch event {
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE":
		if d.rosters.changes(d.groupsBy()[e.Server], e.rosterMember) {
			d.rosters.read(e.Server)
		}
	case "GUILD_MEMBER_REMOVE":
		e.Roles = nil
		if d.rosters.changes(d.groupsBy()[e.Server], e.rosterMember) {
			d.rosters.read(e.Server)
		}
	case "GUILD_ROLE_DELETE", "GUILD_ROLE_CREATE":
		if len(d.groupsBy()[e.Server]) > 0 {
			d.rosters.read(e.Server)
		}
	case "GUILD_DELETE":
		if me := d.me.Load(); !e.Unavailable && me != nil && slices.Contains(me.servers, e.ID) {
			d.Log.ErrorContext(ctx, "the bot was removed from a server that it listens to, or the server is gone", "server", e.ID)
			d.standing.look()
		}
	case "GUILD_CREATE":
		if me := d.me.Load(); me != nil && slices.Contains(me.absent, e.ID) {
			d.standing.look()
		}
	}
}

// changes reports whether a member has other roles of these than at the last reading.
func (r *rosters) changes(groups []string, m rosterMember) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(groups, func(g string) bool {
		_, role := serverOf(g)
		return r.had[g][m.User.ID] != m.in(role)
	})
}

// handed remembers who was handed in.
func (r *rosters) handed(group string, has map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.had[group] = has
}

// news gives the servers with news, which are read now.
func (r *rosters) news() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := slices.Sorted(maps.Keys(r.changed))
	clear(r.changed)
	return changed
}

func (r *rosters) note(group string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.failed, group)
		return
	}
	r.failed[group] = err
}

// keepOnly forgets what is known of groups that matter no more.
func (r *rosters) keepOnly(groups []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.failed, func(g string, _ error) bool { return !slices.Contains(groups, g) })
	maps.DeleteFunc(r.had, func(g string, _ map[string]bool) bool { return !slices.Contains(groups, g) })
}

// warnings says which roles could not be read.
func (r *rosters) warnings() []error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sorted(r.failed, "role %s could not be read, and after a day its members have no say: %w")
}

var _ = fmt.Sprint
