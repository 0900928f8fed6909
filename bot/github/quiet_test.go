package github

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
)

const hub = "https://github.com/"

func TestQuiet(t *testing.T) {
	for in, want := range map[string]string{
		"plain *text* with `code`":                      "plain *text* with `code`",
		"thanks @ana, @acme/team":                       "thanks @" + apart + "ana, @" + apart + "acme/team",
		"_@ana_, __@ana__ and _x_@ana":                  "_@" + apart + "ana_, __@" + apart + "ana__ and _x_@" + apart + "ana",
		"mail ana@example.org":                          "mail ana@example.org",
		"&#64;everyone, &#x40;ana, &commat;ana":         "&#64;" + apart + "everyone, &#x40;" + apart + "ana, &commat;" + apart + "ana",
		"`npm i @acme/app@1` and @ana":                  "`npm i @acme/app@1` and @" + apart + "ana",
		"```sh\nnpm i @acme/app\n```\n@ana":             "```sh\nnpm i @acme/app\n```\n@" + apart + "ana",
		"a `\n- b ` c ` @x ` d":                         "a `\n- b ` c ` @" + apart + "x ` d",
		"https://medium.com/@ana":                       "https://medium.com/%40ana",
		"<https://medium.com/@ana>":                     "<https://medium.com/%40ana>",
		"[docs](https://docs.example.org)":              `[docs\](https://docs.example.org)`,
		"[#12](https://github.com/acme/app/pull/12)":    "[#12](https://github.com/acme/app/pull/12)",
		"[x](https://github.com.evil.example/)":         `[x\](https://github.com.evil.example/)`,
		"[x](https://github.com@evil.example/)":         `[x\](https://github.com%40evil.example/)`,
		"[x](&#104;ttps://evil.example)":                `[x\](&#104;ttps://evil.example)`,
		"[x][1]\n\n[1]: https://evil.example":           "[x][1]\n\n[1\\]: https://evil.example",
		`[x\](https://evil.example)`:                    `[x\](https://evil.example)`,
		`[x\\](https://evil.example)`:                   `[x\\\](https://evil.example)`,
		"![p](https://evil.example/p.png)":              `![p\](https://evil.example/p.png)`,
		`<a href="https://evil.example">github.com</a>`: `&lt;a href="https://evil.example">github.com&lt;/a>`,
		"a Vec<T> and `Vec<T>`":                         "a Vec&lt;T> and `Vec<T>`",
		"1 < 2 and <- that":                             "1 < 2 and <- that",
		"<!-- readyroom app@1/notes/1 -->":              "&lt;!-- readyroom app@1/notes/1 -->",
		"[anchor](#new)":                                "[anchor](#new)",
	} {
		if got := quiet(in, hub); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}

// FuzzQuiet holds what is shown at GitHub against what a browser would make of it: no tag but Markdown's own, no link to
// elsewhere under other words, no name that is rung, valid text.
func FuzzQuiet(f *testing.F) {
	for _, s := range []string{"@ana", "`@ana", "[x](//evil)", "<b>@ana</b>", "- ```\n@x\n```", "> `a\n> @b`", "[a]: <x> \"t\"\n[a]", "| ` | @a ` |\n|-|-|", "\\`@a`", "[x](<https://a b>)",
		"  ```\nb\n```\n@x\n```", "[![a](b)](c)", "<https://github.com/@a>", "a\r@b", "\x00@a", "&#64;a", "@&#97;na", "[^1]\n\n[^1]: @a", "www.evil.example/@a", "~~@a~~", "***@a***", "_@a_", "_x_@a", "`` ` @a `` ` @b"} {
		f.Add(s)
	}
	show := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(renderer.WithUnsafe()))
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 || !utf8.ValidString(s) {
			return
		}
		out := quiet(s, hub)
		if !utf8.ValidString(out) {
			t.Fatalf("%q is no text", out)
		}
		var page bytes.Buffer
		if err := show.Convert([]byte(out), &page); err != nil {
			t.Fatal(err)
		}
		if why := loud(page.String()); why != "" {
			t.Fatalf("%s: %q becomes %q, which is\n%s", why, s, out, page.String())
		}
	})
}

var (
	rings  = regexp.MustCompile(`(?:^|\W)@[A-Za-z0-9]`)
	ownTag = map[string]bool{"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "li": true, "em": true, "strong": true,
		"del": true, "code": true, "pre": true, "a": true, "img": true, "blockquote": true, "hr": true, "br": true, "table": true, "thead": true, "tbody": true, "tr": true, "th": true,
		"td": true, "input": true}
)

var (
	tagPattern  = regexp.MustCompile(`(?s)<(/?)(!--|[^\s/>]*)([^>]*)>`)
	hrefPattern = regexp.MustCompile(`href="([^"]*)"`)
)

// loud says what is wrong with a page; empty: nothing.
func loud(page string) string {
	code, href, label, from := 0, "", "", 0
	bare := func(s string) string {
		return strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "mailto:"), "http://"), "https://")
	}
	for _, m := range append(tagPattern.FindAllStringSubmatchIndex(page, -1), []int{len(page), len(page)}) {
		said := html.UnescapeString(page[from:m[0]])
		if from = m[1]; code == 0 && href == "" && rings.MatchString(said) {
			return "it rings"
		}
		if label += said; len(m) == 2 {
			break
		}
		ends, name := m[2] < m[3], page[m[4]:m[5]]
		switch {
		case !ownTag[name]:
			return "a tag of its own: " + name
		case name == "img":
			return "an image"
		case name == "code" && !ends:
			code++
		case name == "code":
			code--
		case name == "a" && !ends:
			label = ""
			if h := hrefPattern.FindStringSubmatch(page[m[6]:m[7]]); h != nil {
				href = html.UnescapeString(h[1])
			}
		case name == "a":
			same := strings.EqualFold(bare(href), bare(label)) || strings.Contains(href, "%") // an address that is written out
			if !strings.HasPrefix(href, hub) && !strings.HasPrefix(href, "#") && !same {
				return "it hides " + href + " under " + label
			}
			href = ""
		}
	}
	return ""
}
