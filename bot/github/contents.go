package github

import (
	"context"
	"crypto/sha1" //nolint:gosec // git names what it keeps by it
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// document is a file of a repository.
type document struct {
	text string
	blob string // its id; empty: there is none
	link string
}

// read reads the file of a change log at a commit or a branch. One that is not there is empty.
func (w proposal) read(ctx context.Context, ref string) (document, error) {
	what := "the file " + workflows.Display(w.File, 80)
	var listed, nothing bool
	file, err := get(ctx, w.place, what, func(c *gh.Client) (*gh.RepositoryContent, *gh.Response, error) {
		file, list, r, err := c.Repositories.GetContents(ctx, w.owner, w.name, w.File, &gh.RepositoryContentGetOptions{Ref: ref})
		listed, nothing = len(list) > 0, file == nil && len(list) == 0
		return file, r, err
	})
	switch {
	case missing(err):
		return document{}, nil
	case err != nil:
		return document{}, err
	case nothing:
		return document{}, lacks(w.place, what, "neither a file nor a folder")
	case listed || file.GetType() != "file" || file.GetEncoding() == "none":
		return document{}, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s of %s is no file that can be changed there: a folder, a link, or larger than 1 MB", what, w.forge)).
			By(operator).Type("products: app: changelog: CHANGELOG.md, in readyroom.yaml")
	}
	text, err := file.GetContent()
	if err != nil {
		return document{}, lacks(w.place, what, "what cannot be read")
	}
	if file.GetSHA() != blobOf(text, len(file.GetSHA())) || file.GetPath() != w.File {
		return document{}, lacks(w.place, what, "another one")
	}
	return document{text, file.GetSHA(), file.GetHTMLURL()}, nil
}

// blobOf is what git calls a content, by the hash that has ids so long.
func blobOf(content string, digits int) string {
	h := sha1.New() //nolint:gosec // see above
	if digits == 2*sha256.Size {
		h = sha256.New()
	}
	_, _ = fmt.Fprintf(h, "blob %d\x00%s", len(content), content) // a hash never fails
	return hex.EncodeToString(h.Sum(nil))
}

// write brings the section into the file of the branch, by one commit. Where it is, nothing is written.
func (w proposal) write(ctx context.Context) error {
	file, err := w.read(ctx, w.head)
	if err != nil {
		return err
	}
	text := w.Into(file.text)
	if text == file.text {
		return nil
	}
	o := &gh.RepositoryContentFileOptions{Message: gh.String(workflows.MadeFor(w.Title, w.Op)), Content: []byte(text), Branch: gh.String(w.head)}
	if file.blob != "" {
		o.SHA = gh.String(file.blob)
	}
	done, err := get(ctx, w.place, "the file "+workflows.Display(w.File, 80), func(c *gh.Client) (*gh.RepositoryContentResponse, *gh.Response, error) {
		return c.Repositories.UpdateFile(ctx, w.owner, w.name, w.File, o)
	})
	switch {
	case status(err) == http.StatusConflict: // it changed meanwhile: it is read again
		return doubtful(err)
	case err != nil:
		return err
	case done.GetContent().GetSHA() != blobOf(text, len(done.GetContent().GetSHA())):
		return doubtful(lacks(w.place, "the file "+w.File, "with another content"))
	}
	return nil
}
