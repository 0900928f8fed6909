package notes

import "slices"

// redraft brings what people wrote up to date: what they worded, moved, merged, took out and wrote themselves stays as
// they have it, new changes come into their sections, and changes that are no longer in the range go, unless people
// worded them anew. It is false where there is no room for a new change.
func redraft(head string, was, fresh []Entry, older int) (string, []Entry, bool) {
	below := underneath(was)
	r := redrafting{fresh: fresh, used: make([]bool, len(fresh)), renamed: map[string]string{}, untitled: untitled(was)}
	of := r.found(was)
	for i, e := range was {
		if e, stays := r.again(e, of[i]); stays {
			r.all = append(r.all, e)
		}
	}
	r.unmerge()
	r.tidy()
	r.relay()
	ok := r.add(head, older)
	now := underneath(r.all)
	for i, e := range r.all { // a gap is between two
		if e.Gap != "" && below[e.Key] != now[e.Key] {
			r.all[i].Gap = ""
		}
	}
	head, all, _ := reread(r.all, composed(head, r.all)) // what stands elsewhere may read otherwise: a heading of people's is one of the room's now
	return head, all, ok
}

// underneath says of each entry that is seen which one stands above it.
func underneath(all []Entry) map[string]string {
	out, above := map[string]string{}, ""
	for _, e := range all {
		if e.Shown() {
			out[e.Key], above = above, e.Key
		}
	}
	return out
}

type redrafting struct {
	all     []Entry
	fresh   []Entry
	used    []bool // of each fresh entry whether it is in the notes already
	moved   []Entry
	renamed map[string]string // keys: of a commit that has a pull request now

	untitled bool // people have no sections that changes could come into
}

func untitled(all []Entry) bool {
	return !slices.ContainsFunc(all, func(e Entry) bool {
		return e.Shown() && (e.Key == nothingKey || e.Section != "" && !sameTitle(e.Section, thanks))
	})
}

// found says of each entry which fresh one is of the same change; -1: none is any more.
func (r *redrafting) found(was []Entry) []int {
	of := slices.Repeat([]int{-1}, len(was))
	byKey, byCommit := map[string]int{}, map[string]int{}
	for i, e := range r.fresh {
		byKey[e.Key] = i
		for _, id := range e.Commits {
			byCommit[id] = i
		}
	}
	for i, e := range was {
		if at, is := byKey[e.Key]; is && !r.used[at] {
			of[i], r.used[at] = at, true
		}
	}
	for i, e := range was {
		for _, id := range e.Commits {
			if at, is := byCommit[id]; is && of[i] < 0 && !r.used[at] {
				of[i], r.used[at] = at, true
				r.renamed[e.Key] = r.fresh[at].Key
			}
		}
	}
	r.adopt(was, of)
	return of
}

// adopt takes what people wrote for the change that the draft words the same: each line stands once.
func (r *redrafting) adopt(was []Entry, of []int) {
	byText := map[string]int{}
	for i, e := range r.fresh {
		if !r.used[i] && !e.Internal {
			byText[e.Text] = i
		}
	}
	for i, e := range was {
		if at, is := byText[e.Text]; is && e.own() && !r.used[at] {
			of[i], r.used[at] = at, true
			r.renamed[e.Key] = r.fresh[at].Key
		}
	}
}

// again is an entry as the range has it now, where it has it; stays is false where it goes from its place.
func (r *redrafting) again(e Entry, at int) (_ Entry, stays bool) {
	switch {
	case at < 0 && !e.change(): // people's, or the room's own: see tidy
		return e, true
	case at < 0:
		e.Gone = true
		return e, e.Hidden || e.Into != "" || e.Shown() && e.Reworded()
	}
	f := r.fresh[at]
	if e.own() && !sameTitle(e.Section, f.Section) && e.Section != "" {
		e.From = f.Section
	}
	e.Key, e.Refs, e.By, e.Commits, e.Breaking, e.Gone = f.Key, f.Refs, f.By, f.Commits, f.Breaking, false
	handled := e.Reworded() || e.From != ""
	switch {
	case e.Internal && !f.Internal: // it is as if it were new
		return e, r.later(f)
	case e.Internal, f.Internal && e.Cut, f.Internal && e.Shown() && !handled:
		return f, true
	case f.Internal: // people have it otherwise
		return e.anew(f), true
	case f.Section != e.Section && e.From == "" && e.Section != "" && e.Shown():
		e.Section, e.Gap = f.Section, ""
		return e, r.later(e.anew(f))
	case e.From != "":
		e.From = f.Section
	}
	return e.anew(f), true
}

// anew is the entry with the draft's text of now, which shows unless people have their own.
func (e Entry) anew(f Entry) Entry {
	text := f.flat(e.Section)
	if e.Reworded() {
		e.Made = text
		return e.worded(e.Text)
	}
	e.Text = text
	return e
}

// flat is the draft's text as it stands under a title: what breaks says so itself where there is no title.
func (e Entry) flat(title string) string {
	if title == "" && e.Breaking {
		return "- **Breaking:** " + e.Text[len("- "):]
	}
	return e.Text
}

// later keeps an entry that comes into another section for when all others are in place. It stays not where it is.
func (r *redrafting) later(e Entry) bool {
	r.moved = append(r.moved, e)
	return false
}

// unmerge shows again what was merged into an entry that is not there any more.
func (r *redrafting) unmerge() {
	hosts := map[string]bool{}
	for i, e := range r.all {
		if key, is := r.renamed[e.Into]; is {
			r.all[i].Into = key
		}
		hosts[e.Key] = hosts[e.Key] || e.Shown()
	}
	for _, e := range r.moved {
		hosts[e.Key] = true
	}
	r.all = slices.DeleteFunc(r.all, func(e Entry) bool { return e.Into != "" && !hosts[e.Into] && e.Gone })
	for i, e := range r.all {
		if e.Into != "" && !hosts[e.Into] {
			r.all[i].Into = ""
		}
	}
}

// tidy takes out the room's own lines that do not hold any more.
func (r *redrafting) tidy() {
	breaks := slices.ContainsFunc(r.all, func(e Entry) bool { return e.Shown() && e.change() && sameTitle(e.Section, breaking) }) ||
		slices.ContainsFunc(r.moved, func(e Entry) bool { return e.Section == breaking })
	changes := len(r.moved) > 0 || slices.ContainsFunc(r.all, func(e Entry) bool { return e.Shown() && e.change() })
	for i, e := range r.fresh {
		changes = changes || !r.used[i] && !e.Internal
		breaks = breaks || !r.used[i] && e.Breaking
	}
	r.all = slices.DeleteFunc(r.all, func(e Entry) bool {
		over := e.Key == bewareKey && !breaks || e.Key == nothingKey && changes
		return over && e.Shown() && !e.Reworded()
	})
}

// relay puts what the range has in another section now into that one.
func (r *redrafting) relay() {
	for _, e := range r.moved {
		r.place(e)
	}
}
