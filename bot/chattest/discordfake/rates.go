package discordfake

import (
	"fmt"
	"hash/fnv"
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

// Early are the calls that were made, by the clock of the fake, before the time was over that an earlier 429 to the same
// bucket, or to all, had asked for.
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
