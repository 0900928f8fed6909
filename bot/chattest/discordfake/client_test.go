package discordfake_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// toFake sends what is meant for Discord to the fake.
type toFake struct{ base *url.URL }

func (x toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = x.base.Scheme, x.base.Host, ""
	r.URL.Path = strings.Replace(r.URL.Path, "/api/v9/", "/api/v10/", 1)
	return http.DefaultTransport.RoundTrip(r)
}

// TestClient does with a client that real bots use what a bot does: that both understand each other is not our doing.
func TestClient(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	a.SetApplication(func(app *discordfake.Application) { app.Members = true })
	s, err := discordgo.New("Bot " + a.BotToken())
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(a.URL())
	if err != nil {
		t.Fatal(err)
	}
	s.Client = &http.Client{Transport: toFake{base}}
	none := &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
	m, err := s.ChannelMessageSendComplex(a.news, &discordgo.MessageSend{
		Embeds: []*discordgo.MessageEmbed{{Description: "**1.4**", Color: 0x2ecc71, URL: "https://discord.com/channels/1/2#rr-x",
			Fields: []*discordgo.MessageEmbedField{{Name: "QA", Value: "ready"}}}},
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.Button{Label: "Sign", CustomID: "sign 1.4", Style: discordgo.PrimaryButton},
			discordgo.Button{Label: "Notes", URL: "https://a.example/notes", Style: discordgo.LinkButton},
		}}},
		AllowedMentions: none,
	})
	if err != nil {
		t.Fatal(err)
	}
	row, _ := m.Components[0].(*discordgo.ActionsRow)
	if m.Embeds[0].URL != "https://discord.com/channels/1/2#rr-x" || row == nil || row.Components[0].(*discordgo.Button).CustomID != "sign 1.4" || m.Author.ID != a.BotUser() {
		t.Errorf("posted: %+v", m)
	}
	edit := discordgo.NewMessageEdit(a.news, m.ID).SetContent("out")
	edit.AllowedMentions = none
	if m, err = s.ChannelMessageEditComplex(edit); err != nil || m.Content != "out" || len(m.Embeds) != 1 || m.EditedTimestamp == nil {
		t.Errorf("edited: %+v, %v", m, err)
	}
	th, err := s.MessageThreadStart(a.news, m.ID, "history", 1440)
	if err != nil || th.ID != m.ID || th.ThreadMetadata.AutoArchiveDuration != 1440 || th.Type != discordgo.ChannelTypeGuildNewsThread {
		t.Errorf("thread: %+v, %v", th, err)
	}
	if m, err = s.ChannelMessageCrosspost(a.news, m.ID); err != nil || m.Flags&discordgo.MessageFlagsCrossPosted == 0 {
		t.Errorf("cross-posted: %+v, %v", m, err)
	}
	if all, err := s.GuildMembers(discordfake.Server, "", 1000); err != nil || len(all) != 4 || all[2].User.GlobalName != "Ana" {
		t.Errorf("members: %v, %v", all, err)
	}
	dm, err := s.UserChannelCreate(a.ana)
	if err != nil || dm.ID != a.DM(a.ana) || dm.Recipients[0].ID != a.ana {
		t.Errorf("direct: %+v, %v", dm, err)
	}
	_, err = s.GuildMember(discordfake.Server, "1100000000000000099")
	var rest *discordgo.RESTError
	if !errors.As(err, &rest) || rest.Message.Code != 10013 {
		t.Errorf("nobody: %v", err)
	}
	// It sends no nonce, which is all that is reproached.
	if x := a.Failures(); len(x) != 1 || x[0].Name != "no nonce that is enforced" {
		t.Errorf("failures: %v", x)
	}
}
