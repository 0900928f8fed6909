package discordfake

// Limit is how long one field may be: the characters of a text, the items of a list, the value of a number. Characters
// are Unicode code points, which is how Discord's API counts (discord/discord-api-docs#1315), without the white space
// around, which it takes away first.
type Limit struct {
	Of, Field string // the kind of object, and its field: "embed", "title"
	Min, Max  int
}

// Limits are those of the kinds of object that the fake takes, as docs.discord.com documents them.
var Limits = []Limit{
	{"message", "content", 0, 2000},
	{"message", "embeds", 0, 10},
	{"message", "components", 0, 5}, // without IS_COMPONENTS_V2
	{"message", "nonce", 0, 25},
	{"message", "attachments", 0, 10},
	{"message", "sticker_ids", 0, 3},
	{"edit", "content", 0, 2000},
	{"edit", "embeds", 0, 10},
	{"edit", "components", 0, 5},
	{"edit", "attachments", 0, 10},
	{"answer", "content", 0, 2000},
	{"answer", "embeds", 0, 10},
	{"answer", "components", 0, 5},
	{"answer", "attachments", 0, 10},
	{"allowed_mentions", "users", 0, 100},
	{"allowed_mentions", "roles", 0, 100},
	{"attachment", "description", 0, 1024},

	{"embed", "title", 0, 256},
	{"embed", "description", 0, 4096},
	{"embed", "fields", 0, 25},
	{"embed", "url", 0, 2048},
	{"embed field", "name", 1, 256},
	{"embed field", "value", 1, 1024},
	{"embed footer", "text", 1, 2048},
	{"embed author", "name", 1, 256},

	{"action row", "components", 1, 5},
	{"button", "label", 0, 80},
	{"button", "custom_id", 1, 100},
	{"button", "url", 0, 512},
	{"string select", "custom_id", 1, 100},
	{"string select", "placeholder", 0, 150},
	{"string select", "options", 1, 25},
	{"string select", "min_values", 0, 25},
	{"string select", "max_values", 1, 25},
	{"user select", "custom_id", 1, 100},
	{"user select", "placeholder", 0, 150},
	{"user select", "min_values", 0, 25},
	{"user select", "max_values", 1, 25},
	{"role select", "custom_id", 1, 100},
	{"role select", "placeholder", 0, 150},
	{"role select", "min_values", 0, 25},
	{"role select", "max_values", 1, 25},
	{"option", "label", 1, 100},
	{"option", "value", 1, 100},
	{"option", "description", 0, 100},

	{"modal", "title", 1, 45},
	{"modal", "custom_id", 1, 100},
	{"modal", "components", 1, 5},
	{"label", "label", 1, 45},
	{"label", "description", 0, 100},
	{"text display", "content", 1, 4000},
	{"text input", "custom_id", 1, 100},
	{"text input", "placeholder", 0, 100},
	{"text input", "value", 0, 4000},
	{"text input", "min_length", 0, 4000},
	{"text input", "max_length", 1, 4000},

	{"thread", "name", 1, 100},
	{"thread", "rate_limit_per_user", 0, 21600},
	{"channel", "name", 1, 100},
	{"channel", "topic", 0, 1024},
	{"channel", "rate_limit_per_user", 0, 21600},
}

// The limits that are no field's.
const (
	MaxEmbeds     = 6000     // characters of titles, descriptions, names, values, footers and authors of all embeds together
	MaxNonceAge   = 5        // minutes for which a nonce is enforced: "the past few minutes"
	MaxFile       = 10 << 20 // bytes of one file
	MaxHistory    = 100      // messages in one answer
	MaxMembers    = 1000     // members in one answer
	MaxDMsAtOnce  = 10       // direct messages opened anew in MaxDMsMinutes: "too many too quickly" has no documented number
	MaxDMsMinutes = 10
)

// limitOf looks a limit up.
func limitOf(of, field string) (Limit, bool) {
	for _, l := range Limits {
		if l.Of == of && l.Field == field {
			return l, true
		}
	}
	return Limit{}, false
}
