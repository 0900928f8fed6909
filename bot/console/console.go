// Package console is the terminal as a chat platform: it reads lines, asks the handler, prints answers and posts, and
// keeps the chat's own memory (channels, direct messages, answers with buttons) in one file. It draws, sends and
// listens like any other platform.
//
// It must not know what a line means, what a release is, or where the bot keeps its data.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Platform is the first word of every handle and place of the console.
const Platform = "console"

// Reasons that only the console gives.
const (
	UnknownButton workflows.Reason = "unknown_button" // nothing in sight bears that label
	NoForm        workflows.Reason = "no_form"        // nobody asked this person for anything
	NotSimulated  workflows.Reason = "not_simulated"  // only simulated time can be moved
	Unedited      workflows.Reason = "unedited"       // the editor did not end well
)

// Options are what a console is made of. Handle, Step, Known, Memory, Clock, IDs, In and Out are required.
type Options struct {
	Handle chat.Handler
	// Step delivers what is due now and says when to come again, if at all. It is called at the start, after every
	// line and, by the real clock, when something comes due while a line is awaited.
	Step    func(context.Context) (next time.Time, ok bool, err error)
	Known   func(context.Context, workflows.Handle) bool // who may be named by @person
	Join    string                                       // what an unknown person is told to do
	Memory  *Memory                                      // where Step's posts arrive
	Clock   *Clock
	IDs     func() string // a fresh request id on each call
	Person  string        // who types at first; empty: you
	Channel string        // where, at first; empty: #general
	In      io.Reader     // if the context ends while it is being read, it is closed if it can be
	Out     io.Writer
	Banner  []string // printed first; not with JSON
	Folder  string   // where the files of answers are written; empty: nowhere

	// Complete offers ways on from the end of a line, without person and channel; nil: nothing does.
	Complete chat.Completer
	People   func(context.Context) []string // who may be completed as @person; nil: nobody
	TTY      *TTY                           // the terminal that somebody sits at: In, Out and Terminal follow from it; not with JSON
	History  string                         // the file that keeps what is typed at the TTY; empty: only this run knows

	// Edit lets whoever sits there edit a text in a program of their own, and gives what they made of it; where that cannot
	// be, it refuses. Forms that ask for nothing but one text are answered so; nil: with !fill.
	Edit func(ctx context.Context, name, text string) (string, error)

	JSON     bool // one JSON object a line instead of drawings
	Strict   bool // Run reports whether a line was refused
	Terminal bool // somebody sits there, at a terminal that can do no more than print: prompt
}

// Console is one run over one input. It is not for concurrent use.
type Console struct {
	Options
	screen  *screen
	history *history // of the TTY
	forms   map[workflows.Handle]openForm
	edited  *chat.File // what came out of the editor, while it is sent
	id      string     // what !id set for the next line
	next    time.Time  // when Step wants to be called again, if due
	due     bool
	refused bool
}

// openForm is a form that waits for its person's !fill.
type openForm struct {
	at   workflows.Place
	form chat.Form
}

// New makes a console.
func New(o Options) *Console {
	if o.Person == "" {
		o.Person = "you"
	}
	if o.Channel == "" {
		o.Channel = "#general"
	}
	if o.TTY != nil {
		o.In, o.Out, o.Terminal = o.TTY.in, o.TTY, true
	}
	c := &Console{Options: o, screen: newScreen(o), forms: map[workflows.Handle]openForm{}}
	c.screen.where = func() string { // nothing, as long as nobody moved
		if c.Person == o.Person && c.Channel == o.Channel {
			return ""
		}
		return oneLine("@" + c.Person + " " + c.Channel + " ")
	}
	return c
}

// errQuit ends a run from within a line.
var errQuit = errors.New("quit")

// Run reads lines until the input ends, !quit, a fault, or the context's end (which is its error). With Strict it
// reports whether any line was refused.
func (c *Console) Run(ctx context.Context) (refused bool, err error) {
	in := c.lines(ctx)
	defer in.stop()
	c.screen.banner(c.Banner)
	err = c.deliver(ctx)
	for err == nil {
		var line string
		if line, err = c.await(ctx, in); err == nil || isRefusal(err) {
			err = c.turn(ctx, line, err)
		}
	}
	if errors.Is(err, errQuit) || errors.Is(err, io.EOF) {
		err = nil
	}
	return c.refused && c.Strict, errors.Join(err, c.screen.flush())
}

// lines starts reading where somebody types.
func (c *Console) lines(ctx context.Context) *input {
	if c.TTY != nil {
		return c.typed(ctx)
	}
	return readLines(c.In)
}

// turn carries out one line (or shows why it could not be read), then delivers what came of it.
func (c *Console) turn(ctx context.Context, text string, err error) error {
	if err == nil {
		err = c.line(ctx, text)
	} else {
		c.id = "" // it was for this line
	}
	var no *workflows.Refusal
	if errors.As(err, &no) {
		err = c.answer(c.place(), chat.Reply{Refusal: no})
	}
	if err != nil {
		return err
	}
	return c.deliver(ctx)
}

// line carries out one line.
func (c *Console) line(ctx context.Context, text string) error {
	l := parseLine(text)
	if l.skip {
		return nil
	}
	word, arg := cutWord(l.rest)
	if word != "" && word != "!id" {
		defer func() { c.id = "" }() // it was for this line, also if no request comes of it
	}
	if err := c.move(ctx, l); err != nil {
		return err
	}
	switch {
	case word == "":
		return nil
	case word[0] == '!':
		return c.shout(ctx, word, arg)
	}
	return c.ask(ctx, chat.Request{At: c.place(), Text: l.rest})
}

// move lets the line's person and channel stay, if there are such.
func (c *Console) move(ctx context.Context, l line) error {
	if l.named && !c.Known(ctx, handle(l.person)) {
		return workflows.Refuse(workflows.UnknownPerson, "nobody here is @"+workflows.Display(l.person, maxName)).
			Type(c.Join)
	}
	if l.channel != "" && !validChannel(l.channel) {
		return workflows.Refuse(workflows.Invalid, workflows.Display(l.channel, maxName)+
			" cannot be a channel: # and up to 80 letters, digits, dots, dashes and underscores").Type("#general")
	}
	if l.named {
		c.Person = l.person
	}
	if l.channel != "" {
		c.Channel = l.channel
	}
	return nil
}

// ask has a request handled and shows the answer. The handler returns once its commit is known, so nothing is printed
// that could still be lost.
func (c *Console) ask(ctx context.Context, r chat.Request) error {
	r.ID = c.id
	if r.ID == "" {
		r.ID = c.IDs()
	}
	r.By, r.When = c.me(), c.Clock.Now()
	reply := c.rescued(c.Handle(ctx, r))
	switch {
	case reply.Form != nil:
		c.forms[r.By] = openForm{at: r.At, form: *reply.Form}
	case r.Values != nil && len(reply.Wrong) == 0:
		delete(c.forms, r.By)
	}
	if c.opens(r, reply) {
		c.id = "" // it was for the line that asked
		return c.edit(ctx, c.forms[r.By])
	}
	return c.answer(r.At, reply)
}

// answer remembers what of a reply can be seen or pressed later, and prints it.
func (c *Console) answer(at workflows.Place, r chat.Reply) error {
	if r.Refusal != nil && r.Message == nil {
		r.Message = &chat.Message{Title: r.Refusal.Error()}
	}
	c.refused = c.refused || r.Refusal != nil || len(r.Wrong) > 0
	id, err := c.Memory.answer(at, c.me(), r)
	if err != nil {
		return err
	}
	_, open := c.forms[c.me()]
	c.screen.reply(answered{id: id, at: at, by: c.me(), reply: r, open: open, files: save(c.Folder, r.Files)})
	if r.Posted {
		c.screen.expect(at)
	}
	return c.screen.flush()
}

func (c *Console) me() workflows.Handle   { return handle(c.Person) }
func (c *Console) place() workflows.Place { return workflows.Place(Platform + "/" + c.Channel) }

func handle(person string) workflows.Handle { return workflows.Handle(Platform + "/" + person) }

func isRefusal(err error) bool {
	var no *workflows.Refusal
	return errors.As(err, &no)
}

func fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
