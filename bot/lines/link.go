package lines

import (
	"net/url"
	"regexp"
	"strings"
)

// address is a web address as it stands in a line: of ASCII alone, so that no letter looks like another one.
var address = regexp.MustCompile(`\bhttps?://[A-Za-z0-9._~:/?#@!$&()*+,;=%\[\]-]+`)

// host is what a link may lead to: a plain name, perhaps with a port.
var host = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

// MaxAddress is how long a web address may be that becomes a link, in bytes.
const MaxAddress = 3000

// Part is a part of a line: text, a web address to link, or a channel.
type Part struct {
	Text    string
	Link    bool
	Channel string // the id of the channel that it names
}

// Linked finds the web addresses in text. They are shown as they are, never under another name.
func Linked(text string) []Part {
	var out []Part
	for strings.Contains(text, "://") {
		at := address.FindStringIndex(text)
		if at == nil {
			break
		}
		link := trimAddress(text[at[0]:at[1]])
		end := at[0] + len(link)
		if !endsThere(text[at[1]:]) || !leadsPlainly(link) {
			out, text = append(out, Part{Text: text[:end]}), text[end:]
			continue
		}
		if at[0] > 0 {
			out = append(out, Part{Text: text[:at[0]]})
		}
		out, text = append(out, Part{Text: link, Link: true}), text[end:]
	}
	if text != "" {
		out = append(out, Part{Text: text})
	}
	return out
}

// endsThere reports whether an address ends where it seems to: what goes on in letters that were not taken, or was cut,
// leads elsewhere.
func endsThere(after string) bool {
	return after == "" || strings.ContainsRune(" <>|\"'`)]}", rune(after[0]))
}

// trimAddress takes off what belongs to the sentence around an address.
func trimAddress(s string) string {
	for {
		t := strings.TrimRight(s, ".,;:!?*")
		if strings.HasSuffix(t, ")") && strings.Count(t, "(") < strings.Count(t, ")") {
			t = t[:len(t)-1]
		}
		if t == s {
			return s
		}
		s = t
	}
}

// leadsPlainly reports whether an address leads where it seems to: no name and password in front of the host.
func leadsPlainly(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.User == nil && host.MatchString(u.Host) && len(s) <= MaxAddress
}
