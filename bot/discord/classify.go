package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// ruling is what one of Discord's errors means for a post, and what people can do about it.
type ruling struct {
	verdict chat.Verdict
	gone    bool // what should be edited or answered is no longer there
	paced   bool
	alone   bool // of paced: only what is done to this one message waits
	words   string
}

// apiError is an answer of Discord's that says no.
type apiError struct {
	Status  int    // of HTTP
	Code    int    // Discord's own, as 50013; 0: it gave none
	Message string // for whoever runs the bot; nothing that was received stands in it but the number and names of fields
}

func (e *apiError) Error() string { return e.Message }

// codeOf is Discord's code of a fault; 0: it has none.
func codeOf(f *chat.Fault) int {
	if f == nil {
		return 0
	}
	if no, ok := errors.AsType[*apiError](f.Err); ok {
		return no.Code
	}
	return 0
}

// said is the body of an error of Discord's.
type said struct {
	Message    *string         `json:"message"`
	Code       int             `json:"code"`
	RetryAfter *float64        `json:"retry_after"`
	Global     bool            `json:"global"`
	Errors     json.RawMessage `json:"errors"`
}

// said reads the error that came back; ok is false for one that is none of Discord's, as a proxy's page.
func (x *exchange) said() (s said, ok bool) {
	ok = json.Unmarshal(x.body, &s) == nil && s.Message != nil
	return s, ok
}

// refused says what an answer means that is no yes.
func (x *exchange) refused() *chat.Fault {
	s, ok := x.said()
	var r ruling
	switch {
	case x.status == http.StatusTooManyRequests:
		r = ruleSlower
		if known, is := rulings[s.Code]; ok && is && known.paced {
			r = known
		}
	case !ok || x.status < 400: // something stands between Discord and us, or is broken there
		return &chat.Fault{Verdict: chat.Unclear, Err: fmt.Errorf("something other than an answer of Discord's came back (HTTP status %d)", x.status)}
	case x.status >= 500:
		r = ruleBroken
	default:
		r = rule(x.status, s.Code)
	}
	no := &apiError{Status: x.status, Message: sayNo(x.status, s, r)}
	if ok {
		no.Code = s.Code
	}
	return &chat.Fault{Verdict: r.verdict, Gone: r.gone, Paced: r.paced, Alone: r.alone, After: x.wants(), Err: no}
}

// rule finds the ruling for an error, by its code or else by its status. What nobody knows waits for somebody to look:
// nothing is lost.
func rule(status, code int) ruling {
	if r, ok := rulings[code]; ok {
		return r
	}
	if r, ok := byStatus[status]; ok && code == 0 {
		return r
	}
	return ruling{verdict: chat.Park, words: "Readyroom does not know this error → look it up among Discord's JSON error codes, and mend it there"}
}

// sayNo words a no of Discord's: its number, what to do, and where in the message the mistake is.
func sayNo(status int, s said, r ruling) string {
	name := "error " + strconv.Itoa(s.Code)
	if s.Code == 0 {
		name = "no with HTTP status " + strconv.Itoa(status)
	}
	text := "Discord says " + name + ": " + r.words
	if at := mistakes(s.Errors, "", 0); len(at) > 0 {
		text += " (at " + strings.Join(at[:min(len(at), 3)], ", ") + ")"
	}
	return text
}

var (
	fieldLike = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	causeLike = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,60}$`)
)

// mistakes reads which fields Discord does not take: "embeds.0.description BASE_TYPE_MAX_LENGTH". Only what looks like
// names is repeated: what answers in Discord's place may repeat a token.
func mistakes(errs json.RawMessage, at string, depth int) (out []string) {
	var fields map[string]json.RawMessage
	if depth > 10 || json.Unmarshal(errs, &fields) != nil {
		return nil
	}
	for name, field := range fields {
		var causes []struct{ Code string }
		switch {
		case name == "_errors" && json.Unmarshal(field, &causes) == nil && len(causes) > 0 && causeLike.MatchString(causes[0].Code):
			out = append(out, strings.TrimPrefix(at, ".")+" "+causes[0].Code)
		case fieldLike.MatchString(name):
			out = append(out, mistakes(field, at+"."+name, depth+1)...)
		}
	}
	slices.Sort(out)
	return out
}

const (
	leastAfter, mostAfter = 50 * time.Millisecond, 2 * time.Hour
)

// wants is when Discord wants the next call after a 429: as its body says, for the header was seen to be wrong
// (discord-api-docs#6109); zero: it does not say. Where something else than Discord answered there is only the header.
func (x *exchange) wants() time.Duration {
	if x.status != http.StatusTooManyRequests {
		return 0
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(x.header.Get("Retry-After")), 64)
	if s, ok := x.said(); ok && s.RetryAfter != nil {
		seconds, err = *s.RetryAfter, nil
	}
	if err != nil || math.IsNaN(seconds) {
		return 0
	}
	seconds = min(max(seconds, leastAfter.Seconds()), mostAfter.Seconds())
	return time.Duration(seconds * float64(time.Second))
}
