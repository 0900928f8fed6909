package listen

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// How far the clocks may be apart before a doctor says something, and before somebody should look at it on any day. Signed
// requests are refused from five minutes on.
const (
	oddSkew = 30 * time.Second
	maxSkew = 2 * time.Minute
)

// ClockWarning is what somebody should look at who runs the bot, by how far our clock is ahead of a platform's; nil: nothing.
func ClockWarning(ahead time.Duration, platform string) error {
	if ahead.Abs() <= maxSkew {
		return nil
	}
	return fmt.Errorf("the clock here is %s: from five minutes on %s's requests are refused; let it be set over the network",
		aheadOrBehind(ahead, platform), platform)
}

// ClockFinding is what a doctor says of that. What is wrong is followed by the advice.
func ClockFinding(ahead time.Duration, platform, advice string) chat.Finding {
	ahead = ahead.Round(time.Second)
	f := chat.Finding{State: chat.Failing, What: "clock", Found: "it is " + aheadOrBehind(ahead, platform), Next: advice}
	switch {
	case ahead.Abs() > Window:
	case ahead.Abs() > oddSkew:
		f.State = chat.Odd
	default:
		f.State, f.Found, f.Next = chat.Well, "it agrees with "+platform+"'s", ""
	}
	return f
}

func aheadOrBehind(d time.Duration, platform string) string {
	if d < 0 {
		return d.Abs().Round(time.Second).String() + " behind " + platform + "'s"
	}
	return d.Round(time.Second).String() + " ahead of " + platform + "'s"
}
