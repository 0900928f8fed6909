package discord

import "github.com/bwmarrin/discordgo"

// agent is how the bot names itself in calls: Discord turns away what does not name itself so.
const agent = "DiscordBot (https://github.com/readyroom/readyroom, discordgo " + discordgo.VERSION + ")"
