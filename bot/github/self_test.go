package github

import (
	"testing"

	gh "github.com/google/go-github/v60/github"
)

// A person's account is known by its number: others may take a name that it gave up. An App's is known by its name, and of a
// token that nobody says whose it is, any program's.
func TestWhoIsTheBot(t *testing.T) {
	user := func(id int64, login, kind string) *gh.User { return &gh.User{ID: &id, Login: &login, Type: &kind} }
	for _, c := range []struct {
		s    self
		u    *gh.User
		want bool
	}{
		{self{7, "bot"}, user(7, "bot", "User"), true},
		{self{7, "bot"}, user(7, "bot-renamed", "User"), true},
		{self{7, "bot"}, user(8, "bot", "User"), false},
		{self{7, "bot"}, nil, false},
		{self{login: "readyroom[bot]"}, user(8, "Readyroom[bot]", "Bot"), true},
		{self{login: "readyroom[bot]"}, user(8, "readyroom", "User"), false},
		{self{}, user(8, "github-actions[bot]", "Bot"), true},
		{self{}, user(8, "eve", "User"), false},
		{self{}, nil, false},
	} {
		if got := c.s.wrote(c.u); got != c.want {
			t.Errorf("%+v wrote as %v: %t", c.s, c.u, got)
		}
	}
}

// A comment by somebody who has the name that the bot's account gave up keeps nothing from being said.
func TestCommentUnderAFormerName(t *testing.T) {
	s := speaking(t)
	self, err := s.g.self(t.Context(), "acme/app")
	if err != nil {
		t.Fatal(err)
	}
	self.id++ // the account has another number than whoever has its name now
	s.g.selves.put(s.g.id().account(), self)
	s.repo.Say(s.n, self.login, saidText+"\n\n"+marker(saidOp))
	if link, err := s.act(); err != nil || link == "" || len(s.ours()) != 2 {
		t.Errorf("%s, %v: %v", link, err, s.ours())
	}
}
