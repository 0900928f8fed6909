package git

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Act makes the tag that data describes, if it is not there. A tag of that name that says something else is refused: it
// is never moved, and nothing is pushed.
//
// The tag is annotated, with the message for its text, and it names a blob that holds the message again: no commit is
// called by it, so whatever finds versions by tags passes it over, and a repository without commits can have it. All of
// it follows from data: made twice, it is the same object.
func (g *Git) Act(ctx context.Context, data json.RawMessage) (link string, err error) {
	var t workflows.Tag
	if err := json.Unmarshal(data, &t); err != nil {
		return "", fmt.Errorf("read what is to be tagged: %w", err)
	}
	if why := workflows.WrongRef(t.Name); why != "" {
		return "", workflows.Refuse(workflows.Invalid, "no tag can be called «"+workflows.Display(t.Name, 60)+"»: "+why).By("who runs the bot")
	}
	r, err := g.open(ctx, t.Repository)
	if err != nil {
		return "", err
	}
	if done, err := r.tagged(ctx, t); err != nil || done {
		return "", err
	}
	object, err := r.tagObject(ctx, t)
	if err != nil {
		return "", fmt.Errorf("write the tag %s: %w", t.Name, err)
	}
	// An empty old value: somebody else's tag that came meanwhile stays. The next attempt looks at it.
	if _, err := r.run(ctx, "", "update-ref", "refs/tags/"+t.Name, object, ""); err != nil {
		return "", fmt.Errorf("make the tag %s: %w", t.Name, err)
	}
	return "", nil
}

// tagged reports whether the tag is there and says what it should.
func (r repo) tagged(ctx context.Context, t workflows.Tag) (bool, error) {
	ref := "refs/tags/" + t.Name
	out, err := r.lines(ctx, "for-each-ref", "--format=%(refname) %(objecttype)", ref)
	if err != nil {
		return false, fmt.Errorf("look for the tag %s: %w", t.Name, err)
	}
	kind := ""
	for _, line := range out { // a name is also the folder of others
		if name, is, _ := strings.Cut(line, " "); name == ref {
			kind = is
		}
	}
	if kind == "" {
		return false, nil
	}
	message := ""
	if kind == "tag" {
		text, err := r.run(ctx, "", "cat-file", "tag", ref)
		if err != nil {
			return false, fmt.Errorf("read the tag %s: %w", t.Name, err)
		}
		_, message, _ = strings.Cut(text, "\n\n")
	}
	if message == t.Message {
		return true, nil
	}
	return false, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s has a tag %s already, and it says something else", r.called, t.Name)).
		By("who keeps the repository").Type("git show "+t.Name, "/release audit anchor --tag")
}

// tagObject writes the tag and what it names, and gives its id.
func (r repo) tagObject(ctx context.Context, t workflows.Tag) (string, error) {
	blob, err := r.object(ctx, t.Message, "hash-object", "-w", "--stdin")
	if err != nil {
		return "", err
	}
	return r.object(ctx, fmt.Sprintf("object %s\ntype blob\ntag %s\ntagger readyroom <readyroom@localhost> %d +0000\n\n%s",
		blob, t.Name, t.At.Unix(), t.Message), "mktag")
}

// object runs a command that writes an object and gives its id.
func (r repo) object(ctx context.Context, input string, args ...string) (string, error) {
	out, err := r.run(ctx, input, args...)
	if err != nil {
		return "", err
	}
	id := strings.TrimSpace(out)
	if !isID(id) {
		return "", fmt.Errorf("git %s: no object id", args[0])
	}
	return id, nil
}
