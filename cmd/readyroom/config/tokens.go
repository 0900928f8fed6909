package config

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"github.com/readyroom/readyroom/workflows"
)

// sound checks the bytes before the library sees them: size, encoding, characters that are not shown, and how much
// structure there can be, for the library's time grows with the square of it.
func (r *reader) sound(data []byte) bool {
	if len(data) > MaxSize {
		r.wrong(&node{line: 1, column: 1}, "", fmt.Sprintf("the file is longer than %d bytes", MaxSize), "")
		return false
	}
	marks, number := 0, 0
	for line := range bytes.Lines(data) {
		number++
		r.characters(number, line)
		if bytes.Count(line, []byte("\t")) > maxDull || bytes.Count(line, []byte("<")) > maxDull {
			r.wrong(&node{line: number, column: 1}, "", fmt.Sprintf("more than %d tabs, or of <, in one line", maxDull), "write spaces")
			return false
		}
		if !bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("#")) {
			for _, c := range line {
				if strings.IndexByte(structure, c) >= 0 {
					marks++
				}
			}
		}
		if number > maxLines || marks > maxMarks {
			r.wrong(&node{line: number, column: 1}, "", fmt.Sprintf("more than %d lines, or %d marks such as : and [", maxLines, maxMarks), "")
			return false
		}
	}
	return len(r.problems) == 0
}

// structure are the marks that can make structure, or a token of their own.
const structure = "[]{},:-?&*!|>%\"'@`"

// characters reports the first character of a line that has no place in a text file. Text in quotes can still bring
// such a one by its number; that is checked where the text is read.
func (r *reader) characters(number int, line []byte) {
	column := 0
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	for rest := line; len(rest) > 0; {
		c, size := utf8.DecodeRune(rest)
		column++
		n := &node{line: number, column: column}
		switch {
		case c == utf8.RuneError && size == 1:
			r.wrong(n, "", fmt.Sprintf(`the byte \x%02x is no valid UTF-8`, rest[0]), "save the file as UTF-8")
			return
		case c != '\t' && workflows.Steers(c):
			r.wrong(n, "", fmt.Sprintf("the character U+%04X is not shown but acts", c), "take it out")
			return
		}
		rest = rest[size:]
	}
}

// tokens splits the file into words and refuses what this configuration does without: whatever repeats, refers or
// converts, and depth.
func (r *reader) tokens(text string) token.Tokens {
	tokens := lexer.Tokenize(text)
	depth, dashes, line := 0, 0, 0
	var beside [maxIndent + 1]int // how many lines began so far in since one began further out
	for _, t := range tokens {
		if t.Position.Line != line {
			dashes, line = 0, t.Position.Line
			in := min(max(0, t.Position.IndentNum), maxIndent)
			clear(beside[in+1:])
			if t.Type != token.CommentType {
				beside[in]++
			}
			if beside[in] > maxBeside {
				r.wrong(place(t), "", fmt.Sprintf("more than %d entries beside each other", maxBeside), "members of a chat group need no line of their own: group:slack/T1/S1")
				return nil
			}
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			r.wrong(place(t), "", "anchors, aliases and merges (& * <<) are not read here", "write the value itself; for every role write '*' in quotes")
		case token.TagType, token.DirectiveType, token.MappingKeyType:
			r.wrong(place(t), "", "tags, directives and keys after ? (! % ?) are not read here", "put text in quotes")
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			dashes++
		}
		if depth+dashes > maxDepth || t.Position.IndentNum > maxIndent {
			r.wrong(place(t), "", fmt.Sprintf("more than %d levels, or too far in", maxDepth), "nothing here is so deep")
			return nil
		}
	}
	return tokens
}
