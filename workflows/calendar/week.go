package calendar

import "time"

// Week is when somebody works.
type Week struct {
	Days  Days
	Hours Hours
	Zone  *time.Location
}

// Working is the working time between two moments, read off the wall clock: a day's hours count the same on the days
// when the clock is changed. It is zero when to is not after from.
func (w Week) Working(from, to time.Time) time.Duration {
	return max(0, w.worked(to)-w.worked(from))
}

// WorkingDays is how many whole working days passed between two moments: the "2 d" of "2 d of 5". Parts of days add
// up, so from Monday noon to Tuesday noon is one.
func (w Week) WorkingDays(from, to time.Time) int {
	if w.Hours.To <= w.Hours.From {
		return 0
	}
	return int(w.Working(from, to) / w.day())
}

// Add is the moment some working days after t, or before it if negative, at the same time of day. Days that are not
// working days are passed over: a target on a Sunday with a lead time of one day means Friday.
func (w Week) Add(t time.Time, workingDays int) time.Time {
	if w.Days&everyDay == 0 || workingDays == 0 {
		return t
	}
	step := 1
	if workingDays < 0 {
		step, workingDays = -1, -workingDays
	}
	civil := wall(t, w.Zone)
	for workingDays > 0 {
		if civil = civil.AddDate(0, 0, step); w.Days.Has(civil.Weekday()) {
			workingDays--
		}
	}
	return instant(civil, w.Zone)
}

// day is the length of a working day.
func (w Week) day() time.Duration { return time.Duration(w.Hours.To-w.Hours.From) * time.Minute }

// epoch is a Monday long ago; 290 years after it a Duration would overflow.
var epoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// worked is the working time since the epoch: whole weeks, and what has passed of the week t is in.
func (w Week) worked(t time.Time) time.Duration {
	const week = 7 * 24 * time.Hour
	since := wall(t, w.Zone).Sub(epoch)
	weeks := since / week
	if since < 0 {
		weeks-- // division rounds towards zero; what has passed of a week is never negative
	}
	since -= weeks * week
	var total time.Duration
	for i := range 7 {
		if day := time.Duration(i) * 24 * time.Hour; w.Days.Has(time.Weekday((i + 1) % 7)) {
			begun := since - day - time.Duration(w.Hours.From)*time.Minute
			total += weeks*w.day() + min(max(0, begun), w.day())
		}
	}
	return total
}
