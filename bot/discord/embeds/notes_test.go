package embeds

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
		nothingLost(t, m, Pages(m))
		one := One(m)
		honestlyCut(t, m, one)
		onlyMeant(t, m, look(t, one))
		sheet := newSheet(m)
		linestest.Unbroken(t, ruler, sheet.Sheet, sheet.Divide(onePage, func(p lines.Sheet, _ int) bool { return sheet.drawn.fits(p) }))
	})
}
