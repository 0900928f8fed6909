package workflows_test

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

func TestProse(t *testing.T) {
	for name, c := range map[string]struct{ text, want, why string }{
		"tidied":        {text: " \r\none\r\ntwo\rthree\tfour \n", want: "one\ntwo\nthree\tfour"},
		"emoji joiners": {text: "👩\u200d🚒", want: "👩\u200d🚒"},
		"at the limit":  {text: strings.Repeat("é", 40), want: strings.Repeat("é", 40)},
		"too long":      {text: strings.Repeat("é", 41), why: "it: 41 characters, 40 is the most"},
		"direction":     {text: "one\nété \u202etwo", why: "it: line 2, character 5: U+202E is not shown but changes how the rest reads"},
		"escape":        {text: "\x1b[2J", why: "it: line 1, character 1: U+001B is not shown but changes how the rest reads"},
		"no text":       {text: "a\xff", why: "it: line 1, character 2: the byte 0xff is no text (UTF-8)"},
	} {
		t.Run(name, func(t *testing.T) {
			got, no := workflows.Prose("it", c.text, 40)
			if (no != nil) != (c.why != "") || got != c.want {
				t.Fatalf("Prose(%q) = %q, %v", c.text, got, no)
			}
			if no != nil && (no.Reason != workflows.Invalid || no.Why != c.why) {
				t.Errorf("refusal %v, want %s", no, c.why)
			}
		})
	}
}
