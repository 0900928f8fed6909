package workflows

import "time"

// Commit is what is true of one commit of a product's repository, as a Source said it.
type Commit struct {
	ID        string            `json:"id"`              // full hexadecimal id
	Ref       string            `json:"ref,omitempty"`   // what it was asked by: HEAD, main, v1.2
	Tree      string            `json:"tree"`            // hash of the whole tree
	Under     map[string]string `json:"under,omitempty"` // digest of the tree's entries under a path pattern, by pattern
	Subject   string            `json:"subject,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Authors   []string          `json:"authors,omitempty"`   // addresses, lower case: the author, then co-authors
	Names     []string          `json:"names,omitempty"`     // of the author, then of co-authors, as they write themselves
	Committer string            `json:"committer,omitempty"` // the address of who committed it, where that is somebody else, see Committer
	Pull      *Pull             `json:"pull,omitempty"`      // when asked: the pull request that brought it
	Own       bool              `json:"own,omitempty"`       // the bot made it: its author is not among the names
	Merge     bool              `json:"merge,omitempty"`
	Files     []string          `json:"files,omitempty"` // when asked: what it changed; of a merge what it brought, in a log what somebody wrote into it

	Mentions []string `json:"mentions,omitempty"` // the references in its message, see Mentions
	Closes   []string `json:"closes,omitempty"`   // of those what it says it fixes or closes, see Closing
	Breaks   bool     `json:"breaks,omitempty"`   // its message has a BREAKING CHANGE: line, see Breaking
}

// Short is the id as people read it: seven digits.
func (c Commit) Short() string { return ShortID(c.ID) }

// ShortID cuts a commit id for people; an empty one reads "no candidate".
func ShortID(id string) string {
	switch {
	case id == "":
		return "no candidate"
	case len(id) > 7:
		return id[:7]
	}
	return id
}

// Query is what a wish needs to know from a product's repository before its transaction.
type Query struct {
	Repository string   // a folder; the desk fills it in from the product. Empty: commits are read at the forge
	Forge      string   // where pull requests, checks and deployments are asked for; the desk fills it in. Empty: nowhere
	Ref        string   // the commit that is asked about; empty: the branch
	Branch     string   // the product's branch; empty: the one checked out
	Paths      []string // patterns whose digests are wanted
	Log        bool     // whether Found.Log is wanted
	Since      string   // where the log begins: a commit id or a ref; empty: the nearest tag, or the beginning
	Own        string   // a tag at which no log begins by itself: that of the version whose log it is, which may have moved on since
	OnlyBase   bool     // the log is only wanted since the product's last candidate in GA; without one there is none
	Optional   bool     // a missing repository, branch or commit is an answer (Found.Missing), not a refusal
	Files      bool     // whether the Files of the commit and of the log are wanted
	OwnFiles   bool     // of these only those of the commit, not of the log: at a forge each commit's cost a question
	Milestone  string   // what of the roadmap is wanted in Found.Planned; empty: nothing
	Roadmap    string   // the roadmap's file in the repository; empty: Roadmap

	Only bool   // nothing is wanted but checks and deployments: Ref is the full id of the commit whose checks these are, or empty
	Past string // a commit: whether the one asked about has it in its past is wanted in Found.Apart
	Tags string // a pattern, as "v*": the tags like it are wanted in Found.Tags, and nothing else is
	Pull int    // the number of a pull request: how it stands is wanted in Found.Pull, and nothing else is

	Pulls  bool                   // whether the commits of the log are wanted with the pull requests that brought them
	Checks bool                   // whether Found.Checks is wanted
	Rules  bool                   // whether Found.Required is wanted, of the branch
	Envs   map[Environment]string // the environments whose deployments are wanted, with the workflow that deploys there; empty: deployments
}

// Found is the answer to a Query.
type Found struct {
	Commit  Commit
	Branch  string   // where the work tree stands; empty when HEAD is detached
	Since   string   // the commit id where the log begins; empty: the beginning of history
	SinceAs string   // how people call it: "tag v1.2", "the last candidate in GA (3f2a9c1)", "the beginning"
	Aside   bool     // the commit does not have Since in its past
	Log     []Commit // newest first, without Since, within Paths when the query names some
	Missing *Refusal // when nothing was found and the query was optional: why; where the commit alone is gone, Deployments are there

	Mentions []string  // what any commit of the log's range mentions, whatever the paths, merges included: the newest first
	Planned  []Planned // of the milestone that was asked about

	Apart bool     // the commit does not have Query.Past in its past: somebody wrote history anew
	Tags  []Tagged // by name

	Pull PullState // of the one that was asked about; empty: it is not there

	Checks      []Check      // of the commit, by name and maker
	Required    *Required    // when asked: which checks the branch's rules ask for
	Deployments []Deployment // of the environments that were asked about, the newest first
}
