package discordfake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Typed is a command as it is sent again and again: of one person in one channel, each time with another id and token and
// with other values. Nothing of it is remembered here, so it can be sent very often, and answered only in the response.
type Typed struct {
	f       *Fake
	payload []byte
}

// Typed makes one: path is that of the command, the names of options are those of what is sent.
func (p *Person) Typed(channel string, path []string, options ...string) Typed {
	var data map[string]any
	named := make([]any, len(options))
	for n, name := range options {
		named[n] = map[string]any{"name": name, "type": StringOption, "value": "(" + name + ")"}
	}
	for n := len(path) - 1; n > 0; n-- {
		kind := SubCommand
		if n < len(path)-1 {
			kind = SubCommandGroup
		}
		named = []any{map[string]any{"name": path[n], "type": kind, "options": named}}
	}
	data = map[string]any{"id": "1100000000000000090", "name": path[0], "type": ChatInput, "options": named}
	i := p.Interaction(CommandUse, channel, data)
	raw := bytes.ReplaceAll(i.Payload, []byte(i.Token), []byte("(token)"))
	return Typed{p.f, bytes.ReplaceAll(raw, []byte(`"`+i.ID+`"`), []byte(`"(id)"`))}
}

// Request is the command with values, signed at a time. n tells it from others of the same time.
func (t Typed) Request(ctx context.Context, base string, n int, at time.Time, values map[string]string) (*http.Request, error) {
	id := strconv.FormatInt((at.UnixMilli()-epoch)<<22|int64(n&(1<<22-1)), 10)
	body := bytes.ReplaceAll(bytes.ReplaceAll(t.payload, []byte("(id)"), []byte(id)), []byte("(token)"), []byte("bG9hZA-"+id))
	for name, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		body = bytes.ReplaceAll(body, []byte(`"(`+name+`)"`), text)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+InteractionsPath, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	stamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(t.f.key, append([]byte(stamp), body...))))
	return r, nil
}

// Bare is the least that can answer an interaction: it verifies, has something written, and says that it is saved.
func (f *Fake) Bare(write func(context.Context) error) http.Handler {
	key := f.key.Public().(ed25519.PublicKey)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		stamp := r.Header.Get("X-Signature-Timestamp")
		seconds, bad := strconv.ParseInt(stamp, 10, 64)
		sig, no := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if errors.Join(err, bad, no) != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute || !ed25519.Verify(key, append([]byte(stamp), body...), sig) {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		if err := write(r.Context()); err != nil {
			http.Error(w, "not saved", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":4,"data":{"flags":64,"content":"saved","allowed_mentions":{"parse":[]}}}`)
	})
}
