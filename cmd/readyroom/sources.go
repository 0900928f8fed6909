package main

import (
	"context"
	"encoding/json"
	"fmt"
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
		found, err := s.git.Look(ctx, q) // the clone answers for itself; what only the forge knows is not said
		if err == nil && found.Missing == nil && q.Optional && len(q.Envs) > 0 {
			found.Missing = github.Off()
		}
		return found, err
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

// actors are those who carry out acts, by their names. While GitHub is off, those of its acts say so.
func (r *running) actors() map[string]bot.Actor {
	return map[string]bot.Actor{workflows.ActTag: r.source, workflows.ActDeploy: r.forge.Deploys(), workflows.ActComment: github.Comments{GitHub: r.forge},
		workflows.ActRelease:   github.Releases{GitHub: r.forge},
		workflows.ActChangelog: changelogs{git.Changelogs{Git: r.source}, github.Changelogs{GitHub: r.forge}}}
}

// changelogs writes change logs where they are: in a work tree, or at the forge.
type changelogs struct{ tree, forge bot.Actor }

// Act carries out a workflows.Changelog.
func (c changelogs) Act(ctx context.Context, data json.RawMessage) (string, error) {
	var at workflows.Changelog
	if err := json.Unmarshal(data, &at); err != nil {
		return "", fmt.Errorf("read where the change log is: %w", err)
	}
	if at.Forge == "" {
		return c.tree.Act(ctx, data)
	}
	return c.forge.Act(ctx, data)
}

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
func forgeHost() string { return github.Host(os.Getenv(githubURL)) }
