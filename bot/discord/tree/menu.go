package tree

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Pick is what a command in the menu of a message comes to: a line, and what the form that it opens begins with.
type Pick struct {
	Text    string
	Press   bool              // the line is a button's, with its basis
	Prefill map[string]string // of the form's fields, by parameter
}

// ErrNoBriefing is that a message has nothing to acknowledge.
var ErrNoBriefing = errors.New("the message is no briefing of this bot")

// toScope is the line whose form plans what a message is about, and planned the field that the message fills.
const (
	toScope = "/" + root + " scope add"
	planned = "what"
)

// acknowledges is how the line of a briefing's button begins.
const acknowledges = "brief ack"

// target is what Discord says of a use of a command in a message's menu.
type target struct {
	Type     discordgo.ApplicationCommandType `json:"type"`
	Name     string                           `json:"name"`
	Target   string                           `json:"target_id"`
	Resolved struct {
		Messages map[string]message `json:"messages"`
	} `json:"resolved"`
}

type message struct {
	Channel string `json:"channel_id"`
	Content string `json:"content"`
	Author  struct {
		ID string `json:"id"`
	} `json:"author"`
	Embeds []struct {
		URL string `json:"url"`
	} `json:"embeds"`
	Components []component `json:"components"`
}

type component struct {
	Type       discordgo.ComponentType `json:"type"`
	CustomID   string                  `json:"custom_id"`
	Components []component             `json:"components"`
}

// Picked reads the data of a command that was chosen in the menu of a message, in a server. Self is the bot's own account:
// only its own buttons are pressed for somebody.
func Picked(raw []byte, server, self string) (Pick, error) {
	var d target
	if err := json.Unmarshal(raw, &d); err != nil {
		return Pick{}, fmt.Errorf("data of a message's command: %w", err)
	}
	m, there := d.Resolved.Messages[d.Target]
	switch {
	case d.Type != discordgo.MessageApplicationCommand || !there:
		return Pick{}, errors.New("the command is about no message")
	case d.Name == AddToRelease:
		return Pick{Text: toScope, Prefill: map[string]string{planned: m.link(server, d.Target, self)}}, nil
	case d.Name != Acknowledge:
		return Pick{}, errors.New("there is no such command in the menu of a message")
	}
	if line := button(m.Components); line != "" && m.Author.ID == self && self != "" {
		return Pick{Text: line, Press: true}, nil
	}
	return Pick{}, ErrNoBriefing
}

// button is the line of the button that acknowledges a briefing.
func button(all []component) string {
	for _, c := range all {
		if c.Type == discordgo.ButtonComponent && strings.HasPrefix(c.CustomID+" ", acknowledges+" ") {
			return c.CustomID
		}
		if line := button(c.Components); line != "" {
			return line
		}
	}
	return ""
}

// link is what a message is about: the first address in it, or that of what it shows, or else its own. What the bot's own
// embeds lead to is where they are found again, and nothing to plan.
func (m message) link(server, id, self string) string {
	found := addresses.FindAllString(m.Content, -1)
	if m.Author.ID != self {
		for _, e := range m.Embeds {
			found = append(found, e.URL)
		}
	}
	for _, text := range found {
		text = trimmed(text)
		if u, err := url.Parse(text); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			return text
		}
	}
	return "https://discord.com/channels/" + server + "/" + m.Channel + "/" + id
}

// addresses finds addresses as people write them, also in <> and as [text](address).
var addresses = regexp.MustCompile(`https?://[^\s<>"\[\]]+`)

// trimmed takes off what ends a sentence, and brackets that were opened before the address.
func trimmed(text string) string {
	for {
		short := strings.TrimRight(text, ".,;:!?'*_~|`")
		if before, ok := strings.CutSuffix(short, ")"); ok && strings.Count(short, ")") > strings.Count(short, "(") {
			short = before
		}
		if short == text {
			return text
		}
		text = short
	}
}
