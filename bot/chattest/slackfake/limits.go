package slackfake

// Limit is how long one field of Block Kit may be: characters of a text or a string, items of a list.
type Limit struct {
	Of, Field string // the type of the object, and its field: "header", "text"
	Min, Max  int
}

// Limits are those of the kinds of block, element and view that the fake takes, as @slack/types 3.2.0 documents them, and
// those marked *, as docs.slack.dev does.
var Limits = []Limit{
	{"header", "text", 1, 150},
	{"section", "text", 1, 3000},
	{"section", "fields", 1, 10},
	{"section field", "text", 1, 2000},
	{"context", "elements", 1, 10},
	{"context text", "text", 1, 3000},
	{"actions", "elements", 1, 25},
	{"input", "label", 1, 2000},
	{"input", "hint", 0, 2000},
	{"image", "alt_text", 1, 2000},
	{"image", "title", 0, 2000},
	{"image", "image_url", 1, 3000}, // *
	{"markdown", "text", 1, 12000},
	{"button", "text", 1, 75},
	{"button", "value", 0, 2000},
	{"button", "url", 0, 3000},
	{"button", "accessibility_label", 0, 75},
	{"overflow", "options", 1, 5},
	{"static_select", "options", 1, 100},
	{"static_select", "option_groups", 1, 100},
	{"static_select", "placeholder", 0, 150}, // *
	{"multi_static_select", "options", 1, 100},
	{"multi_static_select", "option_groups", 1, 100},
	{"multi_static_select", "placeholder", 0, 150}, // *
	{"users_select", "placeholder", 0, 150},        // *
	{"multi_users_select", "placeholder", 0, 150},  // *
	{"conversations_select", "placeholder", 0, 150},
	{"datepicker", "placeholder", 0, 150},       // *
	{"plain_text_input", "placeholder", 0, 150}, // *
	{"plain_text_input", "initial_value", 0, 3000},
	{"radio_buttons", "options", 1, 10},
	{"checkboxes", "options", 1, 10},
	{"option", "text", 1, 75},
	{"option", "value", 1, 75},
	{"option", "description", 0, 75},
	{"option", "url", 0, 3000},
	{"option_group", "label", 1, 75}, // *
	{"option_group", "options", 1, 100},
	{"confirm", "title", 1, 100},
	{"confirm", "text", 1, 300},
	{"confirm", "confirm", 1, 30},
	{"confirm", "deny", 1, 30},
	{"modal", "title", 1, 24},
	{"modal", "submit", 1, 24},
	{"modal", "close", 1, 24},
	{"modal", "blocks", 0, 100},
	{"modal", "private_metadata", 0, 3000},
	{"modal", "callback_id", 0, 255},
	{"modal", "external_id", 0, 255},
	{"home", "blocks", 0, 100},
	{"home", "private_metadata", 0, 3000},
	{"home", "callback_id", 0, 255},
	{"home", "external_id", 0, 255},
	{"message", "blocks", 0, 50}, // *
}

// The limits that are no field's.
const (
	MaxID          = 255    // of a block_id, an action_id
	MaxText        = 40_000 // characters of a posted text; what is longer is cut
	MaxUpdate      = 4_000  // bytes of an update's text, with & < > escaped
	MaxEphemeral   = 4_000  // the same of an ephemeral message
	MaxBlocks      = 13_200 // characters of all texts in the blocks of one message
	MaxMarkdown    = 12_000 // characters of all markdown blocks of one message
	MaxStack       = 3      // modals, one above the other
	MaxResponses   = 5      // posts to one response URL
	MaxPlainInput  = 3_000  // characters that a person can type into a plain_text_input
	MaxSubmitError = 2_000  // characters of an error shown at a field
)

// shape is what is known of an object beside how long its fields may be.
type shape struct {
	needs []string            // fields that must be there
	plain []string            // fields that are plain_text
	text  []string            // fields that are plain_text or mrkdwn
	one   map[string][]string // fields that hold one of these kinds
	many  map[string][]string // fields that hold a list of these kinds
}

var (
	options = map[string][]string{"options": {"option"}, "option_groups": {"option_group"}, "initial_options": {"option"}}
	confirm = map[string][]string{"confirm": {"confirm"}}
	initial = map[string][]string{"confirm": {"confirm"}, "initial_option": {"option"}}
	hint    = []string{"placeholder"}
	actives = []string{"button", "overflow", "static_select", "multi_static_select", "users_select", "multi_users_select",
		"conversations_select", "datepicker", "radio_buttons", "checkboxes"}
	inputs = []string{"plain_text_input", "static_select", "multi_static_select", "users_select", "multi_users_select",
		"conversations_select", "datepicker", "radio_buttons", "checkboxes"}
	inMessages = []string{"header", "section", "context", "actions", "divider", "image", "input", "markdown", "rich_text"}
	inViews    = []string{"header", "section", "context", "actions", "divider", "image", "input", "rich_text"}
)

var shapes = map[string]shape{
	"message": {many: map[string][]string{"blocks": inMessages}},
	"modal":   {needs: []string{"title", "blocks"}, plain: []string{"title", "submit", "close"}, many: map[string][]string{"blocks": inViews}},
	"home":    {needs: []string{"blocks"}, many: map[string][]string{"blocks": inViews}},

	"header": {needs: []string{"text"}, plain: []string{"text"}},
	"section": {text: []string{"text"}, many: map[string][]string{"fields": {"section field"}},
		one: map[string][]string{"accessory": append([]string{"image"}, actives...)}},
	"section field": {needs: []string{"text"}},
	"context":       {needs: []string{"elements"}, many: map[string][]string{"elements": {"image", "context text"}}},
	"context text":  {needs: []string{"text"}},
	"actions":       {needs: []string{"elements"}, many: map[string][]string{"elements": actives}},
	"divider":       {},
	"image":         {needs: []string{"alt_text", "image_url"}, plain: []string{"title"}},
	"input": {needs: []string{"label", "element"}, plain: []string{"label", "hint"},
		one: map[string][]string{"element": inputs}},
	"markdown":  {needs: []string{"text"}},
	"rich_text": {needs: []string{"elements"}},

	"button":               {needs: []string{"text"}, plain: []string{"text"}, one: confirm},
	"overflow":             {needs: []string{"options"}, one: confirm, many: options},
	"static_select":        {plain: hint, one: initial, many: options},
	"multi_static_select":  {plain: hint, one: confirm, many: options},
	"users_select":         {plain: hint, one: confirm},
	"multi_users_select":   {plain: hint, one: confirm},
	"conversations_select": {plain: hint, one: confirm},
	"datepicker":           {plain: hint, one: confirm},
	"plain_text_input":     {plain: hint},
	"radio_buttons":        {needs: []string{"options"}, one: initial, many: options},
	"checkboxes":           {needs: []string{"options"}, one: confirm, many: options},
	"option":               {needs: []string{"text", "value"}, text: []string{"text", "description"}},
	"option_group":         {needs: []string{"label", "options"}, plain: []string{"label"}, many: options},
	"confirm":              {needs: []string{"title", "text", "confirm", "deny"}, plain: []string{"title", "confirm", "deny"}, text: []string{"text"}},
}
