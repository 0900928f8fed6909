package slackfake

import "encoding/json"

// View is a modal or a home page, as somebody has it before them.
type View struct {
	ID, Hash            string
	Type                string // "modal" or "home"
	Title, Submit       string
	CallbackID          string
	ExternalID          string
	PrivateMetadata     string
	Raw                 json.RawMessage // as it was sent
	Inputs              []Input
	Errors              map[string]string // shown at fields, by block id
	Notify, ClearOnDone bool              // notify_on_close, clear_on_close

	user   string
	raw    block
	blocks []block
	typed  map[string]map[string]any // values by block and action
	closed bool
}

// Input is something in a view that a person can fill in.
type Input struct {
	Block, Action string
	Label, Kind   string // Kind is the element's type: "plain_text_input"
	Optional      bool
	Options       []string // the labels that it offers
	Value         string   // that it starts with: text, the value of an option, a user, a date
}

// views are all that are open.
type views struct {
	byID   map[string]*View
	stacks map[string][]*View // of each person
	homes  map[string]*View
}

// readView takes the view of a call; the lock is held.
func (f *Fake) readView(text string, kind string) (*View, refusal) {
	var raw block
	if json.Unmarshal([]byte(text), &raw) != nil || raw == nil {
		return nil, refuse("invalid_arguments", "[ERROR] missing required field: view")
	}
	if kind == "" {
		kind = str(raw["type"])
	}
	if problems := inspect(kind, raw); len(problems) > 0 {
		return nil, refuse("invalid_arguments", problems...)
	}
	if len(text) > 250_000 {
		return nil, refuse("view_too_large")
	}
	list, _ := raw["blocks"].([]any)
	v := &View{
		Type: kind, Title: textOf(raw["title"]), Submit: textOf(raw["submit"]), CallbackID: str(raw["callback_id"]),
		ExternalID: str(raw["external_id"]), PrivateMetadata: str(raw["private_metadata"]), Raw: json.RawMessage(text),
		raw: raw, blocks: f.named(list),
	}
	v.Notify, _ = raw["notify_on_close"].(bool)
	v.ClearOnDone, _ = raw["clear_on_close"].(bool)
	v.Inputs = inputsOf(v.blocks)
	return v, refusal{}
}

// viewJSON is a view as Slack sends it; the lock is held.
func (f *Fake) viewJSON(v *View) reply {
	out := reply{}
	for k, val := range v.raw {
		out[k] = val
	}
	root := v.ID
	if stack := f.views.stacks[v.user]; len(stack) > 0 && v.Type == "modal" {
		root = stack[0].ID
	}
	out["id"], out["hash"], out["team_id"], out["app_id"], out["bot_id"] = v.ID, v.Hash, Team, App, BotID
	out["app_installed_team_id"], out["root_view_id"], out["previous_view_id"] = Team, root, nil
	out["state"] = reply{"values": v.state()}
	for _, k := range []string{"private_metadata", "callback_id", "external_id"} {
		out[k] = str(v.raw[k])
	}
	return out
}

// Modal is what somebody has on top before them; ok is false when there is none.
func (f *Fake) Modal(user string) (v View, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if stack := f.views.stacks[user]; len(stack) > 0 {
		return *stack[len(stack)-1], true
	}
	return View{}, false
}

// Modals are all that somebody has open, the lowest first.
func (f *Fake) Modals(user string) (all []View) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range f.views.stacks[user] {
		all = append(all, *v)
	}
	return all
}

// Home is somebody's home page; ok is false when none was published.
func (f *Fake) Home(user string) (v View, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v := f.views.homes[user]; v != nil {
		return *v, true
	}
	return View{}, false
}
