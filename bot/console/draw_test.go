package console

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

func TestDraw(t *testing.T) {
	buttons := []chat.Button{{Label: "Yes", Line: "y"}, {Label: "Not now", Line: "n"}}
	tests := []struct {
		name, prefix string
		message      chat.Message
		want         []string
	}{
		{"title", "", chat.Message{Title: "t"}, []string{"t"}},
		{"title and buttons", "#a: ", chat.Message{Title: "t", Buttons: buttons}, []string{"#a: t [Yes] [Not now]"}},
		{"all", "#a: ", chat.Message{Title: "t", Lines: []string{"a", "", "b\nc"}, Buttons: buttons},
			[]string{"#a: t", "  a", "", "  b", "  c", "  [Yes] [Not now]"}},
		{"several lines of title", "", chat.Message{Title: "t\nu", Buttons: buttons}, []string{"t", "  u", "  [Yes] [Not now]"}},
		{"no title", "", chat.Message{Lines: []string{"a"}, Buttons: buttons}, []string{"  a", "  [Yes] [Not now]"}},
		{"no title in a channel", "#a: ", chat.Message{Lines: []string{"a"}}, []string{"#a:", "  a"}},
		{"buttons alone", "", chat.Message{Buttons: buttons}, []string{"  [Yes] [Not now]"}},
		{"nothing", "", chat.Message{}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, drawn(draw(tt.prefix, tt.message)...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// drawn is what a pipe gets.
func drawn(rows ...row) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.String())
	}
	return out
}

// hostile is text of any bytes, rich in what steers a terminal.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.StringOf(rapid.RuneFrom([]rune("a \n\r\t\x00\x1b\x7f\u009b\u202e\u2028\u200b\u200d\ufeff\U000e0041\""))),
	)
}

// Whatever a message holds, nothing that is printed steers the terminal, drawn or as JSON.
func TestNothingSteersTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := hostile()
		s := func(name string) string { return text.Draw(t, name) }
		r := chat.Reply{
			Message: &chat.Message{Title: s("title"), Lines: []string{s("line")}, Buttons: []chat.Button{{Label: s("label"), Line: s("l")}}},
			Wrong:   map[string]string{s("field"): s("wrong")},
			Choices: []workflows.Choice{{Label: s("choice"), Line: s("its line")}},
			Form: &chat.Form{Title: s("form"), Fields: []chat.Field{
				{Key: s("key"), Label: s("field label"), Value: s("value"), Hint: s("hint"), Choices: []string{s("one")}},
			}},
			Refusal: workflows.Refuse(workflows.Invalid, s("why")).Type(s("next")),
		}
		m := message{Place: workflows.Place("console/#" + s("place")), Message: *r.Message}
		object, err := objectOfReply(answered{reply: r}, SimulatedStart()).line()
		if err != nil || !json.Valid([]byte(object)) {
			t.Fatalf("%q: %v", object, err)
		}
		printed := drawn(slices.Concat(drawReply(r, true), drawPost(m, false), drawPlace([]message{m}), []row{plain(object)})...)
		for _, l := range printed {
			if i := strings.IndexFunc(l, workflows.Steers); i >= 0 {
				t.Fatalf("%q steers", l[i:])
			}
		}
		var back struct{ Message chat.Message }
		if err := json.Unmarshal([]byte(object), &back); err != nil {
			t.Fatal(err)
		}
		whole := func(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\ufffd", "") }
		if got, want := whole(back.Message.Title), whole(r.Message.Title); got != want {
			t.Fatalf("%q came back as %q", want, got)
		}
	})
}
