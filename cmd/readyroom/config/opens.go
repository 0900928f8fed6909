package config

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows/desk"
)

// opensAny reports whether a pattern of tags is like the tag of any version, by how these are called.
func opensAny(pattern, tag string) bool {
	before, after, _ := strings.Cut(tag, desk.TagVersion)
	var version = []letter{{class: "0123456789"}, {class: inVersions, many: true}}
	for _, begin := range []string{before, before + "v"} { // of 1.0.0 and v1.0.0
		if meet([]rune(pattern), slices.Concat(letters(begin), version, letters(after))) {
			return true
		}
	}
	return false
}

const inVersions = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

// letter is one character of a class, or any number of them.
type letter struct {
	class string
	many  bool
}

func letters(text string) (out []letter) {
	for _, r := range text {
		out = append(out, letter{class: string(r)})
	}
	return out
}

// meet reports whether a text is like both: a pattern, in which a * is anything but a slash, and a row of letters. It fills a
// table from the ends of both: met[i][j] is whether the rest of the pattern and the rest of the row meet.
func meet(pattern []rune, row []letter) bool {
	met := make([][]bool, len(pattern)+1)
	for i := len(pattern); i >= 0; i-- {
		met[i] = make([]bool, len(row)+1)
		for j := len(row); j >= 0; j-- {
			met[i][j] = step(pattern, row, met, i, j)
		}
	}
	return met[0][0]
}

func step(pattern []rune, row []letter, met [][]bool, i, j int) bool {
	anything := i < len(pattern) && pattern[i] == '*'
	switch {
	case i == len(pattern) && j == len(row):
		return true
	case anything && met[i+1][j], j < len(row) && row[j].many && met[i][j+1]: // either stands for nothing
		return true
	case j == len(row):
		return false
	case anything:
		return row[j].class != "/" && !row[j].many && met[i][j+1]
	case i == len(pattern) || !strings.ContainsRune(row[j].class, pattern[i]):
		return false
	case row[j].many:
		return met[i+1][j]
	}
	return met[i+1][j+1]
}
