package discord

import (
	"encoding/json"
	"errors"
)

// errUnfit says that something lacks what is needed of it.
var errUnfit = errors.New("not what Discord is known to send")

// decodeInteraction reads an interaction, which is of one person for certain, or unfit.
func decodeInteraction(body []byte) (interaction, error) {
	var i interaction
	if err := json.Unmarshal(body, &i); err != nil {
		return interaction{Type: kindOf(body)}, errUnfit // the text is people's, and in the error
	}
	if i.Type == ping {
		return i, nil
	}
	if i.In == "" && i.Channel != nil {
		i.In = i.Channel.ID
	}
	if !validID(i.ID) || !validID(i.App) || !optionalID(i.Server) || !optionalID(i.In) || i.asker() == "" {
		return i, errUnfit
	}
	return i, nil
}

// kindOf is the kind of an interaction that cannot be read; 0 where even that cannot.
func kindOf(body []byte) kind {
	var i struct {
		Type kind `json:"type"`
	}
	if json.Unmarshal(body, &i) != nil {
		return 0
	}
	return i.Type
}

// asker is the account of whoever it is of; empty where that is nobody, or not clear.
func (i interaction) asker() string {
	u := i.account()
	if u == nil || !validID(u.ID) {
		return ""
	}
	return u.ID
}

// account is whoever did it: in a server a member, and in direct messages a user.
func (i interaction) account() *user {
	switch {
	case i.Server == "" && i.Member == nil:
		return i.User
	case i.Server == "" || i.Member == nil || i.Member.User == nil:
		return nil
	case i.User != nil && i.User.ID != i.Member.User.ID:
		return nil
	}
	return i.Member.User
}

// direct reports whether it was begun in direct messages.
func (i interaction) direct() bool { return i.Server == "" }

// place is the channel that it was begun in and, where it was begun in a thread of that channel, the thread.
func (i interaction) place() (channel, thread string) {
	if c := i.Channel; c != nil && c.isThread() && c.ID == i.In {
		return c.Parent, i.In
	}
	return i.In, ""
}

// isThread reports whether a channel is a thread of another one.
func (c channel) isThread() bool {
	return (c.Type == newsThread || c.Type == publicThread || c.Type == privateThread) && validID(c.Parent)
}

// outside reports whether a member has no say: a bot, Discord's own account, or somebody who is not let in yet, or not for
// good.
func (m member) outside() bool {
	return m.Pending || m.Flags&visits != 0 || m.User != nil && (m.User.Bot || m.User.System)
}

// each gives every component of a message, those within others also.
func each(all []component, f func(component)) {
	for _, c := range all {
		f(c)
		each(c.Components, f)
		if c.Accessory != nil {
			each([]component{*c.Accessory}, f)
		}
	}
}

func optionalID(id string) bool { return id == "" || validID(id) }
