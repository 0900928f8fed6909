package datadir

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Holder is a process that has a data directory open.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Command string    `json:"command,omitempty"`
	Socket  string    `json:"socket,omitempty"` // where it answers; empty: nowhere
}

// Held says who holds a directory, as the last one that opened it wrote down. Only a lock says that it still does.
func Held(dir string) (Holder, error) {
	var h Holder
	text, err := os.ReadFile(filepath.Join(dir, holderFile))
	if err != nil {
		return h, fmt.Errorf("who holds %s: %w", dir, err)
	}
	if err := json.Unmarshal(text, &h); err != nil {
		return h, fmt.Errorf("who holds %s: %w", dir, err)
	}
	return h, nil
}

func (h Holder) write(dir string) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, holderFile)
	if err := os.WriteFile(path+".new", append(text, '\n'), fileMode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// String is the holder as a clause for people.
func (h Holder) String() string {
	s := fmt.Sprintf("pid %d", h.PID)
	if h.Command != "" {
		s += " (" + workflows.Display(h.Command, 60) + ")"
	}
	if h.Host != "" {
		s += " on " + workflows.Display(h.Host, 60)
	}
	if !h.Since.IsZero() {
		s += " since " + h.Since.Format("2006-01-02 15:04:05 MST")
	}
	return s
}

// heldBy is who holds a directory, to follow a word; empty when nobody wrote it down.
func heldBy(dir string) string {
	h, err := Held(dir)
	if err != nil || h.PID == 0 {
		return ""
	}
	return ", " + h.String()
}
