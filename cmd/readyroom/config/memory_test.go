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

// What is looked for would be seen: memory that is held for a moment only, in one piece or in many, and what is given
// back at once.
func TestPeakNotices(t *testing.T) {
	var whole []byte
	var parts [][]byte
	if took := peak(t, func() { whole = make([]byte, roomy+1<<20); clear(whole); whole = whole[:1] }); took <= roomy {
		t.Errorf("in one piece: %d MiB", took>>20)
	}
	whole = nil
	if took := peak(t, func() {
		for range 17 << 10 {
			parts = append(parts, make([]byte, 4<<10))
		}
	}); took <= roomy {
		t.Errorf("in many: %d MiB", took>>20)
	}
	parts = nil
	before := allocated()
	for range 2 * busy >> 20 {
		whole = make([]byte, 1<<20)
	}
	if sum := allocated() - before; sum < busy || len(whole) == 0 || parts != nil {
		t.Errorf("given back at once: %d MiB", sum>>20)
	}
}

// peak runs do, and gives the most memory that it had in use.
func peak(t *testing.T, do func()) uint64 {
	t.Helper()
	runtime.GC()
	runtime.GC() // what pools kept goes with the second
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

// allocated is how much was ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func inUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}
