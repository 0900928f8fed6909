package lines

import (
	"regexp"
	"strings"
)

// verdict is the part of a title that says how things stand.
var verdict = regexp.MustCompile(`^(GO|NO-GO|ON HOLD)( \d+/\d+)?($|:| \()`)

// Verdict is how a release stands, as its cards say it first.
type Verdict string

// The verdicts.
const (
	Go     Verdict = "GO"
	NoGo   Verdict = "NO-GO"
	OnHold Verdict = "ON HOLD"
)

// signs are what a verdict is seen by from afar.
var signs = map[Verdict]string{Go: "✅ ", NoGo: "⛔ ", OnHold: "⏸️ "}

// Parted takes a title apart in front of the verdict. Where two parts read like one, somebody's words do, and none is
// believed.
func Parted(title string) (before, after string) {
	parts := strings.Split(title, " · ")
	at := -1
	for i, p := range parts {
		if !verdict.MatchString(p) {
			continue
		}
		if at >= 0 {
			return title, ""
		}
		at = i
	}
	if at < 0 {
		return title, ""
	}
	return strings.Join(parts[:at], " · "), strings.Join(parts[at:], " · ")
}

// VerdictOf is the verdict at the beginning of text; empty where there is none.
func VerdictOf(text string) Verdict {
	first, _, _ := strings.Cut(text, " · ")
	if g := verdict.FindStringSubmatch(first); g != nil {
		return Verdict(g[1])
	}
	return ""
}

// Sign is what the verdict at the beginning of text is seen by.
func Sign(text string) string { return signs[VerdictOf(text)] }
