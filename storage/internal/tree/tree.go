// Package tree is an ordered map that never changes: Put and Delete give a new map that shares what is equal with the
// old one. A snapshot is a copy of one pointer, and dropping what was written is forgetting the new map. It serves the
// overlays of storage and its engine in memory, and knows neither.
package tree

import "hash/maphash"

// Map is a persistent treap. The zero Map is empty and ready; copies are cheap and independent.
type Map[V any] struct{ root *node[V] }

type node[V any] struct {
	key         string
	value       V
	priority    uint64 // a node's is at least its children's, which keeps the tree shallow whatever the order of keys
	left, right *node[V]
}

var seed = maphash.MakeSeed()

// IsEmpty reports whether the map holds nothing.
func (m Map[V]) IsEmpty() bool { return m.root == nil }

// Get gives the value of a key.
func (m Map[V]) Get(key string) (value V, ok bool) {
	for n := m.root; n != nil; {
		switch {
		case key < n.key:
			n = n.left
		case key > n.key:
			n = n.right
		default:
			return n.value, true
		}
	}
	return value, false
}

// Put gives a map in which key holds value.
func (m Map[V]) Put(key string, value V) Map[V] {
	return Map[V]{put(m.root, &node[V]{key: key, value: value, priority: maphash.String(seed, key)})}
}

// Delete gives a map without key.
func (m Map[V]) Delete(key string) Map[V] { return Map[V]{drop(m.root, key)} }

func put[V any](n, add *node[V]) *node[V] {
	if n == nil {
		return add
	}
	if add.priority > n.priority { // then add's key is not below n, for its priority is the key's own
		add.left, add.right = split(n, add.key)
		return add
	}
	c := *n
	switch {
	case add.key < n.key:
		c.left = put(n.left, add)
	case add.key > n.key:
		c.right = put(n.right, add)
	default:
		c.value = add.value
	}
	return &c
}

func drop[V any](n *node[V], key string) *node[V] {
	if n == nil {
		return nil
	}
	if key == n.key {
		return join(n.left, n.right)
	}
	c := *n
	if key < n.key {
		c.left = drop(n.left, key)
	} else {
		c.right = drop(n.right, key)
	}
	return &c
}

// split parts a tree without key into what is below and above it.
func split[V any](n *node[V], key string) (below, above *node[V]) {
	if n == nil {
		return nil, nil
	}
	c := *n
	if n.key < key {
		c.right, above = split(n.right, key)
		return &c, above
	}
	below, c.left = split(n.left, key)
	return below, &c
}

// join is the opposite of split.
func join[V any](below, above *node[V]) *node[V] {
	switch {
	case below == nil:
		return above
	case above == nil:
		return below
	case below.priority > above.priority:
		c := *below
		c.right = join(below.right, above)
		return &c
	}
	c := *above
	c.left = join(below, above.left)
	return &c
}
