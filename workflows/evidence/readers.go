package evidence

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/notes"
)

// Approval is one person's word for the notes.
type Approval struct {
	Act
	As        workflows.Role `json:"as,omitempty"`
	Commit    string         `json:"commit,omitempty"`
	Digest    string         `json:"digest"`
	Changelog string         `json:"changelog,omitempty"` // the digest of the change log that was approved with it
}

// Publication is where approved notes went.
type Publication struct {
	Act
	Digest   string             `json:"digest"`
	To       []notes.Channel    `json:"to"`
	Outside  []Outside          `json:"outside,omitempty"`
	For      workflows.PersonID `json:"for,omitempty"`      // who wanted it published then
	Corrects string             `json:"corrects,omitempty"` // why other words took the place of published ones
}

// Outside is what was made of notes beside the channels, and how that came out.
type Outside struct {
	Op    string         `json:"op"`
	Made  string         `json:"made"`           // "release v1.0.0 of acme/app"
	Fate  workflows.Fate `json:"fate,omitempty"` // empty: nobody said
	Link  string         `json:"link,omitempty"`
	Why   string         `json:"why,omitempty"`
	Ended time.Time      `json:"ended,omitzero"`
}

// Briefed is a briefing on its way to audiences, or, Countered, the news to its readers that it no longer holds.
type Briefed struct {
	Act
	To        []workflows.Audience `json:"to,omitempty"`
	Digest    string               `json:"digest,omitempty"`
	Countered []workflows.PersonID `json:"countered,omitempty"`
	Why       string               `json:"why,omitempty"`
}

// Reading is one person's word that they read a briefing.
type Reading struct {
	Act
	Digest string `json:"digest"`
}

// Quota is that enough people had read a briefing, or no longer had.
type Quota struct {
	Act
	Met    bool             `json:"met"`
	Digest string           `json:"digest"`
	Counts []briefing.Count `json:"counts,omitempty"`
	Why    string           `json:"why,omitempty"`
}
