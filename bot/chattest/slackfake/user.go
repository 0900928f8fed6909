package slackfake

// people is what the clients of all people need.
type people struct{}
