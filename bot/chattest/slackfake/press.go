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
