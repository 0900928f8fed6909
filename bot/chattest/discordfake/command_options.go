package discordfake

import (
	"fmt"
	"math"
	"strconv"
)

// checkOptions notes what is wrong with options; depth is 0 for those of a command, 1 for those of a group, 2 for those
// of a subcommand.
func checkOptions(all []CommandOption, path string, depth int, w *wrong) {
	if len(all) > MaxOptions {
		w.at(path, "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.")
	}
	optional := false
	for i, o := range all {
		at := path + "." + strconv.Itoa(i)
		o.check(at, depth, w)
		for _, other := range all[:i] {
			if other.Name == o.Name {
				w.at(path, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists: "+o.Name)
			}
		}
		if branches([]CommandOption{o}) != branches(all) {
			w.at(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
		}
		if o.Required && optional {
			w.at(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required
	}
}

// check notes what is wrong with one option.
func (o CommandOption) check(path string, depth int, w *wrong) {
	checkName(o.Name, path, w)
	checkText(o.Description, path+".description", MaxCommandText, w)
	checkNames(o.Names, o.Descriptions, true, path, w)
	valued := o.Type == StringOption || o.Type == IntegerOption || o.Type == NumberOption
	switch {
	case o.Type < SubCommand || o.Type > FileOption:
		w.at(path+".type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)")
	case o.Type == SubCommandGroup && depth > 0, o.Type == SubCommand && depth > 1:
		w.at(path+".type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command nesting is too deep")
	case o.Type == SubCommandGroup:
		if !branches(o.Options) {
			w.at(path+".options", "BASE_TYPE_REQUIRED", "This field is required")
		}
		checkOptions(o.Options, path+".options", 1, w)
	case o.Type == SubCommand:
		if branches(o.Options) {
			w.at(path+".options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command nesting is too deep")
		}
		checkOptions(o.Options, path+".options", 2, w)
	case len(o.Options) > 0:
		w.at(path+".options", "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "Only sub-commands and sub-command groups have options")
	}
	if o.Required && o.Type <= SubCommandGroup {
		w.at(path+".required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Sub-commands cannot be required")
	}
	if (o.Autocomplete || len(o.Choices) > 0) && !valued {
		w.at(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Choices and autocomplete are of string, integer and number options alone")
	}
	if o.Autocomplete && len(o.Choices) > 0 {
		w.at(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE", "Autocomplete cannot be set with choices")
	}
	checkChoices(o.Choices, o.Type, path+".choices", w)
	o.checkBounds(path, w)
}

func (o CommandOption) checkBounds(path string, w *wrong) {
	for name, n := range map[string]*int{"min_length": o.MinLength, "max_length": o.MaxLength} {
		least := 0
		if name == "max_length" {
			least = 1
		}
		if n != nil && (o.Type != StringOption || *n < least || *n > MaxOptionLength) {
			w.at(path+"."+name, "NUMBER_TYPE_MAX", "A string option's length is from 0 (a maximum: 1) to 6000")
		}
	}
	if o.MinLength != nil && o.MaxLength != nil && *o.MinLength > *o.MaxLength {
		w.at(path, "APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID", "min_length must not exceed max_length")
	}
	if (o.Min != nil || o.Max != nil) && o.Type != IntegerOption && o.Type != NumberOption {
		w.at(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "min_value and max_value are of integer and number options alone")
	}
	if o.Min != nil && o.Max != nil && *o.Min > *o.Max {
		w.at(path, "APPLICATION_COMMAND_OPTIONS_MIN_VALUE_INVALID", "min_value must not exceed max_value")
	}
	if len(o.Channels) > 0 && o.Type != ChannelOption {
		w.at(path+".channel_types", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "channel_types are of channel options alone")
	}
}

// checkChoices notes what is wrong with choices, of an option or of an answer to autocomplete.
func checkChoices(all []CommandChoice, kind int, path string, w *wrong) {
	if len(all) > MaxOptions {
		w.at(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, c := range all {
		at := path + "." + strconv.Itoa(i)
		checkText(c.Name, at+".name", MaxCommandText, w)
		for _, name := range c.Names {
			checkText(name, at+".name_localizations", MaxCommandText, w)
		}
		for _, other := range all[:i] {
			if other.Name == c.Name {
				w.at(path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice name already exists: "+c.Name)
			}
		}
		switch v := c.Value.(type) {
		case string:
			if kind != StringOption {
				w.at(at+".value", "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not a number.", v))
			}
			checkText(v, at+".value", MaxCommandText, w)
		case float64:
			if kind == StringOption || kind == IntegerOption && v != math.Trunc(v) {
				w.at(at+".value", "STRING_TYPE_CONVERT", "Could not interpret the value as what the option holds.")
			}
		default:
			w.at(at+".value", "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
}
