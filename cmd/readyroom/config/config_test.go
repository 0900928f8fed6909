package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// same compares configurations; zones are the same by name.
var same = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

func parse(t *testing.T, text string) config.Config {
	t.Helper()
	c, err := config.Parse("readyroom.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryKeyHasItsPlace(t *testing.T) {
	text := `
owners: [ana]
people:
  ana:
    name: Ana María
    code: [Ana@Example.org, "ana+x@example.net"]
    slack: E1/T1/U1
    discord: "12"
    github: Ana-X
    zone: Europe/Berlin
  ben: {code: none}
  mia: {}
roles:
  sre: [ana, 'group:slack/T1/S1']
  '*': [ana, ben]
default: {template: hotfix}
products:
  app: {repository: ../app, branch: main, environments: [staging, production], channel: "#app", roadmap: docs/roadmap.md}
  web: {}
audiences:
  support: {people: [mia], channel: "slack/T1/C1", quota: 75%}
  news: {channel: "#news", public: true}
channels: {"#app": thread, console/#dev: all, slack/T1/C1: card}
time: {zone: UTC, days: sun-thu, hours: "08:00-16:30", digest: "08:30", channel: "mon,thu 10:00"}
keep: {answers: 1d, sent: 10d, closed: 36500d}
audit: {channel: "slack/T1/C2", tag: web, at: weekdays 17:00}
`
	nowhere := desk.Forge{Tag: "vVERSION", Releases: true}
	want := config.Config{
		Owners: []workflows.PersonID{"ana"},
		People: map[workflows.PersonID]workflows.Person{
			"ana": {ID: "ana", Name: "Ana María", Zone: "Europe/Berlin", Code: []string{"ana@example.org", "ana+x@example.net"},
				Handles: []workflows.Handle{"console/ana", "slack/E1/T1/U1", "discord/12", "github/ana-x"}},
			"ben": {ID: "ben", Name: "ben", NoCode: true, Handles: []workflows.Handle{"console/ben"}},
			"mia": {ID: "mia", Name: "mia", Handles: []workflows.Handle{"console/mia"}},
		},
		Roles: map[workflows.Role]policy.Members{
			"sre": {People: []workflows.PersonID{"ana"}, Groups: []string{"slack/T1/S1"}},
			"*":   {People: []workflows.PersonID{"ana", "ben"}},
		},
		Template:  "hotfix",
		Templates: release.Templates(),
		Products: map[workflows.Product]config.Product{
			"app": {Repository: "../app", Branch: "main", Environments: []workflows.Environment{"staging", "production"}, Channel: "#app", Roadmap: "docs/roadmap.md", Forge: nowhere},
			"web": {Repository: ".", Environments: []workflows.Environment{"production"}, Roadmap: "ROADMAP.md", Forge: nowhere},
		},
		Audiences: map[workflows.Audience]config.Audience{
			"support": {People: []workflows.PersonID{"mia"}, Channel: "slack/T1/C1", Quota: 75},
			"news":    {Channel: "#news", Quota: 80, Public: true},
		},
		Channels: map[string]string{"#app": "thread", "#dev": "all", "slack/T1/C1": "card"},
		Time:     config.Time{Zone: time.UTC, ZoneName: "UTC", Days: "sun-thu", Hours: "08:00-16:30", Digest: "08:30", Channel: "mon,thu 10:00"},
		Keep:     config.Keep{Answers: 24 * time.Hour, Sent: 240 * time.Hour, Closed: 36500 * 24 * time.Hour},
		Audit:    config.Audit{Channel: "slack/T1/C2", Tag: "web", At: "weekdays 17:00"},
		Path:     "readyroom.yaml",
	}
	got := parse(t, text)
	if len(got.Hash) != 64 || got.Hash == parse(t, text+"\n").Hash {
		t.Errorf("the hash is %q", got.Hash)
	}
	want.Hash = got.Hash
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(got.People, parse(t, "\uFEFF"+strings.ReplaceAll(text, "\n", "\r\n")).People); diff != "" {
		t.Errorf("with a byte order mark and CRLF: %s", diff)
	}
}

func TestAnEmptyFileHoldsTheDefaults(t *testing.T) {
	you := workflows.Person{Name: "Ana", Code: []string{"ana@example.org"}}
	built := config.Defaults(you)
	for _, text := range []string{"", "\n", "# nothing\n", "---\n", "---\n# nothing\n", "{}"} {
		c := parse(t, text)
		if len(c.Owners) != 0 || c.Template != "simple" {
			t.Errorf("%q: %+v", text, c)
		}
		if diff := cmp.Diff(built.Time, c.Time, same); diff != "" {
			t.Error(diff)
		}
	}
	if keep := (config.Keep{Answers: 30 * 24 * time.Hour, Sent: 90 * 24 * time.Hour, Closed: 400 * 24 * time.Hour}); built.Keep != keep || built.Audit != (config.Audit{}) {
		t.Errorf("%+v %+v", built.Keep, built.Audit)
	}
	if usual := (config.Time{Zone: time.Local, ZoneName: "host", Days: "mon-fri", Hours: "09:00-17:00", Digest: "09:00", Channel: "weekdays 09:30"}); built.Time != usual {
		t.Errorf("%+v", built.Time)
	}
	want := map[workflows.PersonID]workflows.Person{"you": {ID: "you", Name: "Ana", Code: you.Code, Handles: []workflows.Handle{"console/you"}}}
	if diff := cmp.Diff(want, built.People); diff != "" || cmp.Diff(built.Owners, []workflows.PersonID{"you"}) != "" {
		t.Errorf("%v %s", built.Owners, diff)
	}
	other := config.Defaults(workflows.Person{Name: "Ben"})
	if built.Hash == other.Hash || built.Hash != config.Defaults(you).Hash || len(built.Hash) != 64 {
		t.Errorf("hashes %s and %s", built.Hash, other.Hash)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if _, err := config.Load(filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	var wrong config.Problems
	if _, err := config.Load(dir); err == nil || errors.As(err, &wrong) {
		t.Errorf("a folder: %v", err)
	}
	file := filepath.Join(dir, "readyroom.yaml")
	if err := os.WriteFile(file, []byte("owners: [zoe]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(file)
	if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].File != file || !strings.HasPrefix(err.Error(), file+":1:10: owners: ") {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(file, []byte(strings.Repeat("#", config.MaxSize+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(file); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("a long file: %v", err)
	}
}

func TestTheWorkedExample(t *testing.T) {
	c, err := config.Load("../../../deploy/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.People) != 6 || c.Template != "feature" || c.Products["app"].Channel != "#app" || c.Audiences["support"].Quota != 80 {
		t.Errorf("%+v", c)
	}
	if warnings := c.Lint(); len(warnings) != 0 {
		t.Errorf("it is linted:\n%s", strings.Join(warnings, "\n"))
	}
}

func TestWhenTheTipIsPublished(t *testing.T) {
	for text, want := range map[string]config.Audit{
		"audit: {}":                                  {},
		"audit: {channel: '#ledger'}":                {Channel: "#ledger", At: "18:00"},
		"audit: {tag: app}\nproducts: {app: {}}":     {Tag: "app", At: "18:00"},
		"audit: {at: 'mon 9:00', channel: '#audit'}": {Channel: "#audit", At: "mon 9:00"},
	} {
		if got := parse(t, text).Audit; got != want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}
