package storage_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What a newer program wrote is neither read nor written, and told from damage.
func TestNewer(t *testing.T) {
	k := []byte("m")
	head, err := storage.Seal(k, []byte(`{"schema":3,"instance":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	row, err := storage.Seal(k, []byte(`{"schema":2,"instance":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		frame []byte
		newer bool
	}{
		"a newer store":  {head, true},
		"a newer record": {storage.Newer(k, row), true},
		"a bad record":   {row[1:], false},
	} {
		e := memory.New()
		if err := e.Update(t.Context(), func(w storage.Writer) error { return w.Put(k, c.frame) }); err != nil {
			t.Fatal(err)
		}
		_, err := storage.Open(t.Context(), e, storage.Options{})
		if errors.Is(err, storage.ErrNewer) != c.newer || errors.As(err, new(*storage.Damaged)) == c.newer {
			t.Errorf("%s: %v", name, err)
		}
	}
}
