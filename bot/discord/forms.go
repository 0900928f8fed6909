package discord

import (
	"crypto/rand"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

// A form is told by its id: "rr:form:KEY:confirm k3f9." names what is remembered of it and its line, with what it was
// opened at. So are the buttons that open a form and that send one as it is. "!" at the end in place of "." says that
// sending is a press, "?" that the line is not there whole. Discord keeps an id, and people cannot change it; nobody's say
// hangs on it all the same: that is of whoever sends the form.
const (
	formID  = "rr:form:"
	openID  = "rr:open:"
	sendID  = "rr:send:"
	keySize = 10
	maxID   = chat.MaxLine - len("/99") // which one of several modals a form is follows
)

// The marks at the end of a line.
const (
	isLine  = '.'
	isPress = '!'
	isCut   = '?'
)

// formRef is what an id says.
type formRef struct {
	key   string
	line  string
	press bool
	cut   bool // the line is not whole: only what is remembered tells what to do
}

// id writes it. A line that has no room is left out but for its beginning, by which people can type it.
func (r formRef) id(kind string) string {
	mark := isLine
	if r.press {
		mark = isPress
	}
	head := kind + r.key + ":"
	if len(head)+len(r.line)+1 > maxID || r.cut {
		mark = isCut
		r.line = beginning(r.line, maxID-len(head)-1)
	}
	return head + r.line + string(mark)
}

// readRef reads an id of a kind, and which of the modals of its form is meant, from 1 on.
func readRef(kind, id string) (r formRef, part int, ok bool) {
	id, part = embeds.FormOf(id)
	rest, ok := strings.CutPrefix(id, kind)
	if !ok || len(rest) < keySize+2 || rest[keySize] != ':' {
		return formRef{}, 0, false
	}
	last := len(rest) - 1
	r = formRef{key: rest[:keySize], line: rest[keySize+1 : last]}
	switch rest[last] {
	case isLine:
	case isPress:
		r.press = true
	case isCut:
		r.cut = true
	default:
		return formRef{}, 0, false
	}
	return r, part, r.cut || r.line != ""
}

// beginning is as much of a line as fits, whole words if it can be.
func beginning(line string, most int) string {
	if len(line) <= most {
		return line
	}
	for most > 0 && !utf8.RuneStart(line[most]) {
		most--
	}
	line = line[:most]
	if i := strings.LastIndexByte(line, ' '); i > 0 {
		line = line[:i]
	}
	return line
}

// How much is remembered of forms, and for how long.
const (
	draftFor   = time.Hour
	maxDrafts  = 1000
	draftsEach = 10 // of one person
)

// drafts remembers forms, and what was entered in them: a form of Discord's cannot stay open. Its zero value is ready. What
// it holds is gone with the process.
type drafts struct {
	mu    sync.Mutex
	of    map[string]draft // by key
	order []string         // oldest first
}

// keep remembers a draft, and gives its key.
func (s *drafts) keep(d draft, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[string]draft{}
	}
	d.at = now
	key := rand.Text()[:keySize]
	s.of[key], s.order = d, append(s.order, key)
	mine := 0
	for i := len(s.order) - 1; i >= 0; i-- {
		k := s.order[i]
		was := s.of[k]
		if was.user == d.user {
			mine++
		}
		if was.user == d.user && mine > draftsEach || now.Sub(was.at) > draftFor || len(s.order)-i > maxDrafts {
			delete(s.of, k)
		}
	}
	left := s.order[:0]
	for _, k := range s.order {
		if _, ok := s.of[k]; ok {
			left = append(left, k)
		}
	}
	s.order = left
	return key
}

// find gives what is remembered under a key, for whoever it is of and nobody else.
func (s *drafts) find(key, user string, now time.Time) (draft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.of[key]
	if !ok || d.user != user || now.Sub(d.at) > draftFor {
		return draft{}, false
	}
	return d, true
}
