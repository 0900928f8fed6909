package discordfake_test

import (
	"encoding/json"
	"testing"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestPayloads: what is sent is read by a library that was written against Discord itself.
func TestPayloads(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	legacy := j{"custom_id": "m", "title": "t", "components": []any{row(j{"type": 4, "custom_id": "c", "style": 1, "label": "l"})}}
	answering(t, f, func(i j) any {
		switch i["type"] {
		case 3.0:
			return j{"type": 9, "data": legacy}
		case 4.0:
			return j{"type": 8, "data": j{"choices": []any{}}}
		}
		return says("well", 64)
	})
	id := post(t, f, discordfake.General, "x", row(btn("Form", "form")))
	p := f.As(ana)
	p.Slash(t.Context(), discordfake.General, []string{"release", "sign"}, map[string]any{"item": "docs"})
	p.Autocomplete(t.Context(), discordfake.General, []string{"release", "sign"}, map[string]any{"item": "do"}, "item")
	p.ContextMenu(t.Context(), "Acknowledge", discordfake.General, id)
	p.Press(t.Context(), discordfake.General, "Form")
	p.Submit(t.Context(), map[string]string{"c": "typed"})
	var got []string
	for _, d := range f.Deliveries(0) {
		var i discordgo.Interaction
		if err := json.Unmarshal(d.Interaction.Payload, &i); err != nil {
			t.Fatalf("%s: %v", d.Interaction.Payload, err)
		}
		if i.Member == nil || i.Member.User.ID != ana || i.Member.Permissions == 0 || i.AppPermissions == 0 || i.GuildID != discordfake.Server ||
			i.AuthorizingIntegrationOwners[discordgo.ApplicationIntegrationGuildInstall] != discordfake.Server || i.Version != 1 {
			t.Errorf("%s", d.Interaction.Payload)
		}
		switch i.Type {
		case discordgo.InteractionApplicationCommand, discordgo.InteractionApplicationCommandAutocomplete:
			data := i.ApplicationCommandData()
			s := data.Name
			if data.TargetID != "" {
				s += " " + data.Resolved.Messages[data.TargetID].Content
			} else {
				s += " " + data.Options[0].Name + " " + data.Options[0].Options[0].StringValue()
			}
			got = append(got, s)
		case discordgo.InteractionMessageComponent:
			got = append(got, i.MessageComponentData().CustomID+" "+i.Message.ID)
		case discordgo.InteractionModalSubmit:
			in := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput)
			got = append(got, i.ModalSubmitData().CustomID+" "+in.Value)
		}
	}
	want := []string{"release sign docs", "release sign do", "Acknowledge x", "form " + id, "m typed"}
	for k := range want {
		if k >= len(got) || got[k] != want[k] {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

// TestGatewayPayloads: so are READY, the servers, and what people say.
func TestGatewayPayloads(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	c := dial(t, f, "")
	c.until("op 10")
	c.send(identify(f.BotToken(), usual))
	into := func(frame j, v any) {
		t.Helper()
		raw, err := json.Marshal(frame["d"])
		if err == nil {
			err = json.Unmarshal(raw, v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var r discordgo.Ready
	if into(c.until("READY"), &r); r.User.ID != f.BotUser() || r.SessionID == "" || len(r.Guilds) != 1 || !r.Guilds[0].Unavailable {
		t.Errorf("%+v", r)
	}
	var g discordgo.GuildCreate
	if into(c.until("GUILD_CREATE"), &g); g.ID != discordfake.Server || len(g.Channels) != 1 || len(g.Roles) != 3 || g.MemberCount != 4 || len(g.Members) != 1 {
		t.Errorf("%+v", g)
	}
	f.As(ana).Mention(t.Context(), discordfake.General, "hello")
	var m discordgo.MessageCreate
	if into(c.until("MESSAGE_CREATE"), &m); m.Author.ID != ana || m.Member == nil || len(m.Mentions) != 1 || m.GuildID != discordfake.Server {
		t.Errorf("%+v", m)
	}
}
