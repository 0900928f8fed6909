package notes

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Target is one kind of place that notes are published in.
type Target string

// The targets.
const (
	ToChannels  Target = "channels"
	ToRelease   Target = "release"
	ToChangelog Target = "changelog"
)

// Targets are all of them.
func Targets() []Target { return []Target{ToChannels, ToRelease, ToChangelog} }

// Outside is where the notes of a product go beside the channels.
type Outside struct {
	Forge      string // where a release is made, and a pull request for the change log; empty: nowhere
	Releases   bool   // whether one is made there
	Tag        string // of this version
	Branch     string // that the change log is changed in; empty: the default one
	Changelog  string // the file; empty: there is none
	Repository string // the folder that the file is written in, where there is no forge
}

// missing is what is not yet, of what is wanted, where it should be.
func (n Notes) missing(f Facts, only Target) (Going, error) {
	g := n.next(f)
	wants := func(t Target) bool { return only == "" || only == t }
	if wants(ToChannels) {
		g.To = slices.DeleteFunc(distinct(f.Channels), func(c Channel) bool { return n.has(g.Digest, c.Place) })
	}
	g.Whole = only == ""
	return g, n.outside(&g, f, wants)
}

// going is that, or a refusal where it is nothing.
func (n Notes) going(f Facts, only Target) (Going, error) {
	g, err := n.missing(f, only)
	if err != nil {
		return g, err
	}
	wants, channels := only == "" || only == ToChannels, distinct(f.Channels)
	switch {
	case len(g.To) > 0 || g.Release != nil || g.Changelog != nil:
		return g, nil
	case wants && len(channels) == 0 && (only != "" || !f.Outside.any(f.Standing.Release)):
		return g, workflows.Refuse(workflows.NoAudience, "readyroom.yaml names no public audience with a channel").
			By("whoever edits readyroom.yaml").Type(`audiences: {news: {channel: "#news", public: true}}`)
	case wants:
		return g, workflows.Refuse(workflows.Unchanged, "these notes are published, word for word, in every channel"+f.Outside.too(f.Standing.Release)).
			By(f.Actor.At()).Type(f.line("notes show"))
	}
	return g, n.lacksNothing(f, only)
}

// lacksNothing refuses to publish in one place what is there, or what that place is not meant for.
func (n Notes) lacksNothing(f Facts, only Target) error {
	made, next := f.Outside.makesRelease(), "products: app: github: owner/name"
	if only == ToChangelog {
		made, next = f.Outside.writesChangelog(), "products: app: changelog: CHANGELOG.md"
	}
	what := map[Target]string{ToRelease: "release", ToChangelog: "change log"}[only]
	switch {
	case !made:
		return workflows.Refuse(NoTarget, "readyroom.yaml names no "+what+" for the notes of "+string(f.Standing.Release.Product())+" to go into").
			By("whoever edits readyroom.yaml").Type(strings.Replace(next, "app:", string(f.Standing.Release.Product())+":", 1))
	case f.Standing.Release.IsFeature():
		return workflows.Refuse(NoTarget, f.Standing.Release.Name()+" is a feature: it has no version that a "+what+" could be of").
			By(f.Actor.At()).Type(f.line("notes publish", "--only channels"))
	}
	return workflows.Refuse(workflows.Unchanged, "these notes are in the "+what+", word for word, or on their way there").
		By(f.Actor.At()).Type(f.line("notes show"))
}

func (o Outside) makesRelease() bool { return o.Forge != "" && o.Releases }
func (o Outside) writesChangelog() bool {
	return o.Changelog != "" && (o.Forge != "" || o.Repository != "")
}

// any reports whether the notes of a release go anywhere beside the channels: of a feature they do not.
func (o Outside) any(id workflows.ReleaseID) bool {
	return !id.IsFeature() && (o.makesRelease() || o.writesChangelog())
}

func (o Outside) too(id workflows.ReleaseID) string {
	if o.any(id) {
		return ", and outside of them or on their way there"
	}
	return ""
}

// outside adds what is missing beside the channels.
func (n Notes) outside(g *Going, f Facts, wants func(Target) bool) error {
	id, o := f.Standing.Release, f.Outside
	release, changelog := o.makesRelease() && wants(ToRelease), o.writesChangelog() && wants(ToChangelog)
	if id.IsFeature() {
		g.Unversioned = (release || changelog) && wants(ToChannels)
		return nil
	}
	if release {
		if err := f.tagged(); err != nil {
			return err
		}
		r := workflows.ForgeRelease{Forge: o.Forge, Release: id, Tag: o.Tag, Commit: f.Candidate, Text: n.Public,
			Pre: f.Standing.Stage == workflows.Preview || preRelease(id.Version())}
		if sum := digestOf(r); !n.Out.shows(workflows.ActRelease, sum) {
			g.Digests.Release, r.Op = sum, g.op(id)
			g.Release = &r
		}
	}
	if changelog {
		if n.Changelog.IsZero() {
			return workflows.Refuse(NotApproved, "these notes were approved without the text of the change log").
				By(string(workflows.Engineering)).Type(f.line("notes approve"))
		}
		c := workflows.Changelog{Forge: o.Forge, Repository: o.Repository, Release: id, Branch: o.Branch, File: o.Changelog, Section: n.Changelog}
		if sum := digestOf(c); !n.Out.shows(workflows.ActChangelog, sum) {
			g.Digests.Changelog, c.Op = sum, g.op(id)
			g.Changelog = &c
		}
	}
	return nil
}

// tagged refuses what git takes for no tag.
func (f Facts) tagged() error {
	tag := f.Outside.Tag
	for _, part := range []string{"..", "@{", "//"} {
		if strings.Contains(tag, part) {
			tag = ""
		}
	}
	if tag == "" || strings.HasSuffix(tag, ".") || strings.HasSuffix(tag, ".lock") {
		return workflows.Refuse(workflows.Invalid, "no tag can be called «"+workflows.Display(f.Outside.Tag, 60)+"», so no release can be made of it").
			By("whoever edits readyroom.yaml").Type(f.line("notes publish", "--only channels"), "products: "+string(f.Standing.Release.Product())+": github: {tag: vVERSION}")
	}
	return nil
}

// preRelease reports whether a version comes before the one that it names, as 1.0.0-rc.1 does.
func preRelease(version string) bool {
	version, _, _ = strings.Cut(version, "+")
	return strings.Contains(version, "-")
}

// has reports whether a place shows the text already.
func (n Notes) has(digest string, at workflows.Place) bool {
	return n.Out != nil && n.Out.Digest == digest && n.Out.in(at)
}

func (p *Publication) in(at workflows.Place) bool {
	return p != nil && slices.ContainsFunc(p.To, func(c Channel) bool { return c.Place == at })
}

// distinct leaves out channels that are nowhere, and all but the first in one place.
func distinct(channels []Channel) []Channel {
	var out []Channel
	for _, c := range channels {
		if c.Place != "" && !slices.ContainsFunc(out, func(o Channel) bool { return o.Place == c.Place }) {
			out = append(out, c)
		}
	}
	return out
}
