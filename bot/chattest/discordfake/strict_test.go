package discordfake

import (
	"strings"
	"testing"
)

// TestInspect refuses what is wrong in other ways than by its length.
func TestInspect(t *testing.T) {
	with := func(o raw, k string, v any) raw { o[k] = v; return o }
	row := func(all ...any) raw { return raw{"components": []any{raw{"type": 1, "components": all}}} }
	embed := func(o raw) raw { return raw{"embeds": []any{o}} }
	mentions := func(o raw) raw { return raw{"allowed_mentions": o} }
	label := func(c any) raw {
		return raw{"custom_id": "m", "title": "t", "components": []any{raw{"type": 18, "label": "l", "component": c}}}
	}
	tests := []struct {
		name, kind string
		o          raw
		want       string // the only problem; empty: none
	}{
		{"good", "message", row(button(0), button(1)), ""},
		{"nulls that discordgo sends", "message", raw{"embeds": nil, "components": nil, "sticker_ids": nil}, ""},
		{"a field of our own", "message", raw{"blocks": "x"}, "blocks UNKNOWN_FIELD"},
		{"one of an embed", "message", embed(raw{"description": "d", "text": "t"}), "embeds.0.text UNKNOWN_FIELD"},
		{"one of a button", "message", row(with(button(0), "action", "x")), "components.0.components.0.action UNKNOWN_FIELD"},
		{"no list", "message", raw{"embeds": raw{}}, "embeds LIST_TYPE_CONVERT"},
		{"no object", "message", raw{"embeds": []any{"x"}}, "embeds.0 BASE_TYPE_DICT"},
		{"no text", "message", raw{"content": 7}, "content STRING_TYPE_CONVERT"},
		{"no flag", "message", raw{"tts": "yes"}, "tts BASE_TYPE_BOOLEAN"},
		{"no number", "message", raw{"flags": "64"}, "flags NUMBER_TYPE_COERCE"},
		{"a nonce that is a number", "message", raw{"nonce": 7}, ""},
		{"a long number", "message", raw{"nonce": strings.Repeat("7", 26)}, "nonce BASE_TYPE_MAX_LENGTH"},

		{"an embed that shows nothing", "message", embed(raw{"color": 1}), "embeds.0.description BASE_TYPE_REQUIRED"},
		{"nor does this", "message", embed(raw{"description": " \n "}), "embeds.0.description BASE_TYPE_REQUIRED"},
		{"white space does not count", "message", raw{"content": strings.Repeat(" ", 9) + strings.Repeat("x", 2000)}, ""},
		{"a strange scheme", "message", embed(with(sample("embed"), "url", "steam://run/1")), "embeds.0.url URL_TYPE_INVALID_SCHEME"},
		{"no scheme", "message", embed(with(sample("embed"), "url", "")), "embeds.0.url URL_TYPE_INVALID_SCHEME"},
		{"a host without a dot", "message", embed(with(sample("embed"), "url", "http://release:8000/x")), "embeds.0.url URL_TYPE_INVALID_URL"},
		{"a space", "message", embed(with(sample("embed"), "url", "https://a.example/a b")), "embeds.0.url URL_TYPE_INVALID_URL"},
		{"a fragment", "message", embed(with(sample("embed"), "url", "https://discord.com/channels/1/2#rr-x")), ""},
		{"an attached icon", "message", embed(with(sample("embed"), "footer", raw{"text": "t", "icon_url": "attachment://i.png"})), ""},
		{"but no attached link", "message", embed(with(sample("embed"), "url", "attachment://i.png")), "embeds.0.url URL_TYPE_INVALID_SCHEME"},
		{"a time", "message", embed(with(sample("embed"), "timestamp", "2026-01-05T09:00:00Z")), ""},
		{"no time", "message", embed(with(sample("embed"), "timestamp", "tomorrow")), "embeds.0.timestamp DATE_TIME_TYPE_PARSE"},

		{"a button alone", "message", raw{"components": []any{button(0)}}, "components.0.type UNION_TYPE_CHOICES"},
		{"a row in a row", "message", row(raw{"type": 1, "components": []any{}}), "components.0.components.0.type UNION_TYPE_CHOICES"},
		{"an unknown component", "message", row(raw{"type": 99}), "components.0.components.0.type UNION_TYPE_CHOICES"},
		{"no component", "message", row(raw{"label": "x"}), "components.0.components.0.type BASE_TYPE_REQUIRED"},
		{"a text input in a message", "message", row(sample("text input")), "components.0.components.0.type UNION_TYPE_CHOICES"},
		{"a container", "message", raw{"components": []any{raw{"type": 17, "components": []any{}}}}, "components.0.type UNION_TYPE_CHOICES"},
		{"a select beside a button", "message", row(button(0), sample("user select")), "components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
		{"two alike", "message", row(button(0), button(0)), "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"two alike, one of them off", "message", row(button(0), with(button(0), "disabled", true)), "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"a loud button", "message", row(with(button(0), "style", 7)), "components.0.components.0.style BASE_TYPE_CHOICES"},
		{"a link", "message", row(raw{"type": 2, "style": 5, "label": "l", "url": "https://a.example"}), ""},
		{"a link that is pressed", "message", row(with(button(0), "style", 5)), "components.0.components.0.url BUTTON_COMPONENT_URL_REQUIRED"},
		{"a button that does nothing", "message", row(raw{"type": 2, "style": 1, "label": "l"}), "components.0.components.0.custom_id BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"},
		{"both", "message", row(with(button(0), "url", "https://a.example")), "components.0.components.0 BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
		{"an empty button", "message", row(with(button(0), "label", "")), "components.0.components.0 BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"},
		{"an emoji will do", "message", row(raw{"type": 2, "style": 1, "custom_id": "c", "emoji": raw{"name": "✅", "id": nil}}), ""},
		{"two options alike", "message", row(with(sample("string select"), "options", []any{choice(0), choice(0)})), "components.0.components.0.options.1 SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
		{"two defaults for one", "message", row(with(sample("string select"), "options", []any{with(choice(0), "default", true), with(choice(1), "default", true)})), "components.0.components.0.options SELECT_COMPONENT_TOO_MANY_DEFAULTS"},
		{"more than there are", "message", row(raw{"type": 3, "custom_id": "s", "options": []any{choice(0)}, "max_values": 2}), "components.0.components.0.max_values SELECT_COMPONENT_MAX_VALUES"},
		{"least above most", "message", row(with(with(sample("user select"), "min_values", 2), "max_values", 1)), "components.0.components.0.min_values COMPONENT_SELECT_MIN_MAX"},

		{"nobody", "message", mentions(raw{"parse": []any{}}), ""},
		{"null is no list", "message", mentions(raw{"parse": nil}), "allowed_mentions.parse LIST_TYPE_CONVERT"},
		{"somebody", "message", mentions(raw{"parse": []any{"ana"}}), "allowed_mentions.parse.0 BASE_TYPE_CHOICES"},
		{"parsed and listed", "message", mentions(raw{"parse": []any{"users"}, "users": []any{Owner}}), "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
		{"parsed and none listed", "message", mentions(raw{"parse": []any{"users"}, "users": []any{}}), ""},
		{"no id", "message", mentions(raw{"users": []any{"ana"}}), "allowed_mentions.users.0 NUMBER_TYPE_COERCE"},

		{"a modal", "modal", label(sample("text input")), ""},
		{"a select of it", "modal", label(sample("modal string select")), ""},
		{"that is off", "modal", label(with(sample("modal string select"), "disabled", true)), "components.0.component.disabled UNKNOWN_FIELD"},
		{"that may be empty and must not", "modal", label(with(sample("modal user select"), "min_values", 0)), "components.0.component.min_values COMPONENT_SELECT_REQUIRED"},
		{"that may be empty", "modal", label(with(with(sample("modal user select"), "min_values", 0), "required", false)), ""},
		{"a button in a modal", "modal", label(button(0)), "components.0.component.type UNION_TYPE_CHOICES"},
		{"buttons in a modal", "modal", raw{"custom_id": "m", "title": "t", "components": []any{sample("action row")}}, "components.0.components.0.type UNION_TYPE_CHOICES"},
		{"more than may be typed", "modal", label(with(with(sample("text input"), "max_length", 3), "value", "four")), "components.0.component.value BASE_TYPE_MAX_LENGTH"},
		{"shorter than can be", "modal", label(with(with(sample("text input"), "max_length", 3), "min_length", 4)), "components.0.component.min_length NUMBER_TYPE_MAX"},
		{"two inputs alike", "modal", raw{"custom_id": "m", "title": "t", "components": []any{sample("label"), sample("label")}}, "components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},

		{"a thread for a day", "thread", raw{"name": "n", "auto_archive_duration": 1440}, ""},
		{"a thread for an hour and a half", "thread", raw{"name": "n", "auto_archive_duration": 90}, "auto_archive_duration BASE_TYPE_CHOICES"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(problems(t, tt.kind, tt.o), ", ")
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}
