package slack

// Scope is a right that the app asks a workspace for, and what for.
type Scope struct{ Name, For string }

// Scopes are all rights that the bot's token needs, and no others; the manifest in deploy asks for the same.
// Source: the method pages of docs.slack.dev.
func Scopes() []Scope {
	return []Scope{
		{"app_mentions:read", "hear @readyroom in threads, where slash commands do not work"},
		{"channels:history", "find a post again when Slack did not say whether it arrived"},
		{"channels:read", "tell whether a channel of the configuration is there"},
		{"chat:write", "post and edit"},
		{"chat:write.public", "post in public channels that the bot was not invited to"},
		{"commands", "hear /release, /flag and the message shortcuts"},
		{"files:write", "hand over what audit export writes"},
		{"groups:history", "find a post again in private channels that it was invited to"},
		{"groups:read", "tell whether a private channel of the configuration is there"},
		{"im:history", "hear lines typed in direct messages, and find posts again there"},
		{"im:write", "open direct messages for digests and briefings"},
		{"usergroups:read", "read who is in the user groups that hold roles"},
		{"users:read", "tell members from guests and from people of other workspaces"},
	}
}

// SocketScope is the one right of the app-level token.
const SocketScope = "connections:write"
