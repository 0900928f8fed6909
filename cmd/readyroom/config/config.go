// Package config owns the shape of readyroom.yaml: reading it strictly, its defaults, and checking that it fits
// together. It says where every mistake is and what to write instead.
//
// It holds no rules of the process: who may do what is policy's, what a checklist asks is release's, how times are
// written is calendar's. It must not know platforms beyond how their handles look, and it reads no environment.
package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Config is a whole configuration: decoded, completed by the defaults, and checked.
type Config struct {
	Owners    []workflows.PersonID // may be empty
	People    map[workflows.PersonID]workflows.Person
	Roles     map[workflows.Role]policy.Members
	Template  string                      // that releases follow unless told otherwise
	Templates map[string]release.Template // the built-in ones, and the file's own
	Raise     []release.Raise             // what raises the risk of a release that touches it
	Products  map[workflows.Product]Product
	Audiences map[workflows.Audience]Audience
	Channels  map[string]string // how much each is told: card, thread or all
	Time      Time
	Keep      Keep
	Audit     Audit
	Slack     Slack
	Discord   Discord
	Hash      string // of the file's bytes, or of the built-in defaults and the person at the keyboard
	Path      string // the file's name as it was given; empty: built in
}

// Product is what is known of a product before its first release.
type Product struct {
	Repository   string // a folder; empty: commits are read where Forge says
	Branch       string // empty: the one checked out
	Environments []workflows.Environment
	Channel      string // "#app" on the console, elsewhere by its ids: "slack/T1/C1"; empty: the first release says
	Roadmap      string // the file in the repository in which milestones are planned
	Changelog    string // the file that published notes are written into; empty: none
	Forge        desk.Forge
}

// Audience is a named group that is told things.
type Audience struct {
	People  []workflows.PersonID
	Channel string
	Quota   int // percent of its people who must acknowledge a briefing
	Public  bool
}

// Time is when people work and when they are reminded. The texts are as calendar reads them.
type Time struct {
	Zone     *time.Location
	ZoneName string // "host", or an IANA name
	Days     string // working days
	Hours    string // working hours
	Digest   string // when each person's digest comes
	Channel  string // when a channel is reminded
}

// Slack is what a configuration says of Slack beyond its tokens.
type Slack struct {
	Workspaces []string // whose requests are taken, enterprises too; empty: the one that the bot's token is of
}

// Discord is what a configuration says of Discord beyond its token.
type Discord struct {
	Servers  []string // whose requests are taken; empty: the only one that the bot is in
	HTTP     bool     // requests come by HTTP, not over the gateway
	Everyone bool     // everybody sees the commands
}

// Named are the channels that the configuration names, as it names them, with what each is for.
func (c Config) Named() map[string]string {
	out := map[string]string{}
	for id, p := range c.Products {
		out[p.Channel] = "product " + string(id)
	}
	out[c.Audit.Channel] = "audit"
	for name, a := range c.Audiences {
		out[a.Channel] = "audience " + string(name)
	}
	for channel := range c.Channels {
		if out[channel] == "" {
			out[channel] = "channels"
		}
	}
	delete(out, "")
	return out
}

// MaxSize is how long a configuration may be, in bytes.
const MaxSize = 1 << 20

// Defaults is the configuration where there is no file: the person at the keyboard is the sole owner, as "you" unless
// they bring an id.
func Defaults(you workflows.Person) Config {
	c := (&reader{}).config(nil)
	you.ID = youID(you)
	if you.Name == "" {
		you.Name = string(you.ID)
	}
	you.Handles = []workflows.Handle{consoleHandle(you.ID)}
	c.Owners = []workflows.PersonID{you.ID}
	c.People[you.ID] = you
	// Strings, a bool and slices of strings always encode.
	person, _ := json.Marshal(you)
	c.Hash = hash(append([]byte("built-in\n"), person...))
	return c
}

func youID(you workflows.Person) workflows.PersonID {
	if workflows.ValidID(string(you.ID)) {
		return you.ID
	}
	return "you"
}

// Load reads a file. What is wrong in it comes as Problems; any other error means that it could not be read.
func Load(path string) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("opening the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return Config{}, fmt.Errorf("reading the configuration: %w", err)
	}
	if len(bytes.TrimSpace(data)) == 0 { // a file that was being written, or lost its text: the defaults are not meant
		return Config{}, fmt.Errorf("%s is empty; → take it away for the defaults, or: readyroom init", path)
	}
	return Parse(path, data)
}

// Parse reads a configuration; name stands before each of the Problems. An empty one holds the defaults, without owners.
func Parse(name string, data []byte) (Config, error) {
	r := &reader{file: name, zones: map[string]*time.Location{}}
	c := r.config(r.tree(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	if len(r.problems) > 0 {
		return Config{}, r.problems.inOrder()
	}
	c.Hash, c.Path = hash(data), name
	return c, nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// config reads the whole tree, or the defaults where there is none: people first, for everything else names them.
func (r *reader) config(root *node) Config {
	c := Config{
		People: map[workflows.PersonID]workflows.Person{}, Roles: map[workflows.Role]policy.Members{},
		Products: map[workflows.Product]Product{}, Audiences: map[workflows.Audience]Audience{}, Channels: map[string]string{},
	}
	f := r.shaped(root, file, "")
	r.people(f.get("people"), &c)
	c.Owners = r.members(f.get("owners"), "owners", &c).People
	for _, p := range f.get("roles").entries() {
		c.Roles[workflows.Role(p.key.text)] = r.members(p.value, at("roles", p.key.text), &c)
	}
	r.templates(f.get("templates"), &c)
	r.standard(f, &c)
	c.Raise = r.raises(f.get("risk").get("raise"))
	r.products(f.get("products"), &c)
	r.audiences(f.get("audiences"), &c)
	r.channels(f.get("channels"), &c)
	c.Time = r.time(f.get("time"))
	r.record(f, &c)
	for _, id := range f.get("slack").get("workspaces").list() {
		c.Slack.Workspaces = append(c.Slack.Workspaces, id.text)
	}
	c.Discord = discord(f.get("discord"))
	return c
}

func discord(n *node) Discord {
	d := Discord{HTTP: n.says("listen") == overHTTP, Everyone: n.says("commands") == forEveryone}
	for _, id := range n.get("servers").list() {
		d.Servers = append(d.Servers, id.text)
	}
	return d
}
