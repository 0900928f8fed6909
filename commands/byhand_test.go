package commands

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// hands do everything by buttons and forms; what has neither is opened by its bare verb.
type hands struct {
	*office
	t *testing.T
}

// press presses a button of an answer by its label.
func (h hands) press(by string, r chat.Reply, label string) chat.Reply {
	h.t.Helper()
	if r.Message != nil {
		for _, b := range r.Message.Buttons {
			if b.Label == label {
				return h.request(by, general, b.Value(), true, nil)
			}
		}
	}
	h.t.Fatalf("%s finds no button %q in %s", by, label, answered(r))
	return r
}

// send fills a form and sends it.
func (h hands) send(by string, r chat.Reply, values map[string]string) chat.Reply {
	h.t.Helper()
	if r.Form == nil {
		h.t.Fatalf("%s is asked for nothing: %s", by, answered(r))
	}
	return h.submit(by, r.Form, values)
}

// says holds an answer to what it says, in part.
func (h hands) says(r chat.Reply, part string) chat.Reply {
	h.t.Helper()
	if !r.Posted && !strings.Contains(answered(r), part) || r.Refusal != nil && !strings.Contains(part, ":") {
		h.t.Fatalf("want %q: %s", part, answered(r))
	}
	return r
}

// card is what the channel shows, as pressed by somebody.
func (h hands) card(by, label string) chat.Reply {
	h.t.Helper()
	return h.press(by, h.types(by, "status"), label)
}

// signs votes ok, in the form, on all the items that are offered.
func (h hands) signs(by string) chat.Reply {
	h.t.Helper()
	r := h.card(by, "Sign…")
	return h.send(by, r, map[string]string{"item": strings.Join(r.Form.Fields[0].Choices, ","), "note": "looked"})
}

func byHand(t *testing.T) hands { return hands{open(t), t} }

// TestAReleaseByHand goes from nothing to closed without a line.
func TestAReleaseByHand(t *testing.T) {
	h := byHand(t)
	h.says(h.send("ana", h.press("ana", h.types("ana", ""), "New release…"), map[string]string{"release": "app@1.0.0", "risk": "low"}), "app 1.0.0")
	h.says(h.card("ana", "Why not?"), "NO-GO 0/3")
	h.says(h.signs("ana"), "GO 3/3")
	h.says(h.press("ana", h.card("ana", "Release to everyone"), "Release to everyone"), "app 1.0.0 is out")
	h.signs("ben")
	h.says(h.card("ana", "Close GA"), "closed")
}

// TestAFeatureByHand has a preview, a flag, notes, a briefing, and the way back.
func TestAFeatureByHand(t *testing.T) {
	h := byHand(t)
	page, _ := h.page("ana")
	if !strings.Contains(page, "New release… new") {
		t.Fatalf("the page has no way to begin:\n%s", page)
	}
	h.send("ana", h.request("ana", general, "new", true, nil), map[string]string{"release": "app@invoices", "template": "feature", "risk": "low", "target": "friday", "why": "small"})
	made := h.send("ana", h.types("ana", "flag new"), map[string]string{"flag": "invoices"})
	h.says(h.send("ana", h.press("ana", made, "Set…"), map[string]string{"to": "10%"}), "gate_closed:")
	h.says(h.signs("ana"), "GO 6/6")
	h.says(h.card("ana", "Open tech preview"), "in tech preview")
	h.says(h.send("ana", h.types("ana", "flag set"), map[string]string{"flag": "invoices", "to": "10%"}), "production 10 %")
	draft := h.press("ana", h.says(h.card("ana", "Notes"), "no_notes:"), "Draft notes")
	edited := h.send("ben", h.press("ben", draft, "Edit…"), map[string]string{"text": "Invoices can be exported"})
	h.says(h.press("ana", edited, "Approve"), "approved, word for word")
	brief := h.send("ana", h.press("ana", h.says(h.card("ana", "Briefing"), "no_briefing:"), "Draft briefing…"), map[string]string{"help": "ask for the number"})
	h.says(h.press("ana", h.press("ana", brief, "Send briefing"), "Send briefing"), "sent")
	h.says(h.press("mia", h.card("mia", "Briefing"), "Got it"), "thank you")
	h.says(h.press("ben", h.card("ben", "Briefing"), "Got it"), "read by 2/2 support")
	h.says(h.press("ana", h.card("ana", "Briefing"), "Who read it"), "met")
	h.signs("ana")
	h.says(h.card("ana", "Close tech preview"), "before GA")
	h.signs("ana")
	h.says(h.press("ana", h.card("ana", "Release to everyone"), "Release to everyone"), "is out")
	h.says(h.press("ana", h.press("ana", h.types("ana", "flag show invoices"), "Set to 100 %"), "Set to 100 %"), "100 %")
	h.says(h.press("ana", h.press("ana", h.card("ana", "Notes"), "Publish"), "Publish"), "being published in #news")
	h.says(h.send("ana", h.card("mia", "Hold"), map[string]string{"reason": "totals"}), "on hold")
	h.card("ana", "Resume")
	back := h.send("ana", h.press("ana", h.types("ana", "rollback plan"), "Roll back"), map[string]string{"reason": "totals are wrong"})
	h.says(h.press("ana", back, "Roll back"), "is rolled back")
}

// TestATeamByHand arranges who does what, and what may give way.
func TestATeamByHand(t *testing.T) {
	h := byHand(t)
	h.send("ana", h.types("ana", "new"), map[string]string{"release": "app@2.0.0", "risk": "normal"})
	h.says(h.send("ana", h.types("ana", "scope add"), map[string]string{"what": "#12", "for": "@mia"}), "in the scope as 1")
	h.says(h.send("ben", h.types("ben", "item add"), map[string]string{"where": "runbook"}), "added ga.ready/runbook")
	item := h.types("ana", "item show runbook")
	h.says(h.send("ana", h.press("ana", item, "Assign…"), map[string]string{"who": "@mia", "due": "3d"}), "is @mia's to make true")
	mine := h.press("mia", h.request("mia", general, "home", true, nil), "1. Open")
	h.says(h.press("mia", mine, "It is true: ask for the signature"), "asked whoever signs as sre")
	h.says(h.send("ana", h.press("ana", h.types("ana", "item show way-back"), "Plan…"), map[string]string{"who": "@ben", "due": "7d", "what": "the last step"}), "plan ga.ready/way-back")
	asked := h.send("ana", h.press("ana", h.types("ana", "item show rollback-plan"), "Waive…"), map[string]string{"who": "@ben", "until": "7d", "reason": "the flag is enough"})
	h.says(h.press("ana", asked, "Waive it"), "waived ga.ready/rollback-plan")
	h.says(h.send("ana", h.types("ana", "item ask"), map[string]string{"item": "ga.ready/tests", "who": "@ben", "note": "as last time?"}), "asked @ben to sign ga.ready/tests")
	h.says(h.send("ben", h.press("ben", h.types("ben", "item show tests"), "Needs work…"), map[string]string{"note": "two fail"}), "needs-work tests")
	h.says(h.press("ben", h.types("ben", "item show tests"), "Withdraw"), "withdrawn ga.ready/tests")
	h.says(h.send("ben", h.types("ben", "candidate set"), map[string]string{"ref": "next"}), "8be1d02")
}

// TestEvidenceIsAskedFor: where the risk wants it, a button that says ok asks for the link first; typed, it is refused.
func TestEvidenceIsAskedFor(t *testing.T) {
	h := byHand(t)
	h.does("ana", "new app@1.0.0 --risk high")
	r := h.press("ben", h.types("ben", "item show tests"), "Sign tests")
	if r.Form == nil || len(r.Form.Fields) != 1 || r.Form.Fields[0].Key != "url" || r.Form.Fields[0].Kind != chat.KindURL {
		t.Fatalf("ben is asked %s", answered(r))
	}
	if no := h.send("ben", r, map[string]string{"url": "nothing"}); no.Wrong["url"] == "" {
		t.Errorf("what is wrong is not said at its field: %s", answered(no))
	}
	h.says(h.send("ben", r, map[string]string{"url": "https://ci.example.org/7"}), "ok ga.ready/tests")
	if again := h.press("ana", h.types("ana", "item show tests"), "Sign tests"); again.Form != nil || again.Refusal != nil {
		t.Errorf("there is evidence already, and ana is answered %s", answered(again))
	}
	if r := h.types("ben", "sign changelog"); r.Form != nil {
		t.Errorf("typed, it opens a form: %s", answered(r))
	}
}

// TestTheCardIsPressedByAnybody: for each of its buttons, people of the team get something useful, and others no word of
// the team's and nothing that happens.
func TestTheCardIsPressedByAnybody(t *testing.T) {
	o := busy(t)
	o.does("ana", "resume -- well")
	card := o.types("ana", "status").Message
	if n := len(card.Buttons); n != 5 {
		t.Errorf("the card has %d buttons", n)
	}
	for _, b := range card.Buttons {
		for by, inside := range map[string]bool{"ana": true, "ben": true, "mia": true, "rob": false, "stranger": false} {
			r := o.request(by, random, b.Value(), true, nil)
			if r.Open {
				t.Errorf("%s presses %s and is answered in the open", by, b.Label)
			}
			if inside && r.Refusal != nil && (by != "mia" || r.Refusal.Reason != workflows.NotAllowed) {
				t.Errorf("%s presses %s: %s", by, b.Label, answered(r))
			}
			if !inside && (r.Refusal == nil || r.Form != nil || strings.Contains(answered(r), secret)) {
				t.Errorf("%s presses %s: %s", by, b.Label, answered(r))
			}
		}
	}
}
