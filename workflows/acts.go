package workflows

import (
	"encoding/json"
	"time"
)

// The acts, by name. Each is carried out by whoever looks first whether it is done already: its Op, which names the wish
// for ever, is kept outside with what was made. The room that wishes one gives what is true; the words that people read there
// are put to it when it is carried out, the same ones each time.
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
	Release  ReleaseID   `json:"release"`
	Env      Environment `json:"env"`
	Users    bool        `json:"users,omitempty"` // users are there
	Commit   string      `json:"commit"`
	Workflow string      `json:"workflow,omitempty"` // the file of the workflow that does it; empty: a deployment, which others carry out
	Ref      string      `json:"ref,omitempty"`      // the branch or tag whose workflow is meant
	Checks   []CheckName `json:"checks,omitempty"`   // those that must be well; empty: none, the gates judged them
	At       time.Time   `json:"at,omitzero"`        // when it was wished: it is looked for since then

	Text Public `json:"text,omitzero"` // put to it
}

// ForgeRelease is what a forge shows as a release: a tag, and what is new.
type ForgeRelease struct {
	Forge   string    `json:"forge"`
	Op      string    `json:"op"`
	Release ReleaseID `json:"release"`
	Tag     string    `json:"tag"`
	Commit  string    `json:"commit"`        // that the tag names, or will
	Text    Public    `json:"text"`          // as it was approved
	Pre     bool      `json:"pre,omitempty"` // not for everybody yet

	Title Public `json:"title,omitzero"` // put to it
}

// Changelog is what is to be written at the top of a repository's change log.
type Changelog struct {
	Forge      string    `json:"forge,omitempty"`      // set: by a pull request there
	Repository string    `json:"repository,omitempty"` // else the folder whose file is written
	Op         string    `json:"op"`
	Release    ReleaseID `json:"release"`
	Branch     string    `json:"branch,omitempty"` // into which the pull request goes; empty: the default one
	File       string    `json:"file"`
	Section    Public    `json:"section"` // with its heading, as it was approved; one of that version is replaced

	Head  Public `json:"head,omitzero"`  // put to it: how a file begins that was not there
	Title Public `json:"title,omitzero"` // put to it: of the commit, and of the pull request
	Text  Public `json:"text,omitzero"`  // put to it: what the pull request says of itself
}

// Comment is what is to be said on an issue or a pull request, once.
type Comment struct {
	Forge string `json:"forge"`
	Op    string `json:"op"`
	Issue int    `json:"issue"`

	Text Public `json:"text,omitzero"` // put to it
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
