package blocks

import (
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/lines/linestest"
)

// FuzzNotes posts any Markdown as published notes: within the platform's limits, over as many messages as it takes; nothing
// is lost, no word, address or character is cut that has room in one row, no line that has room on one page; nobody is
// pinged, and no address is behind other words.
func FuzzNotes(f *testing.F) {
	linestest.Notes(f, func(t *testing.T, m chat.Message) {
		all := Pages(m)
		nothingLost(t, m, all)
		one := One(m)
		honestlyCut(t, m, one)
		for _, p := range append(all, one) {
			newJudge(t).message(p)
		}
		sheet := newSheet(m)
		linestest.Unbroken(t, ruler, sheet.Sheet, sheet.Divide(firstOf, func(p lines.Sheet, i int) bool { return sheet.page(p, i, manyPages).fit() }))
	})
}
