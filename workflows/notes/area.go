package notes

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// What projects keep for themselves, by the name of the file or folder before a subject's colon.
var (
	// records are files in which a project writes down what happened elsewhere. They count where their name is written as
	// one, in capitals or with the ending of a text: a part of the program may be called "news".
	records = []string{"changelog", "changes", "history", "news", "releasenotes", "thanks", "authors", "contributors", "credits", "maintainers"}
	// setup are files that no part of a program is called like.
	setup = []string{"mailmap", "codeowners", "gitignore", "gitattributes", "editorconfig", "gha", "appveyor", "circleci"}
	// house are folders of what is not shipped.
	house = []string{".github", ".gitlab", ".circleci", "test", "tests", "ci"}

	readable = []string{".md", ".markdown", ".rst", ".adoc"}
	manual   = regexp.MustCompile(`^[A-Za-z][\w.-]*\.[1-9]$`) // of a manual: curl.1, CURLOPT_URL.3
	tried    = regexp.MustCompile(`^(?:py|unit)?tests?[0-9]*$|^unit[0-9]+$`)
	bump     = regexp.MustCompile(`^(?i:(?:prepare|cut|tag|bump)? ?(?:for )?(?:the )?(?:version|release)?(?: (?:to|bump to|bump))?) ?v?[0-9]+(?:\.[0-9]+)+(?:[-+][\w.+-]+)?(?i: release)?$`)
)

// area is what a subject says of a change by the file or folder that it names before its colon: a test, a list of
// contributors, a page of the documentation. It is empty for a part of the program, and for what is no such subject.
func area(subject string) string {
	if bump.MatchString(subject) {
		return internal
	}
	name, _, is := strings.Cut(subject, ": ")
	if !is || name == "" || len(name) > maxName {
		return ""
	}
	low := strings.ToLower(name)
	first, _, nested := strings.Cut(low, "/")
	switch {
	case nested && slices.Contains(house, first), strings.HasSuffix(low, " ci"), tried.MatchString(low):
		return internal
	case slices.Contains(setup, bare(first)), record(path.Base(name)):
		return internal
	case strings.Contains(name, " "):
		return ""
	case slices.Contains(readable, path.Ext(low)), manual.MatchString(name), nested && (first == "docs" || first == "doc"), low == "readme":
		return documented
	}
	return ""
}

// record reports whether a file is one of the records.
func record(name string) bool {
	ext := path.Ext(name)
	known := bare(strings.ToLower(strings.TrimSuffix(name, ext)))
	if !slices.Contains(records, known) {
		return false
	}
	return slices.Contains(readable, strings.ToLower(ext)) || ext == "" && (name == strings.ToUpper(name) || known == "changelog" && name[0] == 'C')
}

var strokes = strings.NewReplacer(".", "", "-", "", "_", "", " ", "")

// bare is a file's name without what people write one name in several ways with.
func bare(name string) string {
	return strokes.Replace(name)
}
