package notes

import "time"

// Edition is the notes as one kind of reader gets them. Only the first two may become public, by their approval.
type Edition string

// The editions.
const (
	ForAnyone     Edition = "public"
	ForChangelog  Edition = "changelog"
	ForStaff      Edition = "internal"
	ForExecutives Edition = "executive"
)

// Editions lists them.
func Editions() []Edition { return []Edition{ForAnyone, ForChangelog, ForStaff, ForExecutives} }

// For is the text of an edition as the notes stand; the day is that of the change log's heading.
func (n Notes) For(e Edition, day time.Time) string {
	switch e {
	case ForChangelog:
		if !n.Changelog.IsZero() {
			return n.Changelog.String()
		}
		return n.changelog(n.Release, day)
	case ForStaff:
		return n.staff()
	case ForExecutives:
		return n.executive()
	}
	return n.Text
}
