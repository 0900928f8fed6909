package slackfake

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Submit fills in the topmost form and sends it. The fields are named by block_id, by action_id or by their label; a
// list is given an option's label or value (several with "; " between), a picker of people "ana", "@ana" or an id, a date
// as 2026-01-31, a text as it is. What a client would not send is shown at the fields, and not sent.
func (p *Person) Submit(ctx context.Context, values map[string]string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	r := p.begin()
	v, err := p.fillIn(values)
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("fill in the form: %v", err)
	}
	if r.Errors = v.missing(); len(r.Errors) > 0 {
		v.Errors = r.Errors
		p.f.mu.Unlock()
		return r
	}
	payload := p.common("view_submission")
	payload["view"], payload["response_urls"] = p.f.viewJSON(v), []string{}
	payload["trigger_id"] = p.f.newTrigger(p.id, v)
	p.f.mu.Unlock()
	what := "submit " + v.Title
	if !p.deliver(ctx, &r, what, Interactive, payload) {
		return r
	}
	p.f.mu.Lock()
	name := p.submitted(v, &r)
	p.f.stir()
	p.f.mu.Unlock()
	if name != "" {
		p.wrong(&r, what, name)
	}
	return r
}

// submitted does what the answer to a submission says, and gives the error that the client shows where it does not
// understand it; the lock is held.
func (p *Person) submitted(v *View, r *Result) (name string) {
	v.Errors = nil
	if len(strings.TrimSpace(string(r.Body))) == 0 {
		p.f.pop(p.id, v)
		return ""
	}
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if json.Unmarshal(r.Body, &answer) != nil {
		return "invalid_response"
	}
	switch answer.Action {
	case "errors":
		for id, text := range answer.Errors {
			if i := slices.IndexFunc(v.Inputs, func(in Input) bool { return in.Block == id }); i < 0 || text == "" {
				return "invalid_response: no input block " + id
			}
			if utf8.RuneCountInString(text) > MaxSubmitError {
				return "invalid_response: the error is too long"
			}
		}
		if len(answer.Errors) == 0 {
			return "invalid_response: no errors"
		}
		v.Errors, r.Errors = answer.Errors, answer.Errors
	case "clear":
		p.f.closeAll(p.id)
	case "update", "push":
		return p.follow(v, answer.Action, answer.View)
	default:
		return "invalid_response: response_action " + answer.Action
	}
	return ""
}

// follow shows the view that a submission was answered with; the lock is held.
func (p *Person) follow(v *View, action string, raw json.RawMessage) (name string) {
	next, no := p.f.readView(string(raw), "modal")
	if no.given() {
		return "invalid_response: " + no.name + " " + strings.Join(no.messages, "; ")
	}
	if action == "update" {
		return p.f.change(v, next).name
	}
	stack := p.f.views.stacks[p.id]
	if len(stack) >= MaxStack {
		return "push_limit_reached"
	}
	if no := p.f.keep(next, p.id); no.given() {
		return no.name
	}
	p.f.views.stacks[p.id] = append(stack, next)
	return ""
}

// pop closes a modal, and gives the one below the screen; the lock is held.
func (f *Fake) pop(user string, v *View) {
	v.closed = true
	f.views.stacks[user] = slices.DeleteFunc(f.views.stacks[user], func(o *View) bool { return o == v })
}

// CloseModal closes the topmost modal. The app is told where it asked to be.
func (p *Person) CloseModal(ctx context.Context) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	stack := p.f.views.stacks[p.id]
	if len(stack) == 0 {
		p.f.mu.Unlock()
		return p.cannot("close a form: none is open")
	}
	r, v := p.begin(), stack[len(stack)-1]
	payload := p.common("view_closed")
	payload["view"], payload["is_cleared"] = p.f.viewJSON(v), v.ClearOnDone
	p.f.pop(p.id, v)
	if v.ClearOnDone {
		p.f.closeAll(p.id)
	}
	p.f.stir()
	p.f.mu.Unlock()
	if v.Notify {
		p.deliver(ctx, &r, "close "+v.Title, Interactive, payload)
	}
	return r
}
