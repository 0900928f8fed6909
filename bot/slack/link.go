package slack

// links are the connections of Socket Mode.
type links struct{}
