package workflows

import (
	"fmt"
	"strings"
	"testing"
)

// crowd is a message that names so many people, each twice.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString("feat: sign in\n\n")
	for i := range 2 * n {
		fmt.Fprintf(&b, "Co-authored-by: Person %[1]d <p%[1]d@example.org>\n", i%n)
	}
	return b.String()
}

// People are each named once, in the order in which they come, however many there are.
func TestACrowdOfAuthors(t *testing.T) {
	const n = 30_000
	co := CoAuthors(crowd(n))
	if len(co) != n || co[0].Name != "Person 0" || co[n-1].Address != fmt.Sprintf("p%d@example.org", n-1) {
		t.Fatalf("%d, from %v to %v", len(co), co[0], co[len(co)-1])
	}
	mapped := func(c Contact) string { return "mapped-" + c.Address }
	if all := Addresses(Contact{"Ana", "ANA@example.org"}, co, mapped); len(all) != 2*n+2 || all[0] != "mapped-ana@example.org" || all[1] != "ana@example.org" {
		t.Errorf("%d addresses, the first %q", len(all), all[:2])
	}
	if all := NamesOf("", Contact{Name: "Ana"}, co); len(all) != n+1 || all[0] != "Ana" || all[1] != "Person 0" {
		t.Errorf("%d names, the first %q", len(all), all[:2])
	}
}

// BenchmarkCoAuthors takes ten times as long for ten times as many people, and not a hundred times.
func BenchmarkCoAuthors(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		message := crowd(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				CoAuthors(message)
			}
		})
	}
}
