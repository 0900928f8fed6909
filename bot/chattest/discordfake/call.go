package discordfake

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Call is a call of the API.
type Call struct {
	Route   string            // "POST /channels/{channel}/messages"
	Path    string            // "/channels/1100000000000000002/messages"
	Params  map[string]string // what stands in the path: "channel", "guild", "user", "message", "app", ...
	Query   url.Values
	Body    json.RawMessage // of JSON, also where it came as payload_json; nil: none
	Files   []File
	At      time.Time
	Agent   string // the header User-Agent
	Token   string // which one it came with: "bot", "" for none, "other" for one that is not valid
	Status  int    // of the answer; 0: none was given
	Code    int    // Discord's, in the answer; 0: none
	Faulted bool   // whether the answer was a scripted fault
	Host    string // that it was sent to
}

// Calls are all calls of a route, in the order they came: Calls("POST /channels/{channel}/messages"); empty: of every
// route.
func (f *Fake) Calls(route string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.calls, func(c *Call) bool { return route == "" || c.Route == route })
}

// tokenName says which token a call came with; the lock is held.
func (f *Fake) tokenName(header string) string {
	token, is := strings.CutPrefix(header, "Bot ")
	switch {
	case header == "":
		return ""
	case is && f.valid(token):
		return "bot"
	}
	return "other"
}
