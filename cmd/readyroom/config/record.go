package config

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
)

// Keep is how long things are remembered; the ledger is kept for ever.
type Keep struct {
	Answers time.Duration // to requests: the same one sent again within that time changes nothing
	Sent    time.Duration // what was sent, where and when
	Closed  time.Duration // summaries of closed releases
}

// Audit is where the ledger's tip is published outside the database.
type Audit struct {
	Channel string            // empty: posted nowhere
	Tag     workflows.Product // whose repository is tagged; empty: none
	At      string            // a schedule as calendar reads it; empty where nothing is published
}

const day = 24 * time.Hour

func (r *reader) record(root *node, c *Config) {
	keep := root.get("keep")
	c.Keep = Keep{Answers: duration(keep.says("answers")), Sent: duration(keep.says("sent")), Closed: duration(keep.says("closed"))}
	audit := root.get("audit")
	c.Audit = Audit{Channel: audit.says("channel"), Tag: workflows.Product(audit.says("tag")), At: audit.says("at")}
	if n := audit.get("at"); c.Audit.Channel == "" && c.Audit.Tag == "" && n != nil && n.line == 0 {
		c.Audit.At = "" // the default is for who publishes
	}
	if n := audit.get("tag"); n != nil {
		r.knownProduct(n, "audit.tag", c)
	}
}

// duration reads whole days that fit their shape.
func duration(text string) time.Duration {
	n, _ := strconv.Atoi(strings.TrimSuffix(text, "d")) // none where it does not fit, and the file is refused
	return time.Duration(n) * day
}

func (r *reader) knownProduct(n *node, path string, c *Config) {
	if _, ok := c.Products[workflows.Product(n.text)]; ok {
		return
	}
	var names []string
	for id := range c.Products {
		names = append(names, string(id))
	}
	r.wrong(n, path, "nothing under products is "+quoted(n.text), cmp.Or(nearest(n.text, names), "write a line for it under products"))
}

// Less is allowed, and probably not meant.
const (
	weakSent   = 30 * day
	weakClosed = 30 * day
	weakAudit  = 8 * day
)

func (c Config) lintRecord() []string {
	var out []string
	if c.Keep.Sent < weakSent {
		out = append(out, fmt.Sprintf("keep.sent: %dd: who asks a month later whether somebody was told finds nothing", c.Keep.Sent/day))
	}
	if c.Keep.Closed < weakClosed {
		out = append(out, fmt.Sprintf("keep.closed: %dd: a release leaves the lists that soon after its close; the ledger keeps it", c.Keep.Closed/day))
	}
	switch a := c.Audit; {
	case a.At != "" && a.Channel == "" && a.Tag == "":
		out = append(out, "audit.at: no channel and no tag: the ledger's tip is published nowhere")
	case a.At != "" && rare(a.At):
		out = append(out, fmt.Sprintf("audit.at: %s: more than a week can pass unpublished, and what was rewritten in it would not show", a.At))
	}
	return out
}

// rare reports whether more than a week passes between two occurrences of a schedule.
func rare(at string) bool {
	spec, err := calendar.ParseSpec(at)
	if err != nil {
		return false
	}
	// Weeks are alike, and months alike enough: some five dozen occurrences from any day show the pattern.
	last := spec.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	for range 60 {
		next := spec.Next(last, time.UTC)
		if next.Sub(last) > weakAudit {
			return true
		}
		last = next
	}
	return false
}
