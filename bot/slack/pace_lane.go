package slack

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Slack takes about one post a second in a channel, and more for a short time. It gives Tier 3 methods 50 calls a minute
// and more, and says of posts that a workspace takes several hundred a minute: how many, only its refusals tell.
const (
	channelRate, channelBurst = rate.Limit(1), 3

	postRate, postBurst = rate.Limit(4), 8
	callRate, callBurst = rate.Limit(50.0 / 60), 10
	slowest, fastest    = rate.Limit(0.1), rate.Limit(20)

	steep, gentle = 1.0 / 16, 1.0 / 1024 // by how much the pace grows with each call that had to wait for it
	calm          = time.Minute          // without a refusal: the pace may grow quickly again

	leastAfter, mostAfter, unsaidAfter = time.Second, 10 * time.Minute, 30 * time.Second
)

// lane is the pace of one method in the workspace. It grows as long as Slack takes the calls, and falls below what went
// through when it refuses one.
type lane struct {
	limit  *rate.Limiter
	most   rate.Limit
	hold   time.Time // nothing is called before
	from   time.Time // since when calls are counted: the end of the last hold, or the first call
	sent   int       // that went through since
	fell   time.Time // when it last became slower
	unsaid int       // refusals in a row that did not say until when
}

func newLane(m method, r rates, now time.Time) *lane {
	a, most := r.calls.or(allowance{callRate, callBurst}), 2*callRate
	if m == doPost {
		a, most = r.posts.or(allowance{postRate, postBurst}), fastest
	}
	return &lane{limit: rate.NewLimiter(a.rate, a.burst), most: max(most, a.rate), from: now}
}

func (l *lane) took(t turn) {
	l.sent++
	l.unsaid = 0
	if !t.waited {
		return
	}
	grow := gentle
	if l.fell.IsZero() || t.at.Sub(l.fell) > calm {
		grow = steep
	}
	l.limit.SetLimitAt(t.at, min(l.most, l.limit.Limit()*rate.Limit(1+grow)))
}

// slowed holds the method for the time that Slack named and slows it down, once for all calls that were under way
// together.
func (l *lane) slowed(now time.Time, t turn, after time.Duration) time.Duration {
	if after <= 0 {
		after = min(unsaidAfter<<min(l.unsaid, 6), mostAfter)
		l.unsaid++
	}
	after = min(max(after, leastAfter), mostAfter)
	if until := now.Add(after); until.After(l.hold) {
		l.hold = until
	}
	if t.at.Before(l.fell) {
		return l.hold.Sub(now)
	}
	next := l.slower(now)
	burst := l.limit.Burst()
	l.limit = rate.NewLimiter(next, burst)
	l.limit.AllowN(now, burst) // what the hold lasts for is saved up
	l.fell, l.from, l.sent = now, l.hold, 0
	return l.hold.Sub(now)
}

// slower is the pace after a refusal: a little below what went through, if that was more than half.
func (l *lane) slower(now time.Time) rate.Limit {
	was := l.limit.Limit()
	var through rate.Limit
	if d := now.Sub(l.from).Seconds(); d > 0.1 {
		through = rate.Limit(float64(l.sent) / d)
	}
	return max(slowest, min(was*0.9, max(was/2, through*0.97)))
}

// retryAfter reads when Slack wants the next call, in whatever form that is said: seconds, also with a fraction, or a
// date. 0: it was not said. What was said is at least a second, and at most ten minutes.
func retryAfter(headers []string, now time.Time) time.Duration {
	var longest time.Duration
	for _, h := range headers {
		h = strings.TrimSpace(h)
		seconds, err := strconv.ParseFloat(h, 64)
		if date, e := http.ParseTime(h); e == nil {
			seconds, err = date.Sub(now).Seconds(), nil
		}
		if err != nil || math.IsNaN(seconds) {
			continue
		}
		seconds = min(max(seconds, leastAfter.Seconds()), mostAfter.Seconds())
		longest = max(longest, time.Duration(seconds*float64(time.Second)))
	}
	return longest
}
