package discord

import "encoding/json"

// What is read of what Discord sends. Everything else in it may be new, missing or odd: it is not looked at.

// kind says what an interaction is.
type kind int

// The kinds of interaction.
const (
	ping      kind = 1
	command   kind = 2 // typed, or of a message's menu
	press     kind = 3 // of a button, or a choice of a select
	typing    kind = 4 // of a command, whose ways on are asked for
	submitted kind = 5 // a form
)

// Where an interaction was begun, in Discord's numbers.
const (
	inServer = 0
	inDirect = 1 // in direct messages with the bot
)

// ofMessage is a command of a message's menu, in Discord's numbers.
const ofMessage = 3

// The channels that are threads of others.
const (
	newsThread    = 10
	publicThread  = 11
	privateThread = 12
)

// unseen marks a message that one person sees alone.
const unseen = 1 << 6

// interaction is one thing that somebody did with the bot.
type interaction struct {
	ID      string            `json:"id"`
	App     string            `json:"application_id"`
	Type    kind              `json:"type"`
	Token   string            `json:"token"` // lets whoever has it answer: a secret
	Server  string            `json:"guild_id"`
	Channel *channel          `json:"channel"`
	In      string            `json:"channel_id"`
	Context *int              `json:"context"`
	Owners  map[string]string `json:"authorizing_integration_owners"` // by the way of installing: "0" for a server, "1" for a person
	Member  *member           `json:"member"`                         // in a server
	User    *user             `json:"user"`                           // in direct messages
	Message json.RawMessage   `json:"message"`                        // that bore what was pressed
	Data    json.RawMessage   `json:"data"`                           // read by its kind
}

type channel struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   int    `json:"type"`
	Parent string `json:"parent_id"`
}

type member struct {
	User    *user `json:"user"`
	Pending bool  `json:"pending"` // has not agreed to the server's rules yet
	Flags   int   `json:"flags"`
}

// visits is the flag of a member who was only invited into a voice channel, for as long as they are there.
const visits = 1 << 4

type user struct {
	ID     string `json:"id"`
	Bot    bool   `json:"bot"`
	System bool   `json:"system"`
}

// used is what a button, a select or a form brings along.
type used struct {
	ID         string          `json:"custom_id"`
	Values     []string        `json:"values"`     // of a select
	Components json.RawMessage `json:"components"` // of a form, read by whoever drew them
}

// bearer is the message that bore what was pressed.
type bearer struct {
	Author     user        `json:"author"`
	Flags      int         `json:"flags"`
	Components []component `json:"components"`
}

// spoken is a message that somebody wrote.
type spoken struct {
	ID       string    `json:"id"`
	In       string    `json:"channel_id"`
	Server   string    `json:"guild_id"`
	Type     int       `json:"type"`
	Hook     string    `json:"webhook_id"` // that wrote it, where no account did
	Author   *user     `json:"author"`
	Member   *member   `json:"member"` // in a server; without its user
	Content  string    `json:"content"`
	Channels []channel `json:"mention_channels"`
}

// component is a button or a select, or what holds others.
type component struct {
	Type       int         `json:"type"`
	ID         string      `json:"custom_id"`
	Components []component `json:"components"`
	Accessory  *component  `json:"accessory"`
}
