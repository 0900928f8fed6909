package slackfake

import (
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Rates are how much Slack takes. What is zero is not counted.
type Rates struct {
	Posts          float64     // a second, in each channel
	Burst          int         // of such posts; zero: 1
	Workspace      int         // posts a minute, in all channels together
	WorkspaceBurst int         // of such posts; zero: a tenth of a minute's
	Tiers          map[int]int // calls a minute of one method, by its tier
}

// meter counts what was taken.
type meter struct {
	wire.Meter[Call] // told to wait is a method in a channel
	buckets          map[string]*bucket
}

// bucket fills with tokens as time passes.
type bucket struct {
	rate, full, tokens float64 // rate is a second
	at                 time.Time
}

// take counts one call, or says how long to wait.
func (m *meter) take(r Rates, c *Call, what method) refusal {
	var all []*bucket
	if c.Method == "chat.postMessage" {
		burst := r.WorkspaceBurst
		if burst == 0 {
			burst = r.Workspace / 10
		}
		all = append(all, m.bucket("posts in "+c.Args["channel"], r.Posts, r.Burst, c.At),
			m.bucket("posts", float64(r.Workspace)/60, burst, c.At))
	}
	n := r.Tiers[what.tier]
	all = append(all, m.bucket(c.Method, float64(n)/60, n, c.At))
	var wait time.Duration
	for _, b := range all {
		wait = max(wait, b.wait(c.At))
	}
	if wait > 0 {
		m.Refused++
		return refusal{name: "ratelimited", retry: wait}
	}
	for _, b := range all {
		if b != nil {
			b.tokens--
		}
	}
	return refusal{}
}

// bucket gives the one with that name; nil where nothing is counted.
func (m *meter) bucket(name string, rate float64, burst int, now time.Time) *bucket {
	if rate <= 0 {
		return nil
	}
	if m.buckets == nil {
		m.buckets = map[string]*bucket{}
	}
	if m.buckets[name] == nil {
		full := float64(max(burst, 1))
		m.buckets[name] = &bucket{rate: rate, full: full, tokens: full, at: now}
	}
	return m.buckets[name]
}

// wait fills the bucket, and says how long until it holds a token.
func (b *bucket) wait(now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.tokens, b.at = min(b.full, b.tokens+passed.Seconds()*b.rate), now
	}
	const almost = 1 - 1e-9 // a token that only rounding took from
	if b.tokens >= almost {
		return 0
	}
	return time.Duration((1 - b.tokens) / b.rate * float64(time.Second))
}

// hush remembers that a call was told to wait.
func (m *meter) hush(c *Call, wait string) {
	if n, err := strconv.Atoi(wait); err == nil {
		m.Hush(c.where(), c.At.Add(time.Duration(n)*time.Second))
	}
}

// where is what must wait together.
func (c *Call) where() string { return c.Method + " " + c.Args["channel"] }

// Early are the calls that were made, by the clock of the fake, before the seconds were over that an earlier 429 to the
// same method and channel had asked for.
func (f *Fake) Early() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.Early()
}

// Limited is how many calls were answered with 429 because they were too many.
func (f *Fake) Limited() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.Refused
}

// seconds writes a wait as Slack does: whole seconds, never too few.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}
