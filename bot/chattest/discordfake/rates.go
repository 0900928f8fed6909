package discordfake

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"time"
)

// Rates are how much Discord takes. Its zero value takes everything, which suits a clock that stands.
type Rates struct {
	// Scale is how many times as much is taken as Discord is known to take; 1: as much; zero: nothing is counted.
	Scale float64
	// Global is how many calls a second are taken of all routes together; zero: 50.
	Global int
	// OldEdits is how many edits of messages older than an hour are taken in a channel within OldEditSpan; zero: all. There
	// is such a limit, and Discord does not say how much it is.
	OldEdits int
	// Ban is how many invalid calls in ten minutes are one too few to be banned; zero: 10,000. They are always counted.
	Ban int
}

// How the limits are counted that are no route's.
const (
	GlobalRate   = 50               // calls a second, of all routes that stand on the bot's token
	InvalidRate  = 10_000           // invalid calls (401, 403, 429 that is not shared) in InvalidSpan
	InvalidSpan  = 10 * time.Minute // after which they are forgotten
	BanSpan      = time.Hour        // how long who made more is turned away
	PublishRate  = 10               // cross-posts of one channel in PublishSpan
	EditRate     = 3                // edits of one cross-posted message in PublishSpan
	PublishSpan  = time.Hour
	OldEditAfter = time.Hour // the age from which the edits of a message may be too many
	OldEditSpan  = 20 * time.Second
)

// rate is how often something may be done.
type rate struct {
	n   int
	per time.Duration
	// bucket is the name of a rate that several routes share; empty: the route's own.
	bucket string
}

// meter counts what was taken.
type meter struct {
	windows map[string]*window
	quiet   map[string]time.Time // until when nothing should be sent, by bucket
	invalid []time.Time
	total   int // invalid calls ever
	banned  time.Time
	refused int
	early   []*Call
}

// window is a stretch of time in which so many are taken. It begins with the first.
type window struct {
	left int
	ends time.Time
}

// key is what is counted together: a bucket, within one channel, server or webhook.
func (r route) key(c *Call) string {
	return r.bucketName() + " " + c.Params["channel"] + c.Params["guild"] + c.Params["app"] + c.Params["token"]
}

func (r route) bucketName() string {
	if r.rate.bucket != "" {
		return r.rate.bucket
	}
	return r.name()
}

// bucket is the name as Discord shows it.
func (r route) bucket() string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(r.bucketName()))
	return fmt.Sprintf("%x", h.Sum(nil))
}

// take counts one call, and says in the headers of its answer how much is left, or how long to wait.
func (m *meter) take(r Rates, to route, c *Call, h http.Header) refusal {
	if r.Scale == 0 {
		return refusal{}
	}
	if !to.open {
		n := r.Global
		if n == 0 {
			n = GlobalRate
		}
		if wait, _ := m.count("global", rate{n: n, per: time.Second}, r.Scale, c.At); wait > 0 {
			return m.tooMany("global", wait)
		}
	}
	by := to.rate
	if by.n == 0 {
		by.n, by.per = 5, 5*time.Second
	}
	wait, w := m.count(to.key(c), by, r.Scale, c.At)
	h.Set("X-RateLimit-Limit", strconv.Itoa(scaled(by.n, r.Scale)))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(w.left))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(w.ends.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", inSeconds(w.ends.Sub(c.At))))
	h.Set("X-RateLimit-Bucket", to.bucket())
	if wait > 0 {
		return m.tooMany("user", wait)
	}
	return refusal{}
}

func scaled(n int, scale float64) int { return max(1, int(float64(n)*scale)) }

// count takes one of what is left, or says how long until there is more.
func (m *meter) count(key string, by rate, scale float64, now time.Time) (time.Duration, *window) {
	if m.windows == nil {
		m.windows = map[string]*window{}
	}
	w := m.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{left: scaled(by.n, scale), ends: now.Add(by.per)}
		m.windows[key] = w
	}
	if w.left == 0 {
		return w.ends.Sub(now), w
	}
	w.left--
	return 0, w
}

func (m *meter) tooMany(scope string, wait time.Duration) refusal {
	m.refused++
	return refusal{status: http.StatusTooManyRequests, message: "You are being rate limited.", retry: wait, scope: scope}
}

// answered notes what an answer means for later calls: one that was told to wait, one that was invalid.
func (m *meter) answered(r Rates, to route, c *Call, no refusal) {
	if no.retry > 0 {
		if m.quiet == nil {
			m.quiet = map[string]time.Time{}
		}
		key := to.key(c)
		switch {
		case no.scope == "global":
			key = "global"
		case no.narrow:
			key += " " + c.Params["message"]
		}
		m.quiet[key] = c.At.Add(no.retry)
	}
	switch {
	case c.Status == http.StatusUnauthorized, c.Status == http.StatusForbidden:
	case c.Status == http.StatusTooManyRequests && no.scope != "shared":
	default:
		return
	}
	m.total++
	m.invalid = append(m.invalid, c.At)
	for len(m.invalid) > 0 && c.At.Sub(m.invalid[0]) >= InvalidSpan {
		m.invalid = m.invalid[1:]
	}
	limit := r.Ban
	if limit == 0 {
		limit = InvalidRate
	}
	if len(m.invalid) > limit {
		m.banned = c.At.Add(BanSpan)
	}
}

// listen notes a call that came before its time.
func (m *meter) listen(to route, c *Call) {
	key := to.key(c)
	bucket, message := m.quiet[key], m.quiet[key+" "+c.Params["message"]]
	if c.At.Before(bucket) || c.At.Before(message) || !to.open && c.At.Before(m.quiet["global"]) {
		m.early = append(m.early, c)
	}
}

// turnedAway answers whoever made too many invalid calls, as Cloudflare does.
func (f *Fake) turnedAway(w http.ResponseWriter, c *Call) bool {
	f.mu.Lock()
	banned := c.At.Before(f.meter.banned)
	if banned {
		c.Status = http.StatusTooManyRequests
	}
	f.mu.Unlock()
	if banned {
		f.dated(w)
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.Header().Set("Server", "cloudflare")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(cloudflare))
	}
	return banned
}

const cloudflare = `<!DOCTYPE html><title>Access denied | discord.com used Cloudflare to restrict access</title>` +
	`<h1>Error 1015</h1><h2>You are being rate limited</h2>`

// Early are the calls that were made, by the clock of the fake, before the time was over that an earlier 429 to the same
// bucket, or to all, had asked for.
func (f *Fake) Early() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Call
	for _, c := range f.meter.early {
		all = append(all, *c)
	}
	return all
}

// Limited is how many calls were answered with 429 because they were too many.
func (f *Fake) Limited() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.refused
}

// Invalid is how many calls were ever answered with 401, 403, or a 429 that was not shared: those that lead to a ban.
func (f *Fake) Invalid() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.total
}

// Banned reports whether every call is turned away now.
func (f *Fake) Banned() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.o.Now().Before(f.meter.banned)
}
