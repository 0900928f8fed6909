package slack

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
)

// shelf takes the calls by which a file is uploaded, and lets all others pass.
type shelf struct {
	next   http.RoundTripper
	broken bool
	got    bytes.Buffer
	shared string // the body that completed it
}

func (s *shelf) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := func(text string) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/files.getUploadURLExternal") && s.broken:
		return answer(`{"ok":false,"error":"missing_scope","needed":"files:write"}`)
	case strings.HasSuffix(r.URL.Path, "/files.getUploadURLExternal"):
		return answer(fmt.Sprintf(`{"ok":true,"upload_url":"http://%s/upload/F1","file_id":"F1"}`, r.URL.Host))
	case strings.HasPrefix(r.URL.Path, "/upload/"):
		_, err := s.got.ReadFrom(r.Body)
		if err != nil {
			return nil, err
		}
		return answer("OK - 5")
	case strings.HasSuffix(r.URL.Path, "/files.completeUploadExternal"):
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.shared = string(body)
		return answer(`{"ok":true,"files":[{"id":"F1","title":"audit.jsonl"}]}`)
	}
	return s.next.RoundTrip(r)
}

// TestFiles: a file goes to whoever asked, and to nobody else; that it could not is said.
func TestFiles(t *testing.T) {
	for _, broken := range []bool{false, true} {
		t.Run(fmt.Sprint("broken ", broken), func(t *testing.T) {
			files := &shelf{next: http.DefaultTransport, broken: broken}
			o := newOffice(t, func(opts *Options) { opts.Transport = files })
			o.desk.answers(func(context.Context, chat.Request) chat.Reply {
				return chat.Reply{Message: &chat.Message{Title: "the record of app"}, Files: []chat.File{{Name: "audit.jsonl", Data: []byte("line\n")}}}
			})
			r := o.ana.Slash(t.Context(), app, "/release", "audit export")
			o.reads(t, r, "the record of app")
			if broken {
				o.reads(t, r, "audit.jsonl could not be handed over")
				return
			}
			o.reads(t, r, "audit.jsonl is in your direct messages")
			if !strings.Contains(files.got.String(), "line\n") || !strings.Contains(files.shared, o.fake.DM("U0ANA")) {
				t.Errorf("uploaded %q, shared with %q", files.got.String(), files.shared)
			}
		})
	}
}
