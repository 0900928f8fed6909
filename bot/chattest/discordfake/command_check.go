package discordfake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What Discord bears of application commands.
const (
	MaxChatInput    = 100 // of a scope
	MaxMenu         = 15  // of one type, user's or message's, of a scope
	MaxCreates      = 200 // in a day, of a scope
	MaxCommandName  = 32
	MaxCommandText  = 100  // of a description, of a choice's name and value
	MaxOptions      = 25   // also of choices
	MaxCommandSize  = 8000 // characters of names, descriptions and values
	MaxOptionLength = 6000 // that min_length and max_length may be
)

var (
	commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
	bitset      = regexp.MustCompile(`^\d{1,20}$`)
)

// readCommand reads and checks one, at a path of the body it came in; before is what it changes, nil: nothing.
func readCommand(raw json.RawMessage, global bool, before *Command, path string, w *wrong) *Command {
	c := &Command{Type: ChatInput}
	if before != nil {
		c = before.clone()
	}
	kind := c.Type
	var given Command // what is given takes the place of what was there, whole: decoding into that would mix the two
	if err := json.Unmarshal(raw, &given); err == nil && given.Options != nil {
		c.Options = nil
	}
	if err := json.Unmarshal(raw, c); err != nil {
		w.at(path, "MODEL_TYPE_CONVERT", err.Error())
		return c
	}
	if before != nil && c.Type != kind {
		w.at(path+".type", "APPLICATION_COMMAND_TYPE", "The type of a command cannot be changed")
	}
	c.App, c.Server = App, ""
	if !global {
		c.Contexts, c.Integrations = nil, nil
	}
	c.check(path, w)
	return c
}

// check notes what is wrong with a command.
func (c *Command) check(path string, w *wrong) {
	switch c.Type {
	case ChatInput:
		checkName(c.Name, path, w)
		checkText(c.Description, path+".description", MaxCommandText, w)
		checkOptions(c.Options, path+".options", 0, w)
	case UserCommand, MessageCommand:
		checkText(c.Name, path+".name", MaxCommandName, w)
		if c.Description != "" {
			w.at(path+".description", "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED", "Context menu commands cannot have description")
		}
		if len(c.Options) > 0 {
			w.at(path+".options", "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "Context menu commands cannot have options")
		}
	default:
		w.at(path+".type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3)")
	}
	if p := c.Permissions; p != nil && !bitset.MatchString(*p) {
		w.at(path+".default_member_permissions", "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not snowflake.", *p))
	}
	checkSet(c.Contexts, 2, path+".contexts", w)
	checkSet(c.Integrations, 1, path+".integration_types", w)
	checkNames(c.Names, c.Descriptions, c.Type == ChatInput, path, w)
	if n := c.size(); n > MaxCommandSize {
		w.at(path, "APPLICATION_COMMAND_TOO_LARGE", fmt.Sprintf("Command exceeds maximum size (8000): %d", n))
	}
}

func checkName(name, path string, w *wrong) {
	switch {
	case name == "":
		w.at(path+".name", "BASE_TYPE_REQUIRED", "This field is required")
	case characters(name) > MaxCommandName:
		w.at(path+".name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
	case !commandName.MatchString(name) || strings.ToLower(name) != name:
		w.at(path+".name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

func checkText(text, path string, most int, w *wrong) {
	if n := characters(text); n == 0 {
		w.at(path, "BASE_TYPE_REQUIRED", "This field is required")
	} else if n > most {
		w.at(path, "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between 1 and %d in length.", most))
	}
}

// checkSet checks a list of small numbers.
func checkSet(all []int, most int, path string, w *wrong) {
	for i, n := range all {
		if n < 0 || n > most {
			w.at(path+"."+strconv.Itoa(i), "BASE_TYPE_CHOICES", "Value must be one of the known")
		}
		if slices.Contains(all[:i], n) {
			w.at(path, "SET_TYPE_ALREADY_CONTAINS_VALUE", fmt.Sprintf("The set already contains %d", n))
		}
	}
}

// checkNames checks translations.
func checkNames(names, descriptions map[string]string, strict bool, path string, w *wrong) {
	for lang, name := range names {
		var own wrong
		if strict {
			checkName(name, "", &own)
		} else {
			checkText(name, "name", MaxCommandName, &own)
		}
		if own.errors != nil {
			w.at(path+".name_localizations."+lang, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
		}
	}
	for lang, text := range descriptions {
		checkText(text, path+".description_localizations."+lang, MaxCommandText, w)
	}
}
