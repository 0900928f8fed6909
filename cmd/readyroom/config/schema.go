package config

import (
	"bytes"
	"encoding/json"
)

// Schema is the shape of the file as a JSON Schema, for editors to complete and check while it is typed. It refuses
// nothing that Parse accepts. What Parse alone sees is what lies beyond one value: who is named must be known, an
// account is one person's, a zone exists, a schedule comes.
func Schema() []byte {
	root := file.schema()
	root["$schema"], root["title"] = "https://json-schema.org/draft/2020-12/schema", "readyroom.yaml"
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	// Maps, lists and texts of the program itself always encode.
	if err := e.Encode(root); err != nil {
		panic("writing the schema: " + err.Error())
	}
	return out.Bytes()
}

func (s *shape) schema() map[string]any {
	out := s.kindSchema()
	if s.instead != nil {
		out = map[string]any{"anyOf": []any{s.instead.schema(), out}}
	}
	if s.word != "" {
		out = map[string]any{"anyOf": []any{map[string]any{"const": s.word}, out}}
	}
	out["description"] = s.about
	if s.fallback != nil {
		out["default"] = s.fallback
	}
	if s.examples != nil {
		out["examples"] = s.examples
	}
	return out
}

func (s *shape) kindSchema() map[string]any {
	switch s.kind {
	case isMap:
		return s.mapSchema()
	case isTruth:
		return map[string]any{"type": "boolean"}
	case isList:
		out := map[string]any{"type": "array", "items": s.each.schema()}
		if s.each.kind != isMap || s.once {
			out["uniqueItems"] = true
		}
		if s.full {
			out["minItems"] = 1
		}
		return out
	}
	if s.oneOf != nil {
		return map[string]any{"type": "string", "enum": s.oneOf}
	}
	// The reader counts bytes, a schema characters: never more of these than of those.
	out := map[string]any{"type": "string", "pattern": `\S`, "maxLength": maxText}
	if s.pattern != nil {
		out["pattern"] = s.pattern.String()
	}
	if s.never != nil {
		out["not"] = map[string]any{"enum": s.never}
	}
	return out
}

func (s *shape) mapSchema() map[string]any {
	if s.fields == nil {
		return map[string]any{"type": "object", "propertyNames": s.keys.schema(), "additionalProperties": s.each.schema()}
	}
	properties := map[string]any{}
	for _, f := range s.fields {
		properties[f.key] = f.schema()
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if s.needs != nil {
		out["required"] = s.needs
	}
	return out
}
