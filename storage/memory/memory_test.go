package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEngine(t *testing.T) {
	storagetest.Run(t, func(*testing.T) func() (storage.Engine, error) {
		last := memory.New()
		first := true
		return func() (storage.Engine, error) {
			if !first {
				last = last.Reopen()
			}
			first = false
			return last, nil
		}
	})
}
