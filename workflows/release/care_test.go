package release

import (
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// teamBook knows seven people of whom each holds few roles: ana and ben write code, ben and cem run it, mia looks after
// the product, rob and ria manage releases, dot is in an audience and holds nothing. Own owns the installation.
func teamBook() *policy.Book {
	b := &policy.Book{Owners: []workflows.PersonID{"own"}, Hash: "policy", People: map[workflows.PersonID]workflows.Person{},
		Roles: map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}},
			workflows.SRE: {People: []workflows.PersonID{"ben", "cem"}}, workflows.ProductRole: {People: []workflows.PersonID{"mia"}},
			workflows.ReleaseManager: {People: []workflows.PersonID{"ria", "rob"}}, workflows.Compliance: {People: []workflows.PersonID{"cem", "mia"}},
			workflows.QA: {People: []workflows.PersonID{"mia"}}},
		Audiences: []policy.Audience{{Name: "field", People: []workflows.PersonID{"dot"}}}}
	for _, id := range []workflows.PersonID{"ana", "ben", "cem", "mia", "rob", "ria", "dot", "own"} {
		b.People[id] = workflows.Person{ID: id, NoCode: true}
	}
	b.People["ana"] = workflows.Person{ID: "ana", Code: []string{"ana@example.org"}}
	return b
}

// team begins a release that ana opened, so that she manages it, among the people of teamBook.
func (s *story) team() *story {
	s.f.Book = teamBook()
	return s
}

// at is hours after the beginning.
func (s *story) at(hours int) { s.f.Now = monday.Add(time.Duration(hours) * time.Hour) }

// in is midnight after a number of days, as a date is typed.
func in(days int) time.Time { return time.Date(2026, 1, 5+days, 0, 0, 0, 0, time.UTC) }

// no is a wish that has to be refused with a reason, in words, and with what to type instead.
func (s *story) no(who workflows.PersonID, w Wish, want workflows.Reason, next string) workflows.Refusal {
	s.Helper()
	ref := s.refuses(who, w, want)
	if ref.Why == "" && len(ref.Nearest) == 0 {
		s.Errorf("%+v by %s is refused without a word", w, who)
	}
	if len(ref.Next) == 0 || !strings.Contains(strings.Join(ref.Next, "\n"), next) {
		s.Errorf("%+v by %s: type %v, want %q", w, who, ref.Next, next)
	}
	return ref
}

// waits holds an open item to whose turn it is, what for, and since how many hours after the beginning.
func (s *story) waits(full string, turn Turn, hours int, who ...workflows.PersonID) {
	s.Helper()
	got := s.item(full)
	if got.State != Open || got.Turn != turn || !slices.Equal(got.Who, who) || !got.Since.Equal(monday.Add(time.Duration(hours)*time.Hour)) {
		s.Errorf("%s: %s, turn %s of %v since %s, want %s of %v since hour %d", full, got.State, got.Turn, got.Who, got.Since.Format("Mon 15:04"), turn, who, hours)
	}
}

// waived has ana waive an item until a number of days later.
func (s *story) waived(item string, days int) {
	s.Helper()
	s.by("ana", Waive{Item: item, Owner: "mia", Until: in(days), Why: "it may wait"})
}

// shown signs items with a link.
func (s *story) shown(who workflows.PersonID, items ...string) {
	s.Helper()
	s.by(who, Sign{Items: items, Evidence: "https://example.org"})
}

// ticks lets time pass and records what it changed.
func (s *story) ticks(hours int) {
	s.Helper()
	s.at(hours)
	s.machine(Tick{})
}

// owes lists what passed gates let through.
func (s *story) owes() []string {
	var out []string
	for _, d := range s.Debts(s.f.Book, s.f.Now) {
		out = append(out, d.Full())
	}
	return out
}

func (s *story) owing(want ...string) {
	s.Helper()
	if got := s.owes(); !slices.Equal(got, want) {
		s.Errorf("owed %v, want %v", got, want)
	}
}

// tells lists what the last act tells, and whom: "owed mia".
func (s *story) tells() []string {
	var out []string
	for _, e := range s.said {
		for _, x := range Tell(s.Release, workflows.Recorded{Event: e, Header: workflows.Header{At: s.f.Now, By: s.f.Actor}}) {
			if x.Kind == workflows.Tell && x.To.Person != "" {
				out = append(out, x.What+" "+string(x.To.Person))
			}
		}
	}
	return out
}

// links makes an account the same person as somebody.
func (s *story) links(account, to workflows.PersonID) {
	b := *s.f.Book
	b.Merged = map[workflows.PersonID]workflows.PersonID{account: to}
	s.f.Book = &b
}

// leaves takes a role from somebody.
func (s *story) leaves(id workflows.PersonID, role workflows.Role) {
	m := s.f.Book.Roles[role]
	m.People = slices.DeleteFunc(slices.Clone(m.People), func(x workflows.PersonID) bool { return x == id })
	s.f.Book.Roles[role] = m
}
