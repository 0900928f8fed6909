package discord

import "github.com/bwmarrin/discordgo"

// Where things are in Discord, by the names that its pages bear.
const (
	botPage = portal + " → the application → Bot → "

	takeToken   = botPage + "Reset Token, then copy it into DISCORD_BOT_TOKEN"
	membersOn   = botPage + "Privileged Gateway Intents → Server Members Intent → on"
	endpointBox = portal + " → the application → General Information → Interactions Endpoint URL"

	copyChannel = "a channel's link (right-click → Copy Link) ends in the ids of the server and of the channel"
	copyUser    = "in Discord: your settings → Advanced → Developer Mode, then right-click them → Copy User ID"
	copyRole    = "in Discord: Server Settings → Roles → the role → ⋯ → Copy Role ID (with Developer Mode on, in your settings under Advanced)"

	askLater    = "wait a minute, and ask again; discordstatus.com says whether Discord itself is well"
	clockAdvice = "have this machine's clock set over the network: timedatectl set-ntp true. A wrong clock records wrong times; from 5 minutes on, what Discord sends by http is refused"

	// unreachable is what to look at when no answer of Discord's came.
	unreachable = "does a firewall or proxy keep this machine from discord.com, port 443? HTTPS_PROXY is honoured; is DISCORD_API_URL, if set, right? " +
		"discordstatus.com says whether Discord itself is well"
	noSockets = "the gateway needs WebSockets (wss, port 443) to gateway.discord.gg through every proxy and firewall on the way: " + unreachable
)

// permissions are what sending needs, by the names that the settings of a server bear.
var permissions = []struct {
	bit  int64
	name string
}{
	{discordgo.PermissionViewChannel, "View Channel"},
	{discordgo.PermissionSendMessages, "Send Messages"},
	{discordgo.PermissionEmbedLinks, "Embed Links"},
	{discordgo.PermissionReadMessageHistory, "Read Message History"},
	{discordgo.PermissionCreatePublicThreads, "Create Public Threads"},
	{discordgo.PermissionSendMessagesInThreads, "Send Messages in Threads"},
	{discordgo.PermissionAttachFiles, "Attach Files"},
}

// wordsOf are permissions as people find them in the settings.
func wordsOf(bits int64) (all []string) {
	for _, p := range permissions {
		if bits&p.bit != 0 {
			all = append(all, p.name)
		}
	}
	return all
}
