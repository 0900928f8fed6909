package discord

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// way is where a call goes, as far as its pace is concerned.
type way struct {
	route string // its method and path, without ids: "POST /channels/*/messages"
	major string // the channel, server, or token within which a bucket counts; empty: it counts everywhere
	one   string // its method and path with its ids: what is done to one message
	asked bool
}

var idLike = regexp.MustCompile(`^[0-9]{5,20}$`)

// wayOf says what a call's pace goes by: topics/rate-limits of Discord's reference.
func wayOf(r request) way {
	path, _, _ := strings.Cut(r.path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	w := way{one: r.method + " " + path, asked: r.asked}
	for i, part := range parts {
		switch {
		case r.asked && i == 2: // the token of an interaction; its callback and its webhook know nothing of each other
			w.major = part
			parts[i] = "*"
		case !idLike.MatchString(part):
		case i == 1 && (parts[0] == "channels" || parts[0] == "guilds"):
			w.major = part
			parts[i] = "*"
		default:
			parts[i] = "*"
		}
	}
	w.route = r.method + " /" + strings.Join(parts, "/")
	return w
}

// The routes whose pace is known before Discord says it, or that are held for reasons of their own.
const (
	routePost = "POST /channels/*/messages"
	routeEdit = "PATCH /channels/*/messages/*"
	routeOpen = "POST /users/@me/channels"
)

// laneKey is what counts together: a bucket, or a route as long as its bucket is not known, within a channel or so.
type laneKey struct{ bucket, major string }

// lane is the pace of one bucket.
type lane struct {
	gate   chan struct{} // whose turn it is
	queued int           // who is in it, or waits to be
	flying int           // calls under way
	limit  int           // calls in a span; 0: nothing is known, and everything is taken
	span   time.Duration
	fixed  bool // the span is our own, and what Discord says makes it only slower
	left   int
	resets time.Time // when all are left again
	hold   time.Time // nothing is sent before
	unsaid int       // refusals in a row that did not say until when
	barred int       // messages in a row that were not allowed
}

// lane finds or makes a call's lane; the lock is held.
func (p *pacer) lane(w way, now time.Time) *lane {
	if p.lanes == nil {
		p.lanes, p.buckets, p.alone = map[laneKey]*lane{}, map[string]string{}, map[string]time.Time{}
	}
	key := p.key(w)
	l := p.lanes[key]
	if l == nil {
		p.forget(now)
		l = &lane{gate: make(chan struct{}, 1)}
		switch w.route {
		case routePost, routeEdit:
			l.limit, l.span = messageRate, messageSpan
		case routeOpen:
			l.limit, l.span, l.fixed = openRate, openSpan, true
		}
		l.limit *= max(1, p.scale)
		p.lanes[key] = l
	}
	return l
}

func (p *pacer) key(w way) laneKey {
	if b, ok := p.buckets[w.route]; ok {
		return laneKey{b, w.major}
	}
	return laneKey{w.route, w.major}
}

// forget drops what is over, so that it does not add up.
func (p *pacer) forget(now time.Time) {
	if len(p.lanes)%500 != 499 {
		return
	}
	for k, l := range p.lanes {
		if l.queued == 0 && l.flying == 0 && !l.resets.After(now) && !l.hold.After(now) {
			delete(p.lanes, k)
		}
	}
	for k, until := range p.alone {
		if !until.After(now) {
			delete(p.alone, k)
		}
	}
}

// lag is how long until the next may go.
func (l *lane) lag(now time.Time) time.Duration {
	d := l.hold.Sub(now)
	if l.limit > 0 && l.left <= 0 && l.resets.After(now) {
		d = max(d, l.resets.Sub(now))
	}
	return d
}

// ahead is about how long one more in the lane will wait.
func (l *lane) ahead(now time.Time) time.Duration {
	d := max(0, l.hold.Sub(now))
	left := l.limit
	if l.resets.After(now) {
		left = l.left
	}
	if l.limit == 0 || l.queued < left {
		return d
	}
	spans := time.Duration((l.queued - max(0, left)) / l.limit)
	return max(d, l.resets.Sub(now)) + spans*l.span
}

func (l *lane) take(now time.Time) {
	if !l.resets.After(now) {
		l.left, l.resets = l.limit, now.Add(l.span)
	}
	l.left--
	l.flying++
}

// learn takes note of what an answer says of its bucket: how many it takes in all, how many are left, and when all are
// again. Those under way may be counted there already, or not.
func (l *lane) learn(now time.Time, h http.Header, scale int) {
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	seconds, err3 := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || err2 != nil || err3 != nil || limit <= 0 || left < 0 || !(seconds >= 0 && seconds < mostAfter.Seconds()) {
		return
	}
	after := time.Duration(seconds * float64(time.Second))
	if l.fixed {
		if left == 0 { // Discord takes even less
			l.hold = later(l.hold, now.Add(after))
		}
		return
	}
	if left == limit-1 || l.limit == 0 {
		l.span = max(after, time.Millisecond)
	}
	if l.resets.After(now) && l.limit > 0 {
		l.left = min(l.left, left)
	} else {
		l.left = max(0, left-l.flying)
	}
	if l.limit, l.resets = limit*max(1, scale), now.Add(after); scale > 1 {
		l.left = l.limit
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
