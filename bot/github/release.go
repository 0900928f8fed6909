package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// What a release may have, in characters, and how many of them are looked through for a draft.
const (
	maxReleaseName = 256
	maxReleaseBody = 125_000
	maxReleases    = 1000
)

// Releases makes releases, and mends those that it made. A release of others is left as it is. It makes a draft first and
// looks at it; publishing it makes the tag where there is none. A tag is never moved.
type Releases struct{ *GitHub }

// Act carries out a workflows.ForgeRelease. Done, it is there for everybody to see, and its tag names the commit.
func (g Releases) Act(ctx context.Context, data json.RawMessage) (link string, err error) {
	if g.GitHub == nil {
		return "", Off()
	}
	var want workflows.ForgeRelease
	if err := json.Unmarshal(data, &want); err != nil {
		return "", fmt.Errorf("read what release is to be made: %w", err)
	}
	r, err := g.making(want)
	if err != nil {
		return "", err
	}
	link, err = r.make(ctx)
	return link, g.whole(r.forge, err, "contents: write")
}

// make brings the release about.
func (r making) make(ctx context.Context) (link string, err error) {
	if err := r.tagged(ctx, true); err != nil {
		return "", err
	}
	is, err := r.find(ctx)
	switch {
	case err != nil:
		return "", err
	case is != nil && r.superseded(is):
		return "", overtaken(r.what()+" of "+r.forge, is.GetHTMLURL())
	case is == nil:
		if is, err = r.draft(ctx); err != nil {
			return "", err
		}
	}
	if is, err = r.settle(ctx, is); err != nil {
		return "", err
	}
	if err := r.tagged(ctx, false); err != nil {
		return "", err
	}
	_, err = r.drafts(ctx, 0) // a former attempt's, which was not listed before
	return is.GetHTMLURL(), doubtful(err)
}

// overtaken refuses what a later publication took the place of. That is not done: whoever was brought back from a backup
// counts anew what it published since.
func overtaken(what, link string) error {
	return workflows.Refuse(newer, what+" has the notes of a later publication: "+link+". Nothing of it was changed").
		By("engineering").Type("look at it; where the bot came back from a backup: /release notes publish, until it counts as far")
}

// making is a release about to be made.
type making struct {
	place
	workflows.ForgeRelease
	body string
}

// making refuses what GitHub would not take, before anything is asked.
func (g Releases) making(want workflows.ForgeRelease) (making, error) {
	p, err := g.at(want.Forge)
	if err != nil {
		return making{}, err
	}
	r := making{place: p, ForgeRelease: want, body: quiet(want.Text.String(), g.web("")) + "\n\n" + marker(want.Op)}
	no := func(why string) *workflows.Refusal {
		return workflows.Refuse(workflows.Invalid, r.what()+" of "+r.forge+": "+why)
	}
	if _, err := sha(want.Commit); err != nil {
		return r, no("no full id of a commit is known").By("engineering").Type("/release candidate set REF")
	}
	if why := workflows.WrongRef(want.Tag); why != "" {
		return r, no("no tag can be called so: " + why).By(operator).Type("products: PRODUCT: github: {tag: vVERSION}, in readyroom.yaml")
	}
	if n := utf8.RuneCountInString(r.body); n > maxReleaseBody {
		return r, no(fmt.Sprintf("the notes have %d characters there, %d is the most", n, maxReleaseBody)).By(workflows.Makers()...).Type("/release notes edit")
	}
	if n := utf8.RuneCountInString(want.Title.String()); n == 0 || n > maxReleaseName {
		return r, no(fmt.Sprintf("its title has %d characters, %d is the most", n, maxReleaseName)).By(operator).Type("/release notes publish --only channels")
	}
	return r, nil
}

func (r making) what() string { return "the release " + workflows.Display(r.Tag, 80) }

// tagged refuses a tag that names another commit than the release is of. Before, it may not be there yet; afterwards it
// must be.
func (r making) tagged(ctx context.Context, before bool) error {
	id, there, err := r.ref(ctx, "tags/"+r.Tag)
	switch {
	case err != nil && !before:
		return doubtful(err)
	case err != nil:
		return err
	case !there && before:
		return nil
	case !there:
		return fmt.Errorf("%s of %s is published, but its tag is not to be seen", r.what(), r.forge)
	case id == r.Commit:
		return nil
	}
	why := fmt.Sprintf("the tag %s of %s names %s, and the notes are those of %s", workflows.Display(r.Tag, 80), r.forge, workflows.ShortID(id), workflows.ShortID(r.Commit))
	if !before {
		why += "; the release is published under it all the same"
	}
	return workflows.Refuse(conflict, why+". The bot moves no tag").By("engineering").
		Type("/release candidate set "+r.Tag, "git push --force origin "+workflows.ShortID(r.Commit)+":refs/tags/"+r.Tag)
}

// asked is the release as it is sent.
func (r making) asked(draft bool) *gh.RepositoryRelease {
	x := &gh.RepositoryRelease{TagName: gh.String(r.Tag), TargetCommitish: gh.String(r.Commit), Name: gh.String(r.Title.String()),
		Body: gh.String(r.body), Draft: gh.Bool(draft), Prerelease: gh.Bool(r.Pre)}
	if !draft {
		x.MakeLatest = gh.String("legacy") // the newest commit's is, as if people had made it
	}
	return x
}

// says reports whether a release is what it should be. GitHub may end lines its own way.
func (r making) says(is *gh.RepositoryRelease) bool {
	bare := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return bare(is.GetBody()) == bare(r.body) && is.GetName() == r.Title.String() && is.GetPrerelease() == r.Pre
}

// settle makes of what was found what should be there: a draft is made right, read again, and published; what is published
// is changed where it differs.
func (r making) settle(ctx context.Context, is *gh.RepositoryRelease) (*gh.RepositoryRelease, error) {
	if is.GetDraft() {
		if !r.says(is) || is.GetTargetCommitish() != r.Commit {
			if _, err := r.change(ctx, is, true); err != nil {
				return nil, err
			}
		}
		read, err := r.read(ctx, is.GetID())
		if err != nil {
			return nil, err
		}
		if read.GetDraft() && (!r.says(read) || read.GetTargetCommitish() != r.Commit) {
			return nil, errors.New(r.what() + " of " + r.forge + ": its draft does not read as it was written")
		}
		is = read
	}
	if is.GetDraft() || !r.says(is) {
		done, err := r.change(ctx, is, false)
		if err != nil {
			return nil, r.tagless(err)
		}
		is = done
	}
	if is.GetDraft() || !r.says(is) {
		return nil, errors.New(r.what() + " of " + r.forge + ": GitHub answered with another one than was sent")
	}
	return is, nil
}

func (r making) read(ctx context.Context, id int64) (*gh.RepositoryRelease, error) {
	is, err := get(ctx, r.place, r.what(), func(c *gh.Client) (*gh.RepositoryRelease, *gh.Response, error) {
		return c.Repositories.GetRelease(ctx, r.owner, r.name, id)
	})
	if err == nil {
		err = r.wellFormed(is)
	}
	return is, err
}

func (r making) change(ctx context.Context, is *gh.RepositoryRelease, draft bool) (*gh.RepositoryRelease, error) {
	done, err := get(ctx, r.place, r.what(), func(c *gh.Client) (*gh.RepositoryRelease, *gh.Response, error) {
		return c.Repositories.EditRelease(ctx, r.owner, r.name, is.GetID(), r.asked(draft))
	})
	if err == nil {
		err = doubtful(r.wellFormed(done))
	}
	return done, err
}

// tagless adds to a no of GitHub's what it may be about where the tag is not there yet.
func (r making) tagless(err error) error {
	var no *workflows.Refusal
	if !errors.As(err, &no) || status(err) != http.StatusNotFound && status(err) != http.StatusUnprocessableEntity {
		return err
	}
	why := no.Why + fmt.Sprintf(". Publishing makes the tag %s at %s: the bot needs Contents: write, and Workflows: write where that commit has other workflows than the default branch; a rule of the repository may forbid the tag, too",
		workflows.Display(r.Tag, 80), workflows.ShortID(r.Commit))
	out := *no
	out.Why = why
	out.Next = append(slices.Clone(no.Next), fmt.Sprintf("or make the tag: git push origin %s:refs/tags/%s, then: /release notes publish", r.Commit, r.Tag))
	return refused{&out, answeredBy(err)}
}

// answeredBy is GitHub's answer behind an error.
func answeredBy(err error) *answered {
	a, ok := errors.AsType[*answered](err)
	if !ok {
		return &answered{}
	}
	return a
}
