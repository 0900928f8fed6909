package slack

// identity is who the bot is, as Slack says.
type identity struct {
	enterprise, team string // where it is installed; enterprise is empty where there is none
	user, bot, app   string
}
