package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// patience is how long a key waits for what could be offered.
const patience = 2 * time.Second

// typed reads lines at the terminal, with history and completion.
func (c *Console) typed(ctx context.Context) *input {
	t := c.TTY
	c.history = openHistory(c.History)
	t.edit.History = c.history
	t.edit.AutoCompleteCallback = c.keys(ctx)
	i := newInput(c.In, t.readLine)
	i.end = t.leave
	return i
}

// keys completes at a Tab; at a second one that changes nothing it lists what there is.
func (c *Console) keys(ctx context.Context) func(line string, cursor int, key rune) (string, int, bool) {
	tab := struct {
		line   string
		cursor int
	}{cursor: -1}
	return func(line string, cursor int, key rune) (string, int, bool) {
		sound := false
		defer func() {
			if !sound {
				c.TTY.restore() // nothing else runs before the process ends
			}
		}()
		c.TTY.width()
		again := line == tab.line && cursor == tab.cursor
		tab.cursor = -1
		if key == '\t' {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			at, all := c.ways(ctx, line[:cursor])
			all = slices.DeleteFunc(all, func(w chat.Completion) bool { return strings.ContainsFunc(w.Text, workflows.Steers) })
			if again && len(all) > 1 {
				c.list(all)
			}
			line, cursor = complete(line, at, cursor, all)
			tab.line, tab.cursor = line, cursor
		}
		sound = true
		return line, cursor, key == '\t'
	}
}

// list shows what is offered above the line, one in a line, each cut to the terminal's width.
func (c *Console) list(all []chat.Completion) {
	width := c.TTY.width()
	var text strings.Builder
	for _, r := range drawWays(all, width) {
		for _, line := range paint(r, 0, c.TTY.colours) {
			text.WriteString(line + "\n")
		}
	}
	_, _ = c.TTY.Write([]byte(text.String())) // what fails here fails again when the next answer is printed
}

// drawWays makes a row of each way on: what would be typed, and what it is in small print where that fits.
func drawWays(all []chat.Completion, width int) []row {
	longest := 0
	for _, w := range all {
		longest = max(longest, min(widthOf(w.Text), width/2))
	}
	var out []row
	for _, w := range all {
		gap := strings.Repeat(" ", max(0, longest-widthOf(w.Text))+len(indent))
		left := width - len(indent) - widthOf(w.Text) - len(gap) - 1
		r := row{{text: indent + w.Text}}
		if w.Short != "" && left > 0 {
			r = append(r, span{text: gap}, span{workflows.Display(w.Short, left), small})
		}
		out = append(out, r)
	}
	return out
}
