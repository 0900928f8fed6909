package discord

import (
	"net/http"
	"time"
)

const (
	// unsaidAfter is how long to wait after a 429 that does not say; it doubles up to mostUnsaid.
	unsaidAfter, mostUnsaid = 30 * time.Second, 10 * time.Minute

	// barredFree messages in a row that are not allowed cost nothing; from then on their channel rests, first for barredAfter,
	// which doubles up to mostBarred. Or somebody who takes no direct messages, or may write where the bot may not, would only
	// have to talk to the bot until nothing is sent to anybody: see manyIlls.
	barredFree, barredAfter, mostBarred = 3, 15 * time.Second, 2 * time.Minute

	// Who makes 10,000 invalid calls within ten minutes is shut out: topics/rate-limits. From manyIlls on, nothing is sent
	// but answers to people, until it is half of that again.
	illSpan  = 10 * time.Minute
	manyIlls = 500
)

// answered takes note of how a call ended, and says how long nothing like it is to be made.
func (p *pacer) answered(now time.Time, t turn, x *exchange) (after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := t.lane
	l.flying--
	if x.status == 0 {
		return 0
	}
	p.name(t, x.header.Get("X-RateLimit-Bucket"))
	l.learn(now, x.header, p.scale)
	s, ours := x.said()
	scope := x.header.Get("X-RateLimit-Scope")
	if x.status == http.StatusUnauthorized || x.status == http.StatusForbidden || x.status == http.StatusTooManyRequests && scope != "shared" {
		p.ills.add(now)
	}
	if t.way.route == routePost {
		l.posted(now, x.status)
	}
	r := rulings[s.Code]
	switch {
	case x.status == http.StatusTooManyRequests:
		after = x.wants()
	case ours && r.paced: // too fast, as it says in words alone
		after = openHold
	default:
		l.unsaid = 0
		return 0
	}
	if after == 0 {
		after = min(unsaidAfter<<min(l.unsaid, 6), mostUnsaid)
		l.unsaid++
	}
	until := now.Add(after)
	switch {
	case s.Global || scope == "global" || !ours: // without Discord's words it is this address that is turned away
		p.hold = later(p.hold, until)
	case r.alone:
		p.alone[t.way.one] = until
	default:
		l.hold = later(l.hold, until)
	}
	return after
}

// posted takes note of whether a message was allowed. Where none is, the channel rests.
func (l *lane) posted(now time.Time, status int) {
	switch {
	case status < http.StatusMultipleChoices:
		l.barred = 0
	case status == http.StatusForbidden:
		if l.barred++; l.barred > barredFree {
			l.hold = later(l.hold, now.Add(min(barredAfter<<min(l.barred-barredFree-1, 6), mostBarred)))
		}
	}
}

// name takes note of which bucket a route's calls count in. Several routes may share one.
func (p *pacer) name(t turn, bucket string) {
	if bucket == "" || len(bucket) > 100 || p.buckets[t.way.route] == bucket {
		return
	}
	_, was := p.buckets[t.way.route]
	p.buckets[t.way.route] = bucket
	if was { // what others do may still count in the former
		return
	}
	for k, l := range p.lanes {
		if k.bucket != t.way.route {
			continue
		}
		delete(p.lanes, k)
		if to := (laneKey{bucket, k.major}); p.lanes[to] == nil {
			p.lanes[to] = l
		}
	}
}

// ills are the calls of the last ten minutes that Discord calls invalid.
type ills struct {
	at     []time.Time // the oldest first
	closed bool
}

func (i *ills) add(now time.Time) {
	if i.at = append(i.at, now); len(i.at) > 2*manyIlls {
		i.at = append(i.at[:0], i.at[len(i.at)-manyIlls:]...)
	}
	i.state(now)
}

// state is how many there are, and until when nothing is sent for them; zero: it is.
func (i *ills) state(now time.Time) (n int, until time.Time) {
	for n = len(i.at); n > 0 && now.Sub(i.at[len(i.at)-n]) >= illSpan; {
		n--
	}
	i.at = i.at[len(i.at)-n:]
	i.closed = n >= manyIlls || i.closed && n > manyIlls/2
	if !i.closed {
		return n, time.Time{}
	}
	return n, i.at[n-manyIlls/2-1].Add(illSpan)
}

// invalid is how many calls Discord refused in the last ten minutes with 401, 403 or 429, for which it shuts an address
// out in the end, and until when nothing is sent for that; zero: it is.
func (d *Discord) invalid() (n int, until time.Time) {
	d.pace.mu.Lock()
	defer d.pace.mu.Unlock()
	return d.pace.ills.state(d.Now())
}
