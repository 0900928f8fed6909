package workflows

import (
	"regexp"
	"strings"
)

// Contact is a name and an address as a commit has them.
type Contact struct{ Name, Address string }

// String writes a contact as git reads one.
func (c Contact) String() string { return strings.TrimSpace(c.Name + " <" + c.Address + ">") }

var (
	foldedLine = regexp.MustCompile(`\n[ \t]+`)
	coAuthor   = regexp.MustCompile(`(?im)^co-authored-by:[ \t]*([^<>\n]*)<[ \t]*([^<>\s]+)[ \t]*>`)
	controls   = regexp.MustCompile(`[\x00-\x1f\x7f]+`)
)

// CoAuthors finds the Co-authored-by lines wherever they stand in a message: squashed merges leave them in the middle,
// and an address too many only asks for one more pair of eyes. The parts hold neither brackets nor line breaks.
func CoAuthors(message string) []Contact {
	if !authored(message) {
		return nil
	}
	var found []Contact
	seen := map[Contact]bool{}
	for _, m := range coAuthor.FindAllStringSubmatch(unfolded(message), -1) {
		c := Contact{strings.TrimSpace(without(m[1], " ")), without(m[2], "")}
		if c.Address != "" && !seen[c] {
			seen[c] = true
			found = append(found, c)
		}
	}
	return found
}

// without is a name or an address with another text in place of what steers a terminal.
func without(s, other string) string {
	if printable(s) {
		return s
	}
	return controls.ReplaceAllString(s, other)
}

// unfolded is a message with each line that goes on in the next in one.
func unfolded(message string) string {
	return foldedLine.ReplaceAllString(strings.ReplaceAll(message, "\r\n", "\n"), " ")
}

// authored reports whether any line begins as one of a co-author does: those of most messages do not.
func authored(message string) bool {
	const key = "co-authored-by:"
	for line := range strings.SplitSeq(message, "\n") {
		if len(line) >= len(key) && strings.EqualFold(line[:len(key)], key) {
			return true
		}
	}
	return false
}

// Addresses are those of a commit's author and co-authors, lower case, each once, as Commit.Authors has them. What a
// mailmap maps an address to stands before it, and the address stays: a mailmap is a file that anyone who commits can
// change, and it must not hide an author.
func Addresses(author Contact, co []Contact, mapped func(Contact) string) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range append([]Contact{author}, co...) {
		for _, a := range []string{mapped(c), c.Address} {
			a = strings.ToLower(strings.ToValidUTF8(strings.TrimSpace(a), "\uFFFD"))
			if a != "" && !seen[a] {
				seen[a] = true
				out = append(out, a)
			}
		}
	}
	return out
}

// madeFor is how the message of a commit that the bot makes names what it was made for.
const madeFor = "\nReadyroom-Op: "

// MadeFor gives a message to a commit that the bot makes for an op.
func MadeFor(title Public, op string) string { return title.String() + "\n" + madeFor + op + "\n" }

// OpOf says for which op the bot made a commit, by its message; empty: others made it. Anybody could write that.
func OpOf(message string) string {
	_, op, _ := strings.Cut(message, madeFor)
	op, _, _ = strings.Cut(op, "\n")
	return strings.TrimSpace(op)
}

// NamesOf are the names of a commit's author and co-authors, each once, as Commit.Names has them. Of a commit that the bot
// made, whosever account it has, nobody is the author.
func NamesOf(message string, author Contact, co []Contact) []string {
	var out []string
	if OpOf(message) != "" {
		author = Contact{}
	}
	seen := map[string]bool{}
	for _, c := range append([]Contact{author}, co...) {
		name := strings.TrimSpace(strings.ToValidUTF8(without(c.Name, " "), "\uFFFD"))
		if name != "" && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}
