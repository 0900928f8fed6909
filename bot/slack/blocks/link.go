package blocks

import (
	"net/url"
	"regexp"
	"strings"
)

// address is a web address as it stands in a line: of ASCII alone, so that no letter looks like another one.
var address = regexp.MustCompile(`\bhttps?://[A-Za-z0-9._~:/?#@!$&()*+,;=%\[\]-]+`)

// host is what a link may lead to: a plain name, perhaps with a port.
var host = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

// span is a part of a line.
type span struct {
	text    string
	bold    bool
	link    bool
	channel string // the id of the channel that it names
}

// linked finds the web addresses in text. They are shown as they are, never under another name.
func linked(text string) []span {
	var out []span
	for strings.Contains(text, "://") {
		at := address.FindStringIndex(text)
		if at == nil {
			break
		}
		link := trimAddress(text[at[0]:at[1]])
		end := at[0] + len(link)
		if !endsThere(text[at[1]:]) || !leadsPlainly(link) {
			out, text = append(out, span{text: text[:end]}), text[end:]
			continue
		}
		if at[0] > 0 {
			out = append(out, span{text: text[:at[0]]})
		}
		out, text = append(out, span{text: link, link: true}), text[end:]
	}
	if text != "" {
		out = append(out, span{text: text})
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
	return err == nil && u.User == nil && host.MatchString(u.Host) && len(s) <= maxURL
}
