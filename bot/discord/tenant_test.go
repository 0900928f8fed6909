package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/readyroom/readyroom/workflows"
)

// genuine are the payloads by which somebody has something done: ana, in the server or in direct messages. What each says
// is altered below.
func genuine() map[string]object {
	return map[string]object{
		"a command":             typedBy(by(anaUser), 2, []string{"release", "status"}),
		"a press":               pressedBy(by(anaUser), "hold"),
		"a press in direct":     pressedBy(inDM(anaUser), "hold"),
		"a form":                sentBy(by(anaUser), "rr:form:ABCDEFGHIJ:hold!", "reason", "x"),
		"a form in direct":      sentBy(inDM(anaUser), "rr:form:ABCDEFGHIJ:hold!", "reason", "x"),
		"opening a form":        pressedBy(by(anaUser), "rr:open:ABCDEFGHIJ:hold!"),
		"somebody types":        typedBy(by(anaUser), 4, []string{"release", "status"}, with(option("target", "ap"), object{"focused": true})),
		"the menu of a message": with(by(anaUser), object{"type": 2, "data": object{"name": "Add to release", "type": 3, "target_id": "55", "resolved": object{"messages": object{"55": object{"content": "x", "channel_id": hereChannel}}}}}),
	}
}

// isDirect reports whether a payload is one of direct messages.
func isDirect(what string) bool { return strings.Contains(what, "in direct") }

// alterations are what a payload may claim. For whom something is done then: nobody where it is empty.
var alterations = []struct {
	name   string
	change func(object)
	server workflows.Handle // of what came in the server
	direct workflows.Handle // of what came in direct messages
}{
	{"as it came", func(object) {}, "discord/" + anaUser, "discord/" + anaUser},
	{"of another application", func(o object) { o["application_id"] = otherServer }, "", ""},
	{"of no application", func(o object) { delete(o, "application_id") }, "", ""},
	{"of another server", func(o object) {
		o["guild_id"], o["authorizing_integration_owners"] = otherServer, object{"0": otherServer}
	}, "", ""},
	{"of another server alone", func(o object) { o["guild_id"] = otherServer }, "", ""},
	{"of a server that is none", func(o object) { o["guild_id"] = "acme" }, "", ""},
	{"of a path", func(o object) { o["guild_id"] = hereServer + "/" + hereChannel }, "", ""},
	{"installed by another server", func(o object) { o["authorizing_integration_owners"] = object{"0": otherServer} }, "", ""},
	{"installed by a person", func(o object) { o["authorizing_integration_owners"] = object{"1": anaUser} }, "", ""},
	{"installed by a person as well", func(o object) { o["authorizing_integration_owners"].(object)["1"] = anaUser }, "discord/" + anaUser, "discord/" + anaUser},
	{"of no known way of installing", func(o object) { o["authorizing_integration_owners"] = object{"7": hereServer} }, "", ""},
	{"in a group of people", func(o object) { o["context"] = 2 }, "", ""},
	{"in a place of another kind", func(o object) { o["context"] = 1 - o["context"].(int) }, "", ""},
	{"in a place that is not known", func(o object) { o["context"] = 9 }, "", ""},
	{"with neither", func(o object) { delete(o, "context"); delete(o, "authorizing_integration_owners") }, "discord/" + anaUser, "discord/" + anaUser},
	{"without the member", func(o object) { delete(o, "member") }, "", "discord/" + anaUser},
	{"without the user", func(o object) { delete(o, "user") }, "discord/" + anaUser, ""},
	{"by a member without an account", func(o object) { o["member"] = object{"roles": []string{}} }, "", ""},
	{"by two", func(o object) { o["user"], o["member"] = object{"id": benUser}, object{"user": object{"id": anaUser}} }, "", ""},
	{"by two, without a server", func(o object) {
		delete(o, "guild_id")
		o["user"], o["member"] = object{"id": benUser}, object{"user": object{"id": anaUser}}
		o["context"], o["authorizing_integration_owners"] = 1, object{"0": "0"}
	}, "", ""},
	{"without its server", func(o object) { delete(o, "guild_id") }, "", "discord/" + anaUser},
	{"by a bot", func(o object) { accountOf(o)["bot"] = true }, "discord/guest/" + anaUser, "discord/" + anaUser}, // in direct messages Discord is asked, and says who it is
	{"by whom the server did not let in", func(o object) {
		if m, ok := o["member"].(object); ok {
			m["pending"] = true
		}
	}, "discord/guest/" + anaUser, "discord/" + anaUser},
	{"by a stranger", func(o object) { accountOf(o)["id"] = eveUser }, "discord/" + eveUser, "discord/guest/" + eveUser},
	{"by nobody", func(o object) { accountOf(o)["id"] = "" }, "", ""},
	{"by a path", func(o object) { accountOf(o)["id"] = "guest/" + anaUser }, "", ""},
	{"by a name", func(o object) { accountOf(o)["id"] = "ana" }, "", ""},
	{"of no id", func(o object) { o["id"] = "" }, "", ""},
}

// accountOf is whoever a payload is of.
func accountOf(o object) object {
	if m, ok := o["member"].(object); ok {
		return m["user"].(object)
	}
	return o["user"].(object)
}

// copied is a payload that can be changed.
func copied(t *testing.T, o object) object {
	t.Helper()
	var out object
	if err := json.Unmarshal(jsonOf(o), &out); err != nil {
		t.Fatal(err)
	}
	if c, ok := out["context"].(float64); ok {
		out["context"] = int(c)
	}
	return out
}

// TestTenants alters what everything says by which somebody has something done: nothing is done unless it is for this
// application, from a server that is listened to, and of one person; and then for the account that Discord says.
func TestTenants(t *testing.T) {
	for what, o := range genuine() {
		for _, a := range alterations {
			t.Run(what+" "+a.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					e := newEar(t)
					altered := copied(t, o)
					a.change(altered)
					g := readAnswer(t, string(e.take(t.Context(), jsonOf(altered))))
					e.settles(t)
					want := a.server
					if isDirect(what) {
						want = a.direct
					}
					if what == "opening a form" && want != "" && g.Type == saysMessage {
						want = a.server // the handler is asked which form
					}
					done := e.inbox.all()
					switch {
					case want == "" && len(done) > 0:
						t.Fatalf("done for %q", done[0].By)
					case want != "" && (len(done) != 1 || done[0].By != want):
						t.Fatalf("done: %+v", done)
					case want != "" && done[0].At != workflows.Direct(want) && done[0].At != "discord/"+hereServer+"/"+hereChannel:
						t.Errorf("done at %q", done[0].At)
					case want == "" && what == "somebody types" && (g.Type != offers || len(g.Data.Choices) > 0):
						t.Errorf("offered %s", g.raw)
					case want == "" && what != "somebody types" && (g.Type != saysMessage || g.Data.Flags != unseen || len(g.buttons()) > 0):
						t.Errorf("answered %s", g.raw)
					}
				})
			})
		}
	}
}

// FuzzTake: whatever comes in, nothing panics, everything is answered, and nothing is done unless it is for this
// application, from our server or direct messages, and of one person.
func FuzzTake(f *testing.F) {
	for _, o := range genuine() {
		f.Add(jsonOf(o))
		for _, a := range alterations[1:8] {
			raw := jsonOf(o)
			var c object
			if json.Unmarshal(raw, &c) == nil {
				c["context"] = 0
				a.change(c)
				f.Add(jsonOf(c))
			}
		}
	}
	f.Add([]byte(`null`))
	f.Add([]byte(`{"type":1}`))
	f.Add([]byte(`{"type":3,"data":{"custom_id":"rr:sel:0","values":[]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e := newEar(t)
		e.Still = true
		g := e.take(t.Context(), body)
		if !json.Valid(g) {
			t.Fatalf("answered %q", g)
		}
		e.settles(t)
		done := e.inbox.all()
		if len(done) == 0 {
			return
		}
		var i struct {
			App    string `json:"application_id"`
			Server string `json:"guild_id"`
			Member *struct {
				User *struct{ ID string }
			}
			User *struct{ ID string }
		}
		if err := json.Unmarshal(body, &i); err != nil {
			t.Fatalf("done, of what cannot be read: %v", err)
		}
		user := ""
		switch {
		case i.Server == hereServer && i.Member != nil && i.Member.User != nil:
			user = i.Member.User.ID
		case i.Server == "" && i.Member == nil && i.User != nil:
			user = i.User.ID
		}
		for _, r := range done {
			if by := r.By; i.App != ourApp || by != handle(user) && by != guest(user) || !validID(user) {
				t.Fatalf("done for %q: %s", by, body)
			}
		}
	})
}
