package commands

import (
	"context"
	"slices"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// maxChoices is how many choices a field offers: what Slack takes. Of more, the field is one to write in.
const maxChoices = 100

// offers names the items that a verb fits and that are the asker's, the next gate's first.
type offers func(release.Release, release.Facts) []string

// those offers the items for which a verb is open to the asker.
func those(may func(release.Release, release.Status, release.Facts) bool) offers {
	return func(r release.Release, f release.Facts) []string {
		var names []string
		for _, s := range release.Ahead(r, f.Book, f.Now) {
			if may(r, s, f) {
				names = append(names, s.Full())
			}
		}
		return names
	}
}

// orSoak offers the time that a stage must still stay open, too.
func orSoak(items offers) offers {
	return func(r release.Release, f release.Facts) []string {
		names := items(r, f)
		if next, _ := r.Next(); release.Soaking(r, f.Book, f.Now) {
			names = append(names, next.Key()+"/"+release.SoakKey)
		}
		return names
	}
}

// aboutItem asks for what a line about one item left out. Where the item was left out too, those are offered that the verb
// fits and that are the asker's; where it was named, it is found before anybody writes about it.
func aboutItem(title string, items offers, fields ...chat.Field) func(context.Context, *Call) (chat.Reply, error) {
	return func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
		if err != nil {
			return chat.Reply{}, err
		}
		c.of(r)
		form := &chat.Form{Title: title, Basis: c.basis(), Submit: title, Fields: slices.Clone(fields)}
		if c.Args.Has("item") && !c.filledIn("item") {
			key, err := c.oneItem(r, f)
			form.Title += " " + key
			return chat.Reply{Form: form}, err
		}
		mine := items(r, f)
		if len(mine) == 0 {
			return chat.Reply{}, c.nothingYours(r)
		}
		form.Fields = slices.Insert(form.Fields, 0, itemField(mine))
		return chat.Reply{Form: form}, nil
	}
}

// oneItem says the whole name of the item that the line names, and gives its key. The soak is no item of a checklist, and
// stays as it was typed.
func (c *Call) oneItem(r release.Release, f release.Facts) (string, error) {
	word := c.Args.Text("item")
	if word == release.SoakKey || release.IsSoak(word) {
		return release.SoakKey, nil
	}
	g, item, err := r.Select(word, f, c.row.Name())
	if err == nil {
		c.Args.values["item"] = value{text: g.Full(item)}
	}
	return item.Key, err
}

// itemField is where an item is chosen.
func itemField(names []string) chat.Field {
	f := chat.Field{Key: "item", Label: "Item", Required: true}
	if len(names) > maxChoices {
		f.Hint = "stage.gate/item, or what is unique of it"
		return f
	}
	f.Choices = names
	if len(names) == 1 {
		f.Value = names[0]
	}
	return f
}

func (c *Call) nothingYours(r release.Release) error {
	return workflows.Refuse(workflows.NotAllowed, "nothing open of "+r.ID.Name()+" is yours to "+c.row.Path[len(c.row.Path)-1]).
		Type("/release check " + string(r.ID))
}

// addForm offers what the catalogue has and the release does not ask for, and the gates for an item of one's own.
func addForm(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	c.of(r)
	var asked, where, roles []string
	for n, g := range r.Gates {
		for _, i := range g.Items {
			asked = append(asked, i.Key)
		}
		if n >= r.Passed {
			where = append(where, g.Key())
		}
	}
	for _, key := range release.CatalogueKeys() {
		if !slices.Contains(asked, key) {
			where = append(where, key)
		}
	}
	for _, role := range c.Viewer.Book.AllRoles() {
		roles = append(roles, string(role))
	}
	return chat.Reply{Form: &chat.Form{Title: "Add an item", Submit: "Add", Fields: []chat.Field{
		{Key: "where", Label: "What", Hint: "one of the catalogue; or a gate, for an item of your own in it", Choices: where, Required: true},
		{Key: "key", Label: "Of your own: its name", Hint: "load-test"},
		{Key: "text", Label: "Of your own: what must be true", Hint: "it holds twice the peak", Long: true},
		{Key: "role", Label: "Of your own: who signs it", Hint: "else you", Choices: roles},
	}}}, nil
}
