package discord

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// Publishing (cross-posting) gives a message of an announcement channel to the channels that follow it. Discord takes ten
// an hour in a channel, and three edits of each, so cards, which stay and are edited, are not published. It is a part of
// the delivery: when Discord wants it later, the post is there and the delivery is not done. It comes again and completes
// itself, as a post of several pages does, for Find counts a post only with the flag that says so; to publish twice is to
// publish once.

// publishes reports whether a post is published.
func (w where) publishes(p chat.Post) bool {
	return w.Kind == discordgo.ChannelTypeGuildNews && !p.Stays && p.Thread == "" && p.Edit == ""
}

// publish publishes a message. Where the bot may not, the post counts as delivered all the same: it stands where it was
// meant to stand, and that it goes no further is said once in the log, and in the bot's health until it is mended.
func (d *Discord) publish(ctx context.Context, r room, id string) *chat.Fault {
	var m message
	f := d.call(ctx, request{method: "POST", path: "/channels/" + r.ID + "/messages/" + id + "/crosspost"}, &m)
	switch code := codeOf(f); {
	case f == nil && m.ID != id:
		return unsure("the answer does not say that the message was published")
	case f == nil, code == codePublished:
		d.unpublished.mended(r.ID)
		return nil
	case code == codeUnknownMessage, code == codeWrongKind, code == codeWrongMessage: // deleted since, or the channel is no longer one for announcements
		return nil
	case code == codeNoRight, code == codeNoAccess:
		if d.unpublished.add(r.ID, r.Server) && d.Log != nil {
			d.Log.WarnContext(ctx, "messages are posted, and not published to the channels that follow", "server", r.Server, "channel", r.ID,
				"error", f.Err, "next", "give the bot's role Send Messages and Manage Messages in the channel")
		}
		return nil
	}
	return hush(f)
}

// unpublished are the announcement channels in which the bot may not publish. It may be used concurrently; its zero value
// is ready.
type unpublished struct {
	mu       sync.Mutex
	channels map[string]string // channel → its server
}

// add notes a channel; news: it was not known yet.
func (u *unpublished) add(channel, server string) (news bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, known := u.channels[channel]; known {
		return false
	}
	put(&u.channels, channel, server, 100)
	return true
}

func (u *unpublished) mended(channel string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.channels, channel)
}

// warnings are for the bot's health: one a channel.
func (u *unpublished) warnings() (all []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, channel := range slices.Sorted(maps.Keys(u.channels)) {
		all = append(all, fmt.Sprintf("what is posted in %s is not published to the channels that follow it: the bot may not → give its role Send Messages and Manage Messages there",
			channelPlace(u.channels[channel], channel)))
	}
	return all
}
