package workflows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

func section(version, text string) workflows.Changelog {
	return workflows.Changelog{Release: workflows.NewReleaseID("app", version), Head: workflows.Say("# Changelog\n\n## [Unreleased]"), Section: workflows.Approved(text)}
}

func TestChangelogInto(t *testing.T) {
	own := section("1.1.0", "## [1.1.0] - 2026-01-05\n\n### Added\n\n- two\n")
	const text = "## [1.1.0] - 2026-01-05\n\n### Added\n\n- two\n"
	for name, c := range map[string]struct{ file, want string }{
		"an empty file": {"", "# Changelog\n\n## [Unreleased]\n\n" + text},
		"below what is not released": {"# C\n\n## [Unreleased]\n\n- three\n\n## [1.0.0]\n\n- one\n\n[1.0.0]: https://x\n",
			"# C\n\n## [Unreleased]\n\n- three\n\n" + text + "\n## [1.0.0]\n\n- one\n\n[1.0.0]: https://x\n"},
		"without a line between":      {"## Unreleased\n## 1.0.0\n- one\n", "## Unreleased\n\n" + text + "\n## 1.0.0\n- one\n"},
		"above the newest":            {"# C\nAbout it.\n\n## About\n\n## v1.0.0\n", "# C\nAbout it.\n\n## About\n\n" + text + "\n## v1.0.0\n"},
		"only links below":            {"# C\n\n[1]: https://x\n", "# C\n\n" + text + "\n[1]: https://x\n"},
		"at the end":                  {"# C\n", "# C\n\n" + text},
		"the last line does not end":  {"# C", "# C\n\n" + text},
		"replaced":                    {"# C\n\n## [1.1.0] - 2026-01-04\n\n- wrong\n  more\n\n## [1.0.0]\n", "# C\n\n" + text + "\n## [1.0.0]\n"},
		"replaced, the last":          {"# C\n\n## v1.1.0\n- wrong", "# C\n\n" + strings.TrimSuffix(text, "\n")},
		"replaced, links below":       {"## [1.1.0]\n\n- wrong\n\n[1.1.0]: https://x\n", text + "\n[1.1.0]: https://x\n"},
		"other ends of lines":         {"# C\r\n\r\n## [1.0.0]\r\n", strings.ReplaceAll("# C\n\n"+text+"\n## [1.0.0]\n", "\n", "\r\n")},
		"other ends, replaced":        {"# C\r\n\r\n## [1.1.0]\r\n- wrong\r\n", strings.ReplaceAll("# C\n\n"+text, "\n", "\r\n")},
		"headings that are none":      {"# C\n```\n## [1.1.0]\n```\n<!--\n## [1.0.0]\n-->\n", "# C\n```\n## [1.1.0]\n```\n<!--\n## [1.0.0]\n-->\n\n" + text},
		"a code block that ends late": {"## [1.1.0]\n```\n## [1.0.0]\n```\n## 0.9\n", text + "## 0.9\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := own.Into(c.file)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !own.Has(got) || own.Has(c.file) {
				t.Errorf("there: %v before, %v after", own.Has(c.file), own.Has(got))
			}
		})
	}
}

// A section ends what it begins, and has one heading of its rank: it must not swallow the sections below.
func TestChangelogSectionIsOne(t *testing.T) {
	for text, want := range map[string]string{
		"## 2\n# a\n## b":          "## 2\n### a\n### b\n",
		"## 2\n```\n# sh\n```":     "## 2\n```\n# sh\n```\n",
		"## 2\n~~~~ sh\n# a\n~~~":  "## 2\n~~~~ sh\n### a\n~~~\n~~~~\n",
		"## 2\n- a <!-- b":         "## 2\n- a <!-- b\n-->\n",
		"## 2\n<!-- a -->\n- b":    "## 2\n<!-- a -->\n- b\n",
		"## 2\r\n- a\r\n":          "## 2\n- a\n",
		"## 2\n- a\n\n\n\t  \n \n": "## 2\n- a\n",
	} {
		got := section("2", text).Into("# C\n\n## 1\n")
		if diff := cmp.Diff("# C\n\n"+want+"\n## 1\n", got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func anyLines(t *rapid.T, what string) []string {
	return rapid.SliceOfN(rapid.SampledFrom([]string{"", "# C", "## [Unreleased]", "## [1.0.0] - 2026-01-01", "## 2.0.0", "## [3.0.0]", "## About", "### Added",
		"- a", "  b", "```", "~~~ sh", "<!--", "-->", "<!-- x -->", "[1.0.0]: https://x", " ", "\tc", "## v2.0.0", "```\n## [2.0.0]\n```", "<!--\n## 1.0.0\n-->"}), 0, 14).Draw(t, what)
}

var opens = map[string]bool{"```": true, "~~~ sh": true, "<!--": true}

// Whatever a file holds: done twice it is done once, sections of other versions stay, and no line is lost but those of
// the section that is replaced.
func TestChangelogProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		lines, first, second := anyLines(t, "file"), anyLines(t, "one"), anyLines(t, "other")
		file := strings.ReplaceAll(strings.Join(lines, "\n"), "\n", end) + rapid.SampledFrom([]string{"", end}).Draw(t, "last")
		one := section("9.0.0", "## [9.0.0]\n"+strings.Join(append(first, "- own"), "\n"))
		other := section("9.0.0", "## [9.0.0] - later\n"+strings.Join(append(second, "- own"), "\n"))
		with := one.Into(file)
		if again := one.Into(with); again != with {
			t.Fatalf("twice is not once:\n%q\n%q", with, again)
		}
		kept(t, file, with)
		if strings.Contains(file, "\n") && end == "\r\n" && strings.Count(with, "\n") != strings.Count(with, "\r\n") && strings.TrimSpace(file) != "" {
			t.Fatalf("the ends of lines are mixed: %q", with)
		}
		if slices.ContainsFunc(lines, func(l string) bool { return opens[l] }) || slices.Contains(slices.Concat(first, second), "[1.0.0]: https://x") {
			return // where it does not end what it begins, nobody can say where sections are; a section's links stay as the file's
		}
		corrected := other.Into(with)
		if back := one.Into(corrected); back != with {
			t.Fatalf("there and back again is another file:\n%q\n%q\n%q", with, corrected, back)
		}
		kept(t, file, corrected)
	})
}

// kept wants the lines of a file in another one, in their order.
func kept(t *rapid.T, file, in string) {
	rest := strings.Split(in, "\n")
	for l := range strings.SplitSeq(file, "\n") {
		l = strings.TrimSuffix(l, "\r")
		for len(rest) > 0 && strings.TrimSuffix(rest[0], "\r") != l {
			rest = rest[1:]
		}
		if len(rest) == 0 && strings.TrimSpace(l) != "" {
			t.Fatalf("the line %q of %q is lost in %q", l, file, in)
		}
		if len(rest) > 0 {
			rest = rest[1:]
		}
	}
}
