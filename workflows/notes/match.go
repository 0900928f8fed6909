package notes

import (
	"slices"
)

// How much two texts must have in common to be one in other words: where one stands in the other's place, and elsewhere.
const (
	alikeHere  = 0.3
	alikeThere = 0.6
	mostPairs  = 50_000 // of texts that are compared; of more than that only the place counts
)

// matching finds in an edited text the entries that it was made of.
type matching struct {
	was   []Entry
	lines []Entry
	of    []int  // of each line the entry it is; -1: people's own
	taken []bool // of each entry whether a line is it
}

// match looks for the same words, then for the same references, then for what stands in place of what is missing, and at
// last for words that are much the same.
func match(was, lines []Entry) *matching {
	m := &matching{was: was, lines: lines, of: slices.Repeat([]int{-1}, len(lines)), taken: make([]bool, len(was))}
	m.same(func(e Entry) string { return e.Section + "\n" + e.Text }, Entry.Shown)
	m.same(func(e Entry) string { return e.Text }, Entry.Shown)
	m.same(func(e Entry) string { return e.Text }, func(e Entry) bool { return !e.Shown() && !e.own() })
	m.referring(Entry.Shown)
	m.inPlace()
	m.referring(func(e Entry) bool { return !e.Shown() })
	m.anywhere()
	return m
}

func (m *matching) take(line, entry int) { m.of[line], m.taken[entry] = entry, true }

// same takes lines for the entries of which a key is the same, in their order.
func (m *matching) same(key func(Entry) string, among func(Entry) bool) {
	by := map[string][]int{}
	for i, e := range m.was {
		if !m.taken[i] && among(e) {
			by[key(e)] = append(by[key(e)], i)
		}
	}
	for i, l := range m.lines {
		if all := by[key(l)]; m.of[i] < 0 && len(all) > 0 {
			m.take(i, all[0])
			by[key(l)] = all[1:]
		}
	}
}

// referring takes lines for the entries that they refer to.
func (m *matching) referring(among func(Entry) bool) {
	by := map[string][]int{}
	for i, e := range m.was {
		if m.taken[i] || !among(e) {
			continue
		}
		for _, mark := range e.marks() {
			by[mark] = append(by[mark], i)
		}
	}
	if len(by) == 0 {
		return
	}
	for i, l := range m.lines {
		if m.of[i] >= 0 || !isItem(l.Text) {
			continue
		}
		var all []int
		for _, ref := range mentions(l.Text) {
			all = append(all, slices.DeleteFunc(slices.Clone(by[ref]), func(e int) bool { return m.taken[e] })...)
		}
		if len(all) > 0 {
			m.take(i, m.likest(l.Text, all))
		}
	}
}

// likest is the entry that has most in common with a text; of several the first.
func (m *matching) likest(text string, entries []int) int {
	best, most := entries[0], -1.0
	for _, e := range entries {
		if a := alike(words(text), words(m.was[e].Text)); a > most {
			best, most = e, a
		}
	}
	return best
}

// inPlace pairs the lines between two that are known with the entries that stood between the same two.
func (m *matching) inPlace() {
	for i := 0; i < len(m.lines); i++ {
		if m.of[i] >= 0 {
			continue
		}
		end := i
		for end < len(m.lines) && m.of[end] < 0 {
			end++
		}
		from, to := 0, len(m.was)
		if i > 0 {
			from = m.of[i-1] + 1
		}
		if end < len(m.lines) {
			to = m.of[end]
		}
		m.between(span(i, end), m.missing(from, to))
		i = end
	}
}

func span(from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

// missing are the entries of a range that were shown and that no line is.
func (m *matching) missing(from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		if !m.taken[i] && m.was[i].Shown() {
			out = append(out, i)
		}
	}
	return out
}

// between pairs lines with entries that stood there: the most alike first, and one that is left with one that is left.
func (m *matching) between(lines, entries []int) {
	m.nearest(lines, entries, alikeHere)
	lines = slices.DeleteFunc(lines, func(i int) bool { return m.of[i] >= 0 })
	entries = slices.DeleteFunc(entries, func(i int) bool { return m.taken[i] })
	if len(lines) == 1 && len(entries) == 1 && m.could(lines[0], entries[0]) && m.lines[lines[0]].Section == m.was[entries[0]].Section {
		m.take(lines[0], entries[0])
	}
}

// anywhere pairs what is left, wherever it stands.
func (m *matching) anywhere() {
	lines := slices.DeleteFunc(span(0, len(m.lines)), func(i int) bool { return m.of[i] >= 0 })
	m.nearest(lines, m.missing(0, len(m.was)), alikeThere)
}

// could reports whether a line may be an entry in other words: of the same form, and of nothing else.
func (m *matching) could(line, entry int) bool {
	l, e := m.lines[line], m.was[entry]
	_, one := headingOf(l.Text)
	_, other := headingOf(e.Text)
	if one != other || isItem(l.Text) != isItem(e.Text) {
		return false
	}
	marks, refs := e.marks(), mentions(l.Text)
	return len(marks) == 0 || len(refs) == 0 || slices.ContainsFunc(refs, func(r string) bool { return slices.Contains(marks, r) })
}

// nearest pairs the most alike first.
func (m *matching) nearest(lines, entries []int, least float64) {
	if len(lines)*len(entries) == 0 || len(lines)*len(entries) > mostPairs {
		return
	}
	type pair struct {
		line, entry int
		alike       float64
	}
	var pairs []pair
	of := make([]map[string]int, len(entries))
	for i, e := range entries {
		of[i] = words(m.was[e].Text)
	}
	for _, l := range lines {
		own := words(m.lines[l].Text)
		for i, e := range entries {
			if a := alike(own, of[i]); a >= least && m.could(l, e) {
				pairs = append(pairs, pair{l, e, a})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		switch {
		case a.alike > b.alike:
			return -1
		case a.alike < b.alike:
			return 1
		}
		return 0
	})
	for _, p := range pairs {
		if m.of[p.line] < 0 && !m.taken[p.entry] {
			m.take(p.line, p.entry)
		}
	}
}
