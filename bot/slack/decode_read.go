package slack

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
)

// errUnfit says that something lacks what is needed of it.
var errUnfit = errors.New("not what Slack is known to send")

func decodeCommand(body []byte) (slashCommand, error) {
	var c slashCommand
	if err := json.Unmarshal(body, &c); err != nil {
		return slashCommand{}, errUnfit // the text is people's, and in the error
	}
	return c, nil
}

// whole reports whether a command has all that is needed of it.
func (c slashCommand) whole() bool {
	return validID(c.Team) && validID(c.User) && validID(c.Channel) && c.Command != "" && optionalID(c.Enterprise)
}

func decodeInteraction(body []byte) (interacted, error) {
	var i interacted
	if err := json.Unmarshal(body, &i); err != nil {
		return i, errUnfit
	}
	if i.Container.Channel == "" && i.Channel != nil {
		i.Container.Channel = i.Channel.ID
	}
	if !validID(i.User.ID) || !validID(i.tenant().team) || !optionalID(i.tenant().enterprise) ||
		!optionalID(i.User.Team) || !optionalID(i.Container.Channel) || !optionalTS(i.Container.ThreadTS) {
		return i, errUnfit
	}
	return i, nil
}

func decodeEvent(body []byte) (happened, spoken, error) {
	var e happened
	if err := json.Unmarshal(body, &e); err != nil {
		return e, spoken{}, errUnfit
	}
	if e.Type != "event_callback" {
		return e, spoken{}, nil
	}
	var what spoken
	if err := json.Unmarshal(e.Event, &what); err != nil {
		// Of some events, "user" and "channel" are objects. Only their type is read here.
		var kind struct {
			Type string `json:"type"`
		}
		if json.Unmarshal(e.Event, &kind) != nil {
			return e, spoken{}, errUnfit
		}
		what = spoken{Type: kind.Type}
	}
	if !validID(e.Team) || !optionalID(e.Enterprise) || e.ID == "" || what.Type == "" {
		return e, what, errUnfit
	}
	return e, what, nil
}

// asker is where whoever pressed is at home, as far as Slack says.
func (i interacted) asker() tenant { return of(i.tenant(), i.User.Team) }

// of is where somebody is at home. Within an enterprise any of its workspaces may be named, and all mean the same people.
func of(t tenant, stated string) tenant {
	if stated != "" && t.enterprise == "" {
		t.team = stated
	}
	return t
}

// tenant is where an interaction comes from. An app that is installed for a whole enterprise is told no workspace at
// somebody's home: there it is the workspace of whoever is at home.
func (i interacted) tenant() tenant {
	t := tenant{team: i.User.Team, app: i.App}
	if i.Team != nil && i.Team.ID != "" {
		t.team = i.Team.ID
	}
	if i.Enterprise != nil {
		t.enterprise = i.Enterprise.ID
	}
	return t
}

var tsPattern = regexp.MustCompile(`^[0-9]{1,12}\.[0-9]{1,9}$`)

func optionalTS(ts string) bool { return ts == "" || tsPattern.MatchString(ts) }

// isDirect reports whether a channel is somebody's direct messages. Its name does not tell: a channel may bear any.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

func optionalID(id string) bool { return id == "" || validID(id) }
