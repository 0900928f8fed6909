package githubfake

import (
	"net/http"
	"strings"
)

// User is somebody, or some program, with an account.
type User struct {
	ID    int64
	Login string
	Name  string // as their commits have it; empty: the login
	Email string // likewise; empty: the one that GitHub gives
	Bot   bool
}

// AddUser makes an account, or says more of one that is there; it gives its id.
func (f *Fake) AddUser(u User) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.user(u.Login)
	u.ID = known.ID
	if u.Name == "" {
		u.Name = known.Name
	}
	if u.Email == "" {
		u.Email = known.Email
	}
	*known = u
	return known.ID
}

// user is the account of a login, which is made if it is not there.
func (f *Fake) user(login string) *User {
	key := strings.ToLower(login)
	if u := f.users[key]; u != nil {
		return u
	}
	u := &User{ID: f.id(), Login: login, Name: login, Bot: strings.HasSuffix(login, "[bot]")}
	u.Email = itoa(u.ID) + "+" + login + "@users.noreply.github.com"
	f.users[key] = u
	return u
}

// byEmail is the account that an address belongs to, as an answer has it: null without one.
func (f *Fake) byEmail(email string) any {
	for _, u := range f.users {
		if strings.EqualFold(u.Email, email) {
			return f.userAll(u)
		}
	}
	return nil
}

// userAll is somebody as the API has them.
func (f *Fake) userAll(u *User) reply {
	kind, page := "User", web+u.Login
	if u.Bot {
		kind, page = "Bot", web+"apps/"+strings.TrimSuffix(u.Login, "[bot]")
	}
	return reply{
		"login": u.Login, "id": u.ID, "node_id": node("User", u.ID), "type": kind, "site_admin": false,
		"avatar_url": "https://avatars.githubusercontent.com/u/" + itoa(u.ID), "url": f.base + "/users/" + u.Login, "html_url": page,
	}
}

// person is who somebody is in a commit: a login, or "Ana <ana@example.org>".
func (f *Fake) person(who string) signature {
	name, email, written := strings.Cut(strings.TrimSuffix(who, ">"), "<")
	s := signature{name: strings.TrimSpace(name), email: email, at: f.now(), zone: "+0000"}
	if !written {
		u := f.user(who)
		s.name, s.email = u.Name, u.Email
	}
	return s
}

func init() {
	serve(
		route{method: "GET", pattern: "/user", needs: "metadata=read", do: func(f *Fake, c *Call) (any, refusal) {
			if c.grant.installation != 0 {
				return nil, refuse(http.StatusForbidden, "Resource not accessible by integration")
			}
			return f.userAll(f.user(c.grant.login)), refusal{}
		}},
		route{method: "GET", pattern: "/users/{login}", do: func(f *Fake, c *Call) (any, refusal) {
			u := f.users[strings.ToLower(c.Params["login"])]
			if u == nil {
				return nil, notFound()
			}
			out := f.userAll(u)
			out["name"] = u.Name
			return out, refusal{}
		}},
	)
}
