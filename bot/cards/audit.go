package cards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
)

// A page of a release's history fits into one chat message.
const (
	trailEvents = 20
	trailChars  = 3000
)

// Span is which part of a history is asked for; its zero is the whole.
type Span struct {
	Since  time.Time
	Before workflows.Seq // earlier than this event
	Line   string        // "--since 2026-01-05": as the asker would type it again
}

func (s Span) holds(h evidence.Happening) bool {
	return !h.At.Before(s.Since) && (s.Before == 0 || h.Event < s.Before)
}

// Trail answers `audit show`: who let the release out, then its history from the ledger, the newest last, as much as one
// message takes. It gives what it showed.
func Trail(r evidence.Report, part Span, v View) (chat.Message, []evidence.Happening) {
	m := chat.Message{Title: whoLetOut(r, v)}
	m.Lines = append(m.Lines, overridden(r)...)
	m.Lines = append(m.Lines, doubts(r)...)
	all := slices.DeleteFunc(slices.Clone(r.Timeline), func(h evidence.Happening) bool { return !part.holds(h) })
	lines, chars := []string{}, 0
	for _, h := range slices.Backward(all) {
		line := happened(r, h, v)
		if chars += len(line); len(lines) == trailEvents || chars > trailChars && len(lines) > 0 {
			break
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	shown := all[len(all)-len(lines):]
	if earlier := len(all) - len(shown); earlier > 0 {
		more := strings.Join(strings.Fields(fmt.Sprintf("/release audit show %s --before %d %s", r.Release, shown[0].Event, part.Line)), " ")
		m.Lines = append(m.Lines, count(earlier, "event")+" earlier → "+more)
	}
	if len(all) == 0 {
		m.Lines = append(m.Lines, "no event of it is from that time → /release audit show "+string(r.Release))
	}
	m.Lines = append(m.Lines, lines...)
	return m, shown
}

// whoLetOut is the auditor's answer: the last time that users were let in and that stands, else that was taken back.
func whoLetOut(r evidence.Report, v View) string {
	all := r.Openings()
	if len(all) == 0 {
		return fmt.Sprintf("%s has not been let out to anyone · %s", r.Release.Name(), r.Stands)
	}
	o := all[len(all)-1]
	for _, x := range all {
		if x.Undone == nil {
			o = x
		}
	}
	to := "everyone"
	if o.To != workflows.GA {
		to = "preview users"
	}
	parts := []string{fmt.Sprintf("%s was released to %s %s by %s%s", r.Release.Name(), to, stamp(v, o.At), o.Doer(), authority(r, o)),
		of(o.Commit), fmt.Sprintf("%s by %s", count(len(o.Counted), "vote"), persons(len(o.Voters))), fmt.Sprintf("event %d", o.Event)}
	if o.Undone != nil {
		parts = append(parts, fmt.Sprintf("taken back %s by %s (event %d)", stamp(v, o.Undone.At), o.Undone.Doer(), o.Undone.Event))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// overridden sums up what was let through otherwise than the checklists say.
func overridden(r evidence.Report) []string {
	if r.Overrides == nil {
		return nil
	}
	return []string{"otherwise than the checklists say: " + r.Overrides.String() + " → /release audit export " + string(r.Release)}
}

// authority is what let somebody pass a gate; an owner to whom all of it fell is just that, as is one who broke the glass.
func authority(r evidence.Report, o evidence.Opening) string {
	if o.Glass != nil {
		return ", who broke the glass: " + workflows.Display(o.Glass.Why, 100)
	}
	held := r.Authority(o.Passing)
	var out []string
	for _, h := range held {
		out = append(out, policy.Holding{Role: h.Role, Owner: h.Owner, For: h.For}.String())
	}
	switch {
	case len(out) == 0:
		return ""
	case !slices.ContainsFunc(held, func(h evidence.Held) bool { return !h.Owner }):
		return " as owner"
	}
	return " as " + strings.Join(out, ", ")
}

// doubts are what the records, judged again, do not show of the gates that were passed.
func doubts(r evidence.Report) []string {
	var out []string
	for _, o := range r.Openings() {
		for _, d := range o.Doubts {
			what := d.Item
			if what == "" {
				what = "the gate as a whole"
			}
			out = append(out, fmt.Sprintf("✗ judged again, the record does not bear out event %d: %s (%s) → /release audit export %s", o.Event, what, d.Reason, r.Release))
		}
	}
	return out
}

// happened is one event in words.
func happened(r evidence.Report, h evidence.Happening, v View) string {
	parts := []string{stamp(v, h.At), h.Doer(), h.Sentence()}
	if as := r.As(h); as.Role != "" {
		parts = append(parts, "as "+policy.Holding{Role: as.Role, Owner: as.Owner, For: as.For}.String())
	}
	return strings.Join(append(parts, fmt.Sprintf("event %d", h.Event)), " · ")
}

// Proven answers `audit verify`: what was proven just now, and against what.
func Proven(b evidence.Bundle, out ledger.Outside, v View) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("%s's record is whole: %s, each proven in the ledger of %d", b.Release.Name(), count(len(b.Entries), "event"), b.Tip.Size)}
	kept := fmt.Sprintf("the tip kept beside the database agrees: %s", count(int(out.Kept.Size), "event"))
	if out.Kept.IsZero() {
		kept = "no tip is kept beside the database"
	}
	m.Lines = append(m.Lines, "tip `"+b.Tip.String()+"`", kept, published(out.Published, v))
	switch last := out.Verified; {
	case last.At.IsZero():
		m.Lines = append(m.Lines, "this bot has not read the whole ledger again yet → readyroom verify")
	case !last.OK:
		m.Title = fmt.Sprintf("%s's own events are proven, but the whole ledger was found NOT whole %s → readyroom verify", b.Release.Name(), stamp(v, last.At))
		m.Lines = append(m.Lines, "do not ship on it before somebody has looked")
	default:
		m.Lines = append(m.Lines, fmt.Sprintf("the whole ledger was last found whole %s, %s → readyroom verify reads all of it again", stamp(v, last.At),
			count(int(last.Tip.Size), "event")))
	}
	return m
}

func published(all []ledger.Published, v View) string {
	if len(all) == 0 {
		return "no tip was published outside yet → /release audit anchor"
	}
	last := all[len(all)-1]
	agree := "it continues the tip that it says was published"
	if len(all) > 1 {
		agree = fmt.Sprintf("it continues all %d tips that it says were published, the newest", len(all))
	}
	return fmt.Sprintf("%s: %s, %s, %s (event %d); what stands there now is for you to compare: readyroom verify --tip", agree, count(int(last.Size), "event"), kept(last.Anchored), stamp(v, last.At), last.Event)
}

// kept is where a published tip is.
func kept(a ledger.Anchored) string {
	if a.Tag != "" {
		return "tag " + a.Tag + " of " + string(a.Product)
	}
	return a.Place.Channel()
}

// Export answers `audit export`.
func Export(b evidence.Bundle, files []chat.File) chat.Message {
	return chat.Message{Title: fmt.Sprintf("evidence of %s: %s with their proofs, for whoever has no database", b.Release.Name(), count(len(b.Entries), "event")),
		Lines: []string{"tip `" + b.Tip.String() + "`", "→ readyroom verify " + files[0].Name + ", anywhere"}}
}

// Anchored answers `audit anchor`: what was published where, and what is left to people.
func Anchored(r workflows.Receipt) chat.Message {
	a, _ := r.Events[0].Event.(ledger.Anchored)
	m := chat.Message{Title: fmt.Sprintf("the tip of %s goes to %s", count(int(a.Size), "event"), kept(a))}
	if a.Tag != "" {
		m.Title = fmt.Sprintf("the tip of %s becomes the %s", count(int(a.Size), "event"), kept(a))
	}
	if !r.Dry {
		m.Title += fmt.Sprintf(" · event %d", r.Events[0].Seq)
	}
	if a.Tag != "" {
		m.Lines = []string{"it is made on this bot's machine and pushed by nobody but you: git push origin " + a.Tag}
	}
	return m
}

// Anchor is a tip as it is published.
func Anchor(t ledger.Tip) chat.Message {
	return say("anchor", map[string]any{"Size": t.Size, "Tip": t.String()})
}
