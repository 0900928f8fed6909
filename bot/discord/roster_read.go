package discord

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

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
		return all(listen.Refused("it is not of a server that is listened to: name it group:discord/" + me.servers[0] + "/ROLE, with the role's id"))
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
			failed[g] = listen.Refused("it is the role @everyone, which anybody has who joins: name a role that somebody gives")
			continue
		case !known[role]: // nobody has what is not there
			failed[g] = listen.Refused("the server has no such role: take its id from the server's settings, or take it out of readyroom.yaml")
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

// rosterMember is a member of a server as Discord describes one.
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
	Flags   int      `json:"flags"`
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
	return !m.User.Bot && !m.Pending && m.Flags&visits == 0 && slices.Contains(m.Roles, role)
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
		return listen.Refused("Discord does not let the bot see the members of the server: " + membersWords)
	case ok && no.Status == http.StatusNotFound:
		return listen.Refused("Discord knows no such server, or the bot is not in it")
	}
	return err
}
