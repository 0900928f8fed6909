package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// The ids of these tests.
const (
	hereServer  = "772904309264089089"
	otherServer = "772904309264089999"
	hereChannel = "772908445358620702"
	hereThread  = "772908445358620799"
	ourApp      = "775799577604522054"
	ourBot      = "775799577604522055"
	anaUser     = "167348773423415296"
	benUser     = "167348773423415297"
	eveUser     = "167348773423415298" // in no server
	anaDirect   = "772908445358620801" // of ana and the bot
	itsToken    = "aW50ZXJhY3Rpb24-canary"
)

// inbox is what the bot's handler is to these tests: it remembers what it was asked, and answers as scripted.
type inbox struct {
	mu     sync.Mutex
	asked  []chat.Request
	answer func(context.Context, chat.Request) chat.Reply
}

func (b *inbox) handle(ctx context.Context, r chat.Request) chat.Reply {
	b.mu.Lock()
	b.asked = append(b.asked, r)
	answer := b.answer
	b.mu.Unlock()
	if answer == nil {
		return words("did " + r.Text)
	}
	return answer(ctx, r)
}

func (b *inbox) answers(f func(context.Context, chat.Request) chat.Reply) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = f
}

// replies answers everything alike.
func (b *inbox) replies(r chat.Reply) {
	b.answers(func(context.Context, chat.Request) chat.Reply { return r })
}

func (b *inbox) all() []chat.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// last is what was asked last, without what is not the same in each run.
func (b *inbox) last(t *testing.T) chat.Request {
	t.Helper()
	all := b.all()
	if len(all) == 0 {
		t.Fatal("nothing was asked")
	}
	r := all[len(all)-1]
	if r.When.IsZero() {
		t.Errorf("a request without time: %+v", r)
	}
	r.When = time.Time{}
	return r
}

// callbacks is Discord's side of calls: it remembers them, and answers as scripted.
type callbacks struct {
	mu     sync.Mutex
	calls  []call
	script func(call) (status int, body string) // zero: as Discord usually does
}

type call struct {
	method, path string
	body         string // JSON
	files        map[string]string
}

func (c call) String() string { return c.method + " " + c.path }

func (a *callbacks) RoundTrip(r *http.Request) (*http.Response, error) {
	c := call{method: r.Method, path: strings.TrimPrefix(r.URL.Path, "/api/v10"), files: map[string]string{}}
	if r.Body != nil {
		if kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); strings.HasPrefix(kind, "multipart/") {
			parts := multipart.NewReader(r.Body, params["boundary"])
			for p, err := parts.NextPart(); err == nil; p, err = parts.NextPart() {
				data, _ := io.ReadAll(p)
				if p.FileName() == "" {
					c.body = string(data)
				} else {
					c.files[p.FileName()] = string(data)
				}
			}
		} else {
			data, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			c.body = string(data)
		}
	}
	a.mu.Lock()
	a.calls = append(a.calls, c)
	script := a.script
	a.mu.Unlock()
	status, body := 0, ""
	if script != nil {
		status, body = script(c)
	}
	if status < 0 {
		return nil, io.ErrUnexpectedEOF
	}
	if status == 0 {
		status, body = usually(c)
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

var memberPath = regexp.MustCompile(`^/guilds/(\d+)/members/(\d+)$`)

// usually is what Discord answers: ana and ben are members of acme.
func usually(c call) (int, string) {
	switch g := memberPath.FindStringSubmatch(c.path); {
	case g != nil && g[1] == hereServer && (g[2] == anaUser || g[2] == benUser):
		return 200, `{"user":{"id":"` + g[2] + `"},"roles":[],"pending":false}`
	case g != nil:
		return 404, `{"message":"Unknown Member","code":10007}`
	case c.path == "/channels/"+hereThread:
		return 200, `{"id":"` + hereThread + `","type":11,"guild_id":"` + hereServer + `","parent_id":"` + hereChannel + `"}`
	case c.path == "/channels/"+hereChannel:
		return 200, `{"id":"` + hereChannel + `","type":0,"guild_id":"` + hereServer + `"}`
	case strings.HasPrefix(c.path, "/guilds/") && strings.HasSuffix(c.path, "/channels"):
		return 200, `[]`
	case c.path == "/users/@me/channels":
		return 200, `{"id":"` + anaDirect + `","type":1,"recipients":[{"id":"` + anaUser + `"}]}`
	}
	return 200, `{"id":"1","channel_id":"` + hereChannel + `"}`
}

func (a *callbacks) scripted(f func(call) (int, string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.script = f
}

func (a *callbacks) all() []call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.calls)
}

// wall is where posts go, in the place of channels: it may refuse them.
type wall struct {
	mu    sync.Mutex
	posts []chat.Post
	no    func(chat.Post) error
}

func (b *wall) Send(_ context.Context, p chat.Post) (chat.MessageID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.no != nil {
		if err := b.no(p); err != nil {
			return "", err
		}
	}
	b.posts = append(b.posts, p)
	return "1/2", nil
}

func (b *wall) Find(_ context.Context, p chat.Post) (chat.MessageID, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return "1/2", slices.ContainsFunc(b.posts, func(q chat.Post) bool { return q.Key == p.Key }), nil
}

// said are the posts: where, and their titles.
func (b *wall) said() (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.posts {
		all = append(all, string(p.Place)+" "+p.Message.Title)
	}
	return all
}

// ear is the platform with one server, two members, and nothing but handmade payloads.
type ear struct {
	*Discord
	inbox *inbox
	api   *callbacks
	board *wall
	n     int
	log   bytes.Buffer
}

func newEar(t *testing.T) *ear {
	t.Helper()
	e := &ear{inbox: &inbox{}, api: &callbacks{}, board: &wall{}}
	o := Options{
		Secrets: Secrets{BotToken: "bot-canary"}, Transport: e.api, Now: time.Now, Handle: e.inbox.handle,
		Log: slog.New(slog.NewJSONHandler(&e.log, nil)),
		Commands: []chat.Command{
			{Path: []string{"status"}, Short: "where it stands", Params: []chat.Param{{Name: "target", Kind: chat.KindRelease, Offered: true}}},
			{Path: []string{"assign"}, Short: "whose", Params: []chat.Param{{Name: "item", Kind: chat.KindItem, Offered: true}, {Name: "who", Kind: chat.KindPerson}}},
			{Path: []string{"scope", "add"}, Short: "plan", Params: []chat.Param{{Name: "what", Kind: chat.KindPlanned}}},
		},
		Complete: func(_ context.Context, r chat.Request) []chat.Completion {
			_, _ = e.inbox.handle(t.Context(), r), r
			return []chat.Completion{{Text: "app@1.0.0", Short: "NO-GO 1/3"}}
		},
		Person: func(_ context.Context, h workflows.Handle) (workflows.PersonID, bool) {
			id, ok := map[workflows.Handle]workflows.PersonID{"discord/" + anaUser: "ana", "discord/" + benUser: "ben"}[h]
			return id, ok
		},
	}
	e.Discord = New(o)
	e.replies.posts = e.board
	e.me.Store(&identity{app: ourApp, user: ourBot, servers: []string{hereServer}})
	return e
}

// object is JSON in the making.
type object = map[string]any

// by is what every interaction says, of somebody in the server.
func by(user string) object {
	return object{
		"id": "900000000000000001", "application_id": ourApp, "token": itsToken, "version": 1, "guild_id": hereServer, "channel_id": hereChannel,
		"channel": object{"id": hereChannel, "type": 0, "name": "general"}, "context": 0, "authorizing_integration_owners": object{"0": hereServer},
		"member": object{"user": object{"id": user, "username": "x"}, "roles": []string{}, "pending": false, "permissions": "0"},
		"locale": "en-US", "entitlements": []any{},
	}
}

// inDM is the same in direct messages.
func inDM(user string) object {
	o := by(user)
	delete(o, "guild_id")
	delete(o, "member")
	o["user"], o["context"], o["authorizing_integration_owners"] = object{"id": user}, 1, object{"0": "0"}
	o["channel_id"], o["channel"] = anaDirect, object{"id": anaDirect, "type": 1}
	return o
}

func with(o object, more object) object {
	out := maps.Clone(o)
	maps.Copy(out, more)
	return out
}

// typedBy is a command that somebody typed: the verbs, and the options of the last one.
func typedBy(o object, kind int, path []string, options ...object) object {
	inner := object{"type": 1, "name": path[len(path)-1], "options": options}
	for i := len(path) - 2; i > 0; i-- {
		inner = object{"type": 2, "name": path[i], "options": []object{inner}}
	}
	return with(o, object{"type": kind, "data": object{"id": "7", "name": path[0], "type": 1, "options": []object{inner}}})
}

func option(name, value string) object { return object{"type": 3, "name": name, "value": value} }

// pressedBy is a button that somebody pressed.
func pressedBy(o object, id string) object {
	return with(o, object{"type": 3, "data": object{"custom_id": id, "component_type": 2},
		"message": object{"id": "1", "channel_id": hereChannel, "author": object{"id": ourBot, "bot": true}, "flags": 0}})
}

// sentBy is a form that somebody sent.
func sentBy(o object, id string, fields ...string) object {
	var labels []object
	for i := 0; i < len(fields); i += 2 {
		labels = append(labels, object{"type": 18, "id": i, "component": object{"type": 4, "custom_id": fields[i], "value": fields[i+1]}})
	}
	return with(o, object{"type": 5, "data": object{"custom_id": id, "components": labels}})
}

// wrote is a message that somebody wrote.
func wrote(user, text string) object {
	return object{"id": "800000000000000001", "type": 0, "channel_id": hereChannel, "guild_id": hereServer, "content": text,
		"author": object{"id": user, "username": "x"}, "member": object{"roles": []string{}, "pending": false}, "mentions": []any{}}
}

// given is a first answer, as a client reads it.
type given struct {
	Type int
	Data struct {
		Content    string
		Embeds     []struct{ Description string }
		Components []seenComponent
		Flags      int
		Mentions   *struct{ Parse []string } `json:"allowed_mentions"`
		Choices    []struct{ Name, Value string }
		ID         string `json:"custom_id"`
		Title      string
	}
	raw string
}

type seenComponent struct {
	Type       int
	Label      string
	Desc       string `json:"description"`
	ID         string `json:"custom_id"`
	Value      string
	Component  *seenComponent
	Components []seenComponent
}

// text is all that is read of it.
func (g given) text() string {
	parts := []string{g.Data.Content}
	for _, e := range g.Data.Embeds {
		parts = append(parts, e.Description)
	}
	return strings.Join(parts, "\n")
}

// buttons are the ids of its buttons, by label.
func (g given) buttons() map[string]string {
	out := map[string]string{}
	var walk func([]seenComponent)
	walk = func(all []seenComponent) {
		for _, c := range all {
			if c.Type == 2 {
				out[c.Label] = c.ID
			}
			walk(c.Components)
		}
	}
	walk(g.Data.Components)
	return out
}

// fields are the values of a form's inputs, and hints what stands beside them.
func (g given) fields() (values, hints map[string]string) {
	values, hints = map[string]string{}, map[string]string{}
	for _, c := range g.Data.Components {
		if c.Component != nil {
			values[c.Component.ID], hints[c.Component.ID] = c.Component.Value, c.Desc
		}
	}
	return values, hints
}

func readAnswer(t *testing.T, raw string) (g given) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), &g); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	g.raw = raw
	if strings.Contains(raw, "canary") {
		t.Errorf("a secret is in an answer: %s", raw)
	}
	return g
}

// does has something taken, with an id of its own, and gives the first answer to it.
func (e *ear) does(t *testing.T, o object) given {
	t.Helper()
	e.n++
	o = with(o, object{"id": fmt.Sprint(900000000000000000 + e.n)})
	g := readAnswer(t, string(e.take(t.Context(), jsonOf(o))))
	if m := g.Data.Mentions; g.Type == saysMessage && (m == nil || m.Parse == nil || len(m.Parse) > 0) {
		t.Errorf("somebody may be rung: %s", g.raw)
	}
	return g
}

// settles waits until all is answered.
func (e *ear) settles(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	if err := e.settled(ctx); err != nil {
		t.Fatal(err)
	}
}

// changes are the messages that stood in the place of the first answer, and added those that followed.
func (e *ear) answers(t *testing.T) (changed, added []given) {
	t.Helper()
	for _, c := range e.api.all() {
		if !strings.HasPrefix(c.path, "/webhooks/"+ourApp+"/"+itsToken) {
			continue
		}
		g := readAnswer(t, c.body)
		if err := json.Unmarshal([]byte(c.body), &g.Data); err != nil {
			t.Fatal(err)
		}
		if c.method == http.MethodPatch {
			changed = append(changed, g)
		} else {
			added = append(added, g)
		}
	}
	return changed, added
}
