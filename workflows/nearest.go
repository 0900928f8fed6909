package workflows

import (
	"slices"
	"strings"
)

// Nearest gives up to limit names that a mistyped word may have meant, the nearest first: one whose beginning is right
// counts more than one that is only short. Names too far away are left out.
func Nearest(word string, names []string, limit int) []string {
	word = strings.ToLower(word)
	type near struct {
		name string
		far  int
	}
	var found []near
	for _, n := range names {
		far := distance(word, strings.ToLower(n))
		if far <= max(1, min(len(word), len(n))/2) && !slices.ContainsFunc(found, func(f near) bool { return f.name == n }) {
			found = append(found, near{n, far})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.far - b.far })
	var out []string
	for _, f := range found[:min(limit, len(found))] {
		out = append(out, f.name)
	}
	return out
}

// distance is the number of letters to insert, drop, change or swap with a neighbour (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 { // ids are short: longer words are no misspelling of one
		return 64
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(x)][len(y)]
}
