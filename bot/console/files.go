package console

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// attached is a file of an answer, as it was written.
type attached struct {
	Name string `json:"name"`
	Size int    `json:"size"`
	Err  string `json:"error,omitempty"` // why it was not written
}

// maxCopies is how often one name may be in a folder already.
const maxCopies = 1000

// save writes the files of an answer into the folder. Nothing is overwritten: where a name is taken, all of them get the
// same number.
func save(folder string, files []chat.File) []attached {
	var out []attached
	for _, f := range files {
		out = append(out, attached{Name: f.Name, Size: len(f.Data), Err: "no folder to write to here → readyroom evidence RELEASE writes it where you are"})
	}
	if folder == "" || len(files) == 0 {
		return out
	}
	for n := 1; n <= maxCopies; n++ {
		if !taken(folder, files, n) {
			for i, f := range files {
				out[i].Name, out[i].Err = numbered(f.Name, n), ""
				if err := write(filepath.Join(folder, out[i].Name), f.Data); err != nil {
					out[i].Err = err.Error()
				}
			}
			return out
		}
	}
	for i := range out {
		out[i].Err = fmt.Sprintf("there are %d of that name already", maxCopies)
	}
	return out
}

// numbered puts a number into a name, before its last ending; the first has none.
func numbered(name string, n int) string {
	name = filepath.Base(name)
	if n == 1 {
		return name
	}
	end := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, end), n, end)
}

func taken(folder string, files []chat.File, n int) bool {
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(folder, numbered(f.Name, n))); err == nil {
			return true
		}
	}
	return false
}

// write makes a file that was not there; what cannot be written whole is not left behind.
func write(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// drawFiles makes a row of each file.
func drawFiles(files []attached) []row {
	var out []row
	for _, f := range files {
		size := fmt.Sprintf("%d bytes", f.Size)
		if f.Size == 1 {
			size = "1 byte"
		}
		line := fmt.Sprintf("%swrote %s (%s)", indent, f.Name, size)
		if f.Err != "" {
			line = fmt.Sprintf("%snot written: %s (%s): %s", indent, f.Name, size, f.Err)
		}
		out = append(out, plain(oneLine(line)))
	}
	return out
}
