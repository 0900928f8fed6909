package slackfake

import (
	"strconv"
	"time"
)

// Rates are how much Slack takes. What is zero is not counted.
type Rates struct {
	Posts     float64     // a second, in each channel
	Burst     int         // of such posts; zero: 1
	Workspace int         // posts a minute, in all channels together
	Tiers     map[int]int // calls a minute of one method, by its tier
}

// meter counts what was taken.
type meter struct {
	buckets map[string]*bucket
	refused int
}

// bucket fills with tokens as time passes.
type bucket struct {
	tokens float64
	at     time.Time
}

// take counts one call, or says how long to wait.
func (m *meter) take(r Rates, c *Call, what method) refusal {
	if m.buckets == nil {
		m.buckets = map[string]*bucket{}
	}
	var wait time.Duration
	if c.Method == "chat.postMessage" {
		wait = max(m.drain("posts in "+c.Args["channel"], r.Posts, r.Burst, c.At),
			m.drain("posts", float64(r.Workspace)/60, r.Workspace, c.At))
	}
	if n := r.Tiers[what.tier]; n > 0 {
		wait = max(wait, m.drain(c.Method, float64(n)/60, n, c.At))
	}
	if wait == 0 {
		return refusal{}
	}
	m.refused++
	return refusal{name: "ratelimited", retry: wait}
}

func (m *meter) drain(key string, perSecond float64, burst int, now time.Time) time.Duration {
	if perSecond <= 0 {
		return 0
	}
	full := float64(max(burst, 1))
	b := m.buckets[key]
	if b == nil {
		b = &bucket{tokens: full, at: now}
		m.buckets[key] = b
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.tokens, b.at = min(full, b.tokens+passed.Seconds()*perSecond), now
	}
	if b.tokens < 1-1e-9 {
		return time.Duration((1 - b.tokens) / perSecond * float64(time.Second))
	}
	b.tokens--
	return 0
}

// Limited is how many calls were answered with 429 because they were too many.
func (f *Fake) Limited() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.refused
}

// seconds writes a wait as Slack does: whole seconds, never too few.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}
