package evidence

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

//go:embed words/*.tmpl
var files embed.FS

// words is every template, by the name it is defined under. What people wrote reaches them as values, and leaves them
// through code, link and fenced alone.
var words = template.Must(template.New("words").Funcs(template.FuncMap{
	"code": code, "link": link, "fenced": fenced, "who": who, "person": person, "people": persons, "at": at, "short": short,
	"plural": plural, "final": final, "joined": func(all []workflows.Audience) string { return joined(all) },
	"pair": func(page, one any) map[string]any { return map[string]any{"Page": page, "One": one} },
	"line": func(Happening) string { return "" }, // set below: it executes the others
}).ParseFS(files, "words/*.tmpl"))

func init() { words.Funcs(template.FuncMap{"line": line}) }

// Markdown is the report as one page: the answer first, then what it rests on, then how to check it. The same report
// always gives the same bytes.
func Markdown(r Report) []byte {
	return say("page", page{r})
}

// say executes a template. Blank lines are never doubled, so that templates may be laid out for their readers.
func say(name string, data any) []byte {
	var b bytes.Buffer
	if err := words.ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("template %s: %v", name, err)) // a test runs every template: never for people
	}
	return append(bytes.TrimSpace(manyBlank.ReplaceAll(b.Bytes(), []byte("\n\n"))), '\n')
}

var manyBlank = regexp.MustCompile(`\n{3,}`)

// line is one happening in a sentence.
func line(h Happening) string {
	name := h.Kind
	if words.Lookup(name) == nil {
		name = "unknown"
	}
	return strings.TrimSpace(string(say(name, h)))
}

// maxShown is how much of a text a line shows; the record has it whole.
const maxShown = 300

// code shows text that somebody wrote, or any name, as it is: in a code span no word pings, links, or draws anything.
// The mark that parts the cells of a table is written escaped.
func code(text any) string {
	s := strings.ReplaceAll(workflows.Display(fmt.Sprint(text), maxShown), "|", `\u007c`)
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	fence := fenceFor(s, 1)
	if strings.Trim(s, "` ") != s { // a span gives one space at each end to its fence
		s = " " + s + " "
	}
	return fence + s + fence
}

// fenced shows text of several lines as it is.
func fenced(text string) string {
	text = workflows.DisplayText(strings.TrimRight(text, "\n"))
	fence := fenceFor(text, 3)
	return fence + "text\n" + text + "\n" + fence
}

// fenceFor is a run of backticks that does not occur in the text, at least so long.
func fenceFor(text string, least int) string {
	longest, run := 0, 0
	for _, r := range text {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return strings.Repeat("`", max(least, longest+1))
}

// plainLink is a link that can do nothing but lead where it says: its label is itself.
var plainLink = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/?#&=%+,;:-]*)?$`)

func link(s string) string {
	if plainLink.MatchString(s) && len(s) <= maxShown {
		return "<" + s + ">"
	}
	return code(s)
}

func who(a Act) string {
	switch {
	case a.Machine != "":
		return "the bot (" + code(a.Machine) + ")"
	case a.By == "":
		return "somebody"
	case a.Handle == "":
		return person(a.By)
	}
	return person(a.By) + " through " + code(a.Handle)
}

func person(id workflows.PersonID) string { return code(id.At()) }

func persons(ids []workflows.PersonID) string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, person(id))
	}
	if len(out) == 0 {
		return "nobody"
	}
	return strings.Join(out, ", ")
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func short(commit string) string { return code(workflows.ShortID(commit)) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// page is a report with what its page works out for its readers.
type page struct{ Report }

// Opening is one time that users were let in.
type Opening struct {
	Gate
	Passing
}

// Openings are the times that users were let in, in their order.
func (r Report) Openings() []Opening {
	var out []Opening
	for _, g := range r.Gates {
		for _, x := range g.Passed {
			if g.Opens {
				out = append(out, Opening{g, x})
			}
		}
	}
	slices.SortFunc(out, func(a, b Opening) int { return int(a.Event) - int(b.Event) })
	return out
}

// Authority is what let somebody pass a gate: the roles they held, of those that may. It takes none to break the glass.
func (r Report) Authority(x Passing) []Held {
	may := []workflows.Role{workflows.ReleaseManager, workflows.Engineering, workflows.SRE}
	switch {
	case x.Glass != nil:
		return nil
	case r.RiskAt(x).Tier().Managed:
		may = may[:1]
	}
	var out []Held
	for _, c := range r.Policies {
		for _, a := range c.People {
			if c.Hash != x.Policy || a.Person != x.By {
				continue
			}
			out = append(out, slices.DeleteFunc(slices.Clone(a.Roles), func(h Held) bool { return !slices.Contains(may, h.Role) })...)
		}
	}
	return out
}

// RiskAt is the risk of the release when a gate was passed.
func (r Report) RiskAt(x Passing) policy.Risk { return cmp.Or(x.Risk, r.Risk) }

// ManagerAt is who managed the release when a gate was passed.
func (r Report) ManagerAt(x Passing) workflows.PersonID {
	for _, m := range r.Managers {
		if x.Event < m.Event {
			return m.From
		}
	}
	return r.Manager
}

// Needs is what the risk asked of the gate when it was passed.
func (o Opening) Needs() Asks {
	if o.Needed != nil {
		return *o.Needed
	}
	return o.Asks
}

// Builds are those of the candidate with which a gate was passed.
func (p page) Builds(x Passing) map[string]string {
	var builds map[string]string
	for _, c := range p.Candidates {
		if c.Event < x.Event {
			builds = c.Builds
		}
	}
	return builds
}

// Fate says what became of a vote: a name that the words know.
func (p page) Fate(g Gate, v Vote) string {
	counted := func(x Passing) bool { return slices.Contains(x.Counted, v.Event) }
	switch n := len(g.Passed); {
	case n > 0 && g.Passed[n-1].Undone == nil && v.Ended == nil && v.Event > g.Passed[n-1].Event:
		return "later"
	case n > 0 && counted(g.Passed[n-1]):
		return "counted"
	case slices.ContainsFunc(g.Passed, counted):
		return "counted before"
	case v.Ended != nil:
		return v.Ended.How
	case v.Stale != 0:
		return "stale"
	case v.Value != release.OK && v.Value != release.NA && v.Value != release.ByPlan:
		return "against"
	case n > 0:
		return "not counted"
	}
	return "stands"
}

// Last is the newest published tip; nil: none was.
func (p page) Last() *Anchor {
	if len(p.Anchors) == 0 {
		return nil
	}
	return &p.Anchors[len(p.Anchors)-1]
}
