package discordfake_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestInteractionShape: a typed command has all that Discord sends.
func TestInteractionShape(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	register(t, f)
	var got j
	answering(t, f, func(i j) any { got = i; return says("well", 64) })
	r := f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "sign"}, map[string]any{
		"item": "docs", "vote": "Yes", "days": 3, "who": "@ben", "now": true,
	})
	if r.Err != nil || r.Answer != discordfake.AnswerMessage || !slices.Equal(r.Texts(), []string{"well"}) {
		t.Fatalf("%+v %q", r, r.Texts())
	}
	for _, name := range strings.Fields(`id application_id type token version channel_id channel guild_id guild guild_locale locale member
		app_permissions context authorizing_integration_owners entitlements attachment_size_limit data`) {
		if got[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	member, ch, data := got["member"].(j), got["channel"].(j), got["data"].(j)
	may := fmt.Sprint(uint64(f.Permissions(discordfake.General, ana)))
	if got["user"] != nil || member["user"].(j)["id"] != ana || member["permissions"] != may || ch["type"] != 0.0 || got["context"] != 0.0 ||
		got["authorizing_integration_owners"].(j)["0"] != discordfake.Server || got["application_id"] != f.AppID() {
		t.Errorf("%v", got)
	}
	raw, err := json.Marshal(data["options"])
	const want = `[{"name":"sign","options":[{"name":"item","type":3,"value":"docs"},{"name":"vote","type":3,"value":"yes"},` +
		`{"name":"days","type":4,"value":3},{"name":"who","type":6,"value":"BEN"},{"name":"now","type":5,"value":true}],"type":1}]`
	if got := strings.ReplaceAll(string(raw), ben, "BEN"); err != nil || got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	resolved := data["resolved"].(j)
	if resolved["users"].(j)[ben].(j)["username"] != "ben" || resolved["members"].(j)[ben].(j)["user"] != nil || data["guild_id"] != discordfake.Server {
		t.Errorf("%v", data)
	}
}

// TestInteractionInThread: a thread is named with the channel that it is of.
func TestInteractionInThread(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	thread := f.AddChannel(discordfake.Channel{Name: "t", Type: discordfake.PublicThread, Parent: discordfake.General})
	var got j
	answering(t, f, func(i j) any { got = i; return says("well", 0) })
	f.As(ana).Slash(t.Context(), thread, []string{"release", "status"}, nil)
	if ch := got["channel"].(j); ch["type"] != 11.0 || ch["parent_id"] != discordfake.General || ch["id"] != thread || ch["thread_metadata"] == nil {
		t.Errorf("%v", ch)
	}
	if all := f.Messages(thread); len(all) != 1 || all[0].Content != "well" {
		t.Errorf("%v", all)
	}
}

// TestInteractionInDM: in direct messages there is a user, and no server.
func TestInteractionInDM(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	var got j
	answering(t, f, func(i j) any { got = i; return says("well", 0) })
	post(t, f, f.DM(ana), "press", row(btn("Go", "go")))
	r := f.As(ana).Press(t.Context(), f.DM(ana), "Go")
	if r.Err != nil || got["member"] != nil || got["guild_id"] != nil || got["user"].(j)["id"] != ana || got["context"] != 1.0 ||
		got["authorizing_integration_owners"].(j)["0"] != "0" || got["channel"].(j)["type"] != 1.0 {
		t.Errorf("%+v %v", r, got)
	}
}

// waiting gives an interaction that nobody answered yet. The bot sees it, and the test answers.
func waiting(t *testing.T, f *discordfake.Fake, do func()) j {
	t.Helper()
	seen := make(chan j, 1)
	answering(t, f, func(i j) any { seen <- i; return nil })
	go do()
	select {
	case i := <-seen:
		return i
	case <-time.After(10 * time.Second):
		t.Fatal("no interaction came")
		return nil
	}
}

// TestCallbackTypes: each kind of interaction takes its own answers.
func TestCallbackTypes(t *testing.T) {
	message := j{"content": "x", "allowed_mentions": j{"parse": []string{}}}
	modal := j{"custom_id": "m", "title": "t", "components": []any{
		j{"type": 18, "label": "l", "component": j{"type": 4, "custom_id": "c", "style": 1}},
	}}
	data := map[int]any{4: message, 5: j{"flags": 64}, 6: nil, 7: message, 8: j{"choices": []any{}}, 9: modal, 10: nil, 1: nil}
	for kind, takes := range map[string][]int{
		"command": {4, 5, 9}, "press": {4, 5, 6, 7, 9}, "autocomplete": {8}, "form": {4, 5}, "form of a message": {4, 5, 6, 7},
	} {
		for answer := range data {
			t.Run(fmt.Sprint(kind, " ", answer), func(t *testing.T) {
				f, ana, _ := crew(t, discordfake.Options{})
				register(t, f)
				i := used(t, f, ana, kind, modal)
				status, out := callback(t, f, i, j{"type": answer, "data": data[answer]})
				switch want := slices.Contains(takes, answer); {
				case want && status != http.StatusNoContent:
					t.Errorf("%d %v", status, out)
				case !want && (status != 400 || out["code"] != 50035.0 || !at(out["errors"], "type")):
					t.Errorf("%d %v", status, out)
				}
			})
		}
	}
}

// used is an interaction of a kind that waits for an answer.
func used(t *testing.T, f *discordfake.Fake, ana, kind string, modal j) j {
	t.Helper()
	p := f.As(ana)
	slash := func() { p.Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil) }
	press := func() { p.Press(t.Context(), discordfake.General, "Go") }
	var open func()
	switch kind {
	case "command":
		return waiting(t, f, slash)
	case "autocomplete":
		return waiting(t, f, func() {
			p.Autocomplete(t.Context(), discordfake.General, []string{"release", "sign"}, map[string]any{"item": "d"}, "item")
		})
	case "press", "form of a message":
		post(t, f, discordfake.General, "x", row(btn("Go", "go")))
		if open = press; kind == "press" {
			return waiting(t, f, press)
		}
	default:
		open = slash
	}
	first := answering(t, f, func(i j) any {
		if i["type"] != 5.0 {
			return j{"type": 9, "data": modal}
		}
		return nil
	})
	open()
	_ = first.ws.Close()
	f.Gateway(0).Await(0)
	return waiting(t, f, func() { p.Submit(t.Context(), map[string]string{"c": "v"}) })
}

// TestCallbackOnce: the first answer is the only one, a wrong token has none, and it must come in time.
func TestCallbackOnce(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{Patience: 500 * time.Millisecond})
	register(t, f)
	done := make(chan discordfake.Result, 1)
	i := waiting(t, f, func() {
		done <- f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil)
	})
	forged := with(i, j{"token": "x"})
	if _, out := callback(t, f, forged, says("x", 0)); out["code"] != 10062.0 {
		t.Errorf("%v", out)
	}
	if _, out := callback(t, f, with(i, j{"id": ana}), says("x", 0)); out["code"] != 10062.0 {
		t.Errorf("%v", out)
	}
	if status, out := api(t, f, "PATCH", "/webhooks/"+f.AppID()+"/"+i["token"].(string)+"/messages/@original", j{"content": "x"}); status != 404 || out["code"] != 10015.0 {
		t.Errorf("edited before it was answered: %d %v", status, out)
	}
	r := <-done
	if r.Shown != discordfake.DidNotRespond || r.Err == nil {
		t.Errorf("%+v", r)
	}
	if _, out := callback(t, f, i, says("x", 0)); out["code"] != 10062.0 {
		t.Errorf("late: %v", out)
	}
	fails := f.Failures()
	if len(fails) == 0 || fails[len(fails)-1].User != ana || fails[len(fails)-1].Name != discordfake.DidNotRespond || fails[len(fails)-1].What != "/release status" {
		t.Errorf("%v", fails)
	}
}

// TestCallbackTwice: 40060.
func TestCallbackTwice(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	i := used(t, f, ana, "command", nil)
	if status, out := api(t, f, "POST", "/interactions/"+i["id"].(string)+"/"+i["token"].(string)+"/callback?with_response=true", says("x", 64)); status != 200 ||
		out["interaction"].(j)["response_message_ephemeral"] != true || out["resource"].(j)["message"].(j)["content"] != "x" {
		t.Errorf("%d %v", status, out)
	}
	if status, out := callback(t, f, i, says("x", 0)); status != 400 || out["code"] != 40060.0 {
		t.Errorf("%d %v", status, out)
	}
}

// TestCallbackBodies: what is wrong with an answer is said at its field.
func TestCallbackBodies(t *testing.T) {
	calm := j{"parse": []string{}}
	label := func(inner j) any { return j{"type": 18, "label": "l", "component": inner} }
	input := j{"type": 4, "custom_id": "c", "style": 1}
	list := j{"type": 3, "custom_id": "c", "options": []any{j{"label": "a", "value": "a"}}}
	modal := func(more j, fields ...any) j {
		return j{"type": 9, "data": with(j{"custom_id": "m", "title": "t", "components": fields}, more)}
	}
	field := func(of, more j) j { return modal(nil, label(with(of, more))) }
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct {
		answer j
		wrong  string // the field; empty: it is well
		code   float64
	}{
		"no type":            {j{}, "type", 0},
		"no data":            {j{"type": 4}, "data", 0},
		"empty":              {j{"type": 4, "data": j{"allowed_mentions": calm}}, "", 50006},
		"content of 2001":    {j{"type": 4, "data": j{"content": long(2001), "allowed_mentions": calm}}, "data.content", 0},
		"flags":              {j{"type": 4, "data": j{"content": "x", "flags": 1, "allowed_mentions": calm}}, "data.flags", 0},
		"deferred and quiet": {j{"type": 5, "data": j{"flags": 4096}}, "data.flags", 0},
		"deferred":           {j{"type": 5}, "", 0},
		"form":               {modal(nil, label(input)), "", 0},
		"form of rows":       {modal(nil, row(with(input, j{"label": "l"}))), "", 0},
		"form of nothing":    {modal(nil), "data.components", 0},
		"form of six":        {modal(nil, options(6, func(i int) any { return label(with(input, j{"custom_id": fmt.Sprint(i)})) })...), "data.components", 0},
		"form of buttons":    {modal(nil, row(btn("a", "b"))), "data.components.0.components.0.type", 0},
		"title of 45":        {modal(j{"title": long(45)}, label(input)), "", 0},
		"title of 46":        {modal(j{"title": long(46)}, label(input)), "data.title", 0},
		"id of 101":          {modal(j{"custom_id": long(101)}, label(input)), "data.custom_id", 0},
		"label of 46":        {modal(nil, with(label(input).(j), j{"label": long(46)})), "data.components.0.label", 0},
		"description of 101": {modal(nil, with(label(input).(j), j{"description": long(101)})), "data.components.0.description", 0},
		"ids twice":          {modal(nil, label(input), label(input)), "data.components.1.component.custom_id", 0},
		"no style":           {modal(nil, label(j{"type": 4, "custom_id": "c"})), "data.components.0.component.style", 0},
		"value of 4001":      {field(input, j{"value": long(4001)}), "data.components.0.component.value", 0},
		"least over most":    {field(input, j{"min_length": 9, "max_length": 3}), "data.components.0.component.min_length", 0},
		"list":               {field(list, nil), "", 0},
		"list of 26":         {field(list, j{"options": options(26, func(i int) any { return j{"label": "a", "value": fmt.Sprint(i)} })}), "data.components.0.component.options", 0},
		"list switched off":  {field(list, j{"disabled": true}), "data.components.0.component.disabled", 0},
		"list that needs 0":  {field(list, j{"min_values": 0}), "data.components.0.component.min_values", 0},
		"people":             {field(j{"type": 5, "custom_id": "c"}, j{"max_values": 5, "required": false, "min_values": 0}), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, ana, _ := crew(t, discordfake.Options{})
			register(t, f)
			i := used(t, f, ana, "command", nil)
			status, out := callback(t, f, i, c.answer)
			switch {
			case c.code != 0:
				if out["code"] != c.code {
					t.Errorf("%d %v", status, out)
				}
			case c.wrong == "" && status != http.StatusNoContent:
				t.Errorf("%d %v", status, out)
			case c.wrong != "" && !at(out["errors"], c.wrong):
				t.Errorf("%d %v; want an error at %s", status, out, c.wrong)
			}
		})
	}
}

// TestAutocompleteBodies: 25 choices, with a name and a value.
func TestAutocompleteBodies(t *testing.T) {
	one := func(i int) any { return j{"name": fmt.Sprint("n", i), "value": "v"} }
	for name, c := range map[string]struct {
		choices []any
		wrong   string
	}{
		"none":         {[]any{}, ""},
		"25":           {options(25, one), ""},
		"26":           {options(26, one), "data.choices"},
		"no name":      {[]any{j{"name": "", "value": "v"}}, "data.choices.0.name"},
		"value of 101": {[]any{j{"name": "n", "value": strings.Repeat("x", 101)}}, "data.choices.0.value"},
		"a number":     {[]any{j{"name": "n", "value": 1}}, "data.choices.0.value"},
	} {
		t.Run(name, func(t *testing.T) {
			f, ana, _ := crew(t, discordfake.Options{})
			register(t, f)
			i := used(t, f, ana, "autocomplete", nil)
			status, out := callback(t, f, i, j{"type": 8, "data": j{"choices": c.choices}})
			if c.wrong == "" && status != 204 || c.wrong != "" && !at(out["errors"], c.wrong) {
				t.Errorf("%d %v", status, out)
			}
		})
	}
}

// TestDeferred: what was deferred is edited later, and who sees it is settled by the deferral.
func TestDeferred(t *testing.T) {
	for _, flags := range []int{0, 64} {
		f, ana, _ := crew(t, discordfake.Options{})
		register(t, f)
		var token string
		answering(t, f, func(i j) any { token = i["token"].(string); return j{"type": 5, "data": j{"flags": flags}} })
		r := f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil)
		if r.Err != nil || r.Answer != 5 || len(r.Texts()) != 0 || len(r.Messages())+len(r.Whispers()) != 1 {
			t.Fatalf("%+v %v", r, r.Texts())
		}
		at := "/webhooks/" + f.AppID() + "/" + token
		calm := j{"parse": []string{}}
		status, out := api(t, f, "PATCH", at+"/messages/@original", j{"content": "done", "flags": 64 - flags, "allowed_mentions": calm})
		if status != 200 || out["flags"] != float64(flags) {
			t.Errorf("%d %v", status, out)
		}
		if len(r.Whispers()) != flags/64 || !slices.Equal(r.Texts(), []string{"done"}) {
			t.Errorf("%v", r.Texts())
		}
		status, more := api(t, f, "POST", at, j{"content": "more", "flags": 64, "allowed_mentions": calm})
		if status != 200 || more["flags"] != 64.0 || len(f.Ephemerals(discordfake.General, ana)) != 1+flags/64 {
			t.Errorf("%d %v", status, more)
		}
		got, _ := api(t, f, "GET", at+"/messages/"+more["id"].(string), nil)
		edited, _ := api(t, f, "PATCH", at+"/messages/"+more["id"].(string), j{"content": "other", "allowed_mentions": calm})
		gone, _ := api(t, f, "DELETE", at+"/messages/@original", nil)
		_, out = api(t, f, "GET", at+"/messages/@original", nil)
		if got != 200 || edited != 200 || gone != 204 || out["code"] != 10008.0 || !slices.Equal(r.Texts(), []string{"other"}) {
			t.Errorf("%d %d %d %v %q", got, edited, gone, out, r.Texts())
		}
		if all := f.Failures(); len(all) != 0 {
			t.Errorf("%v", all)
		}
	}
}

// TestFollowUpFillsDeferred: a follow-up right after a deferral is taken as the edit, and noted.
func TestFollowUpFillsDeferred(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	i := used(t, f, ana, "command", nil)
	callback(t, f, i, j{"type": 5, "data": j{"flags": 64}})
	status, out := api(t, f, "POST", "/webhooks/"+f.AppID()+"/"+i["token"].(string), j{"content": "x", "allowed_mentions": j{"parse": []string{}}})
	if all := f.Ephemerals(discordfake.General, ana); status != 200 || out["flags"] != 64.0 || len(all) != 1 || all[0].Content != "x" || len(f.Failures()) != 1 {
		t.Errorf("%d %v %v %v", status, out, all, f.Failures())
	}
}

// TestTokenLife: a token is good for a quarter of an hour.
func TestTokenLife(t *testing.T) {
	var past atomic.Int64
	f, ana, _ := crew(t, discordfake.Options{Now: func() time.Time { return time.Unix(1767603600+past.Load(), 0) }})
	register(t, f)
	i := used(t, f, ana, "command", nil)
	callback(t, f, i, says("x", 0))
	at := "/webhooks/" + f.AppID() + "/" + i["token"].(string) + "/messages/@original"
	past.Store(15 * 60)
	if status, _ := api(t, f, "GET", at, nil); status != 200 {
		t.Errorf("at last %d", status)
	}
	past.Store(15*60 + 1)
	if status, out := api(t, f, "GET", at, nil); status != 401 || out["code"] != 50027.0 {
		t.Errorf("after %d %v", status, out)
	}
}

// TestNoAllowedMentions: an answer without allowed_mentions is taken, and noted.
func TestNoAllowedMentions(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	i := used(t, f, ana, "command", nil)
	if status, _ := callback(t, f, i, j{"type": 4, "data": j{"content": "x"}}); status != 204 || len(f.Failures()) != 1 {
		t.Errorf("%d %v", status, f.Failures())
	}
}

// TestGlobalRate: answers do not count against the global limit.
func TestGlobalRate(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{Rates: discordfake.Rates{Scale: 100, Global: 1}})
	register(t, f)
	i := used(t, f, ana, "command", nil)
	callback(t, f, i, says("x", 0))
	for range 150 {
		if status, out := api(t, f, "GET", "/webhooks/"+f.AppID()+"/"+i["token"].(string)+"/messages/@original", nil); status != 200 {
			t.Fatalf("%d %v", status, out)
		}
	}
}

// TestAnswerWithFile: a file comes as a part of a form, also where one alone sees it.
func TestAnswerWithFile(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	i := used(t, f, ana, "command", nil)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	const body = `{"type":4,"data":{"content":"x","flags":64,"allowed_mentions":{"parse":[]},"attachments":[{"id":0,"filename":"a.txt"}]}}`
	if err := w.WriteField("payload_json", body); err != nil {
		t.Fatal(err)
	}
	file, err := w.CreateFormFile("files[0]", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(file, "hello")
	_ = w.Close()
	r, err := http.NewRequestWithContext(t.Context(), "POST", f.URL()+"/interactions/"+i["id"].(string)+"/"+i["token"].(string)+"/callback", &form)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	all := f.Ephemerals(discordfake.General, ana)
	if len(all) != 1 || len(all[0].Files) != 1 || string(all[0].Files[0].Data) != "hello" || f.Text(all[0].Message) != "x\n<a.txt>" {
		t.Errorf("%v", all)
	}
}
