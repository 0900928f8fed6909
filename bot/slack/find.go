package slack

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// The metadata of what the bot posts: everybody in the workspace can read it, so it holds the delivery's key and nothing
// else.
const eventType, keyField = "readyroom_post", "key"

const (
	pageSize, mostPages = 200, 5
	// lookBack is how far back a post is looked for of which nobody knows since when it may be there. skew is by how much
	// Slack's clock may be behind ours.
	lookBack, skew = 24 * time.Hour, 10 * time.Minute
)

// errTooMany: more was said since than is read. With time it only gets more.
var errTooMany = errors.New("so much was said there since that it cannot be found out whether the message arrived → look for it, and say so where Readyroom asks")

// partKey is the key of one part of a post; the first bears the post's own.
func partKey(key string, part int) string {
	if part == 0 {
		return key
	}
	return key + "#" + strconv.Itoa(part+1)
}

// Find looks for a post by its key in the metadata of what the bot posted. A post in several parts is found when all of
// them are there; the rest of another is posted by Send, with Again set. A fault is that of the search, and says nothing
// of the post: a fatal one, that it cannot be found out.
func (s *Slack) Find(ctx context.Context, p chat.Post) (chat.MessageID, bool, error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	drawn, f := s.drawn(p)
	if f != nil {
		return "", false, nil // it cannot have been sent
	}
	channel, f := s.channel(ctx, p.Place)
	if f != nil {
		return "", false, f
	}
	thread, ok := threadIn(channel, p.Thread)
	if !ok {
		return "", false, nil
	}
	there, f := s.parts(ctx, channel, thread, p, len(drawn))
	if f != nil {
		return "", false, fmt.Errorf("look for %s in %s: %w", p.Key, p.Place, f)
	}
	for _, ts := range there {
		if ts == "" {
			return "", false, nil
		}
	}
	return messageID(channel, there[0]), true, nil
}

// parts looks for the parts of a post, and gives the timestamp of each, "" for one that is not there.
func (s *Slack) parts(ctx context.Context, channel, thread string, p chat.Post, n int) ([]string, *chat.Fault) {
	q := quest{channel: channel, thread: thread, since: p.Since, want: map[string]int{}}
	there := make([]string, n)
	for i := range n {
		q.want[partKey(p.Key, i)] = i
	}
	if thread == "" { // the first is in the open, the others are in its thread
		q.want = map[string]int{p.Key: 0}
	}
	if f := s.search(ctx, q, there); f != nil || thread != "" || n == 1 || there[0] == "" {
		return there, f
	}
	q.thread, q.want = there[0], map[string]int{}
	for i := 1; i < n; i++ {
		q.want[partKey(p.Key, i)] = i
	}
	return there, s.search(ctx, q, there)
}

// quest is what is looked for: which of the keys stand in a channel, or in a thread there.
type quest struct {
	channel, thread string
	since           time.Time
	want            map[string]int // key → its place among what is found
}

// search reads back until everything is found or too old. It fails if it cannot tell.
func (s *Slack) search(ctx context.Context, q quest, there []string) *chat.Fault {
	self, f := s.self(ctx)
	if f != nil {
		return f
	}
	since := q.since
	if since.IsZero() {
		since = s.Now().Add(-lookBack)
	}
	oldest := strconv.FormatInt(since.Add(-skew).Unix(), 10)
	cursor, missing := "", len(q.want)
	for range mostPages {
		messages, next, f := s.read(ctx, q, oldest, cursor)
		switch {
		case f != nil && f.Gone: // nothing stands in the thread of what is not there
			return nil
		case f != nil:
			return f
		}
		for _, m := range messages {
			i, wanted := q.want[keyOf(m)]
			if wanted && there[i] == "" && self.wrote(m) {
				there[i] = m.Timestamp
				missing--
			}
		}
		if missing == 0 || next == "" {
			return nil
		}
		cursor = next
	}
	return &chat.Fault{Verdict: chat.Fatal, Err: errTooMany}
}

// read reads one page: of a channel the newest first, of a thread the oldest.
func (s *Slack) read(ctx context.Context, q quest, oldest, cursor string) (list []slack.Message, next string, f *chat.Fault) {
	more := false
	if q.thread != "" {
		f = s.call(ctx, doReplies, q.channel, func() (err error) {
			list, more, next, err = s.client().GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: q.channel, Timestamp: q.thread, Cursor: cursor, Limit: pageSize, Oldest: oldest, IncludeAllMetadata: true,
			})
			return err
		})
	} else {
		f = s.call(ctx, doHistory, q.channel, func() error {
			page, err := s.client().GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: q.channel, Cursor: cursor, Limit: pageSize, Oldest: oldest, IncludeAllMetadata: true,
			})
			if page != nil {
				list, more, next = page.Messages, page.HasMore, page.ResponseMetaData.NextCursor
			}
			return err
		})
	}
	if f == nil && (list == nil || more && next == "") { // a yes without a list must not read as an empty channel
		f = &chat.Fault{Verdict: chat.Unclear, Err: errors.New("the answer does not list what was said there")}
	}
	return list, next, f
}

func keyOf(m slack.Message) string {
	if m.Metadata.EventType != eventType {
		return ""
	}
	key, _ := m.Metadata.EventPayload[keyField].(string)
	return key
}

// wrote reports whether the bot wrote a message: others may copy the metadata.
func (me *identity) wrote(m slack.Message) bool {
	return me.user != "" && m.User == me.user || me.bot != "" && m.BotID == me.bot
}

// self is who the bot is; it is asked for where nobody did yet.
func (s *Slack) self(ctx context.Context) (*identity, *chat.Fault) {
	if me := s.me.Load(); me != nil {
		return me, nil
	}
	var me *identity
	f := s.call(ctx, doAuth, "", func() error {
		a, err := s.client().AuthTestContext(ctx)
		if err == nil {
			me = &identity{enterprise: a.EnterpriseID, team: a.TeamID, user: a.UserID, bot: a.BotID}
		}
		return err
	})
	if f == nil && (me.user == "" || me.bot == "") {
		f = &chat.Fault{Verdict: chat.Unclear, Err: errors.New("the answer does not say who the bot is")}
	}
	return me, f
}
