package workflows

import "time"

// A forge is where a repository lives with what belongs to it: pull requests, checks, releases, deployments. It is written
// as people write it there: "acme/app".

// Pull is the pull request that brought a commit.
type Pull struct {
	Number int      `json:"number"`
	Title  string   `json:"title"`
	Author string   `json:"author,omitempty"` // their login; empty: the bot opened it
	Labels []string `json:"labels,omitempty"`
	Issues []string `json:"issues,omitempty"` // what it says it closes, see Reference
}

// PullState says how a pull request stands.
type PullState string

// The states of a pull request.
const (
	PullOpen   PullState = "open"
	PullMerged PullState = "merged"
	PullClosed PullState = "closed" // without being merged
)

// Tagged is a tag as it stands at the forge.
type Tagged struct {
	Name   string `json:"name"`
	Object string `json:"object"` // the id of what it points at: a commit, or the object of an annotated tag
	Commit bool   `json:"commit"` // that may lead to a commit; else it is a file or a folder
}

// CheckState says how a check of a commit stands.
type CheckState string

// The states of a check. Whatever a forge says that is none of ours is CheckUnknown, which is never well.
const (
	CheckPassed  CheckState = "passed"
	CheckFailed  CheckState = "failed"
	CheckRunning CheckState = "running"
	CheckUnknown CheckState = "unknown"
)

// Check is what a machine says of a commit. Of several that one maker has by one name, it is the newest.
type Check struct {
	Name  string     `json:"name"`
	By    string     `json:"by,omitempty"` // who made it, see CheckName; empty: nobody says
	State CheckState `json:"state"`
	Idle  bool       `json:"idle,omitempty"` // it passed since it was skipped: it looked at nothing
	Said  string     `json:"said,omitempty"` // the forge's own word, where it is unknown
	Link  string     `json:"link,omitempty"`
	At    time.Time  `json:"at,omitzero"`
}

// DeployState says how a deployment stands.
type DeployState string

// The states of a deployment.
const (
	DeployRunning   DeployState = "running"
	DeploySucceeded DeployState = "succeeded"
	DeployFailed    DeployState = "failed"
	DeployGone      DeployState = "inactive" // it succeeded once, and another took its place
	DeployUnknown   DeployState = "unknown"
)

// Deployment is a commit on its way to an environment, or there.
type Deployment struct {
	Op     string      `json:"op,omitempty"` // of the act that made it; empty: others did
	Env    Environment `json:"env"`
	Commit string      `json:"commit"`
	State  DeployState `json:"state"`
	Said   string      `json:"said,omitempty"` // the forge's own word, where it is unknown
	Link   string      `json:"link,omitempty"`
	At     time.Time   `json:"at,omitzero"` // when it came to that state
}

// Silence is that nobody could look at a repository for so long that what is shown of it may be wrong. The zero value is none.
type Silence struct {
	Forge string
	Since time.Time // when a look ended well last, or was first tried
	Why   string    // for people
}

// Away is somebody outside who did not answer, or not so that it could be relied on. Nothing was changed.
type Away struct {
	Who   string        // "GitHub"
	After time.Duration // when to ask again; 0: not known
	Err   error
}

func (a *Away) Error() string { return a.Who + ": " + a.Err.Error() }

func (a *Away) Unwrap() error { return a.Err }

// Refusal is what people are told of it.
func (a *Away) Refusal() *Refusal {
	when := "ask again in a minute"
	if a.After > time.Minute {
		when = "ask again in " + a.After.Round(time.Minute).String()
	}
	return Refuse(Unavailable, Display(a.Who+" gives no answer that can be relied on ("+a.Err.Error()+"); nothing was changed, "+when, 400)).
		By("whoever asks again").Type("/release status")
}
