package discordfake

import (
	"fmt"
	"strconv"
)

// row is five buttons wide, and a select fills it.
func (in *inspection) row(at string, o map[string]any) {
	width := 0
	for i, c := range objectsOf(o, "components") {
		if intOf(c, "type", 0) == types["button"] {
			width++
		} else {
			width += 5
		}
		if width > 5 {
			in.at(below(at, "components."+strconv.Itoa(i)), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
	}
}

func (in *inspection) button(at string, o map[string]any) {
	const link = 5
	id, address := o["custom_id"] != nil, o["url"] != nil
	switch style := intOf(o, "style", 0); {
	case id && address:
		in.at(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
	case style == link && !address:
		in.at(below(at, "url"), "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
	case style != link && !id:
		in.at(below(at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
	case style != link && address || style == link && id:
		in.at(at, "BUTTON_COMPONENT_INVALID_STYLE", "The style does not go with a custom id, or a url")
	}
	if characters(stringOf(o, "label")) == 0 && objectOf(o, "emoji") == nil {
		in.at(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required")
	}
	if id {
		in.identified(at, o)
	}
}

// identified refuses a custom id that is there twice.
func (in *inspection) identified(at string, o map[string]any) {
	id := stringOf(o, "custom_id")
	if id != "" && in.seen[id] {
		in.at(below(at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	in.seen[id] = true
	least, most := intOf(o, "min_values", 1), intOf(o, "max_values", 1)
	if o["max_values"] != nil && least > most {
		in.at(below(at, "min_values"), "COMPONENT_SELECT_MIN_MAX", fmt.Sprintf("min_values must be equal to or less than %d", most))
	}
}

// picker is a select of a modal.
func (in *inspection) picker(at string, o map[string]any) {
	in.identified(at, o)
	in.required(at, o)
}

// required refuses a select that must be answered and may be left empty.
func (in *inspection) required(at string, o map[string]any) {
	if required, said := o["required"].(bool); (required || !said) && intOf(o, "min_values", 1) < 1 {
		in.at(below(at, "min_values"), "COMPONENT_SELECT_REQUIRED", "min_values must be at least 1 where an answer is required")
	}
}

// choices refuses options that are there twice, and more defaults than may be chosen.
func (in *inspection) choices(at string, o map[string]any) {
	in.identified(at, o)
	values, defaults := map[string]bool{}, 0
	all := objectsOf(o, "options")
	for i, c := range all {
		v := stringOf(c, "value")
		if values[v] {
			in.at(below(at, "options."+strconv.Itoa(i)), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[v] = true
		if chosen, _ := c["default"].(bool); chosen {
			defaults++
		}
	}
	if most := intOf(o, "max_values", 1); defaults > most {
		in.at(below(at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", fmt.Sprintf("At most %d may be chosen", most))
	}
	if most := intOf(o, "max_values", 1); most > len(all) && len(all) > 0 {
		in.at(below(at, "max_values"), "SELECT_COMPONENT_MAX_VALUES", fmt.Sprintf("max_values must be at most %d, as many as there are options", len(all)))
	}
}

func (in *inspection) modalChoices(at string, o map[string]any) {
	in.choices(at, o)
	in.required(at, o)
}

func (in *inspection) input(at string, o map[string]any) {
	in.identified(at, o)
	least, most := intOf(o, "min_length", 0), intOf(o, "max_length", 4000)
	if least > most {
		in.at(below(at, "min_length"), "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be less than or equal to %d.", most))
	}
	if n := characters(stringOf(o, "value")); n > most {
		in.at(below(at, "value"), "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", most))
	}
}
