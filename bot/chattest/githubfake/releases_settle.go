package githubfake

// settle holds a release to the rules, and publishes what is no draft: its tag is made if it is not there, and then alone
// is its target looked at.
func (r *Repo) settle(c *Call, x *Release) refusal {
	latest := c.text("make_latest")
	switch other := r.released(x.Tag); {
	case !goodRef("refs/tags/" + x.Tag):
		return invalid("Release", "tag_name", "custom", "tag_name is not well-formed")
	case !x.Draft && other != nil && other.ID != x.ID:
		return invalid("Release", "tag_name", "already_exists", "")
	case latest == "true" && (x.Draft || x.Pre):
		return invalid("Release", "make_latest", "invalid", "")
	case x.Draft:
		return refusal{}
	}
	id, there := r.refs["refs/tags/"+x.Tag]
	if !there {
		target, ok := r.resolve(x.Target)
		switch {
		case len(r.refs) == 0:
			return invalid("Release", "", "custom", "Repository is empty.")
		case !ok:
			return invalid("Release", "target_commitish", "invalid", "")
		case !c.grant.has("workflows=write") && r.workflowsDiffer(target):
			return notFound() // as GitHub answers whoever lacks the permission
		}
		r.move("refs/tags/"+x.Tag, target, c.grant.login)
		id = target
	}
	x.commit = r.peeled(id)
	if x.published.IsZero() {
		x.published = r.f.now()
	}
	switch latest {
	case "true":
		for _, other := range r.releases {
			other.Latest = false
		}
		x.Latest = true
	case "false", "legacy":
		x.Latest = false
	}
	return refusal{}
}

// workflowsDiffer is whether a commit has other workflows than the default branch.
func (r *Repo) workflowsDiffer(id string) bool {
	const at = ".github/workflows"
	here, _ := r.at(r.commits[r.refs["refs/heads/"+r.def]].tree, at)
	there, _ := r.at(r.commits[id].tree, at)
	return here.sha != there.sha
}

// announce tells what became of a release. was is whether it was published before.
func (r *Repo) announce(x *Release, action string, was bool) {
	tell := func(action string) {
		more := reply{"release": r.releaseAll(x)}
		if action == "edited" {
			more["changes"] = reply{}
		}
		r.tell("release", action, more)
	}
	if x.Draft || was || action == "created" {
		tell(action)
	}
	if !x.Draft && !was {
		tell("published")
		if x.Pre {
			tell("prereleased")
		} else {
			tell("released")
		}
	}
}
