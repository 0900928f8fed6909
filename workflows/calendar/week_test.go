package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func office(t testing.TB, zone string) Week {
	return Week{Days: workDays, Hours: Hours{9 * 60, 17 * 60}, Zone: load(t, zone)}
}

func at(t testing.TB, text string, zone *time.Location) time.Time {
	t.Helper()
	got, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWorking(t *testing.T) {
	w := office(t, "Europe/Berlin")
	for _, c := range []struct {
		from, to string
		want     time.Duration
		days     int
	}{
		{"2026-01-05 09:00", "2026-01-05 17:00", 8 * time.Hour, 1},
		{"2026-01-05 08:00", "2026-01-05 16:59", 8*time.Hour - time.Minute, 0},
		{"2026-01-05 13:00", "2026-01-06 13:00", 8 * time.Hour, 1},
		{"2026-01-05 13:00", "2026-01-07 12:00", 15 * time.Hour, 1},
		{"2026-01-02 16:00", "2026-01-05 10:00", 2 * time.Hour, 0},
		{"2026-01-03 10:00", "2026-01-05 17:00", 8 * time.Hour, 1},
		{"2026-01-03 10:00", "2026-01-04 23:00", 0, 0},
		{"2026-01-05 12:00", "2026-01-05 12:00", 0, 0},
		{"2026-01-06 12:00", "2026-01-05 12:00", 0, 0},
		{"2026-03-27 09:00", "2026-04-03 09:00", 40 * time.Hour, 5}, // the clock is put forward in between
		{"2026-01-01 00:00", "2027-01-01 00:00", 261 * 8 * time.Hour, 261},
		{"1899-12-29 00:00", "1900-01-03 00:00", 3 * 8 * time.Hour, 3}, // across the epoch: Friday, Monday, Tuesday
	} {
		from, to := at(t, c.from, w.Zone), at(t, c.to, w.Zone)
		if got := w.Working(from, to); got != c.want {
			t.Errorf("%s to %s: %v, want %v", c.from, c.to, got, c.want)
		}
		if got := w.WorkingDays(from, to); got != c.days {
			t.Errorf("%s to %s: %d days, want %d", c.from, c.to, got, c.days)
		}
	}
	if got := (Week{Zone: time.UTC}).WorkingDays(time.Time{}, at(t, "2026-01-05 09:00", time.UTC)); got != 0 {
		t.Errorf("nobody works, for %d days", got)
	}
}

func TestAdd(t *testing.T) {
	w := office(t, "Europe/Berlin")
	for _, c := range []struct {
		from string
		days int
		want string
	}{
		{"2026-12-04 10:00", -3, "2026-12-01 10:00"},
		{"2026-12-07 10:00", -5, "2026-11-30 10:00"},
		{"2026-12-06 10:00", -1, "2026-12-04 10:00"}, // a Sunday
		{"2026-12-04 10:00", 1, "2026-12-07 10:00"},
		{"2026-12-05 10:00", 0, "2026-12-05 10:00"},
		{"2026-03-27 02:30", 1, "2026-03-30 02:30"}, // over a change of the clock
	} {
		if got, want := w.Add(at(t, c.from, w.Zone), c.days), at(t, c.want, w.Zone); !got.Equal(want) {
			t.Errorf("%s %+d: %v, want %v", c.from, c.days, got, want)
		}
	}
	if from := at(t, "2026-12-04 10:00", time.UTC); !(Week{Zone: time.UTC}).Add(from, 3).Equal(from) {
		t.Error("a week without working days has nowhere to go")
	}
}

// Working time adds up, agrees with a count minute by minute, and days added are days passed.
func TestWorkingAddsUp(t *testing.T) {
	zones := tricky(t)
	rapid.Check(t, func(t *rapid.T) {
		from := Clock(rapid.IntRange(0, 23*60).Draw(t, "from"))
		w := Week{
			Days:  Days(rapid.IntRange(1, 127).Draw(t, "days")),
			Hours: Hours{from, Clock(rapid.IntRange(int(from)+1, 24*60).Draw(t, "to"))},
			Zone:  rapid.SampledFrom(zones).Draw(t, "zone"),
		}
		start := time.Unix(rapid.Int64Range(-3e9, 4e9).Draw(t, "start")/60*60, 0)
		a := start.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "a")) * time.Minute)
		b := a.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "b")) * time.Minute)
		if wall(a, w.Zone).Before(wall(start, w.Zone)) || wall(b, w.Zone).Before(wall(a, w.Zone)) {
			t.Skip("the clock was set back in between")
		}
		if w.Working(start, a)+w.Working(a, b) != w.Working(start, b) {
			t.Fatalf("%v + %v is not %v", w.Working(start, a), w.Working(a, b), w.Working(start, b))
		}
		var counted time.Duration
		for m := wall(start, w.Zone); m.Before(wall(a, w.Zone)); m = m.Add(time.Second * 60) {
			if c := Clock(m.Hour()*60 + m.Minute()); w.Days.Has(m.Weekday()) && c >= w.Hours.From && c < w.Hours.To {
				counted += time.Minute
			}
		}
		// Old zones stood at odd seconds: a count of minutes may then be one short or over at each edge of a day.
		if d := counted - w.Working(start, a); d.Abs() > 10*time.Minute || wall(start, w.Zone).Second() == 0 && d != 0 {
			t.Fatalf("counted %v, said %v", counted, w.Working(start, a))
		}
		n := rapid.IntRange(1, 30).Draw(t, "n")
		if passed := w.WorkingDays(start, w.Add(start, n)); passed < n-1 || passed > n {
			t.Fatalf("%d days added, %d passed", n, passed)
		}
	})
}
