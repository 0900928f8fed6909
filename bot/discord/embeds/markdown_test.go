package embeds

import (
	"regexp"
	"strings"
	"testing"
)

// A small reader of Discord's Markdown, after the rules of the parser that its client is built on: at each place the first
// rule that fits takes its token, a backslash takes the special meaning from what follows it, and addresses are taken whole.
// It knows nothing of how pages are drawn. Where clients differ it takes the stranger view: a token is a token.

// token is something that Discord does not show letter by letter.
type token struct{ kind, text string }

var (
	mdEscape  = regexp.MustCompile(`^\\([^0-9A-Za-z\s])`)
	mdAuto    = regexp.MustCompile(`^<([^: >\n]+:/[^ >\n]+)>`)
	mdURL     = regexp.MustCompile(`^(?:https?|steam|discord|mailto|ftp)://[^\s<]+`)
	mdTail    = regexp.MustCompile(`[<.,:;"')\]]$`)
	mdBold    = regexp.MustCompile(`^\*\*((?:\\[\s\S]|[^\\])+?)\*\*`)
	mdChannel = regexp.MustCompile(`^<(#|@)([1-9][0-9]*)>`)
	// Everything else that means something, in the order in which it is looked for.
	mdOthers = []struct {
		kind string
		at   *regexp.Regexp
	}{
		{"code block", regexp.MustCompile("^```[\\s\\S]+?```")}, {"code", regexp.MustCompile("^`+[^`]")}, {"spoiler", regexp.MustCompile(`^\|\|`)},
		{"link", regexp.MustCompile(`^\[[^\]]*\]\(`)}, {"mention", regexp.MustCompile(`^<(?:@[!&]?[0-9]*|/[^>]*|id:[^>]*|t:[^>]*|a?:\w+:[0-9]+|[^>\s]*@[^>]*|\+[0-9][^>]*)>`)},
		{"angle", regexp.MustCompile(`^<[#@:/a-z+]`)}, {"everybody", regexp.MustCompile(`^@(?:everyone|here)`)}, {"emoji", regexp.MustCompile(`^:[A-Za-z0-9_+~-]+:`)},
		{"strike", regexp.MustCompile(`^~~`)}, {"underline or italics", regexp.MustCompile(`^_`)}, {"italics", regexp.MustCompile(`^\*`)},
		{"invitation", regexp.MustCompile(`(?i)^discord(?:app)?\.(?:gg|com|gift|new)/`)},
	}
	mdQuote = regexp.MustCompile(`^ *> `)
	mdSmall = regexp.MustCompile(`^ *-# `)
	// What begins a line and means something.
	mdBegins = regexp.MustCompile(`^[\s\x{00a0}]*(?:#{1,3}\s|[-*+]\s|[0-9]+[.)]\s|>>>|> |-#\s|[-*_]{3,}$)`)
)

// reading is text as Discord shows it.
type reading struct {
	lines  []readLine
	tokens []token // that nobody meant
}

type readLine struct {
	text          string
	quoted, small bool
	bold          string // what of it is bold
	links         []string
	channels      []string
}

// read reads text as Discord does.
func read(text string) reading {
	var r reading
	for l := range strings.SplitSeq(text, "\n") {
		var line readLine
		if at := mdQuote.FindString(l); at != "" {
			line.quoted, l = true, l[len(at):]
		} else if at := mdSmall.FindString(l); at != "" {
			line.small, l = true, l[len(at):]
		}
		if at := mdBegins.FindString(l); at != "" {
			r.tokens = append(r.tokens, token{"beginning of a line", at})
		}
		r.inline(&line, l, false)
		r.lines = append(r.lines, line)
	}
	return r
}

// inline reads what stands in a line.
func (r *reading) inline(line *readLine, s string, bold bool) {
	say := func(text string) {
		line.text += text
		if bold {
			line.bold += text
		}
	}
	before := ""
	for s != "" {
		take := 1
		switch {
		case ordinary(s[0]):
			say(s[:1])
		case mdEscape.MatchString(s):
			g := mdEscape.FindStringSubmatch(s)
			say(g[1])
			take = len(g[0])
		case mdChannel.MatchString(s):
			g := mdChannel.FindStringSubmatch(s)
			say(g[1] + g[2])
			line.channels, take = append(line.channels, g[0]), len(g[0])
		case mdAuto.MatchString(s):
			g := mdAuto.FindStringSubmatch(s)
			say(g[1])
			line.links, take = append(line.links, g[1]), len(g[0])
		case mdURL.MatchString(s):
			u := mdURL.FindString(s)
			for mdTail.MatchString(u) {
				u = u[:len(u)-1]
			}
			say(u)
			line.links, take = append(line.links, u), len(u)
		case !bold && mdBold.MatchString(s):
			g := mdBold.FindStringSubmatch(s)
			if mdBegins.MatchString(g[1]) {
				r.tokens = append(r.tokens, token{"beginning of what is bold", g[1]})
			}
			r.inline(line, g[1], true)
			take = len(g[0])
		default:
			for _, o := range mdOthers {
				if t := o.at.FindString(s); t != "" && (o.kind != "invitation" || !strings.HasSuffix(before, "\\")) {
					r.tokens = append(r.tokens, token{o.kind, t})
				}
			}
			say(s[:1])
		}
		before, s = s[:take], s[take:]
	}
}

// ordinary is what begins no token.
func ordinary(c byte) bool {
	return c >= 0x80 || c == ' ' || c >= '0' && c <= '9' || (c|0x20 >= 'a' && c|0x20 <= 'z') && !strings.ContainsRune("hsdmfD", rune(c))
}

// TestReaderReads shows that the reader finds what it is there to find.
func TestReaderReads(t *testing.T) {
	for _, s := range []string{"**a** *b*", "_a_", "__a__", "~~a~~", "||a||", "`a`", "```a```", "[a](https://b.c)", "<@&123>", "<@!1>", "</a b:1>", "<id:browse>",
		"<t:1:R>", "<:a:1>", "<a:b:1>", "@everyone", "x@here", ":smile:", ":+1:", "# a", "### a", "- a", "* a", "+ a", "1. a", "12) a", ">>> a", "> > a", "-# > a", "> # a", "  - a",
		"discord.gg/abc", "<a@b.c>", "**- a**", "\\\\*a*", "a_b_ c"} {
		if r := read(s); len(r.tokens) == 0 {
			t.Errorf("%q reads as %+v", s, r)
		}
	}
	for s, want := range map[string]string{`\*a\* \_b\_ \# \\`: "*a* _b_ # \\", "**a** b": "a b", "> a": "a", "-# a": "a", "<https://a.b/c>.": "https://a.b/c.", "<#12>": "#12", "<@12>": "@12", `1\. a`: "1. a", "#general 1.5 a-b": "#general 1.5 a-b"} {
		if r := read(s); len(r.tokens) > 0 || r.lines[0].text != want {
			t.Errorf("%q reads as %+v", s, r)
		}
	}
}
