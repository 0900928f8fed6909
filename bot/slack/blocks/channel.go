package blocks

import (
	"regexp"
	"strings"
)

// channelName is a channel as places have it: the workspace's id, and its own; or as the configuration writes it, with
// "slack/" in front. Slack shows the id as the channel's name to
// whoever may see it, and calls nobody.
var channelName = regexp.MustCompile(`(?:slack/)?T[A-Z0-9]{2,20}/([CG][A-Z0-9]{2,20})`)

// channels finds the channels that stand alone in text. Somebody's own words that look so become one, too: there is
// nothing to gain by it.
func channels(text string) []span {
	var out []span
	from := 0
	for _, at := range channelName.FindAllStringSubmatchIndex(text, -1) {
		if !strings.HasSuffix(" "+text[:at[0]], " ") && !strings.HasSuffix(text[:at[0]], "(") || !endsAlone(text[at[1]:]) {
			continue
		}
		if at[0] > from {
			out = append(out, span{text: text[from:at[0]]})
		}
		out, from = append(out, span{text: text[at[0]:at[1]], channel: text[at[2]:at[3]]}), at[1]
	}
	if from < len(text) {
		out = append(out, span{text: text[from:]})
	}
	return out
}

// endsAlone reports whether what goes on is no part of a name.
func endsAlone(after string) bool {
	after = strings.TrimLeft(after, ".,;:)")
	return after == "" || after[0] == ' ' || after[0] == '\n'
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
