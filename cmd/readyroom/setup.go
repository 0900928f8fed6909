package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/ledger"
)

const (
	defaultConfig = "readyroom.yaml"
	defaultData   = "readyroom-data"
)

// newGit makes the source of facts about work trees.
func newGit() *git.Git {
	return git.New(git.Options{Path: os.Getenv("PATH"), Home: os.Getenv("HOME")})
}

// atKeyboard is the person who sits here, as git knows them.
func atKeyboard(ctx context.Context, g *git.Git) workflows.Person {
	name, address := g.Identity(ctx, ".")
	you := workflows.Person{ID: "you", Name: workflows.Display(name, 60)}
	if address != "" {
		you.Code = []string{strings.ToLower(address)}
	}
	return you
}

// loadConfig reads the named file; without a name, readyroom.yaml if it is there, else the built-in defaults: with the
// person at the keyboard as owner, or, where nobody sits at one, without owners.
func loadConfig(ctx context.Context, path string, keyboard bool, g *git.Git) (config.Config, error) {
	if path == "" {
		if _, err := os.Stat(defaultConfig); errors.Is(err, fs.ErrNotExist) {
			if keyboard {
				return config.Defaults(atKeyboard(ctx, g)), nil
			}
			return config.Parse("", nil)
		}
		path = defaultConfig
	}
	return config.Load(path)
}

// lastTime is the time of the store's last event; zero for a new store.
func lastTime(ctx context.Context, s *storage.Store) (last time.Time, err error) {
	err = s.View(ctx, func(tx *storage.Tx) error {
		_, last, err = tx.Last()
		return err
	})
	return last, err
}

// deskConfig hands the desk what it goes by, over the data in a directory. Of the platforms that are on, the first that
// somebody has an account on gets their direct messages.
func deskConfig(c config.Config, dir string, made codes, platforms ...string) (desk.Config, error) {
	days, err := calendar.ParseDays(c.Time.Days)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.days: %w", err)
	}
	digest, err := calendar.ParseWorking(c.Time.Digest, days)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.digest: %w", err)
	}
	readiness, err := calendar.ParseWorking(c.Time.Channel, days)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.channel: %w", err)
	}
	hours, err := calendar.ParseHours(c.Time.Hours)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.hours: %w", err)
	}
	anchor := desk.Anchor{Place: place(c.Audit.Channel), Product: c.Audit.Tag}
	if c.Audit.At != "" {
		if anchor.Spec, err = calendar.ParseSpec(c.Audit.At); err != nil {
			return desk.Config{}, fmt.Errorf("audit.at: %w", err)
		}
	}
	d := desk.Config{Book: c.Book(place), Products: map[workflows.Product]desk.Product{}, Worktree: desk.Product{Repository: "."},
		Templates: c.Templates, Default: c.Template, Raise: c.Raise, Week: calendar.Week{Days: days, Hours: hours, Zone: c.Time.Zone},
		Digest: digest, Readiness: readiness, Platforms: platforms, Channels: map[workflows.Place]desk.Telling{}, Join: join(c),
		Anchor: anchor, Kept: func() (ledger.Tip, error) { return datadir.Tip(dir) }, Codes: made.Codes, From: c.Path}
	for id, p := range c.Products {
		p.Forge.Host = forgeHost()
		d.Products[id] = desk.Product{Repository: p.Repository, Branch: p.Branch, Environments: p.Environments, Home: place(p.Channel), Roadmap: p.Roadmap, Changelog: p.Changelog, Forge: p.Forge}
	}
	for channel, telling := range c.Channels {
		d.Channels[place(channel)] = desk.Telling(telling)
	}
	return d, nil
}

// join says how somebody becomes known.
func join(c config.Config) string {
	if c.Path == "" {
		return "readyroom init, then people:"
	}
	return "people: in " + filepath.Base(c.Path)
}

// place is a channel of the configuration; without a platform it is the console's.
func place(channel string) workflows.Place {
	if channel == "" || !strings.HasPrefix(channel, "#") {
		return workflows.Place(channel)
	}
	return workflows.Place(console.Platform + "/" + channel)
}

// requestIDs gives ids that no other run gave.
func requestIDs() (func() string, error) {
	run := make([]byte, 8)
	if _, err := rand.Read(run); err != nil {
		return nil, fmt.Errorf("request ids: %w", err)
	}
	var n atomic.Int64
	return func() string { return fmt.Sprintf("console/%s/%d", hex.EncodeToString(run), n.Add(1)) }, nil
}
