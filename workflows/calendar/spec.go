// Package calendar owns working days, working time and schedules: what a spec of a reminder means, and when it comes
// next in somebody's zone.
//
// It reads no clock, starts nothing, and remembers nothing: times come in, times go out. Who is reminded of what is
// none of its business.
package calendar

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/readyroom/readyroom/workflows"
)

// Spec says when something comes round: "09:00", "weekdays 09:30", "mon,thu 16:00", or five cron fields (minute, hour,
// day of the month, month, weekday; with both days restricted, either will do, as cron has it). Specs are comparable:
// equal ones were written alike, up to case, spaces and the order of days.
type Spec struct {
	text string
	when cron.SpecSchedule
}

// maxSpec is the longest spec read; the longest useful ones are half of it.
const maxSpec = 120

// ParseSpec reads a spec, or refuses it with what is wrong and with examples.
func ParseSpec(text string) (Spec, error) {
	fields := strings.Fields(strings.ToLower(text))
	switch {
	case len(text) > maxSpec:
		return Spec{}, refuse(text, fmt.Sprintf("a spec has at most %d characters", maxSpec))
	case len(fields) == 0:
		return Spec{}, refuse(text, "nothing says when")
	case strings.HasPrefix(fields[0], "@"):
		return Spec{}, refuse(text, "intervals and nicknames are not known here: say a time of day, or cron fields")
	case strings.Contains(fields[0], "="):
		return Spec{}, refuse(text, "a spec has no zone of its own: it is read in the zone of whoever it reminds")
	case len(fields) == 5:
		return parseFields(text, strings.Join(fields, " "), strings.Join(fields, " "))
	case len(fields) == 1:
		return parseDaily(text, everyDay, fields[0])
	case len(fields) == 2:
		days, err := readDays(fields[0])
		if err != nil {
			return Spec{}, refuse(text, err.Error())
		}
		return parseDaily(text, days, fields[1])
	}
	return Spec{}, refuse(text, "neither a time, nor days and a time, nor five cron fields")
}

// ParseWorking reads a spec in which a time of day alone means that time on the working days.
func ParseWorking(text string, days Days) (Spec, error) {
	s, err := ParseSpec(text)
	if clock := strings.Fields(text); err == nil && len(clock) == 1 && days != 0 {
		return parseDaily(text, days, clock[0])
	}
	return s, err
}

// String is the spec as it is best written; parsing it gives an equal spec.
func (s Spec) String() string { return s.text }

func parseDaily(text string, days Days, clock string) (Spec, error) {
	c, err := readClock(clock)
	if err != nil || c == endOfDay {
		return Spec{}, refuse(text, fmt.Sprintf("%s is no time of day: two digits, a colon, two digits", workflows.Display(clock, 20)))
	}
	written := c.String()
	switch days {
	case everyDay:
	case workDays:
		written = "weekdays " + written
	default:
		written = days.String() + " " + written
	}
	return parseFields(text, written, fmt.Sprintf("%d %d * * %s", c%60, c/60, days.fields()))
}

// cronField is what a field may be made of. What the parser would read as a zone or a nickname cannot be written so.
var cronField = regexp.MustCompile(`^[0-9a-z*/,? -]+$`)

// cronParser reads exactly five fields, and no nicknames.
var cronParser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

func parseFields(text, written, fields string) (Spec, error) {
	if !cronField.MatchString(fields) {
		return Spec{}, refuse(text, "cron fields hold digits, names, and * / , - only")
	}
	when, err := guard(fields)
	if err != nil {
		return Spec{}, refuse(text, "minute, hour, day, month, weekday: "+workflows.Display(err.Error(), 100))
	}
	s := Spec{text: written, when: when}
	if s.next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Spec{}, refuse(text, "that day never comes")
	}
	return s, nil
}

// guard keeps the parser's panics, of which it has had some, from being ours.
func guard(fields string) (s cron.SpecSchedule, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("cannot be read")
		}
	}()
	parsed, err := cronParser.Parse(fields)
	if err != nil {
		return s, err
	}
	when, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return s, errors.New("is not a schedule of days and times")
	}
	return *when, nil
}

func refuse(text, why string) error {
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("%q is no schedule: %s", workflows.Display(text, 40), why)).
		Type("09:00", "weekdays 09:30", "mon,thu 16:00", "0 9 1 * *")
}
