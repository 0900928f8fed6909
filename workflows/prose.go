package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Prose tidies a text of several lines that somebody wrote (line ends, space around it) and refuses what does not
// belong into one, saying where: more than limit characters, bytes that are no text, characters that steer instead of
// being shown. What names the text in the refusal: "the notes".
func Prose(what, text string, limit int) (string, *Refusal) {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	if n := utf8.RuneCountInString(text); n > limit {
		return "", Refuse(Invalid, fmt.Sprintf("%s: %d characters, %d is the most", what, n, limit))
	}
	for row, line := range strings.Split(text, "\n") {
		column := 0
		for i := 0; i < len(line); {
			column++
			r, size := utf8.DecodeRuneInString(line[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				return "", Refuse(Invalid, fmt.Sprintf("%s: line %d, character %d: the byte 0x%02x is no text (UTF-8)", what, row+1, column, line[i]))
			case r != '\t' && Steers(r):
				return "", Refuse(Invalid, fmt.Sprintf("%s: line %d, character %d: U+%04X is not shown but changes how the rest reads", what, row+1, column, r))
			}
			i += size
		}
	}
	return text, nil
}

// Digest is what a vote on a text is bound to: its SHA-256, hexadecimal.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
