package slack

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/chat"
)

// Slack takes about one post a second in a channel, and more for a short time. It gives Tier 3 methods 50 calls a minute
// and more, and says of posts that a workspace takes several hundred a minute: how many, only its refusals tell.
const (
	channelRate, channelBurst = rate.Limit(1), 3

	postRate, postBurst = rate.Limit(5), 8
	callRate, callBurst = rate.Limit(50.0 / 60), 10
	slowest, fastest    = rate.Limit(0.1), rate.Limit(20)

	calm = time.Minute // without a refusal: the pace may grow quickly again

	leastAfter, mostAfter, unsaidAfter = time.Second, 10 * time.Minute, 30 * time.Second
)

// lane is the pace of one method in the workspace. Slack's own limit is looked for between what went through and what was
// refused: quickly as long as nothing was refused, then by and by.
type lane struct {
	limit   *rate.Limiter
	usual   allowance
	most    rate.Limit
	hold    time.Time  // nothing is called before
	refused time.Time  // the last time, but for calls that were already under way then
	high    rate.Limit // the pace that was refused last; 0: none yet
	from    time.Time  // since when calls are counted: the end of the hold, or the first call
	sent    int        // that went through since
	unsaid  int        // refusals in a row that did not say until when
}

func newLane(m method, r rates, now time.Time) *lane {
	l := &lane{usual: r.calls.or(allowance{callRate, callBurst}), most: 2 * callRate, from: now}
	if m == doPost {
		l.usual, l.most = r.posts.or(allowance{postRate, postBurst}), fastest
	}
	l.most = max(l.most, l.usual.rate)
	l.limit = rate.NewLimiter(l.usual.rate, l.usual.burst)
	return l
}

// took counts a call that went through. The pace grows only with those that had to wait for it.
func (l *lane) took(t turn) {
	if l.unsaid = 0; t.at.Before(l.from) {
		return
	}
	l.sent++
	if !t.waited {
		return
	}
	now := l.limit.Limit()
	near := l.high * 0.95
	switch {
	case l.high == 0:
		now *= 1 + 1.0/16
	case t.at.Sub(l.refused) > calm:
		l.high = 0
		l.limit.SetBurstAt(t.at, l.usual.burst)
	case now < near:
		now += (near - now) / 32
	default:
		now *= 1 + 1.0/4096
	}
	l.limit.SetLimitAt(t.at, min(l.most, now))
}

// slowed holds the method for the time that Slack named, and slows it down: once for all calls that were under way
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
	if t.at.Before(l.refused) {
		return l.hold.Sub(now)
	}
	next, burst := l.slower(now)
	l.limit = rate.NewLimiter(next, burst)
	l.limit.AllowN(now, burst) // empty: what the hold lasts for is saved up
	l.refused, l.from, l.sent = now, l.hold, 0
	return l.hold.Sub(now)
}

// slower is the pace after a refusal. If not even what was saved up went through, that is too much at once. Otherwise the
// pace is too high: since Slack's patience was used up at this refusal and at the one before, what went through between
// them is what it takes.
func (l *lane) slower(now time.Time) (rate.Limit, int) {
	was, burst := l.limit.Limit(), l.limit.Burst()
	if l.sent < burst {
		return was, max(1, l.sent)
	}
	var through float64
	if all := now.Sub(l.refused).Seconds(); !l.refused.IsZero() {
		through = float64(l.sent) / all
	}
	if since := now.Sub(l.from).Seconds(); since > 1 { // it may not save up as much as the hold was long
		through = max(through, float64(l.sent-burst)/since)
	}
	l.high = was
	return max(slowest, min(was*0.98, max(was*0.7, rate.Limit(through*0.97)))), burst
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

// pause waits, unless it is too long or ctx ends first.
func pause(ctx context.Context, d time.Duration) *chat.Fault {
	if _, bounded := ctx.Deadline(); bounded && d > patience {
		return tooEarly(d, errors.New("the pace that Slack takes"))
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return tooEarly(d, ctx.Err())
	}
}

func tooEarly(d time.Duration, why error) *chat.Fault {
	return &chat.Fault{Verdict: chat.Retry, Paced: true, After: d, Err: fmt.Errorf("it is not yet its turn: %w", why)}
}
