package notes

import "strings"

// composed is the public text: the head, then what is shown, each section under its title. Read back by read it gives
// the same entries.
func composed(head string, all []Entry) string {
	var b strings.Builder
	b.WriteString(head)
	title, item := "", false
	for _, e := range all {
		if !e.Shown() {
			continue
		}
		gap := "\n\n"
		switch {
		case e.Section != title && e.Section != "" && !e.titles():
			if b.Len() > 0 {
				b.WriteString("\n\n")
			}
			b.WriteString("## " + e.Section)
		case e.Gap != "":
			gap = e.Gap
		case item && isItem(e.Text):
			gap = "\n"
		}
		if b.Len() > 0 {
			b.WriteString(gap)
		}
		b.WriteString(e.Text)
		title, item = e.Section, isItem(e.Text)
	}
	return b.String()
}

// titles reports whether it is itself the heading of its section, as people write one.
func (e Entry) titles() bool {
	h, is := headingOf(e.Text)
	return is && h.title == e.Section
}
