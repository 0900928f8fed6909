package notes

import "slices"

// add puts in what is new: the changes, the warning above those that break, who took part, and how many more there are.
func (r *redrafting) add(head string, older int) bool {
	room := MaxText - reserve - runes(composed(head, r.all))
	lost, cut := false, older
	for _, e := range r.unused() {
		if need := cost([]Entry{e}, ""); !e.Internal && need > room {
			e.Cut, lost = true, true
		} else if !e.Internal {
			room -= need
		}
		r.place(e)
	}
	for _, e := range r.all {
		if e.Cut && !e.Gone {
			cut++
		}
	}
	r.warn()
	r.thank()
	return r.count(cut) || !lost
}

// unused are the changes that are new, section by section.
func (r *redrafting) unused() []Entry {
	var out []Entry
	for i, e := range r.fresh {
		if !r.used[i] {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return rank(a.Section) - rank(b.Section) })
	return out
}

// thank names those who took part.
func (r *redrafting) thank() {
	all := slices.Clone(r.fresh)
	for _, e := range r.all {
		if e.Gone && e.Shown() {
			all = append(all, e)
		}
	}
	names := thanked(all)
	if len(names) == 0 {
		r.all = slices.DeleteFunc(r.all, func(e Entry) bool { return e.Key == thanksKey && e.Shown() && !e.Reworded() })
	}
	for _, e := range names {
		r.refresh(e)
	}
}

// place puts an entry at the end of its section; of a section that is not there yet, before the next one that is. Where
// people have no sections at all it stands at the end of their list.
func (r *redrafting) place(e Entry) {
	if e.Internal || e.Cut {
		r.all = append(r.all, e)
		return
	}
	at, alias, next, last := -1, -1, -1, len(r.all)
	if r.untitled && e.Key != thanksKey {
		if e.Section = ""; !e.Reworded() {
			e.Text = e.flat("")
		}
	}
	for i, o := range r.all {
		if !o.Shown() {
			continue
		}
		if sameTitle(o.Section, e.Section) && o.Key != restKey {
			at, e.Section = i, o.Section
		}
		if o.From != "" && sameTitle(o.From, e.Section) && at < 0 {
			alias = i // people call that section otherwise
		}
		if next < 0 && rank(o.Section) > rank(e.Section) && rank(e.Section) >= 0 {
			next = i
		}
		if last == len(r.all) && sameTitle(o.Section, thanks) {
			last = i
		}
	}
	switch {
	case at >= 0:
		at++
	case alias >= 0:
		at, e.Section = alias+1, r.all[alias].Section
	case r.untitled && e.Key != thanksKey:
		at = 0
	case next >= 0:
		at = next
	default:
		at = last
	}
	r.all = slices.Insert(r.all, at, e)
}

// warn puts the warning above what breaks, unless people took it out.
func (r *redrafting) warn() {
	if slices.ContainsFunc(r.all, func(e Entry) bool { return e.Key == bewareKey }) {
		return
	}
	at := slices.IndexFunc(r.all, func(e Entry) bool { return e.Shown() && e.Section == breaking && e.change() })
	if at >= 0 {
		r.all = slices.Insert(r.all, at, Entry{Key: bewareKey, Section: breaking, Text: beware})
	}
}

// refresh brings a line of the room's own up to date, or puts it in. What people have of it stays theirs.
func (r *redrafting) refresh(e Entry) {
	at := slices.IndexFunc(r.all, func(o Entry) bool { return o.Key == e.Key })
	if at < 0 {
		r.place(e)
		return
	}
	r.all[at] = r.all[at].anew(e)
}

// count says how many changes are not listed. It is false where people do not want that said.
func (r *redrafting) count(n int) bool {
	at := slices.IndexFunc(r.all, func(e Entry) bool { return e.Key == restKey })
	switch {
	case n == 0 && at >= 0 && r.all[at].Shown() && !r.all[at].Reworded():
		r.all = slices.Delete(r.all, at, at+1)
		return true
	case n == 0:
		return true
	case at >= 0:
		r.all[at] = r.all[at].anew(Entry{Text: further(n)})
		return r.all[at].Shown()
	}
	end := slices.IndexFunc(r.all, func(e Entry) bool { return e.Shown() && sameTitle(e.Section, thanks) })
	e := Entry{Key: restKey, Text: further(n)}
	above := r.all
	if end >= 0 {
		above = r.all[:end]
	}
	for _, o := range above {
		if o.Shown() {
			e.Section = o.Section
		}
	}
	r.all = slices.Insert(r.all, len(above), e)
	return true
}
