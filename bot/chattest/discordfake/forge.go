package discordfake

import (
	"context"
	"encoding/json"
)

// Forgery changes a payload before it is sent. It gets the JSON of the whole interaction.
type Forgery func(i map[string]any)

// FromApp makes it one of another application.
func FromApp(id string) Forgery { return func(i map[string]any) { i["application_id"] = id } }

// FromServer makes it one of another server, whether the bot is there or not.
func FromServer(id string) Forgery {
	return func(i map[string]any) {
		i["guild_id"] = id
		i["guild"] = map[string]any{"id": id, "locale": "en-US", "features": []any{}}
		i["authorizing_integration_owners"] = map[string]any{"0": id}
		for _, name := range []string{"channel", "data"} {
			if o, ok := i[name].(map[string]any); ok && o["guild_id"] != nil {
				o["guild_id"] = id
			}
		}
	}
}

// UserInstall makes it one of an app that only the user installed, used in a server that knows nothing of it.
func UserInstall() Forgery {
	return func(i map[string]any) {
		i["authorizing_integration_owners"] = map[string]any{"1": userOf(i)["id"]}
	}
}

// InGroup makes it one of an app that the user installed, used among other people's direct messages.
func InGroup() Forgery {
	return func(i map[string]any) {
		u := userOf(i)
		i["user"], i["context"] = u, InPrivate
		i["authorizing_integration_owners"] = map[string]any{"1": u["id"]}
		for _, name := range []string{"member", "guild_id", "guild", "guild_locale"} {
			delete(i, name)
		}
		i["channel"] = map[string]any{"id": i["channel_id"], "type": 3, "name": "group", "flags": 0, "recipients": []any{u}}
	}
}

// Without takes fields away: Without("member").
func Without(fields ...string) Forgery {
	return func(i map[string]any) {
		for _, name := range fields {
			delete(i, name)
		}
	}
}

// With sets a field: With("type", 99).
func With(field string, value any) Forgery { return func(i map[string]any) { i[field] = value } }

// userOf is who used an interaction.
func userOf(i map[string]any) map[string]any {
	if u, ok := i["user"].(map[string]any); ok {
		return u
	}
	m, _ := i["member"].(map[string]any)
	u, _ := m["user"].(map[string]any)
	return u
}

// Interaction makes one by hand, of any kind and with any data, whether or not a client would send it: a button with an
// id of the test's own, a command that is not registered, a component that nobody knows. It is not sent: Send does, or
// what an Endpoint has.
func (p *Person) Interaction(kind int, channel string, data map[string]any, forged ...Forgery) Interaction {
	p.f.t.Helper()
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	ch := p.f.channels[channel]
	if ch == nil {
		p.f.t.Fatalf("discordfake: there is no channel %s", channel)
	}
	i := p.f.newInteraction(kind, p.id, ch)
	payload := p.f.common(i)
	if data != nil {
		payload["data"] = data
	}
	if id, ok := data["message"].(string); ok {
		// Of a component: the message that it stands in.
		delete(data, "message")
		if i.message = p.f.find(channel, id); i.message != nil {
			payload["message"] = p.f.messageAll(i.message)
		}
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		panic(err)
	}
	for _, f := range forged {
		f(o)
	}
	if raw, err = json.Marshal(o); err != nil {
		panic(err)
	}
	if app, ok := o["application_id"].(string); ok {
		i.app = app
	}
	owners, _ := o["authorizing_integration_owners"].(map[string]any)
	i.optional = owners["0"] == nil
	return Interaction{ID: i.id, Token: i.token, Kind: kind, Payload: raw}
}

// Send sends an interaction that was made by hand, and waits as long as a client does. It gives the type of the first
// answer, or ErrTimeout.
func (f *Fake) Send(ctx context.Context, i Interaction) (answer int, err error) {
	f.mu.Lock()
	it := f.asked[i.Token]
	f.mu.Unlock()
	if it == nil {
		f.t.Errorf("discordfake: the interaction %s is none that was made here", i.ID)
		return 0, ErrTimeout
	}
	err = f.send(ctx, it, i.Payload)
	f.mu.Lock()
	defer f.mu.Unlock()
	return it.answer, err
}
