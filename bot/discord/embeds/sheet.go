package embeds

import (
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/workflows"
)

// Discord's limits on what a message holds, in the units of its own language, and ours within them.
const (
	maxEmbed = 4096 // of an embed's description
	maxAll   = 5900 // of all embeds together; Discord allows 6000
	maxTitle = 1200 // of a title, as it is drawn; a longer one is a line. Content holds 2000
	maxRow   = 1500 // of one row, drawn at its worst
	maxSmall = 400  // of small print; more of it is a line
	joint    = 8    // by how much two parts of a line may be longer together than apart
	nothing  = "(empty)"
)

// ruler measures rows.
var ruler = lines.Ruler{Size: worst, Row: maxRow}

// sheet is a message laid out, before it is known what fits where.
type sheet struct {
	lines.Sheet
	title   []string // its lines, drawn: what it is about, and how it stands
	plain   string   // the title as it was given
	mark    string   // in place of a title: which page this is
	verdict lines.Verdict
	drawn   drawn
}

// newSheet lays a message out.
func newSheet(m chat.Message) sheet {
	s := sheet{Sheet: lines.Sheet{Whole: m.Whole}, drawn: drawn{}}
	head := strings.Split(workflows.DisplayText(m.Title), "\n")
	all := head[1:]
	for _, l := range m.Lines {
		all = append(all, strings.Split(workflows.DisplayText(l), "\n")...)
	}
	s.setTitle(head[0])
	if strings.TrimSpace(head[0]) == "" && len(all) > 0 && heads(all) {
		s.setTitle(all[0])
		all = all[1:]
	}
	s.AddLines(all, ruler)
	taken := ids{}
	s.AddButtons(distinct(m.Buttons), func(b chat.Button) bool { _, ok := taken.of(b); return ok && Pressable(b) }, ruler)
	s.Small = strings.TrimSpace(lines.OneLine(m.Small))
	if worst(s.Small) > maxSmall || namesChannel(s.Small) {
		s.AddLine(s.Small, false, ruler)
		s.Small = ""
	}
	s.Trim()
	if len(s.Rows) == 0 && s.title == nil {
		s.title, s.plain = []string{nothing}, nothing
	}
	return s
}

// heads reports whether the first of a message's lines can stand in place of a title: as what is read first does of a no.
func heads(all []string) bool {
	return strings.TrimSpace(all[0]) != "" && !strings.HasPrefix(all[0], " ") && !lines.Marked(all[0]) && (len(all) < 2 || !lines.Heads(all[0], all[1]))
}

// setTitle lays the title out: in front of the verdict, and behind it with its sign.
func (s *sheet) setTitle(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	before, after := lines.Parted(text)
	s.verdict = lines.VerdictOf(after)
	sign := lines.Sign(after)
	switch {
	case worst(text) > maxTitle:
		s.AddBold(sign+text, len(sign+text), true, ruler)
		return
	case after == "":
		s.title = []string{plainly(before)}
	case before == "":
		s.title = []string{sign + plainly(after)}
		text = sign + text
	default:
		s.title = []string{plainly(before), sign + plainly(after)}
	}
	s.plain = text
}

func namesChannel(text string) bool {
	return slices.ContainsFunc(lines.Channels(text, channelName), func(p lines.Part) bool { return nameFor(p) != "" })
}

// fits reports whether a page has room for some rows and the small print.
func (d drawn) fits(s lines.Sheet) bool {
	n := lines.Units(s.Small)
	for _, e := range d.descriptions(s.Rows) {
		n += lines.Units(e)
	}
	return n <= maxAll
}

// cutTo is what of a sheet stands on its only page, with the way to all of it.
func (s sheet) cutTo(n int) lines.Sheet {
	t := s.CutTo(n, onePage)
	if all := (chat.Button{Label: "All of it", Line: s.Whole}); Pressable(all) {
		t.Whole = s.Whole
		t.Buttons = append(t.Buttons, all)
	}
	return t
}

// page draws a sheet.
func (s sheet) page() Page {
	p := Page{components: components(s.Buttons), title: s.plain, small: s.Small, color: color(s.verdict)}
	top := s.title
	if s.mark != "" {
		top, p.title = []string{s.mark}, s.mark
	}
	for _, d := range s.drawn.descriptions(s.Rows) {
		p.embeds = append(p.embeds, &discordgo.MessageEmbed{Description: d, Color: p.color})
	}
	if n := len(p.embeds); n > 0 {
		p.embeds[n-1].Footer = footer(s.Small)
	} else if s.Small != "" {
		top = append(top[:len(top):len(top)], smallPrint+plainly(s.Small))
	}
	p.content = strings.Join(top, "\n")
	return p
}

// smallPrint is what a line of small print begins with.
const smallPrint = "-# "

func footer(text string) *discordgo.MessageEmbedFooter {
	if text == "" {
		return nil
	}
	return &discordgo.MessageEmbedFooter{Text: text}
}

// asEmbed is a page with an embed, of one that has none: its small print stands in it, or what follows the first words of
// its title; where there is neither, who says it. The title stays in the content in any case: a phone's notification shows
// nothing else.
func (p Page) asEmbed() Page {
	e := &discordgo.MessageEmbed{Color: p.color}
	p.embeds = []*discordgo.MessageEmbed{e}
	if p.small != "" {
		p.content, _, _ = strings.Cut(p.content, "\n"+smallPrint)
		e.Description = plainly(p.small)
		return p
	}
	for _, between := range []string{" · ", ": "} {
		first, rest, parted := cutUnquoted(p.title, between)
		if parted && strings.TrimSpace(first) != "" && strings.TrimSpace(rest) != "" {
			p.content, e.Description = plainly(first+strings.Trim(between, " ·")), plainly(rest)
			return p
		}
	}
	e.Footer = footer(product)
	return p
}

// cutUnquoted is strings.Cut at the first place that is not within “…”: what somebody's words are stays in one piece.
func cutUnquoted(text, between string) (before, after string, found bool) {
	for at := 0; ; {
		n := strings.Index(text[at:], between)
		if n < 0 {
			return text, "", false
		}
		at += n
		if before = text[:at]; strings.Count(before, "“") <= strings.Count(before, "”") {
			return before, text[at+len(between):], true
		}
		at += len(between)
	}
}
