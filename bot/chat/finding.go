package chat

import "github.com/readyroom/readyroom/workflows"

// State says how something was found.
type State string

// The states of a finding.
const (
	Well    State = "ok"
	Odd     State = "warning" // it works, and somebody should know
	Failing State = "FAILED"
)

// Finding is what looking at one thing of a platform brought, in words for whoever sets the bot up.
type Finding struct {
	State State
	What  string // "scopes"
	Found string // what is so
	Next  string // what to do about it; empty where nothing is to be done
}

// Subjects is what of the configuration is of one platform, for looking at.
type Subjects struct {
	Accounts map[workflows.PersonID]workflows.Handle
	Places   map[workflows.Place]string // channels, and what each is for
	Public   []workflows.Place          // those of them that outsiders read
	Groups   []string                   // user groups that hold roles: "T1/S1"
}
