package github

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

const (
	oldSecret = "the old secret of the webhook"
	newSecret = "the new secret of the webhook"
)

func door(known ...string) *Door {
	return NewDoor([]chat.Secret{oldSecret, newSecret}, func(forge string) bool {
		for _, k := range known {
			if k == forge {
				return true
			}
		}
		return false
	}, slog.New(slog.DiscardHandler))
}

// delivery is a request as GitHub makes it.
func delivery(event, media, secret string, body []byte) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, DoorPath, bytes.NewReader(body))
	r.Header.Set("Content-Type", media)
	r.Header.Set("X-GitHub-Event", event)
	r.Header.Set("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
	r.Header.Set(signatureHeader, githubfake.Signature(secret, body))
	return r
}

func knockAt(d *Door, r *http.Request) (status int, said string) {
	w := httptest.NewRecorder()
	d.Routes()["POST "+DoorPath].ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

var pushed = []byte(`{"ref":"refs/heads/main","repository":{"full_name":"Acme/App"}}`)

// TestDoor: what GitHub signed is taken, whatever it says; nothing else is, and it is told nothing.
func TestDoor(t *testing.T) {
	form := []byte(url.Values{"payload": {string(pushed)}}.Encode())
	tests := []struct {
		name    string
		event   string
		media   string
		body    []byte
		change  func(*http.Request)
		want    int
		knocked bool
	}{
		{"a push", "push", jsonMedia, pushed, nil, 202, true},
		{"as a form", "push", formMedia, form, nil, 202, true},
		{"with a character set", "push", "application/json; charset=utf-8", pushed, nil, 202, true},
		{"signed with the new secret", "push", jsonMedia, pushed, func(r *http.Request) {
			r.Header.Set(signatureHeader, githubfake.Signature(newSecret, pushed))
		}, 202, true},
		{"a ping", "ping", jsonMedia, []byte(`{"zen":"Anything added dilutes everything else."}`), nil, 200, false},
		{"an event that nobody knows", "sponsorship", jsonMedia, pushed, nil, 202, false},
		{"another repository", "push", jsonMedia, []byte(`{"repository":{"full_name":"evil/app"}}`), nil, 202, false},
		{"no repository", "push", jsonMedia, []byte(`{"repository":null}`), nil, 202, false},

		{"no signature", "push", jsonMedia, pushed, func(r *http.Request) { r.Header.Del(signatureHeader) }, 401, false},
		{"SHA-1 alone", "push", jsonMedia, pushed, func(r *http.Request) {
			r.Header.Del(signatureHeader)
			r.Header.Set("X-Hub-Signature", "sha1=0123456789012345678901234567890123456789")
		}, 401, false},
		{"signed twice", "push", jsonMedia, pushed, func(r *http.Request) {
			r.Header.Add(signatureHeader, githubfake.Signature(newSecret, pushed))
		}, 401, false},
		{"signed with the empty secret", "push", jsonMedia, pushed, func(r *http.Request) {
			r.Header.Set(signatureHeader, githubfake.Signature("", pushed))
		}, 401, false},
		{"in capitals", "push", jsonMedia, pushed, func(r *http.Request) {
			r.Header.Set(signatureHeader, "sha256="+strings.ToUpper(strings.TrimPrefix(r.Header.Get(signatureHeader), "sha256=")))
		}, 401, false},
		{"of a form, what was signed is the payload alone", "push", formMedia, form, func(r *http.Request) {
			r.Header.Set(signatureHeader, githubfake.Signature(oldSecret, pushed))
		}, 401, false},
		{"neither JSON nor a form", "push", "text/plain", pushed, nil, 401, false},
		{"of no type", "push", "", pushed, nil, 401, false},
		{"of two types", "push", jsonMedia, pushed, func(r *http.Request) { r.Header.Add("Content-Type", formMedia) }, 401, false},

		{"signed, but no JSON", "push", jsonMedia, []byte("Hello, World!"), nil, 400, false},
		{"signed, but cut off", "push", jsonMedia, pushed[:20], nil, 400, false},
		{"a form without a payload", "push", formMedia, []byte("a=b"), nil, 400, false},
		{"a form with two", "push", formMedia, append(bytes.Clone(form), "&payload={}"...), nil, 400, false},
		{"of no event", "", jsonMedia, pushed, func(r *http.Request) { r.Header.Del("X-GitHub-Event") }, 400, false},
		{"of two events", "push", jsonMedia, pushed, func(r *http.Request) { r.Header.Add("X-GitHub-Event", "ping") }, 400, false},
		{"of another shape", "push", jsonMedia, []byte(`{"repository":"acme/app"}`), nil, 400, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := door("acme/app")
			r := delivery(tt.event, tt.media, oldSecret, tt.body)
			if tt.change != nil {
				tt.change(r)
			}
			status, said := knockAt(d, r)
			if got := d.Knocks()["acme/app"]; status != tt.want || got != tt.knocked {
				t.Errorf("answered %d, want %d; a knock: %v, want %v", status, tt.want, got, tt.knocked)
			}
			if refused := status >= 400; refused != (d.Unheard()["refused"] == 1) || refused && said != http.StatusText(status)+"\n" {
				t.Errorf("it said %q, and counted %v", said, d.Unheard())
			}
		})
	}
}

// TestDoorShut: without a secret there is no door, also not for whoever signs with none.
func TestDoorShut(t *testing.T) {
	for _, secrets := range [][]chat.Secret{nil, {""}, {"", ""}} {
		d := door("acme/app")
		d.Reload(secrets)
		r := delivery("push", jsonMedia, "", pushed)
		if status, _ := knockAt(d, r); status != http.StatusNotFound || d.Open() || len(d.Knocks()) > 0 {
			t.Errorf("with %d secrets: %d, open: %v", len(secrets), status, d.Open())
		}
		d.Reload([]chat.Secret{newSecret})
		if status, _ := knockAt(d, delivery("push", jsonMedia, newSecret, pushed)); status != http.StatusAccepted {
			t.Errorf("with a secret again: %d", status)
		}
		if status, _ := knockAt(d, delivery("push", jsonMedia, oldSecret, pushed)); status != http.StatusUnauthorized {
			t.Errorf("with the former one: %d", status)
		}
	}
}

// TestSignatureVectors: the example of GitHub's documentation, by which everybody checks what they wrote.
func TestSignatureVectors(t *testing.T) {
	type vector struct {
		Name, Kind, Secret, Body, Signature string
		Valid                               bool
	}
	all := []vector{{"the documentation's", "github", "It's a Secret to Everybody", "Hello, World!",
		"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", true}}
	var given struct{ Vectors []vector }
	if text, err := os.ReadFile(path.Join(payloads, "../signature-vectors.json")); err == nil {
		if err := json.Unmarshal(text, &given); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range append(all, given.Vectors...) {
		if v.Kind != "github" {
			continue
		}
		for _, body := range []string{v.Body, v.Body + " "} {
			mac, ok := signature(http.Header{signatureHeader: {v.Signature}})
			want := v.Valid && body == v.Body
			if got := ok && authentic([]chat.Secret{"another", chat.Secret(v.Secret)}, mac, []byte(body)); got != want {
				t.Errorf("%s over %q: %v, want %v", v.Name, body, got, want)
			}
		}
	}
}

// TestDoorRefusesEveryBit: one bit of the body or of the signature, and it is nobody's.
func TestDoorRefusesEveryBit(t *testing.T) {
	d := door("acme/app")
	sum := githubfake.Signature(oldSecret, pushed)
	for i := range 120_000 {
		body, sign := bytes.Clone(pushed), []byte(sum)
		if at := rand.N(len(body) + len(sign)); at < len(body) {
			body[at] ^= 1 << (i % 8)
		} else {
			sign[at-len(body)] ^= 1 << (i % 8)
		}
		r := &http.Request{Method: http.MethodPost, Body: io.NopCloser(bytes.NewReader(body)), Header: http.Header{
			"Content-Type": {jsonMedia}, "X-Github-Event": {"push"}, signatureHeader: {string(sign)}}}
		if status, _ := knockAt(d, r); status != http.StatusUnauthorized {
			t.Fatalf("%q with %q was answered with %d", body, sign, status)
		}
	}
	if got := d.Unheard()["refused"]; got != 120_000 || len(d.Knocks()) > 0 {
		t.Errorf("%d refused", got)
	}
}

// TestDoorFloods: what is too large is cut off, and many at once do not fill the memory.
func TestDoorFloods(t *testing.T) {
	d := door("acme/app")
	large := make([]byte, maxPayload+1)
	if status, _ := knockAt(d, delivery("push", jsonMedia, oldSecret, large)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("25 MB and a byte: %d", status)
	}
	full := append(bytes.Repeat([]byte(" "), maxPayload-len(pushed)), pushed...)
	if status, _ := knockAt(d, delivery("push", jsonMedia, oldSecret, full)); status != http.StatusAccepted {
		t.Errorf("25 MB: %d", status)
	}
	synctest.Test(t, func(t *testing.T) {
		d := door("acme/app")
		for range maxReading {
			d.reading <- struct{}{}
		}
		began := time.Now()
		if status, _ := knockAt(d, delivery("push", jsonMedia, oldSecret, pushed)); status != http.StatusServiceUnavailable || time.Since(began) != roomSoon {
			t.Errorf("with no room: %d after %v", status, time.Since(began))
		}
	})
	for i := range maxKnocks + 10 {
		d.knock(fmt.Sprint("acme/", i))
	}
	if n := len(d.Knocks()); n != maxKnocks {
		t.Errorf("%d knocks are remembered", n)
	}
}

// payloads are real deliveries, where they are at hand beside the repository.
const payloads = "../../../shared/payloads/github"

// realDeliveries are bodies by event: the real ones, and those of the fake, which has their shape.
func realDeliveries(t *testing.T) map[string][][]byte {
	all := map[string][][]byte{}
	f := githubfake.New(t, githubfake.Options{Portless: true})
	r := f.AddRepo("acme/app")
	f.Hook("http://bot.example"+DoorPath, oldSecret)
	id := r.Commit("main", "ana", "feat: one", nil)
	r.Check(id, "test", "completed", "success")
	r.Status(id, "build", "success", "")
	r.Tag("v1.0.0", id)
	r.Deploy(id, "production", "ben")
	r.Milestone("1.0", time.Time{})
	for _, d := range f.Deliveries() {
		all[d.Event] = append(all[d.Event], d.Body)
	}
	if _, err := os.Stat(payloads); err != nil {
		return all
	}
	err := fs.WalkDir(os.DirFS(payloads), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		body, err := os.ReadFile(path.Join(payloads, name))
		all[path.Dir(name)] = append(all[path.Dir(name)], body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDoorTakesWhatGitHubSends: each real delivery is taken, as JSON and as a form, twice, and each makes one knock for its
// repository; none of it is taken once it was changed.
func TestDoorTakesWhatGitHubSends(t *testing.T) {
	for event, bodies := range realDeliveries(t) {
		for i, body := range bodies {
			var told struct {
				Repository struct {
					FullName string `json:"full_name"`
				}
			}
			if err := json.Unmarshal(body, &told); err != nil {
				t.Fatalf("%s %d: %v", event, i, err)
			}
			name := strings.ToLower(told.Repository.FullName)
			d := door(name)
			want, knocks := http.StatusAccepted, map[string]bool{name: true}
			if event == "ping" {
				want, knocks = http.StatusOK, map[string]bool{}
			}
			form := []byte(url.Values{"payload": {string(body)}}.Encode())
			for range 2 {
				one, _ := knockAt(d, delivery(event, jsonMedia, oldSecret, body))
				two, _ := knockAt(d, delivery(event, formMedia, newSecret, form))
				if one != want || two != want {
					t.Errorf("%s %d: %d and %d", event, i, one, two)
				}
			}
			if diff := cmp.Diff(knocks, d.Knocks()); diff != "" {
				t.Errorf("%s %d: knocks (-want +got):\n%s", event, i, diff)
			}
			r := delivery(event, jsonMedia, oldSecret, append(bytes.Clone(body), '\n'))
			r.Header.Set(signatureHeader, githubfake.Signature(oldSecret, body))
			if status, _ := knockAt(d, r); status != http.StatusUnauthorized {
				t.Errorf("%s %d, changed: %d", event, i, status)
			}
		}
	}
}

// TestDoorForgeries: what somebody without the secret makes of a delivery is refused, each of them.
func TestDoorForgeries(t *testing.T) {
	d := door("acme/app")
	f := githubfake.New(t, githubfake.Options{Portless: true})
	f.Hook("http://bot.example"+DoorPath, oldSecret).To(d.Routes()["POST "+DoorPath])
	f.AddRepo("acme/app").Commit("main", "ana", "feat: one", nil)
	n := 0
	for _, genuine := range f.Deliveries() {
		for _, forged := range genuine.Forgeries() {
			n++
			if status, err := f.Deliver(t.Context(), forged.Delivery); err != nil || status != http.StatusUnauthorized {
				t.Errorf("%s of %s: %d, %v", forged.Name, genuine.Event, status, err)
			}
		}
	}
	if d.Unheard()["refused"] != n || n == 0 || len(d.Knocks()) > 0 {
		t.Errorf("of %d forgeries %d were refused", n, d.Unheard()["refused"])
	}
	for _, genuine := range f.Deliveries() {
		if status, err := f.Deliver(t.Context(), genuine); err != nil || status/100 != 2 {
			t.Errorf("%s: %d, %v", genuine.Event, status, err)
		}
	}
	if !d.Knocks()["acme/app"] {
		t.Error("the genuine ones made no knock")
	}
}

// FuzzDoor: whoever does not know the secret is never taken, and nothing that is sent breaks anything.
func FuzzDoor(f *testing.F) {
	f.Add("push", jsonMedia, githubfake.Signature(oldSecret, pushed), pushed, true)
	f.Add("ping", formMedia, "sha256=", []byte("payload=%7B%7D"), false)
	f.Add("x", "", "sha1=00", []byte{}, false)
	f.Fuzz(func(t *testing.T, event, media, sign string, body []byte, honest bool) {
		d := door("acme/app")
		r := &http.Request{Method: http.MethodPost, Body: io.NopCloser(bytes.NewReader(body)),
			Header: http.Header{"Content-Type": {media}, "X-Github-Event": {event}, signatureHeader: {sign}}}
		right := sign == githubfake.Signature(oldSecret, body) || sign == githubfake.Signature(newSecret, body)
		if honest {
			r.Header[signatureHeader] = []string{githubfake.Signature(newSecret, body)}
			right = true
		}
		if status, _ := knockAt(d, r); !right && status < 400 {
			t.Errorf("%d for %q", status, sign)
		}
	})
}
