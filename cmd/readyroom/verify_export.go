package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// verifyExport recomputes the tree over an exported ledger and compares it with the tip at its end, and with those
// that are known.
func verifyExport(ctx context.Context, file string, known []ledger.Tip) (r storage.Report, err error) {
	f, _, err := openGiven(file)
	if err != nil {
		return r, err
	}
	defer func() { _ = f.Close() }() // it was only read
	e := exported{report: &r, tips: known, known: map[workflows.Seq][]ledger.Tip{}}
	for _, tip := range known {
		e.known[tip.Size] = append(e.known[tip.Size], tip)
	}
	e.hold()
	in := bufio.NewReader(f)
	for {
		line, err := readEvent(in)
		if len(line) > 0 {
			if err := e.line(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
				return r, fmt.Errorf("%s, line %d: %w", file, r.Records+1, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return r, e.end(file)
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return r, fmt.Errorf("read %s, line %d: %w", file, r.Records+1, err)
		}
	}
}

// exported is an exported ledger as far as it was read.
type exported struct {
	report *storage.Report
	tips   []ledger.Tip // that are known from elsewhere
	known  map[workflows.Seq][]ledger.Tip
	roots  []tlog.Hash // of the complete subtrees so far, the largest first: all that a tree needs to grow
	ended  bool
}

// exportEnd is the last line of an export.
type exportEnd struct {
	Tip *ledger.Tip `json:"tip"`
}

func (e *exported) line(text []byte) error {
	if e.ended {
		return errors.New("there is more behind the tip")
	}
	var end exportEnd
	if err := json.Unmarshal(text, &end); err == nil && end.Tip != nil {
		e.ended = true
		e.report.Tip.Instance = end.Tip.Instance
		e.known[end.Tip.Size] = append(e.known[end.Tip.Size], *end.Tip)
		e.hold()
		return nil
	}
	r, err := ledger.Parse(text)
	if err != nil {
		return err
	}
	if r.Seq != e.report.Tip.Size+1 {
		if e.report.Tip.Size == 0 {
			return workflows.Refuse(workflows.Invalid, fmt.Sprintf("it begins at event %d: a part of the ledger cannot be verified by itself", r.Seq)).Type("readyroom export > ledger.jsonl")
		}
		return fmt.Errorf("event %d follows event %d: what is between is missing", r.Seq, e.report.Tip.Size)
	}
	e.grow(text)
	e.report.Records++
	e.report.Tip.Size, e.report.At = r.Seq, r.At
	e.hold()
	return nil
}

// grow adds the next event to the tree.
func (e *exported) grow(text []byte) {
	node := tlog.RecordHash(text)
	for n := e.report.Tip.Size; n&1 == 1; n >>= 1 {
		last := len(e.roots) - 1
		node, e.roots = tlog.NodeHash(e.roots[last], node), e.roots[:last]
	}
	e.roots = append(e.roots, node)
}

// root is the hash of the tree so far.
func (e *exported) root() tlog.Hash {
	if len(e.roots) == 0 {
		h, _ := tlog.TreeHash(0, nil) // reads nothing
		return h
	}
	node := e.roots[len(e.roots)-1]
	for i := len(e.roots) - 2; i >= 0; i-- {
		node = tlog.NodeHash(e.roots[i], node)
	}
	return node
}

// hold compares the tree so far with the tips that are known of its size.
func (e *exported) hold() {
	size := e.report.Tip.Size
	if e.known[size] == nil {
		return
	}
	e.report.Tip.Hash = e.root()
	for _, tip := range e.known[size] {
		if tip.Hash != e.report.Tip.Hash {
			e.report.Add("", fmt.Sprintf("the first %d events are not those of the tip %s", size, tip))
		}
	}
	delete(e.known, size)
}

func (e *exported) end(file string) error {
	if !e.ended {
		return fmt.Errorf("%s has no tip at its end: it is cut short", file)
	}
	for _, tip := range e.tips {
		if tip.Instance != e.report.Tip.Instance {
			e.report.Add("", fmt.Sprintf("a known tip is of the ledger %s, and this is %s", tip.Instance, e.report.Tip.Instance))
		}
	}
	for _, tips := range e.known {
		e.report.Add("", fmt.Sprintf("it ends at event %d and is not the whole ledger of the tip %s", e.report.Tip.Size, tips[0]))
	}
	return nil
}
