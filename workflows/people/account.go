package people

import (
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// platform is how the accounts of one platform are written.
type platform struct {
	name    string
	shape   *regexp.Regexp
	meant   string
	example string
	folded  bool // upper and lower case are the same account
}

var platforms = []platform{
	{"slack", regexp.MustCompile(`^(E[A-Z0-9]+/)?T[A-Z0-9]+/[UW][A-Z0-9]+$`), "the ids of the workspace and the member, never a name", "T1/U1", false},
	{"discord", regexp.MustCompile(`^[0-9]{1,20}$`), "the member's id, never a name", "80351110224678912", false},
	{"github", regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`), "the login", "ana", true},
	{"console", regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`), "the name that is typed there", "ana", false},
}

// Platforms names those whose accounts can be linked.
func Platforms() []string {
	var out []string
	for _, p := range platforms {
		out = append(out, p.name)
	}
	return out
}

// Shape is what an account of a platform looks like, as a pattern; empty for a platform that is not known.
func Shape(name string) string {
	i := slices.IndexFunc(platforms, func(p platform) bool { return p.name == name })
	if i < 0 {
		return ""
	}
	return platforms[i].shape.String()
}

// Account makes the handle of an account as it is typed: by the ids that cannot be borrowed, never by a name that
// anybody may take.
func Account(name, typed string) (workflows.Handle, error) {
	i := slices.IndexFunc(platforms, func(p platform) bool { return p.name == name })
	if i < 0 {
		return "", workflows.Refuse(workflows.Invalid, workflows.Display(name, 40)+" is no platform: "+strings.Join(Platforms(), ", ")).
			Type("/release help admin link")
	}
	p := platforms[i]
	if !p.shape.MatchString(typed) {
		return "", workflows.Refuse(workflows.Invalid, workflows.Display(typed, 80)+" is no "+name+" account: it is "+p.meant).
			Type("/release admin link @who " + name + " " + p.example)
	}
	if p.folded {
		typed = strings.ToLower(typed)
	}
	return workflows.Handle(name + "/" + typed), nil
}
