package cards_test

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/workflows"
)

// page collects what is drawn under headings and compares it with a golden file.
type page struct {
	t testing.TB
	b strings.Builder
}

func (p *page) show(heading string, drawings ...string) {
	p.t.Helper()
	p.b.WriteString("== " + heading + "\n")
	for _, d := range drawings {
		p.b.WriteString(d)
		reads(p.t, heading, d)
	}
	p.b.WriteString("\n")
}

func (p *page) equals(name string) {
	p.t.Helper()
	golden.Equal(p.t, "testdata/"+name+".golden", p.b.String())
}

// drawn is a message as a page shows it: small print in brackets, the line of each button behind its label.
func drawn(m chat.Message) string {
	var b strings.Builder
	b.WriteString(m.Title + "\n")
	for _, l := range m.Lines {
		b.WriteString("  " + l + "\n")
	}
	for _, x := range m.Buttons {
		b.WriteString("  [" + x.Label + "] " + x.Value() + "\n")
	}
	if m.Small != "" {
		b.WriteString("  (" + m.Small + ")\n")
	}
	return b.String()
}

func publicly(m chat.PublicMessage) string { return drawn(m.Message()) }

// reads holds every drawing to what no reader should ever see: holes, plumbing, what steers a terminal.
func reads(t testing.TB, heading, text string) {
	t.Helper()
	for _, hole := range []string{"%!", "<no value>", "<nil>", "{{", " :", ": \n", "·  ", " · \n", " ,", "1 votes", "1 flags", "1 files", "0001-01-01"} {
		if strings.Contains(text, hole) {
			t.Errorf("%s: reads %q:\n%s", heading, hole, text)
		}
	}
	if strings.HasPrefix(text, "\n") {
		t.Errorf("%s: has no title:\n%s", heading, text)
	}
	for _, r := range text {
		if r != '\n' && workflows.Steers(r) {
			t.Errorf("%s: holds %U", heading, r)
		}
	}
}
