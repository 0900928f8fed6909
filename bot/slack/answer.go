package slack

// replies carries answers to whoever asked.
type replies struct{}
