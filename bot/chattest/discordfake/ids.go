package discordfake

import (
	"strconv"
	"time"
)

// epoch is when Discord's time begins: snowflakes count from there.
const epoch = 1420070400000

// newID gives a snowflake of now, larger than all before; the lock is held.
func (f *Fake) newID() string {
	f.last = max((f.o.Now().UnixMilli()-epoch)<<22, f.last+1)
	return strconv.FormatInt(f.last, 10)
}

// id gives a new one where none was said, and complains about one that is no snowflake; the lock is held.
func (f *Fake) id(said string) string {
	f.t.Helper()
	if said == "" {
		return f.newID()
	}
	if !snowflake(said) {
		f.t.Errorf("discordfake: %q is no id: 17 to 20 digits", said)
	}
	return said
}

// numeric reports whether Discord takes something for an id: any number will do.
func numeric(id string) bool {
	_, err := strconv.ParseUint(id, 10, 64)
	return err == nil
}

// snowflake reports whether an id looks as Discord's do.
func snowflake(id string) bool {
	return len(id) >= 17 && id[0] != '0' && numeric(id)
}

// idTime is when a snowflake was given.
func idTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch) //nolint:gosec // 42 bits are no overflow
}
