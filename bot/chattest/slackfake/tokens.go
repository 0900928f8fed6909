package slackfake

// AppTokenOf is an app-level token of an app as Slack writes them, so that a reader can tell whose it is without asking.
// Grant makes it one that is taken.
func AppTokenOf(app string) string { return "xapp-1-" + app + "-6013-Zm9yLXRlc3Rz" }
