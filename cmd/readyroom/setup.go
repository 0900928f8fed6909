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
	"time"

	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

const (
	defaultConfig = "readyroom.yaml"
	defaultData   = "readyroom-data"
	databaseFile  = "readyroom.db"
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

// loadConfig reads the named file; without a name, readyroom.yaml if it is there, else the built-in defaults.
func loadConfig(ctx context.Context, path string, g *git.Git) (config.Config, error) {
	if path == "" {
		if _, err := os.Stat(defaultConfig); errors.Is(err, fs.ErrNotExist) {
			return config.Defaults(atKeyboard(ctx, g)), nil
		}
		path = defaultConfig
	}
	return config.Load(path)
}

// openData opens the database in a data directory. The directory is made only where none is: one that lost its
// database is refused, not silently begun anew.
func openData(ctx context.Context, dir string) (s *storage.Store, isNew bool, err error) {
	_, err = os.Stat(dir)
	if isNew = errors.Is(err, fs.ErrNotExist); isNew {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, true, fmt.Errorf("make the data directory: %w; → --data DIR where you may write", err)
		}
		if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("*\n"), 0o600); err != nil {
			return nil, true, fmt.Errorf("make the data directory: %w", err)
		}
	} else if err != nil {
		return nil, false, fmt.Errorf("data directory: %w; → --data DIR where you may write", err)
	}
	engine, err := bolt.Open(filepath.Join(dir, databaseFile), bolt.Options{Create: isNew})
	switch {
	case errors.Is(err, bolt.ErrMissing):
		return nil, false, fmt.Errorf("%s has no %s: it was lost, or this is no data directory of Readyroom; → restore the file, or --data with a directory that does not exist yet", dir, databaseFile)
	case errors.Is(err, bolt.ErrLocked):
		return nil, false, fmt.Errorf("%s is open in another process: only one may write; → end that one, or --data another directory", dir)
	case err != nil:
		return nil, isNew, fmt.Errorf("%w; → restore the file, or --data with a directory that does not exist yet", err)
	}
	s, err = storage.Open(ctx, engine, storage.Options{})
	if err != nil {
		return nil, isNew, errors.Join(err, engine.Close())
	}
	return s, isNew, nil
}

// lastTime is the time of the store's last event; zero for a new store.
func lastTime(ctx context.Context, s *storage.Store) (last time.Time, err error) {
	err = s.View(ctx, func(tx *storage.Tx) error {
		_, last, err = tx.Last()
		return err
	})
	return last, err
}

// deskConfig hands the desk what it goes by.
func deskConfig(c config.Config) (desk.Config, error) {
	digest, err := calendar.ParseSpec(c.Time.Digest)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.digest: %w", err)
	}
	readiness, err := calendar.ParseSpec(c.Time.Channel)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.channel: %w", err)
	}
	days, err := calendar.ParseDays(c.Time.Days)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.days: %w", err)
	}
	hours, err := calendar.ParseHours(c.Time.Hours)
	if err != nil {
		return desk.Config{}, fmt.Errorf("time.hours: %w", err)
	}
	d := desk.Config{Book: book(c), Products: map[workflows.Product]desk.Product{}, Worktree: desk.Product{Repository: "."},
		Templates: release.Templates(), Default: c.Template, Week: calendar.Week{Days: days, Hours: hours, Zone: c.Time.Zone},
		Digest: digest, Readiness: readiness, Platforms: []string{console.Platform}, Join: join(c)}
	for id, p := range c.Products {
		d.Products[id] = desk.Product{Repository: p.Repository, Branch: p.Branch, Environments: p.Environments, Home: place(p.Channel)}
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

// book is the configuration as policy weighs it.
func book(c config.Config) *policy.Book {
	b := &policy.Book{Owners: c.Owners, People: c.People, Roles: c.Roles, Hash: c.Hash}
	for name, a := range c.Audiences {
		b.Audiences = append(b.Audiences, policy.Audience{Name: name, People: a.People, Place: place(a.Channel), Quota: a.Quota, Public: a.Public})
	}
	policy.SortAudiences(b.Audiences)
	return b
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
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("console/%s/%d", hex.EncodeToString(run), n)
	}, nil
}
