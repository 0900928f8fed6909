package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// The parts that the shape of the file is put together from.

func keyed(about string, fields ...field) *shape {
	return &shape{kind: isMap, about: about, fields: fields}
}

func matching(about string, pattern *regexp.Regexp, wrong func(string) (string, string)) *shape {
	return &shape{kind: isText, about: about, pattern: pattern, wrong: wrong}
}

func someOf(about string, each *shape, example []string) *shape {
	return &shape{kind: isList, about: about, each: each, examples: []any{example}}
}

func channel(about, example string) *shape {
	return &shape{kind: isText, about: about, pattern: channelPattern, examples: []any{example, "slack/T0ACME/C0APP", "discord/613425648685547541/41771983423143937"}, wrong: noChannel}
}

// channelLink is what Discord copies as the link of a channel, or of a message in it.
var channelLink = regexp.MustCompile(`^https://(?:[a-z]+\.)?discord(?:app)?\.com/channels/([0-9]+)/([0-9]+)`)

func noChannel(text string) (why, next string) {
	if g := channelLink.FindStringSubmatch(text); g != nil {
		return quoted(text) + " is the link of a channel", "write discord/" + g[1] + "/" + g[2]
	}
	switch {
	case strings.HasPrefix(text, "slack/"):
		return quoted(text) + " is not a channel's ids, and a name can change hands",
			"write slack/T0ACME/C0APP: in Slack, the channel's details show its id at the bottom, and the address in a browser the workspace's before it"
	case strings.HasPrefix(text, "discord/"):
		return quoted(text) + " is not a channel's ids, and a name can change hands", "write discord/613425648685547541/41771983423143937: in Discord, a channel's link (right-click → Copy Link) ends in the ids of the server and of the channel"
	}
	return quoted(text) + " is no channel", `write "#name" in quotes for the console's, or a channel's ids with their platform: slack/T0ACME/C0APP, or discord/613425648685547541/41771983423143937`
}

// memberID is a member's id of Discord, however it was copied.
var memberID = regexp.MustCompile(`^<@!?([0-9]{1,20})>$`)

// noDiscordMember says how a member of Discord is written.
func noDiscordMember(text string) (why, next string) {
	if g := memberID.FindStringSubmatch(text); g != nil {
		return quoted(text) + " is a mention", `write "` + g[1] + `"`
	}
	return quoted(text) + " is no discord account", `write the member's id in quotes, as "80351110224678912": Developer Mode on (settings → Advanced), then their menu → Copy User ID`
}

// account is how a handle of one platform is written.
func account(about, platform, meant, pattern, example string) *shape {
	return &shape{kind: isText, about: about, pattern: regexp.MustCompile(pattern), examples: []any{example},
		wrong: no("is no "+platform+" account", "write "+meant)}
}

func zone(about string, fallback any) *shape {
	return &shape{kind: isText, about: about, fallback: fallback, examples: []any{"Europe/Berlin", "America/New_York"}}
}

func days(about, fallback string) *shape {
	return &shape{kind: isText, about: about, pattern: daysPattern, unit: true, fallback: fallback, examples: []any{"60d"},
		wrong: no("is no number of whole days from 1d to 36500d", "write "+fallback)}
}

// read is text that another room reads.
func read[T any](parse func(string) (T, error), about, fallback, example string) *shape {
	return &shape{kind: isText, about: about, fallback: fallback, examples: []any{example},
		parse: func(text string) error { _, err := parse(text); return err }}
}

// no says that a text is not what is meant, and what to write instead.
func no(what, next string) func(string) (string, string) {
	return func(text string) (string, string) { return quoted(text) + " " + what, next }
}

func noID(text string) (why, next string) {
	next = "an id is " + workflows.IDShape
	if lower := strings.ToLower(strings.TrimPrefix(text, "@")); workflows.ValidID(lower) {
		next = "write " + lower
	}
	return quoted(text) + " cannot be an id", next
}

func noPerson(text string) (why, next string) {
	if strings.HasPrefix(text, groupOf) {
		return "groups may stand in roles only", "write the people"
	}
	return noID(text)
}

func noMember(text string) (why, next string) {
	if strings.HasPrefix(text, groupOf) {
		return quoted(text) + " is no group", askGroup
	}
	return noID(text)
}

func noProduct(text string) (why, next string) {
	if slices.Contains(notProducts, text) {
		return "the word names a stage or a gate", "choose another id"
	}
	return noID(text)
}

// oneOf is a word of a few.
func oneOf(about string, words []string) *shape {
	return &shape{kind: isText, about: about, oneOf: words, near: words, wrong: no("is none of them", "write "+strings.Join(words, ", ")+" (one of them)")}
}

// spanOf is a number of days.
func spanOf(about string, pattern *regexp.Regexp, span, example string) *shape {
	return &shape{kind: isText, about: about, pattern: pattern, unit: true, examples: []any{example},
		wrong: no("is no number of whole days from "+span, "write "+example)}
}

// upTo is the shape with a bound on how many entries there are.
func (s *shape) upTo(most int) *shape {
	out := *s
	out.most = most
	return &out
}

// otherwise is the shape with what holds where nothing is said.
func (s *shape) otherwise(fallback string) *shape {
	out := *s
	out.fallback = fallback
	return &out
}

// like is the shape with an example.
func (s *shape) like(example string) *shape {
	out := *s
	out.examples = []any{example}
	return &out
}
