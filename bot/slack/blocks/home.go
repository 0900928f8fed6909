package blocks

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// view is what a view may hold. Slack names no limit on its bytes; this is far from any that was met.
var view = room{bytes: 60_000, blocks: 100}

// Home draws a person's own page: each message a group, parted by lines. What does not fit is counted.
func Home(sections []chat.Message) slack.HomeTabViewRequest {
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: groups(sections)}}
}

// leastGroup is what a group needs to say anything: the line above it, header, lines, buttons, small print.
var leastGroup = room{bytes: 12_000, blocks: 8}

func groups(sections []chat.Message) []slack.Block {
	var out []slack.Block
	ids := 0
	rest := room{bytes: view.bytes - 200, blocks: view.blocks - 1} // one line to count what is left out
	for i, m := range sections {
		if rest.bytes < leastGroup.bytes || rest.blocks < leastGroup.blocks {
			return append(out, written(groupsLeftOut(len(sections)-i))...)
		}
		if i > 0 {
			out = append(out, slack.NewDividerBlock())
		}
		out = append(out, newSheet(m).within(room{bytes: rest.bytes, blocks: rest.blocks - 1}, &ids)...)
		rest = room{bytes: view.bytes - 200 - weigh(out), blocks: view.blocks - 1 - len(out)}
	}
	if len(out) == 0 {
		return written("nothing waits for you")
	}
	return out
}

func groupsLeftOut(n int) string {
	if n == 1 {
		return "… and 1 more section"
	}
	return fmt.Sprintf("… and %d more sections", n)
}

// written is a line in a block of its own.
func written(line string) []slack.Block {
	var w writer
	for i, p := range lines.Pieces(line, maxRow, size) {
		w.write(row{lines.Row{Text: p, More: i > 0}})
	}
	return w.done()
}
