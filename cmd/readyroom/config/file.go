package config

import (
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
)

// Patterns are written in what Go and the editors' JavaScript read alike: no classes beyond \S, no look-ahead.
var (
	idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)
	// addressPattern is what may stand before and after the @ of a commit's author; more is not asked of them.
	addressPattern = regexp.MustCompile(`^[^ <>@]+@[^ <>@]+$`)
	// memberPattern is people and chat platforms' groups.
	memberPattern = regexp.MustCompile(`^([a-z0-9][a-z0-9._-]{0,31}|group:(slack|discord|github)/[A-Za-z0-9][A-Za-z0-9._/-]{0,80})$`)
	// channelPattern is a name on the console, and elsewhere the ids that the platform gave: names change hands.
	channelPattern = regexp.MustCompile(`^((console/)?#[^ #@/]{1,80}|slack/[A-Z0-9]{1,40}/[A-Z0-9]{1,40}|discord/[1-9][0-9]{0,19}/[1-9][0-9]{0,19})$`)
	// branchPattern leaves out only what can never be one; whether it exists, the repository says.
	branchPattern = regexp.MustCompile(`^[^-. ~^:?*\[\\](\.?[^. ~^:?*\[\\])*$`)
	// filePattern is a path within a repository.
	filePattern    = regexp.MustCompile(`^\.?[^/. :\\][^/ :\\]*(/\.?[^/. :\\][^/ :\\]*)*$`)
	percentPattern = regexp.MustCompile(`^(100|[1-9][0-9]?)%$`)
	// daysPattern is 1d to 36500d: as long as anything is kept that is not kept for ever.
	daysPattern = regexp.MustCompile(`^([1-9][0-9]{0,3}|[12][0-9]{4}|3[0-5][0-9]{3}|36[0-4][0-9]{2}|36500)d$`)
)

const (
	noCode   = "none" // instead of addresses: who writes no code
	groupOf  = "group:"
	askCode  = "write [ana@example.org], or none for who writes no code"
	askGroup = "write group:slack/T1/S1, or group:discord/SERVER/ROLE"
)

// file is the shape of readyroom.yaml.
var file = keyed("Readyroom's configuration. Every key may be left out.",
	field{"owners", someOf("They do what administration needs, and hold each role that nobody else holds. Where there is no file, the person at the keyboard is the owner.", onePerson, []string{"ana"})},
	field{"people", &shape{kind: isMap, about: "Everybody who signs or is briefed by name, by the id that people type. Members of a role's chat group need no line.",
		keys: idShape, apart: true, each: personShape}},
	field{"roles", &shape{kind: isMap, about: "Who signs what: " + roleNames() + ". A role that nobody holds falls to the owners; '*' holds every role.",
		keys: roleShape, apart: true, each: someOf("People by their ids, and chat groups: group:slack/T1/S1.", oneMember, []string{"ana", "group:slack/T1/S1"})}},
	field{"default", keyed("What a new release follows unless told otherwise.",
		field{"template", &shape{kind: isText, about: "The checklist: simple (general availability only), feature (preview, then general availability), hotfix, or one of templates.",
			pattern: idPattern, wrong: noID, fallback: release.DefaultTemplate, examples: []any{"feature", "hotfix"}}})},
	field{"products", &shape{kind: isMap, about: "What is released. With none, the first release names this work tree's product.",
		keys: productIDShape, apart: true, each: productShape}},
	field{"audiences", &shape{kind: isMap, about: "Who is told. With none, briefings have nobody to go to and nothing public is posted.",
		keys: idShape, apart: true, each: audienceShape}},
	field{"channels", &shape{kind: isMap, about: "How much a channel is told of the releases bound to it: card is the release's card, which is edited, and what is posted anew (gates, holds, rollbacks, a cancelled release, publications); thread, where nothing is said, is that with each step as a line in the card's thread; all is that with each step posted in the open.",
		keys: channel("A channel.", "#app"), each: oneOf("How much it is told: card, thread or all.", tellings())}},
	field{"templates", &shape{kind: isMap, about: "Checklists of your own, by the names that people type. Each is made of another one: with less, otherwise placed, with more, in this order.",
		keys: idShape, apart: true, most: maxTemplates, each: templateShape}},
	field{"risk", keyed("How carefully releases are treated beyond what their template says.",
		field{"raise", &shape{kind: isList, about: "What raises the risk of a release that touches it.", most: maxRules, each: raiseShape, examples: []any{[]any{map[string]any{"paths": []any{"**/migrations/**"}, "to": "high"}}}}})},
	field{"time", keyed("When people work, and when each of them and each channel is reminded.",
		field{"zone", zone("The team's time zone, as IANA names it; host is the machine's.", hostZone)},
		field{"days", read(calendar.ParseDays, "The working days.", "mon-fri", "sun-thu")},
		field{"hours", read(calendar.ParseHours, "The working hours.", "09:00-17:00", "08:00-16:30")},
		field{"digest", read(calendar.ParseSpec, "When each person's digest comes, in their own zone: "+specs+" A time of day alone means the working days.", "09:00", "weekdays 08:30")},
		field{"channel", read(calendar.ParseSpec, "When the channels of releases with a target hear what blocks: "+specs+" A time of day alone means the working days.", "weekdays 09:30", "mon,thu 16:00")})},
	field{"keep", keyed("How long things are remembered, in whole days. The ledger is kept for ever.",
		field{"answers", days("Answers to requests: the same request sent again within that time changes nothing.", "30d")},
		field{"sent", days("What was sent, where and when.", "90d")},
		field{"closed", days("Summaries of closed releases, which lists and names in commands go by.", "400d")})},
	field{"audit", keyed("Where the ledger's tip is published outside the database, so that a rewritten past would show.",
		field{"channel", channel("The channel that it is posted to.", "#ledger")},
		field{"tag", &shape{kind: isText, about: "The product whose repository gets it as a git tag.", pattern: idPattern, wrong: noID, examples: []any{"app"}}},
		field{"at", read(calendar.ParseSpec, "When, where a channel or a tag is set: "+specs, "18:00", "weekdays 18:00")})},
	field{"slack", keyed("Slack, beyond what its tokens say.",
		field{"workspaces", someOf("Whose requests are taken, by the ids of workspaces or enterprises; left out, those of the workspace that the bot's token is of.",
			workspaceShape, []string{"T0ACME"})})},
	field{"discord", keyed("Discord, beyond what its token says.",
		field{"servers", someOf("Whose requests are taken, by the servers' ids, in quotes; left out, the only one that the bot is in.", serverShape, []string{"613425648685547541"})},
		field{"listen", oneOf("How requests come: over the gateway, which needs no address of yours, or to /discord/interactions by http.", []string{overGateway, overHTTP}).otherwise(overGateway)},
		field{"commands", oneOf("Who sees the commands, as long as the server's own settings say nothing else: managers are those who may manage the server.", []string{forManagers, forEveryone}).otherwise(forManagers)})},
)

// What may be said of Discord.
const (
	overGateway, overHTTP    = "gateway", "http"
	forManagers, forEveryone = "managers", "everyone"
)

const specs = "a time of day, days and a time, or five cron fields."

// A person under people.
var personShape = keyed("One person; all of it may be left out.",
	field{"name", &shape{kind: isText, about: "What others read; left out, the id.", examples: []any{"Ana"}}},
	field{"code", &shape{kind: isList, about: "The addresses they commit with, or none. They grant nothing: they keep the author of a change from being its sole approver.",
		each: matching("An address.", addressPattern, no("is no address", askCode)), full: true, word: noCode, wrong: no("is no list of addresses", askCode), examples: []any{[]string{"ana@example.org"}, noCode}}},
	field{"slack", account("Their Slack account: the ids of workspace and member.", "slack", "T1/U1: the ids of the workspace and the member", people.Shape("slack"), "T1/U1")},
	field{"discord", &shape{kind: isText, about: "Their Discord account: the member's id, in quotes.", pattern: regexp.MustCompile(people.Shape("discord")), examples: []any{"80351110224678912"}, wrong: noDiscordMember}},
	field{"github", account("Their GitHub login.", "github", "ana: the login", people.Shape(github), "ana")},
	field{"zone", zone("Their time zone, as IANA names it; left out, the team's.", nil)},
)

// A product under products.
var productShape = keyed("One product; all of it may be left out.",
	field{"repository", &shape{kind: isText, about: "The folder of a clone of its repository; left out, the working directory, or, where github is set, none: commits are read there.", examples: []any{"../app"}}},
	field{"github", githubShape},
	field{"branch", &shape{kind: isText, about: "The branch that is released; left out, the one checked out.", pattern: branchPattern, wrong: no("cannot be a branch", "write main"), examples: []any{"main"}}},
	field{"environments", &shape{kind: isList, about: "In the order in which a commit reaches them: users are in the last one.", each: idShape, full: true,
		wrong: no("is no environment", "write [production]: in order, the last is the one users are in"), fallback: []string{"production"}, examples: []any{[]string{"staging", "production"}}}},
	field{"channel", channel("The channel that hears of its releases; left out, the one where the first is made.", "#app")},
	field{"roadmap", &shape{kind: isText, about: "The file in the repository where milestones are planned: a heading each, with a list under it.", pattern: filePattern,
		wrong: no("cannot be a file of the repository", "write ROADMAP.md"), fallback: workflows.Roadmap, examples: []any{"docs/roadmap.md"}}},
	field{"changelog", &shape{kind: isText, about: "The file that published notes are written into: where github is set by a pull request, else in the folder; left out, none.", pattern: filePattern,
		wrong: no("cannot be a file of the repository", "write CHANGELOG.md"), examples: []any{"CHANGELOG.md"}}},
)

// An audience under audiences.
var audienceShape = keyed("One group that is told things.",
	field{"people", someOf("Who must acknowledge its briefings.", onePerson, []string{"ana"})},
	field{"channel", channel("The channel that is told.", "#support")},
	field{"quota", &shape{kind: isText, about: "How many of its people must acknowledge a briefing.", pattern: percentPattern, unit: true,
		wrong: no("is no share from 1% to 100%", "write 80%"), fallback: "80%", examples: []any{"75%"}}},
	field{"public", &shape{kind: isTruth, about: "Whether outsiders read it: it gets approved public text only.", fallback: false, examples: []any{true}}},
)

var (
	idShape        = matching("An id: "+workflows.IDShape+".", idPattern, noID)
	onePerson      = matching("The id of somebody under people.", idPattern, noPerson)
	oneMember      = matching("The id of somebody under people, or a chat group.", memberPattern, noMember)
	serverShape    = matching("The id of a server, in quotes.", regexp.MustCompile(`^[1-9][0-9]{0,19}$`), no("is no server of Discord", `write its id in quotes: "613425648685547541"`))
	workspaceShape = matching("The id of a workspace or an enterprise.", regexp.MustCompile(`^[TE][A-Z0-9]{1,20}$`), no("is no workspace of Slack", "write its id: T0ACME"))
	roleShape      = matching("A role.", regexp.MustCompile(`^(\*|[a-z0-9][a-z0-9._-]{0,31})$`), noID)
	productIDShape = &shape{kind: isText, about: idShape.about, pattern: idPattern, never: notProducts, wrong: noProduct}
)

// notProducts are words that stand for a part of a release where a product could be named.
var notProducts = []string{
	string(workflows.Before), string(workflows.Preview), string(workflows.Between), string(workflows.GA), string(workflows.Closed),
	string(release.Ready), string(release.Done),
}

func tellings() []string {
	var out []string
	for _, t := range desk.Tellings() {
		out = append(out, string(t))
	}
	return out
}

func roleNames() string {
	var names []string
	for _, r := range workflows.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}
