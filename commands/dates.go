package commands

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a refused date is answered with.
const (
	aheadForms = `2026-12-01, "2026-12-01 17:00", friday, "friday 17:00", tomorrow, "tomorrow 17:00", 3d or 2h`
	backForms  = `2026-12-01, "2026-12-01 17:00" or 30d`
)

// Years outside these are slips of the finger.
const (
	firstYear = 2000
	lastYear  = 2199
)

// moment is a date as it was understood: a whole day, which is its first instant, or a minute. Its location is the
// asker's zone.
type moment struct {
	at    time.Time
	timed bool
}

// String writes the moment in the strict form; it reads back as the same moment in the same zone, whatever the hour.
// A minute that the clocks show twice names its offset when the second is meant.
func (m moment) String() string {
	if !m.timed {
		return m.at.Format(time.DateOnly)
	}
	if all := shown(asUTC(m.at), m.at.Location()); len(all) > 1 && !m.at.Equal(all[0]) {
		return m.at.Format(minuteForm + offsetForm)
	}
	return m.at.Format(minuteForm)
}

const (
	minuteForm = "2006-01-02 15:04"
	offsetForm = "-07:00"
)

var (
	dayPattern   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	clockPattern = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d([+-]\d{2}:\d{2})?$`)
	spanPattern  = regexp.MustCompile(`^([1-9]\d{0,3})([dh])$`)
)

// readAhead reads a date of the strict grammar, as the people of the zone say it at now.
func readAhead(s string, now time.Time, zone *time.Location) (moment, error) {
	now = now.In(zone)
	word, clock, _ := strings.Cut(strings.Join(strings.Fields(strings.Map(foldDash, strings.ToLower(s))), " "), " ")
	if m, ok, err := readSpan(word, now, +1); ok && clock == "" {
		return m, err
	}
	day, err := readDay(word, now)
	if err != nil {
		return moment{}, fmt.Errorf("%w; write %s", err, aheadForms)
	}
	return readClock(day, clock, zone, aheadForms)
}

// readBack reads a date that looks back.
func readBack(s string, now time.Time, zone *time.Location) (moment, error) {
	now = now.In(zone)
	word, clock, _ := strings.Cut(strings.Join(strings.Fields(strings.Map(foldDash, strings.ToLower(s))), " "), " ")
	m, ok, err := readSpan(word, now, -1)
	if !ok || clock != "" {
		if !dayPattern.MatchString(word) {
			return moment{}, errors.New("is no date; write " + backForms)
		}
		day, bad := readDay(word, now)
		if bad != nil {
			return moment{}, fmt.Errorf("%w; write %s", bad, backForms)
		}
		m, err = readClock(day, clock, zone, backForms)
	}
	if err == nil && m.at.After(now) {
		return moment{}, errors.New("has not come yet; write " + backForms)
	}
	return m, err
}

// readSpan reads 3d, a whole day, and 2h, a minute, ahead or back from now.
func readSpan(word string, now time.Time, direction int) (moment, bool, error) {
	g := spanPattern.FindStringSubmatch(word)
	if g == nil {
		return moment{}, false, nil
	}
	n, err := strconv.Atoi(g[1])
	if err != nil {
		return moment{}, true, err
	}
	n *= direction
	if g[2] == "h" {
		at := now.Add(time.Duration(n) * time.Hour)
		at = at.Add(-time.Duration(at.Second())*time.Second - time.Duration(at.Nanosecond()))
		return moment{at, true}, true, within(at)
	}
	m, err := wholeDay(asUTC(now).AddDate(0, 0, n), now.Location())
	return m, true, err
}

// readDay gives the calendar day that a word means, as midnight UTC. A weekday is the next one, never today.
func readDay(word string, now time.Time) (time.Time, error) {
	today := asUTC(now)
	if word == "tomorrow" {
		return today.AddDate(0, 0, 1), nil
	}
	for d := range 7 {
		if word == strings.ToLower(time.Weekday(d).String()) {
			ahead := (d-int(today.Weekday())+6)%7 + 1
			return today.AddDate(0, 0, ahead), nil
		}
	}
	if !dayPattern.MatchString(word) {
		return time.Time{}, errors.New("is no date")
	}
	day, err := time.Parse(time.DateOnly, word)
	if err != nil {
		return time.Time{}, errors.New("is no day of the calendar")
	}
	return day, nil
}

// readClock puts a time of day to a day. A time that the clocks skip is refused rather than moved; of one they show
// twice the first is meant, unless the offset says otherwise.
func readClock(day time.Time, clock string, zone *time.Location, forms string) (moment, error) {
	if clock == "" {
		return wholeDay(day, zone)
	}
	if !clockPattern.MatchString(clock) {
		return moment{}, errors.New("has no time of day like 17:00; write " + forms)
	}
	hour, _ := strconv.Atoi(clock[:2])
	minute, _ := strconv.Atoi(clock[3:5])
	wall := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, time.UTC)
	all := shown(wall, zone)
	if offset := clock[5:]; offset != "" {
		all = slices.DeleteFunc(all, func(t time.Time) bool { return t.Format(offsetForm) != offset })
	}
	if len(all) == 0 {
		return moment{}, fmt.Errorf("is no time that the clocks of %s show", zone)
	}
	return moment{all[0], true}, within(all[0])
}

// wholeDay is the first instant of a day; where the clocks jump at midnight that is not 00:00.
func wholeDay(day time.Time, zone *time.Location) (moment, error) {
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	if all := shown(midnight, zone); len(all) > 0 {
		return moment{all[0], false}, within(all[0])
	}
	at, _ := by(midnight, -around, zone).ZoneBounds() // by the old offset the skipped midnight falls behind the jump
	if at = at.In(zone); at.Day() != day.Day() {
		return moment{}, fmt.Errorf("is a day that the calendar of %s skips", zone)
	}
	return moment{at, false}, within(at)
}

// shown gives the instants at which the clocks of a zone show a wall time, the first one first: none where they jump
// over it, two where they are set back.
func shown(wall time.Time, zone *time.Location) []time.Time {
	var all []time.Time
	for _, off := range []time.Duration{-around, around} {
		at := by(wall, off, zone)
		if asUTC(at).Equal(wall) && !slices.ContainsFunc(all, at.Equal) {
			all = append(all, at)
		}
	}
	return all // clocks that show a time twice had the greater offset, and so the earlier instant, before
}

// around is how far from a jump of the clocks the offsets before and after it are looked up.
const around = 24 * time.Hour

// by is the instant of a wall time by the offset that the zone has some hours off.
func by(wall time.Time, off time.Duration, zone *time.Location) time.Time {
	_, offset := wall.Add(off).In(zone).Zone()
	return wall.Add(-time.Duration(offset) * time.Second).In(zone)
}

// asUTC reads the clock of t as if it stood in UTC, where every day has 24 hours.
func asUTC(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

func within(t time.Time) error {
	if y := t.Year(); y < firstYear || y > lastYear {
		return fmt.Errorf("is not between the years %d and %d", firstYear, lastYear)
	}
	return nil
}
