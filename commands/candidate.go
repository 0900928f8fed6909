package commands

import (
	"context"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var candidateShow = Command{
	Command: chat.Command{Path: []string{"candidate", "show"}, Short: "The commit that is meant to go out, and what votes bind to"},
	Needs:   workflows.Member, Examples: []string{"candidate show"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.candidate(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
		if err != nil {
			return chat.Reply{}, err
		}
		m := cards.Candidate(r, c.view())
		if !c.inTheOpen() { // what may be done is the asker's own
			m.Buttons = append(m.Buttons, cards.DeployButtons(r, release.ToDeploy(r, f))...)
		}
		return message(m)
	},
}

// candidate is the release that the line means, if it has one.
func (c *Call) candidate(ctx context.Context) (release.Release, error) {
	r, err := c.release(ctx)
	if err == nil && r.Candidate == nil {
		err = workflows.Refuse(workflows.NoCandidate, r.ID.Name()+" has none yet").By("engineering", "sre").Type("/release candidate set REF")
	}
	return r, err
}

var candidateSet = Command{
	Command: chat.Command{Path: []string{"candidate", "set"}, Short: "Name the commit that is meant to go out", Params: []chat.Param{
		{Name: "ref", Kind: chat.KindRef, Short: "a commit, branch or tag", Required: true, Hint: "REF"},
		{Name: "build", Kind: chat.KindItems, Short: "an artefact's digest: NAME=DIGEST", Option: true, Hint: "NAME=DIGEST"},
		{Name: "watch", Kind: chat.KindSwitch, Short: "follow that branch from here on, as it is pushed", Option: true},
	}},
	Needs: workflows.Maker, Examples: []string{"candidate set HEAD", "candidate set v1.2.0 --build app=sha256:4f5a", "candidate set main --watch"},
	Wish: func(a Args) (workflows.Intent, error) {
		if a.Text("watch") != "" && len(a.Items("build")) > 0 {
			return nil, workflows.Refuse(workflows.Invalid, "a branch moves, and what was built of one commit is of that commit: --watch or --build").
				Type("/release candidate set "+a.Text("ref")+" --watch", "/release candidate set "+a.Text("ref")+" --build app=sha256:…")
		}
		builds := map[string]string{}
		for _, b := range a.Items("build") {
			name, digest, ok := strings.Cut(b, "=")
			if !ok || name == "" || digest == "" {
				return nil, workflows.Refuse(workflows.Invalid, "a build is NAME=DIGEST, not "+workflows.Display(b, 40)).
					Type("/release candidate set " + a.Text("ref") + " --build app=sha256:…")
			}
			builds[name] = digest
		}
		if len(builds) == 0 {
			builds = nil
		}
		return release.SetCandidate{Ref: a.Text("ref"), Builds: builds, Watch: a.Text("watch") != ""}, nil
	},
	Form: aboutRelease("Candidate", "Set", chat.Field{Key: "ref", Label: "Which commit", Hint: "HEAD, a branch, a tag, or a commit", Required: true},
		chat.Field{Key: "build", Label: "What was built of it", Hint: "app=sha256:4f5a…"}),
	Done: func(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		before, _ := r.Before.(release.Release)
		now := after[release.Release](r)
		if len(r.Events) == 1 && r.Events[0].Event.Kind() == (release.Watched{}).Kind() {
			return message(cards.Watching(now))
		}
		line, err := c.line(ctx, now)
		if err != nil {
			return chat.Reply{}, err
		}
		f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, now.ID, c.Request.When)
		if err != nil {
			return chat.Reply{}, err
		}
		m := cards.Moved(before, now, f, c.view(), line, r.Dry)
		if !r.Dry && !c.inTheOpen() {
			m.Buttons = append(m.Buttons, cards.DeployButtons(now, release.ToDeploy(now, f))...)
		}
		return chat.Reply{Message: &m, Items: lines(release.Check(now, c.Viewer.Book, c.Request.When))}, nil
	},
}

var candidateDiff = Command{
	Command: chat.Command{Path: []string{"candidate", "diff"}, Short: "What changed under each stale vote, file by file"},
	Needs:   workflows.Member, Examples: []string{"candidate diff"}, Show: showDiff,
}

// showDiff lists, for each vote cast on another commit, what lies between that and the candidate.
func showDiff(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.candidate(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	files := map[string][]string{}
	for _, v := range r.Votes {
		if v.Commit == "" || v.Commit == r.Candidate.Commit.ID || files[v.Commit] != nil {
			continue
		}
		if files[v.Commit], err = c.Desk.Diff(ctx, r, v.Commit, r.Candidate.Commit.ID); err != nil {
			return chat.Reply{}, err
		}
	}
	return message(cards.Diff(r, files))
}
