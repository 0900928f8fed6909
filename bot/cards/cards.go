// Package cards is the wording: it turns state, events, receipts and refusals into messages. What is posted has its
// words in template files beside it; one-line answers, composed of many small facts, are put together here. What a
// public place may read is built from public text alone (public.go).
//
// It sends nothing and decides nothing.
package cards

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
)

//go:embed words/*.tmpl
var files embed.FS

// words is every template, by the name it is defined under. User text reaches them as values, never as templates.
var words = template.Must(template.New("words").Funcs(template.FuncMap{
	"short": workflows.ShortID,
	"show":  func(s string) string { return workflows.Display(s, maxText) },
	"names": func(ids []workflows.PersonID) string { return strings.Join(policy.Names(ids), ", ") },
	"join":  func(s []string) string { return strings.Join(s, ", ") },
	"date":  func(t time.Time) string { return t.Format(time.DateOnly) },
}).ParseFS(files, "words/*.tmpl"))

// maxText is how much of a person's text a line shows.
const maxText = 300

// say executes a template; its first line is the title, the others follow. Blank lines are dropped.
func say(name string, data any) chat.Message {
	var b bytes.Buffer
	if err := words.ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("template %s: %v", name, err)) // goldens run every template: never for people
	}
	var m chat.Message
	for _, line := range strings.Split(b.String(), "\n") {
		line = strings.TrimRight(line, " ")
		switch {
		case strings.TrimSpace(line) == "":
		case m.Title == "":
			m.Title = strings.TrimSpace(line)
		default:
			m.Lines = append(m.Lines, line)
		}
	}
	return m
}

// few joins up to n names; of more, only the first is said.
func few(names []string, n int) string {
	if len(names) > n {
		return names[0] + ", …"
	}
	return strings.Join(names, ", ")
}

// count says how many, with the word for one or for several: "1 file", "3 files".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// View is how somebody reads: where, in which zone, at what time.
type View struct {
	Zone *time.Location
	Now  time.Time
	Me   workflows.PersonID // who reads, when it is one person
	Week calendar.Week      // when the team works; the zero one: time is told by dates
}

// waited is since when something waits, in working time, beside the lead time it has in working days: "3 h of 5 d",
// "2 d of 5"; nothing within the first hour.
func (v View) waited(since time.Time, lead int) string {
	if v.Week.Zone == nil {
		return "since " + v.in(since).Format(time.DateOnly)
	}
	days, hours := v.Week.WorkingDays(since, v.Now), int(v.Week.Working(since, v.Now).Hours())
	of, unit := "", ""
	if lead > 0 {
		of, unit = fmt.Sprintf(" of %d", lead), " d"
	}
	switch {
	case days > 0:
		return fmt.Sprintf("%d d", days) + of
	case hours > 0:
		return fmt.Sprintf("%d h", hours) + of + unit
	}
	return ""
}

// longer reports whether something waits for a working day or longer.
func (v View) longer(since time.Time) bool {
	return v.Week.Zone != nil && v.Week.WorkingDays(since, v.Now) > 0
}

func (v View) in(t time.Time) time.Time {
	if v.Zone == nil {
		return t.UTC()
	}
	return t.In(v.Zone)
}
