package blocks

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/lines"
)

// escaper escapes what Slack asks for, and nothing else.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes text that Slack shows as it is: nothing in it becomes a mention, a link or a date.
func escape(s string) string { return escaper.Replace(s) }

// units is how long Slack may take text to be at most: in the code units of its own language, after escaping.
func units(s string) int { return lines.Units(escape(s)) }

// size is how many bytes text takes in the JSON that is sent.
func size(s string) int {
	b, err := json.Marshal(s)
	if err != nil {
		return len(s) * len(`\u0000`)
	}
	return len(b) - len(`""`)
}

// cut shortens text to a limit in units, between what people take for characters.
func cut(s string, limit int) string { return lines.Cut(s, limit, units) }

// writable reports whether text reaches Slack byte for byte.
func writable(s string) bool { return utf8.ValidString(s) }
