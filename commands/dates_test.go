package commands

import (
	"strings"
	"testing"
	"time"
)

func TestDatesAhead(t *testing.T) {
	for _, c := range []struct{ zone, typed, want string }{
		{"UTC", "2026-12-01", "2026-12-01T00:00:00Z"},
		{"Europe/Berlin", "2026-12-01", "2026-12-01T00:00:00+01:00"},
		{"Europe/Berlin", "2026-12-01  17:00", "2026-12-01T17:00:00+01:00"},
		{"Europe/Berlin", "2026–12–01", "2026-12-01T00:00:00+01:00"},
		{"UTC", "Friday", "2026-03-06T00:00:00Z"},
		{"UTC", "friday 17:00", "2026-03-06T17:00:00Z"},
		{"UTC", "wednesday", "2026-03-11T00:00:00Z"}, // today is one
		{"UTC", "tuesday", "2026-03-10T00:00:00Z"},
		{"UTC", "tomorrow", "2026-03-05T00:00:00Z"},
		{"Pacific/Kiritimati", "tomorrow", "2026-03-06T00:00:00+14:00"}, // it is Thursday there
		{"UTC", "3d", "2026-03-07T00:00:00Z"},
		{"UTC", "2h", "2026-03-04T14:34:00Z"},
		{"Asia/Kathmandu", "2h", "2026-03-04T20:19:00+05:45"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},          // midnight does not exist
		{"Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00"},       // the first of two
		{"Europe/Berlin", "2026-10-25 02:30+01:00", "2026-10-25T02:30:00+01:00"}, // the second
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},            // midnight comes twice
	} {
		m, err := readAhead(c.typed, noon, zone(t, c.zone))
		if err != nil || m.at.Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s is %s %v, not %s", c.typed, c.zone, m.at.Format(time.RFC3339), err, c.want)
			continue
		}
		if again, err := readAhead(m.String(), noon.AddDate(0, 0, 40), zone(t, c.zone)); err != nil || !again.at.Equal(m.at) || again.timed != m.timed {
			t.Errorf("%s in %s is written %s, which is %s", c.typed, c.zone, m, again.at)
		}
	}
}

// Two hours ahead may end in the hour that comes twice: the written form says which.
func TestTheSecondOfTwoHours(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 10, 24, 23, 30, 0, 0, time.UTC)
	m, err := readAhead("2h", now, berlin)
	if err != nil || m.String() != "2026-10-25 02:30+01:00" {
		t.Errorf("%s %v", m, err)
	}
}

func TestDatesBack(t *testing.T) {
	for typed, want := range map[string]string{
		"30d": "2026-02-02T00:00:00Z", "2h": "2026-03-04T10:34:00Z", "2026-01-05 09:00": "2026-01-05T09:00:00Z",
	} {
		if m, err := readBack(typed, noon, time.UTC); err != nil || m.at.Format(time.RFC3339) != want {
			t.Errorf("%s is %s %v, not %s", typed, m.at, err, want)
		}
	}
	for _, typed := range []string{"friday", "tomorrow", "2026-03-05", "30d 10:00", "0d", "2026-02-30", ""} {
		if m, err := readBack(typed, noon, time.UTC); err == nil || !strings.Contains(err.Error(), " ") {
			t.Errorf("%q is %s", typed, m)
		}
	}
}

func TestDatesRefused(t *testing.T) {
	for _, c := range []struct{ zone, typed, why string }{
		{"UTC", "2026-02-30", "no day of the calendar; write 2026-12-01, "},
		{"UTC", "2026-2-3", "is no date; write"},
		{"UTC", "01.12.2026", "is no date; write"},
		{"UTC", "today", "is no date; write"},
		{"UTC", "fri", "is no date; write"},
		{"UTC", "next friday", "is no date; write"},
		{"UTC", "friday 9:00", "no time of day"},
		{"UTC", "friday 24:00", "no time of day"},
		{"UTC", "friday 17:00 sharp", "no time of day"},
		{"UTC", "3d 10:00", "is no date; write"},
		{"UTC", "0h", "is no date; write"},
		{"UTC", "12345d", "is no date; write"},
		{"UTC", "0026-12-01", "between the years"},
		{"UTC", "2026-12-01 17:00+01:00", "no time that the clocks"},
		{"Europe/Berlin", "2026-03-29 02:30", "no time that the clocks of Europe/Berlin show"},
		{"Pacific/Apia", "2011-12-30", "skips"},
		{"UTC", "", "is no date; write"},
	} {
		if m, err := readAhead(c.typed, noon, zone(t, c.zone)); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q in %s is %s %v, not %s", c.typed, c.zone, m, err, c.why)
		}
	}
}

var fuzzZones = []string{"UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe",
	"Pacific/Apia", "Asia/Beirut", "America/Havana", "Africa/Casablanca", "America/St_Johns", "Pacific/Kiritimati"}

// A date that is accepted is written so that it reads back as the same moment at any later time, and a relative one
// lies after now.
func FuzzDates(f *testing.F) {
	for _, s := range []string{"2026-12-01", "2026-12-01 17:00", "friday", "friday 17:00", "tomorrow", "3d", "2h", "2026-02-30", "sunday 02:30"} {
		for i := range fuzzZones {
			f.Add(s, int64(1774744200+i*86400), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, s string, unix int64, z uint8) {
		if unix < 0 || unix > 1<<32 {
			return
		}
		now, zone := time.Unix(unix, 0), zone(t, fuzzZones[int(z)%len(fuzzZones)])
		m, err := readAhead(s, now, zone)
		if err != nil {
			if len(err.Error()) < 10 {
				t.Errorf("%q is refused without a why: %v", s, err)
			}
			return
		}
		again, err := readAhead(m.String(), now.AddDate(0, 1, 3), zone)
		if err != nil || !again.at.Equal(m.at) || again.timed != m.timed {
			t.Errorf("%q in %s is written %s, which is %s (%v), not %s", s, zone, m, again.at, err, m.at)
		}
		if !strings.Contains(s, "-") && !strings.ContainsFunc(s, func(r rune) bool { return foldDash(r) == '-' }) && !m.at.After(now) {
			t.Errorf("%q at %s is %s, which is past", s, now.In(zone), m.at)
		}
		if !m.timed && m.at.Add(-time.Second).Day() == m.at.Day() {
			t.Errorf("%q in %s is %s, not the beginning of a day", s, zone, m.at)
		}
		if m.timed && m.at.Second() != 0 {
			t.Errorf("%q in %s is %s, not a minute", s, zone, m.at)
		}
	})
}
