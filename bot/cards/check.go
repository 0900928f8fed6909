package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Check is GO or NO-GO and why: every open item of a gate, whose turn it is, since when.
func Check(w Whole, judged release.Verdict, v View, sign func(release.Status) bool, line Line) chat.Message {
	r := w.Release
	word := verdict(r, judged)
	m := chat.Message{Title: fmt.Sprintf("%s · %s · %s", word, r.ID.Name(), judged.Gate.Title()), Whole: whole(r, "check", asStage(r, judged.Gate)...)}
	if r.Over() {
		m.Title = fmt.Sprintf("%s · %s", r.ID.Name(), r.Where())
	}
	if r.Held != nil {
		m.Lines = append(m.Lines, fmt.Sprintf("on hold by %s since %s: %s", r.Held.By.At(), stamp(v, r.Held.At), workflows.Display(r.Held.Why, maxText)))
	}
	m.Lines = append(m.Lines, silent(w, v)...)
	var mine []string
	for _, s := range judged.Open() {
		m.Lines = append(m.Lines, ItemLine(r, s, v)+moves(w, s, v, line))
		if !sign(s) {
			continue
		}
		mine = append(mine, s.Item.Key)
		if len(m.Buttons) < maxSignButtons {
			m.Buttons = append(m.Buttons, SignButton(r, s, release.OK))
		}
	}
	for _, b := range judged.Whole {
		m.Lines = append(m.Lines, "✗ "+b.Why+until(v, b)+byWhom(b)+pays(w, b, v, sign, line))
	}
	m.Lines = append(m.Lines, debtLines(r, w.Book, v, judged.Whole...)...)
	m.Lines = append(m.Lines, FeedbackFacts(keys(judged.Items), w.Feedback, line)...)
	if s := offered(r, w.Offer); s != "" {
		m.Lines = append(m.Lines, s)
	}
	if len(mine) > 0 {
		m.Title += fmt.Sprintf(" · %d yours", len(mine))
		m.Lines = append(m.Lines, "you may sign → "+line("sign", strings.Join(mine, ",")))
	}
	shared := v.Me == "" && len(mine) == 0 && len(judged.Open()) > 0 && r.Held == nil // each reader may sign something else
	if shared || len(mine) > maxSignButtons {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Sign…", Line: fmt.Sprintf("sign %d", r.Number)})
	}
	if judged.Go && r.Held == nil && !r.Over() {
		m.Buttons = append(m.Buttons, AdvanceButton(r))
	}
	return warned(m, r)
}

// asStage is how `check` is asked about a gate: the next one needs no word.
func asStage(r release.Release, g release.Gate) []string {
	switch {
	case isNext(r, g) || g.Stage == "":
		return nil
	case len(r.Gates) > 0 && r.Gates[len(r.Gates)-1].Key() == g.Key():
		return []string{string(workflows.Closed)}
	}
	return []string{string(g.Stage)}
}

// moves is the line with which the reader hands an open item on, where that is no signature.
func moves(w Whole, s release.Status, v View, line Line) string {
	r := w.Release
	name := s.Full()
	if next, _ := r.Next(); next.Key() == s.Gate.Key() { // where it is looked for first
		name = s.Item.Key
	}
	switch mine := slices.Contains(s.Who, v.Me); {
	case v.Me == "":
		return ""
	case mine && s.Turn == release.ToUnblock:
		return " → " + line("sign", name, "withdraw -- why")
	case mine && (s.Turn == release.ToDo || s.Turn == release.ToRework):
		return " → " + line("item ask", name)
	case mine && s.Turn == release.ToBrief:
		return " → " + line("brief send")
	case mine && s.Turn == release.ToApprove:
		return " → " + line("notes approve")
	case mine && s.Turn == release.ToAgree:
		return " → " + line("item waive", name, s.Waiver.Owner.At(), "--until "+typed(s.Waiver.Until), "-- I agree")
	case slices.Contains(r.InCharge(w.Book, v.Now), v.Me) && !mine && s.Turn == release.ToSign && len(s.Who) > 0 && r.Care[s.Full()].Asked == nil && v.longer(s.Since):
		return " → " + line("item ask", name, s.Who[0].At())
	}
	return ""
}

// pays is the line with which the reader makes good what an earlier gate let through.
func pays(w Whole, b release.Blocker, v View, sign func(release.Status) bool, line Line) string {
	if b.Item == "" || !slices.Contains(b.Who, v.Me) {
		return ""
	}
	for _, s := range release.CheckGate(w.Release, gateOf(w.Release, b.Item), w.Book, v.Now).Items {
		if s.Full() == b.Item && sign(s) {
			return " → " + line("sign", b.Item)
		}
	}
	return ""
}

// maxSignButtons leaves room for the others in one row of a platform's five.
const maxSignButtons = 4

func byWhom(b release.Blocker) string {
	if len(b.Who) == 0 {
		return ""
	}
	return " · waiting for " + strings.Join(policy.Names(b.Who), ", ")
}

// silent says how old what is shown of machines is, where nobody could look for long.
func silent(w Whole, v View) []string {
	if w.Silent.Why == "" || w.Release.Over() {
		return nil
	}
	return []string{fmt.Sprintf("! checks and deployments are as of %s: nobody could look at %s since (%s) → readyroom doctor, by whoever runs the bot", stamp(v, w.Silent.Since), w.Silent.Forge, w.Silent.Why)}
}
