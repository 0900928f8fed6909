package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

// githubNext is how GitHub is turned on.
const githubNext = "set " + githubToken + ", or " + githubApp + " and " + githubKey + " (README: GitHub)"

// examineGitHub looks at GitHub, where it is on or meant to be.
func examineGitHub(ctx context.Context, cfg config.Config) []chat.Finding {
	secrets, err := readGitHubSecrets()
	wanted := wantedAt(cfg)
	switch {
	case err != nil:
		return secretFindings(err)
	case !wantsGitHub(secrets) && len(wanted) == 0:
		return nil
	case !wantsGitHub(secrets):
		return []chat.Finding{{State: chat.Odd, What: github.Platform, Found: "it is off: none of its secrets is set, though the configuration names " + wanted[0].Forge, Next: githubNext}}
	}
	g, err := github.New(githubOptions(secrets, slog.New(slog.DiscardHandler)))
	if err != nil {
		return secretFindings(err)
	}
	if len(wanted) == 0 {
		return []chat.Finding{{State: chat.Odd, What: github.Platform, Found: "no product is in a repository there: nothing is looked at", Next: "products: {app: {github: owner/name}}"}}
	}
	return append(g.Examine(ctx, wanted), hookFinding(secrets.Webhooks))
}

// wantedAt is what the configuration wants of repositories on GitHub, by product.
func wantedAt(cfg config.Config) (all []github.Wanted) {
	for _, id := range slices.Sorted(maps.Keys(cfg.Products)) {
		p := cfg.Products[id]
		if p.Forge.Repository != "" {
			all = append(all, github.Wanted{Product: id, Forge: p.Forge.Repository, Branch: p.Branch, Checks: !p.Forge.Unchecked, Named: p.Forge.Checks, Opens: p.Forge.Opens,
				Deploys: p.Forge.Deploys, Releases: p.Forge.Releases, Changelog: p.Changelog != ""})
		}
	}
	return all
}

// shortSecret is what somebody could guess, in characters.
const shortSecret = 16

// hookFinding looks at the secrets of the webhook, which GitHub tells nobody.
func hookFinding(secrets []chat.Secret) chat.Finding {
	const next = "make one: openssl rand -hex 32. Set it here and there: GitHub → the repository → Settings → Webhooks"
	f := chat.Finding{State: chat.Well, What: "webhook", Found: "what is signed with the secret is taken at " + github.DoorPath}
	switch weak := slices.ContainsFunc(secrets, func(s chat.Secret) bool { return len(s.Reveal()) < shortSecret }); {
	case len(secrets) == 0:
		return chat.Finding{State: chat.Odd, What: "webhook", Found: githubSigned + " is not set: nothing is taken at " + github.DoorPath + ", and what happens is found within five minutes", Next: next}
	case weak:
		f.State, f.Found, f.Next = chat.Odd, fmt.Sprintf("a secret in %s is shorter than %d characters: somebody could find it out", githubSigned, shortSecret), next
	case len(secrets) > 1:
		f.Found = strings.Replace(f.Found, "the secret", fmt.Sprintf("one of the %d secrets", len(secrets)), 1)
	}
	return f
}
