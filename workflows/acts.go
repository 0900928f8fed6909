package workflows

import (
	"encoding/json"
	"time"
)

// The acts, by name. Each is carried out by whoever looks first whether it is done already: its Op, which names the wish
// for ever, is kept outside with what was made.
const (
	ActTag       = "tag"       // makes a Tag
	ActDeploy    = "deploy"    // makes a Deploy
	ActRelease   = "release"   // makes, or mends, a ForgeRelease
	ActChangelog = "changelog" // writes a Changelog
	ActComment   = "comment"   // writes a Comment
)

// Tag is a tag to be made in a repository, for the sake of its message: it names no commit. It is made once and never
// moved.
type Tag struct {
	Repository string    `json:"repository"`
	Name       string    `json:"name"`
	Message    string    `json:"message"`
	At         time.Time `json:"at"`
}

// Deploy is a commit to be brought to an environment.
type Deploy struct {
	Forge    string      `json:"forge"`
	Op       string      `json:"op"`
	Env      Environment `json:"env"`
	Users    bool        `json:"users,omitempty"` // users are there
	Commit   string      `json:"commit"`
	Workflow string      `json:"workflow,omitempty"` // the file of the workflow that does it; empty: a deployment, which others carry out
	Ref      string      `json:"ref,omitempty"`      // the branch or tag whose workflow is meant
	Checks   []string    `json:"checks,omitempty"`   // the contexts that must be well; empty: none, the gates judged them
	Text     string      `json:"text,omitempty"`     // for people who see it there
	At       time.Time   `json:"at,omitzero"`        // when it was wished: it is looked for since then
}

// ForgeRelease is what a forge shows as a release: a tag, and what is new.
type ForgeRelease struct {
	Forge  string `json:"forge"`
	Op     string `json:"op"`
	Tag    string `json:"tag"`
	Commit string `json:"commit"` // that the tag names, or will
	Title  Public `json:"title"`
	Text   Public `json:"text"`
	Pre    bool   `json:"pre,omitempty"` // not for everybody yet
}

// Changelog is what is to be written at the top of a repository's change log.
type Changelog struct {
	Forge      string `json:"forge,omitempty"`      // set: by a pull request there
	Repository string `json:"repository,omitempty"` // else the folder whose file is written
	Op         string `json:"op"`
	Branch     string `json:"branch,omitempty"` // into which the pull request goes; empty: the default one
	File       string `json:"file"`
	Version    string `json:"version"`
	Title      Public `json:"title"`
	Section    Public `json:"section"` // with its heading; one of that version is replaced
}

// Comment is what is to be said on an issue or a pull request, once.
type Comment struct {
	Forge string `json:"forge"`
	Op    string `json:"op"`
	Issue int    `json:"issue"`
	Text  Public `json:"text"`
}

// Fate is how an act ended.
type Fate string

// The fates.
const (
	Done    Fate = "done"
	Refused Fate = "refused" // it was not done and cannot be: Why says so
	Unclear Fate = "unclear" // nobody can say whether it was done: a human looks
)

// Acted says how an act ended. The desk hands it to the room whose event wished it.
type Acted struct {
	Stream Stream          `json:"-"`
	What   string          `json:"what"` // the act's name
	Data   json.RawMessage `json:"data"` // as the room gave it
	Fate   Fate            `json:"fate"`
	Link   string          `json:"link,omitempty"` // where people see what was made
	Why    string          `json:"why,omitempty"`
}

// Needs says that only whoever carries out acts may.
func (Acted) Needs() Need { return Machine }
