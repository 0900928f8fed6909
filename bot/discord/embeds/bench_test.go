package embeds

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
)

func BenchmarkCard(b *testing.B) {
	m := card(60)
	for b.Loop() {
		One(m)
	}
}

func BenchmarkWorstText(b *testing.B) {
	for name, line := range map[string]string{"links": strings.Repeat("https://a.bc ", 4600), "stars": strings.Repeat("*", 60_000), "colons": strings.Repeat(":", 60_000), "names": strings.Repeat(":a", 30_000), "lines": strings.Repeat("x\n", 30_000)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Pages(chat.Message{Title: "t", Lines: []string{line}})
			}
		})
	}
}
