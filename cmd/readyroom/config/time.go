package config

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
)

// hostZone stands for the zone of the machine.
const hostZone = "host"

func (r *reader) time(n *node, t *Time) {
	f := r.fields(n, "time", "zone", "days", "hours", "digest", "channel")
	if n := f["zone"]; n != nil {
		t.Zone, t.ZoneName = r.zone(n, "time.zone")
	}
	for key, part := range map[string]struct {
		into  *string
		check func(string) error
	}{
		"days":    {&t.Days, func(s string) error { _, err := calendar.ParseDays(s); return err }},
		"hours":   {&t.Hours, func(s string) error { _, err := calendar.ParseHours(s); return err }},
		"digest":  {&t.Digest, func(s string) error { _, err := calendar.ParseSpec(s); return err }},
		"channel": {&t.Channel, func(s string) error { _, err := calendar.ParseSpec(s); return err }},
	} {
		n := f[key]
		if n == nil {
			continue
		}
		text, ok := r.text(n, at("time", key))
		if err := part.check(text); ok && err != nil {
			r.refused(n, at("time", key), err)
		}
		*part.into = text
	}
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

// zone reads the name of a zone; the machine's own where it cannot.
func (r *reader) zone(n *node, path string) (*time.Location, string) {
	name, ok := r.text(n, path)
	if !ok || name == hostZone {
		return time.Local, hostZone
	}
	if zone := r.zones[name]; zone != nil {
		return zone, name
	}
	if zone, err := time.LoadLocation(name); err == nil && name != "Local" {
		r.zones[name] = zone
		return zone, name
	}
	if r.enough() {
		r.wrong(n, path, "no such zone "+quoted(name), "")
		return time.Local, hostZone
	}
	next := "write an IANA name such as Europe/Berlin, or host"
	if near := nearZone(name); near != "" {
		next = "write " + near
	}
	r.wrong(n, path, "no such zone "+quoted(name), next)
	return time.Local, hostZone
}

// nearZone tries what people write instead of a zone: its city alone, small letters, spaces. The zone database can be
// asked but not listed.
func nearZone(name string) string {
	if len(name) > 40 {
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
