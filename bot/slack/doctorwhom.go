package slack

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// The second half of an examination: whom and what the configuration names.

func (e *examination) accounts(ctx context.Context, accounts map[workflows.PersonID]workflows.Handle) {
	wrong := 0
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		name := accounts[id].Name()
		parts := strings.Split(name, "/")
		user, what := parts[len(parts)-1], id.At()
		if len(parts) > 1 && parts[len(parts)-2] != e.me.TeamID && e.me.EnterpriseID == "" {
			e.say(chat.Failing, what, name+" is an account of another workspace than "+e.me.TeamID, "people from outside have no say here: write the account they have in this workspace")
			wrong++
			continue
		}
		u, err := e.api.GetUserInfoContext(ctx, user)
		if err != nil {
			reason, next := explained(err)
			if reason == "user_not_found" || reason == "users_not_found" {
				next = "in Slack: their profile → ⋮ → Copy member ID; then people: " + string(id) + ": {slack: " + e.me.TeamID + "/U…}"
			}
			e.say(chat.Failing, what, name+": "+reason, next)
			wrong++
			continue
		}
		if found, next := noSay(u, name); found != "" {
			e.say(chat.Failing, what, found, next)
			wrong++
		}
	}
	if n := len(accounts) - wrong; n > 0 {
		e.say(chat.Well, "accounts", fmt.Sprintf("%d are members of the workspace", n), "")
	}
	if len(accounts) == 0 {
		e.say(chat.Odd, "accounts", "the configuration names nobody's Slack account, so whoever types /release is a stranger",
			"people: {ana: {slack: "+e.me.TeamID+"/U…}}, or in Slack: /release admin claim CODE, with the code that readyroom claim prints")
	}
}

// noSay is why a member has no say; empty: they have.
func noSay(u *slack.User, name string) (found, next string) {
	switch {
	case u.Deleted:
		return name + " is deactivated", "take the account out of people:, and see /release admin roles for what nobody holds now"
	case u.IsBot:
		return name + " is a bot", "bots sign nothing: write a person's account"
	case u.IsRestricted || u.IsUltraRestricted:
		return name + " is a guest", "guests have no say: an admin of the workspace can make them a full member"
	case u.IsStranger:
		return name + " is of another workspace", "people from outside have no say here"
	}
	return "", ""
}

func (e *examination) channels(ctx context.Context, places map[workflows.Place]string) {
	for _, p := range slices.Sorted(maps.Keys(places)) {
		what := places[p]
		id, direct, ok := target(p)
		if !ok || direct {
			continue
		}
		c, err := e.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		if err != nil {
			reason, next := explained(err)
			if reason == "channel_not_found" {
				next = "either there is no such channel, or it is private: in it, type /invite @" + e.me.User + ". Its id is at the bottom of the channel's details"
			}
			e.say(chat.Failing, what, p.Channel()+": "+reason, next)
			continue
		}
		name := "#" + workflows.Display(c.Name, 80)
		switch {
		case c.IsArchived:
			e.say(chat.Failing, what, name+" is archived: nothing can be posted there", "unarchive it, or write another channel's id")
		case c.IsPrivate && !c.IsMember:
			e.say(chat.Failing, what, name+" is private and the bot is not in it", "in it, type /invite @"+e.me.User)
		case c.IsExtShared:
			e.say(chat.Odd, what, name+" is shared with another workspace: what is posted there is read outside", "if customers read it: audiences: … {public: true}")
		default:
			e.say(chat.Well, what, name+" takes posts", "")
		}
	}
}

func (e *examination) groups(ctx context.Context, groups []string) {
	for _, g := range groups {
		id := g[strings.LastIndexByte(g, '/')+1:]
		users, err := e.api.GetUserGroupMembersContext(ctx, id)
		switch {
		case err != nil:
			reason, next := explained(err)
			if reason == "no_such_subteam" || reason == "subteam_not_found" {
				next = "write the group's id: in Slack, People → User groups → ⋮ → Copy group ID; roles: {sre: [group:slack/" + e.me.TeamID + "/S…]}"
			}
			e.say(chat.Failing, "group "+g, reason+": whoever holds a role through it has none", next)
		case len(users) == 0:
			e.say(chat.Odd, "group "+g, "nobody is in it", "the role falls to nobody: add people to the group")
		default:
			e.say(chat.Well, "group "+g, fmt.Sprintf("%d in it", len(users)), "")
		}
	}
}
