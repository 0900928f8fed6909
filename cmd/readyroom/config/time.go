package config

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/readyroom/readyroom/workflows"
)

// hostZone stands for the zone of the machine.
const hostZone = "host"

func (r *reader) time(n *node) Time {
	zone, name := r.zone(n.get("zone"), "time.zone")
	return Time{zone, name, n.says("days"), n.says("hours"), n.says("digest"), n.says("channel")}
}

// refused reports what another room refused to read.
func (r *reader) refused(n *node, path string, err error) {
	why, next := err.Error(), ""
	var no *workflows.Refusal
	if errors.As(err, &no) {
		why = no.Why
		if len(no.Next) > 0 {
			next = "write " + strings.Join(no.Next, " or ")
		}
	}
	r.wrong(n, path, why, next)
}

// zone reads the name of a zone; the machine's own where there is none, or none such.
func (r *reader) zone(n *node, path string) (*time.Location, string) {
	if n == nil || n.text == hostZone {
		return time.Local, hostZone
	}
	name := n.text
	zone, seen := r.zones[name]
	if !seen && r.beyond() { // each look is into a file: what would not be told is not looked for
		return time.Local, hostZone
	}
	if !seen {
		zone = located(name)
		r.zones[name] = zone
	}
	if zone != nil {
		return zone, name
	}
	next := "write an IANA name such as Europe/Berlin, or host"
	if near := r.nearZone(name); near != "" {
		next = "write " + near
	}
	r.wrong(n, path, "no such zone "+quoted(name), next)
	return time.Local, hostZone
}

// located looks a zone up; nil where there is none such.
func located(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil
	}
	return zone
}

// nearZone tries what people write instead of a zone: its city alone, small letters, spaces. The zone database can be
// asked but not listed.
func (r *reader) nearZone(name string) string {
	if len(name) > 40 || r.enough() {
		return ""
	}
	begins := true
	city := strings.Map(func(c rune) rune {
		if c == ' ' {
			c = '_'
		}
		if begins {
			c = unicode.ToUpper(c)
		}
		begins = strings.ContainsRune("_/-", c)
		return c
	}, strings.ToLower(name))
	for _, region := range []string{"", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/"} {
		for _, try := range []string{region + city, region + strings.ToUpper(city)} {
			if _, err := time.LoadLocation(try); err == nil && !strings.EqualFold(try, "local") {
				return try
			}
		}
	}
	return ""
}
