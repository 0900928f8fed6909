package cards

import (
	"encoding/json"
	"fmt"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// worders put words to what is true of an act, by its name. Whoever sees the repository reads them: they are made of public
// values alone, and are the same however often the act is tried. Names stand in code where text is marked up, so that nothing
// in them becomes a link, a mention or a command there.
var worders = map[string]func(json.RawMessage) (any, error){
	workflows.ActComment: worder(func(t feedback.Telling) workflows.Comment {
		t.Text = comment(t)
		return t.Comment
	}),
	workflows.ActDeploy: worder(func(d workflows.Deploy) workflows.Deploy {
		d.Text = workflows.Say("%s · %s", d.Release, workflows.Hash(d.Commit))
		return d
	}),
	workflows.ActRelease: worder(func(r workflows.ForgeRelease) workflows.ForgeRelease {
		r.Title = workflows.Say("%s", r.Release)
		return r
	}),
	workflows.ActChangelog: worder(func(c workflows.Changelog) workflows.Changelog {
		c.Head, c.Title, c.Text = changelogHead, workflows.Say("chore: change log of %s", c.Release), changelogPull(c)
		return c
	}),
}

func worder[F, W any](put func(F) W) func(json.RawMessage) (any, error) {
	return func(data json.RawMessage) (any, error) {
		var facts F
		err := json.Unmarshal(data, &facts)
		return put(facts), err
	}
}

// Worded is an act as it is carried out: what its room gave, with the words that people read there.
func Worded(act string, data json.RawMessage) (json.RawMessage, error) {
	put, ok := worders[act]
	if !ok {
		return data, nil
	}
	worded, err := put(data)
	if err != nil {
		return nil, fmt.Errorf("word %s: %w", act, err)
	}
	return json.Marshal(worded)
}

// comment is what anyone reads on an issue: the release, where it stands, and where to read what is new.
func comment(t feedback.Telling) workflows.Public {
	switch {
	case t.News == feedback.Opened && t.Again:
		return whatsNew(workflows.Say("`%s` is in tech preview again, and can be tried.", t.Release), t.Notes)
	case t.News == feedback.Opened:
		return whatsNew(workflows.Say("`%s`, for which this waits, is in tech preview and can be tried.", t.Release), t.Notes)
	case t.News == feedback.Shipped && t.Again:
		return whatsNew(workflows.Say("`%s` is out again.", t.Release), t.Notes)
	case t.News == feedback.Shipped:
		return whatsNew(workflows.Say("`%s`, for which this waited, is out.", t.Release), t.Notes)
	case t.News == feedback.TakenBack && t.Stage == workflows.Preview:
		return workflows.Say("`%s` was taken back for now; its tech preview is still open. We say here when it is out again.", t.Release)
	case t.News == feedback.TakenBack:
		return workflows.Say("`%s` was taken back for now. We say here when it returns.", t.Release)
	case t.News == feedback.Never:
		return workflows.Say("`%s` will not come.", t.Release)
	}
	return workflows.Public{}
}

// whatsNew adds where to read what is new, where that is somewhere.
func whatsNew(said workflows.Public, notes string) workflows.Public {
	link := workflows.Say("%s", workflows.Address(notes))
	if link.IsZero() {
		return said
	}
	return workflows.Say("%s What is new: %s", said, link)
}

// changelogHead is how a change log begins that was not there.
var changelogHead = workflows.Say(`# Changelog

What changes for users, the newest first, in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).

## [Unreleased]`)

// changelogPull is what a pull request for the change log says of itself.
func changelogPull(c workflows.Changelog) workflows.Public {
	return workflows.Say("This is the section of `%s` for %s. Its text was approved, word for word, by whoever holds the role engineering.\n\n"+
		"To change it, correct the notes in Readyroom: as long as this is open, it follows.", c.Release, workflows.Path(c.File))
}
