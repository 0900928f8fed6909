package evidence

import (
	"bytes"
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/readyroom/readyroom/workflows"
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
