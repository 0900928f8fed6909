package discord

import (
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/workflows"
)

// ill is something that is wrong with a server, an application, or what a configuration says of them.
type ill struct {
	name string
	make func(*patient)
	want []string // in what is found, in this order
	not  []string // not in it
}

// what goes on looking after a failure says so: the last thing that it looks at.
const looksOn = "ok group " + discordfake.Server + "/" + sreRole + ": 2 have the role"

const farServer = "1100000000000000777"

func failing(path string, f ...discordfake.Fault) func(*patient) {
	return func(p *patient) { p.f.Fail("GET "+path, f...) }
}

func lined(l discordfake.Line) func(*patient) {
	return func(p *patient) { p.f.Gateway(0).Script(l) }
}

func behind(d time.Duration) func(*patient) { return func(p *patient) { p.late = -d } }

func changing(id string, change func(*discordfake.Channel)) func(*patient) {
	return func(p *patient) { p.f.SetChannel(id, change) }
}

// denied denies something to somebody in #app.
func denied(whom string, member bool, deny discordfake.Permission) func(*patient) {
	return changing(appRoom, func(c *discordfake.Channel) {
		c.Overwrites = append(c.Overwrites, discordfake.Overwrite{ID: whom, Member: member, Deny: deny})
	})
}

// turned makes a kind of channel of #app.
func turned(kind discordfake.ChannelType) func(*patient) {
	return changing(appRoom, func(c *discordfake.Channel) { c.Type = kind })
}

func overHTTP(address string) func(*patient) {
	return func(p *patient) {
		p.o.HTTP = true
		p.f.SetApplication(func(a *discordfake.Application) { a.InteractionsURL = address })
	}
}

func ofAccount(account string) func(*patient) {
	return func(p *patient) { p.on.Accounts["ana"] = workflows.Handle("discord/" + account) }
}

func grouped(groups ...string) func(*patient) {
	return func(p *patient) { p.on.Groups = groups }
}

var doctorIlls = []ill{
	{name: "bot token unknown", make: func(p *patient) { p.o.Secrets.BotToken = "aaaa.bbbb.gone" },
		want: []string{"FAILED bot token: Discord does not take it: it is not valid → take a new one in https://discord.com/developers/applications → the application → Bot → Reset Token, into DISCORD_BOT_TOKEN"}, not: []string{"gone", "gateway"}},
	{name: "bot token revoked", make: func(p *patient) { p.f.Revoke(p.f.BotToken()) }, want: []string{"FAILED bot token: Discord does not take it: it is not valid"}, not: []string{"clock"}},
	{name: "a person's token", make: failing("/users/@me", discordfake.Raw(200, `{"id":"`+anasID+`","username":"ana"}`)), want: []string{"FAILED bot token: Discord does not take it: it is a person's → give the one that "}},
	{name: "too many questions", make: failing("/users/@me", discordfake.TooMany(time.Second, "1", "user")), want: []string{"FAILED bot token: Discord says no with HTTP status 429", "wait a minute, and ask again"}},
	{name: "blocked on the way", make: failing("/users/@me", discordfake.Error(40333)), want: []string{"FAILED bot token: Discord says error 40333: Cloudflare stops the call", "look at the proxy in between"}},
	{name: "a proxy answers", make: failing("/users/@me", discordfake.HTML(502)), want: []string{"FAILED network: something other than an answer of Discord's came back (HTTP status 502) → does a firewall or proxy"}, not: []string{"bot token"}},
	{name: "the line is cut", make: failing("/users/@me", discordfake.Ends(discordfake.Reset)), want: []string{"FAILED network: the connection to Discord broke off"}},
	{name: "another application's id", make: func(p *patient) { p.o.Secrets.AppID = farServer },
		want: []string{"ok bot token", "FAILED application: the token is not what is set beside it: it is of application " + discordfake.App + ", and DISCORD_APP_ID says " + farServer + " → take both from one application, or leave DISCORD_APP_ID out"}, not: []string{"servers"}},
	{name: "another application's key", make: func(p *patient) { p.o.Secrets.PublicKey = otherKey }, want: []string{"FAILED application: ", "another public key than DISCORD_PUBLIC_KEY says → take both from one application"}},

	{name: "45 s ahead", make: behind(45 * time.Second), want: []string{"warning clock: it is 45s behind Discord's → ", "timedatectl set-ntp true", looksOn}},
	{name: "7 min behind", make: behind(-7 * time.Minute), want: []string{"FAILED clock: it is 7m0s ahead of Discord's → ", "from 5 minutes on", looksOn}},
	{name: "no time in the answers", make: func(p *patient) {
		undated := discordfake.Stored(discordfake.Fault{Header: http.Header{"Date": {"never"}}})
		failing("/users/@me", undated)(p)
		failing("/applications/@me", undated)(p)
	}, want: []string{"ok bot token", looksOn}, not: []string{"clock"}},
	{name: "20 s are nothing", make: behind(20 * time.Second), want: []string{"ok clock: it agrees"}},

	{name: "in no server", make: func(p *patient) { p.f.RemoveServer(discordfake.Server) },
		want: []string{"FAILED servers: the bot is in no server yet → have somebody who may manage the server open this, and choose it there: " + inviting + " (it asks for View Channel, Send Messages, Embed Links, Read Message History, Create Public Threads, Send Messages in Threads, Attach Files)", "ok gateway"},
		not:  []string{"commands:", "accounts", "product app"}},
	{name: "in several", make: func(p *patient) { p.f.AddServer(discordfake.Guild{ID: farServer, Name: "Other \u202e"}) },
		want: []string{`FAILED servers: the bot is in several: 1100000000000000001 "Acme", ` + farServer + ` "Other \u202e"; nobody said which`, `discord: {servers: ["1100000000000000001"]}`, "ok gateway"}, not: []string{"product app"}},
	{name: "in several, and one is named", make: func(p *patient) {
		p.f.AddServer(discordfake.Guild{ID: farServer, Name: "Other"})
		p.o.Servers = []string{discordfake.Server}
	}, want: []string{"ok servers: it works for Acme (1100000000000000001)", looksOn}, not: []string{"Other"}},
	{name: "not in one of two", make: func(p *patient) { p.o.Servers = []string{discordfake.Server, farServer} },
		want: []string{"FAILED servers: the bot is not in server " + farServer + ", which the configuration names → ", inviting, "ok servers: it works for Acme", looksOn}},
	{name: "not in the one that is named", make: func(p *patient) { p.o.Servers = []string{farServer} },
		want: []string{"FAILED servers: the bot is not in server " + farServer, "ok gateway"}, not: []string{"ok servers", "commands:", "product app"}},
	{name: "an outage there", make: func(p *patient) {
		p.f.SetServer(discordfake.Server, func(g *discordfake.Guild) { g.Unavailable = true })
		p.on.Accounts, p.o.Commands = map[workflows.PersonID]workflows.Handle{"ana": handle(anasID)}, nil
	}, want: []string{"FAILED server 1100000000000000001: it cannot be looked at: Discord says no with HTTP status 503", "discordstatus.com"}, not: []string{"product app:", "group"}},
	{name: "timed out", make: func(p *patient) {
		p.f.SetMember(discordfake.Server, discordfake.Bot, func(m *discordfake.Member) { m.TimedOut = time.Now().Add(time.Hour) })
	}, want: []string{"FAILED server 1100000000000000001: a moderator timed the bot out until ", "Remove Timeout", looksOn}},

	{name: "intent off", make: func(p *patient) { p.f.SetApplication(func(a *discordfake.Application) { a.Members = false }) },
		want: []string{"FAILED intents: Server Members Intent is off, so whoever holds a role through a group of Discord has none", "Privileged Gateway Intents → Server Members Intent → on", "ok product app"}, not: []string{"group " + discordfake.Server, "groups of"}},
	{name: "intent off, and not needed", make: func(p *patient) {
		p.f.SetApplication(func(a *discordfake.Application) { a.Members = false })
		p.on.Groups = nil
	}, want: []string{"ok intents: no privileged one is needed", "ok audience news"}, not: []string{"FAILED"}},

	{name: "few sessions left", make: func(p *patient) { p.f.Gateway(0).Started(discordfake.MaxStarts - 200) },
		want: []string{"warning sessions: only 200 of the 1000 sessions that Discord allows in a day are left → look why so many were begun", "ok gateway", looksOn}},
	{name: "no sessions left", make: func(p *patient) { p.f.Gateway(0).Started(discordfake.MaxStarts) },
		want: []string{"FAILED sessions: only 0 of the 1000", "the bot begins none before ", "ok gateway", looksOn}},
	{name: "no gateway", make: failing("/gateway/bot", discordfake.HTTP(500)), want: []string{"FAILED gateway: Discord says no way there: Discord says no with HTTP status 500", looksOn}},
	{name: "no address of it", make: failing("/gateway/bot", discordfake.Raw(200, `{"url":"https://x","session_start_limit":{"total":1000,"remaining":1000}}`)), want: []string{"FAILED gateway: Discord says no way there: Discord gave an address for its gateway that is none", looksOn}},
	{name: "no WebSockets", make: lined(discordfake.Line{Status: http.StatusForbidden}), want: []string{"FAILED gateway: Discord gives an address, and no connection comes about: opening the connection was answered with 403 → the gateway needs WebSockets (wss, port 443)", looksOn}},
	{name: "no greeting", make: lined(discordfake.Line{Break: discordfake.BeforeHello}), want: []string{"FAILED gateway: Discord gives an address, and no connection comes about: Discord said nothing on it"}},
	{name: "mute", make: lined(discordfake.Line{NoHello: true}), want: []string{"no connection comes about: Discord said nothing on it"}},
	{name: "another word than a greeting", make: lined(discordfake.Line{First: []discordfake.Frame{discordfake.ReconnectFrame()}}), want: []string{"no connection comes about: what answers there is not Discord's gateway"}},
	{name: "another greets", make: lined(discordfake.Line{First: []discordfake.Frame{discordfake.NullFrame()}}), want: []string{"no connection comes about: what answers there is not Discord's gateway"}},

	{name: "an endpoint, and the gateway", make: func(p *patient) {
		p.f.SetApplication(func(a *discordfake.Application) { a.InteractionsURL = "https://old.example.org/x?key=hunter2" })
	}, want: []string{"FAILED interactions: Discord sends all commands and presses to https://old.example.org/x, and the bot listens to the gateway, where nothing comes → either empty the field and save: ", "General Information → Interactions Endpoint URL", "discord: {listen: http}", looksOn}, not: []string{"hunter2"}},
	{name: "http, and no endpoint", make: overHTTP(""), want: []string{"FAILED interactions: Discord was told no address", "enter https://HOST/discord/interactions and save: ", "takes it only if the bot answers", looksOn}, not: []string{"gateway:"}},
	{name: "http, and another path", make: overHTTP("https://bot.example.org/other"), want: []string{"warning interactions: Discord sends commands and presses to https://bot.example.org/other, which is not /discord/interactions → unless a proxy", looksOn}},
	{name: "http", make: overHTTP("https://bot.example.org/discord/interactions"), want: []string{"ok interactions: Discord sends commands and presses to https://bot.example.org/discord/interactions", looksOn}},

	{name: "commands not there", make: func(p *patient) { p.f.RemoveServer(discordfake.Server); freshServer(p) },
		want: []string{"warning commands: they are not there yet: /release, Add to release, Acknowledge → readyroom serve writes them when it starts; by hand: readyroom discord register"}},
	{name: "commands of another version", make: func(p *patient) { p.o.Everyone = true },
		want: []string{"warning commands: they are of another version: would be changed /release, Add to release, Acknowledge → readyroom serve writes them when it starts", looksOn}},
	{name: "let in without commands", make: failing("/applications/{app}/guilds/{guild}/commands", discordfake.Error(50001)),
		want: []string{"FAILED commands: the bot was let into the server without its commands", inviting, looksOn}},

	{name: "nobody", make: func(p *patient) { p.on.Accounts = nil }, want: []string{"warning accounts: the configuration names nobody's Discord account", "/release admin claim CODE", "Developer Mode", "Copy User ID", `people: {ana: {discord: "ID"}}`}},
	{name: "left", make: func(p *patient) { p.f.RemoveMember(discordfake.Server, anasID) }, want: []string{"FAILED ana: " + anasID + " is a member of no server that is listened to → whoever left signs no more", "ok accounts: 1 of 2 are members"}},
	{name: "no such account", make: ofAccount("999"), want: []string{"FAILED ana: 999: Discord knows no such account → ", "Copy User ID", looksOn}},
	{name: "not an id", make: ofAccount("ana#1234"), want: []string{"FAILED ana: ana#1234 is not written as an account of Discord → ", `people: {ana: {discord: "ID"}}`}},
	{name: "bot", make: ofAccount(discordfake.Bot), want: []string{"FAILED ana: " + discordfake.Bot + " is a bot → bots sign nothing"}},
	{name: "rules not agreed to", make: func(p *patient) {
		p.f.SetMember(discordfake.Server, anasID, func(m *discordfake.Member) { m.Pending = true })
	}, want: []string{"FAILED ana: " + anasID + " did not agree to the rules of the server yet → have them open the server and agree"}},
	{name: "more people than Discord tells of at once", make: failing("/guilds/{guild}/members/{user}", discordfake.TooMany(time.Second, "1", "user"), discordfake.TooMany(time.Second, "1", "user"), discordfake.TooMany(time.Second, "1", "user")),
		want: []string{"warning accounts: not all were looked at", looksOn}, not: []string{"FAILED"}},

	{name: "no such channel", make: func(p *patient) { p.f.RemoveChannel(appRoom) }, want: []string{"FAILED product app: " + appRoom + ": the server has no such channel → write the id of another; ", "Copy Link", looksOn}},
	{name: "hidden", make: denied(discordfake.Server, false, discordfake.ViewChannel),
		want: []string{"FAILED product app: the bot does not see " + appRoom + ", and so can do nothing there → Edit Channel → Permissions → Advanced → add @readyroom and allow: View Channel, Send Messages, Embed Links", looksOn}},
	{name: "hidden, and listed all the same", make: func(p *patient) {
		denied(discordfake.Server, false, discordfake.ViewChannel)(p)
		failing("/guilds/{guild}/channels", discordfake.Raw(200, `[{"id":"`+appRoom+`","type":0,"name":"app","permission_overwrites":[{"id":"`+discordfake.Server+`","type":0,"allow":"0","deny":"1024"}]}]`))(p)
	}, want: []string{"FAILED product app: the bot does not see #app, and so can do nothing there → Edit Channel → Permissions → Advanced → add @readyroom and allow: View Channel\n", looksOn}},
	{name: "hidden, and shown to its role", make: func(p *patient) {
		changing(appRoom, func(c *discordfake.Channel) {
			c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.ViewChannel}, {ID: discordfake.BotRole, Allow: discordfake.ViewChannel}}
		})(p)
	}, want: []string{"ok product app: #app takes posts", looksOn}},
	{name: "no embeds for its role", make: denied(discordfake.BotRole, false, discordfake.EmbedLinks), want: []string{"FAILED product app: #app: the bot lacks Embed Links → ", "allow: Embed Links\n", looksOn}},
	{name: "no threads for itself", make: denied(discordfake.Bot, true, discordfake.CreatePublicThreads|discordfake.SendMessagesInThreads),
		want: []string{"FAILED product app: #app: the bot lacks Create Public Threads, Send Messages in Threads → ", looksOn}},
	{name: "no history in the server", make: func(p *patient) {
		p.f.SetRole(discordfake.Server, func(r *discordfake.Role) { r.Permissions &^= discordfake.ReadMessageHistory | discordfake.AttachFiles })
	}, want: []string{"FAILED product app: #app: the bot lacks Read Message History, Attach Files"}},
	{name: "an administrator", make: func(p *patient) {
		denied(discordfake.Server, false, discordfake.ViewChannel|discordfake.CreatePublicThreads)(p)
		p.f.SetRole(discordfake.BotRole, func(r *discordfake.Role) { r.Permissions = discordfake.Administrator })
	}, want: []string{"ok product app: #app takes posts", looksOn}},
	{name: "a forum", make: turned(discordfake.Forum), want: []string{"FAILED product app: #app is a forum: no card can stand there → write the id of a text or announcement channel"}},
	{name: "a voice channel", make: turned(discordfake.Voice), want: []string{"FAILED product app: #app is a voice channel"}},
	{name: "a category", make: turned(discordfake.Category), want: []string{"FAILED product app: #app is a category of channels"}},
	{name: "a thread", make: func(p *patient) {
		id := p.f.AddChannel(discordfake.Channel{Name: "talk", Type: discordfake.PublicThread, Parent: appRoom})
		p.on.Places = map[workflows.Place]string{channelPlace(discordfake.Server, id): "audit"}
	}, want: []string{"warning audit: #talk is a thread: Discord hides it", "write its channel's id", looksOn}},
	{name: "channel of another server", make: func(p *patient) {
		p.on.Places = map[workflows.Place]string{channelPlace(farServer, appRoom): "audit"}
	}, want: []string{"FAILED audit: " + farServer + "/" + appRoom + " is not of a server that is listened to → write discord/1100000000000000001/CHANNEL; "}},
	{name: "a public audience in a text channel", make: changing(newsRoom, func(c *discordfake.Channel) { c.Type = discordfake.Text }),
		want: []string{"ok audience news: #news takes posts, for the members of this server → for other servers to follow it, too, make it an announcement channel: Edit Channel → Overview → Announcement Channel", looksOn}},
	{name: "a public audience that nobody sees", make: changing(newsRoom, func(c *discordfake.Channel) {
		c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.ViewChannel}, {ID: discordfake.BotRole, Allow: discordfake.ViewChannel}}
	}), want: []string{"warning audience news: ordinary members cannot read #news → if outsiders are meant to: ", "@everyone: allow View Channel", looksOn}},

	{name: "no such role", make: grouped(discordfake.Server+"/999", discordfake.Server+"/"+sreRole), want: []string{"FAILED group 1100000000000000001/999: the server has no such role, so whoever holds a role through it has none → ", `["group:discord/1100000000000000001/ROLE"]`, "Copy Role ID", looksOn}},
	{name: "@everyone", make: grouped(discordfake.Server + "/" + discordfake.Server), want: []string{"FAILED group 1100000000000000001/1100000000000000001: it is the role @everyone, which anybody has who joins: it gives nobody a say → name a role that somebody hands out"}},
	{name: "empty role", make: func(p *patient) {
		for _, id := range []string{anasID, bensID} {
			p.f.SetMember(discordfake.Server, id, func(m *discordfake.Member) { m.Roles = nil })
		}
	}, want: []string{"warning group 1100000000000000001/" + sreRole + ": nobody has the role", "Server Settings → Members"}},
	{name: "role of another server", make: grouped(farServer + "/" + sreRole), want: []string{"FAILED group " + farServer + "/" + sreRole + ": it is not of a server that is listened to → "}},
	{name: "members not to be read", make: failing("/guilds/{guild}/members", discordfake.Error(50001)), want: []string{"FAILED groups of 1100000000000000001: who has which role cannot be read: Discord does not let the bot see the members of the server → "}},
}

// freshServer puts the bot into a server that it was never in.
func freshServer(p *patient) {
	p.f.AddServer(discordfake.Guild{ID: farServer, Name: "Fresh"})
	p.on = chat.Subjects{}
}
