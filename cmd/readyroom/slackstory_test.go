package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/web"
)

// The scripts that people would play in Slack: what they type there, press and fill in leads to the same ledger as in the
// console, event for event.
func TestStoriesInSlack(t *testing.T) {
	for _, name := range []string{"long", "story_maintainers", "story_manager", "story_support"} {
		for _, way := range []string{"http", "socket"} {
			t.Run(name+" over "+way, func(t *testing.T) { tellInSlack(t, name, way) })
		}
	}
}

func tellInSlack(t *testing.T, name, way string) {
	s := readStory(t, name)
	var o *office
	s.tell(func(sc scene) {
		if o == nil {
			o = newOffice(t, way)
		}
		s.write("console.yaml", sc.config)
		s.write("slack.yaml", o.staffed(sc.config))
		typeHere(t, sc.typed)
		o.play(sc)
		want, got := ledgerOf(t, "console-data", o.alike()), ledgerOf(t, "slack-data", o.alike())
		agree(t, sc.name, want, got)
	})
	for _, f := range o.fake.Failures() {
		t.Errorf("%s saw %s at %q", f.User, f.Name, f.What)
	}
}

// agree holds one ledger to another, up to the first event in which they differ: the rest follows from that.
func agree(t *testing.T, scene string, want, got []told) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		var w, g told
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if diff := cmp.Diff(w, g); diff != "" {
			t.Fatalf("%s: the ledgers differ from event %d on (-console +slack):\n%s", scene, i+1, diff)
		}
	}
}

// typeHere types a conversation into the console.
func typeHere(t *testing.T, lines []string) {
	t.Helper()
	in := &typist{lines: lines}
	if code := run(t.Context(), []string{"console", "--clock", "simulated", "--data", "console-data", "--config", "console.yaml"}, in, in, t.Output()); code != 0 {
		t.Fatalf("the console ended with %d", code)
	}
}

// office is a workspace of Slack where the bot is at work, and everybody who is in it.
type office struct {
	t     *testing.T
	way   string
	fake  *slackfake.Fake
	clock func() time.Time
	known map[string]bool
	r     *running
	url   string                     // where it listens, over http
	after func(h *hand, line string) // looks at what there is after each step; nil: nobody does
}

func newOffice(t *testing.T, way string) *office {
	o := &office{t: t, way: way, known: map[string]bool{}, clock: time.Now}
	o.fake = slackfake.New(t, slackfake.Options{Now: func() time.Time { return o.clock() }})
	t.Setenv(slackURL, o.fake.URL())
	t.Setenv(slackBot, o.fake.BotToken())
	switch way {
	case "http":
		t.Setenv(slackSigning, o.fake.SigningSecret())
	case "socket":
		t.Setenv(slackApp, o.fake.AppToken())
	}
	return o
}

var (
	personLine  = regexp.MustCompile(`(?m)^  ([a-z]+): \{(name: .*)$`)
	accountPart = regexp.MustCompile(`slack: T0ACME/U0[A-Z]+, `)
	channelName = regexp.MustCompile(`"#([a-z]+)"`)
)

// staffed gives the configuration in which everybody has an account, and each channel is one of the workspace.
func (o *office) staffed(config string) string {
	config = accountPart.ReplaceAllString(config, "")
	for _, g := range personLine.FindAllStringSubmatch(config, -1) {
		o.add(g[1])
	}
	config = personLine.ReplaceAllStringFunc(config, func(l string) string {
		g := personLine.FindStringSubmatch(l)
		return fmt.Sprintf("  %s: {slack: %s/%s, %s", g[1], slackfake.Team, userOf(g[1]), g[2])
	})
	for _, g := range channelName.FindAllStringSubmatch(config, -1) {
		o.open(g[1])
	}
	return channelName.ReplaceAllStringFunc(config, func(c string) string {
		return "slack/" + slackfake.Team + "/" + channelOf(strings.Trim(c, `"#`))
	})
}

// alike rewrites what Slack calls by its own ids as the console would.
func (o *office) alike() *strings.Replacer {
	var same []string
	for name := range o.known {
		switch kind, id := name[:1], name[1:]; kind {
		case "@":
			same = append(same, "slack/@"+slackfake.Team+"/"+userOf(id)+`"`, "console/@"+id+`"`, "slack/"+slackfake.Team+"/"+userOf(id)+`"`, "console/"+id+`"`)
		case "#":
			same = append(same, "slack/"+slackfake.Team+"/"+channelOf(id)+`"`, "console/#"+id+`"`)
		}
	}
	return strings.NewReplacer(same...)
}

func userOf(id string) string      { return "U0" + strings.ToUpper(id) }
func channelOf(name string) string { return "C0" + strings.ToUpper(name) }

func (o *office) add(id string) {
	if !o.known["@"+id] {
		o.known["@"+id] = true
		o.fake.AddUser(slackfake.User{ID: userOf(id), Name: id})
	}
}

func (o *office) open(name string) {
	if !o.known["#"+name] {
		o.known["#"+name] = true
		o.fake.AddChannel(slackfake.Channel{ID: channelOf(name), Name: name})
	}
}

// play begins the bot, has a scene typed, and ends it.
func (o *office) play(sc scene) {
	ctx, cancel := context.WithCancel(o.t.Context())
	defer cancel()
	r, err := begin(ctx, wiring{command: serveName, dir: "slack-data", config: "slack.yaml", create: true, acts: true, chats: true, clock: "simulated",
		log: slog.New(slog.NewTextHandler(o.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		o.t.Fatal(err)
	}
	o.r, o.clock = r, r.clock.Now
	defer func() {
		if err := r.Close(); err != nil {
			o.t.Error(err)
		}
	}()
	defer o.connect(ctx)()
	t := &hand{office: o, person: string(r.cfg.Load().Owners[0]), channel: "general"}
	o.open("general")
	t.settle(ctx)
	for _, l := range sc.typed {
		t.enter(ctx, l)
		t.settle(ctx)
		t.note()
		if o.after != nil {
			o.after(t, l)
		}
	}
}

// connect lets Slack reach the bot, and gives what ends that.
func (o *office) connect(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { o.r.slack.Run(ctx); close(done) }()
	stop := func() {}
	if o.way == "http" {
		server := httptest.NewServer(web.New(web.Options{Checks: o.r.checks, Metrics: o.r.metrics, Log: o.r.log, Chats: o.r.slack.Routes()}).Handler)
		stop, o.url = server.Close, server.URL
		o.fake.Deliver(o.fake.HTTP(server.URL))
	} else {
		o.fake.Deliver(o.fake.Socket(0))
	}
	for o.r.slack.Health() != nil {
		select {
		case <-ctx.Done():
			o.t.Fatal(o.r.slack.Health())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return func() { cancel(); <-done; stop() }
}

// hand is whoever types: person and channel stay, as in the console.
type hand struct {
	*office
	person, channel string
	key             string // of the question or undo that was shown last
	end             func() // of the bot, where a test begins it by itself
}

// enter does in Slack what a line does in the console.
func (h *hand) enter(ctx context.Context, line string) {
	for {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case strings.HasPrefix(word, "@"):
			h.person, line = word[1:], rest
			continue
		case strings.HasPrefix(word, "#") && len(word) > 1:
			h.channel, line = word[1:], rest
			h.open(h.channel)
			continue
		case word == "":
			return
		}
		h.do(ctx, word, rest)
		return
	}
}

func (h *hand) do(ctx context.Context, word, rest string) {
	p, channel := h.fake.As(userOf(h.person)), channelOf(h.channel)
	_, open := h.fake.Modal(userOf(h.person))
	if open && word != "!fill" {
		p.CloseModal(ctx)
	}
	switch word {
	case "!press":
		p.PressNewest(ctx, rest, channel, h.fake.DM(userOf(h.person)))
	case "!fill":
		p.Submit(ctx, fields(h.t, rest))
	case "!wait":
		h.wait(ctx, rest)
	case "!show", "!help":
	default:
		if word[0] == '!' {
			h.t.Fatalf("nobody does %s in Slack", word)
		}
		line := strings.TrimPrefix(strings.TrimSpace(word+" "+rest), "/release ")
		p.Slash(ctx, channel, "/release", strings.ReplaceAll(line, "KEY", h.key))
	}
}

var fieldPattern = regexp.MustCompile(`([a-z-]+)=("(?:[^"\\]|\\.)*"|\S+)`)

func fields(t *testing.T, text string) map[string]string {
	out := map[string]string{}
	for _, g := range fieldPattern.FindAllStringSubmatch(text, -1) {
		value := g[2]
		if strings.HasPrefix(value, `"`) {
			var err error
			if value, err = strconv.Unquote(value); err != nil {
				t.Fatal(err)
			}
		}
		out[g[1]] = value
	}
	return out
}

// note keeps the key of the last question that the person was asked.
func (h *hand) note() {
	for _, channel := range []string{channelOf(h.channel), h.fake.DM(userOf(h.person))} {
		for _, w := range h.fake.Ephemerals(channel, userOf(h.person)) {
			if keys := keyPattern.FindAllString(w.Text, -1); keys != nil {
				h.key = keys[len(keys)-1]
			}
		}
	}
}

// settle waits until everything is answered, and delivers until nothing is due.
func (h *hand) settle(ctx context.Context) (next time.Time, waiting bool) {
	if err := h.r.slack.Drain(ctx); err != nil {
		h.t.Fatal(err)
	}
	for {
		next, waiting, err := h.r.bot.Step(ctx, h.r.clock.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		if !waiting || next.After(h.r.clock.Now()) {
			return next, waiting
		}
	}
}

// wait lets time pass as the console does: from due time to due time.
func (h *hand) wait(ctx context.Context, arg string) {
	d, err := time.ParseDuration(strings.ReplaceAll(arg, "d", "h"))
	if err != nil {
		h.t.Fatal(err)
	}
	if strings.HasSuffix(arg, "d") {
		d *= 24
	}
	end := h.r.clock.Now().Add(d)
	for next, waiting := h.settle(ctx); waiting && !next.After(end); next, waiting = h.settle(ctx) {
		h.r.clock.Set(next)
	}
	h.r.clock.Set(end)
}
