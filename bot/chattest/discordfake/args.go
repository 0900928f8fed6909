package discordfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
)

// MaxRequest is how many bytes a request may have, with its files.
const MaxRequest = 25 << 20

// read takes a call apart and remembers it.
func (f *Fake) read(to route, r *http.Request) (*Call, refusal) {
	c := &Call{
		Route: to.name(), Path: strings.TrimPrefix(r.URL.Path, prefix), Params: map[string]string{}, Query: r.URL.Query(),
		Agent: r.UserAgent(), Host: r.Host, At: f.o.Now(),
	}
	for _, name := range wildcard.FindAllString(to.pattern, -1) {
		name = strings.Trim(name, "{}")
		c.Params[name] = r.PathValue(name)
	}
	no := c.take(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Token = f.tokenName(r.Header.Get("Authorization"))
	f.calls = append(f.calls, c)
	f.meter.listen(to, c)
	return c, no
}

var wildcard = regexp.MustCompile(`\{\w+\}`)

// take reads the body of a call.
func (c *Call) take(r *http.Request) refusal {
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxRequest))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return refuse(40005)
	case err != nil:
		return plain(http.StatusBadRequest)
	case len(text) == 0:
		return refusal{}
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		c.Body = text
	case "multipart/form-data":
		if err := c.parts(multipart.NewReader(bytes.NewReader(text), params["boundary"])); err != nil {
			return plain(http.StatusBadRequest)
		}
	default:
		var w wrong
		w.at("", "CONTENT_TYPE_INVALID", `Expected "Content-Type" header to be one of {'application/json', 'multipart/form-data'}.`)
		return w.refusal()
	}
	if c.Body != nil && !json.Valid(c.Body) {
		return refuse(50109)
	}
	return refusal{}
}

// filePart is the name of a part that is a file.
var filePart = regexp.MustCompile(`^files\[(\d+)\]$`)

// parts reads the JSON and the files of a form.
func (c *Call) parts(form *multipart.Reader) error {
	for {
		p, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		switch name := p.FormName(); {
		case name == "payload_json":
			c.Body = data
		case filePart.MatchString(name):
			c.Files = append(c.Files, File{ID: filePart.FindStringSubmatch(name)[1], Name: p.FileName(), Data: data})
		default:
			return fmt.Errorf("part %q", name)
		}
	}
}
