package github

import (
	"regexp"
	"strconv"
	"strings"
)

var imprinted = regexp.MustCompile(`<!-- readyroom (\S+) -->\s*$`)

// ours says for which op something was made, by its text; empty: it is not the bot's.
func ours(text string) string {
	if m := imprinted.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// series takes an op apart: "app@1.0.0/notes/3" is the third of app@1.0.0/notes.
func series(op string) (of string, n uint64) {
	at := strings.LastIndexByte(op, '/')
	if at < 0 {
		return op, 0
	}
	n, err := strconv.ParseUint(op[at+1:], 10, 64)
	if err != nil {
		return op, 0
	}
	return op[:at], n
}

// relation says what something that was made for one op is to another: of the same series, and whether it is a later one.
func relation(made, op string) (same, later bool) {
	a, n := series(made)
	b, m := series(op)
	return made != "" && a == b, n > m
}
