package githubfake

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// AppID is the id of the app, and AppSlug its name.
const (
	AppID   = 4242
	AppSlug = "readyroom"
)

// Installation is the app where it was installed.
type Installation struct {
	ID        int64
	Account   string            // the owner of its repositories
	May       map[string]string // "contents": "write"
	Repos     []string          // "acme/app"; nil: every one of the account's
	Suspended bool
}

// How long tokens and assertions live.
const (
	installationLife = time.Hour
	assertionLife    = 10 * time.Minute
)

// Install installs the app at an account, with what it may do there, for some repositories or all; it gives the id.
func (f *Fake) Install(account string, may map[string]string, repos ...string) int64 {
	f.AppKey()
	f.mu.Lock()
	defer f.mu.Unlock()
	i := &Installation{ID: f.id(), Account: account, May: maps.Clone(may), Repos: slices.Clone(repos)}
	f.installations[i.ID] = i
	return i.ID
}

// Reinstall changes an installation: do gets it, and may suspend it or change what it may do.
func (f *Fake) Reinstall(id int64, do func(*Installation)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do(f.installations[id])
}

// claims are what an app says of itself.
type claims struct {
	Iat json.Number `json:"iat"`
	Exp json.Number `json:"exp"`
	Iss any         `json:"iss"`
}

// verified says what is wrong with the JWT of an app, if something is.
func (f *Fake) verified(token string) refusal {
	no := func(why string) refusal { return refuse(http.StatusUnauthorized, why) }
	parts := strings.Split(token, ".")
	if len(parts) != 3 || f.appKey == nil {
		return no("A JSON web token could not be decoded")
	}
	var head struct{ Alg, Typ string }
	var said claims
	sig, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || !decoded(parts[0], &head) || !decoded(parts[1], &said) || head.Alg != "RS256" ||
		rsa.VerifyPKCS1v15(&f.appKey.PublicKey, crypto.SHA256, sum[:], sig) != nil {
		return no("A JSON web token could not be decoded")
	}
	now := f.o.Now()
	iat, bad := said.Iat.Int64()
	exp, worse := said.Exp.Int64()
	switch {
	case fmt.Sprint(said.Iss) != itoa(AppID):
		return no("'Issuer' claim ('iss') must be an Integer")
	case bad != nil || iat > now.Unix():
		return no("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
	case worse != nil || exp <= now.Unix():
		return no("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
	case exp > now.Add(assertionLife).Unix():
		return no("'Expiration time' claim ('exp') is too far in the future")
	}
	return refusal{}
}

func decoded(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return false
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	return d.Decode(into) == nil
}

func init() {
	serve(
		route{method: "GET", pattern: "/apps/{slug}", do: getApp},
		route{method: "GET", pattern: "/app", app: true, do: func(f *Fake, _ *Call) (any, refusal) { return f.appAll(), refusal{} }},
		route{method: "GET", pattern: "/app/installations", app: true, query: []string{"page"}, do: installations},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/installation", app: true, do: installationOf},
		route{method: "POST", pattern: "/app/installations/{id}/access_tokens", app: true, kind: "access token", do: accessToken},
	)
}

func (f *Fake) appAll() reply {
	return reply{
		"id": AppID, "slug": AppSlug, "node_id": node("App", AppID), "name": "Readyroom", "description": "", "owner": f.userAll(f.user("acme")),
		"external_url": "https://readyroom.example", "html_url": web + "apps/" + AppSlug, "created_at": stamp(f.now()), "updated_at": stamp(f.now()),
		"permissions": reply{}, "events": []string{},
	}
}

// actionsApp is the app whose checks those of workflows are.
const actionsApp = "github-actions"

// App gives the id of an app, which is one from then on.
func (f *Fake) App(slug string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.app(slug)
}

func (f *Fake) app(slug string) int64 {
	if f.apps[slug] == 0 {
		f.apps[slug] = 900_000 + int64(len(f.apps))
	}
	return f.apps[slug]
}

// appShort is an app as it stands with what it made.
func (f *Fake) appShort(slug string) reply {
	return reply{"id": f.app(slug), "slug": slug, "name": strings.ReplaceAll(slug, "-", " ")}
}

// getApp shows an app to everybody.
func getApp(f *Fake, c *Call) (any, refusal) {
	slug := strings.ToLower(c.Params["slug"])
	if f.apps[slug] == 0 {
		return nil, notFound()
	}
	if slug == AppSlug {
		return f.appAll(), refusal{}
	}
	return f.appShort(slug), refusal{}
}

func (f *Fake) installationAll(i *Installation) reply {
	selection := "all"
	if len(i.Repos) > 0 {
		selection = "selected"
	}
	out := reply{
		"id": i.ID, "account": f.userAll(f.user(i.Account)), "app_id": AppID, "app_slug": AppSlug, "target_type": "Organization",
		"permissions": i.May, "repository_selection": selection, "access_tokens_url": f.base + "/app/installations/" + itoa(i.ID) + "/access_tokens",
		"suspended_at": nil,
	}
	if i.Suspended {
		out["suspended_at"] = stamp(f.now())
	}
	return out
}

func installations(f *Fake, c *Call) (any, refusal) {
	var all []*Installation
	for _, id := range slices.Sorted(maps.Keys(f.installations)) {
		all = append(all, f.installations[id])
	}
	return each(paged(c, all), f.installationAll), refusal{}
}

// installed is where the app was installed for a repository; nil: nowhere.
func (f *Fake) installed(r *Repo) *Installation {
	for _, i := range f.installations {
		if strings.EqualFold(i.Account, r.owner) && (len(i.Repos) == 0 || slices.Contains(i.Repos, r.name())) {
			return i
		}
	}
	return nil
}

func installationOf(f *Fake, c *Call) (any, refusal) {
	i := f.installed(c.repo)
	if i == nil {
		return nil, notFound()
	}
	return f.installationAll(i), refusal{}
}

// accessToken gives a token of an installation, which may do no more than that.
func accessToken(f *Fake, c *Call) (any, refusal) {
	i := f.installations[c.number("id")]
	switch {
	case i == nil:
		return nil, notFound()
	case i.Suspended:
		return nil, refuse(http.StatusForbidden, "This installation has been suspended")
	}
	g := &grant{login: AppSlug + "[bot]", installation: i.ID, may: maps.Clone(i.May), expires: f.now().Add(installationLife)}
	if asked, ok := c.in["permissions"].(map[string]any); ok {
		g.may = map[string]string{}
		for name, level := range asked {
			g.may[name], _ = level.(string)
			if !(&grant{may: i.May}).has(name + "=" + g.may[name]) {
				return nil, unprocessable("The permissions requested are not granted to this installation.")
			}
		}
	}
	if no := f.reach(g, i, c); no.given() {
		return nil, no
	}
	token := fmt.Sprintf("ghs_%036d", f.id())
	f.grants[token] = g
	selection := f.installationAll(i)["repository_selection"]
	return created{reply{"token": token, "expires_at": stamp(g.expires), "permissions": g.may, "repository_selection": selection}}, refusal{}
}

// reach says which repositories a token of an installation reaches.
func (f *Fake) reach(g *grant, i *Installation, c *Call) refusal {
	g.repos = []string{}
	for key, r := range f.repos {
		if key == strings.ToLower(r.name()) && f.installed(r) == i {
			g.repos = append(g.repos, r.name())
		}
	}
	asked, ok := c.in["repositories"].([]any)
	if !ok {
		return refusal{}
	}
	some := []string{}
	for _, name := range asked {
		full := fmt.Sprint(i.Account, "/", name)
		if !slices.Contains(g.repos, full) {
			return unprocessable("There is at least one repository that does not exist or is not accessible to the parent installation.")
		}
		some = append(some, full)
	}
	g.repos = some
	return refusal{}
}
