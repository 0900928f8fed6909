package blocks

import (
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/bot/lines"
)

// channelName is a channel as places have it: the workspace's id, and its own; or as the configuration writes it, with
// "slack/" in front. Slack shows the id as the channel's name to whoever may
// see it, and calls nobody.
var channelName = regexp.MustCompile(`(?:slack/)?T[A-Z0-9]{2,20}/([CG][A-Z0-9]{2,20})`)

// channels finds the channels that stand alone in text.
func channels(text string) []span {
	var out []span
	for _, p := range lines.Channels(text, channelName) {
		out = append(out, span{text: p.Text, channel: p.Channel})
	}
	return out
}

// namesChannel reports whether text holds a channel.
func namesChannel(text string) bool {
	all := channels(text)
	return len(all) > 1 || len(all) == 1 && all[0].channel != ""
}

// parsed is text for where Slack parses: all of it as it is, but for the names of channels.
func parsed(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, s := range channels(line) {
			if s.channel != "" {
				b.WriteString("<#" + s.channel + ">")
				continue
			}
			b.WriteString(escape(s.text))
		}
	}
	return b.String()
}
