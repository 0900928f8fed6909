package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

const (
	pageSize, mostPages = 100, 10
	// lookBack is how far back a post is looked for of which nobody knows since when it may be there. skew is by how much
	// Discord's clock may be behind ours.
	lookBack, skew = 24 * time.Hour, 10 * time.Minute
	// epoch is when Discord's time begins, in milliseconds: its ids count from there.
	epoch = 1420070400000
	// published is the flag of a message that channels which follow its own were given.
	published = 1 << 0
)

// errTooMany: more was said since than is read. With time it only gets more.
var errTooMany = errors.New("so much was said there since that it cannot be found out whether the message arrived → look for it, and say so where Readyroom asks")

// errUnread: who may not read the history is told that there is none.
var errUnread = errors.New("it cannot be found out whether a message arrived, for the bot may not read what was said there → give its role Read Message History in the channel")

// parts are the parts of a post that are there.
type parts struct {
	ids       []string // "" for one that is not there
	published bool     // whether the first was published
}

// Find looks for a post by the mark of its key in what the bot posted. A post in several parts is found when all of them
// are there, and one that is published when that is done; the rest of another is done by Send, with Again set. A fault is
// that of the search, and says nothing of the post: a fatal one, that it cannot be found out.
func (d *Discord) Find(ctx context.Context, p chat.Post) (chat.MessageID, bool, error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	d.begun(ctx)
	drawn, f := d.drawn(p)
	if f != nil {
		return "", false, notSent(f)
	}
	at, f := d.at(ctx, p)
	if f != nil {
		return "", false, notSent(f)
	}
	w, f := d.where(ctx, at, p)
	if f != nil {
		return "", false, notSent(f)
	}
	there, f := d.parts(ctx, w, p, len(drawn))
	if f != nil {
		return "", false, fmt.Errorf("look for %s in %s: %w", p.Key, p.Place, f)
	}
	if slices.Contains(there.ids, "") || w.publishes(p) && !there.published {
		return "", false, nil
	}
	return messageID(w.ID, there.ids[0]), true, nil
}

// notSent is a fault with which Send would have ended before it sent anything: what it would always refuse is not there.
func notSent(f *chat.Fault) error {
	if f.Verdict == chat.Fatal {
		return nil
	}
	return f
}

// parts looks for the parts of a post.
func (d *Discord) parts(ctx context.Context, w where, p chat.Post, n int) (parts, *chat.Fault) {
	there := parts{ids: make([]string, n)}
	first, rest := map[string]int{}, map[string]int{}
	for i := range n {
		if i == 0 || !w.branches() {
			first[embeds.Mark(partKey(p.Key, i))] = i
		} else { // the first is in the open, the others are in its thread
			rest[embeds.Mark(partKey(p.Key, i))] = i
		}
	}
	f := d.search(ctx, w.ID, p.Since, first, &there)
	if f == nil && len(rest) > 0 && there.ids[0] != "" {
		f = d.search(ctx, there.ids[0], p.Since, rest, &there)
	}
	return there, f
}

// search reads a channel back until everything is found or too old. It fails if it cannot tell.
func (d *Discord) search(ctx context.Context, channel string, since time.Time, want map[string]int, there *parts) *chat.Fault {
	if since.IsZero() {
		since = d.Now().Add(-lookBack)
	}
	oldest, before, missing := since.Add(-skew), uint64(0), len(want)
	for range mostPages {
		page, f := d.read(ctx, channel, before)
		switch {
		case codeOf(f) == codeUnknownChannel: // nothing stands in a thread that is not there
			return nil
		case f != nil:
			return f
		case len(page) == 0 && before == 0:
			return d.silent(ctx, channel, oldest)
		}
		missing -= there.take(page, want, d.me.Load().user)
		if before = page[len(page)-1].number(); missing == 0 || len(page) < pageSize || timeOf(before).Before(oldest) {
			return nil
		}
	}
	return &chat.Fault{Verdict: chat.Fatal, Err: errTooMany}
}

// take picks what is wanted out of a page, and says how much. Others may copy a mark: only what the bot wrote counts.
func (there *parts) take(page []message, want map[string]int, user string) (n int) {
	for _, m := range page {
		i, wanted := want[m.mark()]
		if !wanted || m.Author.ID != user || there.ids[i] != "" {
			continue
		}
		there.ids[i] = m.ID
		n++
		if i == 0 {
			there.published = m.Flags&published != 0
		}
	}
	return n
}

// read reads one page, the newest first, of what is older than before; 0: of everything. It is in order, or refused.
func (d *Discord) read(ctx context.Context, channel string, before uint64) (page []message, f *chat.Fault) {
	path := "/channels/" + channel + "/messages?limit=" + strconv.Itoa(pageSize)
	if before > 0 {
		path += "&before=" + strconv.FormatUint(before, 10)
	}
	if f := d.call(ctx, request{method: "GET", path: path}, &page); f != nil {
		return nil, f
	}
	slices.SortFunc(page, func(a, b message) int {
		switch x, y := a.number(), b.number(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	if n := len(page); n > 0 && (page[n-1].number() == 0 || before > 0 && page[n-1].number() >= before) {
		return nil, unsure("the answer does not list what was said there")
	}
	return page, nil
}

// silent says whether nothing was said in a channel, or only nothing that the bot may read.
func (d *Discord) silent(ctx context.Context, channel string, since time.Time) *chat.Fault {
	r, f := d.look(ctx, channel)
	last, err := strconv.ParseUint(r.Last, 10, 64)
	switch {
	case codeOf(f) == codeUnknownChannel:
		return nil
	case f != nil:
		return f
	case err == nil && !timeOf(last).Before(since):
		return &chat.Fault{Verdict: chat.Park, Err: errUnread}
	}
	return nil
}

// number is a message's id as a number, which orders messages by their time; 0: it has none.
func (m message) number() uint64 {
	n, err := strconv.ParseUint(m.ID, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// timeOf is when Discord gave an id.
func timeOf(id uint64) time.Time { return time.UnixMilli(int64(id>>22) + epoch) } //nolint:gosec // 42 bits are no overflow
