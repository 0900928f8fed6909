// Package git owns what is true of a product's repository, as the git command says it of a clone on disk: commits and
// their authors, digests of a tree and of the paths in it, what came between two commits.
//
// It reads, and changes nothing but this: it makes a tag where it is asked for one (tag.go), never moves one, and writes
// into the change log of a work tree (changelog.go). It never commits, never pushes. It fetches nothing, runs no hook and no
// program that a repository's configuration names. It must not know releases, votes or chat; what the facts mean is decided
// elsewhere. Programs are executed here and nowhere else, and everything that comes from a repository or from a chat line
// is taken for hostile.
package git

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// What a single git command may take, unless the options say otherwise, and how long a log may be.
const (
	defaultTimeout = 10 * time.Second
	defaultLimit   = 64 << 20
	defaultLog     = 5000
)

// Options are what the package needs from the machine; it reads no environment of its own.
type Options struct {
	Path    string        // folders in which git is looked for, as in $PATH; relative ones are passed over
	Home    string        // the home folder whose git configuration applies; empty: none
	Dir     string        // what relative repositories are relative to; empty: the working directory
	Timeout time.Duration // for each git command; zero: 10 s
	Limit   int           // bytes that one git command may say; zero: 64 MiB
	Log     int           // commits that a log may list; zero: 5000
}

// Git answers queries about repositories on this machine. It is safe for concurrent use.
type Git struct {
	opts    Options
	program string // empty: git is not installed
}

// New finds the git command. Without one every query is refused, so that a bot without repositories still runs.
func New(opts Options) *Git {
	if opts.Timeout == 0 {
		opts.Timeout = defaultTimeout
	}
	if opts.Limit == 0 {
		opts.Limit = defaultLimit
	}
	if opts.Log == 0 {
		opts.Log = defaultLog
	}
	return &Git{opts: opts, program: find(opts.Path)}
}

func find(path string) string {
	for _, dir := range filepath.SplitList(path) {
		for _, name := range []string{"git", "git.exe"} {
			file := filepath.Join(dir, name)
			info, err := os.Stat(file)
			if filepath.IsAbs(dir) && err == nil && info.Mode().IsRegular() && (info.Mode()&0o111 != 0 || name == "git.exe") {
				return file
			}
		}
	}
	return ""
}

// repo is a repository that was found to be one.
type repo struct {
	g       *Git
	dir     string
	called  string // how people call it
	shallow bool   // the clone does not hold the whole history
	glance  glance // what was read of it when it was opened
}

// open refuses what is no repository, and what git will not read. What names mean that will be asked for can be
// read with it.
func (g *Git) open(ctx context.Context, repository string, names ...string) (repo, error) {
	dir, called := repository, workflows.Display(repository, 80)
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(g.opts.Dir, dir)
	}
	if repository == "" || repository == "." {
		called = "this folder"
	}
	r := repo{g: g, dir: dir, called: called}
	if info, err := os.Stat(r.at()); err != nil || !info.IsDir() {
		return r, noRepository(called + " is no folder here").Type("git clone URL " + called)
	}
	if err := r.peek(ctx, names); err != nil {
		return r, r.unreadable(err)
	}
	return r, nil
}

// at is the folder to run in; "" means the working directory to exec, but nothing to stat.
func (r repo) at() string {
	if r.dir == "" {
		return "."
	}
	return r.dir
}
