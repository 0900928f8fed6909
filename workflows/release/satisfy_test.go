package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// staff is a book of people: "ana" with a known address, "mia!" with none, "leo?" with one that nobody knows; roles:
// "sre" with members, "group" for a chat group among them. The first person is the owner.
func staff(people string, roles map[workflows.Role]string) *policy.Book {
	b := &policy.Book{People: map[workflows.PersonID]workflows.Person{}, Roles: map[workflows.Role]policy.Members{}}
	for name := range strings.FieldsSeq(people) {
		id := workflows.PersonID(strings.TrimRight(name, "!?"))
		p := workflows.Person{ID: id, NoCode: strings.HasSuffix(name, "!")}
		if id == workflows.PersonID(name) {
			p.Code = []string{name + "@example.org"}
		}
		b.People[id] = p
		if len(b.Owners) == 0 {
			b.Owners = []workflows.PersonID{id}
		}
	}
	for role, members := range roles {
		var m policy.Members
		for name := range strings.FieldsSeq(members) {
			if name == "group" {
				m.Groups = []string{"slack/T1/S1"}
			} else {
				m.People = append(m.People, workflows.PersonID(name))
			}
		}
		b.Roles[role] = m
	}
	return b
}

func TestUnsatisfiable(t *testing.T) {
	type roles = map[workflows.Role]string
	gate := func(key string, items ...Item) []Gate { return []Gate{adds(key, items...)} }
	code, derived, approved := own("code"), own("derived"), own("approved")
	code.Binds, derived.From, approved.From = ToCommit, CI, Notes
	nobody := staff("ana", nil)
	nobody.Owners = nil
	double := staff("ana ben", roles{"sre": "ana ben", "qa": "ana"})
	double.Merged = map[workflows.PersonID]workflows.PersonID{"ben": "ana"}
	gone := staff("ana ben", roles{"sre": "ana ben"})
	gone.Away = map[workflows.PersonID]policy.Absence{"ana": {Until: monday.AddDate(0, 0, 7), Deputy: "ben"}}
	const ready, done, all = "ga.ready", "ga.done", workflows.EveryRole
	for name, c := range map[string]struct {
		gates []Gate
		risk  policy.Risk
		book  *policy.Book
		want  []string
	}{
		"one person at low":              {simple.At(policy.Low), policy.Low, staff("leo?", nil), nil},
		"one person at normal":           {gate(ready, own("a"), own("b")), policy.Normal, staff("ana", nil), []string{"ga.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"but not where nobody enters":    {gate(done, own("a")), policy.Normal, staff("ana", nil), nil},
		"two who never sign together":    {gate(ready, own("a")), policy.Normal, staff("ana ben", roles{"sre": "ana"}), []string{"ga.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"two":                            {gate(ready, own("a")), policy.Normal, staff("ana ben", roles{"sre": "ana ben"}), nil},
		"two who are one":                {gate(ready, own("a")), policy.Normal, double, []string{"ga.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"two, one of them away":          {gate(ready, own("a")), policy.Normal, gone, nil},
		"two by every role":              {gate(ready, own("a")), policy.Normal, staff("ana ben", roles{"sre": "ana", all: "ben"}), nil},
		"a group":                        {gate(ready, own("a")), policy.Normal, staff("ana", roles{"sre": "group"}), nil},
		"a group for every role":         {gate(ready, own("a")), policy.High, staff("ana", roles{all: "group"}), nil},
		"a group of another role":        {gate(ready, own("a")), policy.Normal, staff("ana", roles{"qa": "group"}), []string{"ga.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"machines are nobody":            {gate(ready, derived), policy.Normal, staff("ana ben", roles{all: "ana ben"}), []string{"ga.ready: its votes can be of nobody, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"machines need nobody":           {gate(done, derived), policy.Low, nobody, nil},
		"notes need somebody":            {gate(done, approved), policy.Low, nobody, []string{"ga.done/approved: nobody holds sre; write roles: sre: […]"}},
		"nobody at all":                  {gate(done, own("a")), policy.Low, nobody, []string{"ga.done/a: nobody holds sre; write roles: sre: […]"}},
		"an owner at high":               {gate(done, own("a")), policy.High, staff("ana ben", roles{"qa": "ana ben"}), []string{"ga.done/a: nobody holds sre, and at risk high owners do not stand in; write roles: sre: […]"}},
		"nobody for each at high":        {gate(ready, own("a")), policy.High, staff("ana ben", nil), []string{"ga.ready/a: nobody holds sre, and at risk high owners do not stand in; write roles: sre: […, …]"}},
		"one for each at high":           {gate(ready, own("a")), policy.High, staff("ana ben", roles{"sre": "ana"}), []string{"ga.ready/a: risk high wants votes of 2 different people on it, and @ana holds sre; write roles: sre: with another person"}},
		"one is enough where none enter": {gate(done, own("a")), policy.High, staff("ana ben", roles{"sre": "ana"}), nil},
		"two for each at high":           {gate(ready, own("a")), policy.High, staff("ana ben", roles{"sre": "ana ben"}), nil},
		"code of nobody known":           {gate(done, code), policy.Normal, staff("leo? kim?", roles{"sre": "leo kim"}), []string{"ga.done/code: it vouches for code, and of those who sign it (sre) nobody's address is known; write code: [address], or code: none, for @kim, @leo"}},
		"code of nobody known at low":    {gate(done, code), policy.Low, staff("leo?", nil), nil},
		"code of one known":              {gate(done, code), policy.Normal, staff("leo? mia!", roles{"sre": "leo mia"}), nil},
		"code of one known at high":      {gate(ready, code), policy.High, staff("leo? ana", roles{"sre": "leo ana"}), []string{"ga.ready/code: it vouches for code, and of those who sign it (sre) the addresses of 1 are known, 2 are wanted; write code: [address], or code: none, for @ana, @leo"}},
		"votes that would not count":     {gate(ready, code), policy.Normal, staff("leo? ana", roles{"sre": "leo ana"}), []string{"ga.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"nothing to sign":                {gate(ready), policy.Normal, staff("ana ben", nil), []string{"ga.ready: its votes can be of nobody, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"what nobody knows is as high":   {gate(ready, own("a")), "huge", staff("ana ben", roles{"sre": "ana"}), []string{"ga.ready/a: risk huge wants votes of 2 different people on it, and @ana holds sre; write roles: sre: with another person"}},
	} {
		var got []string
		for _, l := range Unsatisfiable(c.gates, c.risk, c.book, monday, map[Source]bool{CI: true, Notes: true}) {
			got = append(got, l.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := Unsatisfiable(gate(done, derived), policy.Low, nobody, monday, nil); len(got) != 1 {
		t.Errorf("without its source, what follows is signed by hand: %v", got)
	}
}

// A release that could never pass its gates is not opened; what would help is said, and the next lower risk at which it
// could be.
func TestNewRefusesWhatCannotBe(t *testing.T) {
	s := &story{T: t, f: Facts{Now: monday, Book: staff("ana ben mia!", map[workflows.Role]string{workflows.EveryRole: "ana ben", "security": ""}),
		Templates: Templates(), Default: "feature"}}
	s.f.Templates["careful"] = Template{Name: "careful", Risk: policy.High, Gates: feature.Gates}
	s.by("ana", New{ID: "app@a", Template: "careful"})
	s.Release = Release{}
	s.f.Book = staff("ana ben mia!", map[workflows.Role]string{"engineering": "ana ben", "release-manager": "ana"})
	no := s.refuses("ana", New{ID: "app@b", Template: "careful"}, workflows.Unsatisfiable)
	if diff := cmp.Diff([]string{"roles: sre: […, …]", "roles: product: […, …]", "roles: security: […, …]", "/release new app@b --template careful --risk normal --why …"}, no.Next); diff != "" {
		t.Errorf("%s\n%v", diff, no)
	}
	const why = "careful at risk high can never be fulfilled by the people known: preview.ready/performance-metrics, preview.ready/production-deployment, preview.done/alerts, 3 more: nobody holds sre"
	if !strings.HasPrefix(no.Why, why) || !strings.HasSuffix(no.Why, "more → readyroom lint") {
		t.Error(no.Why)
	}
	s.f.Book.Roles[workflows.Engineering] = policy.Members{People: []workflows.PersonID{"ana"}}
	no = s.refuses("ana", New{ID: "app@b"}, workflows.Unsatisfiable)
	if !strings.Contains(no.Why, "preview.ready: its votes can be of 1 person") || !slices.Contains(no.Next, "/release new app@b --template feature --risk low --why …") {
		t.Error(no)
	}
	no = s.refuses("ana", New{ID: "app@b", Template: "simple", Risk: policy.Normal}, workflows.Unsatisfiable)
	if !slices.Contains(no.Next, "/release new app@b --template simple --risk low") {
		t.Error(no)
	}
	s.by("ana", New{ID: "app@b", Risk: policy.Low, Why: "small"})
	s.f.Book = staff("ana", nil)
	s.Release = Release{}
	s.by("ana", New{ID: "app@c", Template: "careful"})
	if s.Risk != policy.Low || s.RiskWhy != "one person known" {
		t.Errorf("%s (%s)", s.Risk, s.RiskWhy)
	}
}

// Taking less care than a template of high risk asks for needs a reason, also where it is still some.
func TestLoweredToNormal(t *testing.T) {
	s := &story{T: t, f: Facts{Now: monday, Book: testBook(), Templates: map[string]Template{"careful": {Name: "careful", Risk: policy.High, Gates: simple.Gates}}, Default: "careful"}}
	s.refuses("ana", New{ID: "app@1", Risk: policy.Normal}, workflows.NeedsReason)
	s.by("ana", New{ID: "app@1", Risk: policy.Normal, Why: "a typo"})
	if s.RiskWhy != "lowered by @ana" {
		t.Error(s.RiskWhy)
	}
}
