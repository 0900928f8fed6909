package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// list are the members of a list: items, or, as an option, of what its hint says.
func (t *typing) list(ctx context.Context, in *input, p chat.Param, word string) []chat.Completion {
	var out []chat.Completion
	switch {
	case !p.Option:
		return t.items(ctx, in, p.Kind, word)
	case listsReleases(p):
		out = t.releases(ctx)
	case listsPeople(p):
		out = t.people()
	}
	for i := range out {
		out[i].Text = word[:strings.LastIndex(word, ",")+1] + out[i].Text
	}
	return out
}

// items are those of the release that is meant, by the shortest name that means them; where one has begun to type a
// gate, by the whole name. Of several, those that are named already are left out.
func (t *typing) items(ctx context.Context, in *input, k chat.Kind, word string) []chat.Completion {
	if _, has := in.c.param(relName); !has || !t.inside() {
		return nil
	}
	r, err := t.around.Release(ctx, workflows.Selectors{Release: in.raw[relName]}, t.request.At)
	if err != nil {
		return nil
	}
	before := ""
	if k == chat.KindItems {
		before = word[:strings.LastIndex(word, ",")+1]
	}
	typed := word[len(before):]
	var out []chat.Completion
	for _, s := range t.ordered(r) {
		name := s.Full()
		if g, i, err := r.Select(s.Item.Key, release.Facts{}, ""); err == nil && g.Full(i) == name && !ofGate(typed, s) {
			name = s.Item.Key
		}
		if named := strings.Split(before, ","); !slices.Contains(named, s.Full()) && !slices.Contains(named, s.Item.Key) {
			out = append(out, chat.Completion{Text: before + name, Short: cards.ItemState(r, s, t.view())})
		}
	}
	return out
}

// ofGate reports whether somebody has begun to type an item's whole name.
func ofGate(typed string, s release.Status) bool {
	return typed != "" && beginsWith(s.Full(), typed) && !beginsWith(s.Item.Key, typed)
}

// ordered lists a release's items: what is open at the next gate first, there what the asker may sign, then what lies
// ahead, what holds, and what was passed.
func (t *typing) ordered(r release.Release) []release.Status {
	var all []release.Status
	rank := map[string]int{}
	for n, g := range slices.Concat(r.Gates[r.Passed:], r.Gates[:r.Passed]) {
		for _, s := range release.CheckGate(r, g, t.viewer.Book, t.request.When).Items {
			_, why := t.viewer.Book.Holds(t.viewer.Person.ID, s.Item.Role, t.request.When)
			switch {
			case n >= len(r.Gates)-r.Passed:
				rank[s.Full()] = 4
			case s.State != release.Open:
				rank[s.Full()] = 3
			case n > 0:
				rank[s.Full()] = 2
			case why != "":
				rank[s.Full()] = 1
			}
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b release.Status) int { return rank[a.Full()] - rank[b.Full()] })
	return all
}
