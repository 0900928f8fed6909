package slackfake

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// arguments reads the fields of a call: of the query, of a form, or of a JSON object. What is no string is given as its
// JSON.
func arguments(r *http.Request) (map[string]string, error) {
	args := map[string]string{}
	fill := func(v url.Values) {
		for k := range v {
			args[k] = v.Get(k)
		}
	}
	fill(r.URL.Query())
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil || len(text) == 0 {
		return args, err
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		v, err := url.ParseQuery(string(text))
		fill(v)
		return args, err
	case "application/json":
		return args, object(text, args)
	}
	return args, fmt.Errorf("content type %q", kind)
}

func object(text []byte, into map[string]string) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return fmt.Errorf("json: %w", err)
	}
	for k, raw := range fields {
		var s string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &s) == nil:
			into[k] = s
		default:
			into[k] = string(raw)
		}
	}
	return nil
}

// body is the JSON of an answer.
func body(answer reply, no refusal) []byte {
	out := reply{"ok": !no.given()}
	for k, v := range answer {
		out[k] = v
	}
	if no.given() {
		out["error"] = no.name
		if no.needed != "" {
			out["needed"], out["provided"] = no.needed, no.provided
		}
		if len(no.messages) > 0 {
			out["response_metadata"] = map[string]any{"messages": no.messages}
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return text
}
