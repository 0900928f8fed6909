//go:build linux

package main

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// shown leaves out what people were answered in the open: whoever asks twice is answered twice.
func (o *discordOrdeal) shown() (all []string) {
	text := func(m discordfake.Message) string {
		s := keyPattern.ReplaceAllString(variable.ReplaceAllString(o.fake.Text(m), "TIME"), "KEY")
		return fmt.Sprintf("%s (%d characters, published %v)", workflows.Display(s, 200), len(s), m.Published)
	}
	answers := o.answers()
	for name, channel := range map[string]string{"app": talkID("app"), "two": talkID("two"), "@ana": o.fake.DM(memberID("ana")), "@ben": o.fake.DM(memberID("ben"))} {
		for _, m := range o.fake.Messages(channel) {
			if m.Author != discordfake.Bot || answers[markOf(m)] != "" {
				continue
			}
			all = append(all, name+": "+text(m))
			for _, below := range o.fake.Thread(channel, m.ID) {
				all = append(all, name+": under "+workflows.Display(text(m), 60)+": "+text(below))
			}
		}
	}
	slices.Sort(all)
	return all
}

// answers are the messages that somebody said, by the mark of their answer.
func (o *discordOrdeal) answers() map[string]string {
	all := map[string]string{}
	for id := range o.said {
		all[embeds.Mark("answer/discord/"+id)] = id
	}
	return all
}

func (o *discordOrdeal) stands(channel, id string) bool {
	return slices.ContainsFunc(o.fake.Messages(channel), func(m discordfake.Message) bool { return m.ID == id })
}

// keys: whatever the bot posted has an embed, also after an edit, and bears the mark of a delivery that was claimed, or of
// an answer; no mark is there twice, nothing was announced twice, nothing was published twice, and nobody was rung.
func (o *discordOrdeal) keys() {
	claims := map[string]string{}
	for _, p := range o.trace() {
		if p.Point == bot.Claimed {
			for part := range 20 {
				claims[embeds.Mark(partOf(*p.Claim, part))] = fmt.Sprintf("%s, part %d", announcement(*p.Claim), part)
			}
		}
	}
	times, answers := map[string]int{}, o.answers()
	for _, m := range o.fake.Posted() {
		what, claimed := claims[markOf(m)]
		if id := answers[markOf(m)]; id != "" {
			what, claimed = "the answer to "+id, true
		}
		if !claimed {
			o.t.Errorf("%q is of no delivery after %d edits: %s", o.fake.Text(m), m.Edits, m.Embeds)
		}
		if m.Nonce == "" || m.Deleted || len(o.fake.Rings(m)) > 0 {
			o.t.Errorf("%q has the nonce %q, is deleted: %v, rings %q", o.fake.Text(m), m.Nonce, m.Deleted, o.fake.Rings(m))
		}
		times[what]++
	}
	for _, c := range o.fake.Calls(publishRoute) {
		if c.Status == http.StatusOK {
			times[c.Path]++
		}
	}
	for what, n := range times {
		if n > 1 {
			o.t.Errorf("%s is there %d times", what, n)
		}
	}
}

// partOf is the key of one part of a delivery.
func partOf(c storage.Claim, part int) string {
	if part == 0 {
		return c.ID
	}
	return fmt.Sprint(c.ID, "#", part+1)
}
