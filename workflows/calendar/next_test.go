package calendar

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// Zones whose clocks do unusual things: midnight skipped, half an hour, a change at Ramadan, odd offsets, a day lost.
var trickyZones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "America/Havana", "Asia/Beirut", "Atlantic/Azores",
	"Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kwajalein", "Asia/Tehran",
	"America/Asuncion", "Africa/Cairo", "Antarctica/Troll", "America/St_Johns", "Pacific/Kiritimati", "Asia/Pyongyang",
}

func tricky(t testing.TB) []*time.Location {
	t.Helper()
	zones := make([]*time.Location, len(trickyZones))
	for i, name := range trickyZones {
		zones[i] = load(t, name)
	}
	return zones
}

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// everyZone is all zones that this machine can name, or the tricky ones where it names none.
func everyZone(t *testing.T) []*time.Location {
	zones := tricky(t)
	root := os.DirFS("/usr/share/zoneinfo")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipAll
		case d.IsDir():
			if name == "posix" || name == "right" {
				return fs.SkipDir
			}
			return nil
		}
		if zone, err := time.LoadLocation(name); err == nil && strings.Contains(name, "/") {
			zones = append(zones, zone)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

func spec(t testing.TB, text string) Spec {
	t.Helper()
	s, err := ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNext(t *testing.T) {
	for _, c := range []struct{ spec, zone, after, want string }{
		{"09:00", "UTC", "2026-01-05T08:59:59Z", "2026-01-05T09:00:00Z"},
		{"09:00", "UTC", "2026-01-05T09:00:00Z", "2026-01-06T09:00:00Z"},
		{"weekdays 09:30", "Europe/Berlin", "2026-01-02T09:00:00Z", "2026-01-05T09:30:00+01:00"},
		{"mon,thu 16:00", "UTC", "2026-01-05T16:00:00Z", "2026-01-08T16:00:00Z"},
		{"0 9 1 * *", "UTC", "2026-01-01T09:00:00Z", "2026-02-01T09:00:00Z"},
		{"0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"},
		// The clock skips 02:00 to 03:00: the end of the gap, once, and the next day as ever.
		{"02:30", "Europe/Berlin", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"02:30", "Europe/Berlin", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"02:30", "America/New_York", "2026-03-08T00:00:00-05:00", "2026-03-08T03:00:00-04:00"},
		// Two times in one gap are one moment.
		{"15,45 2 * * *", "Europe/Berlin", "2026-03-29T03:00:00+02:00", "2026-03-30T02:15:00+02:00"},
		// 01:30 comes twice: the first counts, also for who looks between the two.
		{"01:30", "America/New_York", "2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-04:00"},
		{"01:30", "America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"},
		{"01:30", "America/New_York", "2026-11-01T01:15:00-05:00", "2026-11-02T01:30:00-05:00"},
		{"*/30 * * * *", "America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-01T02:00:00-05:00"},
		// Midnight does not exist on this day.
		{"00:00", "America/Santiago", "2026-09-05T12:00:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"00:00", "America/Santiago", "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"},
		// Half an hour is skipped.
		{"02:15", "Australia/Lord_Howe", "2026-10-04T00:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		// The 30th of December 2011 did not happen in Samoa.
		{"09:00", "Pacific/Apia", "2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00"},
		{"09:00", "Pacific/Apia", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"},
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := spec(t, c.spec).Next(after, load(t, c.zone)).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s after %s: %s, want %s", c.spec, c.zone, c.after, got, c.want)
		}
	}
	if next := (Spec{}).Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC); !next.IsZero() {
		t.Errorf("no spec comes at %v", next)
	}
}

var dailyTimes = []string{"00:00", "00:30", "01:30", "02:30", "09:00"}

// Around every change of every zone's clock, 2017 to 2036, a daily time comes exactly once for each civil date: at the
// first moment, searched for in steps, when the wall clock reads it or later.
func TestOneOccurrencePerCivilDate(t *testing.T) {
	zones, changes := everyZone(t), 0
	begin, end := time.Date(2017, 1, 1, 12, 0, 0, 0, time.UTC), time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC)
	seen := map[string]bool{} // many names share one clock
	for _, zone := range zones {
		days, rules := changesOf(zone, begin, end), zoneRules(zone, begin, end)
		if seen[rules] {
			continue
		}
		seen[rules] = true
		for _, change := range days {
			changes++
			for _, text := range dailyTimes {
				checkDaily(t, spec(t, text), zone, change.AddDate(0, 0, -2), 4)
			}
		}
	}
	t.Logf("%d changes of %d clocks in %d zones", changes, len(seen), len(zones))
}

// And through a whole year where the clocks are odd.
func TestDailyThroughTheYear(t *testing.T) {
	for _, zone := range tricky(t) {
		for _, text := range dailyTimes {
			checkDaily(t, spec(t, text), zone, time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), 365)
		}
	}
}

func changesOf(zone *time.Location, begin, end time.Time) []time.Time {
	var changes []time.Time
	for t := begin.In(zone); t.Before(end); {
		_, next := t.ZoneBounds()
		if next.IsZero() {
			break
		}
		t = next
		changes = append(changes, next)
	}
	return changes
}

// zoneRules is the same text for zones whose clocks agree between begin and end.
func zoneRules(zone *time.Location, begin, end time.Time) string {
	_, offset := begin.In(zone).Zone()
	rules := fmt.Sprint(offset)
	for _, change := range changesOf(zone, begin, end) {
		_, offset := change.Zone()
		rules += fmt.Sprint(" ", change.Unix(), " ", offset)
	}
	return rules
}

func checkDaily(t *testing.T, s Spec, zone *time.Location, from time.Time, days int) {
	t.Helper()
	clock, err := readClock(s.String())
	if err != nil {
		t.Fatal(err)
	}
	at := from
	date := wall(from, zone).Truncate(24 * time.Hour)
	if !firstReading(date.Add(time.Duration(clock)*time.Minute), zone).After(from) {
		date = date.AddDate(0, 0, 1)
	}
	for range days {
		want := firstReading(date.Add(time.Duration(clock)*time.Minute), zone)
		if at = s.Next(at, zone); !at.Equal(want) {
			t.Fatalf("%s in %s on %s: %v, want %v", s, zone, date.Format(time.DateOnly), at, want)
		}
		date = date.AddDate(0, 0, 1)
	}
}

// firstReading looks at the clock every minute, from before the reading can come.
func firstReading(civil time.Time, zone *time.Location) time.Time {
	_, before := civil.Add(-36 * time.Hour).In(zone).Zone()
	t := civil.Add(-time.Duration(before)*time.Second - 4*time.Hour).Truncate(time.Minute)
	for wall(t, zone).Before(civil) {
		t = t.Add(time.Minute)
	}
	return t
}

func BenchmarkNext(b *testing.B) {
	s, zone := spec(b, "weekdays 09:30"), load(b, "Europe/Berlin")
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		s.Next(at, zone)
	}
}
