package github

// counted holds a list that comes in pages to the number that GitHub gives of it: what came, or went, between two pages
// moves the others, and one of those that are not listed then may be red.
type counted []int

// page takes the number that a page gives.
func (c *counted) page(total int) { *c = append(*c, total) }

// whole refuses a list that changed while it was read, lacks some, or has some twice.
func (c *counted) whole(p place, what string, ids []int64, more bool) error {
	seen := map[int64]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	for _, total := range *c {
		if more || len(seen) < total || total != (*c)[0] {
			return lacks(p, what, "with %d of %d", len(seen), total)
		}
	}
	return nil
}

// ids are the numbers of things.
func ids[T interface{ GetID() int64 }](all []T) []int64 {
	var out []int64
	for _, one := range all {
		out = append(out, one.GetID())
	}
	return out
}
