package discordfake

// fieldSort is what a field holds.
type fieldSort int

const (
	isText fieldSort = iota
	isInteger
	isBoolean
	isSnow   // a snowflake
	isNumber // a snowflake, or a small number, as a string or not: what attachments are told apart by
	isWeb    // an address with http or https
	isFile   // the same, or attachment://
	isMoment // a time in ISO 8601
	isNonce  // a text or an integer
	isObject
	isList // of objects
	isIds  // a list of snowflakes
	isWords
	isSkipped // Discord passes it over, and discordgo sends it
)

// field is what is known of a field beside how long it may be.
type field struct {
	is    fieldSort
	of    []string // the kinds of the object, or of a list's items; several are told apart by their "type"
	needs bool     // must be there
	null  bool     // may be null, as if it were not there
	one   []int    // the only values of an integer; nil: any
}

// kind is an object: its fields by name.
type kind map[string]field

// types are the numbers of the components.
var types = map[string]int{
	"action row": 1, "button": 2, "string select": 3, "text input": 4, "user select": 5, "role select": 6,
	"text display": 10, "label": 18, "modal string select": 3, "modal user select": 5,
}

var (
	aRows     = field{is: isList, of: []string{"action row"}, null: true}
	anEmbeds  = field{is: isList, of: []string{"embed"}, null: true}
	aContent  = field{is: isText, null: true}
	aFiles    = field{is: isList, of: []string{"attachment"}, null: true}
	anAllowed = field{is: isObject, of: []string{"allowed_mentions"}, null: true}
	aBits     = field{is: isInteger, null: true}
	aFlag     = field{is: isBoolean}
	aText     = field{is: isText}
	aNeeded   = field{is: isText, needs: true}
	aCount    = field{is: isInteger}
	anIcon    = field{is: isFile}
	anEmoji   = field{is: isObject, of: []string{"emoji"}, null: true}
	aPicture  = field{is: isObject, of: []string{"embed image"}, null: true}
)

// kinds are all objects that are taken apart.
var kinds = map[string]kind{
	"message": {
		"content": aContent, "nonce": {is: isNonce, null: true}, "tts": aFlag, "embeds": anEmbeds, "allowed_mentions": anAllowed,
		"message_reference": {is: isObject, of: []string{"message_reference"}, null: true}, "components": aRows,
		"sticker_ids": {is: isIds, null: true}, "attachments": aFiles, "flags": aBits, "enforce_nonce": {is: isBoolean, null: true},
	},
	"edit": {
		"content": aContent, "embeds": anEmbeds, "allowed_mentions": anAllowed, "components": aRows, "attachments": aFiles,
		"flags": aBits, "ID": {is: isSkipped}, "Channel": {is: isSkipped},
	},
	// What an interaction is answered with, and what a webhook posts.
	"answer": {
		"content": aContent, "tts": aFlag, "embeds": anEmbeds, "allowed_mentions": anAllowed, "components": aRows,
		"attachments": aFiles, "flags": aBits,
	},
	"allowed_mentions": {
		"parse": {is: isWords}, "users": {is: isIds, null: true}, "roles": {is: isIds, null: true}, "replied_user": aFlag,
	},
	"message_reference": {
		"type": {is: isInteger, one: []int{0}}, "message_id": {is: isSnow, needs: true}, "channel_id": {is: isSnow},
		"guild_id": {is: isSnow}, "fail_if_not_exists": aFlag,
	},
	"attachment": {"id": {is: isNumber, needs: true}, "filename": aText, "title": aText, "description": aText, "is_spoiler": aFlag},

	"embed": {
		"title": aText, "type": aText, "description": aText, "url": {is: isWeb}, "timestamp": {is: isMoment}, "color": aCount,
		"footer": {is: isObject, of: []string{"embed footer"}, null: true}, "image": aPicture, "thumbnail": aPicture,
		"author": {is: isObject, of: []string{"embed author"}, null: true},
		"fields": {is: isList, of: []string{"embed field"}, null: true},
	},
	"embed footer": {"text": aNeeded, "icon_url": anIcon, "proxy_icon_url": {is: isSkipped}},
	"embed author": {"name": aNeeded, "url": {is: isWeb}, "icon_url": anIcon, "proxy_icon_url": {is: isSkipped}},
	"embed field":  {"name": aNeeded, "value": aNeeded, "inline": aFlag},
	"embed image":  {"url": {is: isFile, needs: true}, "proxy_url": {is: isSkipped}, "width": {is: isSkipped}, "height": {is: isSkipped}},
	"emoji":        {"id": {is: isSnow, null: true}, "name": {is: isText, null: true}, "animated": aFlag},

	"action row": {"components": {
		is: isList, needs: true, of: []string{"button", "string select", "user select", "role select"},
	}},
	"button": {
		"style": {is: isInteger, needs: true, one: []int{1, 2, 3, 4, 5}}, "label": aText, "emoji": anEmoji, "custom_id": aText,
		"url": {is: isWeb}, "disabled": aFlag,
	},
	"string select": {
		"custom_id": aNeeded, "options": {is: isList, of: []string{"option"}, needs: true}, "placeholder": aText,
		"min_values": aCount, "max_values": aCount, "disabled": aFlag, "required": aFlag,
	},
	"user select": {
		"custom_id": aNeeded, "placeholder": aText, "min_values": aCount, "max_values": aCount, "disabled": aFlag, "required": aFlag,
		"default_values": {is: isList, of: []string{"default value"}},
	},
	"role select": {
		"custom_id": aNeeded, "placeholder": aText, "min_values": aCount, "max_values": aCount, "disabled": aFlag, "required": aFlag,
		"default_values": {is: isList, of: []string{"default value"}},
	},
	"option":        {"label": aNeeded, "value": aNeeded, "description": aText, "emoji": anEmoji, "default": aFlag},
	"default value": {"id": {is: isSnow, needs: true}, "type": aNeeded},

	"modal": {
		"custom_id": aNeeded, "title": aNeeded,
		"components": {is: isList, needs: true, of: []string{"label", "text display"}},
	},
	"label": {
		"label": aNeeded, "description": aText,
		"component": {is: isObject, needs: true, of: []string{"text input", "modal string select", "modal user select"}},
	},
	"text display": {"content": aNeeded},
	"text input": {
		"custom_id": aNeeded, "style": {is: isInteger, needs: true, one: []int{1, 2}}, "min_length": aCount, "max_length": aCount,
		"required": aFlag, "value": aText, "placeholder": aText,
	},
	// In modals nothing can be disabled.
	"modal string select": {
		"custom_id": aNeeded, "options": {is: isList, of: []string{"option"}, needs: true}, "placeholder": aText,
		"min_values": aCount, "max_values": aCount, "required": aFlag,
	},
	"modal user select": {
		"custom_id": aNeeded, "placeholder": aText, "min_values": aCount, "max_values": aCount, "required": aFlag,
		"default_values": {is: isList, of: []string{"default value"}},
	},

	"thread": {
		"name": aNeeded, "auto_archive_duration": {is: isInteger, one: []int{60, 1440, 4320, 10080}, null: true},
		"rate_limit_per_user": {is: isInteger, null: true}, "invitable": {is: isSkipped},
	},
	"channel": {
		"name": aText, "topic": {is: isText, null: true}, "position": {is: isInteger, null: true},
		"parent_id": {is: isSnow, null: true}, "rate_limit_per_user": {is: isInteger, null: true},
		"archived": aFlag, "locked": aFlag, "auto_archive_duration": {is: isInteger, one: []int{60, 1440, 4320, 10080}},
	},
	"direct": {"recipient_id": {is: isSnow, needs: true}},
}

// sameLimits are the kinds that have the limits of another.
var sameLimits = map[string]string{"modal string select": "string select", "modal user select": "user select"}
