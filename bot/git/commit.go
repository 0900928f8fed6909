package git

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// form is what git is asked to write of each commit, one field before each NUL: no field can hold one.
const form = "--format=%H%x00%T%x00%ct%x00%aE%x00%ae%x00%an%x00%s%x00%B%x00%P%x00%cE%x00%ce%x00"

const fields = 11

// commit reads one commit.
func (r repo) commit(ctx context.Context, id string) (workflows.Commit, error) {
	found, written, err := r.log(ctx, false, "-1", id)
	if err != nil {
		return workflows.Commit{}, err
	}
	if err := r.addAuthors(ctx, found, written); err != nil {
		return workflows.Commit{}, err
	}
	if len(found) != 1 {
		return workflows.Commit{}, fmt.Errorf("git log: %d answers for one commit", len(found))
	}
	return found[0], nil
}

// changed lists what a commit changed; of a merge, all that it brought to the line it was merged into.
func (r repo) changed(ctx context.Context, id string) ([]string, error) {
	out, err := r.run(ctx, "", "log", "-z", "--no-color", "--no-ext-diff", "--no-textconv", "--format=", "--name-only", "--no-renames",
		"--ignore-submodules=none", "-m", "--first-parent", "-1", id, "--")
	if err != nil {
		return nil, fmt.Errorf("reading what %s changed: %w", workflows.ShortID(id), err)
	}
	return strings.FieldsFunc(out, func(c rune) bool { return c == 0 }), nil
}

// changes makes git log list the files that commits change. Of a merge they are those that differ from all its parents: what
// somebody wrote into the merge itself.
var changes = []string{"--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", "-c"}

// log reads the commits that git log lists for args, with their files where those are wanted, and gives beside each what git
// wrote of it. Their authors are left to add.
func (r repo) log(ctx context.Context, files bool, args ...string) ([]workflows.Commit, []raw, error) {
	how := []string{"--no-patch"}
	if files {
		how = changes
	}
	l := logged{files: files}
	if err := r.stream(ctx, &l, "", slices.Concat([]string{"log", "-z", "--no-color", "--no-ext-diff", "--no-textconv", form}, how, args, []string{"--"})...); err != nil {
		return nil, nil, fmt.Errorf("reading commits: %w", err)
	}
	if err := l.read(len(l.rest)); err != nil {
		return nil, nil, err
	}
	return l.commits, l.written, nil
}

// logged is what git log writes. Where no files are listed a commit has so many words, and is read as soon as they are there:
// git takes as long to write them as we to read them.
type logged struct {
	files   bool
	rest    []byte // what is not read yet
	words   int    // of the commit that it breaks off in
	commits []workflows.Commit
	written []raw
	err     error // what could not be read
}

// Write never fails.
func (l *logged) Write(p []byte) (int, error) {
	whole := 0
	for i, c := range p {
		if c != 0 {
			continue
		}
		if l.words++; l.words > fields {
			whole, l.words = len(l.rest)+i+1, 0
		}
	}
	l.rest = append(l.rest, p...)
	if whole > 0 && !l.files {
		l.err = l.read(whole)
	}
	return len(p), nil
}

// read reads so many bytes, which end with a commit. After something that it could not read it reads no more.
func (l *logged) read(bytes int) error {
	if l.err != nil {
		return l.err
	}
	commits, written, err := parseLog(string(l.rest[:bytes]))
	l.commits, l.written, l.rest = append(l.commits, commits...), append(l.written, written...), append(l.rest[:0], l.rest[bytes:]...)
	return err
}

// parseLog reads what git log wrote: of each commit its fields and an empty one; then, with --raw, two words of each
// changed file: a description that begins with a colon, and the name. Names may hold anything but NUL.
func parseLog(out string) (commits []workflows.Commit, written []raw, err error) {
	words := strings.Split(out, "\x00")
	commits, written = make([]workflows.Commit, 0, len(words)/(fields+1)), make([]raw, 0, len(words)/(fields+1))
	for len(words) > fields {
		c, by, err := parseCommit(words[:fields])
		if err != nil {
			return nil, nil, err
		}
		words = words[fields+1:]
		if c.Merge && len(words) > 1 && words[0] == "" { // before what is listed of a merge stands one more
			words = words[1:]
		}
		for ; len(words) > 1 && strings.HasPrefix(strings.TrimPrefix(words[0], "\n"), ":"); words = words[2:] {
			c.Files = append(c.Files, words[1])
		}
		commits, written = append(commits, c), append(written, by)
	}
	if strings.Join(words, "") != "" {
		return nil, nil, fmt.Errorf("git log: cannot read %q", workflows.Display(strings.Join(words, " "), 100))
	}
	return commits, written, nil
}

func parseCommit(f []string) (workflows.Commit, raw, error) {
	seconds, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil || !isID(f[0]) || !isID(f[1]) {
		return workflows.Commit{}, raw{}, fmt.Errorf("git log: cannot read the commit %q", workflows.Display(f[0], 80))
	}
	c := workflows.Commit{ID: f[0], Tree: f[1], Subject: strings.ToValidUTF8(f[6], "\uFFFD"), At: when(seconds),
		Merge: len(strings.Fields(f[8])) > 1, Mentions: workflows.Mentions(f[7]), Closes: workflows.Closing(f[7]), Breaks: workflows.Breaking(f[7])}
	c.Committer = workflows.Committer(workflows.Signed{Mapped: f[3], Written: f[4]}, workflows.Signed{Mapped: f[9], Written: f[10]})
	by := raw{parents: f[8], author: workflows.Contact{Name: f[5], Address: f[4]}, mapped: f[3], co: workflows.CoAuthors(f[7])}
	c.Names, c.Own = workflows.NamesOf(f[7], by.author, by.co), workflows.OpOf(f[7]) != ""
	return c, by, nil
}

// when is the zero time for dates that no calendar of ours can write: anyone can put any number into a commit.
func when(seconds int64) time.Time {
	t := time.Unix(seconds, 0).UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
