package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Memory is the chat's own memory, not the bot's: what the console's channels and direct messages show, and the answers
// with buttons that only their asker sees. It is kept in one file, so that a press works in a later run. It may be used
// concurrently, by one process at a time.
type Memory struct {
	mu      sync.Mutex
	journal *journal
	said    []message // in order of posting, as they read now
	index   map[chat.MessageID]int
	keys    map[string]chat.MessageID
	sent    []message // by Send since the last drain, edits included
}

// message is one message, and one line of the file.
type message struct {
	ID      chat.MessageID   `json:"id"`
	Key     string           `json:"key,omitempty"` // of the delivery that brought it
	Place   workflows.Place  `json:"place"`
	Thread  chat.MessageID   `json:"thread,omitempty"`
	Edit    bool             `json:"edit,omitempty"`
	For     workflows.Handle `json:"for,omitempty"` // an answer that only they see
	Message chat.Message     `json:"message"`
}

// OpenMemory reads the memory in a file, which is made if it is not there. Close it in the end.
func OpenMemory(path string) (*Memory, error) {
	m := &Memory{index: map[chat.MessageID]int{}, keys: map[string]chat.MessageID{}}
	j, err := openJournal(path, func(line []byte) error {
		var said message
		if err := json.Unmarshal(line, &said); err != nil {
			return err
		}
		return m.recall(said)
	})
	if err != nil {
		return nil, fault("read what the console's channels show", err)
	}
	m.journal = j
	return m, nil
}

// Close closes the file.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fault("close what the console's channels show", m.journal.file.Close())
}

// Send posts or edits a message. An empty message, a place that is not the console's, and an edit or thread of a
// message that is not in the post's place are Fatal; a file that cannot be written is a Retry.
func (m *Memory) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	if err := ctx.Err(); err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	next, err := m.take(p)
	if err != nil {
		return "", &chat.Fault{Verdict: chat.Fatal, Gone: errors.Is(err, errGone), Err: err}
	}
	if err := m.put(next); err != nil {
		return "", fault("write "+string(next.ID), err)
	}
	m.sent = append(m.sent, next)
	return next.ID, nil
}

// Find looks for what was sent under the post's key: a message, or the one that was edited.
func (m *Memory) Find(ctx context.Context, p chat.Post) (chat.MessageID, bool, error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	id, ok := m.keys[p.Key]
	return id, ok, nil
}

// errGone: what should be edited is not there, as after somebody removed the chat's memory.
var errGone = errors.New("no such message")

// take makes a message of a post.
func (m *Memory) take(p chat.Post) (message, error) {
	next := message{ID: m.nextID(), Key: p.Key, Place: p.Place, Message: p.Message}
	switch c := p.Place.Channel(); {
	case p.Place.Platform() != Platform || len(c) < 2 || c[0] != '#' && c[0] != '@':
		return next, fmt.Errorf("%q is no place of the console", p.Place)
	case p.Message.Title == "" && len(p.Message.Lines) == 0:
		return next, errors.New("the message is empty")
	case p.Edit != "":
		old, ok := m.at(p.Place, p.Edit)
		if !ok {
			return next, fmt.Errorf("edit %s in %s: %w", p.Edit, c, errGone)
		}
		next.ID, next.Thread, next.Edit = old.ID, old.Thread, true
	case p.Thread != "":
		parent, ok := m.at(p.Place, p.Thread)
		if !ok {
			return next, fmt.Errorf("no message %s in %s to answer", p.Thread, c)
		}
		next.Thread = parent.ID
		if parent.Thread != "" {
			next.Thread = parent.Thread // threads do not nest
		}
	}
	return next, nil
}

func (m *Memory) nextID() chat.MessageID {
	return chat.MessageID(fmt.Sprintf("m%d", len(m.said)+1))
}

func (m *Memory) at(place workflows.Place, id chat.MessageID) (message, bool) {
	i, ok := m.index[id]
	if !ok || m.said[i].Place != place || m.said[i].For != "" {
		return message{}, false
	}
	return m.said[i], true
}

// put writes a message, then remembers it.
func (m *Memory) put(next message) error {
	if err := m.journal.append(next); err != nil {
		return err
	}
	return m.recall(next)
}

// recall remembers one line of the file.
func (m *Memory) recall(said message) error {
	i, ok := m.index[said.ID]
	switch {
	case said.Edit && !ok:
		return fmt.Errorf("message %s is edited before it is there", said.ID)
	case said.Edit:
		m.said[i].Message = said.Message
	case said.ID != m.nextID():
		return fmt.Errorf("message %q stands where %s belongs", said.ID, m.nextID())
	default:
		m.index[said.ID] = len(m.said)
		m.said = append(m.said, said)
	}
	if _, again := m.keys[said.Key]; said.Key != "" && !again {
		m.keys[said.Key] = said.ID
	}
	return nil
}

// answer remembers a reply that others see too, or that has something to press: its buttons and its choices. Without
// either it leaves no trace and has no id.
func (m *Memory) answer(at workflows.Place, by workflows.Handle, r chat.Reply) (chat.MessageID, error) {
	var text chat.Message
	if r.Message != nil {
		text = *r.Message
	}
	text.Buttons = slices.Clone(text.Buttons)
	for _, c := range r.Choices {
		text.Buttons = append(text.Buttons, chat.Button{Label: c.Label, Line: c.Line})
	}
	seen := r.Open && r.Message != nil
	if !seen && len(text.Buttons) == 0 {
		return "", nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	next := message{ID: m.nextID(), Place: at, Message: text}
	if !r.Open {
		next.For = by
	}
	return next.ID, fault("remember the answer", m.put(next))
}

// drain gives what Send brought since the last call.
func (m *Memory) drain() []message {
	m.mu.Lock()
	defer m.mu.Unlock()
	sent := m.sent
	m.sent = nil
	return sent
}

// visible gives what a person sees in a place, with their direct messages and the answers to them, newest first.
func (m *Memory) visible(who workflows.Handle, at workflows.Place) []message {
	m.mu.Lock()
	defer m.mu.Unlock()
	var seen []message
	for _, s := range slices.Backward(m.said) {
		shared := s.For == "" && (s.Place == at || s.Place == workflows.Direct(who))
		if shared || s.For == who {
			seen = append(seen, s)
		}
	}
	return seen
}

// shows gives what a place shows now to everyone in it, each message followed by its thread.
func (m *Memory) shows(at workflows.Place) []message {
	m.mu.Lock()
	defer m.mu.Unlock()
	threads := map[chat.MessageID][]message{}
	for _, s := range m.said {
		if s.Place == at && s.For == "" {
			threads[s.Thread] = append(threads[s.Thread], s)
		}
	}
	var shown []message
	for _, s := range threads[""] {
		shown = append(append(shown, s), threads[s.ID]...)
	}
	return shown
}

// channels gives the channels in which something stands, the one that was written in last first.
func (m *Memory) channels() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, s := range slices.Backward(m.said) {
		if name := s.Place.Channel(); !s.Place.IsDirect() && s.For == "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
