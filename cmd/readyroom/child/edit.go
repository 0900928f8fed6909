package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ErrEditor is wrapped when the editor could not be run or ended with an error.
var ErrEditor = errors.New("the editor failed")

// Edit runs an editor at this terminal on a file of that name which holds the text, and gives what it holds afterwards.
// The editor is a program with its first arguments, parted by blanks; the file is its last. Nobody but the user may read
// the file, and none is left behind.
func Edit(ctx context.Context, editor, name, text string) (edited string, err error) {
	words := strings.Fields(editor)
	if len(words) == 0 {
		return "", fmt.Errorf("%w: none is named", ErrEditor)
	}
	dir, err := os.MkdirTemp("", "readyroom-")
	if err != nil {
		return "", fmt.Errorf("a folder for the editor: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("a file for the editor: %w", err)
	}
	c := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("%w: %s: %w", ErrEditor, words[0], err)
	}
	return contents(path)
}

// contents reads what an editor left, as far as that is no more than anything here holds.
func contents(path string) (string, error) {
	f, err := os.Open(path) // an editor may have put another file in its place
	if err != nil {
		return "", fmt.Errorf("%w: the file is gone: %w", ErrEditor, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read what was edited: %w", err)
	case len(text) > limit:
		return "", fmt.Errorf("%w: what it left has more than %d bytes", ErrEditor, limit)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n"), nil
}
