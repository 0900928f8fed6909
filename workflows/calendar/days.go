package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Days is a set of weekdays.
type Days uint8

const (
	everyDay Days = 1<<7 - 1
	workDays Days = 1<<time.Monday | 1<<time.Tuesday | 1<<time.Wednesday | 1<<time.Thursday | 1<<time.Friday
)

// week is the order in which days are read and written.
var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// Has reports whether d is one of the days.
func (s Days) Has(d time.Weekday) bool { return s&(1<<d) != 0 }

// String writes the days as ParseDays reads them: "mon-fri", "mon-sun", "mon,thu".
func (s Days) String() string {
	switch s {
	case workDays:
		return "mon-fri"
	case everyDay:
		return "mon-sun"
	}
	return s.join(func(d time.Weekday) string { return strings.ToLower(d.String()[:3]) })
}

// fields writes the days as cron's field of weekdays.
func (s Days) fields() string {
	if s == everyDay {
		return "*"
	}
	return s.join(func(d time.Weekday) string { return fmt.Sprint(int(d)) })
}

func (s Days) join(name func(time.Weekday) string) string {
	var names []string
	for _, d := range week {
		if s.Has(d) {
			names = append(names, name(d))
		}
	}
	return strings.Join(names, ",")
}

// ParseDays reads "mon-fri", "sat,sun", "weekdays"; names may be written in full. A range may run over the week's end.
func ParseDays(text string) (Days, error) {
	days, err := readDays(text)
	if err != nil {
		return 0, workflows.Refuse(workflows.Invalid, err.Error()).Type("mon-fri", "sat,sun", "mon,wed-fri")
	}
	return days, nil
}

func readDays(text string) (Days, error) {
	var days Days
	for part := range strings.SplitSeq(strings.ToLower(strings.TrimSpace(text)), ",") {
		part = strings.TrimSpace(part)
		if part == "weekdays" {
			days |= workDays
			continue
		}
		first, last, ranged := strings.Cut(part, "-")
		if !ranged {
			last = first
		}
		from, to := weekday(first), weekday(last)
		if from < 0 || to < 0 {
			return 0, fmt.Errorf("%q is no day of the week", workflows.Display(part, 20))
		}
		for d := from; ; d = (d + 1) % 7 {
			days |= 1 << d
			if d == to {
				break
			}
		}
	}
	return days, nil
}

// weekday is -1 for what is no name of a day.
func weekday(name string) time.Weekday {
	for _, d := range week {
		if full := strings.ToLower(d.String()); name == full || name == full[:3] {
			return d
		}
	}
	return -1
}
