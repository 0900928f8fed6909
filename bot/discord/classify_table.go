package discord

import "github.com/readyroom/readyroom/bot/chat"

// orElsewhere is how a release is told somewhere else.
const orElsewhere = "or type /release set --here in another channel"

// The rulings that many codes share.
var (
	ruleSlower = ruling{verdict: chat.Retry, paced: true, words: "too much was sent in a short time; it is sent later"}
	// ruleSlowerAlone: Discord limits what is done to one message, as edits of one older than an hour.
	ruleSlowerAlone = ruling{verdict: chat.Retry, paced: true, alone: true, words: "this message was changed too often in a short time; it is changed later"}
	rulePassing     = ruling{verdict: chat.Retry, words: "this passes by itself; it is tried again"}
	ruleBroken      = ruling{verdict: chat.Unclear, words: "something broke at Discord's side, perhaps after it was carried out; it is looked for before it is sent again"}

	ruleNoChannel = ruling{verdict: chat.Park, words: "the channel was deleted, or the bot is no longer in the server → invite the bot again, " + orElsewhere}
	ruleNoAccess  = ruling{verdict: chat.Park, words: "the bot does not see the channel → give its role View Channel there, " + orElsewhere}
	ruleNoRight   = ruling{verdict: chat.Park, words: "the bot lacks a permission there → give its role View Channel, Send Messages, Embed Links, Read Message History, " +
		"Create Public Threads and Send Messages in Threads in the channel, " + orElsewhere}
	ruleNoHistory = ruling{verdict: chat.Park, words: "the bot may not read what was said there → give its role Read Message History in the channel"}
	ruleWrongKind = ruling{verdict: chat.Park, words: "this cannot be posted in a channel of that kind → type /release set --here in a text or announcement channel"}
	ruleThread    = ruling{verdict: chat.Park, words: "the thread is locked or archived → open it again in Discord"}
	ruleThreads   = ruling{verdict: chat.Park, words: "the server has as many active threads as it may → close some in Discord"}
	ruleModerated = ruling{verdict: chat.Park, words: "the server's AutoMod or link filter stopped the message → except the bot's role from that rule, in the server's settings"}
	ruleServer    = ruling{verdict: chat.Park, words: "the server does not take it → its owner can mend that in the server's settings"}
	ruleNoPerson  = ruling{verdict: chat.Park, words: "the account takes no direct messages from the bot: it shares no server with it, blocks it, or is gone → " +
		"have them allow direct messages from members of the server, or link the account that they use now"}

	// What is wrong with the app itself is wrong everywhere: it waits, and the health of the bot says so once, not each
	// place.
	ruleBadToken = ruling{verdict: chat.Retry, words: "Discord does not accept the bot's token → reset it in the developer portal, under Bot, and give Readyroom the new one (see readyroom doctor)"}
	ruleBadApp   = ruling{verdict: chat.Retry, words: "the application is not what it should be → look at it in the developer portal (see readyroom doctor)"}
	ruleBlocked  = ruling{verdict: chat.Retry, words: "Cloudflare stops the call before it gets to Discord → look at the proxy in between, and whether this address sends too much"}

	ruleOurs = ruling{verdict: chat.Fatal, words: "Readyroom made something that Discord does not take; this is a bug → please report it with this text"}
	ruleGone = ruling{verdict: chat.Fatal, gone: true, words: "the message is no longer there, or is not the bot's to change; what it showed is posted anew"}
	ruleLate = ruling{verdict: chat.Fatal, words: "the interaction is over or was answered already; nobody can answer it any more"}
	ruleDone = ruling{verdict: chat.Fatal, words: "it is so already"}
	ruleMany = ruling{verdict: chat.Fatal, words: "the application has as many commands as it may → remove some of its other commands"}
)

// rulings is every code of Discord's that can come of what is called here, with what it means. They are those of its
// reference (topics/opcodes-and-status-codes) that concern a bot that sends, edits, reads, starts threads, publishes,
// opens direct messages, answers interactions, reads members and writes commands.
var rulings = byCode(map[*ruling][]int{
	&ruleSlower: {
		20016, 20028, 20029, // slow mode, and the write rates of a channel and a server
		30034, // 200 new commands a day
		40003, // direct messages opened too fast
		40062, // a resource that others share
	},
	&ruleSlowerAlone: {20022, 30046},         // edits: of what was published, and of what is older than an hour
	&rulePassing:     {40004, 40006, 110001}, // switched off for a while
	&ruleBroken:      {130000},               // overloaded

	&ruleNoChannel: {10003, 10004, 50055},
	&ruleNoAccess:  {50001},
	&ruleNoRight:   {50009, 50013, 60003, 400001},
	&ruleNoHistory: {160002},
	&ruleWrongKind: {40058, 40067, 50003, 50008, 50024, 50068},
	&ruleThread:    {50083, 160005},
	&ruleThreads:   {30033, 160006, 160007},
	&ruleModerated: {20009, 20031, 200000, 200001, 240000},
	&ruleServer:    {50095, 50097, 50101, 50178},
	&ruleNoPerson:  {10007, 10013, 30004, 40007, 50007, 50033},

	&ruleBadToken: {40001, 40002, 40012, 50014},
	&ruleBadApp:   {10002, 20001, 20012, 50002, 50010, 50025, 50026},
	&ruleBlocked:  {40333},

	&ruleOurs: {30015, 40005, 40041, 50006, 50028, 50035, 50041, 50045, 50046, 50067, 50084, 50109, 50110, 50123, 50146, 10063, 10011, 10066},
	&ruleGone: {10008, 50005, 50021},
	&ruleLate: {10015, 10062, 40043, 40060, 40094, 50027},
	&ruleDone: {40033, 160004},
	&ruleMany: {30032},
})

// byStatus rules errors without a code of their own.
var byStatus = map[int]ruling{400: ruleOurs, 401: ruleBadToken, 405: ruleOurs, 411: ruleOurs, 413: ruleOurs, 415: ruleOurs}

func byCode(shared map[*ruling][]int) map[int]ruling {
	all := map[int]ruling{}
	for r, codes := range shared {
		for _, c := range codes {
			all[c] = *r
		}
	}
	return all
}
