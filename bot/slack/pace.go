package slack

// pacer keeps posts to the pace that Slack takes.
type pacer struct{}
