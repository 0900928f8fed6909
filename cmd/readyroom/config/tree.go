package config

import (
	"errors"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/readyroom/readyroom/workflows"
)

// kind is what a node of the file is to us.
type kind string

const (
	isText  kind = "text"
	isMap   kind = "keys and values"
	isList  kind = "a list"
	isTruth kind = "true or false"
	isOther kind = "a value that is no text" // a number, null, a date: see node.what
	isEmpty kind = "nothing"                 // a key without a value
)

// node is one value of the file, freed of the library that read it.
type node struct {
	line, column int
	kind         kind
	text         string // of text; of another scalar as it was written
	what         string // of another scalar: "a number"
	pairs        []pair // of a map, in the order of the file
	items        []*node
}

type pair struct{ key, value *node }

// tree reads the file's one document; nil when it is empty, or when it cannot be read and the problems say so.
func (r *reader) tree(data []byte) *node {
	if !r.sound(data) {
		return nil
	}
	tokens := r.tokens(strings.ReplaceAll(string(data), "\r\n", "\n")) // the library counts some CRLF as two lines
	if len(r.problems) > 0 {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // we report each of them, with both lines
	if err != nil {
		r.unreadable(err)
		return nil
	}
	var root *node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case root != nil:
			r.wrong(convert(doc.Body), "", "a second document begins here", "keep everything in one")
		default:
			root = convert(doc.Body)
		}
	}
	return root
}

// unreadable reports what the library cannot read as YAML.
func (r *reader) unreadable(err error) {
	n, why := &node{line: 1, column: 1}, ""
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) { // its whole text draws the file around the place, at a cost that grows with the square of it
		n, why = place(syntax.Token), syntax.Message
	} else {
		why = err.Error()
	}
	next := ""
	if strings.Contains(why, "reserved character") {
		next = "put the text in quotes"
	}
	r.wrong(n, "", "this cannot be read as YAML: "+workflows.Display(why, 200), next)
}

// place is an empty node where a token stands.
func place(t *token.Token) *node {
	n := &node{line: 1, column: 1, kind: isEmpty}
	if t != nil && t.Position != nil {
		n.line, n.column = max(1, t.Position.Line), max(1, t.Position.Column)
	}
	return n
}

func convert(from ast.Node) *node {
	switch from := from.(type) {
	case *ast.MappingNode:
		return convertMap(from.Start, from.IsFlowStyle, from.Values)
	case *ast.MappingValueNode:
		return convertMap(from.Start, false, []*ast.MappingValueNode{from})
	case *ast.SequenceNode:
		n := place(from.Start)
		n.kind = isList
		for _, v := range from.Values {
			n.items = append(n.items, convert(v))
		}
		return n
	case *ast.LiteralNode:
		n := place(from.Start)
		n.kind, n.text = isText, from.Value.Value
		return n
	case *ast.StringNode:
		return convertText(from)
	case *ast.NullNode:
		return convertNull(from)
	}
	n := place(from.GetToken())
	n.kind, n.text, n.what = isOther, from.GetToken().Value, "a number"
	if _, ok := from.(*ast.BoolNode); ok {
		n.kind, n.what = isTruth, string(isTruth)
	}
	return n
}

func convertMap(start *token.Token, flow bool, values []*ast.MappingValueNode) *node {
	n := place(start)
	n.kind = isMap
	for i, v := range values {
		p := pair{convert(v.Key), convert(v.Value)}
		if i == 0 && !flow { // the library places such a map at its first colon
			n.line, n.column = p.key.line, p.key.column
		}
		if p.value.kind == isEmpty {
			p.value.line, p.value.column = p.key.line, p.key.column
		}
		n.pairs = append(n.pairs, p)
	}
	return n
}

// Plain words that this library reads as text and others do not: a date, and numbers with an exponent.
var (
	dateLike   = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$`)
	numberLike = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

func convertText(from *ast.StringNode) *node {
	n := place(from.Token)
	n.kind, n.text = isText, from.Value
	if from.Token.Type != token.StringType { // in quotes
		return n
	}
	if dateLike.MatchString(n.text) {
		n.kind, n.what = isOther, "a date"
	} else if numberLike.MatchString(n.text) {
		n.kind, n.what = isOther, "a number"
	}
	return n
}

func convertNull(from *ast.NullNode) *node {
	n := place(from.Token)
	if from.Token.Type == token.NullType {
		n.kind, n.text, n.what = isOther, from.Token.Value, "the word for nothing"
	}
	return n
}

// limits of the tree: no sensible configuration comes near, and within them reading stays quick and small.
const (
	maxDepth  = 16
	maxIndent = 100
	maxLines  = 10000
	maxBeside = 4000 // the library copies a map's later keys for each key
	maxMarks  = 50000
	maxDull   = 100 // tabs and < in one line: the library looks along the line for each of them
)
