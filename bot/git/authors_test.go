package git_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

func TestAuthorsAndCoAuthors(t *testing.T) {
	r := gittest.New(t)
	for name, c := range map[string]struct {
		author, body string
		want         []string
	}{
		"alone":          {gittest.Ana, "", []string{"ana@example.org"}},
		"upper case":     {"Ana <Ana@Example.ORG>", "", []string{"ana@example.org"}},
		"no address":     {"Ana <>", "", nil},
		"trailers":       {gittest.Ana, "why\n\nReviewed-by: Z <z@example.org>\nCo-authored-by: Ben B <Ben@Example.org>\nco-authored-by: <mia@example.org>", []string{"ana@example.org", "ben@example.org", "mia@example.org"}},
		"twice":          {gittest.Ana, "Co-authored-by: Ben <ben@example.org>\nCo-authored-by: Benjamin <BEN@example.org>\nCo-authored-by: Ana <ana@example.org>", []string{"ana@example.org", "ben@example.org"}},
		"squashed":       {gittest.Ana, "* first\n\nCo-authored-by: Ben <ben@example.org>\n\n* second, and more words after", []string{"ana@example.org", "ben@example.org"}},
		"folded":         {gittest.Ana, "Co-authored-by: Ben\n  <ben@example.org>", []string{"ana@example.org", "ben@example.org"}},
		"line ends":      {gittest.Ana, "Co-authored-by: Ben <ben@example.org>\r\nCo-authored-by: Mia <mia@example.org>\r\n", []string{"ana@example.org", "ben@example.org", "mia@example.org"}},
		"a quoted line":  {gittest.Ana, "he wrote Co-authored-by: Ben <ben@example.org>", []string{"ana@example.org"}},
		"no such thing":  {gittest.Ana, "Co-authored-by: Ben\nCo-authored-by:\nCo-authored-by: <>", []string{"ana@example.org"}},
		"odd characters": {gittest.Ana, "Co-authored-by: B\x01en <b\x02en@example.org>", []string{"ana@example.org", "ben@example.org"}},
	} {
		r.Commit(c.author, gittest.Day(1), name, c.body)
		if diff := cmp.Diff(c.want, look(t, r, workflows.Query{}).Commit.Authors); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNamesAreAsPeopleWriteThem(t *testing.T) {
	r := gittest.New(t)
	r.Commit("Ana Ñ <ana@example.org>", gittest.Day(1), "one", "Co-authored-by: Ben <ben@example.org>\nCo-authored-by: Ben <ben@work.example.org>\nCo-authored-by: <mia@example.org>",
		".mailmap", "Somebody Else <x@example.org> <ana@example.org>\n")
	found := look(t, r, workflows.Query{Log: true})
	for _, c := range append(found.Log, found.Commit) {
		if diff := cmp.Diff([]string{"Ana Ñ", "Ben"}, c.Names); diff != "" {
			t.Error(diff)
		}
	}
}

// The mailmap joins a person's addresses; it never hides the one a commit was made with.
func TestMailmap(t *testing.T) {
	r := gittest.New(t)
	r.Commit("A <ana@old.example.org>", gittest.Day(1), "one", "Co-authored-by: Benny <ben@old.example.org>\nCo-authored-by: Mia <mia@example.org>",
		".mailmap", "Ana <Ana@example.org> <ana@old.example.org>\nBen <ben@example.org> Benny <ben@old.example.org>\n", "sub/file", "x")
	want := []string{"ana@example.org", "ana@old.example.org", "ben@example.org", "ben@old.example.org", "mia@example.org"}
	for _, dir := range []string{".", "sub"} {
		found := look(t, r, workflows.Query{Repository: dir, Log: true})
		if diff := cmp.Diff(want, found.Commit.Authors); diff != "" {
			t.Errorf("in %s: %s", dir, diff)
		}
		if diff := cmp.Diff(want, found.Log[0].Authors); diff != "" {
			t.Errorf("the log in %s: %s", dir, diff)
		}
	}
}

func TestDatesThatNoCalendarHolds(t *testing.T) {
	r := gittest.New(t)
	for _, seconds := range []string{"0", "253402300800", "99999999999999"} {
		raw := "tree " + r.Git("write-tree") + "\nauthor Ana <ana@example.org> " + seconds + " +0000\ncommitter Ana <ana@example.org> " + seconds + " +0000\n\nx\n"
		r.Write("../commit", raw)
		id := r.Git("hash-object", "-t", "commit", "-w", "--literally", "../commit")
		found := look(t, r, workflows.Query{Ref: id})
		if _, err := found.Commit.At.MarshalJSON(); err != nil {
			t.Errorf("%s: %v", seconds, err)
		}
	}
}

func TestLongMessages(t *testing.T) {
	r := gittest.New(t)
	var body strings.Builder
	for range 500 {
		body.WriteString("Co-authored-by: " + strings.Repeat("x", 200) + "\n")
	}
	r.Commit(gittest.Ana, gittest.Day(1), strings.Repeat("s", 5000), body.String()+"Co-authored-by: Ben <ben@example.org>")
	found := look(t, r, workflows.Query{})
	if len(found.Commit.Subject) != 5000 || len(found.Commit.Authors) != 2 {
		t.Errorf("%d, %q", len(found.Commit.Subject), found.Commit.Authors)
	}
}

// What the bot wrote has no author, whosever account it has; who wrote it with the bot is named, and every address stays.
func TestTheBotIsNobodyWhoWrote(t *testing.T) {
	r := gittest.New(t)
	title, rest, _ := strings.Cut(workflows.MadeFor(workflows.Say("chore: change log of app 1.0.0"), "app@1.0.0/notes/1"), "\n\n")
	r.Commit("Release Account <rel@example.org>", gittest.Day(1), title, rest+"\nCo-authored-by: Ben <ben@example.org>")
	c := look(t, r, workflows.Query{}).Commit
	if diff := cmp.Diff([]string{"Ben"}, c.Names); diff != "" || !c.Own || len(c.Authors) != 2 {
		t.Errorf("%+v: %s", c, diff)
	}
}
