package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/release"
)

// progress is a briefing's live counter: "11/14 support, 5/5 cs".
func progress(all []briefing.AudienceProgress) string {
	var out []string
	for _, p := range all {
		if p.Outdated {
			out = append(out, string(p.Name)+" (to be sent anew)")
			continue
		}
		out = append(out, fmt.Sprintf("%d/%d %s", p.Acked, p.Of, p.Name))
	}
	return strings.Join(out, ", ")
}

// parts are the filled fields of a briefing, with their titles.
func parts(f briefing.Fields) []string {
	var out []string
	for _, x := range []struct{ title, text string }{
		{"what changes", f.Changes}, {"who has it", f.Who}, {"how to help", f.Help}, {"known problems", f.Problems}, {"whom to ask", f.Contact},
	} {
		if x.text == "" {
			continue
		}
		lines := strings.Split(x.text, "\n")
		out = append(out, x.title+": "+lines[0])
		for _, l := range lines[1:] {
			out = append(out, "  "+l)
		}
	}
	return out
}

// BriefingCard is a briefing as its audience reads it, with the button that says they did.
func BriefingCard(r release.Release, b briefing.Briefing, all []briefing.AudienceProgress) chat.Message {
	m := briefingText(r, b.Sent.Fields, b, all)
	if b.Counter == nil {
		m.Buttons = []chat.Button{{Label: "Got it", Line: fmt.Sprintf("brief ack %d", r.Number),
			Basis: Basis(workflows.Basis{Revision: b.Sent.Revision, Said: true})}}
	}
	return m
}

// inForce is whose reading still counts: nobody's, once a rollback undid the text.
func inForce(b briefing.Briefing, all []briefing.AudienceProgress) []briefing.AudienceProgress {
	if b.Counter != nil {
		return nil
	}
	return all
}

func briefingText(r release.Release, f briefing.Fields, b briefing.Briefing, all []briefing.AudienceProgress) chat.Message {
	data := map[string]any{"Name": r.ID.Name(), "Line": f.Line, "Changed": b.Changed, "Parts": parts(f), "Counter": progress(inForce(b, all)), "Withdrawn": ""}
	if b.Counter != nil {
		data["Withdrawn"] = b.Counter.Why
	}
	m := say("briefing", data)
	m.Whole = whole(r, "brief show")
	return m
}

// Hand is what somebody may do with notes or a briefing.
type Hand struct{ Edit, Approve, Send bool }

// Briefing answers `brief show`: the text as it was sent, or as it would be.
func Briefing(r release.Release, b briefing.Briefing, all []briefing.AudienceProgress, may Hand) chat.Message {
	f, unsent := b.Sent.Fields, b.Sent.Digest != b.Draft.Digest && b.Draft.Digest != ""
	if unsent {
		f = b.Draft.Fields
	}
	m := briefingText(r, f, b, all)
	if may.Edit {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Edit…", Line: fmt.Sprintf("brief draft %d", r.Number)})
	}
	if unsent {
		m.Lines = append(m.Lines, "not sent yet")
		if may.Send {
			m.Buttons = append(m.Buttons, chat.Button{Label: "Send briefing", Line: fmt.Sprintf("brief send %d", r.Number),
				Basis: Basis(workflows.Basis{Revision: b.Draft.Revision, Said: true})})
		}
	}
	return m
}

// BriefingStatus says how far each audience has read it; who has not is named only where the asker may know.
func BriefingStatus(r release.Release, all []briefing.AudienceProgress, v View, manages bool) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("briefing of %s · read by %s", r.ID.Name(), progress(all)), Whole: whole(r, "brief status")}
	for _, p := range all {
		line := fmt.Sprintf("%s · %d of %d, needed: %d", p.Name, p.Acked, p.Of, p.Needed)
		if p.Met {
			line += " · met"
		}
		missing := p.Missing
		if !manages {
			missing = slices.DeleteFunc(slices.Clone(missing), func(id workflows.PersonID) bool { return id != v.Me })
		}
		if len(missing) > 0 {
			var who []string
			for _, id := range missing {
				who = append(who, id.At())
			}
			line += " · not yet: " + strings.Join(who, ", ")
		}
		m.Lines = append(m.Lines, line)
	}
	return m
}

// ToDraft offers to begin notes or a briefing that are not there yet.
func ToDraft(r release.Release, what string) chat.Button {
	if what == "notes" {
		return chat.Button{Label: "Draft notes", Line: fmt.Sprintf("notes draft %d", r.Number)}
	}
	return chat.Button{Label: "Draft briefing…", Line: fmt.Sprintf("brief draft %d", r.Number)}
}
