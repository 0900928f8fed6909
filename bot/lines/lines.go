// Package lines is what drawing needs on every platform: what people take for characters, where text may be cut, web
// addresses in it, what the words of cards mean to the eye, and what is shown of a reply. It is pure, and knows no
// platform's limits or marks.
package lines

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// What lines are marked with.
const (
	Ellipsis = "…"  // marks where something was cut
	Group    = "  " // what a line of a group begins with: an item below its gate
)

// OneLine makes text safe to show in one line, whole.
func OneLine(s string) string { return workflows.Display(s, len(s)+1) }

// Marked reports whether a line begins with one of the marks that items have.
func Marked(line string) bool {
	for _, m := range []string{"✓ ", "✗ ", "○ ", "– ", "~ "} {
		if strings.HasPrefix(strings.TrimLeft(line, " "), m) {
			return true
		}
	}
	return false
}

// Heads reports whether a line is the heading of the items below it.
func Heads(line, next string) bool {
	return !strings.HasPrefix(line, " ") && strings.HasPrefix(next, Group) && Marked(next)
}

// LeftOut says how many lines are not shown.
func LeftOut(n int) string {
	if n == 1 {
		return "… and 1 more line"
	}
	return fmt.Sprintf("… and %d more lines", n)
}

// ButtonsLeftOut says how many buttons are not shown.
func ButtonsLeftOut(n int) string {
	if n == 1 {
		return "… and 1 more button"
	}
	return fmt.Sprintf("… and %d more buttons", n)
}
