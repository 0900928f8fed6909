package workflows

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxRef is how long the name of a commit may be, in bytes.
const MaxRef = 255

// WrongRef says why a word cannot name a commit; empty: it may. Beside what git itself forbids in names, it refuses
// what looks through history or a clone's own diary (:/text, HEAD@{1}): the answer would differ between clones.
func WrongRef(ref string) string {
	switch {
	case ref == "":
		return "it is empty"
	case len(ref) > MaxRef:
		return fmt.Sprintf("it is longer than %d bytes", MaxRef)
	case !utf8.ValidString(ref):
		return "it is no valid UTF-8"
	case ref[0] == '-':
		return "it begins with a dash"
	case ref[0] == '^':
		return "it begins with ^"
	case strings.Contains(ref, ".."):
		return "a range is not one commit"
	case strings.ContainsFunc(ref, Steers):
		return "it holds characters that are not shown"
	}
	if i := strings.IndexAny(ref, " :?*[\\{}"); i >= 0 {
		return fmt.Sprintf("it holds %q", ref[i:i+1])
	}
	return ""
}

// RefuseRef refuses a word that cannot name a commit; nil: it may.
func RefuseRef(ref string) *Refusal {
	why := WrongRef(ref)
	if why == "" {
		return nil
	}
	return Refuse(UnknownRef, fmt.Sprintf("«%s» cannot be a commit, branch or tag: %s", Display(ref, 60), why)).Type("/release candidate set REF")
}
