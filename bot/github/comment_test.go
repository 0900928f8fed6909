package github

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
)

// spoken is a repository with an issue on which two people spoke, and who speaks there.
type spoken struct {
	*testing.T
	fake *githubfake.Fake
	repo *githubfake.Repo
	n    int64
	g    Comments
}

func speaking(t *testing.T) *spoken {
	t.Helper()
	f := githubfake.New(t, githubfake.Options{})
	s := &spoken{T: t, fake: f, repo: f.AddRepo("acme/app")}
	s.n = s.repo.Issue(githubfake.Issue{Title: "Totals are off"})
	s.repo.Say(s.n, "ana", "me too")
	s.repo.Say(s.n, "mia", "and me")
	s.as(Secrets{Token: chat.Secret(f.Token())})
	return s
}

// as speaks by other secrets.
func (s *spoken) as(secrets Secrets) {
	s.Helper()
	g, err := New(Options{Secrets: secrets, URL: s.fake.URL(), Spacing: -1})
	if err != nil {
		s.Fatal(err)
	}
	s.g = Comments{g}
}

const saidOp, saidText = "app@1.0.0/asked/1/ga", "`app 1.0.0`, for which this waited, is out."

// act says it, as the bot's queue would once.
func (s *spoken) act() (string, error) {
	s.Helper()
	data, err := json.Marshal(workflows.Comment{Forge: "acme/app", Op: saidOp, Issue: int(s.n), Text: workflows.Approved(saidText)})
	if err != nil {
		s.Fatal(err)
	}
	return s.g.Act(s.Context(), data)
}

// ours are the comments that bear the name of what is said, by whomever.
func (s *spoken) ours() (all []githubfake.Comment) {
	return slices.DeleteFunc(s.repo.Comments(s.n), func(c githubfake.Comment) bool { return !strings.Contains(c.Body, marker(saidOp)) })
}

// It is said once, whoever the bot is; asked again, it gives the same link, over many pages, too.
func TestComment(t *testing.T) {
	for name, secrets := range map[string]func(*spoken) Secrets{
		"by a token": func(s *spoken) Secrets { return Secrets{Token: chat.Secret(s.fake.Token())} },
		"by an App":  func(s *spoken) Secrets { return appOf(s, map[string]string{"issues": "write", "metadata": "read"}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := speaking(t)
			as := secrets(s)
			s.as(as)
			link, err := s.act()
			if err != nil || len(s.ours()) != 1 {
				t.Fatal(link, err, s.ours())
			}
			c := s.ours()[0]
			if want := saidText + "\n\n" + marker(saidOp); c.Body != want || link != fmt.Sprintf("https://github.com/acme/app/issues/%d#issuecomment-%d", s.n, c.ID) {
				t.Errorf("%q at %s", c.Body, link)
			}
			for i := range 250 {
				s.repo.Say(s.n, "ana", fmt.Sprint("and ", i))
			}
			for range 2 {
				again, err := s.act()
				if err != nil || again != link || len(s.ours()) != 1 {
					t.Fatal(again, err, len(s.ours()))
				}
				s.as(as) // another process
			}
		})
	}
}

func appOf(s *spoken, may map[string]string) Secrets {
	s.Helper()
	s.fake.Install("acme", may)
	return Secrets{AppID: fmt.Sprint(githubfake.AppID), AppKey: chat.Secret(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(s.fake.AppKey())}))}
}

// Who only writes what the bot's comment bears keeps the bot from saying nothing; who quotes it does not, either.
func TestCommentForged(t *testing.T) {
	s := speaking(t)
	s.repo.Say(s.n, "eve", saidText+"\n\n"+marker(saidOp))
	s.repo.Say(s.n, githubfake.Bot, "another\n\n"+marker(saidOp+"/2"))
	s.repo.Say(s.n, githubfake.Bot, marker(saidOp)+"\n\nmore")
	if _, err := s.act(); err != nil || len(s.ours()) != 3 {
		t.Fatal(err, s.ours())
	}
	if _, err := s.act(); err != nil || len(s.ours()) != 3 {
		t.Fatal(err, s.ours())
	}
}

// A token of another account takes the place of the former one while the bot runs: what it says from then on is its own.
func TestCommentByAnotherAccount(t *testing.T) {
	s := speaking(t)
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	as := appOf(s, map[string]string{"issues": "write", "metadata": "read"})
	if err := s.g.Reload(as); err != nil {
		t.Fatal(err)
	}
	s.n = s.repo.Issue(githubfake.Issue{Title: "Sums are off"})
	for range 2 {
		if _, err := s.act(); err != nil || len(s.ours()) != 1 {
			t.Fatal(err, s.ours())
		}
	}
}

// Somebody deletes comments while they are read, so that ours moves to a page that was read: it is found all the same.
func TestCommentsThatMove(t *testing.T) {
	s := speaking(t)
	for i := range 98 {
		s.repo.Say(s.n, "ana", fmt.Sprint("and ", i))
	}
	if _, err := s.act(); err != nil { // it is the 101st
		t.Fatal(err)
	}
	s.repo.Say(s.n, "ana", "the last")
	s.as(Secrets{Token: chat.Secret(s.fake.Token())})
	listed := 0
	s.fake.Between(func(int) {
		if listed++; listed == 4 { // the issue, the account, the first page; now the last one
			s.repo.ChangeIssue(s.n, func(i *githubfake.Issue) { i.Comments = i.Comments[1:] })
		}
	})
	if _, err := s.act(); err != nil || len(s.ours()) != 1 {
		t.Fatal(err, len(s.ours()))
	}
}

// Where nothing can be said, it is refused: what, why, who can and what next; nothing is tried that would be in vain.
func TestCommentRefused(t *testing.T) {
	for name, c := range map[string]struct {
		with func(*spoken)
		no   workflows.Reason
		why  string
		post int // whether it was tried
	}{
		"locked":   {func(s *spoken) { s.change(func(i *githubfake.Issue) { i.Locked = true }) }, locked, "#1 of acme/app is locked", 0},
		"deleted":  {func(s *spoken) { s.change(func(i *githubfake.Issue) { i.Gone = true }) }, notFound, "#1 of acme/app was deleted", 0},
		"missing":  {func(s *spoken) { s.n = 77 }, notFound, "the issue #77 of acme/app: GitHub has none", 0},
		"archived": {func(s *spoken) { s.repo.Archive() }, archived, "archived", 1},
		"renamed":  {func(s *spoken) { s.repo.Rename("acme/new") }, moved, "#1 of acme/app was moved: it is https://github.com/acme/new/issues/1 now", 0},
		"gone":     {func(s *spoken) { s.repo.Delete() }, notFound, "acme/app", 0},
		"permission": {func(s *spoken) {
			s.fake.Forbid(s.fake.Token(), "issues")
			s.fake.Forbid(s.fake.Token(), "pull_requests")
			s.repo.Publish()
		},
			permission, "issues: write, or pull_requests: write", 1},
		"no text":      {func(s *spoken) { s.n = 0 }, workflows.Invalid, "no comment that GitHub takes", 0},
		"an old token": {func(s *spoken) { s.fake.RevokeToken(s.fake.Token()) }, BadToken, "does not know the bot's token", 0},
		"off":          {func(s *spoken) { s.g.GitHub = nil }, workflows.Unavailable, "GitHub is off here", 0},
		"locked just now": {func(s *spoken) {
			s.fake.Between(func(n int) {
				if n == 4 {
					s.change(func(i *githubfake.Issue) { i.Locked = true })
				}
			})
		}, locked, "#1 of acme/app is locked", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := speaking(t)
			c.with(s)
			_, err := s.act()
			var no *workflows.Refusal
			if !errors.As(err, &no) || no.Reason != c.no || !strings.Contains(no.Why, c.why) || len(no.Who) == 0 || len(s.ours()) > 0 {
				t.Fatalf("%v, want %s: …%s…", err, c.no, c.why)
			}
			if n := len(s.fake.Calls("POST /repos/{owner}/{repo}/issues/{number}/comments")); n != c.post {
				t.Errorf("it was tried %d times", n)
			}
		})
	}
}

func (s *spoken) change(do func(*githubfake.Issue)) { s.repo.ChangeIssue(s.n, do) }

// settled tries until it is said or refused, as the bot's queue does: what is certainly not done later, what may have been
// done by looking. The process may end in between: nothing but the wish is remembered.
func (s *spoken) settled() (link string, err error) {
	s.Helper()
	for range 8 {
		if link, err = s.act(); err == nil {
			return link, nil
		}
		var no *workflows.Refusal
		if errors.As(err, &no) {
			return "", err
		}
		s.as(Secrets{Token: chat.Secret(s.fake.Token())})
	}
	s.Errorf("it came to no end: %v", err)
	return link, err
}

// TestCommentAtEveryPoint breaks each request in each way, before and after it had its effect, and once more on the way
// back: there is one comment in the end, and what is said to be there is.
func TestCommentAtEveryPoint(t *testing.T) {
	faults := map[string]githubfake.Fault{
		"502": githubfake.HTTP(502), "a page": githubfake.HTML(503), "500": githubfake.HTTP(500), "empty": githubfake.Raw(200, ""), "null": githubfake.Raw(200, "null"),
		"nothing": githubfake.Raw(200, "{}"), "a list": githubfake.Raw(200, "[]"), "half": githubfake.Raw(201, `{"id": 1, "bo`), "no content": githubfake.Raw(204, ""), "202": githubfake.Raw(202, `{"message": "later"}`),
		"reset": githubfake.Ends(githubfake.Reset), "cut": githubfake.Ends(githubfake.Cut), "short": githubfake.Ends(githubfake.Short),
		"another id": githubfake.OtherID(0), "another body": {Stored: true, Twist: func(a map[string]any) { a["body"] = "x" }},
	}
	for name, fault := range faults {
		for k := 1; k <= 4; k++ {
			for _, stored := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, request %d, effect %t", name, k, stored), func(t *testing.T) {
					t.Parallel()
					s := speaking(t)
					fault := fault // each breaks its own
					fault.Stored = fault.Stored || stored
					s.fake.FailAt(k, fault)
					link, err := s.settled()
					if err != nil || len(s.ours()) != 1 || link == "" {
						t.Errorf("%s %v: %+v", link, err, s.ours())
					}
					if s.fake.Unspent() > 0 {
						t.Error("nothing broke")
					}
				})
			}
		}
	}
}

// A limit is waited for, and nothing was done.
func TestCommentAtALimit(t *testing.T) {
	s := speaking(t)
	s.fake.Fail("POST /repos/{owner}/{repo}/issues/{number}/comments", githubfake.TooMany(403, "90"))
	_, err := s.act()
	var fault *chat.Fault
	if !errors.As(err, &fault) || fault.Verdict != chat.Retry || !fault.Paced || fault.After < 80*time.Second || len(s.ours()) > 0 {
		t.Errorf("%v", err)
	}
}

// That there are no comments is not believed while the issue says that there are: ours would be made twice.
func TestCommentsThatAreNotListed(t *testing.T) {
	s := speaking(t)
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	s.as(Secrets{Token: chat.Secret(s.fake.Token())})
	s.fake.Fail("GET /repos/{owner}/{repo}/issues/{number}/comments", githubfake.Raw(200, "[]"))
	var no *workflows.Refusal
	if _, err := s.act(); err == nil || errors.As(err, &no) || len(s.ours()) != 1 {
		t.Fatal(err, s.ours())
	}
	if _, err := s.act(); err != nil || len(s.ours()) != 1 {
		t.Fatal(err, s.ours())
	}
}
