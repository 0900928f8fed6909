package workflows

import (
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// What one commit's message may cost: how much of it is read, and how many references are kept of it.
const (
	maxMessage  = 64 << 10
	maxMentions = 50
)

var (
	trackerRef = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,9}-[1-9][0-9]{0,8}$`)
	mention    = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `|]+|(?:[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)+)?[#!][0-9]+\b|\b[A-Z][A-Z0-9_]+-[0-9]+\b`)
)

// Reference is the one form of what people plan and commits mention: "#12" for an issue or pull request, "!12" for a
// merge request, "ABC-12" for the key of a tracker, else the address without what does not tell it from others. It is
// empty for what is none of these. An address and its short form give the same; see SameReference for two addresses.
func Reference(text string) string {
	_, key := reference(text)
	return key
}

// SameReference reports whether two references mean the same thing. The same number in two repositories does not, where
// both say which repository they mean.
func SameReference(a, b string) bool {
	r := References{}
	r.Add(a)
	return r.Has(b)
}

// References are things that are referred to, read once: asking them one by one whether they mean the same takes long
// where there are many.
type References map[string][]string // the homes, by key

// Add takes in one more. What is no reference is left out.
func (r References) Add(text string) {
	if home, key := reference(text); key != "" {
		r[key] = append(r[key], home)
	}
}

// Has reports whether one of them means the same thing as text.
func (r References) Has(text string) bool {
	home, key := reference(text)
	return slices.ContainsFunc(r[key], func(other string) bool { return within(home, other) || within(other, home) })
}

// within reports whether one home is the end of the other: "o/r" of "github.com/o/r". An unsaid one is of any.
func within(home, other string) bool {
	return home == "" || home == other || strings.HasSuffix(other, "/"+home)
}

// reference gives the repository that a reference names, where it does, and its key there.
func reference(text string) (home, key string) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
		return address(text)
	}
	if i := strings.LastIndexAny(text, "#!"); i >= 0 && number(text[i+1:]) && strings.IndexFunc(text[:i], blank) < 0 {
		return strings.ToLower(strings.Trim(text[:i], "/")), text[i:]
	}
	if !trackerRef.MatchString(text) {
		return "", ""
	}
	if n, ok := strings.CutPrefix(strings.ToUpper(text), "GH-"); ok {
		return "", "#" + n
	}
	return "", strings.ToUpper(text)
}

// number reports whether a text is that of an issue: a number of at most nine digits.
func number(text string) bool {
	return len(text) > 0 && len(text) < 10 && text[0] != '0' && strings.Trim(text, "0123456789") == ""
}

// blank reports whether a character stands between words, as in a pattern's \s.
func blank(c rune) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// numbered are the parts of a path before which the repository stands, and behind which a number.
var numbered = map[string]string{"issues": "#", "pull": "#", "pulls": "#", "pull-requests": "#", "work_items": "#", "merge_requests": "!"}

// keyed are the parts of a path behind which a tracker has its key.
var keyed = []string{"browse", "issue", "issues"}

func address(text string) (home, key string) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", ""
	}
	host := strings.ToLower(u.Host)
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	for i, p := range parts[:len(parts)-1] {
		next := parts[i+1]
		if mark := numbered[p]; mark != "" && i > 0 && number(next) {
			return strings.ToLower(strings.TrimSuffix(host+"/"+strings.Join(parts[:i], "/"), "/-")), mark + next // GitLab has a dash between
		}
		if slices.Contains(keyed, p) && trackerRef.MatchString(next) {
			return "", strings.ToUpper(next)
		}
	}
	key = "https://" + host + strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	return "", key
}

// Mentions finds the references in a commit's whole message: its subject, its body, its trailers. Each is written so that
// SameReference compares it: with its repository where the message names one. Of a message longer than any that people
// write, the beginning is read.
func Mentions(message string) []string {
	var out []string
	for word := range pointing(message[:min(len(message), maxMessage)]) {
		for _, m := range mention.FindAllString(word, -1) {
			home, key := reference(strings.TrimRight(m, ".,;:!?)]}*_"))
			if key == "" {
				continue
			}
			if home != "" {
				key = home + key
			}
			if !slices.Contains(out, key) {
				out = append(out, key)
			}
			if len(out) == maxMentions {
				return out
			}
		}
	}
	return out
}

// pointing gives the words of a text that may hold a mention, which never reaches beyond one. Most words hold none, and to
// look for the pattern in all of them takes longer than all else that is done with a commit.
func pointing(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, points := 0, false
		for i := range len(text) + 1 {
			switch {
			case i == len(text) || blank(rune(text[i])):
				if points && !yield(text[begin:i]) {
					return
				}
				begin, points = i+1, false
			case i > begin && !points:
				points = text[i-1:i+1] == ":/" || '0' <= text[i] && text[i] <= '9' && strings.IndexByte("#!-", text[i-1]) >= 0
			}
		}
	}
}
