// Package discord is Discord as a chat platform. It sends and edits what embeds draws and finds what was sent (send*.go,
// find.go), at Discord's pace (rest*.go, pace*.go), listens over the gateway or HTTP (gateway*.go, http*.go, listen*.go),
// answers (answer*.go), brings what Discord says of members and roles (members.go, roster.go), writes the typed commands
// (register.go), and looks at all it stands on (doctor*.go).
//
// It must not know what a line means, what a release is, or where the bot keeps its data.
package discord

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// Platform is the first word of every handle and place of Discord.
const Platform = "discord"

// Secrets are what Discord gave the application. BotToken is always needed; the others are asked for where they are not
// set, and must agree with what Discord says where they are.
type Secrets struct {
	BotToken  chat.Secret
	PublicKey string // of the application, 64 hex digits: what HTTP interactions are signed with
	AppID     string
}

// Options are what the platform is made of.
type Options struct {
	Secrets Secrets
	URL     string // of the API; empty: https://discord.com/api/v10
	Settings
	HTTP bool // interactions come by HTTP: there is no gateway
	// Transport carries the calls, as through a proxy; nil: directly.
	Transport http.RoundTripper
	// Proxy is which proxy the gateway's connections go through; nil: through none, whatever the environment says.
	Proxy func(*http.Request) (*url.URL, error)

	Commands []chat.Command // the typed commands, each with every parameter it takes
	// Begins reports whether a word begins a line, so that people who write it mean the bot. Nil: the first words of Commands.
	Begins   func(word string) bool
	Handle   chat.Handler
	Complete chat.Completer
	// Person gives the id by which people write whoever an account belongs to.
	Person func(context.Context, workflows.Handle) (workflows.PersonID, bool)
	// Team reports whether a channel is one where the team talks among itself, so that an answer may be for all there. A
	// server may be open to anybody, and so may each of its channels. Nil: every channel is.
	Team func(context.Context, workflows.Place) bool
	// Groups are the roles of servers that somebody's authority hangs on, as the configuration names them: "GUILD/ROLE".
	// Nil: none.
	Groups func() []string
	// Roster hands in who has one of them, as Discord said it at asOf. The names are for display only.
	Roster func(ctx context.Context, group string, members []workflows.Handle, names map[workflows.Handle]string, asOf time.Time) error

	Now   func() time.Time // the clock on the wall
	Still bool             // that clock stands still between steps, as a simulated one does: nothing can be paced by it, and nothing is
	Log   *slog.Logger
}

// Settings are what of the options may change while the platform is at work: see Reload.
type Settings struct {
	Servers  []string // whose requests are listened to, by id; empty: those of Named that the bot is in, else the only one that it is in
	Named    []string // what the configuration speaks of
	Everyone bool     // everybody sees the commands, not only who may manage the server
}

// Discord is the platform at work. It may be used concurrently.
type Discord struct {
	Options
	secrets   atomic.Pointer[Secrets]  // those in force
	settings  atomic.Pointer[Settings] // likewise; those of the options are where it began
	spell     func(string) string      // writes commands as they are typed here
	redraw    chan struct{}            // asks for the commands to be written anew
	me        atomic.Pointer[identity] // who the bot is; nil as long as Discord did not say
	timing    timing
	standing  *listen.Standing
	gateway   *gateway
	door      door
	rosters   *rosters
	directory *listen.Directory[account]
	replies   replies
	rest      atomic.Pointer[discordgo.Session] // calls with the token in force
	pace      pacer
	// rooms is what is remembered of channels, and unpublished where the bot may not publish.
	rooms       rooms
	unpublished unpublished
}

// identity is who the bot is, as Discord says.
type identity struct {
	app, user string
	servers   []string // that are listened to, and written to

	key      ed25519.PublicKey // what HTTP interactions are signed with
	members  bool              // the switch "Server Members Intent" is on
	endpoint string            // where interactions are sent to instead of the gateway; empty: nowhere
	absent   []string          // servers that are listened to and that the bot is not in
	others   []string          // servers that it is in though nobody said that it is to listen there
}

// New makes the platform. Nothing is sent before Run, Send or Find is called.
func New(o Options) *Discord {
	d := &Discord{Options: o, timing: usual, standing: listen.NewStanding(), rosters: newRosters()}
	d.secrets.Store(&o.Secrets)
	d.settings.Store(&o.Settings)
	d.spell = tree.Spell(o.Commands)
	d.redraw = make(chan struct{}, 1)
	d.gateway = newGateway(d)
	d.readyToListen()
	d.rest.Store(newSession(o))
	return d
}
