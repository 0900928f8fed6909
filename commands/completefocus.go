package commands

import (
	"context"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// focused offers values of the one parameter that is being typed. A typed tree has the row chosen already and hands the
// other values over by name, so nothing has to be told from the order of words.
func (t *typing) focused(ctx context.Context) []chat.Completion {
	sc := &scanner{text: unwrap(t.request.Text)}
	row, given, err := t.table.find(sc, t.parse)
	if err != nil || strings.TrimSpace(sc.text[sc.at:]) != "" || row.Hidden || !mayUse(t.viewer, row.Needs, t.request.When) {
		return nil
	}
	p, ok := row.param(t.request.Focus)
	typed, why := clean("it", t.request.Values[p.Name], maxValue)
	if !ok || !t.mayGive(row, p) || why != "" || steering(typed) != "" {
		return nil
	}
	in := &input{table: t.table, c: row, ctx: t.parse, raw: map[string]string{}}
	for _, values := range []map[string]string{given, t.request.Values} {
		for name, text := range values {
			if text = strings.TrimSpace(text); text != "" && name != p.Name {
				in.raw[name] = text
			}
		}
	}
	t.word = strings.TrimSpace(typed)
	if p.Kind == chat.KindItems {
		t.word = joinedByCommas(t.word)
	}
	return atMost(t.fitting(t.values(ctx, in, p, t.word)))
}

// joinedByCommas takes the blanks beside the commas of a list away, as reading the list does.
func joinedByCommas(list string) string {
	parts := strings.Split(list, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, ",")
}
