package discordfake

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

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
