package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// values lists what a parameter may hold, the best first: the words that are declared, and what there is of its kind.
// Word is what was typed of it.
func (t *typing) values(ctx context.Context, in *input, p chat.Param, word string) []chat.Completion {
	var out []chat.Completion
	short := p.Short
	if p.Kind == chat.KindChoice {
		short = p.Name // what the others mean is no more than that
	}
	for _, c := range p.Choices {
		out = append(out, chat.Completion{Text: c, Short: short})
	}
	switch p.Kind {
	case chat.KindRelease:
		out = append(out, t.releases(ctx)...)
	case chat.KindNew:
		out = append(out, t.products(ctx)...)
	case chat.KindItem:
		out = append(out, t.items(ctx, in, p.Kind, word)...)
	case chat.KindItems:
		out = append(out, t.list(ctx, in, p, word)...)
	case chat.KindTemplate:
		out = append(out, t.names("checklist", t.around.Settings().Templates)...)
	case chat.KindCatalogue:
		out = append(out, t.names("gate", gateNames)...)
		out = append(out, t.names("of the catalogue", release.CatalogueKeys())...)
	case chat.KindFlag:
		out = append(out, t.flags(ctx, in)...)
	case chat.KindEnv:
		out = append(out, t.environments(ctx, in)...)
	case chat.KindPerson:
		out = append(out, t.people()...)
	case chat.KindRole:
		out = append(out, t.roles(p)...)
	case chat.KindDate:
		out = append(out, t.dates(p, word, "3d", "7d", "14d", "2h")...)
	case chat.KindSince:
		out = append(out, t.dates(p, word, "7d", "30d", "90d")...)
	case chat.KindWord:
		out = append(out, t.topics(in, p)...)
	}
	return out
}

// releases are the open ones, those of this place first, then the youngest; behind a product's @ those that are over too.
func (t *typing) releases(ctx context.Context) []chat.Completion {
	key := release.KeyOpen
	if product, _, whole := strings.Cut(t.word, "@"); whole {
		key = release.KeyProduct(workflows.Product(product[strings.LastIndexAny(product, "=,")+1:]))
	}
	rows, err := t.around.Rows(ctx, key)
	if err != nil {
		return nil
	}
	here := func(r release.Row) bool { return slices.Contains(r.Places, t.request.At) }
	slices.SortStableFunc(rows, func(a, b release.Row) int {
		return cmp.Or(before(a.Open, b.Open), before(here(a), here(b)), cmp.Compare(b.Number, a.Number))
	})
	var out []chat.Completion
	for _, r := range rows {
		out = append(out, chat.Completion{Text: string(r.ID), Short: t.standing(r)})
	}
	return out
}

// standing says where a release stands, to others than the team as lists for anyone do.
func (t *typing) standing(r release.Row) string {
	if t.inside() {
		return cards.ReleaseState(r, t.request.When)
	}
	return cards.PublicReleaseState(r)
}

// before orders what is so before what is not.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (t *typing) inside() bool { return t.viewer.Inside(t.request.When) }

func (t *typing) view() cards.View {
	return cards.View{Zone: t.viewer.Zone, Now: t.request.When, Me: t.viewer.Person.ID, Week: t.viewer.Week}
}

// names are words that the team has for something.
func (t *typing) names(what string, all []string) []chat.Completion {
	if !t.inside() {
		return nil
	}
	return named(what, all)
}

func named(what string, all []string) []chat.Completion {
	var out []chat.Completion
	for _, name := range all {
		out = append(out, chat.Completion{Text: name, Short: what})
	}
	return out
}

// products are those of the configuration, without any those that have releases: the version is new, and the typist's
// to say.
func (t *typing) products(ctx context.Context) []chat.Completion {
	all := slices.Clone(t.around.Settings().Products)
	if len(all) == 0 {
		rows, err := t.around.Rows(ctx, release.KeyAll)
		if err != nil {
			return nil
		}
		for _, r := range rows {
			all = append(all, r.ID.Product())
		}
	}
	slices.Sort(all)
	var out []string
	for _, p := range slices.Compact(all) {
		out = append(out, string(p)+"@")
	}
	offered := t.names("product", out)
	for i := range offered {
		offered[i].More = true
	}
	return offered
}

// flags are those of the release where it is named, else all.
func (t *typing) flags(ctx context.Context, in *input) []chat.Completion {
	var id workflows.ReleaseID
	if named := in.raw[relName]; named != "" {
		r, err := t.around.Release(ctx, workflows.Selectors{Release: named}, t.request.At)
		if err != nil {
			return nil
		}
		id = r.ID
	}
	all, err := t.around.Flags(ctx, id)
	if err != nil || !t.inside() {
		return nil
	}
	var out []chat.Completion
	for _, f := range all {
		out = append(out, chat.Completion{Text: string(f.Key), Short: cards.FlagState(f, t.view())})
	}
	return out
}

// environments are those of the product of the release that is meant, in their order.
func (t *typing) environments(ctx context.Context, in *input) []chat.Completion {
	r, err := t.around.Release(ctx, workflows.Selectors{Release: in.raw[relName]}, t.request.At)
	if err != nil || !t.inside() {
		return nil
	}
	var out []chat.Completion
	for _, env := range t.around.Environments(r.ID.Product()) {
		out = append(out, chat.Completion{Text: string(env), Short: "of " + string(r.ID.Product())})
	}
	return out
}

// people are all that are known, under the name that they go by now.
func (t *typing) people() []chat.Completion {
	if !t.inside() {
		return nil
	}
	var out []chat.Completion
	for _, id := range slices.Sorted(maps.Keys(t.viewer.Book.People)) {
		if t.viewer.Book.Canon(id) == id {
			out = append(out, chat.Completion{Text: id.At(), Short: cards.PersonState(t.viewer.Book, id, t.view())})
		}
	}
	return out
}

// roles are all there are; what one acts as can only be a role one holds.
func (t *typing) roles(p chat.Param) []chat.Completion {
	if !t.inside() {
		return nil
	}
	var out []chat.Completion
	for _, role := range t.viewer.Book.AllRoles() {
		held, why := t.viewer.Book.Holds(t.viewer.Person.ID, role, t.request.When)
		switch {
		case why == "":
			out = append(out, chat.Completion{Text: string(role), Short: "you, as " + held.String()})
		case p.Name != asName:
			out = append(out, chat.Completion{Text: string(role), Short: cards.RoleState(t.viewer.Book, role, t.request.When)})
		}
	}
	return out
}

// dates are words for days with the day that they mean: as many days or hours as were typed, else some spans, tomorrow
// and the days of the week. Words that are no date here, as those ahead where one looks back, fall away.
func (t *typing) dates(p chat.Param, word string, spans ...string) []chat.Completion {
	if numberPattern.MatchString(word) {
		spans = []string{word + "d", word + "h"}
	}
	words := []string{"tomorrow"}
	for d := range 7 {
		day := asUTC(t.parse.Now.In(t.parse.zone())).AddDate(0, 0, d+1)
		words = append(words, strings.ToLower(day.Weekday().String()))
	}
	words = append(words, spans...)
	if word != "" && !slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) }) {
		words = slices.Insert(words, 0, word) // what was typed may be a date already: it is shown which
	}
	var out []chat.Completion
	for _, w := range words {
		v, why := read(p, w, t.parse)
		if why != "" || !v.dated {
			continue
		}
		layout := "Monday " + time.DateOnly
		if v.date.timed {
			layout = "Monday " + minuteForm
		}
		out = append(out, chat.Completion{Text: w, Short: v.date.at.Format(layout)})
	}
	return out
}

// topics are what can be asked help about: a first word of the commands, then a verb of it.
func (t *typing) topics(in *input, p chat.Param) []chat.Completion {
	for _, q := range in.c.positionals() {
		if q.Name == p.Name {
			break
		}
		if noun := in.raw[q.Name]; noun != "" {
			return t.verbs(noun)
		}
	}
	return append(t.firstWords(false), named("how it works", cards.Topics())...)
}
