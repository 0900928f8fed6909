package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Clock is a time of day in minutes since midnight, on the wall clock.
type Clock int

// endOfDay is midnight as the end of a day: 24:00.
const endOfDay Clock = 24 * 60

// String writes "09:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// Hours is the part of a day when people work, From before To.
type Hours struct{ From, To Clock }

// String writes "09:00-17:00".
func (h Hours) String() string { return h.From.String() + "-" + h.To.String() }

// ParseHours reads "09:00-17:00". The end may be 24:00; hours that run past midnight are refused.
func ParseHours(text string) (Hours, error) {
	first, last, ranged := strings.Cut(strings.TrimSpace(text), "-")
	from, errFrom := readClock(strings.TrimSpace(first))
	to, errTo := readClock(strings.TrimSpace(last))
	why := ""
	switch {
	case !ranged || errFrom != nil || errTo != nil:
		why = "two times of day and a dash are meant"
	case from >= to:
		why = "the end is not after the beginning"
	default:
		return Hours{from, to}, nil
	}
	return Hours{}, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%q cannot be working hours: %s", workflows.Display(text, 40), why)).
		Type("09:00-17:00", "00:00-24:00")
}

var clockShape = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})$`)

// readClock reads 0:00 to 24:00.
func readClock(text string) (Clock, error) {
	m := clockShape.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	hour, _ := strconv.Atoi(m[1]) // two digits: cannot fail
	minute, _ := strconv.Atoi(m[2])
	c := Clock(hour*60 + minute)
	if minute > 59 || c > endOfDay {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	return c, nil
}
