package config_test

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

const ana = "people: {ana: {}}\n"

// atGitHub begins a product there, up to what is said of its checks.
const atGitHub = "products: {app: {github: {repository: acme/app, checks: "

// mistakes are files with one each, by name.
var mistakes = map[string]struct{ text, want string }{
	"unknown key":       {"ownrs: []", "1:1: ownrs: unknown key; nearest: owners"},
	"unknown below":     {"people:\n  ana: {nmae: x}", "2:9: people.ana.nmae: unknown key; nearest: name"},
	"unlike any":        {"time: {xyzzy: x}", "1:8: time.xyzzy: unknown key; known here: zone, days, hours, digest, channel"},
	"not built yet":     {"schedules: []", "1:1: schedules: unknown key; known here: owners, people, roles, default, products, audiences, channels, templates, risk, time, keep, audit, slack, discord"},
	"number":            {"people:\n  ana: {name: 1.10}", "2:15: people.ana.name: «1.10» is a number to YAML, and text is meant; write \"1.10\""},
	"leading zeros":     {"people: {ana: {name: 007}}", "1:22: people.ana.name: «007» is a number to YAML, and text is meant; write \"007\""},
	"exponent":          {"people: {ana: {name: 12e3}}", "1:22: people.ana.name: «12e3» is a number to YAML, and text is meant; write \"12e3\""},
	"hexadecimal":       {"people: {ana: {name: 0x1F}}", "1:22: people.ana.name: «0x1F» is a number to YAML, and text is meant; write \"0x1F\""},
	"infinite":          {"people: {ana: {name: .inf}}", "1:22: people.ana.name: «.inf» is a number to YAML, and text is meant; write \".inf\""},
	"date":              {"people: {ana: {name: 2026-01-05}}", "1:22: people.ana.name: «2026-01-05» is a date to YAML, and text is meant; write \"2026-01-05\""},
	"truth":             {"people: {ana: {name: true}}", "1:22: people.ana.name: «true» is true or false to YAML, and text is meant; write \"true\""},
	"null":              {"people: {ana: {name: null}}", "1:22: people.ana.name: «null» is the word for nothing to YAML, and text is meant; write \"null\""},
	"tilde":             {"people: {ana: {name: ~}}", "1:22: people.ana.name: «~» is the word for nothing to YAML, and text is meant; write \"~\""},
	"number as id":      {"people: {12: {}}", "1:10: people: «12» is a number to YAML, and text is meant; write \"12\""},
	"number in list":    {ana + "owners: [12]", "2:10: owners: «12» is a number to YAML, and text is meant; write \"12\""},
	"discord id":        {"people: {ana: {discord: 80351110224678912}}", "1:25: people.ana.discord: «80351110224678912» is a number to YAML, and text is meant; write \"80351110224678912\""},
	"empty text":        {`people: {ana: {name: " "}}`, "1:22: people.ana.name: the text is empty; write one, or leave the key out"},
	"channel unquoted":  {"products:\n  app:\n    channel: #app\n", "3:5: products.app.channel: there is no value; write one, or leave the key out; a # begins a comment unless it is in quotes"},
	"no value":          {"owners:", "1:1: owners: a list is meant here, not nothing; write [a, b], or [] for none"},
	"not a map":         {"people: [ana]", "1:9: people: keys and values are meant here, not a list; write them below, further in, or {} for none"},
	"not a list":        {ana + "owners: ana", "2:9: owners: a list is meant here, not text; write [a, b], or [] for none"},
	"whole file":        {"ana", "1:1: keys and values are meant here, not text; write them below, further in, or {} for none"},
	"duplicate key":     {"people: {}\nowners: []\npeople: {}", "3:1: people: the key stands in line 1 already; keep one of them"},
	"duplicate person":  {"people:\n  ana: {}\n  ana: {}", "3:3: people.ana: the key stands in line 2 already; keep one of them"},
	"duplicate owner":   {ana + "owners: [ana, ana]", "2:15: owners: «ana» stands in the list already; keep one of them"},
	"unknown owner":     {ana + "owners: [anna]", "2:10: owners: nobody under people is «anna»; nearest: ana"},
	"written with @":    {ana + `owners: ["@ana"]`, "2:10: owners: «@ana» cannot be an id; write ana"},
	"role look-alike":   {"roles:\n  docs: []\n  d0cs: []", "3:3: roles.d0cs: it looks like docs in line 2; choose another id"},
	"role hidden":       {"roles: {\"do\\u202ecs\": []}", `1:9: roles: «do\u202ecs» holds characters that are not shown but act; take them out`},
	"tabs":              {"# x\npeople: {ana: {name: \"x" + strings.Repeat("\t", 101) + "x\"}}", "2:1: more than 100 tabs, or of <, in one line; write spaces"},
	"merge bomb":        {"people: {ana: {name: \"" + strings.Repeat("<", 101) + "\"}}", "1:1: more than 100 tabs, or of <, in one line; write spaces"},
	"reserved marks":    {strings.Repeat("@", 50001), "1:1: more than 10000 lines, or 50000 marks such as : and ["},
	"unknown in role":   {ana + "roles: {sre: [zebedee]}", "2:15: roles.sre: nobody under people is «zebedee»; write a line for them under people"},
	"unknown told":      {ana + "audiences: {all: {people: [an]}}", "2:28: audiences.all.people: nobody under people is «an»; nearest: ana"},
	"group of owners":   {`owners: ["group:slack/T1/S1"]`, "1:10: owners: groups may stand in roles only; write the people"},
	"group, bare":       {`roles: {sre: [group:slack/T1/S1]}`, `1:15: roles.sre: text is meant here, not keys and values; write one value; one that holds a colon stands in quotes, as "group:slack/T1/S1"`},
	"no such group":     {`roles: {sre: ["group:irc/x"]}`, "1:15: roles.sre: «group:irc/x» is no group; write group:slack/T1/S1, or group:discord/SERVER/ROLE"},
	"role id":           {"roles: {Site Ops: []}", "1:9: roles.Site Ops: «Site Ops» cannot be an id; an id is a-z, 0-9, dot, dash and underscore, up to 32, beginning with a letter or digit"},
	"person id":         {"people: {Ana: {}}", "1:10: people.Ana: «Ana» cannot be an id; write ana"},
	"look-alike":        {"people:\n  bill: {}\n  bi1l: {}", "3:3: people.bi1l: it looks like bill in line 2; choose another id"},
	"bidirectional":     {`people: {ana: {name: "A\u202ena"}}`, `1:22: people.ana.name: «A\u202ena» holds characters that are not shown but act; take them out`},
	"line break":        {`people: {ana: {name: "A\nB"}}`, "1:22: people.ana.name: «A B» holds characters that are not shown but act; take them out"},
	"hidden in comment": {"owners: [] # \u202e", "1:14: the character U+202E is not shown but acts; take it out"},
	"control character": {"owners: []\n\x00", "2:1: the character U+0000 is not shown but acts; take it out"},
	"not UTF-8":         {"owners: []\n# caf\xe9", `2:6: the byte \xe9 is no valid UTF-8; save the file as UTF-8`},
	"code as text":      {"people: {ana: {code: ana@example.org}}", "1:22: people.ana.code: «ana@example.org» is no list of addresses; write [ana@example.org], or none for who writes no code"},
	"code empty":        {"people: {ana: {code: []}}", "1:22: people.ana.code: the list is empty; write [ana@example.org], or none for who writes no code"},
	"code no address":   {"people: {ana: {code: [none]}}", "1:23: people.ana.code: «none» is no address; write [ana@example.org], or none for who writes no code"},
	"shared address":    {"people:\n  ana: {code: [a@x.org]}\n  ben: {code: [A@x.org]}", "3:16: people.ben.code: «a@x.org» is ana's in line 2 already; one of them is not theirs"},
	"unknown manager":   {"people: {ana: {}}\nproducts: {app: {github: {repository: acme/app, manager: anna}}}", "2:58: products.app.github.manager: nobody under people is «anna»; nearest: ana"},
	"deploys nowhere":   {"products: {app: {environments: [staging, production], github: {repository: acme/app, deploy: {prodution: deploy.yml}}}}", "1:95: products.app.github.deploy.prodution: no environment of the product is called so; nearest: production"},
	"deploys elsewhere": {"products: {app: {github: {repository: acme/app, deploy: {staging: deployment}}}}", "1:58: products.app.github.deploy.staging: no environment of the product is called so; write environments: [staging, production]"},
	"opens nothing":     {"products: {app: {github: {repository: acme/app, opens: 'release-*'}}}", "1:56: products.app.github.opens: no version's tag is like «release-*»: they are called as v1.2.3; write v*, or say how the tags of versions are called: tag: vVERSION"},
	"opens, ill tag":    {"products: {app: {github: {repository: acme/app, opens: 'release-*', tag: 'v{major}'}}}", "1:74: products.app.github.tag: «v{major}» cannot be a tag with the version in it; write vVERSION"},
	"checks twice":      {atGitHub + "[build, build]}}}", "1:65: products.app.github.checks: «build» stands in the list already; keep one of them"},
	"checks as text":    {atGitHub + "build}}}", "1:57: products.app.github.checks: «build» is no list of checks; write [test], or none"},
	"checks empty":      {atGitHub + "[]}}}", "1:57: products.app.github.checks: the list is empty; write [test], or none"},
	"check of nobody":   {atGitHub + "[{name: build, by: ''}]}}}", "1:76: products.app.github.checks.by: the text is empty; write one, or leave the key out"},
	"check, no name":    {atGitHub + "[{by: github-actions}]}}}", "1:58: products.app.github.checks.name: it is missing; write name:"},
	"check by app":      {atGitHub + "[{name: build, app: github-actions}]}}}", "1:72: products.app.github.checks.app: unknown key; known here: name, by"},
	"check by account":  {atGitHub + `[{name: build, by: "github-actions[bot]"}]}}}`, "1:76: products.app.github.checks.by: «github-actions[bot]» is the account of an App; write github-actions"},
	"check by number":   {atGitHub + `[{name: build, by: "15368"}]}}}`, `1:76: products.app.github.checks.by: «15368» is no App's name and no login; write github-actions, as in github.com/apps/github-actions, or a login as "@ci-bot"`},
	"check by address":  {atGitHub + `[{name: build, by: ci@example.org}]}}}`, `1:76: products.app.github.checks.by: «ci@example.org» is no App's name and no login; write github-actions, as in github.com/apps/github-actions, or a login as "@ci-bot"`},
	"check, bare login": {atGitHub + `[{name: build, by: @ci-bot}]}}}`, "1:76: this cannot be read as YAML: '@' is a reserved character; put the text in quotes"},
	"check, a number":   {atGitHub + `[3]}}}`, `1:58: products.app.github.checks: «3» is a number to YAML, and text is meant; write "3"`},
	"check as a list":   {atGitHub + `[[build]]}}}`, `1:58: products.app.github.checks: keys and values are meant here, not a list; write them below, further in, or {} for none`},
	"shared handle":     {"people:\n  ana: {github: ana}\n  ben: {github: Ana}", "3:17: people.ben.github: «github/ana» is ana's in line 2 already; one of them is not theirs"},
	"slack by name":     {"people: {ana: {slack: ana}}", "1:23: people.ana.slack: «ana» is no slack account; write T1/U1: the ids of the workspace and the member"},
	"zone":              {"people: {ana: {zone: Berlin}}", "1:22: people.ana.zone: no such zone «Berlin»; write Europe/Berlin"},
	"zone in capitals":  {"time: {zone: new york}", "1:14: time.zone: no such zone «new york»; write America/New_York"},
	"no zone":           {"time: {zone: ../../etc/passwd}", "1:14: time.zone: no such zone «../../etc/passwd»; write an IANA name such as Europe/Berlin, or host"},
	"zone Local":        {"time: {zone: Local}", "1:14: time.zone: no such zone «Local»; write an IANA name such as Europe/Berlin, or host"},
	"template":          {"default: {template: big}", "1:21: default.template: «big» is no template; write feature, hotfix, simple (one of them)"},
	"own template":      {"templates: {team: {}}\ndefault: {template: taem}", "2:21: default.template: «taem» is no template; nearest: team"},
	"product a stage":   {"products: {ga: {}}", "1:12: products.ga: the word names a stage or a gate; choose another id"},
	"branch":            {"products: {app: {branch: --all}}", "1:26: products.app.branch: «--all» cannot be a branch; write main"},
	"environments":      {"products: {app: {environments: []}}", "1:32: products.app.environments: the list is empty; write [production]: in order, the last is the one users are in"},
	"environment":       {"products: {app: {environments: [Prod]}}", "1:33: products.app.environments: «Prod» cannot be an id; write prod"},
	"channel":           {"products: {app: {channel: app}}", `1:27: products.app.channel: «app» is no channel; write "#name" in quotes for the console's, or a channel's ids with their platform: slack/T0ACME/C0APP, or discord/613425648685547541/41771983423143937`},
	"channel by name":   {`products: {app: {channel: "slack/#app"}}`, "1:27: products.app.channel: «slack/#app» is not a channel's ids, and a name can change hands; write slack/T0ACME/C0APP: in Slack, the channel's details show its id at the bottom, and the address in a browser the workspace's before it"},
	"discord by link":   {`audit: {channel: "https://discord.com/channels/613/41"}`, "1:18: audit.channel: «https://discord.com/channels/613/41» is the link of a channel; write discord/613/41"},
	"discord mention":   {`people: {ana: {discord: "<@12>"}}`, "1:25: people.ana.discord: «<@12>» is a mention; write \"12\""},
	"discord name":      {`people: {ana: {discord: ana}}`, "1:25: people.ana.discord: «ana» is no discord account; write the member's id in quotes, as \"80351110224678912\": Developer Mode on (settings → Advanced), then their menu → Copy User ID"},
	"discord by name":   {`audit: {channel: "discord/#app"}`, "1:18: audit.channel: «discord/#app» is not a channel's ids, and a name can change hands; write discord/613425648685547541/41771983423143937: in Discord, a channel's link (right-click → Copy Link) ends in the ids of the server and of the channel"},
	"told by name":      {`channels: {slack/general: card}`, "1:12: channels.slack/general: «slack/general» is not a channel's ids, and a name can change hands; write slack/T0ACME/C0APP: in Slack, the channel's details show its id at the bottom, and the address in a browser the workspace's before it"},
	"told how":          {`channels: {"#app": thred}`, "1:20: channels.#app: «thred» is none of them; nearest: thread"},
	"told twice":        {`channels: {"#app": card, "console/#app": all}`, "1:26: channels.console/#app: it is the channel of line 1; keep one of them"},
	"quota":             {"audiences: {s: {quota: 80}}", "1:24: audiences.s.quota: «80» is no share from 1% to 100%; write 80%"},
	"quota zero":        {"audiences: {s: {quota: 0%}}", "1:24: audiences.s.quota: «0%» is no share from 1% to 100%; write 80%"},
	"public":            {"audiences: {s: {public: yes}}", "1:25: audiences.s.public: true or false is meant; write true or false, without quotes"},
	"anchor":            {"owners: &a []", "1:9: anchors, aliases and merges (& * <<) are not read here; write the value itself; for every role write '*' in quotes"},
	"tag":               {"people: {ana: {name: !!str 12}}", "1:22: tags, directives and keys after ? (! % ?) are not read here; put text in quotes"},
	"deep":              {"owners: " + strings.Repeat("[", 20), "1:25: more than 16 levels, or too far in; nothing here is so deep"},
	"deep dashes":       {strings.Repeat("- ", 20), "1:33: more than 16 levels, or too far in; nothing here is so deep"},
	"far in":            {"a:\n" + strings.Repeat(" ", 200) + "b: c", "2:201: more than 16 levels, or too far in; nothing here is so deep"},
	"many lines":        {strings.Repeat("\n", 10001), "10001:1: more than 10000 lines, or 50000 marks such as : and ["},
	"two documents":     {"owners: []\n---\npeople: {}", "3:1: a second document begins here; keep everything in one"},
	"not YAML":          {"people:\n  ana: {name: [x}", "2:17: this cannot be read as YAML: ',' or ']' must be specified"},
	"reserved":          {"owners: [@ana]", "1:10: this cannot be read as YAML: '@' is a reserved character; put the text in quotes"},
	"days without unit": {"keep: {sent: 90}", "1:14: keep.sent: «90» is no number of whole days from 1d to 36500d; write 90d"},
	"no days":           {"keep: {answers: 0d}", "1:17: keep.answers: «0d» is no number of whole days from 1d to 36500d; write 30d"},
	"too many days":     {"keep: {closed: 36501d}", "1:16: keep.closed: «36501d» is no number of whole days from 1d to 36500d; write 400d"},
	"hours":             {"keep: {sent: 48h}", "1:14: keep.sent: «48h» is no number of whole days from 1d to 36500d; write 90d"},
	"kept for ever":     {"keep: {ledger: 1d}", "1:8: keep.ledger: unknown key; known here: answers, sent, closed"},
	"tag of nothing":    {"audit: {tag: ap}\nproducts: {app: {}}", "1:14: audit.tag: nothing under products is «ap»; nearest: app"},
	"tag of no product": {"audit: {tag: app}", "1:14: audit.tag: nothing under products is «app»; write a line for it under products"},
	"tag of a folder":   {"audit: {tag: .}", "1:14: audit.tag: «.» cannot be an id; an id is a-z, 0-9, dot, dash and underscore, up to 32, beginning with a letter or digit"},
	"audit channel":     {"audit: {channel: ledger}", `1:18: audit.channel: «ledger» is no channel; write "#name" in quotes for the console's, or a channel's ids with their platform: slack/T0ACME/C0APP, or discord/613425648685547541/41771983423143937`},
	"audit when":        {"audit: {at: '@daily'}", `1:13: audit.at: "@daily" is no schedule: intervals and nicknames are not known here: say a time of day, or cron fields; write 09:00 or weekdays 09:30 or mon,thu 16:00 or 0 9 1 * *`},
	"branch of dots":    {"products: {app: {branch: a..b}}", "1:26: products.app.branch: «a..b» cannot be a branch; write main"},
	"dot in front":      {"products: {app: {branch: .a}}", "1:26: products.app.branch: «.a» cannot be a branch; write main"},
	"long name":         {"people: {ana: {name: " + strings.Repeat("x", 501) + "}}", "1:22: people.ana.name: the text is longer than 500 bytes"},
	"many beside":       {"people:\n" + strings.Repeat("  a: {}\n  # no entry\n", 4001), "8002:3: more than 4000 entries beside each other; members of a chat group need no line of their own: group:slack/T1/S1"},
}

func parseFile(text string) (config.Config, error) { return config.Parse("f", []byte(text)) }

// Every mistake is told with its line, its column, and what to write instead.
func TestMistakes(t *testing.T) {
	for name, c := range mistakes {
		_, err := parseFile(c.text)
		var wrong config.Problems
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff("f:"+c.want, wrong[0].Error()); diff != "" || len(wrong) != 1 {
			t.Errorf("%s: %d problems: %s", name, len(wrong), diff)
		}
	}
}

// Where other rooms read a text, their words are told.
func TestMistakesOfTime(t *testing.T) {
	_, err := config.Parse("f", []byte("time:\n  days: moonday\n  hours: 17-9\n  digest: '@every 1h'\n  channel: whenever\n"))
	var wrong config.Problems
	if !errors.As(err, &wrong) || len(wrong) != 4 {
		t.Fatalf("%v", err)
	}
	for i, key := range []string{"days", "hours", "digest", "channel"} {
		if p := wrong[i]; p.Line != i+2 || p.Path != "time."+key || p.Why == "" || !strings.HasPrefix(p.Next, "write ") {
			t.Errorf("%+v", p)
		}
	}
}

func TestAllMistakesAreToldInOrder(t *testing.T) {
	_, err := config.Parse("f", []byte("audiences: {s: {quota: 1}}\nowners: [zoe]\npeople:\n  ana: {name: 1, zone: X}\n  Ben: {}\n"))
	var got []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		got = append(got, strings.Join(strings.SplitN(line, ":", 4)[1:3], ":"))
	}
	if diff := cmp.Diff([]string{"1:24", "2:10", "4:15", "4:24", "5:3"}, got); diff != "" {
		t.Errorf("%s\n%v", diff, err)
	}
}

// hostile are files made to take long, by name.
func hostile() map[string]string {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		bomb += fmt.Sprintf("%c: &%[1]c [%s]\n", 'b'+i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", 'a'+i), 9), ","))
	}
	add := "    add:\n      ga.ready:\n"
	round := "templates:\n"
	for i := range 100 {
		round += fmt.Sprintf("  t-%d.%[1]d: {extends: t-%d.%[2]d, drop: [x]}\n", i, (i+1)%100)
	}
	return map[string]string{
		"tabs": "a: \"" + strings.Repeat("\t", 1<<20-9) + "\"", "tabs in lines": strings.Repeat("a: \""+strings.Repeat("\t", 99)+"\"\n", 3990), "merges": "a: " + strings.Repeat("<", 1<<20-9),
		"reserved": strings.Repeat("@", 1<<20-9), "reserved too": "a: ['b'" + strings.Repeat("`", 1<<20-9) + "]", "commas": "a: [b" + strings.Repeat(",", 49990) + "]", "reserved in lists": "a: [" + strings.Repeat("@,", 24990) + "]",
		"people wide": "people:\n" + many(4000, "  p-%d.%[1]d: {name: x, slack: T1/U%[1]d, github: g%[1]d, zone: UTC}\n"), "literal": "a: |\n" + strings.Repeat("  "+strings.Repeat("x", 90)+"\n", 9900),
		"templates":      "templates:\n" + many(99, "  t-%d.%[1]d:\n"+add+many(55, "        - {key: x-%d.%[1]d, text: a, role: qa}\n")),
		"templates long": "templates:\n" + many(60, "  t-%d.%[1]d:\n"+add+many(55, "        - {key: x-%d.%[1]d, text: "+strings.Repeat("x", 190)+", role: qa}\n")),
		"unknown items":  "templates:\n  team:\n    add:\n      ga.ready: [" + many(16000, "rnubook%d, ") + "]\n", "made in a round": round,
		"drops": "templates: {a: {extends: feature, drop: [" + many(20000, "x-%d, ") + "]}}", "moves": "templates: {a: {move: {" + many(9000, "x-%d: ga.done, ") + "}}}",
		"templates without end": "templates:\n" + many(3900, "  t-%d.%[1]d: {extends: t-%[1]d}\n"), "rules": "risk: {raise: [" + many(5000, "{to: high, labels: [x-%d]}, ") + "]}",
		"patterns":   "risk: {raise: [{to: high, paths: [" + many(8000, "**/m-%d/**, ") + "]}]}",
		"alias bomb": bomb, "brackets": strings.Repeat("[", 1<<19), "maps": strings.Repeat("{a: ", 1<<17), "dashes": strings.Repeat("- ", 1<<18),
		"question marks": strings.Repeat("? ", 1<<18), "keys": many(9000, "key-%d: v\n"), "flow keys": "{" + many(20000, "k%d: v, ") + "}",
		"unknown people": "people: {" + many(4000, "person-%d: {}, ") + "}\nowners: [" + many(20000, "persom%d, ") + "]",
		"unknown zones":  "people:\n" + many(4000, "  person-%d: {zone: Nowhere/Town}\n"), "zones": "people:\n" + many(4000, "  person-%d: {zone: Europe/Berlin}\n"),
		"steps": many(500, "%[1]*[1]d: \n"), "long text": "people: {ana: {name: " + strings.Repeat("x", 1<<19) + "}}",
		"long id": "people: {" + strings.Repeat("x", 1<<19) + ": {}}", "quotes": "a: '" + strings.Repeat("''", 1<<18) + "'", "docs": strings.Repeat("---\n", 5000),
		"sequence": many(9000, "- v-%d\n"), "siblings far in": "people:\n ana:\n" + many(9000, "  key-%d: v\n"), "duplicate keys": strings.Repeat("owners: []\n", 9000),
		"flow sequence": "owners: [" + many(40000, "p%d,") + "]", "plain lines": "a:\n" + strings.Repeat("  xxxxx\n", 9000), "folded": "a: >\n" + strings.Repeat("  "+strings.Repeat("x", 90)+"\n", 9000),
		"escapes": "a: \"" + strings.Repeat("\\x41", 1<<17) + "\"", "comment after": strings.Repeat("a: b # x\n", 9000), "one key": strings.Repeat("x", 1<<20-3) + ": v",
		"levels": strings.Repeat("a:\n b:\n  c:\n   d:\n    e:\n     f: v\n", 1600), "empty values": many(9000, "k%d:\n"), "nothing but colons": strings.Repeat(":\n", 9000),
		"block": "a: |\n" + strings.Repeat("  x\n", 5000), "blank": strings.Repeat(" ", 1<<20), "comments": strings.Repeat("# x\n", 9000),
	}
}

// endless is far above what any of them takes, and far below what one that blows up takes; BenchmarkHostileFiles says
// how long they really take.
const endless = 20 * time.Second

// busy is how much reading any file may allocate on the way, what is given back at once included: whatever machine
// measures it, work that grows with the square of a file shows here.
const busy = 192 << 20

func TestHostileFiles(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // so that most of what is measured is in use
	for name, text := range hostile() {
		began, err := time.Now(), error(nil)
		before := allocated()
		took := peak(t, func() { _, err = config.Parse("f", []byte(text)) })
		if sum := allocated() - before; took > roomy || sum > busy {
			t.Errorf("%s takes %d MiB, of %d", name, took>>20, sum>>20)
		} else if testing.Verbose() {
			t.Logf("%s: %d MiB, of %d", name, took>>20, sum>>20)
		}
		if took := time.Since(began); took > endless {
			t.Errorf("%s takes %s", name, took)
		}
		if err != nil && len(err.Error()) > 200*1024 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

func BenchmarkHostileFiles(b *testing.B) {
	for name, text := range hostile() {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = config.Parse("f", []byte(text)) // whether it is refused is the test's business
			}
		})
	}
}
