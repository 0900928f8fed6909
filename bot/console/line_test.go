package console

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

func TestParseLine(t *testing.T) {
	tests := map[string]line{
		"":                             {skip: true},
		" \t ":                         {skip: true},
		"# a comment":                  {skip: true},
		"#":                            {skip: true},
		"#general":                     {channel: "#general"},
		"@ana":                         {named: true, person: "ana"},
		"@":                            {named: true},
		"  @ana   #dev  /release x  y": {named: true, person: "ana", channel: "#dev", rest: "/release x  y"},
		"@ana # x":                     {named: true, person: "ana", rest: "# x"},
		"#dev @ana x":                  {channel: "#dev", rest: "@ana x"},
		"sign docs -- #1 done\r":       {rest: "sign docs -- #1 done"},
	}
	for text, want := range tests {
		if diff := cmp.Diff(want, parseLine(text), cmp.AllowUnexported(line{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// grammar says the same as parseLine in another way: it is the oracle of the fuzz test.
var grammar = regexp.MustCompile(`(?s)^(?:(@[^ \t\r]*)(?:[ \t\r]+|$))?(?:(#[^ \t\r]+)(?:[ \t\r]+|$))?(.*)$`)

func FuzzParseLine(f *testing.F) {
	for _, seed := range []string{
		"", "#", "# x", "#x", "@a", "@a #b c", "@a # c", "#b @a c", " \r\n", "\x00", "\xff #x", "@\u00a0a b", "/release sign docs -- all good", "##x y", "@@ ##",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := parseLine(text)
		text = strings.Trim(text, " \t\r")
		if skip := text == "" || regexp.MustCompile(`^#($|[ \t])`).MatchString(text); skip || got.skip {
			if got != (line{skip: skip}) {
				t.Fatalf("%q: %+v", text, got)
			}
			return
		}
		m := grammar.FindStringSubmatch(text)
		want := line{named: m[1] != "", person: strings.TrimPrefix(m[1], "@"), channel: m[2], rest: m[3]}
		if got != want {
			t.Fatalf("%q: %+v, want %+v", text, got, want)
		}
		again := got.rest
		if got.channel != "" {
			again = got.channel + " " + again
		}
		if got.named {
			again = "@" + got.person + " " + again
		}
		if parseLine(again) != got {
			t.Fatalf("%q says %+v, but %q says %+v", text, got, again, parseLine(again))
		}
	})
}

func TestParseFill(t *testing.T) {
	tests := map[string]map[string]string{
		``:                                {},
		`a=1`:                             {"a": "1"},
		` a=1   b="two words" c= `:        {"a": "1", "b": "two words", "c": ""},
		`a="x\ny\t\"z\"\\" b=C:\new`:      {"a": "x\ny\t\"z\"\\", "b": `C:\new`},
		`a="C:\x"`:                        {"a": `C:\x`},
		`url=https://x.example/?q=1&r="s`: {"url": `https://x.example/?q=1&r="s`},
		`a`:                               nil,
		`a=1 b`:                           nil,
		`a b=1`:                           nil,
		`=1`:                              nil,
		`a=1 a=2`:                         nil,
		`a="x`:                            nil,
		`a="x\"`:                          nil,
		`a="x"y`:                          nil,
	}
	for text, want := range tests {
		got, err := parseFill(text)
		var no *workflows.Refusal
		if err != nil && !errors.As(err, &no) {
			t.Errorf("%s: a fault, not a refusal: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" || (err != nil) != (want == nil) {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

// What a form shows as a value can be typed back.
func TestQuoteIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.StringMatching(`[ "\\nt\n\t=a]*`).Draw(t, "b")
		got, err := parseFill("a=" + quote(a) + " b=" + quote(b))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"a": a, "b": b}, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestParseWait(t *testing.T) {
	tests := map[string]time.Duration{
		"26h": 26 * time.Hour, "90m": 90 * time.Minute, "3d": 72 * time.Hour, "1d12h": 36 * time.Hour, "1.5h": 90 * time.Minute,
		"": 0, "0s": 0, "0d": 0, "d": 0, "-1h": 0, "1d-1h": 0, "-1d": 0, "1h1d": 0, "3dd": 0, "9999999h": 0, "65535d": 0, "tomorrow": 0, "26": 0,
	}
	for text, want := range tests {
		got, err := parseWait(text)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestValidChannel(t *testing.T) {
	tests := map[string]bool{
		"#general": true, "#a.b-c_D9": true, "#für-alle": true, "#" + strings.Repeat("x", 80): true,
		"#": false, "": false, "general": false, "#a/b": false, "#\xff": false, "#a\u202eb": false, "#!/bin/sh": false, "#" + strings.Repeat("x", 81): false,
	}
	for name, want := range tests {
		if got := validChannel(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
