package console

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// maxLine is the longest line that is read, in bytes without its end.
const maxLine = 64 << 10

// input reads lines in a goroutine of its own, one each time it is asked, so that nothing is read ahead of what is
// carried out and no read is left hanging after !quit.
type input struct {
	in    io.Reader
	want  chan struct{}
	got   chan readLine
	asked bool   // a line is being read
	end   func() // called first when it is stopped; nil: nothing is
}

type readLine struct {
	text string
	err  error
}

// readLines reads the lines of a file or a pipe.
func readLines(in io.Reader) *input {
	r := bufio.NewReader(in)
	return newInput(in, func() (string, error) { return nextLine(r) })
}

// newInput starts the reading goroutine, which gets lines by calling next; stop ends it.
func newInput(in io.Reader, next func() (string, error)) *input {
	i := &input{in: in, want: make(chan struct{}, 1), got: make(chan readLine, 1)}
	go func() {
		for range i.want {
			text, err := next()
			i.got <- readLine{text, err}
		}
	}()
	return i
}

// ask has one line read; its text or its error comes out of got.
func (i *input) ask() {
	i.asked = true
	i.want <- struct{}{}
}

// stop ends the goroutine. A read under way is broken off by closing the input if it can be closed.
func (i *input) stop() {
	if i.end != nil {
		i.end()
	}
	close(i.want)
	if closer, ok := i.in.(io.Closer); ok && i.asked {
		_ = closer.Close() // nothing was written to it, and nobody reads it any more
	}
}

// nextLine reads up to and without the line's end. A line over maxLine is skipped and refused; io.EOF means that there
// was nothing more.
func nextLine(r *bufio.Reader) (string, error) {
	var line []byte
	n := 0
	for {
		part, err := r.ReadSlice('\n')
		n += len(part)
		if n <= maxLine+len("\r\n") {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (n == 0 || !errors.Is(err, io.EOF)):
			return "", fault("read a line", err)
		}
		text := strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
		if n > len(line) || len(text) > maxLine {
			n -= len(part) - len(bytes.TrimRight(part, "\r\n"))
			return "", workflows.Refuse(workflows.Invalid,
				fmt.Sprintf("a line holds up to %d bytes, this one %d", maxLine, n))
		}
		return text, nil
	}
}
