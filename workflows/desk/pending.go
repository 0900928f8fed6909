package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// How long a question and the offer to take something back stand.
const (
	confirmFor = 2 * time.Minute
	undoFor    = 10 * time.Minute
)

const pendingTable = "pending"

// maxLine is how much of a line that somebody else typed is shown to others.
const maxLine = 200

// question is the confirmation of a wish: what was decided is part of it, so that a press later means the same.
func (s *session) question(t target) *workflows.Pending {
	p := s.newPending(confirmFor, s.ask.Line, t.stream)
	p.Plan = s.plan
	if t.release.Risk.Tier().Typed && t.release.Exists() {
		p.Typed = t.release.ID.Version()
	}
	return p
}

// digest is what would happen, and to what, in short. The moment at which it would is no part of it: a press comes later
// than its question, and means the same.
func digest(stream workflows.Stream, basis workflows.Revision, events []workflows.Event, now time.Time) (string, error) {
	data, err := json.Marshal(events)
	if err != nil {
		return "", fmt.Errorf("planned events: %w", err)
	}
	moment, err := json.Marshal(now)
	if err != nil {
		return "", fmt.Errorf("planned events: %w", err)
	}
	data = bytes.ReplaceAll(data, moment, []byte(`"now"`))
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s", stream, basis, data))
	return hex.EncodeToString(sum[:]), nil
}

func (s *session) takeBack(line string, stream workflows.Stream, rev workflows.Revision) *workflows.Pending {
	p := s.newPending(undoFor, line, stream)
	p.Undo, p.Basis, p.Need = true, rev, s.ask.Wish.Needs()
	return p
}

func (s *session) newPending(life time.Duration, line string, stream workflows.Stream) *workflows.Pending {
	sum := sha256.Sum256([]byte(s.d.store.Instance() + s.ask.ID))
	key := "k" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:7])
	return &workflows.Pending{Key: key, Line: line, By: s.actor.Person, At: s.ask.At, Until: s.now.Add(life), Stream: stream}
}

// putPending keeps a pending wish; none is nothing to keep.
func (s *session) putPending(p *workflows.Pending) error {
	if p == nil {
		return nil
	}
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("pending %s: %w", p.Key, err)
	}
	if err := s.tx.PutRow(pendingTable, p.Key, data, p.Until); err != nil {
		return fmt.Errorf("pending %s: %w", p.Key, err)
	}
	return nil
}

func (s *session) pending(key string) (workflows.Pending, bool, error) { return pendingRow(s.tx, key) }

func pendingRow(tx *storage.Tx, key string) (workflows.Pending, bool, error) {
	var p workflows.Pending
	data, ok, err := tx.Row(pendingTable, key)
	if err == nil && ok {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return p, false, fmt.Errorf("pending %s: %w", key, err)
	}
	return p, ok, nil
}

// pressed gives the pending wish that the ask presses, if the press is good: by the same person, in time, and for an
// undo with nothing changed since.
func (s *session) pressed() (*workflows.Pending, error) {
	if s.ask.Press == "" {
		return nil, nil
	}
	if err := s.identify(); err != nil {
		return nil, err
	}
	p, ok, err := s.pending(s.ask.Press)
	switch {
	case err != nil:
		return nil, err
	case !ok, p.Used, s.now.After(p.Until):
		return nil, workflows.Refuse(workflows.Expired, "that was asked too long ago, or answered already").Type("/release status")
	case p.By != s.actor.Person:
		return nil, workflows.Refuse(workflows.NotAllowed, "only "+p.By.At()+" was asked").By(p.By.At()).Type("/release " + workflows.Display(p.Line, maxLine))
	case !s.typed(&p) && !s.dismisses():
		return nil, s.wrongVersion(&p, p.Typed)
	case p.Line != s.ask.Line:
		return nil, fmt.Errorf("press of %s carries out %q, asked was %q", p.Key, s.ask.Line, p.Line)
	}
	if p.Undo {
		w, err := s.on(p.Stream)
		if err != nil {
			return nil, err
		}
		if w.after.rev != p.Basis {
			return nil, workflows.Refuse(workflows.Changed, "it changed since: this is no longer a plain way back").Type("/release status")
		}
	}
	return &p, nil
}

// typed reports whether what a question wants to be typed was.
func (s *session) typed(question *workflows.Pending) bool {
	return question == nil || question.Typed == "" || s.ask.Typed == question.Typed
}

func (s *session) wrongVersion(p *workflows.Pending, version string) *workflows.Refusal {
	return workflows.Refuse(workflows.WrongVersion, fmt.Sprintf("%s is to be confirmed by typing %s", p.Stream.ID(), version)).
		By(p.By.At()).Type("/release confirm "+p.Key+" "+version, "/release confirm "+p.Key+" no")
}

func (s *session) dismisses() bool {
	_, no := s.ask.Wish.(workflows.Dismiss)
	return no
}

// undoing reports whether the ask takes something back.
func (s *session) undoing() bool {
	if s.ask.Press == "" {
		return false
	}
	p, ok, err := s.pending(s.ask.Press)
	return err == nil && ok && p.Undo
}
