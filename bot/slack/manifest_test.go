package slack

import (
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func readManifest(t *testing.T) slack.Manifest {
	t.Helper()
	text, err := os.ReadFile("../../deploy/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m slack.Manifest
	if err := yaml.UnmarshalWithOptions(text, &m, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return m
}

// The manifest asks for the rights that the doctor looks for, and what it declares is what the listener knows.
func TestManifestSaysWhatIsNeeded(t *testing.T) {
	m := readManifest(t)
	var needed []string
	for _, s := range Scopes() {
		needed = append(needed, s.Name)
		if s.For == "" {
			t.Errorf("what is %s for?", s.Name)
		}
	}
	if diff := cmp.Diff(needed, m.OAuthConfig.Scopes.Bot); diff != "" {
		t.Errorf("scopes (-code +manifest):\n%s", diff)
	}
	if !slices.IsSorted(needed) || len(m.OAuthConfig.Scopes.User) > 0 {
		t.Errorf("scopes are in order and a bot's alone: %v, %v", needed, m.OAuthConfig.Scopes.User)
	}
	var commands []string
	for _, c := range m.Features.SlashCommands {
		commands = append(commands, c.Command)
		if !c.ShouldEscape {
			t.Errorf("%s comes without ids of people and channels", c.Command)
		}
	}
	if diff := cmp.Diff([]string{"/release", "/flag"}, commands); diff != "" {
		t.Errorf("commands (-want +manifest):\n%s", diff)
	}
	if !m.Features.AppHome.HomeTabEnabled || !m.Settings.Interactivity.IsEnabled || m.Settings.TokenRotationEnabled {
		t.Error("Home and buttons are on, the rotation of tokens is off")
	}
}

// What Slack would refuse, by the limits that it publishes.
func TestManifestFits(t *testing.T) {
	m := readManifest(t)
	short := func(what, text string, most int) {
		if n := utf8.RuneCountInString(text); n == 0 || n > most {
			t.Errorf("%s has %d characters, at most %d fit", what, n, most)
		}
	}
	short("name", m.Display.Name, 35)
	short("description", m.Display.Description, 140)
	for _, c := range m.Features.SlashCommands {
		short(c.Command, c.Command, 32)
		short(c.Command+" description", c.Description, 2000)
		short(c.Command+" hint", c.UsageHint, 1000)
	}
	for _, s := range m.Features.Shortcuts {
		short("shortcut", s.Name, 24)
		short("shortcut "+s.Name, s.Description, 150)
		short("shortcut id", s.CallbackID, 255)
	}
	if len(m.Features.Shortcuts) > 10 || len(m.OAuthConfig.Scopes.Bot) > 255 || len(m.Settings.EventSubscriptions.BotEvents) > 100 {
		t.Error("too many of something")
	}
}
