package commands

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

type wish struct{}

func (wish) Needs() workflows.Need { return workflows.Anyone }

func makes(Args) (workflows.Intent, error) { return wish{}, nil }

func shows(context.Context, *Call) (chat.Reply, error) { return chat.Reply{}, nil }

func row(name string, params ...chat.Param) Command {
	c := Command{Needs: workflows.Member}
	c.Short = "what " + name + " does"
	c.Path = strings.Fields(name)
	c.Params = params
	return c
}

func making(c Command) Command  { c.Wish = makes; return c }
func showing(c Command) Command { c.Show = shows; return c }

func option(name string, k chat.Kind) chat.Param {
	return chat.Param{Name: name, Kind: k, Option: true, Short: "the " + name}
}

func place(name string, k chat.Kind, choices ...string) chat.Param {
	return chat.Param{Name: name, Kind: k, Choices: choices, Short: "the " + name}
}

func must(p chat.Param) chat.Param { p.Required = true; return p }

// sample is a table that has every kind of parameter in the places where the grammar uses them.
func sample() Table {
	note, reason := place("note", chat.KindRest), place("reason", chat.KindRest)
	status := showing(row("status", option("public", chat.KindSwitch)))
	status.Needs = workflows.Anyone
	status.Aliases = []Alias{{}}
	sign := making(row("sign", must(place("item", chat.KindItems)),
		place("vote", chat.KindChoice, "ok", "needs-work", "block", "na", "withdraw"),
		place("url", chat.KindURL), option("as", chat.KindRole), note))
	sign.Needs = workflows.Holder
	sign.Aliases = []Alias{{Path: []string{"unsign"}, Given: map[string]string{"vote": "withdraw"}}}
	sign.Examples = []string{"sign docs ok", "/release sign tests,docs na -- not for this one"}
	confirm := making(row("confirm", must(place("key", chat.KindText))))
	confirm.Hidden = true
	draft := making(row("brief draft", must(place("text", chat.KindRest))))
	draft.Form = shows
	waive := making(row("item waive", must(place("item", chat.KindItems)), place("owner", chat.KindPerson),
		must(option("until", chat.KindDate)), must(reason)))
	waive.Needs = workflows.Manager
	return Table{
		making(row("new", must(place("release", chat.KindNew)), option("candidate", chat.KindRef), option("target", chat.KindDate),
			option("after", chat.KindRelease), option("title", chat.KindText))),
		making(row("set", option("target", chat.KindDate), option("title", chat.KindText), option("here", chat.KindSwitch),
			option("cancelled", chat.KindSwitch), reason)),
		showing(row("list", place("which", chat.KindChoice, "mine", "open"), place("product", chat.KindText))),
		status,
		showing(row("check", place("stage", chat.KindText))),
		sign,
		making(row("hold", must(reason))),
		confirm,
		showing(row("help", place("topic", chat.KindText))),
		showing(row("candidate show")),
		making(row("candidate set", must(place("ref", chat.KindRef)))),
		making(row("scope add", must(place("what", chat.KindPlanned)), option("for", chat.KindItems), note)),
		showing(row("item list")),
		waive,
		making(row("item ask", must(place("item", chat.KindItems)), place("about", chat.KindChoice, "state", "date"),
			place("who", chat.KindPerson), place("url", chat.KindURL))),
		making(row("item move", must(place("item", chat.KindItems)), must(place("gate", chat.KindText)))),
		showing(row("remind list", place("of", chat.KindRelease), place("day", chat.KindDate), place("stage", chat.KindText))),
		showing(row("flag list")),
		making(row("flag set", must(place("flag", chat.KindFlag)), must(place("to", chat.KindText)), option("env", chat.KindText))),
		making(row("flag expire", must(place("flag", chat.KindFlag)), must(place("date", chat.KindDate, "never")))),
		showing(row("brief show", place("audience", chat.KindText))),
		draft,
		making(row("brief answer", must(place("n", chat.KindText)), must(place("text", chat.KindRest)))),
		showing(row("audit show", option("since", chat.KindSince), option("by", chat.KindPerson))),
	}
}

// A Wednesday.
var noon = time.Date(2026, 3, 4, 12, 34, 56, 0, time.UTC)

func at() Context {
	return Context{Now: noon, Products: func(s string) bool { return s == "app" || s == "docs" }}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}
