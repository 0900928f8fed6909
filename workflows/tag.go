package workflows

import "time"

// ActTag is the act of making a tag; its data is a Tag.
const ActTag = "tag"

// Tag is a tag to be made in a repository, for the sake of its message: it names no commit. It is made once and never
// moved.
type Tag struct {
	Repository string    `json:"repository"`
	Name       string    `json:"name"`
	Message    string    `json:"message"`
	At         time.Time `json:"at"`
}
