package githubfake

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Driver lets things happen by lines of text, as scripts have them. What a line names without saying where is in the
// repository that was spoken of last.
type Driver struct {
	f *Fake
	r *Repo
	// At is when the next commit is made; nil: now.
	At func() time.Time
}

// Driver makes one.
func (f *Fake) Driver() *Driver { return &Driver{f: f} }

// Repo is the repository that was spoken of last; nil: none.
func (d *Driver) Repo() *Repo { return d.r }

// line is one line: words, and what is said of them by name: by=ben labels=bug,ui.
type line struct {
	words []string
	named map[string]string
	ctx   context.Context //nolint:containedctx // it lives as long as the line is carried out
}

// word is the nth word, or what stands for it when it was not said.
func (l line) word(n int, otherwise string) string {
	if n < len(l.words) {
		return l.words[n]
	}
	return otherwise
}

func (l line) number(n int) int64 {
	i, err := strconv.ParseInt(l.word(n, ""), 10, 64)
	if err != nil {
		return -1
	}
	return i
}

func (l line) list(name string) []string {
	if l.named[name] == "" {
		return nil
	}
	return strings.Split(l.named[name], ",")
}

// verb is what a line can do.
type verb struct {
	usage string
	least int // so many words
	do    func(d *Driver, l line) (string, error)
}

// verbs are all of them, by their first word.
var verbs map[string]verb

// Verbs says how every line is written.
func Verbs() []string {
	var all []string
	for name, v := range verbs {
		all = append(all, strings.TrimSpace(name+" "+v.usage))
	}
	slices.Sort(all)
	return all
}

// names are what may be said by name.
var names = []string{"by", "committer", "labels", "body", "milestone", "at", "repo"}

// Do carries out one line, and gives what it has to say: the id of a commit, the number of an issue, what was asked for.
func (d *Driver) Do(ctx context.Context, args ...string) (string, error) {
	if len(args) == 0 {
		return "", fmt.Errorf("githubfake: say one of\n\t%s", strings.Join(Verbs(), "\n\t"))
	}
	v, known := verbs[args[0]]
	if !known {
		return "", fmt.Errorf("githubfake: there is no %q, but\n\t%s", args[0], strings.Join(Verbs(), "\n\t"))
	}
	l := line{named: map[string]string{}, ctx: ctx}
	for _, a := range args[1:] {
		if name, value, is := strings.Cut(a, "="); is && slices.Contains(names, name) {
			l.named[name] = value
			continue
		}
		l.words = append(l.words, a)
	}
	if len(l.words) < v.least {
		return "", fmt.Errorf("githubfake: write %s %s", args[0], v.usage)
	}
	if name := l.named["repo"]; name != "" {
		if d.r = d.f.Repo(name); d.r == nil {
			return "", fmt.Errorf("githubfake: there is no %s", name)
		}
	}
	if d.r == nil && args[0] != "repo" {
		return "", fmt.Errorf("githubfake: write repo acme/app first")
	}
	return v.do(d, l)
}

// quiet is a verb that has nothing to say.
func quiet(usage string, least int, do func(d *Driver, l line)) verb {
	return verb{usage, least, func(d *Driver, l line) (string, error) { do(d, l); return "", nil }}
}

// at is the commit that a line means: a ref or an id, the default branch if nothing is said.
func (l line) at(n int) string { return l.word(n, l.named["at"]) }

func init() {
	verbs = map[string]verb{
		"repo": {"OWNER/NAME [public]", 1, func(d *Driver, l line) (string, error) {
			if d.r = d.f.Repo(l.words[0]); d.r == nil {
				d.r = d.f.AddRepo(l.words[0])
			}
			if l.word(1, "") == "public" {
				d.r.Publish()
			}
			return "", nil
		}},
		"user": quiet("LOGIN [NAME [ADDRESS]]", 1, func(d *Driver, l line) {
			d.f.AddUser(User{Login: l.words[0], Name: l.word(1, ""), Email: l.word(2, "")})
		}),
		"commit":          {"BRANCH MESSAGE [by=LOGIN] [committer=LOGIN] [PATH TEXT]…", 2, driveCommit},
		"branch":          quiet("NAME [AT]", 1, func(d *Driver, l line) { d.r.Branch(l.words[0], l.at(1)) }),
		"force-push":      quiet("BRANCH AT", 2, func(d *Driver, l line) { d.r.ForcePush(l.words[0], l.at(1)) }),
		"delete-branch":   quiet("NAME", 1, func(d *Driver, l line) { d.r.DeleteBranch(l.words[0]) }),
		"tag":             quiet("NAME [AT]", 1, func(d *Driver, l line) { d.r.Tag(l.words[0], l.at(1)) }),
		"annotate":        quiet("NAME [AT]", 1, func(d *Driver, l line) { d.r.AnnotatedTag(l.words[0], l.at(1), l.words[0]) }),
		"delete-tag":      quiet("NAME", 1, func(d *Driver, l line) { d.r.DeleteTag(l.words[0]) }),
		"pull":            {"HEAD TITLE [by=LOGIN] [labels=A,B] [body=TEXT] [milestone=N]", 2, drivePull},
		"merge":           {"NUMBER", 1, func(d *Driver, l line) (string, error) { return d.r.Merge(l.number(0)), nil }},
		"squash":          {"NUMBER", 1, func(d *Driver, l line) (string, error) { return d.r.Squash(l.number(0)), nil }},
		"close-pull":      quiet("NUMBER", 1, func(d *Driver, l line) { d.r.ClosePull(l.number(0)) }),
		"reopen-pull":     quiet("NUMBER", 1, func(d *Driver, l line) { d.r.ReopenPull(l.number(0)) }),
		"label":           quiet("NUMBER LABEL", 2, func(d *Driver, l line) { d.r.Label(l.number(0), l.words[1]) }),
		"issue":           {"TITLE [by=LOGIN] [labels=A,B] [body=TEXT] [milestone=N]", 1, driveIssue},
		"close":           quiet("NUMBER", 1, func(d *Driver, l line) { d.r.CloseIssue(l.number(0)) }),
		"lock":            quiet("NUMBER", 1, func(d *Driver, l line) { d.r.ChangeIssue(l.number(0), func(i *Issue) { i.Locked = true }) }),
		"say":             quiet("NUMBER LOGIN TEXT", 3, func(d *Driver, l line) { d.r.Say(l.number(0), l.words[1], l.words[2]) }),
		"milestone":       {"TITLE", 1, func(d *Driver, l line) (string, error) { return itoa(d.r.Milestone(l.words[0], time.Time{})), nil }},
		"close-milestone": quiet("NUMBER", 1, func(d *Driver, l line) { d.r.CloseMilestone(l.number(0)) }),
		"check":           quiet("NAME STATUS|CONCLUSION [AT] [by=APP]", 2, driveCheck),
		"status":          quiet("CONTEXT STATE [AT] [by=LOGIN]", 2, driveStatus),
		"environment":     quiet("NAME [RULE]…", 1, func(d *Driver, l line) { d.r.Environment(l.words[0], l.words[1:]...) }),
		"deploy":          quiet("ENVIRONMENT [AT] [by=LOGIN]", 1, driveDeploy),
		"deploy-status":   {"ENVIRONMENT STATE", 2, driveDeployStatus},
		"workflow":        quiet("FILE RUN-NAME INPUT,INPUT [ENVIRONMENT]", 3, driveWorkflow),
		"run-status":      {"FILE STATUS|CONCLUSION", 2, driveRunStatus},
		"archive":         quiet("", 0, func(d *Driver, _ line) { d.r.Archive() }),
		"protect":         quiet("BRANCH", 1, func(d *Driver, l line) { d.r.Protect(l.words[0]) }),
		"require":         quiet("BRANCH [NAME[@APP]]…", 1, func(d *Driver, l line) { d.r.Require(l.words[0], demands(l.words[1:])...) }),
		"rule":            quiet("BRANCH [NAME[@APP]]…", 1, func(d *Driver, l line) { d.r.Rule(l.words[0], demands(l.words[1:])...) }),
		"rulesets":        quiet("shown|old|plan|hidden", 1, func(d *Driver, l line) { d.r.Rulesets(l.words[0]) }),
		"unarchive":       quiet("", 0, func(d *Driver, _ line) { d.r.Unarchive() }),
		"publish":         quiet("", 0, func(d *Driver, _ line) { d.r.Publish() }),
		"rename":          quiet("OWNER/NAME", 1, func(d *Driver, l line) { d.r.Rename(l.words[0]) }),
		"delete":          quiet("", 0, func(d *Driver, _ line) { d.r.Delete() }),
		"forbid":          quiet("PERMISSION", 1, func(d *Driver, l line) { d.f.Forbid(botToken, l.words[0]) }),
		"permit":          {"PERMISSION=LEVEL…", 1, drivePermit},
		"revoke":          quiet("", 0, func(d *Driver, _ line) { d.f.RevokeToken(botToken) }),
		"down":            quiet("", 0, func(d *Driver, _ line) { d.f.Down(true) }),
		"up":              quiet("", 0, func(d *Driver, _ line) { d.f.Down(false) }),
		"fail":            {"ROUTE FAULT…", 2, driveFail},
		"hook":            quiet("URL SECRET", 2, func(d *Driver, l line) { d.f.Hook(l.words[0], l.words[1]) }),
		"hook-deliver":    {"[all|again|backwards|forged|none] [EVENT]", 0, driveDeliver},
		"show":            {"commits|refs|releases|release|deployments|runs|pulls|comments|file|calls [WHAT]", 1, driveShow},
	}
}
