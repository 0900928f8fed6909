// Package slackfake is Slack in memory: the Web API, Socket Mode, and the people at their clients. It is as strict as
// Slack is known to be (limits, rates, lifetimes, signatures), remembers all that it got, also what it then answered with
// a fault, and can break every connection at every point.
package slackfake
