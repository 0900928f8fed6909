package evidence

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/readyroom/readyroom/workflows"
)

// plainly is every template again for where there is no Markdown to guard against: what people wrote is shown as text.
var plainly = template.Must(words.Clone()).Option("missingkey=zero").Funcs(template.FuncMap{
	"code": shown, "link": func(s string) string { return shown(s) }, "short": workflows.ShortID,
})

func shown(text any) string { return workflows.Display(fmt.Sprint(text), maxShown) }

// Sentence says what happened, in plain text and without who did it: the words of the page's timeline.
func (h Happening) Sentence() string {
	name := h.Kind
	if plainly.Lookup(name) == nil {
		name = "unknown"
	}
	var b strings.Builder
	if err := plainly.ExecuteTemplate(&b, name, h); err != nil {
		panic(fmt.Sprintf("template %s: %v", name, err)) // as in say: never for people
	}
	return strings.TrimSpace(b.String())
}

// Doer is who did it, in plain text.
func (a Act) Doer() string {
	switch {
	case a.Machine != "":
		return "the bot (" + shown(a.Machine) + ")"
	case a.By == "":
		return "somebody"
	}
	return shown(a.By.At())
}

// As is in which role a vote was cast, by its event; zero for what is no vote, or names no role.
func (r Report) As(h Happening) Held {
	for _, g := range r.Gates {
		for _, i := range g.Items {
			for _, v := range i.Votes {
				if v.Event == h.Event {
					return Held{Role: v.As, Owner: v.Owner, For: v.For}
				}
			}
		}
	}
	return Held{Role: h.As}
}
