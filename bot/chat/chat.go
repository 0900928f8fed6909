// Package chat holds the words of conversation: what came in, what is answered, what is posted, and what a command
// declares of itself. Plain data, neutral of every platform; no logic lives here.
package chat

import (
	"context"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Request is one line, press or submitted form, authenticated by its platform.
type Request struct {
	ID     string // unique per request, stable when the platform sends it again
	By     workflows.Handle
	At     workflows.Place
	Text   string            // the line as typed, with or without /release; a button's line
	Values map[string]string // typed options or a form's fields, by parameter name
	Typed  bool              // the values are typed options: they came with the line, and no form was sent
	Focus  string            // of a Completer's: the parameter that is being typed, Values[Focus] being what stands in it so far
	Press  bool              // a button: Text ends in its basis
	Open   bool              // asked where others follow, as in a thread: what is fit for all of them is answered in the open
	When   time.Time
}

// Handler answers requests. It never fails: a fault is answered with a reference.
type Handler func(context.Context, Request) Reply

// Reply is what the asker sees; others see the card change.
type Reply struct {
	Message *Message
	Form    *Form
	Wrong   map[string]string  // field → what is wrong with it; the form stays open
	Choices []workflows.Choice // the asker only has to choose
	Refusal *workflows.Refusal // set when the answer is a no; Message says it in words
	Items   []workflows.ItemLine
	Files   []File
	Open    bool // in the open instead of for the asker only
	Posted  bool // there is no answer of its own: the post that follows is the answer
}

// Message is a drawing in neutral form. Its text is internal; see PublicMessage.
type Message struct {
	Title   string   `json:"title,omitempty"`
	Lines   []string `json:"lines,omitempty"`
	Buttons []Button `json:"buttons,omitempty"`
	Small   string   `json:"small,omitempty"` // small print, below the buttons: how a press is typed
	Whole   string   `json:"whole,omitempty"` // the line that shows all of it, offered where not all of it fits
	// Verbatim is set where the lines are what was approved, or is to be: no platform words them otherwise.
	Verbatim bool `json:"-"`
}

// PublicMessage is a drawing for a public destination: its text cannot hold internal words.
type PublicMessage struct {
	Title   workflows.Public
	Lines   []workflows.Public
	Buttons []Button
	Whole   string // the line that shows all of it, which anyone may type
}

// Message widens a public drawing; the way back does not exist.
func (m PublicMessage) Message() Message {
	out := Message{Title: m.Title.String(), Buttons: m.Buttons, Whole: m.Whole}
	for _, l := range m.Lines {
		out.Lines = append(out.Lines, l.String())
	}
	return out
}

// Button is a typed command. Line and Basis together fit in MaxLine bytes.
type Button struct {
	Label string `json:"label"`
	Line  string `json:"line"`
	Basis string `json:"basis,omitempty"` // what it was drawn at: "~3f2a9c1.4"
}

// MaxLine is what a button may carry: Discord's limit for custom_id.
const MaxLine = 100

// Value is what a platform carries and sends back as a Request's text.
func (b Button) Value() string {
	if b.Basis == "" {
		return b.Line
	}
	return b.Line + " " + b.Basis
}

// Form asks for fields; submitting sends Value with the fields as values.
type Form struct {
	Title  string  `json:"title"`
	Line   string  `json:"line"`
	Basis  string  `json:"basis,omitempty"` // what it was opened at; submitting is a press
	Submit string  `json:"submit"`
	Fields []Field `json:"fields"`
}

// Value is what submitting sends as a Request's text, with Press set and the fields as its values.
func (f Form) Value() string { return Button{Line: f.Line, Basis: f.Basis}.Value() }

// Field is one line or one text of a form.
type Field struct {
	Key      string   `json:"key"` // a parameter's name
	Label    string   `json:"label"`
	Hint     string   `json:"hint,omitempty"`
	Value    string   `json:"value,omitempty"`
	Long     bool     `json:"long,omitempty"` // several lines
	Required bool     `json:"required,omitempty"`
	Choices  []string `json:"choices,omitempty"`
	Kind     Kind     `json:"-"` // what it holds, for a platform that has a picker for that
}

// Kind says what a parameter holds; parser, forms, typed options and completion go by it.
type Kind string

// The kinds of parameter.
const (
	KindText      Kind = "text"      // one word or quoted words
	KindRest      Kind = "rest"      // what follows -- : a reason, a note, a text
	KindNew       Kind = "new"       // a release that does not exist yet: product@version
	KindRelease   Kind = "release"   // a release selector
	KindItems     Kind = "items"     // item selectors, separated by commas
	KindItem      Kind = "item"      // one item selector
	KindTemplate  Kind = "template"  // the name of a checklist
	KindCatalogue Kind = "catalogue" // an item of the catalogue, or a gate
	KindChoice    Kind = "choice"    // one of Choices
	KindRole      Kind = "role"
	KindRef       Kind = "ref"    // a commit, branch or tag
	KindDate      Kind = "date"   // the strict grammar of dates
	KindFlag      Kind = "flag"   // a flag's key
	KindEnv       Kind = "env"    // an environment
	KindPerson    Kind = "person" // @ana
	KindURL       Kind = "url"
	KindPlanned   Kind = "planned" // what can be planned: a link, #12, ABC-12, or a feature's release
	KindIssue     Kind = "issue"   // an issue or a pull request: its link, or #12
	KindSwitch    Kind = "switch"  // --dry-run
)

// Param is one declared parameter.
type Param struct {
	Name     string // "target", "item"; an option is typed --name, a positional stands in order
	Kind     Kind
	Short    string // help, at most 100 characters
	Option   bool   // --name VALUE; otherwise positional
	Required bool
	Choices  []string
	Hint     string // how the value reads in usage: "REF", "PRODUCT@VERSION"; empty: Name in capitals
	Offered  bool   // of a typed tree: completion knows what there is of it, or what it may mean
}

// Command is the neutral part of a command's declaration.
type Command struct {
	Path   []string // {"candidate", "set"}
	Short  string   // at most 100 characters
	Params []Param
}

// MessageID names a posted message on its platform.
type MessageID string

// Post is one message on its way out.
type Post struct {
	Key     string // unique per delivery; a platform keeps it with the message so that Find can find it
	Place   workflows.Place
	Thread  MessageID // answer in this message's thread
	Edit    MessageID // edit this message instead of posting; what does not fit into it goes on in its thread
	Stays   bool      // it is edited whenever something changes, so it stays one message: what does not fit is cut, not continued
	Again   bool      // a former attempt may have arrived, in part: what is there is not posted twice
	Since   time.Time // it was not sent before; zero: nobody knows. Who looks for it looks that far back
	Message Message
}

// Sender delivers posts to one platform. Its errors say what to do next: see Fault.
type Sender interface {
	Send(context.Context, Post) (MessageID, error)
}

// Wide is an optional second interface of a Sender that may be called for several places at once: how many. Posts to
// one place come one after the other in any case.
type Wide interface {
	Width() int
}

// Finder is an optional second interface of a Sender: it looks for a post whose outcome is unknown.
type Finder interface {
	Find(context.Context, Post) (MessageID, bool, error)
}

// Verdict says what a failed send means.
type Verdict string

// The verdicts.
const (
	Retry   Verdict = "retry"   // certainly not sent; again after After
	Fatal   Verdict = "fatal"   // certainly not sent, and sending again would not help
	Unclear Verdict = "unclear" // it may have been sent: reconcile first
	Park    Verdict = "park"    // certainly not sent: the place takes nothing until somebody mends it there; again later on
)

// Fault is a failed send with its verdict. Any other error counts as Unclear.
type Fault struct {
	Verdict Verdict
	After   time.Duration
	Gone    bool // the message to edit or answer is no longer there: what it showed is posted anew
	Paced   bool // of Retry: the platform asks for a slower pace. It is no failure, and the post is not given up for it
	Alone   bool // of Paced: only this post has to wait; what follows at its place may overtake it
	Err     error
}

func (f *Fault) Error() string { return string(f.Verdict) + ": " + f.Err.Error() }

func (f *Fault) Unwrap() error { return f.Err }
