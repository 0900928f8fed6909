package commands

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// selects reports whether the first word names the release. A word without an @ does so only if the required
// parameters find their words behind it, and a typed number only if it could be nothing else.
func (in *input) selects(open []chat.Param) bool {
	_, selectable := in.c.param(relName)
	if len(in.words) == 0 || !selectable || in.words[0].quoted || len(open) > 0 && open[0].Kind == chat.KindRelease {
		return false
	}
	first, more := in.words[0], len(in.words)-1
	required := in.wanted(open, more)
	switch {
	case in.ctx.Press && len(open) > 0 && numberPattern.MatchString(first.text) && open[0].Kind != chat.KindText:
		return open[0].Kind != chat.KindFlag // the buttons of a flag name the flag, all others the release
	case strings.Contains(first.text, "@") && len(open) > 0 && open[0].Kind == chat.KindPlanned && more < required:
		return false // a feature that is planned: alone it is no release to plan it for
	case strings.Contains(first.text, "@"):
		return in.ctx.names(first)
	case more < required:
		return false
	case numberPattern.MatchString(first.text):
		return in.ctx.Press || more > 0 || len(open) == 0
	}
	return in.ctx.names(first)
}

// wanted is how many words the required parameters must find behind a release. Where a form asks for them, none: unless
// there are words behind it, or the word alone would be all that is missing.
func (in *input) wanted(open []chat.Param, more int) int {
	words, all := 0, 0
	for _, p := range in.c.Params {
		if p.Required && in.raw[p.Name] == "" && in.ctx.Values[p.Name] == "" {
			all++
			if slices.ContainsFunc(open, func(o chat.Param) bool { return o.Name == p.Name }) {
				words++
			}
		}
	}
	if in.c.Form != nil && more == 0 && (all > 1 || len(open) > 0 && open[0].Kind == chat.KindItems) {
		return 0
	}
	return words
}
