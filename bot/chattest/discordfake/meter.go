package discordfake

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// meter counts what was taken.
type meter struct {
	wire.Meter[Call] // told to wait is a bucket, "global", or a message in its bucket
	invalid          []time.Time
	total            int // invalid calls ever
	banned           time.Time
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
		if wait := m.count("global", rate{n: n, per: time.Second}, r.Scale, c.At); wait > 0 {
			return m.tooMany("global", wait)
		}
	}
	by := to.rate
	if by.n == 0 {
		by.n, by.per = 5, 5*time.Second
	}
	wait := m.count(to.key(c), by, r.Scale, c.At)
	w, most := m.Window(to.key(c), c.At, by.per), scaled(by.n, r.Scale)
	h.Set("X-RateLimit-Limit", strconv.Itoa(most))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(most-w.Used))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(w.Ends.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", inSeconds(w.Ends.Sub(c.At))))
	h.Set("X-RateLimit-Bucket", to.bucket())
	if wait > 0 {
		return m.tooMany("user", wait)
	}
	return refusal{}
}

func scaled(n int, scale float64) int { return max(1, int(float64(n)*scale)) }

// count takes one of what is left, or says how long until there is more.
func (m *meter) count(key string, by rate, scale float64, now time.Time) time.Duration {
	w := m.Window(key, now, by.per)
	if w.Used >= scaled(by.n, scale) {
		return w.Ends.Sub(now)
	}
	w.Used++
	return 0
}

func (m *meter) tooMany(scope string, wait time.Duration) refusal {
	m.Refused++
	return refusal{status: http.StatusTooManyRequests, message: "You are being rate limited.", retry: wait, scope: scope}
}

// answered notes what an answer means for later calls: one that was told to wait, one that was invalid.
func (m *meter) answered(r Rates, to route, c *Call, no refusal) {
	if no.retry > 0 {
		key := to.key(c)
		switch {
		case no.scope == "global":
			key = "global"
		case no.narrow:
			key += " " + c.Params["message"]
		}
		m.Hush(key, c.At.Add(no.retry))
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
	keys := []string{to.key(c), to.key(c) + " " + c.Params["message"]}
	if !to.open {
		keys = append(keys, "global")
	}
	m.Listen(c, c.At, keys...)
}
