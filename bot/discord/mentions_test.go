package discord

import (
	"testing"
)

// TestTypedText: what Discord makes of mentions reads as people write them.
func TestTypedText(t *testing.T) {
	e := newEar(t)
	named := []channel{{ID: "5", Name: "general"}}
	for text, want := range map[string]string{
		"assign docs <@" + anaUser + "> now":    "assign docs @ana now",
		"<@!" + benUser + ">":                   "@ben",
		"<@" + eveUser + ">":                    "@discord." + eveUser,
		"in <#5> and <#6>":                      "in #general and #6",
		"ask <@&77>":                            "ask @77",
		"<t:1767605400:F>":                      "2026-01-05 09:30 UTC",
		"<t:1767605400>":                        "2026-01-05 09:30 UTC",
		"<t:soon>":                              "<t:soon>",
		"<:party:41> <a:rocket:42>":             ":party: :rocket:",
		"</release status:77>":                  "/release status",
		"a < b > c <@x> <@> <@0> <::> <#abc>":   "a < b > c <@x> <@> <@0> <::> <#abc>",
		"<@" + anaUser + "/../" + benUser + ">": "<@" + anaUser + "/../" + benUser + ">",
		"<@guest/1>":                            "<@guest/1>",
		"https://x.example/<@1":                 "https://x.example/<@1",
	} {
		if got := e.typedText(t.Context(), text, named); got != want {
			t.Errorf("%q reads %q", text, got)
		}
	}
}

// TestMentioned: only somebody who is mentioned in so many words is.
func TestMentioned(t *testing.T) {
	for text, want := range map[string]bool{
		"<@" + ourBot + "> status": true, "hey <@!" + ourBot + ">": true, "<@" + anaUser + ">": false, "<@&" + ourBot + ">": false, "@readyroom": false, ourBot: false, "": false,
	} {
		if isMentioned(text, ourBot) != want {
			t.Errorf("%q", text)
		}
	}
	if got := withoutMention(" <@"+ourBot+"> sign <@"+anaUser+">  ", ourBot); got != "sign <@"+anaUser+">" {
		t.Errorf("%q", got)
	}
}
