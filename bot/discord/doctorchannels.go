package discord

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// The codes of Discord's for what is not there, and for what the bot does not see.
const (
	notThere    = 10003
	unseenThere = 50001
)

// scene is a server as far as channels and roles of it are looked at. The library computes who may what.
type scene struct {
	id    string
	roles []*discordgo.Role
	state *discordgo.State
}

// anybody is a member without a role, for what ordinary members may.
const anybody = "0"

// scenes asks for what has to be known of each server that something is named of. What cannot be had leaves out what
// hangs on it.
func (e *examination) scenes(ctx context.Context) {
	e.stage = map[string]*scene{}
	for _, id := range e.me.servers {
		if !e.names(id) {
			continue
		}
		s, err := e.scene(ctx, id)
		if err != nil {
			found, next, _ := explained(err)
			e.say(chat.Failing, "server "+id, "it cannot be looked at: "+found, next)
			continue
		}
		e.stage[id] = s
	}
}

// names reports whether the configuration names something of a server.
func (e *examination) names(id string) bool {
	for p := range e.on.Places {
		if server, _, _ := target(p); server == id {
			return true
		}
	}
	return slices.ContainsFunc(e.on.Groups, func(g string) bool { server, _ := serverOf(g); return server == id })
}

func (e *examination) scene(ctx context.Context, id string) (*scene, error) {
	var guild discordgo.Guild
	var me discordgo.Member
	var channels []*discordgo.Channel
	for _, ask := range []struct {
		path string
		out  any
	}{{"", &guild}, {"/members/" + e.me.user, &me}, {"/channels", &channels}} {
		if err := e.d.insist(ctx, "/guilds/"+id+ask.path, ask.out); err != nil {
			return nil, err
		}
	}
	if guild.ID != id || me.User == nil || me.User.ID != e.me.user {
		return nil, errors.New("the answer does not say how things are there")
	}
	if until := me.CommunicationDisabledUntil; until != nil && until.After(e.d.Now()) {
		e.say(chat.Failing, "server "+id, "a moderator timed the bot out until "+until.UTC().Format(time.DateTime)+" UTC: it can post nothing there",
			"have a moderator right-click the bot in the list of members → Remove Timeout")
	}
	me.GuildID = id
	guild.Members = []*discordgo.Member{&me, {GuildID: id, User: &discordgo.User{ID: anybody}}}
	for _, c := range channels {
		c.GuildID = id
	}
	guild.Channels = channels
	s := &scene{id: id, roles: guild.Roles, state: discordgo.NewState()}
	return s, s.state.GuildAdd(&guild)
}

// may computes what a member may in a channel. Administrators may everything; what else somebody may is worth nothing
// where they do not see it.
func (s *scene) may(user, channel string) (int64, error) {
	may, err := s.state.UserChannelPermissions(user, channel)
	switch {
	case err != nil:
		return 0, fmt.Errorf("what may be done there: %w", err)
	case may&discordgo.PermissionAdministrator != 0:
		return needed, nil
	}
	return may, nil
}

func (e *examination) channels(ctx context.Context) {
	for _, p := range slices.Sorted(maps.Keys(e.on.Places)) {
		server, id, ok := target(p)
		if !ok || server == "" {
			continue
		}
		what := e.on.Places[p]
		if s := e.stage[server]; s != nil {
			e.channel(ctx, s, id, what, slices.Contains(e.on.Public, p))
		} else if !slices.Contains(e.me.servers, server) && !slices.Contains(e.d.settings.Load().Servers, server) {
			e.say(chat.Failing, what, p.Channel()+" is not of a server that is listened to", fmt.Sprintf("write discord/%s/CHANNEL; %s", e.me.servers[0], copyChannel))
		}
	}
}

// channel looks at one channel.
func (e *examination) channel(ctx context.Context, s *scene, id, what string, public bool) {
	c, err := s.state.Channel(id)
	if err != nil {
		c, err = e.unlisted(ctx, s, id)
	}
	if err != nil {
		e.noChannel(id, what, err)
		return
	}
	name := "#" + shown(c.Name, id)
	if kind := unfitting(c.Type); kind != "" {
		e.say(chat.Failing, what, name+" is "+kind+": no card can stand there", "write the id of a text or announcement channel; "+copyChannel)
		return
	}
	where := c.ID
	if c.IsThread() {
		where = c.ParentID
	}
	may, err := s.may(e.me.user, where)
	if err != nil {
		e.say(chat.Odd, what, name+" is there, and cannot be looked at further: "+err.Error(), askLater)
		return
	}
	if lacking := needed &^ may; lacking != 0 {
		e.lacks(name, what, lacking)
		return
	}
	e.fitting(s, c, name, what, public)
}

// fitting says what is to be known of a channel that the bot can post in.
func (e *examination) fitting(s *scene, c *discordgo.Channel, name, what string, public bool) {
	ordinary, _ := s.may(anybody, c.ID)
	const read = discordgo.PermissionViewChannel | discordgo.PermissionReadMessageHistory
	switch {
	case c.IsThread():
		e.say(chat.Odd, what, name+" is a thread: Discord hides it when nothing is said there for a while, and what is posted there has no thread of its own", "write its channel's id; "+copyChannel)
	case public && ordinary&read != read:
		e.say(chat.Odd, what, "ordinary members cannot read "+name, "if outsiders are meant to: Edit Channel → Permissions → @everyone: allow "+strings.Join(wordsOf(read&^ordinary), ", "))
	case c.Type == discordgo.ChannelTypeGuildNews:
		e.say(chat.Well, what, name+" takes posts, and publishes what does not stay to the channels that follow it", "")
	case public:
		e.say(chat.Well, what, name+" takes posts, for the members of this server", "for other servers to follow it, too, make it an announcement channel: Edit Channel → Overview → Announcement Channel, in a server that is a Community")
	default:
		e.say(chat.Well, what, name+" takes posts", "")
	}
}

// lacks says which permissions the bot lacks in a channel.
func (e *examination) lacks(name, what string, lacking int64) {
	found := name + ": the bot lacks " + strings.Join(wordsOf(lacking), ", ")
	if lacking&discordgo.PermissionViewChannel != 0 {
		found = "the bot does not see " + name + ", and so can do nothing there"
	}
	e.say(chat.Failing, what, found, "Edit Channel → Permissions → Advanced → add @"+e.name+" and allow: "+strings.Join(wordsOf(lacking), ", "))
}

// unlisted asks for a channel that is not in the server's list: a thread, one that the bot does not see, one of another
// server, or none.
func (e *examination) unlisted(ctx context.Context, s *scene, id string) (*discordgo.Channel, error) {
	var c discordgo.Channel
	if err := e.d.insist(ctx, "/channels/"+id, &c); err != nil {
		return nil, err
	}
	if c.ID != id || c.GuildID != s.id {
		return nil, &apiError{Status: http.StatusNotFound, Code: notThere, Message: "Discord has it elsewhere"}
	}
	return &c, s.state.ChannelAdd(&c)
}

// noChannel says why there is none.
func (e *examination) noChannel(id, what string, err error) {
	no, answered := errors.AsType[*apiError](err)
	switch {
	case answered && no.Code == notThere:
		e.say(chat.Failing, what, id+": the server has no such channel", "write the id of another; "+copyChannel)
	case answered && no.Code == unseenThere:
		e.lacks(id, what, needed)
	default:
		found, next, _ := explained(err)
		e.say(chat.Failing, what, id+": "+found, next)
	}
}

// unfitting says what a channel is that no card can stand in; empty: one can.
func unfitting(kind discordgo.ChannelType) string {
	switch kind {
	case discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildNewsThread:
		return ""
	case discordgo.ChannelTypeGuildForum, discordgo.ChannelTypeGuildMedia:
		return "a forum"
	case discordgo.ChannelTypeGuildVoice, discordgo.ChannelTypeGuildStageVoice:
		return "a voice channel"
	case discordgo.ChannelTypeGuildCategory:
		return "a category of channels"
	}
	return "a channel of another kind"
}
