package main

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// town is a chat platform with people in it, as a story needs it. People go by their ids, channels by their names.
type town interface {
	name() string                         // "slack"
	add(person string)                    // has an account there from now on
	open(channel string)                  // is there from now on
	account(person string) string         // as the configuration writes it: "T0ACME/U0ANA"
	handle(person string) string          // as the bot knows it, behind the platform's name
	channel(name string) string           // likewise
	setting() string                      // what the configuration says of it beside
	connect(context.Context) (end func()) // lets the platform reach the bot
	types(ctx context.Context, person, channel, line string)
	presses(ctx context.Context, person, channel, label string)
	fills(ctx context.Context, person string, values map[string]string)
	leaves(ctx context.Context, person string) // the form that is open, if one is
	reads(person, channel string) []string     // what they alone are shown there, and in direct messages
	failures() []string                        // what people saw go wrong
}

// folk is everybody at a chat platform where the bot is at work. What is typed into the console can be typed there as
// well, and leads to the same ledger.
type folk struct {
	town
	t     *testing.T
	clock func() time.Time
	known map[string]bool
	r     *running
	after func(v *visitor, line string) // looks at what there is after each step; nil: nobody does
}

func newFolk(t *testing.T) *folk {
	return &folk{t: t, known: map[string]bool{}, clock: time.Now}
}

// tellIn plays a story in a chat: what people type there, press and fill in leads to the same ledger as in the console,
// event for event.
func tellIn(t *testing.T, name string, begin func(*testing.T) *folk) {
	s := readStory(t, name)
	var c *folk
	s.tell(func(sc scene) {
		if c == nil {
			c = begin(t)
		}
		s.write("console.yaml", sc.config)
		s.write(c.name()+".yaml", c.staffed(sc.config))
		typeHere(t, sc.typed)
		c.play(sc)
		want, got := ledgerOf(t, "console-data", c.alike()), ledgerOf(t, c.name()+"-data", c.alike())
		agree(t, sc.name, want, got)
	})
	for _, f := range c.failures() {
		t.Error(f)
	}
}

// stories are the scripts that people would play in a chat.
var stories = []string{"long", "story_maintainers", "story_manager", "story_support"}

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
			t.Fatalf("%s: the ledgers differ from event %d on (-console +chat):\n%s", scene, i+1, diff)
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

var (
	personLine  = regexp.MustCompile(`(?m)^  ([a-z]+): \{(name: .*)$`)
	accountPart = regexp.MustCompile(`(slack|discord): [^,}]*, `)
	channelName = regexp.MustCompile(`"#([a-z]+)"`)
)

// staffed gives the configuration in which everybody has an account, and each channel is one of the platform.
func (c *folk) staffed(config string) string {
	config = accountPart.ReplaceAllString(config, "")
	for _, g := range personLine.FindAllStringSubmatch(config, -1) {
		c.comes(g[1])
	}
	config = personLine.ReplaceAllStringFunc(config, func(l string) string {
		g := personLine.FindStringSubmatch(l)
		return fmt.Sprintf("  %s: {%s: %s, %s", g[1], c.name(), c.account(g[1]), g[2])
	})
	for _, g := range channelName.FindAllStringSubmatch(config, -1) {
		c.opens(g[1])
	}
	return c.setting() + channelName.ReplaceAllStringFunc(config, func(l string) string { return c.name() + "/" + c.channel(strings.Trim(l, `"#`)) })
}

// alike rewrites what the platform calls by its own ids as the console would.
func (c *folk) alike() *strings.Replacer {
	var same []string
	for name := range c.known {
		switch kind, id := name[:1], name[1:]; kind {
		case "@":
			same = append(same, c.name()+"/@"+c.handle(id)+`"`, "console/@"+id+`"`, c.name()+"/"+c.handle(id)+`"`, "console/"+id+`"`)
		case "#":
			same = append(same, c.name()+"/"+c.channel(id)+`"`, "console/#"+id+`"`)
		}
	}
	return strings.NewReplacer(same...)
}

func (c *folk) comes(person string) {
	if !c.known["@"+person] {
		c.known["@"+person] = true
		c.add(person)
	}
}

func (c *folk) opens(channel string) {
	if !c.known["#"+channel] {
		c.known["#"+channel] = true
		c.open(channel)
	}
}

// play begins the bot, has a scene typed, and ends it.
func (c *folk) play(sc scene) {
	ctx, cancel := context.WithCancel(c.t.Context())
	defer cancel()
	r, err := begin(ctx, wiring{command: serveName, dir: c.name() + "-data", config: c.name() + ".yaml", create: true, acts: true, chats: true, clock: "simulated",
		log: slog.New(slog.NewTextHandler(c.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		c.t.Fatal(err)
	}
	c.r, c.clock = r, r.clock.Now
	defer func() {
		if err := r.Close(); err != nil {
			c.t.Error(err)
		}
	}()
	defer c.connect(ctx)()
	v := &visitor{folk: c, person: string(r.cfg.Load().Owners[0]), at: "general"}
	c.opens("general")
	v.settle(ctx)
	for _, l := range sc.typed {
		v.enter(ctx, l)
		v.settle(ctx)
		v.note()
		if c.after != nil {
			c.after(v, l)
		}
	}
}

// visitor is whoever types: person and channel stay, as in the console.
type visitor struct {
	*folk
	person, at string
	key        string // of the question or undo that was shown last
}

// enter does in the chat what a line does in the console.
func (v *visitor) enter(ctx context.Context, line string) {
	for {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case strings.HasPrefix(word, "@"):
			v.person, line = word[1:], rest
			continue
		case strings.HasPrefix(word, "#") && len(word) > 1:
			v.at, line = word[1:], rest
			v.opens(v.at)
			continue
		case word == "":
			return
		}
		v.do(ctx, word, rest)
		return
	}
}

func (v *visitor) do(ctx context.Context, word, rest string) {
	if word != "!fill" {
		v.leaves(ctx, v.person)
	}
	switch word {
	case "!press":
		v.presses(ctx, v.person, v.at, rest)
	case "!fill":
		v.fills(ctx, v.person, fields(v.t, rest))
	case "!wait":
		v.wait(ctx, rest)
	case "!show", "!help":
	default:
		if word[0] == '!' {
			v.t.Fatalf("nobody does %s there", word)
		}
		line := strings.TrimPrefix(strings.TrimSpace(word+" "+rest), "/release ")
		v.types(ctx, v.person, v.at, strings.ReplaceAll(line, "KEY", v.key))
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
func (v *visitor) note() {
	for _, text := range v.reads(v.person, v.at) {
		if keys := keyPattern.FindAllString(text, -1); keys != nil {
			v.key = keys[len(keys)-1]
		}
	}
}

// settle waits until everything is answered, and delivers until nothing is due.
func (v *visitor) settle(ctx context.Context) (next time.Time, waiting bool) {
	for _, s := range v.r.spoken {
		if err := s.platform.Drain(ctx); err != nil {
			v.t.Fatal(err)
		}
	}
	for {
		next, waiting, err := v.r.bot.Step(ctx, v.r.clock.Now())
		if err != nil {
			v.t.Fatal(err)
		}
		if !waiting || next.After(v.r.clock.Now()) {
			return next, waiting
		}
	}
}

// wait lets time pass as the console does: from due time to due time.
func (v *visitor) wait(ctx context.Context, arg string) {
	d, err := time.ParseDuration(strings.ReplaceAll(arg, "d", "h"))
	if err != nil {
		v.t.Fatal(err)
	}
	if strings.HasSuffix(arg, "d") {
		d *= 24
	}
	end := v.r.clock.Now().Add(d)
	for next, waiting := v.settle(ctx); waiting && !next.After(end); next, waiting = v.settle(ctx) {
		v.r.clock.Set(next)
	}
	v.r.clock.Set(end)
}
