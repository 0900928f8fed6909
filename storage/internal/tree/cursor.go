package tree

// Cursor walks the entries of one map in order; what is put into later maps does not disturb it.
type Cursor[V any] struct {
	path    []*node[V] // the entries still to be visited whose near side was visited, the next one last
	from    string
	to      string
	endless bool
	reverse bool
}

// Between walks the keys from `from` up to but without `to` (nil: to the end), backwards when reverse is set.
func (m Map[V]) Between(from, to []byte, reverse bool) *Cursor[V] {
	c := &Cursor[V]{from: string(from), to: string(to), endless: to == nil, reverse: reverse}
	c.descend(m.root)
	return c
}

// descend puts the way to the first wanted entry below n on the path.
func (c *Cursor[V]) descend(n *node[V]) {
	for n != nil {
		switch {
		case c.reverse && c.beforeEnd(n.key):
			c.path = append(c.path, n)
			n = n.right
		case c.reverse:
			n = n.left
		case n.key >= c.from:
			c.path = append(c.path, n)
			n = n.left
		default:
			n = n.right
		}
	}
}

func (c *Cursor[V]) beforeEnd(key string) bool { return c.endless || key < c.to }

// Next gives the next entry; ok is false after the last.
func (c *Cursor[V]) Next() (key string, value V, ok bool) {
	if len(c.path) == 0 {
		return "", value, false
	}
	n := c.path[len(c.path)-1]
	c.path = c.path[:len(c.path)-1]
	if c.reverse && n.key < c.from || !c.reverse && !c.beforeEnd(n.key) {
		c.path = nil
		return "", value, false
	}
	if c.reverse {
		c.descend(n.left)
	} else {
		c.descend(n.right)
	}
	return n.key, n.value, true
}
