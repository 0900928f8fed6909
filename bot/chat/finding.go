package chat

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
