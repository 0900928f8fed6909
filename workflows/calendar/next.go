package calendar

import "time"

// Next is the first occurrence after t in zone, there. Only the zero Spec, which ParseSpec never gives, has none: the
// zero time.
//
// Occurrences are counted on the wall clock: one for each civil date and time that the spec names, whatever summer
// time does. A time that is skipped comes at the end of the gap; one that comes twice counts the first time.
func (s Spec) Next(t time.Time, zone *time.Location) time.Time {
	if s == (Spec{}) {
		return time.Time{}
	}
	// Wall clock and instants run in the same order, so that the first occurrence on the wall clock whose instant is
	// after t is the answer. Those passed over are the second passage of an hour that comes twice.
	for civil := s.next(wall(t, zone)); !civil.IsZero(); civil = s.next(civil) {
		if at := instant(civil, zone); at.After(t) {
			return at
		}
	}
	return time.Time{}
}

// next is the next occurrence after a reading of the wall clock. The library searches five years ahead, but a 29th of
// February can be eight years off, so it is asked twice.
func (s Spec) next(civil time.Time) time.Time {
	for range 2 {
		if n := s.when.Next(civil); !n.IsZero() {
			return n
		}
		civil = civil.AddDate(5, 0, 0)
	}
	return time.Time{}
}

// wall is what the clock on a wall in zone reads at t. Readings are written as times in UTC, where there are no gaps.
func wall(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// instant is the first moment at which the wall clock in zone reads civil or later.
func instant(civil time.Time, zone *time.Location) time.Time {
	y, m, d := civil.Date()
	t := time.Date(y, m, d, civil.Hour(), civil.Minute(), civil.Second(), civil.Nanosecond(), zone)
	start, end := t.ZoneBounds()
	switch read := wall(t, zone); {
	case read.After(civil): // in a gap, and pushed beyond it
		return start
	case read.Before(civil): // in a gap, and pushed before it
		return end
	}
	if start.IsZero() {
		return t
	}
	// The reading exists. It may have existed before the clock was last set back.
	_, offset := start.Add(-1).Zone()
	if earlier := civil.Add(-time.Duration(offset) * time.Second); earlier.Before(start) {
		return earlier.In(zone)
	}
	return t
}
