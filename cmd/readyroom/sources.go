package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

// sources is what says what is true of repositories: of commits the clone on this machine where the configuration names
// one, else the forge; of everything else the forge.
type sources struct {
	git   *git.Git
	forge *github.GitHub // nil: off
}

// Look asks whoever knows.
func (s sources) Look(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	switch {
	case q.Forge == "":
		return s.git.Look(ctx, q)
	case s.forge == nil && q.Repository != "":
		return s.git.Look(ctx, q) // the clone answers for itself; what only the forge knows is not said
	case s.forge == nil:
		return workflows.Found{}, github.Off()
	case q.Repository == "":
		found, err := s.forge.Look(ctx, q)
		return found, github.Away(err)
	}
	found, err := s.git.Look(ctx, q)
	if err != nil || found.Missing != nil {
		return found, err
	}
	found, err = s.forge.Complete(ctx, q, found)
	return found, github.Away(err)
}

// sources is what says what is true of this bot's repositories.
func (r *running) sources() sources { return sources{r.source, r.forge} }

// actors are those who carry out acts, by their names.
func (r *running) actors() map[string]bot.Actor {
	all := map[string]bot.Actor{workflows.ActTag: r.source, workflows.ActDeploy: atRest{}, workflows.ActComment: atRest{}}
	if r.forge != nil {
		all[workflows.ActDeploy], all[workflows.ActComment] = r.forge.Deploys(), github.Comments{GitHub: r.forge}
	}
	return all
}

// atRest carries out nothing: what is to be done at GitHub cannot be.
type atRest struct{}

func (atRest) Act(context.Context, json.RawMessage) (link string, err error) { return "", github.Off() }

// Diff asks whoever has the commits.
func (s sources) Diff(ctx context.Context, in workflows.Query, from, to string) ([]string, error) {
	switch {
	case in.Repository != "" || in.Forge == "":
		return s.git.Diff(ctx, in, from, to)
	case s.forge == nil:
		return nil, github.Off()
	}
	files, err := s.forge.Diff(ctx, in, from, to)
	return files, github.Away(err)
}

// forgeHost is where people find in a browser what is on the forge.
func forgeHost() string { return github.Host(os.Getenv("GITHUB_API_URL")) }
