package slackfake

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// surface is something with elements before a person: a message, a whisper, a modal or a home page.
type surface struct {
	message *Message
	whisper *Whisper
	view    *View
}

func (s surface) blocks() []block {
	switch {
	case s.message != nil:
		return s.message.blocks
	case s.whisper != nil:
		return s.whisper.blocks
	}
	return s.view.blocks
}

func (s surface) ts() string {
	if s.message != nil {
		return s.message.TS
	}
	return s.whisper.TS
}

// hit is an element of a surface, with what is chosen of it.
type hit struct {
	surface surface
	block   block
	element block
	value   block // selected_option and the like; nil for a button
}

// Press presses what bears the label: a button, or a line of an overflow menu. A modal that is open covers everything;
// else it is the newest message in the channel that the person sees. A confirmation that is asked for is given.
func (p *Person) Press(ctx context.Context, channel, label string) Result {
	p.f.t.Helper()
	return p.act(ctx, channel, label, p.surfaces, bears(label))
}

// PressIn presses in the message with that timestamp, of everybody's or the person's own.
func (p *Person) PressIn(ctx context.Context, channel, ts, label string) Result {
	p.f.t.Helper()
	return p.act(ctx, channel, label, at(p, ts), bears(label))
}

// PressHome presses on the app's home page.
func (p *Person) PressHome(ctx context.Context, label string) Result {
	p.f.t.Helper()
	return p.act(ctx, "", label, p.home, bears(label))
}

// Pick chooses in a list, or picks a person or a date, as Press presses. The element is named by its action_id, its
// placeholder or its label; what is chosen as in Submit.
func (p *Person) Pick(ctx context.Context, channel, name, value string) Result {
	p.f.t.Helper()
	return p.act(ctx, channel, name+" = "+value, p.surfaces, p.picks(name, value))
}

// PickIn chooses in the message with that timestamp.
func (p *Person) PickIn(ctx context.Context, channel, ts, name, value string) Result {
	p.f.t.Helper()
	return p.act(ctx, channel, name+" = "+value, at(p, ts), p.picks(name, value))
}

// PickHome chooses on the app's home page.
func (p *Person) PickHome(ctx context.Context, name, value string) Result {
	p.f.t.Helper()
	return p.act(ctx, "", name+" = "+value, p.home, p.picks(name, value))
}

// Buttons are the labels of what can be pressed in a message, or in one of the person's own, in their order.
func (p *Person) Buttons(channel, ts string) (labels []string) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	for _, s := range at(p, ts)(channel) {
		for _, b := range s.blocks() {
			for _, e := range elements(b) {
				switch e["type"] {
				case "button":
					labels = append(labels, textOf(e["text"]))
				case "overflow":
					for _, c := range choices(e) {
						labels = append(labels, c.label)
					}
				}
			}
		}
	}
	return labels
}

// surfaces are what the person has before them, the topmost and newest first; the lock is held.
func (p *Person) surfaces(channel string) (all []surface) {
	if stack := p.f.views.stacks[p.id]; len(stack) > 0 {
		return []surface{{view: stack[len(stack)-1]}}
	}
	for _, m := range p.f.messages[channel] {
		if !m.Deleted {
			all = append(all, surface{message: m})
		}
	}
	for _, w := range p.f.whispers {
		if w.Channel == channel && w.User == p.id && !w.Gone {
			all = append(all, surface{whisper: w})
		}
	}
	slices.SortStableFunc(all, func(a, b surface) int { return tsTime(b.ts()).Compare(tsTime(a.ts())) })
	return all
}

func at(p *Person, ts string) func(string) []surface {
	return func(channel string) []surface {
		return slices.DeleteFunc(p.surfaces(channel), func(s surface) bool { return s.view != nil || s.ts() != ts })
	}
}

func (p *Person) home(string) []surface {
	if v := p.f.views.homes[p.id]; v != nil && len(p.f.views.stacks[p.id]) == 0 {
		return []surface{{view: v}}
	}
	return nil
}

// bears finds what has the label.
func bears(label string) func(block, block) (block, bool) {
	return func(_, e block) (block, bool) {
		switch e["type"] {
		case "button":
			return nil, textOf(e["text"]) == label
		case "overflow":
			for _, c := range choices(e) {
				if c.label == label {
					return block{"selected_option": c.raw}, true
				}
			}
		}
		return nil, false
	}
}

func (p *Person) picks(name, value string) func(block, block) (block, bool) {
	return func(b, e block) (block, bool) {
		names := []string{str(e["action_id"]), textOf(e["placeholder"]), textOf(b["label"]), textOf(b["text"])}
		if e["type"] == "button" || e["type"] == "overflow" || !slices.Contains(names, name) {
			return nil, false
		}
		v, err := p.f.fill(e, value)
		return v, err == nil
	}
}

// act finds an element, and tells the app that it was used.
func (p *Person) act(ctx context.Context, channel, what string, where func(string) []surface, is func(block, block) (block, bool)) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	var err error
	if channel != "" {
		_, err = p.channel(channel)
	}
	var h hit
	ok := false
	if err == nil {
		h, ok = seek(where(channel), is)
	}
	if err == nil && !ok {
		err = fmt.Errorf("there is none among %q", p.labels(where(channel)))
	}
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("use %q in %s: %v", what, channel, err)
	}
	r := p.begin()
	if q, ok := h.element["confirm"].(block); ok {
		r.Confirm = textOf(q["title"]) + ": " + textOf(q["text"])
	}
	payload, told := p.action(h)
	p.f.mu.Unlock()
	if told && p.deliver(ctx, &r, what, Interactive, payload) && len(strings.TrimSpace(string(r.Body))) > 0 {
		// Slack takes an answer to block_actions only as an acknowledgement: what is in it, nobody ever sees.
		p.f.t.Errorf("slackfake: the answer to a press is lost: %q", r.Body)
	}
	return r
}

func seek(all []surface, is func(block, block) (block, bool)) (hit, bool) {
	for _, s := range all {
		for _, b := range s.blocks() {
			for _, e := range elements(b) {
				if v, ok := is(b, e); ok {
					return hit{surface: s, block: b, element: e, value: v}, true
				}
			}
		}
	}
	return hit{}, false
}

// labels are what could have been meant; the lock is held.
func (p *Person) labels(all []surface) (labels []string) {
	for _, s := range all {
		for _, b := range s.blocks() {
			for _, e := range elements(b) {
				labels = append(labels, strings.TrimSpace(textOf(e["text"])+textOf(e["placeholder"])))
				for _, c := range choices(e) {
					labels = append(labels, c.label)
				}
			}
		}
	}
	return labels
}

// action makes the payload; told is false where Slack does not tell the app; the lock is held.
func (p *Person) action(h hit) (payload reply, told bool) {
	f := p.f
	payload = p.common("block_actions")
	s := h.surface
	switch {
	case s.view != nil:
		s.view.choose(h)
		payload["container"] = reply{"type": "view", "view_id": s.view.ID}
		payload["view"] = f.viewJSON(s.view)
		payload["trigger_id"] = f.newTrigger(p.id, s.view)
	case s.whisper != nil:
		w := s.whisper
		p.inMessage(payload, w.Channel, w.TS, w.ThreadTS, true)
		payload["state"] = reply{"values": stateOf(w.blocks, nil)}
		payload["response_url"] = f.newResponseURL(responseURL{user: p.id, channel: w.Channel, whisper: w})
	default:
		m := s.message
		p.inMessage(payload, m.Channel, m.TS, m.ThreadTS, false)
		payload["message"] = f.messageJSON(m, false)
		payload["state"] = reply{"values": stateOf(m.blocks, nil)}
		payload["response_url"] = f.newResponseURL(responseURL{user: p.id, channel: m.Channel, message: m})
	}
	done := reply{
		"type": h.element["type"], "action_id": h.element["action_id"], "block_id": h.block["block_id"],
		"action_ts": stampNow(f.o.Now()),
	}
	for _, k := range []string{"text", "value", "style", "placeholder"} {
		if v, ok := h.element[k]; ok {
			done[k] = v
		}
	}
	for k, v := range h.value {
		done[k] = v
	}
	payload["actions"] = []reply{done}
	return payload, h.block["type"] != "input" || h.block["dispatch_action"] == true
}

// inMessage says where a message's element was used; the lock is held.
func (p *Person) inMessage(payload reply, channel, ts, thread string, ephemeral bool) {
	container := reply{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
	if thread != "" {
		container["thread_ts"] = thread
	}
	payload["container"], payload["channel"] = container, p.f.channels[channel].here()
	payload["trigger_id"] = p.f.newTrigger(p.id, nil)
}

// choose remembers what was chosen in a view.
func (v *View) choose(h hit) {
	if h.value == nil || h.element["type"] == "overflow" {
		return
	}
	v.put(str(h.block["block_id"]), str(h.element["action_id"]), h.value)
}

func (v *View) put(id, action string, value block) {
	if v.typed == nil {
		v.typed = map[string]map[string]any{}
	}
	if v.typed[id] == nil {
		v.typed[id] = map[string]any{}
	}
	v.typed[id][action] = value
}

// Shortcut uses a shortcut of the app on a message.
func (p *Person) Shortcut(ctx context.Context, callbackID, channel, ts string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	ch, err := p.channel(channel)
	m := p.f.find(channel, ts)
	if err == nil && m == nil {
		err = fmt.Errorf("there is no message %s", ts)
	}
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("use the shortcut %s: %v", callbackID, err)
	}
	r := p.begin()
	payload := p.common("message_action")
	payload["callback_id"], payload["channel"] = callbackID, ch.here()
	payload["message_ts"], payload["message"] = ts, p.f.messageJSON(m, false)
	payload["action_ts"], payload["trigger_id"] = stampNow(p.f.o.Now()), p.f.newTrigger(p.id, nil)
	payload["response_url"] = p.f.newResponseURL(responseURL{user: p.id, channel: channel})
	p.f.mu.Unlock()
	p.deliver(ctx, &r, callbackID, Interactive, payload)
	return r
}
