package tree

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPicked(t *testing.T) {
	const bot = "9"
	own := "https://discord.com/channels/1/3/2"
	got := func(link string) Pick {
		return Pick{Text: "/release scope add", Prefill: map[string]string{"what": link}}
	}
	for name, c := range map[string]struct {
		command, message string
		want             Pick
	}{
		"a link":                   {AddToRelease, `"content":"see https://tracker.example.org/12, and https://x.org"`, got("https://tracker.example.org/12")},
		"at the end of a sentence": {AddToRelease, `"content":"(as in https://x.org/a_(b).)"`, got("https://x.org/a_(b)")},
		"behind a word":            {AddToRelease, `"content":"[the ticket](https://x.org/7)[more](https://y.org)"`, got("https://x.org/7")},
		"without a preview":        {AddToRelease, `"content":"<https://x.org/7?a=b&c>"`, got("https://x.org/7?a=b&c")},
		"of what it shows":         {AddToRelease, `"content":"","author":{"id":"8"},"embeds":[{"url":""},{"url":"https://forge.example.org/pr/3"}]`, got("https://forge.example.org/pr/3")},
		"no link":                  {AddToRelease, `"content":"the export is slow"`, got(own)},
		"half a link":              {AddToRelease, `"content":"https://..."`, got(own)},
		"the bot's own key":        {AddToRelease, `"content":"","author":{"id":"9"},"embeds":[{"url":"https://discord.com/channels/1/3#rr-abc"}]`, got(own)},
		"a briefing":               {Acknowledge, `"author":{"id":"9"},"components":[{"type":1,"components":[{"type":2,"custom_id":"brief show 17"},{"type":2,"custom_id":"brief ack 17 ~.1"}]}]`, Pick{Text: "brief ack 17 ~.1", Press: true}},
		"in a container":           {Acknowledge, `"author":{"id":"9"},"components":[{"type":17,"components":[{"type":1,"components":[{"type":2,"custom_id":"brief ack 17 ~.1"}]}]}]`, Pick{Text: "brief ack 17 ~.1", Press: true}},
		"another bot's":            {Acknowledge, `"author":{"id":"8"},"components":[{"type":1,"components":[{"type":2,"custom_id":"brief ack 17 ~.1"}]}]`, Pick{}},
		"another button":           {Acknowledge, `"author":{"id":"9"},"components":[{"type":1,"components":[{"type":2,"custom_id":"brief acknowledge 17 ~.1"},{"type":3,"custom_id":"brief ack 17 ~.1"}]}]`, Pick{}},
		"nothing to press":         {Acknowledge, `"author":{"id":"9"},"content":"brief ack 17"`, Pick{}},
	} {
		raw := fmt.Sprintf(`{"type":3,"name":%q,"target_id":"2","resolved":{"messages":{"2":{"id":"2","channel_id":"3",%s}}}}`, c.command, c.message)
		pick, err := Picked([]byte(raw), "1", bot)
		if diff := cmp.Diff(c.want, pick); diff != "" {
			t.Errorf("%s (-want +got): %v\n%s", name, err, diff)
		}
		if none := c.want.Text == ""; none != errors.Is(err, ErrNoBriefing) || !none && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, raw := range map[string]string{
		"no message":       `{"type":3,"name":"Acknowledge","target_id":"2","resolved":{"messages":{"3":{"id":"3"}}}}`,
		"nothing at all":   `null`,
		"a typed command":  `{"type":1,"name":"Acknowledge","target_id":"2","resolved":{"messages":{"2":{"id":"2"}}}}`,
		"another command":  `{"type":3,"name":"Ship it","target_id":"2","resolved":{"messages":{"2":{"id":"2"}}}}`,
		"not of this form": `{"type":3,"name":7}`,
	} {
		if pick, err := Picked([]byte(raw), "1", bot); err == nil || errors.Is(err, ErrNoBriefing) || pick.Text != "" {
			t.Errorf("%s: %+v %v", name, pick, err)
		}
	}
	if _, err := Picked([]byte(`{"type":3,"name":"Acknowledge","target_id":"2","resolved":{"messages":{"2":{"components":[{"type":2,"custom_id":"brief ack"}]}}}}`), "1", ""); !errors.Is(err, ErrNoBriefing) {
		t.Errorf("as long as nobody knows who the bot is, no button is its own: %v", err)
	}
}
