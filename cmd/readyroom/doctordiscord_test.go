package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// Who and what is in the server of a surgery.
const (
	anaInDiscord   = "1100000000000000101"
	benInDiscord   = "1100000000000000102"
	appInDiscord   = "1100000000000000201"
	newsInDiscord  = "1100000000000000202"
	forumInDiscord = "1100000000000000203"
	sreInDiscord   = "1100000000000000301"
)

// surgery is a server of Discord, and a configuration of it, in a fresh folder.
func surgery(t *testing.T, o discordfake.Options, config string) *discordfake.Fake {
	t.Helper()
	f := discordfake.New(t, o)
	f.SetApplication(func(a *discordfake.Application) { a.Members = true })
	f.AddRole(discordfake.Role{ID: sreInDiscord, Name: "sre"})
	for id, name := range map[string]string{anaInDiscord: "ana", benInDiscord: "ben"} {
		f.AddUser(discordfake.User{ID: id, Name: name})
		f.AddMember(discordfake.Member{User: id, Roles: []string{sreInDiscord}})
	}
	f.AddChannel(discordfake.Channel{ID: appInDiscord, Name: "app"})
	f.AddChannel(discordfake.Channel{ID: newsInDiscord, Name: "news", Type: discordfake.Announcement})
	f.AddChannel(discordfake.Channel{ID: forumInDiscord, Name: "ideas", Type: discordfake.Forum})
	t.Chdir(t.TempDir())
	writeFile(t, defaultConfig, config)
	t.Setenv(discordURL, f.URL())
	t.Setenv(discordBot, f.BotToken())
	return f
}

const wellInDiscord = `owners: [ana]
people:
  ana: {name: Ana, discord: "` + anaInDiscord + `"}
  ben: {name: Ben, discord: "` + benInDiscord + `"}
roles: {sre: ["group:discord/` + discordfake.Server + `/` + sreInDiscord + `"]}
products: {app: {channel: discord/` + discordfake.Server + `/` + appInDiscord + `}}
audiences: {news: {channel: discord/` + discordfake.Server + `/` + newsInDiscord + `, public: true}}
`

// TestDoctorInDiscord: the whole of what is printed where all is well.
func TestDoctorInDiscord(t *testing.T) {
	golden := goldenOf(t, "doctor_discord_well.txt")
	f := surgery(t, discordfake.Options{}, wellInDiscord)
	if out, code := says(t, "discord", "register"); code != 0 {
		t.Fatal(out)
	}
	examinedAs(t, f, golden, 0)
}

// TestDoctorInDiscordFirst: what a newcomer reads who has a token, and nothing else.
func TestDoctorInDiscordFirst(t *testing.T) {
	golden := goldenOf(t, "doctor_discord_first.txt")
	f := surgery(t, discordfake.Options{}, "owners: []\n")
	f.RemoveServer(discordfake.Server)
	examinedAs(t, f, golden, 1)
}

// TestDoctorInDiscordIll: the whole of what is printed where much is wrong.
func TestDoctorInDiscordIll(t *testing.T) {
	golden := goldenOf(t, "doctor_discord_ill.txt")
	f := surgery(t, discordfake.Options{Now: func() time.Time { return time.Now().Add(-7 * time.Minute) }}, `owners: [ana]
people:
  ana: {name: Ana, discord: "999"}
  ben: {name: Ben, discord: "`+benInDiscord+`"}
  mia: {name: Mia, discord: "`+discordfake.Bot+`"}
roles: {sre: ["group:discord/`+discordfake.Server+`/999"], qa: ["group:discord/`+discordfake.Server+`/`+discordfake.Server+`"]}
products: {app: {channel: "#app"}, web: {channel: discord/`+discordfake.Server+`/`+appInDiscord+`}, old: {channel: discord/`+discordfake.Server+`/998}}
audiences:
  news: {channel: discord/`+discordfake.Server+`/`+newsInDiscord+`, public: true}
  ideas: {channel: discord/`+discordfake.Server+`/`+forumInDiscord+`, people: [ben]}
channels: {"#app": card, "#dev": all}
`)
	f.SetApplication(func(a *discordfake.Application) {
		a.Members, a.InteractionsURL = false, "https://old.example.org/hook?key=hunter2"
	})
	f.SetChannel(appInDiscord, func(c *discordfake.Channel) {
		c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.EmbedLinks | discordfake.CreatePublicThreads}}
	})
	f.SetChannel(newsInDiscord, func(c *discordfake.Channel) {
		c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.ViewChannel}}
	})
	f.RemoveMember(discordfake.Server, benInDiscord)
	f.Gateway(0).Started(discordfake.MaxStarts - 200)
	examinedAs(t, f, golden, 1)
}

// TestDoctorOfCommunity: the smallest configuration is all that a server needs, as it stands.
func TestDoctorOfCommunity(t *testing.T) {
	community, err := os.ReadFile("../../deploy/community.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f := surgery(t, discordfake.Options{}, string(community))
	f.RemoveServer(discordfake.Server)
	const there = "613425648685547541"
	f.AddServer(discordfake.Guild{ID: there, Name: "App"})
	for _, id := range []string{"80351110224678912", "80351110224678913"} {
		f.AddUser(discordfake.User{ID: id, Name: id})
		f.AddMember(discordfake.Member{Server: there, User: id})
	}
	f.AddChannel(discordfake.Channel{ID: "613425648685547542", Server: there, Name: "app"})
	f.AddChannel(discordfake.Channel{ID: "613425648685547543", Server: there, Name: "news", Type: discordfake.Announcement})
	f.SetApplication(func(a *discordfake.Application) { a.Members = false })
	if out, code := says(t, "discord", "register"); code != 0 {
		t.Fatal(out)
	}
	if out, code := says(t, "doctor"); code != 0 || strings.Contains(out, "warning") || !strings.Contains(out, "#news takes posts, and publishes") {
		t.Errorf("it ended with %d:\n%s", code, out)
	}
}

// TestDoctorInBoth: with both chats on each is looked at, and what nobody reads is said of both; one that is off though the
// configuration names people of it is told of.
func TestDoctorInBoth(t *testing.T) {
	clinic(t, slackfake.Options{}, "")
	f := surgery(t, discordfake.Options{}, wellInDiscord+"channels: {\"#dev\": all}\n")
	out, code := says(t, "doctor")
	for _, want := range []string{"it is @readyroom in the workspace Acme", "it is @readyroom, of application " + discordfake.App, "#dev is a channel of the console: what is posted there, nobody reads in Slack or Discord\n"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("it ended with %d, without %q:\n%s", code, want, out)
		}
	}
	t.Setenv(discordBot, "")
	out, _ = says(t, "doctor")
	if !strings.Contains(out, "it is off: none of its tokens is set, though the configuration names what is there\n") {
		t.Errorf("of Discord it says\n%s", out)
	}
	t.Setenv(discordKey, f.PublicKey())
	if out, code = says(t, "doctor"); code != 1 || !strings.Contains(out, "DISCORD_BOT_TOKEN is not set") {
		t.Errorf("half set up, it ended with %d:\n%s", code, out)
	}
}
