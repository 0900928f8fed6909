package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/internal/golden"
)

// TestSlackLook keeps what people read in Slack while the long story is told: cards, forms, pages, one of each kind. The
// texts in testdata/slack are for reading: buttons stand in brackets, choices in round ones.
func TestSlackLook(t *testing.T) {
	g := gallery{t: t, seen: map[string]bool{}}
	g.dir, _ = filepath.Abs("testdata/slack")
	s := readStory(t, "long")
	o := newOffice(t, "http")
	o.after = func(v *visitor, line string) { g.visit(t.Context(), o.hand(v), line) }
	s.tell(func(sc scene) {
		s.write("slack.yaml", o.staffed(sc.config))
		o.play(sc)
	})
	g.complete(14)
}

// gallery compares what was seen with files, each once.
type gallery struct {
	t    *testing.T
	dir  string
	seen map[string]bool
}

// visit looks around after the lines at which there is something to see.
func (g *gallery) visit(ctx context.Context, h *hand, line string) {
	app := func(i int) []string { return h.fake.Messages(channelOf("app"))[i].Lines() }
	switch _, last, _ := strings.Cut(" "+line, " "); {
	case strings.Contains(last, "new app@invoices"):
		g.hang("card-opened", app(0))
		g.hangJSON("card", h.fake.Messages(channelOf("app"))[0].Blocks)
	case strings.Contains(last, "flag new invoices"):
		g.forms(ctx, h)
		g.homes(ctx, h)
		h.as("docs").Slash(ctx, channelOf("app"), "/release", "advance")
		g.hang("refusal", h.newest("docs"))
	case last == "advance" && h.person == "ben":
		g.hang("card-preview", app(0))
	case last == "!press Send briefing":
		g.hang("support", h.fake.Messages(channelOf("support"))[0].Lines())
	case strings.HasSuffix(last, "@ana advance") && strings.Contains(strings.Join(h.newest("ana"), " "), "to everyone?"):
		g.hang("question", h.newest("ana"))
	case last == "!press Release to everyone":
		g.hang("card-out", app(0))
	case last == "!press Publish":
		g.hang("news", h.fake.Messages(channelOf("news"))[0].Lines())
	case last == "!wait 24h":
		g.hang("digest", h.fake.Messages(h.fake.DM(userOf("mia")))[0].Lines())
	}
}

func (h *hand) as(id string) *slackfake.Person { return h.fake.As(userOf(id)) }

// newest is what somebody was told alone in #app last.
func (h *hand) newest(id string) []string {
	all := h.fake.Ephemerals(channelOf("app"), userOf(id))
	return all[len(all)-1].Lines()
}

// forms opens the form of each command that has one, as the fake lets only forms within Slack's limits be opened.
func (g *gallery) forms(ctx context.Context, h *hand) {
	var all []string
	for _, c := range commands.All {
		if c.Form == nil {
			continue
		}
		line := c.Name()
		for _, p := range c.Params {
			if p.Required && p.Kind == chat.KindFlag {
				line += " invoices"
			}
		}
		h.as("ana").Slash(ctx, channelOf("app"), "/release", line)
		all = append(all, "> /release "+line)
		v, ok := h.fake.Modal(userOf("ana"))
		if !ok {
			all = append(all, append(h.newest("ana"), "")...)
			continue
		}
		if line == "sign" {
			g.hangJSON("form-sign", v.Raw)
		}
		all = append(all, formLines(v)...)
		h.as("ana").CloseModal(ctx)
	}
	g.hang("forms", all)
}

// formLines are a form as it is read: its head, what stands above the fields, and each field with its choices.
func formLines(v slackfake.View) []string {
	out := []string{"# " + v.Title}
	above := v.Lines()[:len(v.Lines())-len(v.Inputs)]
	out = append(out, above...)
	for _, in := range v.Inputs {
		line := in.Label + ": " + in.Value
		if in.Optional {
			line = in.Label + " (optional): " + in.Value
		}
		if len(in.Options) > 6 {
			in.Options = append(in.Options[:5], fmt.Sprintf("… %d more", len(in.Options)-5))
		}
		if len(in.Options) > 0 {
			line += " (" + strings.Join(in.Options, " | ") + ")"
		}
		out = append(out, strings.ReplaceAll(line, "\n", "\n  "))
	}
	return append(out, "["+v.Submit+"]", "")
}

// homes are the pages of somebody with much to do, of somebody with one thing, and of whoever is not known here.
func (g *gallery) homes(ctx context.Context, h *hand) {
	h.add("stranger")
	for _, id := range []string{"ana", "docs", "stranger"} {
		h.as(id).OpenHome(ctx)
		h.settle(ctx)
		v, ok := h.fake.Home(userOf(id))
		if !ok {
			g.t.Fatalf("%s has no page", id)
		}
		g.hang("home-"+id, v.Lines())
		if id == "ana" {
			g.hangJSON("home", v.Raw)
		}
	}
}

var (
	commitID = regexp.MustCompile(`\b([0-9a-f]{40}|[0-9a-f]{7})\b`)
	slackRef = regexp.MustCompile(`<#C0([A-Z]+)>`)
)

// alike makes what was seen the same each time: ids and keys are masked.
func alike(text string) string {
	return keyPattern.ReplaceAllString(commitID.ReplaceAllString(text, "COMMIT"), "KEY")
}

func (g *gallery) hang(name string, lines []string) {
	text := slackRef.ReplaceAllStringFunc(strings.Join(lines, "\n"), func(s string) string { return strings.ToLower("#" + s[4:len(s)-1]) })
	g.keep(name+".txt", strings.TrimRight(text, "\n")+"\n")
}

func (g *gallery) hangJSON(name string, raw json.RawMessage) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		g.t.Fatal(err)
	}
	if o, ok := v.(map[string]any); ok {
		delete(o, "private_metadata") // where it was asked, and the address for the answer
	}
	text, _ := json.MarshalIndent(v, "", "  ")
	g.keep(name+".json", string(text)+"\n")
}

// keep compares with a file, or writes it; what comes again is compared the first time only.
func (g *gallery) keep(name, text string) {
	if g.seen[name] {
		return
	}
	g.seen[name] = true
	golden.Equal(g.t, filepath.Join(g.dir, name), alike(text))
}

// complete fails for files that nobody sees any more.
func (g *gallery) complete(least int) {
	files, err := os.ReadDir(g.dir)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, f := range files {
		if !g.seen[f.Name()] {
			g.t.Errorf("nobody sees %s any more", f.Name())
		}
	}
	if len(g.seen) < least || slices.Contains([]bool{g.seen["question.txt"], g.seen["digest.txt"], g.seen["news.txt"]}, false) {
		g.t.Errorf("only %d were seen", len(g.seen))
	}
}
