package slackfake

import (
	"context"
	"fmt"
	"strings"
)

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
	delete(payload, "api_app_id")
	delete(payload["user"].(reply), "username")
	payload["callback_id"], payload["channel"] = callbackID, ch.here()
	payload["message_ts"], payload["message"] = ts, p.f.messageJSON(m, false)
	payload["action_ts"], payload["trigger_id"] = stampNow(p.f.o.Now()), p.f.newTrigger(p.id, nil)
	payload["response_url"] = p.f.newResponseURL(responseURL{user: p.id, channel: channel})
	p.f.mu.Unlock()
	p.deliver(ctx, &r, callbackID, Interactive, payload)
	return r
}
