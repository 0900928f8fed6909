package config

import "strconv"

// written is a default as if it stood in the file, at no line of it.
func written(value any) *node {
	switch value := value.(type) {
	case string:
		return &node{kind: isText, text: value}
	case bool:
		return &node{kind: isTruth, text: strconv.FormatBool(value)}
	case []string:
		n := &node{kind: isList}
		for _, text := range value {
			n.items = append(n.items, written(text))
		}
		return n
	}
	return nil
}

// get is the value of a key; nil where there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, p := range n.pairs {
		if p.key.text == key {
			return p.value
		}
	}
	return nil
}

// says is the text of a key; empty where there is none.
func (n *node) says(key string) string {
	if value := n.get(key); value != nil {
		return value.text
	}
	return ""
}

// entries and list give what a map or a list holds, also one that is not there.
func (n *node) entries() []pair {
	if n == nil {
		return nil
	}
	return n.pairs
}

func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}
