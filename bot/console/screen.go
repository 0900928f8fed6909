package console

import (
	"bufio"
	"io"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// screen prints, as drawings or as JSON. Failed writes surface in flush.
type screen struct {
	out      *bufio.Writer
	clock    *Clock
	json     bool
	terminal bool
	tty      *TTY            // nil: what is printed goes out as it is drawn
	prompted bool            // the cursor stands behind a prompt
	where    func() string   // what the prompt says before its mark
	expected workflows.Place // the next post there is the answer to the line
	failed   error
}

// answered is a reply with where and to whom it is given.
type answered struct {
	id    chat.MessageID
	at    workflows.Place
	by    workflows.Handle
	reply chat.Reply
	open  bool // a form waits for them
	files []attached
}

func newScreen(o Options) *screen {
	return &screen{out: bufio.NewWriter(o.Out), clock: o.Clock, json: o.JSON, terminal: o.Terminal && !o.JSON, tty: o.TTY}
}

func (s *screen) banner(lines []string) {
	for _, l := range lines {
		if !s.json {
			s.print(plain(oneLine(l)))
		}
	}
}

// trouble says in small print what does not work beside the line; nothing, if that is nothing.
func (s *screen) trouble(why string) {
	if why != "" {
		s.print(row{{text: indent}, {oneLine(why), small}})
	}
}

func (s *screen) reply(a answered) {
	if !s.json {
		s.print(append(drawReply(a.reply, a.open), drawFiles(a.files)...)...)
		return
	}
	if o := objectOfReply(a, s.clock.Now()); !a.reply.Posted || o.says() {
		s.object(o)
	}
}

// posts prints what was sent, in its order.
func (s *screen) posts(sent []message) {
	for _, m := range sent {
		if s.json {
			s.object(objectOfPost(m, s.clock.Now()))
			continue
		}
		rows := drawPost(m, s.expected != "" && m.Place == s.expected)
		s.print(rows...)
		if len(rows) > 0 && m.Place == s.expected {
			s.expected = ""
		}
	}
}

// expect says that the next post in a place is the answer; no place, that none is.
func (s *screen) expect(at workflows.Place) { s.expected = at }

func (s *screen) show(shown []message) {
	if !s.json {
		s.print(drawPlace(shown)...)
		return
	}
	for _, m := range shown {
		s.object(objectOfPost(m, s.clock.Now()))
	}
}

func (s *screen) prompt() {
	switch mark := s.where() + "> "; {
	case s.tty != nil:
		s.tty.edit.SetPrompt(mark) // shown once a line is read
	case s.terminal && !s.prompted:
		s.write(mark)
		s.prompted = true
	}
}

// entered says that the cursor left the prompt: by a typed line, whose end is on the screen, or by the input's end.
func (s *screen) entered(line bool) {
	if s.prompted && !line {
		s.write("\n")
	}
	s.prompted = false
}

func (s *screen) object(o object) {
	line, err := o.line()
	if err != nil {
		s.failed = err
		return
	}
	s.print(plain(line))
}

func (s *screen) print(rows ...row) {
	for _, r := range rows {
		lines := []string{r.String()}
		if s.tty != nil {
			lines = paint(r, s.tty.width(), s.tty.colours)
		}
		for _, l := range lines {
			if s.prompted {
				s.write("\n")
				s.prompted = false
			}
			s.write(l + "\n")
		}
	}
}

func (s *screen) write(text string) {
	if _, err := io.WriteString(s.out, text); err != nil && s.failed == nil {
		s.failed = err
	}
}

// flush brings to the reader what was printed, and says if that failed.
func (s *screen) flush() error {
	if err := s.out.Flush(); err != nil && s.failed == nil {
		s.failed = err
	}
	return fault("print", s.failed)
}
