package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// guards keep git from running other programs, from asking, and from reading history through a repository's own
// substitutions: what a vote binds to must be the objects themselves.
var guards = []string{
	"--no-pager", "--no-replace-objects", "--literal-pathspecs",
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.askPass=", "-c", "protocol.allow=never",
	"-c", "log.showSignature=false", "-c", "log.showRoot=true", "-c", "color.ui=false", "-c", "i18n.logOutputEncoding=UTF-8",
	"-c", "core.warnAmbiguousRefs=true", // else rev-parse takes the first of several refs and does not say so: see glance
}

// env is everything git sees of the environment.
func (g *Git) env() []string {
	env := []string{
		"LC_ALL=C", "PATH=" + g.opts.Path, "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1",
		"GIT_GRAFT_FILE=" + os.DevNull,
	}
	if g.opts.Home != "" {
		env = append(env, "HOME="+g.opts.Home)
	}
	return env
}

// failure is a git command that said no.
type failure struct {
	verb string
	code int
	said string
}

func (f *failure) Error() string {
	return fmt.Sprintf("git %s: exit status %d: %s", f.verb, f.code, workflows.Display(strings.TrimSpace(f.said), 300))
}

// failed gives the failure behind err when git itself said no; nil for every other fault.
func failed(err error) *failure {
	var f *failure
	errors.As(err, &f)
	return f
}

// run executes one git command to its end and gives what it wrote.
func (r repo) run(ctx context.Context, input string, args ...string) (string, error) {
	var out strings.Builder
	if err := r.stream(ctx, &out, input, args...); err != nil {
		return "", err
	}
	return out.String(), nil
}

// stream executes one git command to its end, and hands on what it writes while it runs. What was handed on counts only if
// there is no error.
func (r repo) stream(ctx context.Context, to io.Writer, input string, args ...string) error {
	g := r.g
	if g.program == "" {
		return workflows.Refuse(workflows.Unavailable, "the git command is not installed on this machine").
			By("who runs the bot").Type("git --version")
	}
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, g.program, append(guards[:len(guards):len(guards)], args...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.dir, g.env(), time.Second
	if input != "" {
		cmd.Stdin = strings.NewReader(input)
	}
	var words strings.Builder
	out, said := &bounded{to: to, left: g.opts.Limit}, &bounded{to: &words, left: 64 << 10, quiet: true}
	cmd.Stdout, cmd.Stderr = out, said
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("git %s in %s: %w", args[0], r.at(), ctx.Err())
	case out.full:
		return fmt.Errorf("git %s in %s: %w of %d bytes", args[0], r.at(), errTooMuch, g.opts.Limit)
	case errors.As(err, &exit) && absent(args[0], words.String()) != "":
		return r.partial(absent(args[0], words.String()))
	case errors.As(err, &exit):
		return &failure{args[0], exit.ExitCode(), words.String()}
	case err != nil:
		return fmt.Errorf("git %s in %s: %w", args[0], r.at(), err)
	}
	return nil
}

// lines is run for commands that answer in lines of their own making, never in file names.
func (r repo) lines(ctx context.Context, args ...string) ([]string, error) {
	out, err := r.run(ctx, "", args...)
	if err != nil || out == "" {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n"), nil
}

var errTooMuch = errors.New("output over the limit")

// bounded hands on what is written up to a limit; then it ends the writing command, or quietly drops the rest.
type bounded struct {
	to          io.Writer
	left        int
	quiet, full bool
}

func (b *bounded) Write(p []byte) (int, error) {
	keep := min(b.left, len(p))
	b.left -= keep
	if n, err := b.to.Write(p[:keep]); err != nil {
		return n, err
	}
	if keep < len(p) && !b.quiet {
		b.full = true
		return keep, errTooMuch
	}
	return len(p), nil
}

var promised = regexp.MustCompile(`could not fetch ([0-9a-f]{40,64}) from promisor remote`)

// absent is the object that a partial clone left out and a command needed; empty: it failed for something else. A word that
// may name a commit fetches nothing either: that is no commit here.
func absent(verb, said string) string {
	if m := promised.FindStringSubmatch(said); m != nil && verb != "rev-parse" {
		return m[1]
	}
	return ""
}

// partial refuses what a partial clone cannot say: nothing is fetched from here.
func (r repo) partial(id string) *workflows.Refusal {
	dir := workflows.Display(r.at(), 200)
	return workflows.Refuse(notHere, fmt.Sprintf("%s is a partial clone, and lacks the object %s that is needed here; readyroom fetches nothing", r.called, workflows.ShortID(id))).
		By("who runs the bot").Type("git -C "+dir+" cat-file -p "+id, "git -C "+dir+" fetch --refetch --no-filter")
}

// notHere says that a clone was made without what is asked of it.
const notHere workflows.Reason = "partial_clone"

func noRepository(why string) *workflows.Refusal {
	return workflows.Refuse(workflows.NoRepository, why)
}

// unreadable turns git's no to a folder into words; other faults stay faults.
func (r repo) unreadable(err error) error {
	f := failed(err)
	switch {
	case f == nil:
		return err
	case strings.Contains(f.said, "dubious ownership"):
		dir, absErr := filepath.Abs(r.at())
		if absErr != nil {
			dir = r.at()
		}
		return noRepository("git does not read " + r.called + ": the folder belongs to another user of this machine").
			By("who runs the bot").Type("git config --global --add safe.directory " + workflows.Display(dir, 200))
	case strings.Contains(f.said, "safe.bareRepository"):
		return noRepository("git does not read " + r.called + ": bare repositories are turned off (safe.bareRepository)").
			By("who runs the bot").Type("git config --global safe.bareRepository all")
	case strings.Contains(f.said, "not a git repository"):
		return noRepository(r.called+" is not in a git repository").Type("git init", "git clone URL")
	}
	return err
}
