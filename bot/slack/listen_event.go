package slack

import (
	"context"
	"encoding/json"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

// takeEvent takes an event. It is acknowledged once it is answered, or when time is up: what a process that dies in
// between had not answered, Slack sends again.
func (s *Slack) takeEvent(ctx context.Context, in inbound) []byte {
	e, what, err := decodeEvent(in.body)
	if err != nil {
		s.replies.ignored.Add(1)
		return nil
	}
	from := tenant{enterprise: e.Enterprise, team: e.Team, app: e.App}
	if e.Type == "app_rate_limited" {
		s.replies.limited.Add(1)
		s.Log.WarnContext(ctx, "slack holds events back", "team", e.Team)
		return nil
	}
	switch what.Type {
	case "app_mention", "message":
		s.takeLine(ctx, from, e, what, in.retry)
	case "app_home_opened":
		s.takeHome(ctx, from, e.ID, what)
	case "tokens_revoked", "app_uninstalled":
		s.takeLeave(ctx, from, what.Type)
	default:
		s.takeNews(from, what.Type, e.Event)
	}
	return nil
}

// takeLine takes a line that somebody wrote to the bot: with its name in a channel, or in direct messages.
func (s *Slack) takeLine(ctx context.Context, from tenant, e happened, what spoken, retry int) {
	a, ok := s.line(from, e, what)
	if !ok {
		return
	}
	if no := s.admit(from, what.User); no != "" {
		if no != elsewhere && no != starting {
			s.excuse(ctx, a, no)
		}
		return
	}
	first, young := s.replies.seen.First(e.ID, s.Now())
	if !first {
		s.replies.flights.Leave()
		s.replies.repeats.Add(1)
		return
	}
	a.again, a.young = retry > 0, young
	listen.Within(ctx, &s.replies.flights, s.replies.soon(), func(ctx context.Context) struct{} {
		s.answerBehind(ctx, a, func(ctx context.Context) chat.Reply { return s.carryOut(ctx, a) })
		return struct{}{}
	}, func(context.Context, struct{}) {})
}

// line is the request of a line; ok is false for what nobody said to the bot. Where people of other workspaces read along,
// as Slack says, nothing is answered in the open.
func (s *Slack) line(from tenant, e happened, what spoken) (*asked, bool) {
	me := s.me.Load()
	if me == nil {
		me = &identity{}
	}
	mention := what.Type == "app_mention"
	switch {
	case what.Bot != "" || what.User == me.user || what.Subtype != "":
		return nil, false // nobody's words: the bot's own, another bot's, or about a message
	case mention == (what.ChannelType == "im" || isDirect(what.Channel)):
		return nil, false // a mention in direct messages comes as a message, too; other messages are not for the bot
	case !validID(what.User) || !validID(what.Channel) || !tsPattern.MatchString(what.TS) || !optionalTS(what.ThreadTS) || !optionalID(what.UserTeam):
		s.replies.ignored.Add(1)
		return nil, false
	}
	a := &asked{tenant: of(from, what.UserTeam), user: what.User, typed: true, event: true, channel: what.Channel,
		thread: what.ThreadTS, under: what.ThreadTS, direct: !mention, openly: !mention}
	if mention && a.under == "" {
		a.under = what.TS
	}
	a.request = chat.Request{ID: "slack/event/" + e.ID, Text: withoutMention(what.Text, me.user), Open: mention && !e.Shared}
	if mention {
		a.request.At = channelPlace(me.team, what.Channel)
	}
	return a, true
}

// takeHome draws somebody's own page when they look at it.
func (s *Slack) takeHome(ctx context.Context, from tenant, id string, what spoken) {
	if what.Tab != "home" {
		return
	}
	if !validID(what.User) {
		s.replies.ignored.Add(1)
		return
	}
	if s.admit(from, what.User) != "" {
		return
	}
	s.replies.flights.Carry(ctx, func(ctx context.Context) { s.publishHome(ctx, from, what.User, id) })
}

// publishHome shows somebody their own page as it stands now.
func (s *Slack) publishHome(ctx context.Context, from tenant, user, id string) {
	if s.Home == nil {
		return
	}
	by, err := s.who(ctx, from.enterprise, from.team, user)
	if err != nil {
		s.Log.WarnContext(ctx, "home not drawn", "error", err)
		return
	}
	view := blocks.Home(s.Home(ctx, chat.Request{ID: "slack/home/" + id, By: by, At: workflows.Direct(by), When: s.Now()}))
	err = patiently(ctx, func(ctx context.Context) error {
		_, err := s.client().PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
		return err
	})
	if err != nil {
		s.Log.WarnContext(ctx, "home not shown", "error", told(err))
	}
}

// takeLeave says loudly that Slack took away what the bot works with.
func (s *Slack) takeLeave(ctx context.Context, from tenant, what string) {
	me := s.me.Load()
	if me == nil || !s.ours(from, *me) {
		s.replies.foreign.Add(1)
		return
	}
	s.Log.ErrorContext(ctx, "slack took the tokens away: install the app again, and give the bot its new token", "event", what, "team", from.team)
	s.standing.Look()
}

// takeNews takes note of what changed among the members and the user groups of a workspace.
func (s *Slack) takeNews(from tenant, what string, body json.RawMessage) {
	var news struct {
		User    json.RawMessage `json:"user"`
		Subteam *named          `json:"subteam"`
		ID      string          `json:"subteam_id"`
	}
	me := s.me.Load()
	switch {
	case me == nil || !s.ours(from, *me):
		s.replies.foreign.Add(1)
		return
	case json.Unmarshal(body, &news) != nil:
		s.replies.ignored.Add(1)
		return
	}
	switch what {
	case "user_change", "team_join", "user_profile_changed", "user_status_changed", "user_huddle_changed":
		var u somebody
		if json.Unmarshal(news.User, &u) == nil && validID(u.ID) {
			s.userChanged(u.ID)
		}
	case "subteam_created", "subteam_updated", "subteam_members_changed", "subteam_self_added", "subteam_self_removed":
		if news.Subteam != nil {
			news.ID = news.Subteam.ID
		}
		if validID(news.ID) {
			s.groupChanged(news.ID)
		}
	case "member_joined_channel", "member_left_channel", "channel_archive", "channel_unarchive", "channel_rename", "channel_deleted":
		// what is posted there says how it stands
	default:
		s.replies.ignored.Add(1)
	}
}
