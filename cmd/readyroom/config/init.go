package config

import (
	"bytes"
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/readyroom/readyroom/workflows"
)

//go:embed starter.tmpl
var starterText string

var starter = template.Must(template.New("starter").Parse(starterText))

// Init writes a first configuration for the person at the keyboard, with comments, as Parse reads it: alone, or ready
// to be filled by a team.
func Init(you workflows.Person, team bool) []byte {
	var code []string
	for _, a := range you.Code {
		a = strings.ToLower(strings.ToValidUTF8(a, ""))
		written := strconv.Quote(a)
		if addressPattern.MatchString(a) && len(a) <= maxText && !strings.ContainsFunc(a, workflows.Steers) && !slices.Contains(code, written) {
			code = append(code, written)
		}
	}
	id := youID(you)
	name := strings.TrimSpace(workflows.Display(you.Name, 60))
	if name == "" {
		name = string(id)
	}
	var out bytes.Buffer
	// The template is part of the program and the buffer cannot fail: an error here is a mistake in the template.
	if err := starter.Execute(&out, map[string]any{
		"ID": word(string(id)), "Name": strconv.Quote(name), "Code": strings.Join(code, ", "), "NoCode": you.NoCode, "Team": team,
	}); err != nil {
		panic("writing the first configuration: " + err.Error())
	}
	return out.Bytes()
}

// plainWord is an id that YAML reads as text without quotes, a few words excepted.
var plainWord = regexp.MustCompile(`^[a-z][a-z_-]*$`)

func word(id string) string {
	if plainWord.MatchString(id) && id != "null" && id != "true" && id != "false" {
		return id
	}
	return strconv.Quote(id)
}
