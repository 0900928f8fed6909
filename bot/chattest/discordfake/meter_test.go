package discordfake

import (
	"net/http"
	"testing"
	"time"
)

// TestOpenRoutes are not counted by the global limit, and each token of them has a bucket of its own.
func TestOpenRoutes(t *testing.T) {
	var m meter
	open := route{method: "POST", pattern: "/webhooks/{app}/{token}", open: true, rate: rate{n: 1, per: time.Second}}
	at := time.Unix(1_767_603_600, 0)
	call := func(token string) refusal {
		return m.take(Rates{Scale: 1, Global: 1}, open, &Call{At: at, Params: map[string]string{"app": App, "token": token}}, http.Header{})
	}
	for _, token := range []string{"a", "b", "c"} {
		if no := call(token); no.given() {
			t.Errorf("%s: %+v", token, no)
		}
	}
	if no := call("a"); no.scope != "user" {
		t.Errorf("again: %+v", no)
	}
}
