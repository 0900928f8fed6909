package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/discord"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/commands"
)

// The variables that turn Discord on. The token is enough: the others are asked of Discord, and held to it where they are
// set.
const (
	discordBot = "DISCORD_BOT_TOKEN"
	discordKey = "DISCORD_PUBLIC_KEY"
	discordApp = "DISCORD_APP_ID"
	discordURL = "DISCORD_API_URL"
)

// discordConnector wires Discord.
var discordConnector = connector{
	name: discord.Platform, read: readDiscord, open: openDiscord, reload: reloadDiscord, hears: discordHears, examine: examineDiscord,
	next: "make an application at https://discord.com/developers/applications, set " + discordBot,
}

// discordOptions are those that need no desk.
func discordOptions(s discord.Secrets, cfg config.Config, now func() time.Time) discord.Options {
	carry := http.DefaultTransport.(*http.Transport).Clone() // it goes through the proxy that the environment names
	return discord.Options{Secrets: s, URL: os.Getenv(discordURL), Settings: discordSettings(cfg), HTTP: cfg.Discord.HTTP,
		Commands: commands.All.Typed(), Begins: commands.All.Begins, Transport: carry, Proxy: http.ProxyFromEnvironment, Now: now}
}

// wantsDiscord reports whether any of Discord's variables is set: then it is on, or is said to be half set up.
func wantsDiscord(s discord.Secrets) bool {
	return s.BotToken != "" || s.PublicKey != "" || s.AppID != ""
}

func readDiscord(r *running) (on bool, err error) {
	secrets, err := readDiscordSecrets()
	switch {
	case err != nil, !wantsDiscord(secrets):
		return false, err
	case secrets.BotToken == "":
		return false, fmt.Errorf("discord is half set up: %s is not set, so nobody could be heard or answered → readyroom doctor", discordBot)
	}
	r.secrets.discord = secrets
	return true, secrets.Misplaced()
}

func openDiscord(r *running, cfg config.Config) platform {
	o := discordOptions(r.secrets.discord, cfg, r.clock.Now)
	o.Still = r.clock.Simulated()
	o.Handle, o.Complete, o.Log = r.handle, commands.Completer(r.desk), r.log
	o.Person, o.Roster = r.personOf, r.rosterOf(discord.Platform)
	o.Team = r.isOfTeam
	o.Groups = func() []string { return groupsOf(discord.Platform, *r.cfg.Load()) }
	d := discord.New(o)
	r.discord = d
	r.metrics.Unheard(discord.Platform, func() map[string]int {
		c := d.Counts()
		return map[string]int{"refused": c.Refused, "foreign": c.Foreign, "ignored": c.Ignored, "repeated": c.Repeats, "busy": c.Busy, "slowed": c.Slowed}
	})
	return d
}

func reloadDiscord(ctx context.Context, r *running) error {
	secrets, err := readDiscordSecrets()
	if err != nil {
		return err
	}
	cfg := *r.cfg.Load()
	if cfg.Discord.HTTP != r.discord.HTTP {
		r.log.WarnContext(ctx, "discord: {listen: …} was changed: it takes effect when serve is started again", "listens_by", discordHears(r))
	}
	return r.discord.Reload(ctx, secrets, discordSettings(cfg))
}

// discordSettings are those that a reload changes.
func discordSettings(cfg config.Config) discord.Settings {
	set := discord.Settings{Servers: cfg.Discord.Servers, Everyone: cfg.Discord.Everyone}
	on := subjectsOf(discord.Platform, cfg)
	for p := range on.Places {
		set.Named = append(set.Named, p.Channel())
	}
	set.Named = append(set.Named, on.Groups...)
	for i, name := range set.Named {
		set.Named[i], _, _ = strings.Cut(name, "/")
	}
	slices.Sort(set.Named)
	set.Named = slices.Compact(set.Named)
	return set
}

// discordHears says how Discord reaches the bot.
func discordHears(r *running) string {
	if r.discord.HTTP {
		return "http: /discord/interactions"
	}
	return "gateway"
}
