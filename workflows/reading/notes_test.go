package reading_test

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/reading"
)

func TestNotesThatMustNeverHaveBeen(t *testing.T) {
	approved := func(text string) notes.Approved { return notes.Approved{Text: text, Digest: workflows.Digest(text)} }
	going := func(text string, n string) notes.Going {
		g := notes.Going{Text: workflows.Approved(text), Digest: workflows.Digest(text)}
		if n != "" {
			g.Release = &workflows.ForgeRelease{Op: "app@1/notes/" + n}
		}
		return g
	}
	out, corrected := func(text, n string) notes.Published { return notes.Published{Going: going(text, n)} }, func(text, n string) notes.Corrected { return notes.Corrected{Going: going(text, n)} }
	landed := notes.Landed{What: workflows.ActRelease, Op: "app@1/notes/1"}
	for name, c := range map[string]struct {
		events []workflows.Event
		wrong  string
	}{
		"as it should be":   {[]workflows.Event{approved("a"), out("a", "1"), landed, approved("b"), corrected("b", "2")}, ""},
		"unapproved":        {[]workflows.Event{approved("a"), out("b", "")}, "nobody approved"},
		"another digest":    {[]workflows.Event{notes.Approved{Text: "a", Digest: workflows.Digest("b")}}, "not that of their text"},
		"nothing was out":   {[]workflows.Event{approved("a"), corrected("a", "")}, "were not published"},
		"corrected at will": {[]workflows.Event{approved("a"), out("a", ""), corrected("b", "")}, "nobody approved"},
		"done unwished":     {[]workflows.Event{approved("a"), out("a", "2"), landed}, "no publication wished"},
		"answered unasked":  {[]workflows.Event{approved("a"), out("a", "1"), landed, notes.Answered{Op: "app@1/notes/1", Pull: workflows.PullMerged}}, "was not proposed"},
		"ended unwished":    {[]workflows.Event{notes.Stranded{What: workflows.ActChangelog, Op: "app@1/notes/1"}}, "no publication wished"},
		"wished twice":      {[]workflows.Event{approved("a"), out("a", "1"), out("a", "1")}, "two publications"},
	} {
		t.Run(name, func(t *testing.T) {
			var wrong []string
			rd := reading.New(reading.Codes{}, func(_ workflows.Header, why string) { wrong = append(wrong, why) })
			for _, e := range c.events {
				rd.Take(workflows.Recorded{Header: workflows.Header{Stream: "notes/app@1"}, Event: e})
			}
			if got := strings.Join(wrong, "; "); c.wrong == "" && got != "" || !strings.Contains(got, c.wrong) {
				t.Errorf("it finds %q, want %q", got, c.wrong)
			}
		})
	}
}
