package discordfake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// word looks at a field that is written as a string.
func (in *inspection) word(kind, name string, f field, at string, v any) {
	s, ok := v.(string)
	if n, is := v.(json.Number); is && (f.is == isNonce || f.is == isNumber) {
		s, ok = n.String(), true
	}
	if !ok {
		in.at(at, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
		return
	}
	switch f.is {
	case isSnow, isNumber:
		if !numeric(s) {
			in.at(at, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not snowflake.", s))
		}
	case isWeb, isFile:
		if f.is == isWeb || !strings.HasPrefix(s, "attachment://") {
			in.address(at, s)
		}
	case isMoment:
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			in.at(at, "DATE_TIME_TYPE_PARSE", fmt.Sprintf("Could not parse %s. Should be ISO8601.", s))
		}
	}
	in.length(kind, name, at, characters(s), false)
}

// address refuses what is no http or https URL. A host without a dot is refused as well (bugsink/bugsink#280).
func (in *inspection) address(at, s string) {
	u, err := url.Parse(s)
	if err != nil {
		in.at(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
		return
	}
	switch host := strings.Trim(u.Hostname(), "."); {
	case u.Scheme != "http" && u.Scheme != "https":
		in.at(at, "URL_TYPE_INVALID_SCHEME", fmt.Sprintf("Scheme %q is not supported. Scheme must be one of ('http', 'https').", u.Scheme))
	case !strings.Contains(host, ".") || strings.ContainsAny(s, " \t\n\"<>"):
		in.at(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	}
}

func limited(kind string) string {
	if same, ok := sameLimits[kind]; ok {
		return same
	}
	return kind
}

// length refuses what is too long, or too short.
func (in *inspection) length(kind, name, at string, n int, items bool) {
	l, ok := limitOf(limited(kind), name)
	switch {
	case !ok || n >= l.Min && n <= l.Max:
	case l.Min > 0 && n == 0 && !items:
		in.at(at, "BASE_TYPE_REQUIRED", "This field is required")
	case l.Min > 0:
		in.at(at, "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between %d and %d in length.", l.Min, l.Max))
	default:
		in.at(at, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", l.Max))
	}
}

// characters are counted as Discord's API does: code points, without the white space around.
func characters(s string) int { return utf8.RuneCountInString(strings.TrimSpace(s)) }
