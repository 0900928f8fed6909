package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

// roomy is what reading any file may take beside what is there already: heap, with what waits to be collected, and
// stacks.
const roomy = 64 << 20

// A file is not read further than a configuration can be long.
func TestAVastFile(t *testing.T) {
	vast := filepath.Join(t.TempDir(), "readyroom.yaml")
	if err := os.WriteFile(vast, []byte("owners: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(vast, 100<<20); err != nil {
		t.Fatal(err)
	}
	var err error
	if took := peak(t, func() { _, err = config.Load(vast) }); took > roomy {
		t.Errorf("it takes %d MiB", took>>20)
	}
	if err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Error(err)
	}
}

// peak runs do, and gives the most memory that it had in use.
func peak(t *testing.T, do func()) uint64 {
	t.Helper()
	runtime.GC()
	before := inUse()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	most := before
	for {
		most = max(most, inUse())
		select {
		case <-done:
			return max(most, inUse()) - before
		case <-time.After(time.Millisecond):
		}
	}
}

func inUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}
