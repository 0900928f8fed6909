package github

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// find gives the release that the bot made for this version: published, else a draft; nil: there is none. One of others is
// refused. Of several drafts, as a lost answer may leave them, one is kept.
func (r making) find(ctx context.Context) (*gh.RepositoryRelease, error) {
	is, err := get(ctx, r.place, r.what(), func(c *gh.Client) (*gh.RepositoryRelease, *gh.Response, error) {
		return c.Repositories.GetReleaseByTag(ctx, r.owner, r.name, inPath(r.Tag))
	})
	switch {
	case err == nil:
		if err := r.wellFormed(is); err != nil {
			return nil, err
		}
		if same, _ := relation(ours(is.GetBody()), r.Op); !same {
			return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s of %s is there already, and others made it: %s. The bot changes nothing of it", r.what(), r.forge, is.GetHTMLURL())).
				By("engineering").Type("copy the notes there by hand", "or delete that release, and: /release notes publish")
		}
		return is, nil
	case !missing(err):
		return nil, err
	}
	drafts, err := r.drafts(ctx, 1)
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	return drafts[0], r.wellFormed(drafts[0])
}

// inPath is a tag as a part of an address: the library puts this one there as it is.
func inPath(tag string) string {
	parts := strings.Split(tag, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// drafts are those that the bot made for this version. Those beyond the ones that are kept are deleted.
func (r making) drafts(ctx context.Context, keep int) ([]*gh.RepositoryRelease, error) {
	list, _, err := all(ctx, r.place, "the releases", maxReleases, func(c *gh.Client, o gh.ListOptions) ([]*gh.RepositoryRelease, *gh.Response, error) {
		return c.Repositories.ListReleases(ctx, r.owner, r.name, &o)
	})
	if err != nil {
		return nil, err
	}
	drafts := slices.DeleteFunc(list, func(x *gh.RepositoryRelease) bool {
		same, _ := relation(ours(x.GetBody()), r.Op)
		return !same || !x.GetDraft() || x.GetTagName() != r.Tag
	})
	keep = min(keep, len(drafts))
	for _, extra := range drafts[keep:] {
		if err := r.drop(ctx, extra); err != nil {
			return nil, err
		}
	}
	return drafts[:keep], nil
}

func (r making) drop(ctx context.Context, extra *gh.RepositoryRelease) error {
	err := r.g.do(ctx, r.forge, "a second draft of "+r.what(), func(c *gh.Client) (*gh.Response, error) {
		return c.Repositories.DeleteRelease(ctx, r.owner, r.name, extra.GetID())
	})
	if missing(err) {
		return nil
	}
	return err
}

// superseded reports whether a release has the notes of a later publication.
func (r making) superseded(is *gh.RepositoryRelease) bool {
	_, later := relation(ours(is.GetBody()), r.Op)
	return later
}

// wellFormed refuses to believe an answer that does not say which release it is of.
func (r making) wellFormed(is *gh.RepositoryRelease) error {
	if is.GetID() <= 0 || is.GetTagName() != r.Tag || !strings.HasPrefix(is.GetHTMLURL(), "https://") && !strings.HasPrefix(is.GetHTMLURL(), r.g.web("")) {
		return lacks(r.place, r.what(), "without its number, its tag or its address")
	}
	return nil
}

// draft makes a draft, which nobody but those see who may write there.
func (r making) draft(ctx context.Context) (*gh.RepositoryRelease, error) {
	is, err := get(ctx, r.place, r.what(), func(c *gh.Client) (*gh.RepositoryRelease, *gh.Response, error) {
		return c.Repositories.CreateRelease(ctx, r.owner, r.name, r.asked(true))
	})
	if err == nil {
		err = doubtful(r.wellFormed(is))
	}
	return is, r.tagless(err)
}
