package todo

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Settings is what is in force beside the people (see policy.Book): for whoever asks why the bot does what it does.
type Settings struct {
	From      string // the file; empty: built in
	Hash      string
	Products  []workflows.Product
	Templates []string
	Default   string // template
	Raise     []release.Raise
	Digest    string // when each person's digest comes
	Readiness string // when channels are reminded
	Anchor    string // when the ledger's tip is published; empty: never by itself
}
