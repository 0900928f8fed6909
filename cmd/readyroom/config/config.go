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
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Config is a whole configuration: decoded, completed by the defaults, and checked.
type Config struct {
	Owners    []workflows.PersonID // may be empty
	People    map[workflows.PersonID]workflows.Person
	Roles     map[workflows.Role]policy.Members
	Template  string // that releases follow unless told otherwise
	Products  map[workflows.Product]Product
	Audiences map[workflows.Audience]Audience
	Time      Time
	Hash      string // of the file's bytes, or of the built-in defaults and the person at the keyboard
	Path      string // the file's name as it was given; empty: built in
}

// Product is what is known of a product before its first release.
type Product struct {
	Repository   string // a folder
	Branch       string // empty: the one checked out
	Environments []workflows.Environment
	Channel      string // "#app", or with its platform "slack/#app"; empty: the first release says
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

// MaxSize is how long a configuration may be, in bytes.
const MaxSize = 1 << 20

// defaultQuota is how many in a hundred must acknowledge a briefing where an audience says nothing.
const defaultQuota = 80

func base() Config {
	return Config{
		People: map[workflows.PersonID]workflows.Person{}, Roles: map[workflows.Role]policy.Members{},
		Products: map[workflows.Product]Product{}, Audiences: map[workflows.Audience]Audience{},
		Template: release.DefaultTemplate,
		Time:     Time{time.Local, hostZone, "mon-fri", "09:00-17:00", "09:00", "weekdays 09:30"},
	}
}

// Defaults is the configuration where there is no file: the person at the keyboard is the sole owner, as "you" unless
// they bring an id.
func Defaults(you workflows.Person) Config {
	c := base()
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
	return Parse(path, data)
}

// Parse reads a configuration; name stands before each of the Problems. An empty one holds the defaults, without owners.
func Parse(name string, data []byte) (Config, error) {
	r := &reader{file: name, zones: map[string]*time.Location{}}
	c := base()
	if root := r.tree(bytes.TrimPrefix(data, []byte("\uFEFF"))); root != nil {
		r.config(root, &c)
	}
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

// config reads the whole tree: people first, for everything else names them.
func (r *reader) config(root *node, c *Config) {
	f := r.fields(root, "", "owners", "people", "roles", "default", "products", "audiences", "time")
	r.people(f["people"], c)
	if n := f["owners"]; n != nil {
		c.Owners = r.members(n, "owners", c, false).People
	}
	for _, p := range r.entries(f["roles"], "roles") {
		if name := p.key.text; name != string(workflows.EveryRole) {
			r.id(p.key, "roles")
		}
		c.Roles[workflows.Role(p.key.text)] = r.members(p.value, at("roles", p.key.text), c, true)
	}
	if n := r.fields(f["default"], "default", "template")["template"]; n != nil {
		c.Template = r.template(n)
	}
	r.products(f["products"], c)
	r.audiences(f["audiences"], c)
	r.time(f["time"], &c.Time)
}
