package cards

import (
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

// Flags answers `flag list`: one line a flag.
func Flags(flags []flag.Flag, v View) chat.Message {
	if len(flags) == 0 {
		return chat.Message{Title: "no flags → /release flag new F"}
	}
	m := chat.Message{Title: count(len(flags), "flag")}
	for _, f := range flags {
		m.Lines = append(m.Lines, fmt.Sprintf("%s · %s · %s · %s · %s", f.Key, f.Stands(), f.Release.Name(), f.Owner.At(), expiry(f, v)))
	}
	return m
}

func expiry(f flag.Flag, v View) string {
	switch {
	case f.Expires.IsZero():
		return "never expires"
	case f.Expired(v.Now):
		return "expired " + v.in(f.Expires).Format(time.DateOnly)
	}
	return "until " + v.in(f.Expires).Format(time.DateOnly)
}

// Flag answers `flag show`: how far it is open in each environment.
func Flag(f flag.Flag, envs []workflows.Environment, s workflows.Standing, v View) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("flag %s · %s", f.Key, f.Stands())}
	add := func(format string, args ...any) { m.Lines = append(m.Lines, fmt.Sprintf(format, args...)) }
	add("of %s · owner %s · %s", f.Release.Name(), f.Owner.At(), expiry(f, v))
	if f.Why != "" {
		add("%s", workflows.Display(f.Why, maxText))
	}
	for _, env := range envs {
		add("%s %d %%", env, f.Percents[env])
	}
	if f.Killed != nil {
		add("killed by %s, %s: %s", f.Killed.By.At(), stamp(v, f.Killed.At), workflows.Display(f.Killed.Note, maxText))
	}
	basis := Basis(workflows.Basis{Revision: uint64(f.Revision), Said: true})
	users := envs[len(envs)-1]
	now := f.Percents[users]
	if now < 100 && f.Killed == nil && s.Reach == workflows.ReachEveryone { // who killed it types what comes after
		m.Buttons = append(m.Buttons, chat.Button{Label: "Set to 100 %", Line: fmt.Sprintf("flag set %s 100%% --env %s", f.Key, users), Basis: basis})
	}
	if f.Killed == nil {
		m.Buttons = append(m.Buttons, setButton(f, basis))
	}
	if now > 0 {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Off", Line: fmt.Sprintf("flag set %s 0%% --env %s", f.Key, users), Basis: basis})
	}
	if len(f.Percents) > 0 {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Kill…", Line: fmt.Sprintf("flag kill %s", f.Key), Basis: basis})
	}
	return m
}

// setButton asks for how many users a flag is opened.
func setButton(f flag.Flag, basis string) chat.Button {
	return chat.Button{Label: "Set…", Line: fmt.Sprintf("flag set %s", f.Key), Basis: basis}
}

// FlagChanged answers every change of a flag: from what to what.
func FlagChanged(before, after flag.Flag, v View) chat.Message {
	what := fmt.Sprintf("flag %s · %s → %s", after.Key, before.Stands(), after.Stands())
	switch {
	case !before.Exists():
		what = fmt.Sprintf("flag %s of %s · off everywhere · %s → /release flag set %s 10%%", after.Key, after.Release.Name(), expiry(after, v), after.Key)
	case before.Stands() == after.Stands():
		what = fmt.Sprintf("flag %s · %s", after.Key, expiry(after, v))
	}
	m := chat.Message{Title: what}
	if !before.Exists() {
		m.Buttons = []chat.Button{setButton(after, "")}
	}
	return m
}

// Evaluation answers `flag show --for`: what one user gets, and why.
func Evaluation(e flag.Evaluation, user string, v View) chat.Message {
	parts := []string{fmt.Sprintf("%s is %s for %s in %s", e.Key, e.Variant, workflows.Display(user, 80), e.Env), strings.ToLower(string(e.Reason))}
	if e.Bucket != nil {
		parts = append(parts, fmt.Sprintf("bucket %d, on below %d", *e.Bucket, e.Percent))
	}
	if e.Stale {
		parts = append(parts, fmt.Sprintf("stale: as of %s, the store cannot be trusted", stamp(v, e.AsOf)))
	}
	return chat.Message{Title: strings.Join(parts, " · ")}
}
