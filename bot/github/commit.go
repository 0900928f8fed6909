package github

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// written is a commit, with what of it only its reader needs.
type written struct {
	workflows.Commit
	parents []string
	author  workflows.Contact
	by      workflows.Contact // who committed it
	co      []workflows.Contact
	seconds int64 // when it was committed, as its order goes by
}

// parse reads a commit as the API has it.
func (p place) parse(c *gh.RepositoryCommit) (written, error) {
	var w written
	what := "a commit"
	id, err := sha(c.GetSHA())
	if err != nil {
		return w, err
	}
	g := c.GetCommit()
	if g == nil || !idPattern.MatchString(g.GetTree().GetSHA()) || g.Author == nil || g.Committer == nil {
		return w, lacks(p, what, "without the tree or the authors of %s", id)
	}
	for _, parent := range c.Parents {
		if !idPattern.MatchString(parent.GetSHA()) {
			return w, lacks(p, what, "without a parent of %s", id)
		}
		w.parents = append(w.parents, parent.GetSHA())
	}
	message := g.GetMessage()
	at := g.Committer.GetDate().Time
	w.seconds = at.Unix()
	w.author = workflows.Contact{Name: g.Author.GetName(), Address: g.Author.GetEmail()}
	w.by = workflows.Contact{Name: g.Committer.GetName(), Address: g.Committer.GetEmail()}
	w.co = workflows.CoAuthors(message)
	w.Commit = workflows.Commit{ID: id, Tree: g.GetTree().GetSHA(), Subject: subject(message), At: when(at), Merge: len(w.parents) > 1,
		Mentions: workflows.Mentions(message), Closes: workflows.Closing(message), Breaks: workflows.Breaking(message),
		Names: workflows.NamesOf(message, w.author, w.co), Own: workflows.OpOf(message) != ""}
	return w, nil
}

// when is the zero time for dates that no calendar of ours can write: anyone can put any number into a commit.
func when(t time.Time) time.Time {
	if t = t.UTC(); t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// subject is the first paragraph of a message, in one line, as git has it.
func subject(message string) string {
	var lines []string
	for line := range strings.SplitSeq(message, "\n") {
		line = strings.TrimRight(line, " \t\r\v\f")
		if line == "" && len(lines) > 0 {
			break
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.ToValidUTF8(strings.Join(lines, " "), "\uFFFD")
}

// commit reads one commit by its full id.
func (p place) commit(ctx context.Context, id string) (written, error) {
	c, err := get(ctx, p, "the commit "+workflows.ShortID(id), func(c *gh.Client) (*gh.RepositoryCommit, *gh.Response, error) {
		return c.Repositories.GetCommit(ctx, p.owner, p.name, id, &gh.ListOptions{PerPage: 1})
	})
	if s := status(err); s == http.StatusNotFound || s == http.StatusUnprocessableEntity {
		return written{}, p.unknown(ctx, id)
	}
	if err != nil {
		return written{}, err
	}
	w, err := p.parse(c)
	if err == nil && w.ID != id {
		err = lacks(p, "the commit "+workflows.ShortID(id), "with another one: %s", w.ID)
	}
	return w, err
}

// sign fills the addresses of who wrote commits, and of who committed them.
func sign(all []written, m mailmap) []workflows.Commit {
	var out []workflows.Commit
	for _, w := range all {
		w.Authors = workflows.Addresses(w.author, w.co, m.address)
		w.Committer = workflows.Committer(m.signed(w.author), m.signed(w.by))
		out = append(out, w.Commit)
	}
	return out
}

// mailmap maps the addresses of commits to those that their people want to be known by: by address and name, or by
// address alone (name empty). All lower case.
type mailmap map[workflows.Contact]string

// mailmap reads the mailmap as it was at a commit; a repository without one maps nothing.
func (p place) mailmap(ctx context.Context, id string) (mailmap, error) {
	f, err := get(ctx, p, "the file .mailmap", func(c *gh.Client) (*gh.RepositoryContent, *gh.Response, error) {
		f, _, r, err := c.Repositories.GetContents(ctx, p.owner, p.name, ".mailmap", &gh.RepositoryContentGetOptions{Ref: id})
		return f, r, err
	})
	if missing(err) || err == nil && (f == nil || f.GetType() != "file") { // git follows no link there either
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := f.GetContent()
	if err != nil {
		return nil, lacks(p, "the file .mailmap", "with what cannot be read")
	}
	return readMailmap(text), nil
}

// readMailmap reads the lines "Name <proper> Name <as committed>"; the names may be missing, and what is not such a line
// is passed over, as git does.
func readMailmap(text string) mailmap {
	m := mailmap{}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		_, proper, rest, ok := contactOf(line)
		if !ok {
			continue
		}
		if name, as, _, ok := contactOf(rest); ok && as != "" {
			m[workflows.Contact{Name: lower(name), Address: lower(as)}] = proper
		}
	}
	return m
}

// contactOf cuts the first name and address off a line.
func contactOf(line string) (name, address, rest string, ok bool) {
	name, rest, ok = strings.Cut(line, "<")
	if !ok {
		return "", "", "", false
	}
	address, rest, ok = strings.Cut(rest, ">")
	return strings.TrimSpace(name), strings.TrimSpace(address), rest, ok
}

// address is what a contact's address is mapped to, or that address.
func (m mailmap) address(c workflows.Contact) string {
	name, address := lower(strings.TrimSpace(c.Name)), lower(c.Address)
	return cmp.Or(m[workflows.Contact{Name: name, Address: address}], m[workflows.Contact{Address: address}], c.Address)
}

func (m mailmap) signed(c workflows.Contact) workflows.Signed {
	return workflows.Signed{Mapped: m.address(c), Written: c.Address}
}

// lower folds the case as git does here: of ASCII alone.
func lower(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}
