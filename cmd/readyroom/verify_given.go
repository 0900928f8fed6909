package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// What somebody gives to be verified may be anything: it is held to these before it is read, in bytes.
const (
	maxBundle = 64 << 20 // far more than one release has events
	maxEvent  = 16 << 20 // one line of an export
	maxTip    = 64 << 10 // a tip, and the message that it was posted in
)

// openGiven opens a file that was given to be verified. What is no regular file is refused: it may never end, or never
// begin.
func openGiven(file string) (*os.File, os.FileInfo, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, nil, workflows.Refuse(workflows.Invalid, err.Error()).Type("readyroom verify FILE", "readyroom verify --data DIR")
	case info.IsDir():
		return nil, nil, workflows.Refuse(workflows.Invalid, file+" is a directory; a data directory is given with --data").Type("readyroom verify --data " + quoted(file))
	case !info.Mode().IsRegular():
		return nil, nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is no regular file (%v)", file, info.Mode())).Type("readyroom verify FILE")
	}
	f, err := os.Open(file)
	return f, info, err
}

// readBundle reads a bundle, or the page beside it.
func readBundle(file string) ([]byte, error) {
	f, info, err := openGiven(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	if info.Size() > maxBundle {
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s has %d bytes, and no evidence has more than %d", file, info.Size(), maxBundle)).
			Type("readyroom evidence RELEASE")
	}
	return io.ReadAll(io.LimitReader(f, maxBundle))
}

// kindOf tells what a file to verify is by how it begins.
func kindOf(file string) (string, error) {
	f, _, err := openGiven(file)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	begin := make([]byte, 64)
	n, err := io.ReadFull(f, begin)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	begin = bytes.TrimLeft(begin[:n], " \t\r\n")
	switch {
	case bytes.HasPrefix(begin, []byte(`{"seq":`)):
		return "export", nil
	case bytes.HasPrefix(begin, []byte("{")):
		return "bundle", nil
	}
	return "database", nil
}

// readTip is a tip given on the command line: its text, or a file that holds it. An empty one, as a variable leaves that
// nobody set, would hold the record to nothing.
func readTip(arg string) (ledger.Tip, error) {
	if arg == "" {
		return ledger.Tip{}, workflows.Refuse(workflows.Invalid, "--tip is empty: nothing would be held to it").Type("readyroom verify --tip 'readyroom/…'")
	}
	if bytes.HasPrefix([]byte(arg), []byte("readyroom/")) {
		return ledger.ParseTip(arg)
	}
	f, err := os.Open(arg)
	if err != nil {
		return ledger.Tip{}, fmt.Errorf("--tip: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxTip))
	if err != nil {
		return ledger.Tip{}, fmt.Errorf("--tip: %w", err)
	}
	tip, err := ledger.ParseTip(string(text))
	if err != nil {
		return tip, fmt.Errorf("--tip %s: %w", arg, err)
	}
	return tip, nil
}

// readEvent reads a line of an export, with its end if it has one.
func readEvent(in *bufio.Reader) (line []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxEvent {
			return nil, fmt.Errorf("it is longer than %d bytes, which no event is", maxEvent)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
