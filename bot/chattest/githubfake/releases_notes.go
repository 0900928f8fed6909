package githubfake

import (
	"net/http"
	"strings"
)

// generateNotes drafts notes of the pull requests since the tag before; nothing is saved.
func generateNotes(_ *Fake, c *Call) (any, refusal) {
	r, tag, target := c.repo, c.text("tag_name"), c.text("target_commitish")
	_, there := r.refs["refs/tags/"+tag]
	if _, ok := r.resolve(target); !there && (!ok || target == "") && target != "" {
		return nil, invalid("Release", "target_commitish", "invalid", "")
	}
	if previous := c.text("previous_tag_name"); previous != "" && r.refs["refs/tags/"+previous] == "" {
		return nil, refuse(http.StatusUnprocessableEntity, "Invalid previous_tag parameter")
	}
	name, body := r.generated(tag, target, c.text("previous_tag_name"))
	return reply{"name": name, "body": body}, refusal{}
}

func (r *Repo) generated(tag, target, previous string) (name, body string) {
	id, there := r.refs["refs/tags/"+tag]
	if !there {
		id, _ = r.resolve(target)
	}
	id = r.peeled(id)
	without := map[string]bool{}
	if previous == "" {
		for _, x := range r.releases {
			if !x.Draft && x.Tag != tag {
				previous = x.Tag
			}
		}
	}
	if was := r.refs["refs/tags/"+previous]; was != "" {
		without = r.reach(r.peeled(was))
	}
	var text strings.Builder
	text.WriteString("## What's Changed\n")
	for _, c := range r.log(id, without) {
		for _, p := range r.pulls {
			if p.MergedAs == c.sha {
				text.WriteString("* " + p.Title + " by @" + p.Author + " in " + r.html("/pull/"+itoa(p.Number)) + "\n")
			}
		}
	}
	text.WriteString("\n\n**Full Changelog**: " + r.html("/compare/"+previous+"..."+tag))
	return tag, text.String()
}
