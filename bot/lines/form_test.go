package lines

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
)

func TestSpreadIsTheTextAgain(t *testing.T) {
	for _, text := range []string{"", "short", strings.Repeat("a line\n", 90), strings.Repeat("par\n\n\nagraph\n\n", 60), strings.Repeat("x", 700),
		strings.Repeat("\n", 900), strings.Repeat("👩‍👩‍👧‍👦", 60), strings.Repeat("line", 20) + strings.Repeat("\n", 40) + "end"} {
		parts := Spread(text, 100, 20)
		entered := map[string]string{"other": "stays"}
		for i, p := range parts {
			if Units(p.Text) > 100 {
				t.Errorf("a part of %d units", Units(p.Text))
			}
			entered[PartID("text", i, p.Breaks)] = p.Text
		}
		if diff := cmp.Diff(map[string]string{"text": text, "other": "stays"}, Joined(entered)); diff != "" {
			t.Error(diff)
		}
	}
	for _, never := range []string{strings.Repeat("x", 2001), "\xff"} {
		if parts := Spread(never, 100, 20); parts != nil {
			t.Errorf("%.20q is spread over %d", never, len(parts))
		}
	}
	// What stands between two parts stands in neither: platforms take blanks off the ends of what is entered.
	for _, p := range Spread(strings.Repeat("paragraph\n\n\n", 40), 100, 20)[1:] {
		if p.Breaks != 3 || strings.HasPrefix(p.Text, "\n") {
			t.Errorf("%d breaks, then %q", p.Breaks, p.Text)
		}
	}
}

func TestFieldOf(t *testing.T) {
	tests := []struct {
		id     string
		key    string
		part   int
		breaks int
	}{
		{"text", "text", 0, 0}, {"text/2", "text", 1, 0}, {"text/2n", "text", 1, 1}, {"text/12n3", "text", 11, 3},
		{"text/x", "text", 0, 0}, {"text/", "text", 0, 0}, {"text/2n99", "text", 1, 1}, {"text/2n-4", "text", 1, 1}, {"", "", 0, 0},
	}
	for _, tt := range tests {
		if key, part, breaks := FieldOf(tt.id); key != tt.key || part != tt.part || breaks != tt.breaks {
			t.Errorf("%q is part %d of %q after %d", tt.id, part, key, breaks)
		}
	}
}

func TestChosen(t *testing.T) {
	tests := []struct {
		field chat.Field
		want  []int
		ok    bool
	}{
		{chat.Field{Choices: []string{"a", "b"}}, nil, true},
		{chat.Field{Choices: []string{"a", "b"}, Value: "b"}, []int{1}, true},
		{chat.Field{Choices: []string{"a", "b"}, Value: "a,b"}, nil, false},
		{chat.Field{Choices: []string{"a", "b"}, Value: "b,a", Kind: chat.KindItems}, []int{1, 0}, true},
		{chat.Field{Choices: []string{"a", "b"}, Value: "a,a", Kind: chat.KindItems}, nil, false},
		{chat.Field{Choices: []string{"a", "b"}, Value: "a, b", Kind: chat.KindItems}, nil, false},
	}
	for _, tt := range tests {
		if at, ok := Chosen(tt.field); ok != tt.ok || !cmp.Equal(at, tt.want) {
			t.Errorf("%q of %q is at %v, %v", tt.field.Value, tt.field.Choices, at, ok)
		}
	}
}

func TestPickable(t *testing.T) {
	for _, no := range [][]string{nil, {"a", "b", "c", "d"}, {"long"}, {"a", "a"}, {""}, {" a"}, {"a,b"}, {"a\tb"}} {
		if Pickable(no, 3, 3) {
			t.Errorf("%q can be picked", no)
		}
	}
	if !Pickable([]string{"a", "b c"}, 3, 3) {
		t.Error("two short words cannot be picked")
	}
}

func TestWeightOf(t *testing.T) {
	yes, no := chat.Button{Line: "confirm k"}, chat.Button{Line: "confirm k no"}
	step, other := chat.Button{Line: "advance 17", Basis: "~1.0"}, chat.Button{Line: "notes show 17"}
	tests := []struct {
		b    chat.Button
		all  []chat.Button
		want Weight
	}{
		{yes, []chat.Button{yes, no}, Dangerous}, {no, []chat.Button{yes, no}, Even},
		{step, []chat.Button{step, other}, Next}, {other, []chat.Button{step, other}, Even}, {step, []chat.Button{step, step}, Even},
	}
	for _, tt := range tests {
		if got := WeightOf(tt.b, tt.all); got != tt.want {
			t.Errorf("%q among %d weighs %d, want %d", tt.b.Line, len(tt.all), got, tt.want)
		}
	}
}
