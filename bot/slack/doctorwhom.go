package slack

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// The second half of an examination: whom and what the configuration names.

// mine is how somebody's account is written who is known here by an id.
func (e *examination) mine(user string) string {
	return joined(e.me.EnterpriseID, e.me.TeamID, user)
}

func (e *examination) accounts(ctx context.Context, accounts map[workflows.PersonID]workflows.Handle) {
	well := 0
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		found, next, limited := e.account(ctx, id, accounts[id].Name())
		switch {
		case limited:
			e.say(chat.Odd, "accounts", "not all were looked at: Slack asks for a slower pace", "wait a minute, and ask again")
			return
		case found != "":
			e.say(chat.Failing, string(id), found, next)
		default:
			well++
		}
	}
	if well > 0 {
		e.say(chat.Well, "accounts", fmt.Sprintf("%d of %d are full members of the workspace", well, len(accounts)), "")
	}
	if len(accounts) == 0 {
		e.say(chat.Odd, "accounts", "the configuration names nobody's Slack account, so whoever types /release there is a stranger",
			"the first owner types in Slack: /release admin claim CODE (readyroom serve logs the code while nobody owns it); others: "+
				copyMember+", then people: {ana: {slack: "+e.mine("U…")+"}}")
	}
}

// account says why somebody's account has no say; nothing: it has.
func (e *examination) account(ctx context.Context, id workflows.PersonID, name string) (found, next string, limited bool) {
	user := lastPart(name)
	if name != e.mine(user) {
		return name + " is not written as an account of this workspace, " + e.me.TeamID, "people from outside have no say; " + copyMember + ", then people: {" + string(id) + ": {slack: " + e.mine("U…") + "}}", false
	}
	u, err := e.api.GetUserInfoContext(ctx, user)
	if err != nil {
		reason, next := explained(err, botToken)
		switch reason {
		case "ratelimited":
			return "", "", true
		case "user_not_found", "users_not_found", "user_not_visible":
			return name + ": nobody in the workspace has that id (" + reason + ")", copyMember + ", then people: {" + string(id) + ": {slack: " + e.mine("U…") + "}}", false
		}
		return name + ": " + reason, next, false
	}
	found, next = e.noSay(u, name)
	return found, next, false
}

// noSay is why a member has no say; empty: they have.
func (e *examination) noSay(u *slack.User, name string) (found, next string) {
	home := u.TeamID == e.me.TeamID || e.me.EnterpriseID != "" && (u.Enterprise.EnterpriseID == e.me.EnterpriseID || u.TeamID == e.me.EnterpriseID)
	switch {
	case u.Deleted:
		return name + " is deactivated", "whoever left signs no more: take the account out of people:, and see who holds their roles now with /release admin roles"
	case u.IsBot, u.IsWorkflowBot, u.IsConnectorBot, u.ID == "USLACKBOT":
		return name + " is a bot", "bots sign nothing: write a person's account"
	case u.IsRestricted, u.IsUltraRestricted:
		return name + " is a guest", "guests have no say: an admin of the workspace can make them a full member, or take the account out of people:"
	case u.IsStranger, !home:
		return name + " is at home in another workspace", "people from outside have no say: write the account that they have in this workspace, or take it out of people:"
	}
	return "", ""
}

func (e *examination) channels(ctx context.Context, places map[workflows.Place]string) {
	for _, p := range slices.Sorted(maps.Keys(places)) {
		id, direct, ok := target(p)
		if !ok || direct {
			continue
		}
		if p != channelPlace(e.me.TeamID, id) {
			e.say(chat.Failing, places[p], p.Channel()+" is not a channel of this workspace, "+e.me.TeamID, "write slack/"+e.me.TeamID+"/C…; "+copyChannel)
			continue
		}
		e.channel(ctx, id, places[p])
	}
}

func (e *examination) channel(ctx context.Context, id, what string) {
	invite := "in it, type /invite @" + workflows.Display(e.me.User, 80)
	c, err := e.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		reason, next := explained(err, botToken)
		if reason == "channel_not_found" {
			e.say(chat.Failing, what, id+": there is no such channel, or it is private and the bot is not in it ("+reason+")", "if it is private: "+invite+"; else write the id of another; "+copyChannel)
			return
		}
		e.say(chat.Failing, what, id+": "+reason, next)
		return
	}
	switch name := "#" + workflows.Display(c.Name, 80); {
	case c.IsArchived:
		e.say(chat.Failing, what, name+" is archived: nothing can be posted there", "unarchive it, or write another channel's id; "+copyChannel)
	case c.IsPrivate && !c.IsMember:
		e.say(chat.Failing, what, name+" is private and the bot is not in it", invite)
	case c.IsReadOnly:
		e.say(chat.Odd, what, "in "+name+" only some may post", "let the bot post: the channel's name → Settings → Posting permissions; or choose another channel")
	case c.IsExtShared:
		e.say(chat.Odd, what, name+" is shared with another organisation: what is posted there is read outside", "if that is meant, nothing is to be done; else choose another channel")
	case !c.IsMember:
		e.say(chat.Odd, what, name+" takes posts, but the bot is not in it: it hears no @"+workflows.Display(e.me.User, 80)+" there, and cannot look whether a post arrived when Slack did not say", invite)
	default:
		e.say(chat.Well, what, name+" takes posts", "")
	}
}

func (e *examination) groups(ctx context.Context, groups []string) {
	for _, g := range groups {
		id, what := lastPart(g), "group "+g
		if g != joined("", e.me.TeamID, id) && g != e.mine(id) {
			e.say(chat.Failing, what, "it is not of this workspace, "+e.me.TeamID, "roles: {sre: [\"group:slack/"+e.me.TeamID+"/S…\"]}")
			continue
		}
		users, err := e.api.GetUserGroupMembersContext(ctx, id)
		reason, next := "", ""
		if err != nil {
			reason, next = explained(err, botToken)
		}
		switch {
		case reason == "no_such_subteam", reason == "subteam_not_found":
			e.say(chat.Failing, what, "Slack knows no such group, so whoever holds a role through it has none ("+reason+")",
				"in Slack: Directories → User groups → the group → ⋮ → Copy group ID; then roles: {sre: [\"group:slack/"+e.me.TeamID+"/S…\"]}")
		case err != nil:
			e.say(chat.Failing, what, reason+": whoever holds a role through it has none", next)
		case len(users) == 0:
			e.say(chat.Odd, what, "nobody is in it, so its roles fall to nobody through it", "in Slack: Directories → User groups → the group: add people")
		default:
			e.say(chat.Well, what, fmt.Sprintf("%d in it", len(users)), "")
		}
	}
}
