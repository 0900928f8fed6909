package git

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Changelogs writes sections into the change log of a work tree. It commits nothing: whoever works there sees what is new,
// and goes on from there. Lines that are in no commit yet are never lost.
type Changelogs struct{ *Git }

// maxChangelog is how large a change log may be, in bytes.
const maxChangelog = 8 << 20

// Act carries out a workflows.Changelog. Done, the file has the section.
func (g Changelogs) Act(ctx context.Context, data json.RawMessage) (link string, err error) {
	var want workflows.Changelog
	if err := json.Unmarshal(data, &want); err != nil {
		return "", fmt.Errorf("read what is to be written into the change log: %w", err)
	}
	r, err := g.open(ctx, want.Repository)
	if err != nil {
		return "", err
	}
	name := workflows.Display(want.File, 80)
	no := func(why string) *workflows.Refusal {
		return workflows.Refuse(workflows.Invalid, name+" in "+r.called+" "+why).By("who runs the bot")
	}
	switch bare, err := r.lines(ctx, "rev-parse", "--is-bare-repository"); {
	case err != nil:
		return "", err
	case len(bare) != 1 || bare[0] != "false":
		return "", no("cannot be written: the repository has no work tree").Type("products: PRODUCT: github: owner/name, in readyroom.yaml")
	}
	tree, err := os.OpenRoot(r.at())
	if err != nil {
		return "", err
	}
	defer func() { _ = tree.Close() }() // only read through, or renamed into
	was, err := written(tree, want.File)
	switch {
	case errors.Is(err, errNoFile):
		return "", no("is no file that can be written").Type("products: app: changelog: CHANGELOG.md, in readyroom.yaml")
	case err != nil:
		return "", err
	}
	text := want.Into(was)
	if text == was {
		return "", nil
	}
	if loses(was, text) {
		switch clean, err := r.clean(ctx, want.File); {
		case err != nil:
			return "", err
		case !clean:
			return "", no("has changes that are in no commit, and a section of this version that would be replaced").
				Type("git commit "+name, "then: /release notes publish --only changelog")
		}
	}
	return "", replace(tree, want.File, text)
}

var errNoFile = errors.New("it is no file")

// written reads a file of a tree, without leaving it; one that is not there is empty.
func written(tree *os.Root, name string) (string, error) {
	info, err := tree.Lstat(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular() || info.Size() > maxChangelog:
		return "", errNoFile
	}
	data, err := tree.ReadFile(filepath.FromSlash(name))
	return string(data), err
}

// loses reports whether a line of a text is not in another one.
func loses(was, is string) bool {
	have := map[string]int{}
	for l := range strings.SplitSeq(is, "\n") {
		have[strings.TrimSuffix(l, "\r")]++
	}
	for l := range strings.SplitSeq(was, "\n") {
		l = strings.TrimSuffix(l, "\r")
		if have[l]--; have[l] < 0 && strings.TrimSpace(l) != "" {
			return true
		}
	}
	return false
}

// clean reports whether a file is as the last commit has it.
func (r repo) clean(ctx context.Context, name string) (bool, error) {
	out, err := r.run(ctx, "", "status", "--porcelain", "--untracked-files=all", "--ignored", "--", name)
	return out == "", err
}

// replace writes a file whole, or not at all.
func replace(tree *os.Root, name, text string) error {
	name = filepath.FromSlash(name)
	mode := fs.FileMode(0o644)
	if info, err := tree.Lstat(name); err == nil {
		mode = info.Mode().Perm()
	}
	if err := tree.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	beside := name + ".readyroom"
	if err := tree.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) { // what a former attempt left, or a link to elsewhere
		return err
	}
	f, err := tree.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = tree.Rename(beside, name)
	}
	if err != nil {
		return errors.Join(err, tree.Remove(beside))
	}
	return nil
}
