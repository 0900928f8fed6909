package discordfake

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// named resolves what stands for something else; the lock is held.
func (f *Fake) named(text string) (reads string, n int) {
	if m := markMention.FindStringSubmatch(text); m != nil {
		return f.nameOf(m[1], m[2]), len(m[0])
	}
	if m := markMoment.FindStringSubmatch(text); m != nil {
		seconds, _ := strconv.ParseInt(m[1], 10, 64)
		return when(time.Unix(seconds, 0).UTC(), m[2], f.o.Now()), len(m[0])
	}
	if m := markSmiley.FindStringSubmatch(text); m != nil {
		return ":" + m[1] + ":", len(m[0])
	}
	if m := markTyped.FindStringSubmatch(text); m != nil {
		return "/" + m[1], len(m[0])
	}
	return "", 0
}

// nameOf is how a mention is shown; the lock is held.
func (f *Fake) nameOf(kind, id string) string {
	switch kind {
	case "@&":
		if r := f.roles[id]; r != nil {
			return "@" + strings.TrimPrefix(r.Name, "@")
		}
		return "@deleted-role"
	case "#":
		if c := f.channels[id]; c != nil {
			return "#" + c.Name
		}
		return "#unknown"
	}
	if u := f.users[id]; u != nil {
		return "@" + u.Name
	}
	return "@unknown-user"
}

// when is how a client shows a time, in UTC.
func when(at time.Time, style string, now time.Time) string {
	if style == "R" {
		d := at.Sub(now).Round(time.Minute)
		if d < 0 {
			return fmt.Sprintf("%v ago", -d)
		}
		return fmt.Sprintf("in %v", d)
	}
	layout := map[string]string{
		"t": "15:04", "T": "15:04:05", "d": "02/01/2006", "D": "2 January 2006", "F": "Monday, 2 January 2006 15:04",
		"s": "02/01/2006, 15:04", "S": "02/01/2006, 15:04:05",
	}[style]
	if layout == "" {
		layout = "2 January 2006 15:04"
	}
	return at.Format(layout)
}
