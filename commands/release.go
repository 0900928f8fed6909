package commands

import (
	"context"
	"fmt"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

func riskNames() []string {
	var out []string
	for _, r := range policy.Risks() {
		out = append(out, string(r))
	}
	return out
}

var newCommand = Command{
	Command: chat.Command{Path: []string{"new"}, Short: "Open a release: a version (app@1.0.0) or a feature (app@invoices)", Params: []chat.Param{
		{Name: "release", Kind: chat.KindNew, Short: "product@version or product@feature", Required: true, Hint: "PRODUCT@VERSION"},
		{Name: "template", Kind: chat.KindTemplate, Short: "the checklist: simple, feature, hotfix or one of your own", Option: true},
		{Name: "risk", Kind: chat.KindChoice, Short: "how carefully it is treated", Option: true, Choices: riskNames()},
		{Name: "candidate", Kind: chat.KindRef, Short: "the commit that is meant to go out", Option: true, Hint: "REF"},
		{Name: "paths", Kind: chat.KindItems, Short: "what of the tree a feature is", Option: true, Hint: "GLOB"},
		{Name: "target", Kind: chat.KindDate, Short: "when it is meant to be out", Option: true},
		{Name: "cutoff", Kind: chat.KindDate, Short: "when the scope is settled", Option: true},
		{Name: "after", Kind: chat.KindItems, Short: "releases that must be as far first", Option: true, Hint: "RELEASE"},
		{Name: "title", Kind: chat.KindText, Short: "what people call it", Option: true},
		{Name: "why", Kind: chat.KindText, Short: "what it is for", Option: true},
	}},
	Needs: workflows.Maker, Examples: []string{"new app@1.0.0", "new app@invoices --template feature --target friday", "new app@2.0.0 --after billing@2.3.0"},
	Wish: func(a Args) (workflows.Intent, error) {
		target, _ := a.Date("target")
		cutoff, _ := a.Date("cutoff")
		return release.New{ID: workflows.ReleaseID(a.Text("release")), Template: a.Text("template"), Risk: policy.Risk(a.Text("risk")),
			Ref: a.Text("candidate"), Paths: a.Items("paths"), Target: target, Cutoff: cutoff, After: a.Items("after"), Title: a.Text("title"), Why: a.Text("why")}, nil
	},
	Form: newForm,
	Done: func(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		rel := after[release.Release](r)
		m, items, err := c.card(ctx, rel, workflows.Silence{})
		if err != nil {
			return chat.Reply{}, err
		}
		if here := len(rel.Places) > 0 && rel.Places[0] == c.Request.At; here && !r.Dry && !r.Again {
			return chat.Reply{Posted: true, Items: items}, nil // the card in the channel is the answer
		}
		return chat.Reply{Message: &m, Items: items}, nil
	},
}

var setCommand = Command{
	Command: chat.Command{Path: []string{"set"}, Short: "Change what a release says of itself, bind this channel, or cancel it", Params: []chat.Param{
		{Name: "target", Kind: chat.KindDate, Short: "when it is meant to be out", Option: true},
		{Name: "cutoff", Kind: chat.KindDate, Short: "when the scope is settled", Option: true, Choices: []string{"none"}},
		{Name: "after", Kind: chat.KindItems, Short: "releases that must be as far first, or none", Option: true, Hint: "RELEASE"},
		{Name: "risk", Kind: chat.KindChoice, Short: "how carefully it is treated; less care needs a reason", Option: true, Choices: riskNames()},
		{Name: "manager", Kind: chat.KindPerson, Short: "who manages it from now on", Option: true},
		{Name: "template", Kind: chat.KindTemplate, Short: "go by this template as it stands now", Option: true},
		{Name: "title", Kind: chat.KindText, Short: "what people call it", Option: true},
		{Name: "here", Kind: chat.KindSwitch, Short: "bind this channel to it", Option: true},
		{Name: "cancelled", Kind: chat.KindSwitch, Short: "it will not go out", Option: true},
		{Name: "reason", Kind: chat.KindRest, Short: "why"},
	}},
	Needs: workflows.Manager, Examples: []string{"set --target friday", "set --risk high", "set --manager @ben", "set --here", "set --cutoff friday --after billing@2.3.0", "set --cancelled -- superseded"},
	Aliases: []Alias{{Path: []string{"cancel"}, Given: map[string]string{"cancelled": "true"}}},
	Wish: func(a Args) (workflows.Intent, error) {
		s := release.Set{Here: a.Has("here"), Cancelled: a.Has("cancelled"), Note: a.Note, Manager: a.Person("manager"),
			Risk: policy.Risk(a.Text("risk")), Template: a.Text("template")}
		if t, ok := a.Date("target"); ok {
			s.Target = &t
		}
		planned(a, &s)
		if a.Has("title") {
			title := a.Text("title")
			s.Title = &title
		}
		return s, nil
	},
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.Set(r))
	},
}

// breakGlass is the switch that makes an owner's act of advance.
const breakGlass = "break-glass"

var advanceCommand = Command{
	Command: chat.Command{Path: []string{"advance"}, Short: "Pass the next gate, if all holds", Params: []chat.Param{
		{Name: "stage", Kind: chat.KindChoice, Short: "the stage you expect", Choices: []string{"preview", "ga", "closed"}},
		{Name: breakGlass, Kind: chat.KindSwitch, Short: "although it does not hold: told to the owners, reviewed later", Option: true},
		{Name: "reason", Kind: chat.KindRest, Short: "a note for the record"},
	}},
	Needs: workflows.Maker, Also: map[string]workflows.Need{breakGlass: workflows.Owner},
	Examples: []string{"advance", "advance ga", "advance --break-glass -- customers cannot log in, the fix is tested"},
	Wish: func(a Args) (workflows.Intent, error) {
		if a.Has(breakGlass) {
			return release.BreakGlass{Stage: workflows.Stage(a.Text("stage")), Why: a.Note}, nil
		}
		return release.Advance{Stage: workflows.Stage(a.Text("stage")), Note: a.Note}, nil
	},
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.Advanced(after[release.Release](r), c.Viewer.Book, c.view()))
	},
}

var holdCommand = Command{
	Command: chat.Command{Path: []string{"hold"}, Short: "Stop a release where it is", Params: []chat.Param{
		{Name: "reason", Kind: chat.KindRest, Short: "why: others will ask", Required: true},
	}},
	Needs: workflows.Member, Examples: []string{"hold -- errors in checkout"},
	Wish: func(a Args) (workflows.Intent, error) { return release.HoldOn{Why: a.Note}, nil },
	Form: aboutRelease("Hold the release", "Hold", chat.Field{Key: "reason", Label: "Why", Hint: "others will ask", Required: true, Long: true}),
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		rel := after[release.Release](r)
		return message(chat.Message{Title: fmt.Sprintf("%s is on hold: %s", rel.ID.Name(), workflows.Display(rel.Held.Why, 300))})
	},
}

var resumeCommand = Command{
	Command: chat.Command{Path: []string{"resume"}, Short: "Let a held release go on", Params: []chat.Param{
		{Name: "note", Kind: chat.KindRest, Short: "what was found"},
	}},
	Needs: workflows.Manager, Examples: []string{"resume -- fixed in 8be1d02"},
	Wish: func(a Args) (workflows.Intent, error) { return release.Resume{Note: a.Note}, nil },
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		rel := after[release.Release](r)
		return message(chat.Message{Title: "it goes on · " + cards.Headline(rel, release.Check(rel, c.Viewer.Book, c.Request.When))})
	},
}
