package slackfake

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// content is what a message says.
type content struct {
	text   string
	raw    json.RawMessage // the blocks as they were sent
	list   []any
	blocks []block
	given  bool // whether blocks were given, if only none
}

// content reads text and blocks of a call; the lock is held.
func (f *Fake) content(args map[string]string) (content, refusal) {
	c := content{text: args["text"]}
	if md := args["markdown_text"]; md != "" {
		if c.text != "" || args["blocks"] != "" {
			return c, refuse("markdown_text_conflict")
		}
		if c.text = md; utf8.RuneCountInString(md) > MaxMarkdown {
			return c, refuse("msg_too_long")
		}
	}
	if raw := args["blocks"]; raw != "" {
		c.given = true
		if json.Unmarshal([]byte(raw), &c.list) != nil {
			return c, refuse("invalid_blocks_format")
		}
		if problems := inspect("message", block{"blocks": c.list}); len(problems) > 0 {
			return c, refuse("invalid_blocks", problems...)
		}
		if characters(c.list) > MaxBlocks {
			return c, refuse("msg_blocks_too_long")
		}
		if len(c.list) > 0 {
			c.raw, c.blocks = json.RawMessage(raw), f.named(c.list)
		}
	}
	if c.text == "" && len(c.list) == 0 {
		return c, refuse("no_text")
	}
	return c, refusal{}
}

// escapedSize is how many bytes Slack counts of a text: & < > count as they are escaped, also when they came so.
func escapedSize(text string) int {
	n := len(text)
	for i := range len(text) {
		switch text[i] {
		case '<', '>':
			n += 3
		case '&':
			if !entity.MatchString(text[i:]) {
				n += 4
			}
		}
	}
	return n
}

var entity = regexp.MustCompile(`^&(amp|lt|gt);`)

// metadata reads that of a call: nil when none is given, "{}" when it is to be removed.
func metadata(args map[string]string) (json.RawMessage, refusal) {
	raw := args["metadata"]
	if raw == "" {
		return nil, refusal{}
	}
	var m struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal([]byte(raw), &m) != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if m.Type == "" && m.Payload == nil {
		return json.RawMessage("{}"), refusal{}
	}
	if m.Type == "" || m.Payload == nil {
		return nil, refuse("invalid_metadata_schema")
	}
	return json.RawMessage(raw), refusal{}
}
