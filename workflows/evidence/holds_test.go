package evidence

import (
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows/ledger"
)

// anchoredLedger is one whose tips were published twice: of its first event, and of its first two.
func anchoredLedger(t *testing.T) (*log, []ledger.Tip) {
	t.Helper()
	l := small(t)
	var tips []ledger.Tip
	for i, where := range []string{`"place":"chat/#audit"`, `"tag":"ledger/2"`} {
		tip := l.tip(t, i+1)
		tips = append(tips, tip)
		l.add(t, record("", 0, "desk.anchored", fmt.Sprintf(`{"size":%d,"hash":%q,%s}`, tip.Size, tip.Hash, where)))
	}
	l.add(t, record("release/app@1.0.0", 2, "release.held", `{"by":"ana","why":"x"}`))
	return l, tips
}

func TestHolds(t *testing.T) {
	l, tips := anchoredLedger(t)
	b := l.bundle(t, "app@1.0.0")
	b.Older = []Older{l.older(t, 1), l.older(t, 2)}
	r, err := Check(reseal(t, b))
	if err != nil {
		t.Fatal(err)
	}
	rewritten, foreign, newer, between := tips[1], tips[1], b.Tip, l.tip(t, 3)
	rewritten.Hash[0]++
	foreign.Instance = "beef"
	newer.Size++
	now := b.Tip
	now.Hash[0]++
	for _, tt := range []struct {
		tip  ledger.Tip
		want string
	}{
		{b.Tip, ""}, {tips[0], ""}, {tips[1], ""},
		{rewritten, "it was rewritten"}, {now, "it was rewritten"}, {foreign, "another ledger, beef"}, {newer, "made later"}, {between, "made for that tip"},
	} {
		err := Holds(b, tt.tip)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%v: %v, want %q", tt.tip, err, tt.want)
		}
	}
	page := string(Markdown(r))
	for _, want := range []string{"`ledger/2`", "published the tip of 1 events in `chat/#audit`"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}

// A published tip must be proven, and the proof must hold: no silence, no other history.
func TestCheckHoldsToPublishedTips(t *testing.T) {
	l, _ := anchoredLedger(t)
	full := l.bundle(t, "app@1.0.0")
	one, two := l.older(t, 1), l.older(t, 2)
	wrong := two
	wrong.Tip.Hash[0]++
	unproven := two
	unproven.Proof = nil
	for name, tt := range map[string]struct {
		older []Older
		want  string
	}{
		"one is missing":   {[]Older{two}, "needs evidence made for that tip"},
		"none is there":    {nil, "needs evidence made for that tip"},
		"another history":  {[]Older{one, wrong}, "does not hold"},
		"without a proof":  {[]Older{one, unproven}, "does not hold"},
		"out of order":     {[]Older{two, one}, "each stands once"},
		"twice":            {[]Older{one, two, two}, "each stands once"},
		"of no event":      {[]Older{{Tip: ledger.Tip{Instance: "feed"}}, one, two}, "comes after one of 0"},
		"newer than it is": {[]Older{one, two, {Tip: ledger.Tip{Instance: "feed", Size: 99}}}, "is no older one"},
	} {
		b := full
		b.Older = tt.older
		t.Run(name, func(t *testing.T) { refusesWith(t, resum(t, b), tt.want) })
	}
}

// A tip can claim any size; the arithmetic of proofs does not run over.
func TestCheckEndsAtAnySize(t *testing.T) {
	b := sample(t)
	b.Tip.Size = 1<<63 - 1
	refusesWith(t, resum(t, b), "there is none of that size")
}
