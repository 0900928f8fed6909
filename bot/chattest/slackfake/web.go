package slackfake

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// reply is the answer to a call, beside "ok".
type reply map[string]any

// refusal is an answer that is not ok. Its zero value is none.
type refusal struct {
	name             string   // as Slack names it: "channel_not_found"
	messages         []string // response_metadata.messages
	needed, provided string   // for missing_scope
	retry            time.Duration
}

func (r refusal) given() bool { return r.name != "" }

func refuse(name string, messages ...string) refusal { return refusal{name: name, messages: messages} }

// Call is a call of the Web API, or a post to a response URL (Method "response_url").
type Call struct {
	Method  string
	At      time.Time
	Args    map[string]string // without the token; what is no string as its JSON
	Token   string            // which one it came with: "bot", "app", "" for none, "other" for one that is not known
	Status  int               // of the answer; 0: none was given
	Error   string            // in the answer; empty: it was ok
	Faulted bool              // whether the answer was a scripted fault
	Host    string            // that it was sent to
}

// method is one method of the Web API.
type method struct {
	app   bool   // takes the app-level token, and no other
	scope string // that it needs; empty: none, or it depends on the channel
	tier  int    // of the rates; 0: a tier of its own
	do    func(*Fake, *Call) (reply, refusal)
}

var methods map[string]method

func init() {
	methods = map[string]method{
		"apps.connections.open": {app: true, scope: "connections:write", tier: 1, do: (*Fake).appsConnectionsOpen},
		"auth.test":             {do: (*Fake).authTest},
		"bots.info":             {scope: "users:read", tier: 3, do: (*Fake).botsInfo},
		"chat.delete":           {scope: "chat:write", tier: 3, do: (*Fake).chatDelete},
		"chat.getPermalink":     {do: (*Fake).chatGetPermalink},
		"chat.postEphemeral":    {scope: "chat:write", tier: 4, do: (*Fake).chatPostEphemeral},
		"chat.postMessage":      {scope: "chat:write", do: (*Fake).chatPostMessage},
		"chat.update":           {scope: "chat:write", tier: 3, do: (*Fake).chatUpdate},
		"conversations.history": {tier: 3, do: (*Fake).conversationsHistory},
		"conversations.info":    {tier: 3, do: (*Fake).conversationsInfo},
		"conversations.list":    {tier: 2, do: (*Fake).conversationsList},
		"conversations.open":    {scope: "im:write", tier: 3, do: (*Fake).conversationsOpen},
		"conversations.replies": {tier: 3, do: (*Fake).conversationsReplies},
		"team.info":             {scope: "team:read", tier: 3, do: (*Fake).teamInfo},
		"usergroups.list":       {scope: "usergroups:read", tier: 2, do: (*Fake).usergroupsList},
		"usergroups.users.list": {scope: "usergroups:read", tier: 2, do: (*Fake).usergroupsUsersList},
		"users.info":            {scope: "users:read", tier: 4, do: (*Fake).usersInfo},
		"views.open":            {tier: 4, do: (*Fake).viewsOpen},
		"views.publish":         {tier: 4, do: (*Fake).viewsPublish},
		"views.push":            {tier: 4, do: (*Fake).viewsPush},
		"views.update":          {tier: 4, do: (*Fake).viewsUpdate},
	}
}

// serveAPI answers one call: reads it, lets a scripted fault have its way, and does what it asks.
func (f *Fake) serveAPI(w http.ResponseWriter, r *http.Request) {
	c, token, bad := f.read(r)
	fault, faulted := f.nextFault(c)
	if faulted && !fault.Stored {
		f.fault(w, r, c, fault, nil)
		return
	}
	f.mu.Lock()
	answer, no := reply(nil), bad
	var g *grant
	if !no.given() {
		g, no = f.admit(c, token)
	}
	if !no.given() {
		answer, no = methods[c.Method].do(f, c)
	}
	f.stir()
	f.mu.Unlock()
	if faulted && fault.Way != Ordinary {
		f.fault(w, r, c, fault, body(answer, no))
		return
	}
	if !f.server.Pass(r, fault.Delay) {
		return
	}
	if g != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(g.scopes, ","))
	}
	f.answer(w, c, answer, no)
}

// read takes a call apart and remembers it.
func (f *Fake) read(r *http.Request) (c *Call, token string, no refusal) {
	args, err := arguments(r)
	c = &Call{Method: r.PathValue("method"), At: f.o.Now(), Args: args, Host: r.Host}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = bearer
	}
	if t := args["token"]; t != "" {
		token = t
	}
	delete(args, "token")
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Token = f.tokenName(token)
	f.calls = append(f.calls, c)
	f.meter.Listen(c, c.At, c.where())
	if err != nil {
		return c, token, refuse("invalid_arguments", err.Error())
	}
	return c, token, refusal{}
}

func (f *Fake) tokenName(token string) string {
	g := f.tokens[token]
	switch {
	case token == "":
		return ""
	case g == nil:
		return "other"
	case g.app:
		return "app"
	}
	return "bot"
}

// admit says whether the token may do it, and whether it is too much at once; the lock is held.
func (f *Fake) admit(c *Call, token string) (*grant, refusal) {
	m, ok := methods[c.Method]
	if !ok {
		f.t.Errorf("slackfake: there is no method %s", c.Method)
		return nil, refuse("unknown_method")
	}
	g := f.tokens[token]
	switch {
	case token == "":
		return nil, refuse("not_authed")
	case g == nil:
		return nil, refuse("invalid_auth")
	case g.revoked != "":
		return nil, refuse(g.revoked)
	case m.app != g.app:
		return nil, refuse("not_allowed_token_type")
	case m.scope != "" && !slices.Contains(g.scopes, m.scope):
		return g, refusal{name: "missing_scope", needed: m.scope, provided: strings.Join(g.scopes, ",")}
	}
	return g, f.meter.take(f.o.Rates, c, m)
}

// needs refuses a call that a scope of the bot would be needed for; the lock is held.
func (f *Fake) needs(scope string) refusal {
	g := f.tokens[botToken]
	if slices.Contains(g.scopes, scope) {
		return refusal{}
	}
	return refusal{name: "missing_scope", needed: scope, provided: strings.Join(g.scopes, ",")}
}

// answer sends what a call got.
func (f *Fake) answer(w http.ResponseWriter, c *Call, answer reply, no refusal) {
	status := http.StatusOK
	if no.name == "ratelimited" {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", seconds(no.retry))
	}
	f.mu.Lock()
	c.Status, c.Error = status, no.name
	f.meter.hush(c, w.Header().Get("Retry-After"))
	f.mu.Unlock()
	f.dated(w)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body(answer, no))
}

// dated puts the fake's own time into an answer.
func (f *Fake) dated(w http.ResponseWriter) {
	w.Header().Set("Date", f.o.Now().UTC().Format(http.TimeFormat))
}

// Calls are all calls of a method, in the order they came; empty: of every method.
func (f *Fake) Calls(method string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.calls, func(c *Call) bool { return method == "" || c.Method == method })
}
