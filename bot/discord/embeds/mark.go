package embeds

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

// Mark is what a post's key looks like to those who can read the message: everybody there, so the key itself is not said.
func Mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// MarkURL is the address that bears a post's mark. It leads to the channel that the post is in; server is "@me" for direct
// messages.
func MarkURL(server, channel, key string) string {
	return "https://discord.com/channels/" + server + "/" + channel + "#rr-" + Mark(key)
}

var marked = regexp.MustCompile(`^https://discord\.com/channels/(?:@me|[0-9]+)/[0-9]+#rr-([0-9a-f]{16})$`)

// MarkOf reads the mark back from an embed's address. Others may write the same: whoever looks for a post believes only what
// the bot itself wrote.
func MarkOf(url string) (hash string, ok bool) {
	g := marked.FindStringSubmatch(url)
	if g == nil {
		return "", false
	}
	return g[1], true
}
