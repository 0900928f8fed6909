// Package slack is Slack as a chat platform. It sends and edits what blocks draws and finds what was sent (send*.go,
// find.go), listens over HTTP and Socket Mode (http*.go, link*.go, listen*.go), answers (answer*.go), brings what Slack
// says of members and user groups (members.go, roster.go), and looks at all it stands on (doctor*.go).
//
// It must not know what a line means, what a release is, or where the bot keeps its data.
package slack

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// Platform is the first word of every handle and place of Slack.
const Platform = "slack"

// Secrets are what Slack gave the app. BotToken is always needed; AppToken turns Socket Mode on, Signing turns the HTTP
// endpoints on.
type Secrets struct {
	BotToken chat.Secret   // xoxb-…
	AppToken chat.Secret   // xapp-…, with the scope connections:write
	Signing  []chat.Secret // the signing secret; two while it is being changed
}

// Options are what the platform is made of.
type Options struct {
	Secrets Secrets
	URL     string   // of the Web API, ending in a slash; empty: Slack's own
	Teams   []string // workspaces, and enterprises, whose requests are listened to; empty: the bot's own
	// Transport carries the calls, as through a proxy; nil: directly.
	Transport http.RoundTripper

	Handle chat.Handler
	Home   chat.Home
	// Person gives the id by which people write whoever an account belongs to.
	Person func(context.Context, workflows.Handle) (workflows.PersonID, bool)
	// Groups are the user groups that somebody's authority hangs on, as the configuration names them: "T1/S1". Nil: none.
	Groups func() []string
	// Roster hands in who belongs to one of them, as Slack said it at asOf. The names are for display only.
	Roster func(ctx context.Context, group string, members []workflows.Handle, names map[workflows.Handle]string, asOf time.Time) error

	// Proxy is which proxy the connections of Socket Mode go through; nil: through none, whatever the environment says.
	Proxy func(*http.Request) (*url.URL, error)
	Now   func() time.Time // the clock on the wall
	Still bool             // that clock stands still between steps, as a simulated one does: nothing can be paced by it, and nothing is
	Log   *slog.Logger
}

// Slack is the platform at work. It may be used concurrently.
type Slack struct {
	Options
	api       atomic.Pointer[slack.Client] // with the tokens in force
	secrets   atomic.Pointer[Secrets]      // those in force
	me        atomic.Pointer[identity]     // who the bot is; nil as long as Slack did not say
	timing    timing
	pace      pacer
	direct    sync.Map // user → the channel of the direct messages with them
	directory *listen.Directory[account]
	rosters   *rosters
	replies   replies
	standing  *listen.Standing
	links     *links
}

// New makes the platform. Nothing is sent before Run, Send or Find is called.
func New(o Options) *Slack {
	s := &Slack{Options: o, timing: usual, rosters: newRosters(), standing: listen.NewStanding()}
	s.replies.flights.Log, s.replies.excuses.Log = o.Log, o.Log
	s.directory = &listen.Directory[account]{Log: o.Log, Now: func() time.Time { return s.Now() }, Fetch: s.fetch}
	s.links = newLinks(s.take)
	s.secrets.Store(&o.Secrets)
	s.api.Store(newAPI(o))
	return s
}
