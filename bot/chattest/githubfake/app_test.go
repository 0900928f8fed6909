package githubfake_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// assertion is a JWT as an app makes it.
func assertion(t *testing.T, key *rsa.PrivateKey, alg string, said j) string {
	t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	head := part(j{"alg": alg, "typ": "JWT"}) + "." + part(said)
	sum := sha256.Sum256([]byte(head))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return head + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// TestApp: an app says who it is by its key, gets a token for where it is installed, and that token lives an hour.
func TestApp(t *testing.T) {
	c := newClock()
	f, r, api := acme(t, githubfake.Options{Now: c.Now})
	f.AddRepo("acme/other").Commit("main", "ana", "x", nil)
	id := f.Install("acme", map[string]string{"contents": "write", "checks": "read"}, "acme/app")
	now := c.Now().Unix()
	said := func(exp int64) j { return j{"iat": now - 60, "exp": exp, "iss": githubfake.AppID} }
	good := assertion(t, f.AppKey(), "RS256", said(now+540))
	api.token = good
	api.get("/app").must(t, 200).says(t, "slug", githubfake.AppSlug)
	api.get("/app/installations").says(t, "0.id", id)
	api.get("/repos/acme/app/installation").must(t, 200).says(t, "id", id)
	api.get("/repos/acme/other/installation").must(t, 404)
	api.get("/repos/acme/app").must(t, 401)
	tokens := fmt.Sprint("/app/installations/", id, "/access_tokens")
	a := api.post(tokens, nil).must(t, 201)
	a.says(t, "expires_at", "2026-01-05T10:00:00Z")
	api.post(tokens, j{"permissions": j{"deployments": "write"}}).must(t, 422)
	api.post(tokens, j{"repositories": []string{"other"}}).must(t, 422)
	narrow := api.post(tokens, j{"permissions": j{"contents": "read"}, "repositories": []string{"app"}}).must(t, 201)
	api.token = a.at(t, "token").(string)
	api.post(releases, j{"tag_name": "v1", "draft": true}).must(t, 201).says(t, "author.login", "readyroom[bot]")
	api.get("/repos/acme/app/deployments").must(t, 403).says(t, "message", "Resource not accessible by integration")
	api.get("/repos/acme/other").must(t, 404)
	api.get("/user").must(t, 403)
	if got := f.Calls("GET /user")[0].Token; got != "installation" {
		t.Errorf("called with %q", got)
	}
	api.token = narrow.at(t, "token").(string)
	api.post(releases, j{"tag_name": "v1"}).must(t, 403)
	c.Pass(59 * time.Minute)
	api.get("/repos/acme/app").must(t, 200)
	c.Pass(time.Minute)
	api.get("/repos/acme/app").must(t, 401)
	f.Reinstall(id, func(i *githubfake.Installation) { i.Suspended = true })
	now = c.Now().Unix()
	api.token = assertion(t, f.AppKey(), "RS256", said(now+60))
	api.post(tokens, nil).must(t, 403)
	_ = r
}

// TestAssertions walks what is wrong with a JWT.
func TestAssertions(t *testing.T) {
	c := newClock()
	f, _, api := acme(t, githubfake.Options{Now: c.Now})
	f.Install("acme", nil)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := c.Now().Unix()
	tests := []struct {
		name, token, message string
	}{
		{"none", "", "A JSON web token could not be decoded"},
		{"another key", assertion(t, other, "RS256", j{"iat": now, "exp": now + 60, "iss": 4242}), "A JSON web token could not be decoded"},
		{"another algorithm", assertion(t, f.AppKey(), "none", j{"iat": now, "exp": now + 60, "iss": 4242}), "A JSON web token could not be decoded"},
		{"another app", assertion(t, f.AppKey(), "RS256", j{"iat": now, "exp": now + 60, "iss": 1}), "'Issuer' claim ('iss') must be an Integer"},
		{"from the future", assertion(t, f.AppKey(), "RS256", j{"iat": now + 5, "exp": now + 60, "iss": 4242}), "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"},
		{"over", assertion(t, f.AppKey(), "RS256", j{"iat": now - 60, "exp": now, "iss": 4242}), "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"},
		{"too long", assertion(t, f.AppKey(), "RS256", j{"iat": now, "exp": now + 601, "iss": 4242}), "'Expiration time' claim ('exp') is too far in the future"},
	}
	for _, x := range tests {
		api.token = x.token
		api.get("/app").must(t, 401).says(t, "message", x.message)
	}
	api.token = assertion(t, f.AppKey(), "RS256", j{"iat": now, "exp": now + 600, "iss": "4242"})
	api.get("/app").must(t, 200)
}
