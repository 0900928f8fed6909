package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/readyroom/readyroom/bot/chat"
)

// journal is an append-only file of JSON lines. A line counts once its end is written; what a crash left without an
// end never counted and is cut off before the next line. Lines survive the process at once, the machine when it has
// written its caches: this is a chat's memory, not a ledger.
type journal struct {
	file *os.File
	size int64 // of the lines that count
	torn bool  // something follows them
}

// openJournal opens or makes the file and hands each line to replay.
func openJournal(path string, replay func(line []byte) error) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err := j.replay(replay); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return j, nil
}

func (j *journal) replay(each func(line []byte) error) error {
	data, err := io.ReadAll(j.file)
	if err != nil {
		return err
	}
	n := 0
	for line := range bytes.Lines(data) {
		if n++; line[len(line)-1] != '\n' {
			j.torn = true
			break
		}
		if err := each(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		j.size += int64(len(line))
	}
	return nil
}

// append writes one line. Its error is a fault to retry: a line that was not wholly written does not count.
func (j *journal) append(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return &chat.Fault{Verdict: chat.Fatal, Err: err}
	}
	line = append(line, '\n')
	if j.torn {
		if err := j.file.Truncate(j.size); err != nil {
			return &chat.Fault{Verdict: chat.Retry, Err: err}
		}
		j.torn = false
	}
	if _, err := j.file.WriteAt(line, j.size); err != nil {
		j.torn = true
		return &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	j.size += int64(len(line))
	return nil
}
