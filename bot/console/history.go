package console

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// maxHistory is how many lines are kept, in memory and in the file.
const maxHistory = 1000

// history is what was typed, across runs where it has a file. Lines that begin with a blank are not kept, and no line
// twice in a row. It is used by whoever reads lines, one at a time.
type history struct {
	path  string // empty: nowhere
	lines []string
	err   error // why the file does not have them all
}

// openHistory reads the file, if there is one. What would steer the terminal when it is recalled is left out.
func openHistory(path string) *history {
	h := &history{path: path}
	if path == "" {
		return h
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.err = err
		h.path = ""
	}
	for line := range strings.Lines(string(data)) {
		h.keep(strings.TrimSuffix(line, "\n"))
	}
	if n := strings.Count(string(data), "\n"); n > len(h.lines) {
		h.write()
	}
	return h
}

// keep takes a line into memory, and says whether it is worth keeping.
func (h *history) keep(line string) bool {
	if strings.Trim(line, blanks) == "" || strings.HasPrefix(line, " ") || strings.ContainsFunc(line, workflows.Steers) ||
		len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return false
	}
	h.lines = append(h.lines, line)
	if more := len(h.lines) - maxHistory; more > 0 {
		h.lines = slices.Delete(h.lines, 0, more)
	}
	return true
}

// Add keeps a line that was typed. A file that cannot be written is given up.
func (h *history) Add(line string) {
	if !h.keep(line) || h.path == "" {
		return
	}
	if len(h.lines) == maxHistory { // most likely the first was dropped
		h.write()
		return
	}
	f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err == nil {
		_, err = f.WriteString(line + "\n")
		err = errors.Join(err, f.Close())
	}
	h.failed(err)
}

// write writes the file anew: whole, or not at all.
func (h *history) write() {
	text := strings.Join(h.lines, "\n") + "\n"
	if len(h.lines) == 0 {
		text = ""
	}
	beside := h.path + ".new"
	err := os.WriteFile(beside, []byte(text), 0o600)
	if err == nil {
		err = os.Rename(beside, h.path)
	}
	h.failed(err)
}

func (h *history) failed(err error) {
	if err != nil {
		h.err, h.path = err, ""
	}
}

// trouble says once why lines are not kept.
func (h *history) trouble() string {
	if h == nil || h.err == nil {
		return ""
	}
	why := h.err
	h.err = nil
	return "what is typed is not kept for the next run: " + why.Error()
}

// Len is how many lines can be recalled.
func (h *history) Len() int { return len(h.lines) }

// At is one of them, the last one first.
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }
