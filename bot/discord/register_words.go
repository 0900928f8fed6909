package discord

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// Registered is what became of the typed commands.
type Registered struct {
	Servers []Written
	Twice   []string // of all servers, by the same names as ours: people see both. They are not ours to take away
}

// Written is what was written in one server, or would be. Names are as people type or choose them: "/flag".
type Written struct {
	Server                    string
	Created, Changed, Removed []string
	Same                      int
}

// None reports whether there was nothing to write.
func (w Written) None() bool { return len(w.Created)+len(w.Changed)+len(w.Removed) == 0 }

func (w Written) String() string {
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"created", w.Created}, {"changed", w.Changed}, {"removed", w.Removed}} {
		if len(p.names) > 0 {
			parts = append(parts, p.what+" "+strings.Join(p.names, ", "))
		}
	}
	if w.Same > 0 || w.None() {
		parts = append(parts, fmt.Sprintf("%d as they should be", w.Same))
	}
	return strings.Join(parts, " · ")
}

// RegisterLine is what writes the commands by hand.
const RegisterLine = "readyroom discord register"

// Findings say what was written; of a dry run, what would be. Err is what Register could not do.
func (r Registered) Findings(dry bool, err error) []chat.Finding {
	var out []chat.Finding
	for _, w := range r.Servers {
		f := chat.Finding{State: chat.Well, What: "commands of " + w.Server, Found: w.String()}
		if dry && !w.None() {
			f.State, f.Found, f.Next = chat.Odd, "of another version. Would be "+f.Found, RegisterLine+", or restart the bot, which does it too"
		}
		out = append(out, f)
	}
	if len(r.Twice) > 0 {
		out = append(out, chat.Finding{State: chat.Odd, What: "commands of all servers",
			Found: strings.Join(r.Twice, ", ") + ": the application has them for all servers, too, so people see each of them twice",
			Next:  "take them away with whatever wrote them: those of the servers are the bot's"})
	}
	for _, one := range unjoined(err) {
		why, next, _ := strings.Cut(one.Error(), " → ")
		out = append(out, chat.Finding{State: chat.Failing, What: "commands", Found: why, Next: cmp.Or(next, toMend)})
	}
	return out
}

// toMend is what helps where Discord's own words do not say it.
const toMend = "readyroom doctor; in each server the bot needs the scopes bot and applications.commands. Then: " + RegisterLine

// unjoined are the errors that were joined to one.
func unjoined(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case !ok:
		return []error{err}
	}
	var out []error
	for _, one := range joined.Unwrap() {
		out = append(out, unjoined(one)...)
	}
	return out
}
