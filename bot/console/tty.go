package console

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// TTY is a terminal that somebody sits at: lines are edited there, completed and recalled. Keys come one by one only
// while a line is awaited; as long as one is carried out the terminal is as it was found, and Ctrl-C ends the process as
// ever. What is written to it stands above the line that is being typed.
type TTY struct {
	in, out *os.File
	colours bool
	edit    *term.Terminal

	mu    sync.Mutex
	found *term.State // how it was found; nil while it is so
	gone  bool        // no more lines are read

	writing sync.Mutex
	part    []byte // of a line that was not written whole yet
}

// NewTTY makes a terminal of its two files, which term.IsTerminal must be true of.
func NewTTY(in, out *os.File, colours bool) *TTY {
	return &TTY{in: in, out: out, colours: colours, edit: term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "")}
}

// Write shows whole lines; what is no whole line yet is kept for the next call.
func (t *TTY) Write(p []byte) (int, error) {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.part = append(t.part, p...)
	end := bytes.LastIndexByte(t.part, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	to := io.Writer(t.edit)
	if t.isGone() {
		to = t.out // there is no line to keep clear of
	}
	_, err := to.Write(t.part[:end])
	t.part = append(t.part[:0], t.part[end:]...)
	return len(p), err
}

func (t *TTY) isGone() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.gone
}

// width is how many columns there are now; the line that is being typed is drawn anew where that has changed.
func (t *TTY) width() int {
	width, height := 0, 0
	err := onFile(t.out, func(fd int) (err error) {
		width, height, err = term.GetSize(fd)
		return err
	})
	if err != nil || width <= 0 || height <= 0 {
		width, height = 80, 24
	}
	if !t.isGone() {
		_ = t.edit.SetSize(width, height) // only a write can fail, and the next one fails too
	}
	return width
}

// readLine reads one line. The end of the input, Ctrl-D on an empty line and Ctrl-C are io.EOF.
func (t *TTY) readLine() (string, error) {
	if err := t.raw(); err != nil {
		return "", err
	}
	defer t.restore()
	text, err := t.edit.ReadLine()
	switch {
	case err == nil || errors.Is(err, term.ErrPasteIndicator):
		return text, nil
	case errors.Is(err, io.EOF):
		t.leave()
		return "", io.EOF
	}
	return "", fault("read a line", err)
}

// Pasted text is marked by the terminal while this is on, so that it is taken as it is.
const pasteOn, pasteOff = "\x1b[?2004h", "\x1b[?2004l"

// raw lets keys come one by one.
func (t *TTY) raw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone {
		return io.EOF
	}
	err := onFile(t.in, func(fd int) (err error) {
		t.found, err = term.MakeRaw(fd)
		return err
	})
	if err == nil {
		_, err = io.WriteString(t.out, pasteOn)
	}
	return fault("read keys", err)
}

// restore makes the terminal as it was found.
func (t *TTY) restore() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.found == nil {
		return
	}
	_, _ = io.WriteString(t.out, pasteOff) // a terminal that went away needs neither
	_ = onFile(t.in, func(fd int) error { return term.Restore(fd, t.found) })
	t.found = nil
}

// leave ends it all, wherever the cursor stands. It may be called again.
func (t *TTY) leave() {
	t.mu.Lock()
	waiting := t.found != nil && !t.gone
	t.gone = true
	t.mu.Unlock()
	if waiting {
		_, _ = io.WriteString(t.out, "\r\n") // the next line of whoever writes there is their own
	}
	t.restore()
}

// onFile calls a function with the file's descriptor. Unlike Fd it leaves a read breakable by closing the file.
func onFile(f *os.File, do func(fd int) error) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = c.Control(func(fd uintptr) { failed = do(int(fd)) })
	return errors.Join(err, failed)
}
