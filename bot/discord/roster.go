package discord

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
)

const (
	membersPage = 1000 // the most that Discord gives at once
	maxPages    = 1000 // of the members of one server
)

// rosters is what is known of roles: whether they can be read, server by server, and who had them, so that news that
// change nothing are passed over.
type rosters struct {
	*listen.Rosters

	mu      sync.Mutex
	reading string                     // the server that is being read now: whatever is new there may have been missed
	had     map[string]map[string]bool // by group: the accounts that had the role
}

func newRosters() *rosters {
	return &rosters{Rosters: listen.NewRosters(), had: map[string]map[string]bool{}}
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
		d.rosters.Read(s)
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
		d.rosters.News()
		by := d.groupsBy()
		d.readServers(ctx, by, slices.Sorted(maps.Keys(by)))
		timer := time.NewTimer(listen.Jitter(d.timing.groups))
		for due := false; !due; {
			select {
			case <-ctx.Done():
				due = true
			case <-timer.C:
				due = true
			case <-d.rosters.Woken():
				listen.Rest(ctx, d.timing.gather)
				d.rosters.keepOnly(d.groups())
				d.readServers(ctx, d.groupsBy(), d.rosters.News())
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
		d.rosters.begin(s)
		failed := d.readServer(ctx, s, by[s])
		d.rosters.begin("")
		if ctx.Err() != nil {
			return
		}
		for _, g := range by[s] {
			d.rosters.Note(g, failed[g])
			if failed[g] != nil {
				d.Log.WarnContext(ctx, "a role could not be read", "group", g, "error", failed[g])
			}
		}
	}
}

// begin says which server is being read; empty: none.
func (r *rosters) begin(server string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reading = server
}

// handed remembers who was handed in.
func (r *rosters) handed(group string, has map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.had[group] = has
}

// keepOnly forgets what is known of groups that matter no more.
func (r *rosters) keepOnly(groups []string) {
	r.KeepOnly(groups)
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.had, func(g string, _ map[string]bool) bool { return !slices.Contains(groups, g) })
}
