package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// TestParseWorking: a time of day alone means the team's working days; whoever says days means those.
func TestParseWorking(t *testing.T) {
	for text, want := range map[string]string{"09:00": "mon,tue,wed,thu,sun 09:00", "daily": "", "sat 10:00": "sat 10:00", "0 9 1 * *": "0 9 1 * *"} {
		days, err := ParseDays("sun-thu")
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseWorking(text, days)
		if (err != nil) != (want == "") || got.String() != want {
			t.Errorf("%s: %s, %v, not %s", text, got, err, want)
		}
	}
}

func TestParseSpec(t *testing.T) {
	for text, want := range map[string]string{
		"09:00":             "09:00",
		" 9:00 ":            "09:00",
		"weekdays 09:30":    "weekdays 09:30",
		"Weekdays  09:30":   "weekdays 09:30",
		"mon-fri 09:30":     "weekdays 09:30",
		"thu,mon 16:00":     "mon,thu 16:00",
		"sunday 00:00":      "sun 00:00",
		"mon-sun 23:59":     "23:59",
		"fri-mon 08:00":     "mon,fri,sat,sun 08:00",
		"0 9 * * *":         "0 9 * * *",
		"*/15 8-18 * * MON": "*/15 8-18 * * mon",
		"0 0 29 2 *":        "0 0 29 2 *",
		"0 0 ? * 1,4":       "0 0 ? * 1,4",
	} {
		s, err := ParseSpec(text)
		if err != nil || s.String() != want {
			t.Errorf("%q: %q, %v", text, s, err)
		}
	}
}

func TestParseSpecRefuses(t *testing.T) {
	for text, why := range map[string]string{
		"":                              "nothing says when",
		"@every 5m":                     "intervals",
		"@every -5s":                    "intervals",
		"@daily":                        "intervals",
		"TZ=0":                          "no zone",
		"TZ=":                           "no zone",
		"TZ=Europe/Paris":               "no zone",
		"CRON_TZ=UTC":                   "no zone",
		"CRON_TZ=UTC 0 9 * * *":         "no zone",
		"TZ=UTC 9 * * *":                "no zone",
		"0 9 * * TZ=UTC":                "digits, names",
		"0 0 30 2 *":                    "never comes",
		"0 0 31 2,4,6,9,11 *":           "never comes",
		"25:00":                         "no time of day",
		"24:00":                         "no time of day",
		"09:60":                         "no time of day",
		"0900":                          "no time of day",
		"noon":                          "no time of day",
		"someday 09:00":                 "no day of the week",
		"mon, 09:00":                    "no day of the week",
		"mon-tue-wed 09:00":             "no day of the week",
		"09:00 mon":                     "no day of the week",
		"mon thu 16:00":                 "neither",
		"0 9 * *":                       "neither",
		"0 0 9 * * *":                   "neither",
		"60 9 * * *":                    "minute, hour",
		"0 9 * * 7":                     "minute, hour",
		"0 9 * * mon#2":                 "digits, names",
		"*/0 9 * * *":                   "minute, hour",
		"5-1 9 * * *":                   "minute, hour",
		strings.Repeat("1,", 60) + "1":  "at most",
		"\x1b[2J 09:00":                 "no day of the week",
		"0 9 * * 99999999999999999999":  "minute, hour",
		"0/9223372036854775807 * * * x": "minute, hour",
	} {
		s, err := ParseSpec(text)
		var no *workflows.Refusal
		if !errors.As(err, &no) || no.Reason != workflows.Invalid || !strings.Contains(no.Why, why) || len(no.Next) == 0 {
			t.Errorf("%q: %q, %v", text, s, err)
		}
		if no != nil && strings.Contains(no.Why, "\x1b") {
			t.Errorf("%q: the refusal steers a terminal: %q", text, no.Why)
		}
	}
}

// The guard stands between us and the parser's own panics.
func TestGuard(t *testing.T) {
	for _, panics := range []string{"TZ=0", "CRON_TZ=UTC", "TZ="} {
		if _, err := guard(panics); err == nil {
			t.Errorf("%q is read", panics)
		}
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, seed := range []string{"09:00", "weekdays 09:30", "mon,thu 16:00", "0 9 1 * *", "*/7 */5 29 2 ?", "TZ=0", "@every 1s", "0 0 30 2 *"} {
		f.Add(seed, int64(1_774_746_000), uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, unix int64, zone uint8) {
		s, err := ParseSpec(text)
		if err != nil {
			var no *workflows.Refusal
			if !errors.As(err, &no) {
				t.Fatalf("%q: a fault: %v", text, err)
			}
			return
		}
		again, err := ParseSpec(s.String())
		if err != nil || again != s {
			t.Fatalf("%q prints as %q, which reads as %q, %v", text, s, again, err)
		}
		const century = 100 * 365 * 24 * 3600
		at := time.Unix(unix%century, 0)
		if next := s.Next(at, tricky(t)[int(zone)%len(trickyZones)]); !next.After(at) {
			t.Fatalf("%q after %v comes %v", s, at, next)
		}
	})
}

func TestParseDaysAndHours(t *testing.T) {
	for text, want := range map[string]string{"mon-fri": "mon-fri", "Sat, Sun": "sat,sun", "weekdays": "mon-fri", "mon,wednesday-fri": "mon,wed,thu,fri"} {
		if d, err := ParseDays(text); err != nil || d.String() != want {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
	for text, want := range map[string]string{"09:00-17:00": "09:00-17:00", "9:00 - 12:30": "09:00-12:30", "00:00-24:00": "00:00-24:00"} {
		if h, err := ParseHours(text); err != nil || h.String() != want {
			t.Errorf("%q: %v, %v", text, h, err)
		}
	}
	for _, text := range []string{"", "mon-", "-fri", "frie", "mon fri"} {
		if d, err := ParseDays(text); err == nil {
			t.Errorf("%q is read as %v", text, d)
		}
	}
	for _, text := range []string{"", "09:00", "09:00-", "17:00-09:00", "09:00-09:00", "09:00-24:01", "24:00-25:00"} {
		var no *workflows.Refusal
		if h, err := ParseHours(text); !errors.As(err, &no) {
			t.Errorf("%q is read as %v, %v", text, h, err)
		}
	}
}
