package discordfake

import (
	"slices"
	"time"
)

func init() {
	routes = append(routes,
		route{method: "POST", pattern: "/channels/{channel}/messages/{message}/threads", rate: rate{n: 50, per: 5 * time.Minute}, do: (*Fake).startThread},
		route{method: "GET", pattern: "/channels/{channel}", do: (*Fake).getChannel},
		route{method: "PATCH", pattern: "/channels/{channel}", do: (*Fake).patchChannel},
		route{method: "GET", pattern: "/guilds/{guild}/threads/active", do: (*Fake).activeThreads},
	)
}

// startThread makes a thread of a message: it has the message's id.
func (f *Fake) startThread(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	if ch.Type != Text && ch.Type != Announcement {
		return nil, refuse(50024)
	}
	if !f.may(ch, Bot).Has(CreatePublicThreads) {
		return nil, refuse(50013)
	}
	m, no := f.written(ch, c)
	if no.given() {
		return nil, no
	}
	o, no := f.said("thread", c)
	switch {
	case no.given():
		return nil, no
	case f.channels[m.ID] != nil:
		return nil, refuse(160004)
	case m.kind == typeThreadCreated:
		return nil, refuse(50068)
	}
	th := &Channel{
		ID: m.ID, Server: ch.Server, Parent: ch.ID, Type: PublicThread, Name: stringOf(o, "name"), Creator: Bot,
		AutoArchive: intOf(o, "auto_archive_duration", 0), archived: c.At,
	}
	if ch.Type == Announcement {
		th.Type = AnnouncementThread
	}
	f.channels[th.ID], m.thread = th, th.ID
	f.tell(happening{kind: "THREAD_CREATE", server: ch.Server, channel: th.ID})
	f.tell(happening{kind: "MESSAGE_UPDATE", server: ch.Server, channel: ch.ID, user: m.Author, message: m})
	return created{f.channelJSON(th)}, refusal{}
}

// said takes a body apart that is no message; the lock is held.
func (f *Fake) said(kind string, c *Call) (map[string]any, refusal) {
	o, in := inspect(kind, "", c.Body)
	for _, name := range in.strange {
		f.fail("", c.Route, "unknown field %s", name)
	}
	return o, in.refusal()
}

// unarchive opens a thread that somebody writes in; the lock is held.
func (f *Fake) unarchive(ch *Channel) {
	if !ch.Archived {
		return
	}
	ch.Archived, ch.archived = false, f.o.Now()
	f.tell(happening{kind: ch.event("UPDATE"), server: ch.Server, channel: ch.ID})
}

func (f *Fake) getChannel(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	return f.channelJSON(ch), refusal{}
}

func (f *Fake) patchChannel(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	o, no := f.said("channel", c)
	if no.given() {
		return nil, no
	}
	if no := f.manageable(ch, o); no.given() {
		return nil, no
	}
	if name := stringOf(o, "name"); name != "" {
		ch.Name = name
	}
	if _, there := o["topic"]; there {
		ch.Topic = stringOf(o, "topic")
	}
	ch.Position, ch.AutoArchive = intOf(o, "position", ch.Position), intOf(o, "auto_archive_duration", ch.AutoArchive)
	if parent, ok := o["parent_id"].(string); ok && !ch.thread() {
		ch.Parent = parent
	}
	if archived, ok := o["archived"].(bool); ok && archived != ch.Archived {
		ch.Archived, ch.archived = archived, c.At
	}
	if locked, ok := o["locked"].(bool); ok {
		ch.Locked = locked
	}
	f.tell(happening{kind: ch.event("UPDATE"), server: ch.Server, channel: ch.ID})
	return f.channelJSON(ch), refusal{}
}

// manageable says whether the bot may change a channel, or a thread, so; the lock is held.
func (f *Fake) manageable(ch *Channel, o map[string]any) refusal {
	may := f.may(ch, Bot)
	opens := o["archived"] == false
	switch {
	case ch.Type == DirectMessages:
		return refuse(50003)
	case !ch.thread() && !may.Has(ManageChannels):
		return refuse(50013)
	case !ch.thread() || may.Has(ManageThreads) && (!ch.Archived || opens):
		return refusal{}
	case ch.Archived && !opens:
		return refuse(50083)
	case o["locked"] != nil || o["rate_limit_per_user"] != nil:
		return refuse(50013)
	case ch.Creator == Bot || len(o) == 1 && opens && !ch.Locked && may.Has(SendMessagesInThreads):
		return refusal{}
	}
	return refuse(50013)
}

func (f *Fake) activeThreads(c *Call) (any, refusal) {
	g, no := f.guild(c)
	if no.given() {
		return nil, no
	}
	threads, members := []reply{}, []reply{}
	for _, ch := range f.sorted(g.ID) {
		if !ch.thread() || ch.Archived || !f.may(ch, Bot).Has(ViewChannel) {
			continue
		}
		threads = append(threads, f.channelJSON(ch))
		if ch.Creator == Bot {
			members = append(members, reply{"id": ch.ID, "user_id": Bot, "join_timestamp": iso(idTime(ch.ID)), "flags": 0})
		}
	}
	return reply{"threads": threads, "members": members}, refusal{}
}

// sorted are the channels and threads of a server, by their place; the lock is held.
func (f *Fake) sorted(server string) []*Channel {
	var all []*Channel
	for _, c := range f.channels {
		if c.Server == server {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *Channel) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		return compareIDs(a.ID, b.ID)
	})
	return all
}
